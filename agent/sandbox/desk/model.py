"""What the desk keeps of each request, message and paper, and how it is written down."""

from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Literal

Status = Literal["received", "needs_papers", "accepted", "refused"]


@dataclass(slots=True)
class Passed:
    """A stage reached, and the day."""

    name: str
    label: str
    on: date


@dataclass(slots=True)
class Need:
    """A paper that is missing, and the last day for sending it."""

    paper: str
    label: str
    until: date


@dataclass(slots=True)
class Decision:
    """The end of a request."""

    accepted: bool
    reason: str
    on: date


@dataclass(slots=True)
class Joined:
    """A paper joined to a request: its name in the procedure, and the bytes it points to."""

    name: str
    sha256: str
    filename: str
    media_type: str


@dataclass(slots=True)
class Filed:
    """A request as the service has it."""

    key: str
    reference: str
    procedure: str
    declared_on: str
    answers: dict[str, Any]
    papers: list[Joined]
    body: dict[str, Any]
    """As it first came: a second one under the same key must be the same."""
    answer: dict[str, Any]
    """What was answered then, and is answered again."""
    counted_from: date
    """The day from which the stages still to come are counted."""
    status: Status = "received"
    stages: list[Passed] = field(default_factory=list)
    needs: list[Need] = field(default_factory=list)
    decision: Decision | None = None
    effective: bool = False
    """What it asked for has been done to the account."""
    asked: list[str] = field(default_factory=list)
    """Papers asked for once: they are not asked for again."""

    @property
    def stage(self) -> str:
        """The stage it is at."""
        return self.stages[-1].name

    def shown(self) -> dict[str, Any]:
        """As ``GET …/requests/{key}`` answers it."""
        return {
            "key": self.key, "reference": self.reference, "procedure": self.procedure, "status": self.status,
            "stage": self.stage,
            "stages": [{"name": one.name, "label": one.label, "on": one.on.isoformat()} for one in self.stages],
            "needs": [{"paper": one.paper, "label": one.label, "until": one.until.isoformat()} for one in self.needs],
            "decision": None if self.decision is None else {
                "accepted": self.decision.accepted, "reason": self.decision.reason,
                "on": self.decision.on.isoformat(),
            },
        }

    def record(self) -> dict[str, Any]:
        """As it is kept in a file; ``restored`` reads it back."""
        return asdict(self) | {"counted_from": self.counted_from.isoformat(), **{
            name: self.shown()[name] for name in ("stages", "needs", "decision")
        }}

    @classmethod
    def restored(cls, kept: dict[str, Any]) -> "Filed":
        """A request as ``record`` wrote it."""
        decision = kept["decision"]
        return cls(**{
            **kept,
            "papers": [Joined(**one) for one in kept["papers"]],
            "counted_from": date.fromisoformat(kept["counted_from"]),
            "stages": [Passed(one["name"], one["label"], date.fromisoformat(one["on"])) for one in kept["stages"]],
            "needs": [Need(one["paper"], one["label"], date.fromisoformat(one["until"])) for one in kept["needs"]],
            "decision": None if decision is None else Decision(
                decision["accepted"], decision["reason"], date.fromisoformat(decision["on"])),
        })


@dataclass(slots=True)
class Question:
    """A message to an adviser."""

    key: str
    reference: str
    subject: str
    theme: str
    body: dict[str, Any]
    answer: dict[str, Any]
    on: date
    answered: bool = False

    def record(self) -> dict[str, Any]:
        """As it is kept in a file; ``restored`` reads it back."""
        return asdict(self) | {"on": self.on.isoformat()}

    @classmethod
    def restored(cls, kept: dict[str, Any]) -> "Question":
        """A message as ``record`` wrote it."""
        return cls(**{**kept, "on": date.fromisoformat(kept["on"])})


@dataclass(slots=True)
class Letter:
    """What the service wrote to the person about a request or a message."""

    id: str
    on: date
    sender: str
    subject: str
    body: str

    def record(self) -> dict[str, Any]:
        """As it is kept in a file; ``restored`` reads it back."""
        return asdict(self) | {"on": self.on.isoformat()}

    @classmethod
    def restored(cls, kept: dict[str, Any]) -> "Letter":
        """A letter as ``record`` wrote it."""
        return cls(**{**kept, "on": date.fromisoformat(kept["on"])})


@dataclass(slots=True)
class Paper:
    """Bytes deposited, by what they are."""

    sha256: str
    media_type: str
    content: bytes
