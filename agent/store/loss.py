"""What a salvaged vault lacks, until it is fetched again.

Rows older than what is missing may be outdated or may have been removed since (see `agent.vault.salvage`). So nothing
that the sync noted about itself is believed any more: the next run reads everything again, and goes on doing so until
one run has read it all. What only the person knows cannot be fetched; the problem says so.
"""

from agent.account.sync_notes import SyncNotes
from agent.protocol.problems import Problem
from agent.store.account_state import AccountBook
from agent.store.document_record import DocumentRecord, blobs_of, without_bytes
from agent.store.interfaces import Keeper, Step, Table


class LossBook:
    """The one note of a loss."""

    def __init__(self, vault: Keeper, account: AccountBook, documents: Table[DocumentRecord], step: Step) -> None:
        self._vault, self._account, self._documents, self._step = vault, account, documents, step

    @property
    def problem(self) -> Problem | None:
        """What is to be told; None once everything was read again."""
        record = self._account.loss.read()
        return record["problem"] if record else None

    def note(self, problem: Problem) -> None:
        """Something is missing: forget what the sync noted, and which files are kept that are not here."""
        with self._step():
            self._account.loss.write({"problem": problem})
            notes = self._account.sync.read() or {}
            kept: SyncNotes = {}
            if "last" in notes:  # the one note that tells of the past and not of what is here
                kept["last"] = notes["last"]
            unread = (notes.get("inbox") or {}).get("unread")
            if unread:  # messages opened at the service and perhaps not kept: they were not read by the person
                kept["inbox"] = {"unread": unread}
            self._account.sync.write(kept or None)
            for key, record in list(self._documents.items()):
                if any(not self._vault.has_blob(blob) for blob in blobs_of(record)):
                    self._documents.put(key, without_bytes(record, lambda blob: not self._vault.has_blob(blob)))

    def over(self) -> None:
        """Everything that the service lists was read again."""
        self._account.loss.write(None)
