"""Whether two written names may be one person's: order, accents, capitals, hyphens and titles do not matter."""

from collections.abc import Iterable
from datetime import date
from enum import IntEnum
from typing import NamedTuple

from agent.store.payments.same_care import words_of

_NO_NAMES = frozenset({"M", "MR", "MME", "MLLE", "MONSIEUR", "MADAME", "NE", "NEE", "EP", "EPOUSE", "VEUVE", "VVE"})
"""Titles, and what announces a name of birth or of marriage."""
_TELLING = 3
"""Letters of a word that tells families apart: ``LE GOFF`` and ``LE BRAS`` share nothing."""


class Person(NamedTuple):
    """A name as it is written somewhere, and the birth date where it stands beside it."""

    name: str
    born: date | None = None


class Likeness(IntEnum):
    """How near a person is to somebody known."""

    STRANGE = 0
    NEAR = 1
    """A word in common (a first name, a family name), or a name in common and another birth date."""
    SAME = 2


def likeness(shown: Person, people: Iterable[Person]) -> Likeness:
    """How near ``shown`` is to the nearest of ``people``."""
    return max((_pair(shown, one) for one in people), default=Likeness.STRANGE)


def one_family_of_others(shown: Iterable[Person], persons: Iterable[Person]) -> bool:
    """Whether two persons or more bear a word in common, their family's, that none of ``persons`` bears."""
    people = {one.name: _words(one.name) for one in shown}
    if len(people) < 2:
        return False
    shared = set.intersection(*people.values())
    ours = {word for one in persons for word in _words(one.name)}
    return any(len(word) >= _TELLING for word in shared) and shared.isdisjoint(ours)


def _words(name: str) -> set[str]:
    words = {word.strip(".,()") for word in words_of(name)}
    return (words - _NO_NAMES - {""}) or words


def _pair(shown: Person, person: Person) -> Likeness:
    a, b = _words(shown.name), _words(person.name)
    common = {word for word in a & b if len(word) >= _TELLING or a == b}
    if not common:
        return Likeness.STRANGE
    if shown.born is not None and person.born is not None:
        return Likeness.SAME if shown.born == person.born else Likeness.NEAR
    return Likeness.SAME if len(a & b) >= 2 and (a <= b or b <= a) else Likeness.NEAR
