"""What a reader of the account may ask about what is kept already: never the data, only whether it is there."""

from collections.abc import Container
from typing import Protocol

from agent.account.sync_notes import SyncNotes


class KnownIds(Protocol):
    """Ids that can be asked for and counted, not listed: who answers may hold no more than marks of them."""

    def __contains__(self, key: object, /) -> bool: ...
    def __len__(self) -> int: ...


class KnownPayments(KnownIds, Protocol):
    """Ids of payments, each with whether the service's detail of it is kept."""

    def __getitem__(self, key: str, /) -> bool: ...
    def get(self, key: str, /) -> bool | None:
        """The same; None when the payment is not known."""


class Known(Protocol):
    """What is kept. Asked from threads too."""

    @property
    def incomplete(self) -> bool:
        """Something was lost: nothing that is kept vouches for being all."""

    def notes(self) -> SyncNotes:
        """What the sync noted of itself."""

    def payments(self, since: str, until: str) -> KnownPayments:
        """The payments of these ISO days."""

    def statements(self, since: str = "") -> KnownIds:
        """The monthly statements whose bytes are kept, of the months from ``since`` (``YYYYMM``) on."""

    def messages(self) -> tuple[Container[str], Container[str]]:
        """Ids of the messages kept whole, and their other names (see ``MessageRead.ref``)."""
