"""Invalidity pensions by category, a month (L341-4 to L341-6, R341-4 to R341-6)."""

from decimal import Decimal

from agent.rules.dated_tables import Law
from agent.rules.errors import BaseNeeded
from agent.rules.pricing.cash_benefits.benefit import Benefit, capped_step, number
from agent.rules.pricing.request import Care
from agent.rules.pricing.steps import Step, cents

_WITH_HELP = 3
"""The category that needs somebody's help; its pension is that of the second, with a supplement."""


def invalidity_pension(care: Care, category: int, law: Law) -> Benefit:
    """The gross pension of ``quantity`` months. ``wage``: the average monthly wage of the ten best years.

    Raises BaseNeeded without it, UnknownDate.
    """
    if care.wage is None:
        raise BaseNeeded(act=care.act[:40], nearest="wage")
    ceiling = law.value("sick_pay.month_ceiling")
    counted, steps = min(care.wage, ceiling), []
    if counted < care.wage:
        steps.append(capped_step(
            counted, "sick_pay.month_ceiling", law, "le salaire compte jusqu'au plafond de la sécurité sociale",
            "the wage counts up to the ceiling of social security"))
    name = f"invalidity.share_{min(category, 2)}"
    rate = law.value(name)
    month = cents(counted * rate / 100)
    steps.append(Step(
        "Pension de catégorie {0} : {1} % du salaire moyen des dix meilleures années, {2} par mois.",
        "Pension of category {0}: {1} % of the average wage of the ten best years, {2} a month.",
        month, name, law.source(name), str(category), number(rate), month))
    least = law.value("invalidity.least")
    if month < least:
        month = least
        steps.append(_step("Jamais moins que {0} par mois.", "Never less than {0} a month.", "least", least, law))
    if category == _WITH_HELP:
        more = law.value("invalidity.third_person")
        month += more
        steps.append(_step(
            "Avec l'aide d'une tierce personne : {0} de plus par mois.",
            "With the help of a third person: {0} more a month.", "third_person", more, law))
    amount = month * care.quantity
    steps.append(Step(
        "Pension brute de {0} mois : {1}.", "Gross pension of {0} month(s): {1}.", amount, "L341-6",
        law.source(name), str(care.quantity), amount))
    return Benefit(care.wage, counted, rate, amount, steps)


def _step(fr: str, en: str, name: str, amount: Decimal, law: Law) -> Step:
    return Step(fr, en, amount, f"invalidity.{name}", law.source(f"invalidity.{name}"), amount)
