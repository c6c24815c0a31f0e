"""Daily allowances of maternity, paternity and adoption leave (R331-5): the net daily wage up to a ceiling."""

from datetime import date
from decimal import Decimal

from agent.rules.dated_tables import Law
from agent.rules.pricing.cash_benefits.benefit import (
    Benefit,
    capped_step,
    contributions_step,
    daily_wage,
    number,
    own_contributions,
)
from agent.rules.pricing.request import Care
from agent.rules.pricing.steps import Step, cents, doubt

_LEAST = "sick_pay.maternity_least"
_FULL = Decimal(100)


def birth_allowance(care: Care, law: Law) -> Benefit:
    """The allowance of the days paid. Raises BaseNeeded, UnknownDate."""
    months = int(law.value("sick_pay.maternity_months"))
    daily, first = daily_wage(care, months, "sick_pay.quarter_divisor", law)
    steps = [first]
    ceiling = law.value("sick_pay.month_ceiling")
    capped = min(daily, ceiling * months / law.value("sick_pay.quarter_divisor"))
    if capped < daily:
        steps.append(capped_step(
            capped, "sick_pay.month_ceiling", law,
            "le salaire d'un mois compte jusqu'au plafond de la sécurité sociale, {1}",
            "a month's wage counts up to the ceiling of social security, {1}", ceiling))
    name = "sick_pay.flat_charges" + ("_alsace_moselle" if "alsace_moselle" in care.situations else "")
    net = capped * (100 - law.value(name)) / 100
    steps.append(Step(
        "Moins {0} % pour les cotisations : {1} par jour.", "Less {0} % for contributions: {1} a day.",
        net, name, law.source(name), number(law.value(name)), net))
    a_day, more = _at_least(cents(net), law)
    amount = a_day * care.quantity
    steps += [*more, *own_contributions(name, law), Step(
        "Indemnité : {0} par jour, pour {1} jour(s) : {2}.", "Allowance: {0} a day, for {1} day(s): {2}.",
        amount, "R331-5", law.source(name), a_day, str(care.quantity), amount), contributions_step(amount, law)]
    return Benefit(daily, net, _FULL, amount, steps)


def _at_least(net: Decimal, law: Law) -> tuple[Decimal, list[Step]]:
    """Never below the least; on days for which it was not found, a small allowance is told as doubtful."""
    least = law.value_or_none(_LEAST)
    if least is None:
        first = law.tariffs.parameter(_LEAST).history[0]
        if net >= first.value:
            return net, []
        return net, [doubt(
            "Il y a un minimum par jour, qui n'a pas été trouvé pour ce jour-là ; il était de {0} le {1}.",
            "There is a least amount a day, which was not found for that day; it was {0} on {1}.",
            _LEAST, first.cited, first.value, _told(first.since))]
    if net >= least:
        return net, []
    return least, [Step(
        "Jamais moins que {0} par jour.", "Never less than {0} a day.", least, _LEAST, law.source(_LEAST), least)]


def _told(day: date) -> tuple[str, str]:
    return f"{day:%d/%m/%Y}", day.isoformat()
