"""The log of files taken in: which ones, by the digest of their bytes, and what came of each."""

from hashlib import blake2b

from agent.protocol.files import TakenEarlier
from agent.store.interfaces import Keeper, Step, Table

KEPT = 5_000


def digest(data: bytes) -> str:
    """What a file is known by, whatever its name."""
    return blake2b(data, digest_size=16).hexdigest()


class ImportLog:
    """At most ``KEPT`` files; the oldest leave."""

    def __init__(self, vault: Keeper, step: Step) -> None:
        self._step = step
        self.table: Table[TakenEarlier] = vault.db.table("imports")

    def add(self, key: str, record: TakenEarlier) -> None:
        """Keep what came of a file; ``record["at"]`` is an ISO moment in UTC."""
        with self._step():
            self.table.put(key, record)
            if len(self.table) > KEPT:
                oldest = sorted(self.table.items(), key=lambda item: item[1]["at"])
                for gone, _ in oldest[: len(oldest) - KEPT]:
                    self.table.drop(gone)

    def find(self, key: str) -> TakenEarlier | None:
        """What came of a file, or None."""
        return self.table.fetch(key)

    def newest(self, limit: int) -> list[TakenEarlier]:
        """The newest first."""
        records = (record for _, record in self.table.items())
        return sorted(records, key=lambda record: record["at"], reverse=True)[:limit]
