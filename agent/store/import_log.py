"""The log of files taken in: which ones, by the digest of their bytes, and what came of each."""

from hashlib import blake2b

from agent.protocol.files import TakenEarlier
from agent.store.errors import NotFound
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
        """What came of a file, or None; also of one that was taken back since."""
        return self.table.fetch(key)

    def newest(self, limit: int) -> list[TakenEarlier]:
        """The newest first, each with its id; what lay in an archive is part of that."""
        records: list[TakenEarlier] = [
            {**record, "id": key} for key, record in self.table.items() if not record.get("part_of")]
        records.reverse()  # of one moment, the one that came last is the newest
        return sorted(records, key=lambda record: record["at"], reverse=True)[:limit]

    def parts(self, key: str) -> list[str]:
        """Ids of the files of an archive that was taken in."""
        return [name for name, record in self.table.items() if record.get("part_of") == key]

    def undone(self, key: str, at: str) -> TakenEarlier:
        """Note that a file was taken back at an ISO moment. Raises NotFound."""
        record = self.table.fetch(key)
        if record is None:
            raise NotFound(id=key)
        self.table.put(key, {**record, "undone": at})
        return record
