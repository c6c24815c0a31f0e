"""What a sync run reports."""

from collections.abc import Callable

import msgspec

from agent.protocol.account import Outcome as Outcome
from agent.protocol.account import SyncFound
from agent.protocol.problems import Problem

Progress = Callable[[str, int, int], None]
"""Called with (step, done, total) as a run advances."""


def no_progress(step: str, done: int, total: int) -> None:
    """Tell nobody."""


class SyncResult(msgspec.Struct, kw_only=True):
    """The contract's result of ``ameli sync``."""

    requests: int = 0
    """HTTP requests made by the run."""
    new: dict[str, int] = msgspec.field(default_factory=lambda: {"payments": 0, "documents": 0, "messages": 0})
    announced: dict[str, int] = msgspec.field(default_factory=lambda: {"documents": 0, "messages": 0})
    """How many of the new ones the person was told of before, while the vault was locked."""
    changed: int = 0
    """Payments known in full that now read differently."""
    problems: list[Problem] = []
    seconds: float = 0.0
    steps: dict[str, Outcome] = {}
    """What became of each step (``payments``, ``statements``, ``inbox``, ``profile``); one that was not come to is
    absent."""
    first: bool = False
    """The run was the first one of this vault (or continued it): its finds are not news."""

    def untold(self) -> dict[str, int]:
        """The new things that the person was not told of yet."""
        return {kind: max(0, number - self.announced.get(kind, 0)) for kind, number in self.new.items()}

    def json(self) -> SyncFound:
        """The contract's shape."""
        return {
            "requests": self.requests,
            "new": dict(self.new),
            "changed": self.changed,
            "problems": list(self.problems),
            "seconds": round(self.seconds, 3),
            "steps": dict(self.steps),
        }
