"""Daily allowances in sickness (R323-1 to R323-9): half the daily wage, up to a multiple of the minimum wage."""

from datetime import timedelta
from decimal import Decimal

from agent.rules.dated_tables import Law
from agent.rules.pricing.cash_benefits.benefit import (
    Benefit,
    capped_step,
    contributions_step,
    daily_wage,
    number,
    paid_step,
)
from agent.rules.pricing.request import Care
from agent.rules.pricing.steps import Step, cents, note

_MONTHS = 3
_YEAR = 12


def sickness_allowance(care: Care, law: Law) -> Benefit:
    """The allowance of the days paid. Raises BaseNeeded, UnknownDate."""
    daily, first = daily_wage(care, _MONTHS, "sick_pay.quarter_divisor", law)
    steps = [first]
    counted = daily
    # A daily wage given as the base is capped already.
    if care.base is None:
        counted = min(daily, _month_cap(law) * _MONTHS / law.value("sick_pay.quarter_divisor"))
    rate = law.value("sick_pay.rate")
    # R323-9: at most a 730th of a year of the highest wage counted
    most = _month_cap(law) * _YEAR / law.value("sick_pay.year_share_days")
    counted = min(counted, most * 100 / rate)
    if counted < daily:
        steps.append(_cap_step(counted, law))
    a_day = cents(counted * rate / 100)
    larger, days = _with_children(care, law)
    amount = a_day * (care.quantity - days)
    if care.quantity > days:
        steps.append(paid_step(rate, a_day, care.quantity - days, amount, "sick_pay.rate", law))
    if days:
        a_late_day = cents(counted * larger / 100)
        amount += a_late_day * days
        steps.append(_children_step(law, a_late_day, days))
    steps += [contributions_step(amount, law), _waiting_step(law)]
    return Benefit(daily, counted, rate, amount, steps)


def _month_cap(law: Law) -> Decimal:
    """Up to what a monthly wage counts (R323-4), by the first day of the stoppage."""
    times = law.value_or_none("sick_pay.wage_cap")
    if times is None:  # until 2011
        return law.value("sick_pay.month_ceiling")
    return times * _month_before(law).value("sick_pay.smic_month")


def _month_before(law: Law) -> Law:
    """The tables on the last day of the month before the stoppage, whose minimum wage counts."""
    return law.at(law.on.replace(day=1) - timedelta(days=1))


def _cap_step(counted: Decimal, law: Law) -> Step:
    times = law.value_or_none("sick_pay.wage_cap")
    if times is None:
        return capped_step(
            counted, "sick_pay.month_ceiling", law,
            "le salaire d'un mois compte jusqu'au plafond de la sécurité sociale, {1}",
            "a month's wage counts up to the ceiling of social security, {1}", law.value("sick_pay.month_ceiling"))
    return capped_step(
        counted, "sick_pay.wage_cap", law,
        "le salaire d'un mois compte jusqu'à {1} Smic, le Smic étant celui de la fin du mois d'avant l'arrêt, {2}",
        "a month's wage counts up to {1} minimum wages, of the end of the month before the stoppage, {2}",
        number(times), _month_before(law).value("sick_pay.smic_month"))


def _with_children(care: Care, law: Law) -> tuple[Decimal, int]:
    """The larger share paid to parents of several children, and how many days of the line have it.

    Only stoppages whose day of change was reached while the law stood have it (loi 2019-1446, article 85).
    """
    if care.children < law.value("sick_pay.children_least"):
        return Decimal(0), 0
    since = int(law.value("sick_pay.children_from_day"))
    rate = law.at(law.on + timedelta(days=since - 1)).value_or_none("sick_pay.children_rate")
    if rate is None:
        return Decimal(0), 0
    first = max(care.stay_day, int(law.value("sick_pay.waiting_days")) + 1)
    return rate, min(care.quantity, max(0, first + care.quantity - since))


def _children_step(law: Law, a_day: Decimal, days: int) -> Step:
    name = "sick_pay.children_rate"
    return Step(
        "Avec {0} enfants ou plus, deux tiers du salaire à partir du {1}e jour d'arrêt : {2} par jour, pour {3} jour(s)"
        " : {4}.",
        "With {0} children or more, two thirds of the wage from day {1} of the stoppage on: {2} a day, for {3} day(s):"
        " {4}.",
        a_day * days, name, law.source("sick_pay.children_from_day"), number(law.value("sick_pay.children_least")),
        number(law.value("sick_pay.children_from_day")), a_day, str(days), a_day * days)  # fmt: skip


def _waiting_step(law: Law) -> Step:
    name = "sick_pay.waiting_days"
    return note(
        "Les {0} premiers jours d'arrêt ne sont pas payés ; ils ne sont pas comptés ici.",
        "The first {0} days of a stoppage are not paid; they are not counted here.",
        name, law.source(name), number(law.value(name)))  # fmt: skip
