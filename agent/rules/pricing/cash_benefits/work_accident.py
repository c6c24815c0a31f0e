"""Daily allowances after a work accident or for an occupational disease (R433-1 to R433-4)."""

from decimal import Decimal

from agent.rules.dated_tables import Law
from agent.rules.pricing.cash_benefits.benefit import (
    Benefit,
    capped_step,
    daily_wage,
    number,
    own_contributions,
    paid_step,
)
from agent.rules.pricing.request import Care
from agent.rules.pricing.steps import Step, cents, doubt

_MONTHS = 1


def accident_allowance(care: Care, law: Law) -> Benefit:
    """The allowance of the days from the accident on, or from day ``stay_day`` on. Raises BaseNeeded, UnknownDate."""
    daily, first = daily_wage(care, _MONTHS, "sick_pay.month_divisor", law)
    steps = [first]
    cap = law.value("sick_pay.year_ceiling") * law.value("sick_pay.accident_wage_cap") / 100
    counted = min(daily, cap)
    if counted < daily:
        steps.append(capped_step(
            counted, "sick_pay.accident_wage_cap", law,
            "le salaire d'un jour compte jusqu'à {1} % du plafond annuel de la sécurité sociale, {2}",
            "a day's wage counts up to {1} % of the yearly ceiling of social security, {2}",
            number(law.value("sick_pay.accident_wage_cap")), law.value("sick_pay.year_ceiling")))
    change = int(law.value("sick_pay.accident_later_day"))
    later = min(care.quantity, max(0, care.stay_day + care.quantity - change))
    amount = Decimal(0)
    for name, days in (("accident_rate", care.quantity - later), ("accident_rate_later", later)):
        if not days:
            continue
        rate = law.value(f"sick_pay.{name}")
        a_day, more = _at_most_net(cents(counted * rate / 100), daily, law)
        steps += more
        amount += a_day * days
        steps.append(paid_step(rate, a_day, days, a_day * days, f"sick_pay.{name}", law))
    return Benefit(daily, counted, law.value("sick_pay.accident_rate"), amount, steps)


def _at_most_net(a_day: Decimal, daily: Decimal, law: Law) -> tuple[Decimal, list[Step]]:
    """Never above the net daily wage, and the steps that say so (R433-4)."""
    name = "sick_pay.flat_charges"
    history = law.tariffs.parameter(name).history
    if a_day <= cents(daily * (100 - max(entry.value for entry in history)) / 100):
        return a_day, []
    charges = law.value_or_none(name)
    if charges is None:
        return a_day, [doubt(
            "Jamais plus que le salaire net, dont la part n'a pas été trouvée pour ce jour-là.",
            "Never more than the net wage, whose share was not found for that day.", name, history[0].cited)]
    net = cents(daily * (100 - charges) / 100)
    if a_day <= net:
        return a_day, own_contributions(name, law)
    step = Step(
        "Jamais plus que le salaire journalier net, {0} (le brut moins {1} %).",
        "Never more than the net daily wage, {0} (the gross less {1} %).",
        net, name, law.source(name), net, number(charges))  # fmt: skip
    return net, [step, *own_contributions(name, law)]
