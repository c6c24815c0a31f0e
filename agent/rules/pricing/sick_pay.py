"""Daily allowances: illness, work accident, maternity. One estimate is of ``quantity`` days that are paid."""

from datetime import timedelta
from decimal import Decimal

from agent.rules.codes.nomenclature import Act
from agent.rules.dated_tables import Law
from agent.rules.errors import BaseNeeded, NotPriced
from agent.rules.pricing.request import Care
from agent.rules.pricing.result import Estimate
from agent.rules.pricing.steps import Step, cents, plain

_ZERO = Decimal(0)
_MONTHS = 3
_AROUND_BIRTH = {"PRE", "POS"}


def price_days(care: Care, act: Act, law: Law) -> Estimate:
    """Gross allowances from ``wage`` (a month) or the daily wage in ``base`` or ``price``.

    Raises BaseNeeded without any of them, NotPriced for allowances of which no rate was found, UnknownDate.
    """
    if not act.rate:
        raise NotPriced(
            act=act.code,
            fr="le taux de cette indemnité n'a pas été trouvé",
            en="the rate of this allowance was not found",
        )
    if "work_accident" in care.situations:
        daily, counted, rate, rule = _accident(care, law)
    elif act.code in _AROUND_BIRTH or "maternity" in care.situations:
        daily, counted, rate, rule = _maternity(care, law)
    else:
        daily, counted, rate, rule = _illness(care, law)
    a_day = cents(counted * rate / 100)
    amount = a_day * care.quantity
    if rule == "R433-4":
        a_day, amount = _accident_days(daily, counted, care.quantity, law)
    price = max(cents(daily) * care.quantity, amount)
    steps = [
        Step(
            "Salaire journalier : {0}, compté pour {1}.",
            "Daily wage: {0}, counted as {1}.",
            counted,
            rule,
            "CSS",
            daily,
            counted,
        ),
        Step(
            "Indemnité : {0} % = {1} par jour, {2} jour(s).",
            "Allowance: {0} % = {1} a day, {2} day(s).",
            amount,
            rule,
            "CSS",
            plain(rate),
            a_day,
            str(care.quantity),
        ),
    ]
    if rule == "R323-4":
        taken = cents(amount * law.value("sick_pay.contributions") / 100)
        steps.append(
            Step(
                "CSG et CRDS : {0} en seront retirés ; les {1} premiers jours d'arrêt ne sont pas payés.",
                "CSG and CRDS: {0} will be taken; the first {1} days of a stoppage are not paid.",
                -taken,
                "sick_pay.contributions",
                law.source("sick_pay.contributions"),
                taken,
                plain(law.value("sick_pay.waiting_days")),
            )
        )
    lost = price - amount
    steps.append(
        Step(
            "Salaire que cette indemnité ne remplace pas : {0}.",
            "Wage that this allowance does not replace: {0}.",
            lost,
            "price - amo - amc",
            "CSS",
            lost,
        )
    )
    base = min(counted * care.quantity, price)
    return Estimate(care.act, price, base, rate, amount, _ZERO, _ZERO, _ZERO, _ZERO, tuple(steps))


def _daily(care: Care, months: int, divisor: Decimal) -> Decimal:
    if care.wage is not None:
        return care.wage * months / divisor
    given = care.base if care.base is not None else care.price
    if given is None:
        raise BaseNeeded(act=care.act[:40], nearest="wage, base, price")
    return given


def _illness(care: Care, law: Law) -> tuple[Decimal, Decimal, Decimal, str]:
    daily = _daily(care, _MONTHS, law.value("sick_pay.quarter_divisor"))
    counted = daily
    # A daily wage given as the base is capped already.
    if care.base is None:
        before = law.at(care.on.replace(day=1) - timedelta(days=1))
        cap = before.value("sick_pay.smic_month") * law.value("sick_pay.wage_cap")
        counted = min(daily, cap * _MONTHS / law.value("sick_pay.quarter_divisor"))
    year = law.value_or_none("sick_pay.year_ceiling")
    if year is not None:  # R323-9: the allowance is at most a 730th of the yearly ceiling
        counted = min(counted, year / law.value("sick_pay.year_share_days") * 100 / law.value("sick_pay.rate"))
    return daily, counted, law.value("sick_pay.rate"), "R323-4"


def _accident(care: Care, law: Law) -> tuple[Decimal, Decimal, Decimal, str]:
    daily = _daily(care, 1, law.value("sick_pay.month_divisor"))
    cap = law.value("sick_pay.year_ceiling") * law.value("sick_pay.accident_wage_cap") / 100
    return daily, min(daily, cap), law.value("sick_pay.accident_rate"), "R433-4"


def _accident_days(daily: Decimal, counted: Decimal, days: int, law: Law) -> tuple[Decimal, Decimal]:
    """The first day's allowance and that of all days counted from the accident, more from the 29th on."""
    net = cents(daily * (100 - law.value("sick_pay.flat_charges")) / 100)  # never above the net wage
    first = min(net, cents(counted * law.value("sick_pay.accident_rate") / 100))
    later = min(net, cents(counted * law.value("sick_pay.accident_rate_later") / 100))
    late_days = max(0, days - int(law.value("sick_pay.accident_later_day")) + 1)
    return first, first * (days - late_days) + later * late_days


def _maternity(care: Care, law: Law) -> tuple[Decimal, Decimal, Decimal, str]:
    divisor = law.value("sick_pay.quarter_divisor")
    daily = _daily(care, _MONTHS, divisor)
    capped = min(daily, law.value("sick_pay.month_ceiling") * _MONTHS / divisor)
    net = capped * (100 - law.value("sick_pay.flat_charges")) / 100
    return daily, net, law.value("rate.full"), "R331-5"
