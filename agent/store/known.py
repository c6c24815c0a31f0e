"""What an open vault answers to readers of the account: which items it keeps already."""

from collections.abc import Mapping

from agent.account.statement_ids import statement_month
from agent.account.sync_notes import SyncNotes
from agent.store.store import Store


class StoreKnown:
    """The ``agent.account.known.Known`` of a store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @property
    def incomplete(self) -> bool:
        """A loss was noted and not everything was read again since."""
        return self._store.loss.problem is not None

    def notes(self) -> SyncNotes:
        """What the sync noted of itself."""
        return self._store.sync_state()

    def payments(self, since: str, until: str) -> Mapping[str, bool]:
        """Ids of the payments of these ISO days, each with whether the service's detail of it is kept."""
        return self._store.payments.between(since, until)

    def statements(self, since: str = "") -> set[str]:
        """Ids of the monthly statements whose bytes are kept, of the months from ``since`` (``YYYYMM``) on."""
        return {key for key in self._store.documents.fetched("releve_mensuel") if statement_month(key) >= since}

    def messages(self) -> tuple[set[str], set[str]]:
        """Ids of the messages kept whole, and their other names."""
        return self._store.messages.known()
