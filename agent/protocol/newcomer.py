"""A newcomer's way from arrival to card."""

from typing import Literal, NotRequired, TypedDict, final

from agent.protocol.procedures import KeptAnswers, Mistake, Question

State = Literal["done", "now", "later"]
ClockKind = Literal["duty", "estimate"]


class BothWords(TypedDict):
    """A name in both languages."""

    fr: str
    en: str


class StageClock(TypedDict):
    """A delay of a stage."""

    label_fr: str
    label_en: str
    on: str
    """Its end: day, ISO."""
    kind: ClockKind
    source: str


class Stage(TypedDict):
    """One stage: what it is and what to do."""

    name: str
    title_fr: str
    title_en: str
    state: State
    text_fr: str
    text_en: str
    papers: list[BothWords]
    clocks: list[StageClock]
    procedure: str | None
    """Name of the one that belongs to it."""


class StageOfWay(Stage):
    """A stage with its questions and links."""

    questions: list[str]
    """Names; the last one puts the stage behind."""
    guide: list[str]
    """Subjects of the guide."""
    opens_fr: NotRequired[str]
    opens_en: NotRequired[str]
    """Title of its procedure, where it has one."""


class PathHead(TypedDict):
    """Where somebody stands."""

    situation: str
    now: str
    """Name of a stage, or ``finished``."""
    next_fr: str
    next_en: str
    """What to do now."""


class Path(PathHead):
    """The stages, without links."""

    stages: list[Stage]


class Way(PathHead):
    """The stages, with their questions and links."""

    stages: list[StageOfWay]


class PhoneLine(TypedDict):
    """A telephone line."""

    name: str
    number: str
    hours: str
    """``08:30–17:30``."""
    open: bool
    """Now."""
    text_fr: str
    text_en: str


class Newcomer(TypedDict):
    """The path, the answers given, and the questions."""

    told: KeptAnswers
    """Answers by question: days as ISO text."""
    questions: list[Question]
    path: Way
    everybody: list[str]
    """Subjects of the guide for whoever is new."""
    lines: list[PhoneLine]


@final
class AnswersKept(Newcomer):
    """The same after more was answered."""

    errors: list[Mistake]
    """Empty."""


@final
class AnswersRefused(TypedDict):
    """Nothing was kept: this is wrong."""

    errors: list[Mistake]
