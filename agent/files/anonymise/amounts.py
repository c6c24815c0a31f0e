"""The amounts of a table, drawn anew so that what added up still does: base by rate, days by daily amount, and totals.

Each amount is drawn by itself and not computed from the original one: knowing one of them does not give another.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from agent.files.anonymise.pseudonyms import Disguise

_TRIES = 60
_DEDUCTION = (30, 499)
"""Cents of a deduction: small, so that a total stays above nothing."""


@dataclass(slots=True)
class Row:
    """The numbers of one line: amounts in cents, rates in per cent, whole numbers (a count of days)."""

    amounts: list[int]
    rates: list[int] = field(default_factory=list)
    counts: list[str] = field(default_factory=list)
    length: tuple[int, int] | None = None
    """Days of a period: how many there were, and how many there are in the copy."""
    total: bool = False
    """It closes the lines above it."""


def draw(rows: list[Row], disguise: Disguise) -> list[Row]:
    """New numbers for every row, in order."""
    made: list[Row] = []
    part: list[Row] = []
    for row in rows:
        part.append(row)
        if row.total:
            made += _part(part, disguise)
            part = []
    return made + [_row(row, disguise) for row in part]


def _part(part: list[Row], disguise: Disguise) -> list[Row]:
    """Lines and the total that closes them."""
    *lines, total = part
    adds_up = sum(line.amounts[-1] for line in lines) == total.amounts[-1]
    for _ in range(_TRIES):
        made = [_row(line, disguise) for line in lines]
        value = sum(line.amounts[-1] for line in made)
        if not adds_up or not lines:
            value += _fresh(disguise, 1000, 9999)
        if value > 0 and disguise.fresh(value):
            break
    return [*made, Row([*(_any(one, disguise) for one in total.amounts[:-1]), value], total=True)]


def _row(row: Row, disguise: Disguise) -> Row:
    if len(row.amounts) >= 3 and row.rates:
        made = _care(row, disguise)
        for _ in range(_TRIES):
            if all(map(disguise.fresh, made.amounts)):
                break
            made = _care(row, disguise)
        return made
    if len(row.amounts) == 2 and row.length and row.amounts[0] * row.length[0] == row.amounts[1]:
        daily = _fresh(disguise, 1000, 5999)
        return Row([daily, daily * row.length[1]])
    return Row([_any(one, disguise) for one in row.amounts], [int(disguise.rate()) for _ in row.rates])


def _care(row: Row, disguise: Disguise) -> Row:
    """Price, base, then a rate and a share, once or twice."""
    price, base, *shares = row.amounts
    new_base = _fresh(disguise, 1000, 9999)
    new_price = new_base if price == base else new_base + _fresh(disguise, 100, 4999)
    rates = [int(disguise.rate()) for _ in row.rates]
    made = []
    for at, share in enumerate(shares):
        rate, new_rate = (row.rates[at], rates[at]) if at < len(rates) else (None, 50)
        exact = rate is not None and abs(share * 100 - base * rate) <= 100
        made.append(round(new_base * new_rate / 100) if exact else disguise.chance.randint(100, new_base))
    return Row([new_price, new_base, *made], rates)


def _any(cents: int, disguise: Disguise) -> int:
    if cents < 0:
        return -_fresh(disguise, *_DEDUCTION)
    return _fresh(disguise, 500, 9999) if cents else 0


def _fresh(disguise: Disguise, low: int, high: int) -> int:
    """An amount that the original does not hold."""
    made = low
    for _ in range(_TRIES):
        made = disguise.chance.randint(low, high)
        if disguise.fresh(made):
            break
    return made
