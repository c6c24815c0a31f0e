"""The law as dated data: every amount, rate and ceiling with the day from which it holds and where it was read.

One YAML file a concept, which begins with ``review``, the day by which the table must be looked at again. Each
parameter has a ``label``, where a value is contested its French, ``fr``, a ``unit`` (``EUR``, ``percent``, ``count``,
``times``, ``days``, ``months``, ``years``, ``hours``, ``minutes``, ``age``, ``flag``, ``bytes``, ``millimetres``) and a
``history``, oldest first. An entry has a ``value``, a ``source`` (a key of ``sources.yaml``), a ``confidence``
(``law``, ``official``, ``press``, ``one``, ``computed``) and one of two days: ``from``, the day on which the value
began, or ``known_from``, the first day for which it was read, as it began earlier on a day that was not found. Three
things may stand beside them:

- ``until``, the last day for which the value is known; it is wanted before a ``known_from``. Days from there to the
  next entry may have either of the two values; after the last entry there is none;
- ``unchanged_since``, with ``known_from``: a source says that the value was the same since then;
- ``disputed``, with its own ``value`` and ``source``: what another source says for the same days.

Two days may stand beside a history: ``known_until``, the last day for which the last value was printed anywhere, and
``changed``, the first day on which the law is known to say something else that was not found.
"""

from __future__ import annotations

import difflib
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import pairwise
from typing import TYPE_CHECKING, Literal, NamedTuple

import yaml

from config.yaml_file import as_table, read_yaml

if TYPE_CHECKING:
    from config.yaml_file import YamlTable, YamlValue


class UnknownTariff(LookupError):
    """No such parameter, or no value on that day; the text names the nearest known one."""


Doubt = Literal["", "outdated", "unread", "between", "disputed"]
"""What is not sure of a value on a day: nothing; it is only the latest known; it is the same as one that was read for
later days; it had ended or the next had begun, nobody knows which; sources disagree."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One value and the days on which it holds."""

    since: date
    """The day on which it began, or the first for which it was read."""
    value: Decimal
    source: str
    confidence: str
    cited: str = ""
    """The source with the first day, as an explanation names it."""
    began: bool = True
    """``since`` is the day on which it began."""
    until: date | None = None
    """The last day for which it is known, where the next does not begin the day after."""
    unchanged_since: date | None = None
    """A day before ``since`` from which on a source says that it was the same."""
    other: Entry | None = None
    """What another source says for the same days."""


class Reading(NamedTuple):
    """What the tables say for a day."""

    entry: Entry
    doubt: Doubt = ""
    other: Entry | None = None
    """The value that may hold instead."""


@dataclass(frozen=True, slots=True, eq=False)
class Parameter:
    """One amount, rate or ceiling through time, oldest value first. Each is equal to itself alone."""

    name: str
    label: str
    unit: str
    history: tuple[Entry, ...]
    known_until: date | None = None
    """Last day for which a source was found; later the last value is only the latest known. None: still in force."""
    changed: date | None = None
    """First day on which the law is known to say something else, which no source gives. None: not known to have."""
    fr: str = ""
    """What it is, in French; there where the value is contested."""

    def entry(self, day: date) -> Entry | None:
        """The value known for ``day``, or None: before the first, after an end, and once the law is known to have
        changed."""
        reading = self.reading(day)
        return None if reading is None else reading.entry

    def begun(self, day: date) -> Entry | None:
        """The newest value that had begun by ``day``, be it one that ended or that the law is known to have changed."""
        index = bisect_right(self.history, day, key=lambda entry: entry.since)
        return self.history[index - 1] if index else None

    def reading(self, day: date) -> Reading | None:
        """The value known for ``day`` and what is not sure of it; None as of ``entry``."""
        if self.changed is not None and day >= self.changed:
            return None
        index = bisect_right(self.history, day, key=lambda entry: entry.since)
        entry = self.history[index - 1] if index else None
        if entry is not None and (entry.until is None or day <= entry.until):
            if entry.other is not None:
                return Reading(entry, "disputed", entry.other)
            return Reading(entry, "outdated" if self.outdated(day) else "")
        later = self.history[index] if index < len(self.history) else None
        if later is not None and later.unchanged_since is not None and later.unchanged_since <= day:
            return Reading(later, "unread", later.other)
        return None if entry is None or later is None else Reading(entry, "between", later)

    def on(self, day: date) -> Entry:
        """The entry of ``entry``. Raises UnknownTariff where there is none."""
        entry = self.entry(day)
        if entry is None:
            near = self.nearest(day)
            which = "first" if near > day else "last"
            raise UnknownTariff(f"{self.name}: nothing known on {day}; the {which} known day is {near}")
        return entry

    def outdated(self, day: date) -> date | None:
        """The last day for which the value of ``day`` was found in a source, when it lies before ``day``."""
        return self.known_until if self.known_until is not None and day > self.known_until else None

    def nearest(self, day: date) -> date:
        """The known day nearest to one for which nothing is known."""
        first = self.history[0]
        if day < first.since:
            return first.unchanged_since or first.since
        ends = (self.known_until, self.history[-1].until, self.changed and self.changed - timedelta(days=1))
        return min((end for end in ends if end is not None), default=first.since)


class Tariffs:
    """All tables, by ``concept.parameter``."""

    def __init__(self, parameters: dict[str, Parameter], reviews: dict[str, date] | None = None) -> None:
        self.parameters = parameters
        self.reviews = reviews or {}
        """By concept, the day by which somebody must look whether the law changed."""

    def stale(self, today: date) -> list[str]:
        """The concepts whose review day has passed, by name."""
        return sorted(name for name, day in self.reviews.items() if day < today)

    def parameter(self, name: str) -> Parameter:
        """The parameter of that name. Raises UnknownTariff naming the nearest one."""
        try:
            return self.parameters[name]
        except KeyError:
            near = difflib.get_close_matches(name, self.parameters, 1)
            raise UnknownTariff(f"no tariff '{name}'" + (f"; nearest: '{near[0]}'" if near else "")) from None

    def value(self, name: str, on: date) -> Decimal:
        """The value in force on that day, in the parameter's unit."""
        return self.parameter(name).on(on).value

    def known(self, name: str, on: date) -> bool:
        """Whether the tables give a value for that day, be it only the latest known."""
        return self.parameter(name).entry(on) is not None


@cache
def load() -> Tariffs:
    """The built-in tables, read once. Raises ValueError naming file and entry where one is not of the form above."""
    return read_tables(files(__name__))


def read_tables(folder: Traversable) -> Tariffs:
    """The tables of a folder. Raises ValueError naming the file and the entry where one is not of the form above."""
    parameters, reviews = {}, {}
    for file in sorted(folder.iterdir(), key=lambda item: item.name):
        if not file.name.endswith(".yaml") or file.name == "sources.yaml":
            continue
        concept, place = file.name.removesuffix(".yaml"), file.name
        try:
            table = as_table(read_yaml(file.read_text(encoding="utf-8")))
            reviews[concept] = _day(table.pop("review"))
            for name, body in table.items():
                place = f"{file.name}: {name}"
                parameters[f"{concept}.{name}"] = _parameter(f"{concept}.{name}", as_table(body))
        except KeyError as error:
            raise ValueError(f"{place}: {error} is missing") from error
        except (TypeError, ValueError, InvalidOperation, yaml.YAMLError) as error:
            raise ValueError(f"{place}: {error}") from error
    return Tariffs(parameters, reviews)


def value(name: str, on: date) -> Decimal:
    """The value of ``concept.parameter`` in force on a day, exact. Raises UnknownTariff."""
    return load().value(name, on)


@dataclass(frozen=True, slots=True)
class Citable:
    """A source: what was read, with its address where it has one."""

    en: str
    fr: str = ""
    """How it is called in French, where its English is no name that both languages have."""

    def __str__(self) -> str:
        return self.en


@cache
def sources() -> Mapping[str, Citable]:
    """Every source by its key. In ``sources.yaml`` a text, or ``en`` and ``fr``."""
    text = (files(__name__) / "sources.yaml").read_text(encoding="utf-8")
    return {key: _citable(where) for key, where in as_table(read_yaml(text)).items()}


def _citable(where: YamlValue) -> Citable:
    if isinstance(where, str):
        return Citable(_text(where))
    body = as_table(where)
    _only(body, frozenset({"en", "fr"}))
    return Citable(_text(body["en"]), _text(body["fr"]))


_FIELDS = frozenset({"label", "fr", "unit", "history", "known_until", "changed"})
_ENTRY = frozenset({"from", "known_from", "until", "unchanged_since", "value", "source", "confidence", "disputed"})
_DISPUTED = frozenset({"value", "source"})
_UNITS = frozenset({
    "EUR", "percent", "count", "times", "days", "months", "years", "hours", "minutes", "age", "flag", "bytes",
    "millimetres",
})
_CONFIDENCES = frozenset({"law", "official", "press", "one", "computed"})


def _parameter(name: str, body: YamlTable) -> Parameter:
    _only(body, _FIELDS)
    until, changed = _day_or_none(body, "known_until"), _day_or_none(body, "changed")
    listed = body["history"]
    if not isinstance(listed, list):
        raise ValueError("the history is no list")
    history = tuple(_entry(as_table(item)) for item in listed)
    if not history:
        raise ValueError("the history is empty")
    for entry, later in pairwise(history):
        begins = later.unchanged_since or later.since
        if entry.since >= later.since or (entry.until or entry.since) >= begins:
            raise ValueError(f"the days do not rise: {later.since} after {entry.since}")
        if entry.until is None and not later.began:
            raise ValueError(f"'until' is wanted with {entry.since}: the first day of the value after it is not known")
    if min(until or date.max, changed or date.max) < history[-1].since:
        raise ValueError("the last value begins after known_until or changed")
    fr = "" if body.get("fr") is None else _text(body["fr"])
    if not fr and any(entry.other for entry in history):
        raise ValueError("'fr' is wanted: a contested value is told in French too")
    return Parameter(name, _text(body["label"]), _one_of(body["unit"], _UNITS), history, until, changed, fr)


def _entry(item: YamlTable) -> Entry:
    _only(item, _ENTRY)
    began, read = _day_or_none(item, "from"), _day_or_none(item, "known_from")
    since = began or read
    if since is None or (began and read):
        raise ValueError("one of 'from' and 'known_from' is wanted")
    source, confidence = _text(item["source"]), _one_of(item["confidence"], _CONFIDENCES)
    until, unchanged = _day_or_none(item, "until"), _day_or_none(item, "unchanged_since")
    if until is not None and until < since:
        raise ValueError(f"'until' {until} lies before {since}")
    if unchanged is not None and (began or unchanged >= since):
        raise ValueError("'unchanged_since' stands with a later 'known_from'")
    other = None
    if item.get("disputed") is not None:
        said = as_table(item["disputed"])
        _only(said, _DISPUTED)
        theirs = _text(said["source"])
        other = Entry(since, _amount(said["value"]), theirs, "one", f"{theirs}, {since}", bool(began))
    return Entry(
        since, _amount(item["value"]), source, confidence, f"{source}, {since}", bool(began), until, unchanged, other)


def _amount(given: YamlValue) -> Decimal:
    amount = Decimal(_text(given))
    if not amount.is_finite():
        raise ValueError(f"{amount} is no amount")
    return amount


def _only(body: YamlTable, fields: frozenset[str]) -> None:
    unknown = sorted(str(field) for field in set(body.keys()) - fields)
    if unknown:
        raise ValueError(f"'{unknown[0]}' is none of {', '.join(sorted(fields))}")


def _day(given: YamlValue) -> date:
    if type(given) is not date:
        raise ValueError(f"{given!r} is no day")
    return given


def _day_or_none(item: YamlTable, name: str) -> date | None:
    return None if item.get(name) is None else _day(item[name])


def _text(given: YamlValue) -> str:
    if not isinstance(given, str) or not given.strip():
        raise ValueError(f"{given!r} is no text; an amount is quoted, as YAML would make a float of it")
    return given


def _one_of(given: YamlValue, words: frozenset[str]) -> str:
    if not isinstance(given, str) or given not in words:
        raise ValueError(f"{given!r} is none of {', '.join(sorted(words))}")
    return given
