"""The log of sync runs: what each one found, at most a fixed number of them."""

from agent.protocol.account import SyncRun
from agent.store.interfaces import Keeper, Step, Table

KEPT = 200


class RunLog:
    """Newest last in the table; the oldest leave when there are more than ``KEPT``."""

    def __init__(self, vault: Keeper, step: Step) -> None:
        self._step = step
        self.table: Table[SyncRun] = vault.db.table("runs")

    def add(self, run: SyncRun) -> None:
        """Keep a run; ``run["started"]`` (ISO moment in UTC) is its key."""
        with self._step():
            self.table.put(run["started"], run)
            if len(self.table) > KEPT:
                keys = sorted(key for key, _ in self.table.items())
                for key in keys[: len(keys) - KEPT]:
                    self.table.drop(key)

    def newest(self, limit: int = 50) -> list[SyncRun]:
        """The newest runs first."""
        runs = sorted((run for _, run in self.table.items()), key=lambda run: run["started"], reverse=True)
        return runs[:limit]
