"""What a salvaged vault lacks, until it is fetched again.

Rows older than what is missing may be outdated or may have been removed since (see `agent.vault.salvage`). So nothing
that the sync noted about itself is believed any more: the next run reads everything again, and goes on doing so until
one run has read it all. What only the person knows cannot be fetched; the problem says so.
"""

from collections.abc import Callable
from typing import Any

from agent.protocol.problems import Problem
from agent.store.account_state import AccountBook
from agent.store.interfaces import Keeper, Table

_RECORD = "loss"
_KEPT_NOTES = ("last",)
"""Of the sync's notes, what tells of the past and not of what is here."""


class LossBook:
    """The one note of a loss."""

    def __init__(self, vault: Keeper, account: AccountBook, documents: Table, step: Callable[[], Any]) -> None:
        self._vault, self._account, self._documents, self._step = vault, account, documents, step

    @property
    def problem(self) -> Problem | None:
        """What is to be told; None once everything was read again."""
        record = self._account.read(_RECORD)
        return record["problem"] if record else None

    def note(self, problem: Problem) -> None:
        """Something is missing: forget what the sync noted, and which files are kept that are not here."""
        with self._step():
            self._account.write(_RECORD, {"problem": problem})
            notes = self._account.read("sync") or {}
            kept = {name: value for name, value in notes.items() if name in _KEPT_NOTES}
            unread = (notes.get("inbox") or {}).get("unread")
            if unread:  # messages opened at the service and perhaps not kept: they were not read by the person
                kept["inbox"] = {"unread": unread}
            self._account.write("sync", kept or None)
            for key, record in list(self._documents.items()):
                if record["blob"] is not None and not self._vault.has_blob(record["blob"]):
                    self._documents.put(key, {**record, "blob": None, "fetched": False})

    def over(self) -> None:
        """Everything that the service lists was read again."""
        self._account.write(_RECORD, None)
