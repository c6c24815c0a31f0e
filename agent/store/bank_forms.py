"""What the person said of the columns of bank files, by the form of the file: asked once for each bank."""

from typing import TypedDict

from agent.store.interfaces import Keeper, Step, Table


class FormRecord(TypedDict):
    """Columns that were said, as `SaidColumns.text`, and when (an ISO moment)."""

    columns: str
    at: str


class BankForms:
    """Answers under the digest of a form; nothing of a file is in them."""

    def __init__(self, vault: Keeper, step: Step) -> None:
        self._step = step
        self.table: Table[FormRecord] = vault.db.table("bank_forms")

    def keep(self, form: str, columns: str, at: str) -> None:
        """Keep an answer; a newer one replaces it."""
        self.table.put(form, {"columns": columns, "at": at})

    def known(self) -> dict[str, str]:
        """The columns said of each form."""
        return {form: record["columns"] for form, record in self.table.items()}

    def forget(self) -> None:
        """Ask again about every bank."""
        with self._step():
            for form in list(self.known()):
                self.table.drop(form)
