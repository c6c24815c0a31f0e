"""What the desk answers, on the wire and on its control side: one shape a kind of body."""

from typing import Literal, TypedDict

from config.json_value import JsonObject

Status = Literal["received", "needs_papers", "accepted", "refused"]


class Mistake(TypedDict):
    """One thing that is wrong with a request: where, its code, and a sentence in French."""

    field: str
    code: str
    message: str


class Mistakes(TypedDict):
    """The body of an answer that refuses."""

    errors: list[Mistake]


class Receipt(TypedDict):
    """What a request is answered when it arrives."""

    reference: str
    status: str
    stage: str


class MessageReceipt(TypedDict):
    """What a message to an adviser is answered when it arrives."""

    reference: str


class ShownStage(TypedDict):
    """A stage reached, as the wire writes it."""

    name: str
    label: str
    on: str


class ShownNeed(TypedDict):
    """A missing paper, as the wire writes it."""

    paper: str
    label: str
    until: str


class ShownDecision(TypedDict):
    """The end of a request, as the wire writes it."""

    accepted: bool
    reason: str
    on: str


class ShownRequest(TypedDict):
    """As ``GET …/requests/{key}`` answers a request."""

    key: str
    reference: str
    procedure: str
    status: Status
    stage: str
    stages: list[ShownStage]
    needs: list[ShownNeed]
    decision: ShownDecision | None


class NamedPaper(TypedDict):
    """A paper as a request names it."""

    name: str
    sha256: str
    filename: str
    media_type: str


class ReceivedRequest(ShownRequest):
    """A request as the control side lists it."""

    answers: JsonObject
    papers: list[NamedPaper]


class ReceivedMessage(TypedDict):
    """A message to an adviser as the control side lists it."""

    key: str
    reference: str
    subject: str
    theme: str
    body: str
    on: str
    answered: bool


class Received(TypedDict):
    """Everything that came."""

    requests: list[ReceivedRequest]
    messages: list[ReceivedMessage]
    cancelled: dict[str, str]
    arrivals: dict[str, dict[str, int]]
