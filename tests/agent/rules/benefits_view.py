"""A second, plain reading of cash benefits, of the flat share on costly acts and of what the C2S leaves to pay.

It shares nothing with the engine or its tables: figures are written here, from the pages that print them, and the
ceilings and the minimum wage are the outside judge's (``openfisca.json``).
"""

import json
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import TypeVar

_JUDGE = json.loads(Path(__file__).with_name("openfisca.json").read_text("utf-8"))["parameters"]
_T = TypeVar("_T")
_CENT = Decimal("0.01")
_WAITING = 3
_WAGE_RULES = ((date(2025, 4, 1), Decimal("1.4")), (date(2012, 1, 1), Decimal("1.8")))
_FLAT = ((date(2013, 7, 1), Decimal("0.79")), (date(2012, 1, 1), Decimal("0.8032")))
_PAT = ((date(2026, 4, 22), 32), (date(2019, 1, 1), 24), (date(2007, 1, 1), 18))
_COSTLY = ((date(2011, 2, 24), 120), (date(2007, 1, 1), 91))


@dataclass(frozen=True)
class Stoppage:
    """What is paid from the ``first`` day of a stoppage of work that begins ``on`` a day."""

    on: date
    wage: Decimal
    """A month's, gross."""
    days: int
    first: int = 1
    children: int = 0


def ceiling_of_a_month(on: date) -> Decimal:
    """The monthly ceiling of social security."""
    return _judged("prelevements_sociaux.pss.plafond_securite_sociale_mensuel", on)


def sickness(one: Stoppage) -> Decimal:
    """Half of the daily wage of three months, which counts up to 1.8 then 1.4 minimum wages of the month before; two
    thirds from the 31st day on with three children, if that day came before July 2020."""
    end_of_month_before = one.on.replace(day=1) - timedelta(days=1)
    if one.on < date(2012, 1, 1):
        most = ceiling_of_a_month(one.on)
    else:
        most = _judged("marche_travail.salaire_minimum.smic.smic_b_mensuel", end_of_month_before)
        most = _cents(most) * _since(_WAGE_RULES, one.on)
    daily = min(one.wage, most) * 12 / 365
    half, thirds = _cents(daily / 2), _cents(daily * 2 / 3)
    large = one.children >= 3 and one.on + timedelta(days=30) < date(2020, 7, 1)
    first = max(one.first, _WAITING + 1)
    return sum((thirds if large and day >= 31 else half for day in range(first, first + one.days)), Decimal(0))


def accident(one: Stoppage) -> Decimal:
    """60 % of a day of the last month, 80 % from the 29th day on, never above the net wage of a day."""
    daily = one.wage / Decimal("30.42")
    yearly = _judged("prelevements_sociaux.pss.plafond_securite_sociale_annuel", one.on)
    counted = min(daily, yearly * Decimal("0.00834"))
    net = _cents(daily * _since(_FLAT, one.on))
    return sum(
        (min(net, _cents(counted * (Decimal("0.8") if day >= 29 else Decimal("0.6"))))
         for day in range(one.first, one.first + one.days)), Decimal(0))


def birth(one: Stoppage, least: Decimal) -> Decimal:
    """The daily wage of three months up to the monthly ceiling, less a share for contributions; ``least`` a day."""
    daily = min(one.wage, ceiling_of_a_month(one.on)) * 12 / 365
    return max(least, _cents(daily * _since(_FLAT, one.on))) * one.days


def pension(on: date, wage: Decimal, category: int, least: Decimal, helper: Decimal) -> Decimal:
    """30 % or 50 % of the wage up to the monthly ceiling, ``least`` at least, and in the third category ``helper``."""
    share = Decimal("0.3") if category == 1 else Decimal("0.5")
    month = max(least, _cents(min(wage, ceiling_of_a_month(on)) * share))
    return month + (helper if category == 3 else 0)


def costly(on: date, base: Decimal, *, stay: bool, in_it: bool, c2s: bool) -> tuple[Decimal, Decimal, Decimal]:
    """What the fund pays, its flat share and what the C2S adds, on a technical act or a stay with one (``in_it``)."""
    rate = Decimal("0.8") if stay else Decimal("0.7")
    share = _cents(base * rate)
    if not (in_it if stay else base >= _since(_COSTLY, on)):
        return share, Decimal(0), base - share if c2s else Decimal(0)
    if c2s:  # the cover pays the ordinary share; the flat one is not due
        return share, Decimal(0), base - share
    flat = min(Decimal(_since(_PAT, on)), base)
    return base - flat, flat, Decimal(0)


def _judged(path: str, on: date) -> Decimal:
    known = [value for since, value in _JUDGE[path]["values"] if since <= on.isoformat()]
    return Decimal(known[-1])


def _since(steps: tuple[tuple[date, _T], ...], on: date) -> _T:
    return next(value for day, value in steps if day <= on)


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(_CENT, ROUND_HALF_UP)
