"""The death grant (L361-1, D361-1): a sum once, whatever was earned."""

from decimal import Decimal

from agent.rules.dated_tables import Law
from agent.rules.pricing.cash_benefits.benefit import Benefit, number
from agent.rules.pricing.request import Care
from agent.rules.pricing.steps import Step, cents

_FULL = Decimal(100)
_SHARES = {
    "SELF-EMPLOYED": ("death_grant.self_employed", "un indépendant non retraité", "a self-employed person not retired"),
    "SELF-EMPLOYED-RETIRED": (
        "death_grant.self_employed_retired", "un indépendant retraité", "a retired self-employed person"),
}


def death_grant(care: Care, which: str, law: Law) -> Benefit:
    """The grant for a person who died on ``on``: salaried when ``which`` is empty. Raises UnknownDate."""
    if not which:
        name = "death_grant.salaried"
        amount = law.value(name)
        step = Step(
            "Capital décès d'un salarié : {0}, une fois.", "Death grant of a salaried person: {0}, once.",
            amount, name, law.source(name), amount)
    else:
        name, fr, en = _SHARES[which]
        rate = law.value(name)
        amount = cents(law.value("sick_pay.year_ceiling") * rate / 100)
        step = Step(
            "Capital décès pour {2} : {0} % du plafond annuel de la sécurité sociale, {1}, une fois.",
            "Death grant for {2}: {0} % of the yearly ceiling of social security, {1}, once.",
            amount, name, law.source(name), number(rate), amount, (fr, en))
    return Benefit(amount, amount, _FULL, amount, [step], replaces=False)
