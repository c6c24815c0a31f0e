"""What can be asked of the fund: the declaration of a procedure, and the outcome of a check of answers."""

from typing import Literal, NotRequired, TypeAlias, TypedDict

from config.json_value import JsonObject, JsonValue, ReadOnlyJsonObject

AnswerValue: TypeAlias = JsonValue
"""An answer as it is typed, kept and sent: anything that JSON can be, until ``agent.procedures.validation`` read it.
Days and amounts are text, a group is a list of objects."""
KeptAnswers: TypeAlias = JsonObject
"""Answers by the name of the question."""
ReadOnlyAnswers: TypeAlias = ReadOnlyJsonObject
NoteKind = Literal["info", "warning", "good"]
Submits = Literal["portal", "handoff"]
"""Sent from here, or brought by the person."""


class Text(TypedDict):
    """A sentence."""

    text_fr: str
    text_en: str


class Choice(TypedDict):
    """One of the values a person can choose."""

    value: str
    label_fr: str
    label_en: str
    help_fr: str
    help_en: str


class Question(TypedDict):
    """One question, with its rule in words."""

    name: str
    kind: str
    """``agent.procedures.model.Kind``."""
    type: str
    """The same as ``kind``."""
    label_fr: str
    label_en: str
    help_fr: str
    help_en: str
    rule_fr: str
    rule_en: str
    example: str
    required: bool
    when: Text | None
    """Asked only then."""
    choices: list[Choice]
    fields: list["Question"]
    """The questions of a group, asked for each item."""
    accepts: list[str]
    """Variants of the kind."""
    least: int
    """Least integer, or fewest items."""
    most: int | None
    """Greatest integer, or most items."""
    longest: int | None
    """Most characters of a text."""
    secret: bool
    proposed: AnswerValue
    """What the account proposes as the answer: text, yes or no, a list; None without."""
    source: str


class Screen(TypedDict):
    """Questions asked together."""

    name: str
    title_fr: str
    title_en: str
    intro_fr: str
    intro_en: str
    when: Text | None
    fields: list[Question]


class Paper(TypedDict):
    """A document to be attached."""

    name: str
    label_fr: str
    label_en: str
    help_fr: str
    help_en: str
    formats: list[str]
    """``pdf``, ``jpeg``, ``png``."""
    most_bytes: int
    needed: bool
    when: Text | None
    photo: bool
    """A portrait, to be cropped to the card's format."""
    several: int
    """Most files of this paper."""
    source: str


class Delay(TypedDict):
    """A delay that will run."""

    name: str
    label_fr: str
    label_en: str
    starts: str
    """``sent``, ``answer:<field>`` or ``stage:<stage>``."""
    kind: Literal["duty", "right", "estimate"]
    source: str


class StageName(TypedDict):
    """A stage that a request goes through."""

    name: str
    label_fr: str
    label_en: str


class Label(TypedDict):
    """A name."""

    label_fr: str
    label_en: str


class ProcedureHead(TypedDict):
    """One line of the list."""

    name: str
    title_fr: str
    title_en: str
    who: str
    """In French."""
    who_fr: str
    who_en: str
    summary_fr: str
    summary_en: str
    papers: list[Paper]
    deadline: Label | None
    """The first duty among its delays."""
    submits: Submits
    page: str | None
    """``_pageLabel`` of the service's own page."""


class Procedure(ProcedureHead):
    """Everything of the declaration."""

    source: str
    screens: list[Screen]
    fields: list[Question]
    """Every question of every screen, in order."""
    clocks: list[Delay]
    next_steps: list[Text]
    fallbacks: list[Text]
    stages: list[StageName]


class Mistake(TypedDict):
    """One thing that is wrong with answers or papers."""

    field: str
    """Its path: ``children[1].birth_date``, or the name of a paper."""
    message_fr: str
    message_en: str


class SummaryLine(TypedDict):
    """One answer in words; a secret is masked."""

    field: str
    label_fr: str
    label_en: str
    value_fr: str
    value_en: str


class Note(TypedDict):
    """Something worked out from the answers: a verdict, an amount, a warning."""

    name: str
    text_fr: str
    text_en: str
    kind: NoteKind
    amount: str | None
    """Euros."""
    source: str


class CheckBody(TypedDict):
    """What is to be checked."""

    answers: KeptAnswers
    papers: list[str]
    """Names."""
    request: NotRequired[str]
    """The draft whose papers count too."""


class Check(TypedDict):
    """What would be sent, and everything that is wrong with it."""

    errors: list[Mistake]
    asked: list[str]
    """Names of the questions that are asked, given these answers, in order."""
    ignored: list[str]
    """Names of the questions answered though they are not asked in this case."""
    summary: list[SummaryLine]
    notes: list[Note]
    """Empty while there are mistakes."""


class StartBody(TypedDict):
    """A draft to keep, or a request to queue."""

    answers: KeptAnswers
    papers: list[str]
    """Ids of files taken before."""
    draft: bool
    request: NotRequired[str]
    """The draft to go on with."""
