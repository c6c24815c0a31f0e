"""What a procedure *is*: a declaration from which screens, commands, checks, drafts and the printed file all follow.

Example: one file ``definitions/<name>.py`` with ``PROCEDURE = Procedure(...)``. Nothing here reads a clock, a file or
the network: today's date and the person's profile come in a ``World``.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Generic, Literal, NamedTuple, TypeVar

from agent.procedures.answers import Answers, Value, of_type
from agent.protocol.account import Profile
from agent.protocol.money import Situation
from agent.protocol.procedures import AnswerValue, NoteKind, Submits


class Both(NamedTuple):
    """One text in the two languages."""

    fr: str
    en: str


NOTHING = Both("", "")
NOBODY: Profile = {"nir": "", "name": "", "birth_date": None, "address": [], "phones": {}, "email": None, "cpam": None,
                   "beneficiaries": []}
"""The profile before the first sync."""


@dataclass(frozen=True)
class World:
    """What a declaration may know beside the answers."""

    today: date
    profile: Profile = field(default_factory=lambda: NOBODY)
    """The account's profile as the store gives it."""
    situations: Mapping[str, Sequence[Situation]] = field(default_factory=dict)
    """By person's name."""

    @property
    def people(self) -> tuple[str, ...]:
        """Everybody of the account, the insured person first."""
        listed = [person["name"] for person in self.profile.get("beneficiaries") or ()]
        holder = self.profile.get("name")
        return tuple(dict.fromkeys([holder, *listed] if holder else listed))

    def born(self, name: str) -> date | None:
        """The birthday of a person of the account, when it is known."""
        for person in self.profile.get("beneficiaries") or ():
            if person["name"] == name and person["birth_date"]:
                return date.fromisoformat(person["birth_date"])
        birthday = self.profile.get("birth_date") if name == self.profile.get("name") else None
        return date.fromisoformat(birthday) if birthday else None


@dataclass(frozen=True)
class When:
    """A condition, and the sentence that says it."""

    test: Callable[[Answers, World], bool]
    words: Both


def equals(name: str, *values: str | bool) -> When:
    """True when the field called ``name`` has one of ``values``."""
    fr, en = (" ou ".join(_word(value, 0) for value in values), " or ".join(_word(value, 1) for value in values))
    return When(lambda answers, _world: answers.get(name) in values,
                Both(f"si {name} est « {fr} »", f"if {name} is “{en}”"))


def _word(value: str | bool, lang: int) -> str:
    return (("non", "no"), ("oui", "yes"))[value][lang] if isinstance(value, bool) else str(value)


def filled(name: str) -> When:
    """True when the field called ``name`` was answered."""
    return When(lambda answers, _world: answers.get(name) not in (None, "", [], ()),
                Both(f"si {name} est rempli", f"if {name} is filled in"))


def any_of(*conditions: When) -> When:
    """True when one of them is."""
    return When(lambda answers, world: any(one.test(answers, world) for one in conditions),
                Both(" ou ".join(one.words.fr for one in conditions), " or ".join(one.words.en for one in conditions)))


def all_of(*conditions: When) -> When:
    """True when all of them are."""
    return When(lambda answers, world: all(one.test(answers, world) for one in conditions),
                Both(" et ".join(one.words.fr for one in conditions), " and ".join(one.words.en for one in conditions)))


def not_(condition: When) -> When:
    """True when the condition is not."""
    return When(lambda answers, world: not condition.test(answers, world),
                Both(f"sauf {condition.words.fr}", f"unless {condition.words.en.removeprefix('if ')}"))


def when(test: Callable[[Answers, World], bool], fr: str, en: str) -> When:
    """A condition of your own, with the sentence that says it."""
    return When(test, Both(fr, en))


KindName = Literal[
    "text", "name", "nir", "iban", "bic", "date", "month", "phone", "email", "postcode", "country", "choice", "choices",
    "yes_no", "money", "integer", "person", "people", "group",
]
V = TypeVar("V", bound=Value)
V_co = TypeVar("V_co", bound=Value, covariant=True)


@dataclass(frozen=True, eq=False)
class Kind(Generic[V_co]):
    """A kind of answer: how it is read, and the type its value has then. All of them stand in ``field_types``."""

    name: KindName
    holds: type[V_co]
    read: Callable[["AnyField", AnswerValue, World], V_co]
    """From what was typed, or read from JSON, to the normal form. Raises BadAnswer."""
    rule: Both
    """What it asks for, in words."""
    example: str = ""
    """As a person may type it; its numbers belong to nobody."""


@dataclass(frozen=True)
class Choice:
    """One of the values a person can choose."""

    value: str
    label: Both
    help: Both = NOTHING


@dataclass(frozen=True)
class AnyField:
    """One question, whatever the type of its value."""

    name: str
    kind: Kind[Value]
    label: Both
    help: Both = NOTHING
    example: str = ""
    """Empty: the kind's own example."""
    required: bool = True
    when: When | None = None
    """Asked only then."""
    choices: tuple[Choice, ...] = ()
    fields: tuple["AnyField", ...] = ()
    """The questions of a group, asked for each item."""
    accepts: tuple[str, ...] = ()
    """Variants of the kind: ``past``, ``future`` (date, month; today counts as both), ``mobile`` (phone), ``lines``
    (text), ``temporary`` (nir: the numbers of people on their way in), ``foreign`` (postcode), ``yes`` (yes_no: only
    a yes will do)."""
    pattern: str = ""
    """Regular expression that the whole text must match (text)."""
    pattern_words: Both = NOTHING
    """What ``pattern`` asks for, in words."""
    least: int = 0
    """Least integer, or fewest items of a group, of people, of choices."""
    most: int | None = None
    """Greatest integer, or most items."""
    longest: int = 200
    """Most characters (text)."""
    secret: bool = False
    """Masked wherever it is repeated to the person."""
    source: str = ""
    """Where the question or its rule was read."""

    def read(self, given: AnswerValue, world: World) -> Value:
        """The value of an answer, in the normal form of its kind. Raises BadAnswer."""
        return self.kind.read(self, given, world)

    def mistake(self, _value: Value, _answers: Answers, _world: World) -> Both | None:
        """What the declaration finds wrong with a value that was read, beside the other answers."""
        return None

    def proposed(self, _world: World) -> Value | None:
        """What the account already knows, proposed as the answer."""
        return None


@dataclass(frozen=True)
class Field(AnyField, Generic[V]):
    """One question with a value of type ``V``: text, a date, a Decimal, a bool, a list.

    ``check(value, answers, world)`` returns what is wrong with the value, or None. ``answers`` of a field inside a
    group are the item's own, then those outside it.
    """

    kind: Kind[V]
    check: Callable[[V, Answers, World], Both | None] | None = None
    prefill: Callable[[World], V | None] | None = None
    """See ``proposed``."""

    def mistake(self, value: Value, answers: Answers, world: World) -> Both | None:
        """What ``check`` says of a value that this field read."""
        return None if self.check is None else self.check(of_type(self.kind.holds, value), answers, world)

    def proposed(self, world: World) -> V | None:
        """What ``prefill`` makes of the account."""
        return None if self.prefill is None else self.prefill(world)


@dataclass(frozen=True)
class Screen:
    """Questions asked together."""

    name: str
    title: Both
    intro: Both = NOTHING
    fields: tuple[AnyField, ...] = ()
    when: When | None = None


@dataclass(frozen=True)
class Paper:
    """A document to be attached."""

    name: str
    label: Both
    help: Both = NOTHING
    formats: tuple[str, ...] = ("pdf", "jpeg", "png")
    most_bytes: int = 10 * 1024 * 1024
    needed: When | bool = True
    """False: welcome but not demanded; a ``When`` both asks for it and demands it, when it is true."""
    photo: bool = False
    """A portrait, to be cropped to the card's format."""
    several: int = 1
    """Most files of this paper (two sides of a card, three payslips)."""
    source: str = ""


@dataclass(frozen=True)
class Clock:
    """A delay that runs.

    ``starts``: ``sent``, ``answer:<field>`` or ``stage:<stage>``. ``delay`` names a parameter of
    ``config/tariffs/procedures.yaml`` (``procedures.<name>``, unit ``days`` or ``months``).
    """

    name: str
    label: Both
    starts: str
    delay: str
    kind: Literal["duty", "right", "estimate"]
    source: str = ""


class Note(NamedTuple):
    """Something worked out from the answers: an eligibility, an amount, a warning."""

    name: str
    text: Both
    kind: NoteKind = "info"
    amount: str | None = None
    source: str = ""


class Place(NamedTuple):
    """Where a person takes a request that this program cannot send."""

    kind: Literal["page", "site", "post"]
    """A page of the account, a site that needs no account, or the fund by post."""
    url: str | None
    """What to open; None by post."""
    name: Both


@dataclass(frozen=True)
class Procedure:
    """Something a person can ask the fund for."""

    name: str
    title: Both
    who: Both
    summary: Both
    page: str | None
    """``_pageLabel`` of the service's own page; None without one."""
    submits: Submits
    """How it is sent where the portal takes requests; elsewhere everything is ``handoff``."""
    screens: tuple[Screen, ...]
    papers: tuple[Paper, ...] = ()
    clocks: tuple[Clock, ...] = ()
    next_steps: tuple[Both, ...] = ()
    fallbacks: tuple[Both, ...] = ()
    stages: tuple[tuple[str, Both], ...] = ()
    """The stages that a request goes through, in order, with their names."""
    computed: Callable[[Answers, World], tuple[Note, ...]] | None = None
    """Called with answers that passed the checks."""
    letter: Callable[[Answers, World], str] | None = None
    """The body of the letter to the fund, in French; None: made from the answers."""
    place: Callable[[Answers, World], Place] | None = None
    """Where the person takes it, when that is not ``page``."""
    inbox: str = ""
    """Regular expression for what a message about it says, in folded text (small letters, no accents)."""
    source: str = ""

    @property
    def fields(self) -> tuple[AnyField, ...]:
        """Every question of every screen, in order."""
        return tuple(one for screen in self.screens for one in screen.fields)
