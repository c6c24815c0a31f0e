"""Requests and messages to advisers: what was asked for, its state and history, the papers that go with it."""

from typing import Literal, NotRequired, TypedDict, final

from agent.protocol.problems import Problem
from agent.protocol.procedures import KeptAnswers, Mistake, Note, SummaryLine, Text

Status = Literal[
    "draft", "queued", "ready", "sent", "handed_over", "needs_papers", "accepted", "refused", "cancelled",
]
"""Where a request is. ``queued`` waits to be sent from here, ``ready`` to be brought by the person, who made it
``handed_over``."""
Outcome = Literal["receipt", "complete", "accepted", "refused"]
"""What a message says of a request: it arrived, papers are missing, it is accepted, it is refused."""


class KeptPaper(TypedDict):
    """A file that goes with a request."""

    name: str
    """The paper it is for."""
    filename: str
    media_type: str
    size: int
    """Bytes."""
    sha256: str


class StoredPaper(KeptPaper):
    """The same, as the vault keeps it."""

    blob: str
    """Name of its bytes."""


class Crop(TypedDict):
    """A portrait as it is kept."""

    width: int
    height: int
    """Dots."""
    cut: int
    """Per cent of the picture that fell away."""


class FileFacts(TypedDict):
    """What a person should know of a file."""

    pages: int
    width: int
    height: int
    """Dots; 0 for a PDF."""
    photo: Crop | None
    notes: list[Text]


class LoosePaper(KeptPaper):
    """A file received ahead of its request."""

    id: str
    at: str
    """Moment, ISO."""


class TakenPaper(LoosePaper, FileFacts):
    """The same, and what a person should know of it."""


class LookedAt(FileFacts):
    """A file that was checked and not kept."""

    media_type: str
    size: int
    """Bytes."""
    crop: str | None
    """The portrait's crop, base64, when asked for."""


class HistoryLine(TypedDict):
    """Something that happened to a request."""

    at: str
    """Moment, ISO."""
    status: Status
    """The request's from then on."""
    text_fr: str
    text_en: str


class Need(TypedDict):
    """A paper that the fund asks for."""

    paper: str
    label_fr: str
    label_en: str
    until: str | None
    """Day, ISO."""


class StageReached(TypedDict):
    """A stage that a request reached."""

    name: str
    label_fr: str
    label_en: str
    on: str | None
    """Day, ISO."""


class Reason(TypedDict):
    """Why the service did not take it: about one answer or paper, or all of it (empty ``field``)."""

    field: str
    message: str


class Decision(TypedDict):
    """The service's decision: accepted or refused."""

    accepted: bool
    reason: str | None
    on: str | None
    """Day, ISO."""
    reasons: NotRequired[list[Reason]]
    """Those of a request that was not even taken."""


class Maybe(TypedDict):
    """A message that may be about the request: the person decides."""

    message: str
    """Id."""
    subject: str
    received_on: str
    """Day, ISO."""
    outcome: Outcome


class RequestRecord(TypedDict):
    """A request, or a message to an adviser, as the lists have it."""

    id: str
    procedure: str
    """Its name; ``message`` for a message."""
    status: Status
    reference: str | None
    """The service's."""
    key: str
    """The name under which it is sent, whatever is cut off."""
    declared_on: str | None
    """Day on which it was queued, ISO."""
    answers: KeptAnswers
    """By question, as kept; of a message ``subject``, ``theme``, ``body``."""
    papers: list[KeptPaper]
    history: list[HistoryLine]
    needs: list[Need]
    stage: str | None
    stages: list[StageReached]
    decision: Decision | None
    created_at: str
    sent_at: str | None
    """Moments, ISO."""
    adding: list[KeptPaper]
    """Files that leave after it."""
    withdrawing: bool
    """It is to be taken back at the service."""
    by_hand: bool
    """The person brought it."""
    maybe: list[Maybe]
    moved_by: list[str]
    """Ids of the messages that were about it."""


class Written(RequestRecord):
    """A message to an adviser."""

    answered: str | None
    """Id of the message that answers it."""


class RunningClock(TypedDict):
    """A delay that runs."""

    name: str
    label_fr: str
    label_en: str
    on: str
    """Its end: day, ISO."""
    kind: Literal["duty", "right", "estimate"]
    source: str


class Declared(TypedDict):
    """What the declaration of its procedure makes of a request."""

    title_fr: str
    title_en: str
    page: str | None
    summary: list[SummaryLine]
    deadlines: list[RunningClock]
    notes: list[Note]
    next_steps: list[Text]
    fallbacks: list[Text]


class RequestDetail(RequestRecord, Declared):
    """One request with what was declared, in words."""


class RequestShown(RequestRecord):
    """One request or one message: a message has nothing of ``Declared``."""

    title_fr: NotRequired[str]
    title_en: NotRequired[str]
    page: NotRequired[str | None]
    summary: NotRequired[list[SummaryLine]]
    deadlines: NotRequired[list[RunningClock]]
    notes: NotRequired[list[Note]]
    next_steps: NotRequired[list[Text]]
    fallbacks: NotRequired[list[Text]]


class RequestState(TypedDict):
    """Where a request stands after something was done with it."""

    request: str
    """Id."""
    status: Status
    reference: str | None
    page: str | None
    """``_pageLabel`` of the service's own page."""
    waiting: bool
    """Something of it is still to be sent."""
    decision: Decision | None


@final
class Done(RequestState):
    """The same, and what there is to say of it; which of these, depends on what was done."""

    problem: NotRequired[Problem | None]
    """Why it could not be sent now."""
    ignored: NotRequired[list[str]]
    """Names of the questions answered though they are not asked in this case."""
    notes: NotRequired[list[Note]]
    to_correct: NotRequired[list[Mistake]]
    """What is still wrong with a draft."""
    papers: NotRequired[list[KeptPaper]]
    """Those left on a draft."""


@final
class Refused(TypedDict):
    """Nothing was kept: this is wrong."""

    errors: list[Mistake]
    notes: list[Note]
    """What complete answers come to all the same, when papers alone are missing."""


class HandedOver(RequestState):
    """A request that the person brought."""

    sent_at: str | None
    """Moment, ISO."""


class Where(TypedDict):
    """Where to take a request."""

    kind: Literal["page", "site", "post"]
    url: str | None
    """None by post."""
    name_fr: str
    name_en: str


class Copied(TypedDict):
    """One answer as the service's form wants it typed."""

    field: str
    label_fr: str
    label_en: str
    secret: bool
    value: str
    """Masked when it is a secret."""


class HandOver(RequestState):
    """Where to take a request, and what to copy there."""

    by_hand: bool
    sent_at: str | None
    """Moment, ISO."""
    place: Where
    steps: list[Text]
    copies: list[Copied]
    papers: list[str]
    """Names of files."""


class CopiedAnswer(TypedDict):
    """One answer in full."""

    field: str
    value: str


class MessageBody(TypedDict):
    """A message to an adviser, to be sent."""

    subject: str
    body: str
    papers: list[str]
    """Ids of files taken before."""
    theme: NotRequired[str | None]
