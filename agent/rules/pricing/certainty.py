"""How sure an estimate is: what is said of values that are old, contested or not read for the day, and the range."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import chain, combinations

from agent.errors import AmeliError
from agent.rules.dated_tables import Law, tables
from agent.rules.pricing.request import Care
from agent.rules.pricing.result import Estimate, Range
from agent.rules.pricing.steps import Step, doubt, plain
from config.tariffs import Entry, Parameter, Reading
from config.tariffs.citations import cite

_MOST_TOGETHER = 3
"""Contested values of which every combination is tried; of more, each alone and all at once."""


@dataclass(frozen=True, slots=True)
class _Unsure:
    """A value that was used although it is not sure."""

    parameter: Parameter
    reading: Reading
    on: date


def with_certainty(care: Care, law: Law, price: Callable[[Care, Law], Estimate]) -> Estimate:
    """``price(care, law)`` with a step for each value that was not sure, before its last one, and the range between the
    values that may hold. A contested value that changes no amount is not told. Raises what ``price`` raises."""
    priced = price(care, law)
    unsure = {name: _Unsure(law.tariffs.parameter(name), *law.unsure[name]) for name in sorted(law.unsure)}
    contested = [name for name, one in unsure.items() if one.reading.other is not None]
    others = {names: _other(care, law.with_others(names), price) for names in _together(contested)}
    matters = {name for names, other in others.items() if _differs(other, priced) for name in names}
    alone = {name for name in contested if _differs(others[name,], priced)}
    weighs = alone or matters
    doubts = [_doubt_of(one, care) for name, one in unsure.items() if name not in contested or name in weighs]
    steps = [*doubts, *_unchecked(priced.steps, care.on)]
    if not steps:
        return priced
    whole = [priced, *(other for other in others.values() if other is not None)]
    why = [step for step in doubts if step.doubt == "doubtful"]
    return replace(priced, steps=(*priced.steps[:-1], *steps, priced.steps[-1]), range=_range(whole, why))


def _together(names: list[str]) -> Iterable[tuple[str, ...]]:
    sizes = range(1, len(names) + 1) if len(names) <= _MOST_TOGETHER else (1, len(names))
    return chain.from_iterable(combinations(names, size) for size in sizes)


def _other(care: Care, law: Law, price: Callable[[Care, Law], Estimate]) -> Estimate | None:
    """The estimate with the other values; None where nothing is known for that case."""
    try:
        return price(care, law)
    except AmeliError:  # the doubt is told all the same, without a range
        return None


def _differs(other: Estimate | None, priced: Estimate) -> bool:
    return other is None or _amounts(other) != _amounts(priced)


def _amounts(priced: Estimate) -> tuple[Decimal, ...]:
    return priced.base, priced.amo, priced.amc, priced.left_to_pay, priced.participation, priced.franchise


def _range(whole: list[Estimate], why: list[Step]) -> Range | None:
    amo, left = [one.amo for one in whole], [one.left_to_pay for one in whole]
    if min(amo) == max(amo) and min(left) == max(left):
        return None
    return Range((min(amo), max(amo)), (min(left), max(left)),
                 (" ".join(step.text_fr for step in why), " ".join(step.text_en for step in why)))


def _doubt_of(value: _Unsure, care: Care) -> Step:
    entry, name, act = value.reading.entry, value.parameter.name, care.act[:40]
    other = value.reading.other
    if value.reading.doubt == "disputed" and other is not None:
        return disagreement(value.parameter, entry, other)
    if value.reading.doubt == "between" and other is not None:
        return doubt(
            "{0} : {1} jusqu'au {2}, {3} au {4} ; le jour du changement n'a pas été trouvé.",
            "{0}: {1} until {2}, {3} on {4}; the day of the change was not found.",
            name, entry.cited, (value.parameter.fr or act, value.parameter.label), _amount(entry, value.parameter),
            _told_day(entry.until or entry.since), _amount(other, value.parameter), _told_day(other.since))  # fmt: skip
    if value.reading.doubt == "unread":
        return doubt(
            "{0} : la valeur utilisée a été lue pour le {1}, {2} après ces soins ; une source la dit la même avant.",
            "{0}: the value used was read for {1}, {2} after this care; a source says it was the same before.",
            name, entry.cited, act, _told_day(entry.since), _age(value.on, entry.since), kind="dated")  # fmt: skip
    until = value.parameter.known_until or entry.since
    return doubt(
        "{0} : la dernière valeur connue est utilisée ; elle a été trouvée jusqu'au {1}, {2} avant ces soins, et a"
        " pu changer depuis.",
        "{0}: the last known value is used; it was found until {1}, {2} before this care, and may have changed"
        " since.",
        name, entry.cited, act, _told_day(until), _age(until, value.on), kind="dated")  # fmt: skip


def disagreement(parameter: Parameter, entry: Entry, other: Entry) -> Step:
    """Both values of a parameter that sources disagree on, with where each was read."""
    return doubt(
        "{0} : les sources ne s'accordent pas. {1} d'après {2}, {3} d'après {4}.",
        "{0}: the sources disagree. {1} according to {2}, {3} according to {4}.",
        parameter.name, entry.cited, (parameter.fr, parameter.label),
        _amount(entry, parameter), _where(entry), _amount(other, parameter), _where(other))  # fmt: skip


def _unchecked(steps: tuple[Step, ...], on: date) -> list[Step]:
    """What to know of a day past the one until which somebody checked the tables that were used."""
    reviews = tables().reviews
    used = {step.rule.partition(".")[0] for step in steps}
    days = [reviews[concept] for concept in used if concept in reviews and reviews[concept] < on]
    if not days:
        return []
    return [doubt(
        "Tarifs vérifiés jusqu'au {0}, {1} avant ces soins : ce qui a changé depuis n'y est pas.",
        "Tariffs checked until {0}, {1} before this care: what has changed since is not in them.",
        "review", "config/tariffs", _told_day(min(days)), _age(min(days), on), kind="dated")]  # fmt: skip


def _amount(entry: Entry, parameter: Parameter) -> Decimal | str | tuple[str, str]:
    if parameter.unit == "EUR":
        return entry.value
    if parameter.unit == "flag":
        return ("oui", "yes") if entry.value else ("non", "no")
    return f"{plain(entry.value)} %" if parameter.unit == "percent" else plain(entry.value)


def _where(entry: Entry) -> tuple[str, str]:
    source = cite(entry.source)
    return source.fr, source.en


def _told_day(day: date) -> tuple[str, str]:
    return f"{day:%d/%m/%Y}", day.isoformat()


def _age(since: date, on: date) -> tuple[str, str]:
    """How long ``since`` lies before ``on``, in French and English: days, then months, then years."""
    days = (on - since).days
    months = (on.year - since.year) * 12 + on.month - since.month - (on.day < since.day)
    count, fr, en = (days, "jour", "day") if months < 2 else (months, "mois", "month") if months < 24 else (
        months // 12, "an", "year")  # fmt: skip
    many = count > 1
    return f"{count} {fr}{'s' if many and fr != 'mois' else ''}", f"{count} {en}{'s' if many else ''}"
