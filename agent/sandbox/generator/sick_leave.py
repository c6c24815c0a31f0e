"""Sick leave of the insured person: when, and what each fortnight pays."""

import random
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal

from agent.sandbox.generator.household import Family
from agent.sandbox.model import SickPayLine
from config.tariffs import Tariffs, load

_CENT = Decimal("0.01")
_QUARTER_DAYS = Decimal("91.25")
"""Days by which the wages of three months are divided."""


@dataclass(slots=True)
class Fortnight:
    """What one payment of allowances covers, and the day it is paid."""

    paid_on: date
    line: SickPayLine


def sick_leaves(rng: random.Random, family: Family, since: date, until: date) -> list[Fortnight]:
    """Payments for one or two leaves in the last years for which the minimum wage is known."""
    tariffs = load()
    first_wage = tariffs.parameter("sick_pay.smic_month").history[0].since
    first = max(since, first_wage + timedelta(days=31), date(family.insured.birth_date.year + 18, 1, 1))
    span = (until - first).days - 60
    paid: list[Fortnight] = []
    if span <= 0:
        return paid
    for _ in range(rng.choice((1, 1, 2))):
        start = first + timedelta(days=rng.randrange(span))
        length = rng.choice((9, 17, 35, 52))
        taken = {day for part in paid for day in _days(part.line)}
        if not taken & {start + timedelta(days=step) for step in range(length)}:
            paid.extend(_pay(tariffs, family.wage, start, length, until))
    paid.sort(key=lambda part: part.paid_on)
    return paid


def _days(line: SickPayLine) -> set[date]:
    return {line.start + timedelta(days=step) for step in range((line.end - line.start).days + 1)}


def _pay(tariffs: Tariffs, wage: int, start: date, length: int, until: date) -> list[Fortnight]:
    daily = net_allowance(tariffs, wage, start)
    waiting = int(tariffs.value("sick_pay.waiting_days", start))
    day, last = start + timedelta(days=waiting), start + timedelta(days=length - 1)
    parts = []
    while day <= last:
        end = min(day + timedelta(days=13), last)
        paid_on = end + timedelta(days=4)
        while paid_on.weekday() > 4:
            paid_on += timedelta(days=1)
        days = (end - day).days + 1
        if paid_on <= until:
            parts.append(Fortnight(paid_on, SickPayLine("IJ NORMALES", day, end, days, daily, daily * days)))
        day = end + timedelta(days=1)
    return parts


def net_allowance(tariffs: Tariffs, wage: int, start: date) -> Decimal:
    """Euros a day after contributions: half the daily base of three capped months, the cap by the day of the stop."""
    month_before = start.replace(day=1) - timedelta(days=1)
    cap = tariffs.value("sick_pay.smic_month", month_before) * tariffs.value("sick_pay.wage_cap", start)
    base = min(Decimal(wage), cap) * 3 / _QUARTER_DAYS
    gross = (base * tariffs.value("sick_pay.rate", start) / 100).quantize(_CENT, ROUND_DOWN)
    kept = 1 - tariffs.value("sick_pay.contributions", start) / 100
    return (gross * kept).quantize(_CENT, ROUND_DOWN)
