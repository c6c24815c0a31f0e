"""What a reader of the account may ask about what is kept already: never the data, only whether it is there."""

from collections.abc import Mapping
from typing import Protocol

from agent.account.sync_notes import SyncNotes


class Known(Protocol):
    """What is kept. Asked from threads too."""

    @property
    def incomplete(self) -> bool:
        """Something was lost: nothing that is kept vouches for being all."""

    def notes(self) -> SyncNotes:
        """What the sync noted of itself."""

    def payments(self, since: str, until: str) -> Mapping[str, bool]:
        """Ids of the payments of these ISO days, each with whether the service's detail of it is kept."""

    def documents(self, kind: str) -> set[str]:
        """Ids of the documents of a kind whose bytes are kept."""

    def messages(self) -> tuple[set[str], set[str]]:
        """Ids of the messages kept whole, and their other names (see ``MessageRead.ref``)."""
