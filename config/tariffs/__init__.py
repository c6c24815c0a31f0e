"""The law as dated data: every amount, rate and ceiling with the day from which it holds and where it was read.

One YAML file a concept, which begins with ``review``, the day by which the table must be looked at again. Each
parameter has a ``label``, a ``unit`` (``EUR``, ``percent``, ``count``, ``times``, ``days``, ``months``, ``years``,
``hours``, ``minutes``, ``age``, ``flag``, ``bytes``, ``millimetres``) and a ``history``: entries ``from`` (day
included), ``value``, ``source`` (a key of ``sources.yaml``), ``confidence`` (``law``, ``official``, ``press``, ``one``,
``computed``) and, where only the value but not its first day was found, ``start: unsourced``.
"""

import difflib
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

import yaml


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


@dataclass(frozen=True, slots=True)
class Parameter:
    """One amount, rate or ceiling through time, oldest value first."""

    name: str
    label: str
    unit: str
    history: tuple[Entry, ...]
    known_until: date | None = None
    """Last day for which a source was found; later the last value is only the latest known. None: still in force."""

    def on(self, day: date) -> Entry:
        """The entry in force on ``day``. Raises UnknownTariff before the first one."""
        index = bisect_right(self.history, day, key=lambda entry: entry.since)
        if not index:
            first = self.history[0].since
            raise UnknownTariff(f"{self.name}: nothing known on {day}; the first known day is {first}")
        return self.history[index - 1]


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
        """Whether the tables give a value for that day."""
        history = self.parameter(name).history
        return on >= history[0].since


@cache
def load() -> Tariffs:
    """Read every table once. Raises ValueError naming the file when one is not of the form above."""
    parameters, reviews = {}, {}
    for file in sorted(files(__name__).iterdir(), key=lambda item: item.name):
        if not file.name.endswith(".yaml") or file.name == "sources.yaml":
            continue
        concept = file.name.removesuffix(".yaml")
        table = yaml.load(file.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 - a safe loader
        reviews[concept] = table.pop("review")
        for name, body in table.items():
            full = f"{concept}.{name}"
            history = _history(full, body["history"])
            parameters[full] = Parameter(full, body["label"], body["unit"], history, body.get("known_until"))
    return Tariffs(parameters, reviews)


def value(name: str, on: date) -> Decimal:
    """The value of ``concept.parameter`` in force on a day, exact. Raises UnknownTariff."""
    return load().value(name, on)


@cache
def sources() -> Mapping[str, str]:
    """Where each source's key was read, in words or as an address."""
    text = (files(__name__) / "sources.yaml").read_text(encoding="utf-8")
    found: dict[str, str] = yaml.load(text, Loader=_LOADER)  # noqa: S506 - a safe loader
    return found


_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _history(name: str, entries: list[dict[str, Any]]) -> tuple[Entry, ...]:
    history = tuple(
        Entry(
            item["from"],
            Decimal(str(item["value"])),
            item["source"],
            item["confidence"],
            f"{item['source']}, {item['from']}",
        )
        for item in entries
    )
    days = [entry.since for entry in history]
    if not history or days != sorted(set(days)):
        raise ValueError(f"{name}: the history is empty or its days do not rise")
    return history
