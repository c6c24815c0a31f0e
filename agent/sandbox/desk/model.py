"""What the desk keeps of each request, message and paper; msgspec writes it down and reads it back."""

from datetime import date

import msgspec

from agent.sandbox.desk.bodies import MessageReceipt, Receipt, ShownRequest, Status
from config.json_value import JsonObject


class Passed(msgspec.Struct):
    """A stage reached, and the day."""

    name: str
    label: str
    on: date


class Need(msgspec.Struct):
    """A paper that is missing, and the last day for sending it."""

    paper: str
    label: str
    until: date


class Decision(msgspec.Struct):
    """The end of a request."""

    accepted: bool
    reason: str
    on: date


class Joined(msgspec.Struct):
    """A paper joined to a request: its name in the procedure, and the bytes it points to."""

    name: str
    sha256: str
    filename: str
    media_type: str


class Submission(msgspec.Struct, frozen=True):
    """A request that passed the checks."""

    procedure: str
    declared_on: date
    answers: JsonObject
    papers: list[Joined]
    body: JsonObject
    """As it came."""


class Filed(msgspec.Struct):
    """A request as the service has it."""

    key: str
    reference: str
    procedure: str
    declared_on: date
    answers: JsonObject
    papers: list[Joined]
    body: JsonObject
    """As it first came: a second one under the same key must be the same."""
    answer: Receipt
    """What was answered then, and is answered again."""
    counted_from: date
    """The day from which the stages still to come are counted."""
    status: Status = "received"
    stages: list[Passed] = []
    needs: list[Need] = []
    decision: Decision | None = None
    effective: bool = False
    """What it asked for has been done to the account."""
    asked: list[str] = []
    """Papers asked for once: they are not asked for again."""

    @property
    def stage(self) -> str:
        """The stage it is at."""
        return self.stages[-1].name

    def shown(self) -> ShownRequest:
        """As its owner sees it."""
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


class Question(msgspec.Struct):
    """A message to an adviser."""

    key: str
    reference: str
    subject: str
    theme: str
    body: JsonObject
    answer: MessageReceipt
    on: date
    answered: bool = False


class Letter(msgspec.Struct):
    """What the service wrote to the person about a request or a message."""

    id: str
    on: date
    sender: str
    subject: str
    body: str


class Paper(msgspec.Struct):
    """Bytes deposited, by what they are."""

    sha256: str
    media_type: str
    content: bytes


class DeskState(msgspec.Struct, kw_only=True):
    """Everything the desk keeps of one account, papers aside."""

    nir: str
    count: int = 0
    """References given."""
    arrivals: dict[str, dict[str, int]] = {}
    """How often each address was written to, by ``METHOD status``."""
    cancelled: dict[str, str] = {}
    """References of the requests taken back, by key: they never come again."""
    requests: list[Filed] = []
    questions: list[Question] = []
    letters: list[Letter] = []
