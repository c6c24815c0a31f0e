"""What the agent tells whoever listens, kind by kind. Events carry kinds, ids and counts, never content.

Each kind is one object here, which knows its name and what stands in its data: publishers and hearers name the object.
"""

from typing import Generic, Literal, NamedTuple, NotRequired, TypedDict, TypeVar, cast


class VaultAndAccount(TypedDict):
    """How the vault is; ``account``: whether one is connected now, where that is what changed."""

    state: Literal["unlocked", "locked"]
    account: NotRequired[bool]


class Why(TypedDict):
    """Why the vault was locked: ``asked``, ``stop``, or the time that passed."""

    reason: str


class Later(TypedDict):
    """Names of settings that count from the next unlocking on only."""

    later: list[str]


class SyncBegun(TypedDict):
    """Why a sync runs, and whether it reads everything again."""

    trigger: str
    full: bool


class Progress(TypedDict):
    """How many parts of a step are done."""

    step: str
    done: int
    total: int


class SyncEnded(TypedDict):
    """How many items are new, by sort; the other counts only of a sync that went well."""

    failed: bool
    new: dict[str, int]
    changed: NotRequired[int]
    problems: NotRequired[int]


class Count(TypedDict):
    """How many."""

    count: int


class Coded(TypedDict):
    """The code of the problem."""

    code: str


class FileTaken(TypedDict):
    """What the file was, and how much of it is new."""

    file: str
    new: int


class RequestsTouched(TypedDict):
    """Ids of the requests, and how many of them were sent."""

    ids: list[str]
    sent: int


class Nothing(TypedDict):
    """The kind says it all."""


EventData = (VaultAndAccount | Why | Later | SyncBegun | Progress | SyncEnded | Count | Coded | FileTaken
             | RequestsTouched | Nothing)
D = TypeVar("D", bound=EventData)


class Announced(NamedTuple):
    """An event to publish: made by calling its kind, so that its data have that kind's shape."""

    name: str
    data: EventData


class Kind(Generic[D]):
    """A kind of event whose data has the shape ``D``."""

    def __init__(self, name: str, what: str) -> None:
        """``name`` travels; ``what`` says when it is published."""
        self.name = name
        self.what = what

    def __call__(self, data: D) -> Announced:
        """An event of this kind."""
        return Announced(self.name, data)

    def heard(self, name: str, data: EventData) -> D | None:
        """The data of an event of that name, when it is of this kind."""
        return cast("D", data) if name == self.name else None

    def __repr__(self) -> str:
        return self.name


class Heard(TypedDict):
    """An event as a client hears it; ``Kind.heard`` tells what its data are."""

    id: int
    event: str
    """The name of its kind."""
    data: EventData


STATE: Kind[VaultAndAccount] = Kind("state", "the vault is open or locked, an account is connected or not")
LOCKED: Kind[Why] = Kind("locked", "the vault was locked, and why")
SETTINGS_CHANGED: Kind[Later] = Kind("settings_changed", "the settings were read again")
SYNC_STARTED: Kind[SyncBegun] = Kind("sync_started", "a sync began")
SYNC_PROGRESS: Kind[Progress] = Kind("sync_progress", "how far it is")
SYNC_DONE: Kind[SyncEnded] = Kind("sync_done", "it ended, well or not")
PAYMENT_NEW: Kind[Count] = Kind("payment_new", "it brought payments")
MESSAGE_NEW: Kind[Count] = Kind("message_new", "it brought messages")
PERSON_NEEDED: Kind[Coded] = Kind("person_needed", "the account waits for the person")
PROBLEM: Kind[Coded] = Kind("problem", "something could not be read, or the sync failed")
IMPORTED: Kind[FileTaken] = Kind("imported", "a file was taken in")
REQUESTS_CHANGED: Kind[RequestsTouched] = Kind(
    "requests_changed", "drafts, requests or messages to an adviser were begun, changed, sent, answered or dropped")
GAP: Kind[Nothing] = Kind("gap", "some events were missed: look at everything again")
NOTICE_TEST: Kind[Nothing] = Kind("notice_test", "the person tries how open screens tell")

KINDS = (STATE, LOCKED, SETTINGS_CHANGED, SYNC_STARTED, SYNC_PROGRESS, SYNC_DONE, PAYMENT_NEW, MESSAGE_NEW,
         PERSON_NEEDED, PROBLEM, IMPORTED, REQUESTS_CHANGED, GAP, NOTICE_TEST)
"""Every kind that is published; the screens hear each of them, and scripts may."""
