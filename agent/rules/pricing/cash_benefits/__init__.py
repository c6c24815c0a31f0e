"""Cash benefits: daily allowances in sickness, after a work accident and around a birth, invalidity pensions, the death
grant. One estimate is of ``quantity`` days or months that are paid, gross."""

from agent.rules.codes.nomenclature import Act
from agent.rules.dated_tables import Law
from agent.rules.errors import NotPriced
from agent.rules.pricing.cash_benefits.benefit import Benefit
from agent.rules.pricing.cash_benefits.death_grant import death_grant
from agent.rules.pricing.cash_benefits.invalidity import invalidity_pension
from agent.rules.pricing.cash_benefits.maternity import birth_allowance
from agent.rules.pricing.cash_benefits.sickness import sickness_allowance
from agent.rules.pricing.cash_benefits.work_accident import accident_allowance
from agent.rules.pricing.request import Care
from agent.rules.pricing.result import Estimate

__all__ = ["price_benefit"]

_AROUND_BIRTH = {"PRE", "POS", "PER", "ADO"}


def price_benefit(care: Care, act: Act, law: Law) -> Estimate:
    """The gross benefit from ``wage`` (a month, gross) or the daily wage in ``base`` or ``price``; ``on`` is the first
    day of the stoppage.

    Raises BaseNeeded without a wage, NotPriced for benefits of which no rate was found, UnknownDate.
    """
    if not act.rate:
        raise NotPriced(
            act=act.code, fr="le taux de cette indemnité n'a pas été trouvé",
            en="the rate of this allowance was not found",
        )
    return _benefit(care, act, law).estimate(care)


def _benefit(care: Care, act: Act, law: Law) -> Benefit:
    family, _, which = act.code.partition("/")
    if family == "INV":
        return invalidity_pension(care, int(which), law)
    if family == "DEATH":
        return death_grant(care, which, law)
    if family in _AROUND_BIRTH or (family == "IJ" and "maternity" in care.situations):
        return birth_allowance(care, law)
    if "work_accident" in care.situations:
        return accident_allowance(care, law)
    return sickness_allowance(care, law)
