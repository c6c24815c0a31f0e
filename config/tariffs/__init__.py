"""The law as dated data: every amount, rate and ceiling with the day from which it holds and where it was read.

One YAML file a concept, which begins with ``review``, the day by which the table must be looked at again. Each
parameter has a ``label``, a ``unit`` (``EUR``, ``percent``, ``count``, ``times``, ``days``, ``months``, ``years``,
``hours``, ``minutes``, ``age``, ``flag``, ``bytes``, ``millimetres``) and a ``history``: entries ``from`` (day
included), ``value``, ``source`` (a key of ``sources.yaml``), ``confidence`` (``law``, ``official``, ``press``, ``one``,
``computed``) and, where only the value but not its first day was found, ``start: unsourced``. Two days may stand beside
it: ``known_until``, the last day for which the last value was printed anywhere, and ``changed``, the first day on which
the law is known to say something else that was not found.
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
from typing import TYPE_CHECKING

import yaml

from config.yaml_file import as_table, read_yaml

if TYPE_CHECKING:
    from config.yaml_file import YamlTable, YamlValue


class UnknownTariff(LookupError):
    """No such parameter, or no value on that day; the text names the nearest known one."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One value and the first day on which it holds."""

    since: date
    value: Decimal
    source: str
    confidence: str
    cited: str = ""
    """The source with the first day, as an explanation names it."""


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

    def entry(self, day: date) -> Entry | None:
        """The newest value known for ``day``, or None: before the first, and once the law is known to have changed."""
        return None if self.changed is not None and day >= self.changed else self.begun(day)

    def begun(self, day: date) -> Entry | None:
        """The newest value that had begun by ``day``, be it one that the law is known to have changed since."""
        index = bisect_right(self.history, day, key=lambda entry: entry.since)
        return self.history[index - 1] if index else None

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
        first = self.history[0].since
        if day < first or self.changed is None:
            return first
        return min(self.known_until or date.max, self.changed - timedelta(days=1))


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


@cache
def sources() -> Mapping[str, str]:
    """Where each source's key was read, in words or as an address."""
    text = (files(__name__) / "sources.yaml").read_text(encoding="utf-8")
    return {key: _text(where) for key, where in as_table(read_yaml(text)).items()}


_FIELDS = frozenset({"label", "unit", "history", "known_until", "changed"})
_ENTRY = frozenset({"from", "value", "source", "confidence", "start"})
_UNITS = frozenset({
    "EUR", "percent", "count", "times", "days", "months", "years", "hours", "minutes", "age", "flag", "bytes",
    "millimetres",
})
_CONFIDENCES = frozenset({"law", "official", "press", "one", "computed"})


def _parameter(name: str, body: YamlTable) -> Parameter:
    _only(body, _FIELDS)
    until, changed = (None if body.get(end) is None else _day(body[end]) for end in ("known_until", "changed"))
    listed = body["history"]
    if not isinstance(listed, list):
        raise ValueError("the history is no list")
    history = tuple(_entry(as_table(item)) for item in listed)
    days = [entry.since for entry in history]
    if not history or days != sorted(set(days)):
        raise ValueError("the history is empty or its days do not rise")
    if min(until or date.max, changed or date.max) < days[-1]:
        raise ValueError("the last value begins after known_until or changed")
    return Parameter(name, _text(body["label"]), _one_of(body["unit"], _UNITS), history, until, changed)


def _entry(item: YamlTable) -> Entry:
    _only(item, _ENTRY)
    since, source = _day(item["from"]), _text(item["source"])
    amount = Decimal(_text(item["value"]))
    if not amount.is_finite():
        raise ValueError(f"{amount} is no amount")
    return Entry(since, amount, source, _one_of(item["confidence"], _CONFIDENCES), f"{source}, {since}")


def _only(body: YamlTable, fields: frozenset[str]) -> None:
    unknown = sorted(str(field) for field in set(body.keys()) - fields)
    if unknown:
        raise ValueError(f"'{unknown[0]}' is none of {', '.join(sorted(fields))}")


def _day(given: YamlValue) -> date:
    if type(given) is not date:
        raise ValueError(f"{given!r} is no day")
    return given


def _text(given: YamlValue) -> str:
    if not isinstance(given, str) or not given.strip():
        raise ValueError(f"{given!r} is no text; an amount is quoted, as YAML would make a float of it")
    return given


def _one_of(given: YamlValue, words: frozenset[str]) -> str:
    if not isinstance(given, str) or given not in words:
        raise ValueError(f"{given!r} is none of {', '.join(sorted(words))}")
    return given
