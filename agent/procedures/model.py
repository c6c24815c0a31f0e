"""What a procedure *is*: a declaration from which screens, commands, checks, drafts and the printed file all follow.

Example: one file ``declared/<name>.py`` with ``PROCEDURE = Procedure(...)``. Nothing here reads a clock, a file or the
network: today's date and the person's profile come in a ``World``.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, NamedTuple

Answers = Mapping[str, Any]
"""Values by field name, read by ``fields.read``: dates, Decimals, booleans, text; a group is a list of dicts."""


class Both(NamedTuple):
    """One text in the two languages."""

    fr: str
    en: str


NOTHING = Both("", "")


@dataclass(frozen=True)
class World:
    """What a declaration may know beside the answers."""

    today: date
    profile: Mapping[str, Any] = field(default_factory=dict)
    """The account's profile as the store gives it; empty before the first sync."""
    situations: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    """By person's name: ``[{"situation", "from", "until"}]``."""

    @property
    def people(self) -> tuple[str, ...]:
        """Everybody of the account, the insured person first."""
        listed = [str(one["name"]) for one in self.profile.get("beneficiaries") or ()]
        holder = str(self.profile.get("name") or "")
        return tuple(dict.fromkeys([holder, *listed] if holder else listed))

    def born(self, name: str) -> date | None:
        """The birthday of a person of the account, when it is known."""
        for one in self.profile.get("beneficiaries") or ():
            if one["name"] == name and one.get("birth_date"):
                return date.fromisoformat(str(one["birth_date"]))
        known = self.profile.get("birth_date") if name == self.profile.get("name") else None
        return date.fromisoformat(str(known)) if known else None


@dataclass(frozen=True)
class When:
    """A condition, and the sentence that says it."""

    test: Callable[[Answers, World], bool]
    words: Both


def equals(name: str, *values: Any) -> When:
    """True when the field called ``name`` has one of ``values``."""
    fr, en = (" ou ".join(_word(value, 0) for value in values), " or ".join(_word(value, 1) for value in values))
    return When(lambda answers, _world: answers.get(name) in values,
                Both(f"si {name} est « {fr} »", f"if {name} is “{en}”"))


def _word(value: Any, lang: int) -> str:
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


Kind = Literal[
    "text", "name", "nir", "iban", "bic", "date", "month", "phone", "email", "postcode", "country", "choice", "choices",
    "yes_no", "money", "integer", "person", "people", "group",
]


@dataclass(frozen=True)
class Choice:
    """One of the values a person can choose."""

    value: str
    label: Both
    help: Both = NOTHING


@dataclass(frozen=True)
class Field:
    """One question.

    ``check(value, answers, world)`` is called with the value already read (a date, a Decimal…) and returns what is
    wrong with it, or None. ``answers`` of a field inside a group are the item's own, then those outside it.
    """

    name: str
    kind: Kind
    label: Both
    help: Both = NOTHING
    example: str = ""
    """Empty: the kind's own example."""
    required: bool = True
    when: When | None = None
    """Asked only then."""
    choices: tuple[Choice, ...] = ()
    fields: tuple["Field", ...] = ()
    """The questions of a group, asked for each item."""
    check: Callable[[Any, Answers, World], Both | None] | None = None
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
    prefill: Callable[[World], Any] | None = None
    """What the account already knows, proposed as the answer."""
    source: str = ""
    """Where the question or its rule was read."""


@dataclass(frozen=True)
class Screen:
    """Questions asked together."""

    name: str
    title: Both
    intro: Both = NOTHING
    fields: tuple[Field, ...] = ()
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
    kind: Literal["info", "warning", "good"] = "info"
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
    submits: Literal["portal", "handoff"]
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
    def fields(self) -> tuple[Field, ...]:
        """Every question of every screen, in order."""
        return tuple(one for screen in self.screens for one in screen.fields)
