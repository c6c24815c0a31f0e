"""Flat charges that the fund does not pay: the day of a hospital stay, the emergency visit without a stay."""

from dataclasses import dataclass, replace
from decimal import Decimal

from agent.rules.codes.nomenclature import Billed, Kind
from agent.rules.dated_tables import Law
from agent.rules.pricing.request import Care
from agent.rules.pricing.result import Estimate, left_to_pay
from agent.rules.pricing.steps import Step, note

_ZERO = Decimal(0)
_NO_DAY_CHARGE = {"work_accident", "maternity", "ame"}
_NO_EMERGENCY_CHARGE = {"maternity", "pension_invalidity", "c2s", "ame"}
_REDUCED = {"ald", "work_accident"}


@dataclass(frozen=True, slots=True)
class Charge:
    """A flat charge: what is due, and whether it is somebody else's by right (C2S, local scheme)."""

    amount: Decimal
    paid_by_right: bool
    steps: tuple[Step, ...]


def find_charge(care: Care, billed: Billed, law: Law) -> Charge:
    """The charge of all the days, or of the emergency visit. Raises UnknownDate."""
    return _emergency(care, billed, law) if billed.act.kind is Kind.EMERGENCY else _days(care, billed, law)


def _days(care: Care, billed: Billed, law: Law) -> Charge:
    name = billed.act.tariff
    if care.situations & _NO_DAY_CHARGE or _newborn(care, law):
        return _not_due("Le forfait journalier", "The daily charge", "L174-4")
    unit = law.value(name)
    amount = unit * care.quantity
    steps = [
        Step(
            "Forfait journalier : {0} × {1} = {2}, hors Assurance Maladie.",
            "Daily charge: {0} × {1} = {2}, which the fund does not pay.",
            amount,
            name,
            law.source(name),
            str(care.quantity),
            unit,
            amount,
        )
    ]
    return Charge(amount, bool(care.situations & {"c2s", "alsace_moselle"}), tuple(steps))


def _not_due(fr: str, en: str, rule: str) -> Charge:
    step = note(f"{fr} n'est pas dû dans cette situation.", f"{en} is not due in this situation.", rule, "CSS")
    return Charge(_ZERO, False, (step,))


def _newborn(care: Care, law: Law) -> bool:
    return care.birth_date is not None and (care.on - care.birth_date).days < law.value("hospital.newborn_days")


def _days_of(care: Care, unit: Decimal) -> int:
    """The days said, else those that a price of whole days tells."""
    price = care.price or _ZERO
    if care.quantity == 1 and price > unit and not price % unit:
        return int(price / unit)
    return care.quantity


def _emergency(care: Care, billed: Billed, law: Law) -> Charge:
    if care.situations & _NO_EMERGENCY_CHARGE or _newborn(care, law):
        return _not_due("Le forfait patient urgences", "The emergency charge", "L160-13 I")
    reduced = bool(care.situations & _REDUCED) or billed.act.tariff == "hospital.emergency_reduced"
    name = "hospital.emergency_reduced" if reduced else "hospital.emergency"
    unit = law.value(name)
    kind = (" réduit", " (reduced)") if reduced else ""
    return Charge(
        unit,
        False,
        (
            Step(
                "Forfait patient urgences{0} : {1}, qui remplace toute autre part du passage.",
                "Emergency charge{0}: {1}, in place of any other share of the visit.",
                unit,
                name,
                law.source(name),
                kind,
                unit,
            ),
        ),
    )


def price_charge(care: Care, billed: Billed, law: Law) -> Estimate:
    """A flat charge on its own. Raises UnknownDate."""
    if billed.act.kind is Kind.DAY_CHARGE:
        care = replace(care, quantity=_days_of(care, law.value(billed.act.tariff)))
    charge = find_charge(care, billed, law)
    price = charge.amount if care.price is None else care.price
    steps = list(charge.steps)
    amc, paid = charge_paid(care, min(charge.amount, price), charge.paid_by_right)
    steps += paid
    if price > charge.amount:
        steps.append(
            Step(
                "{0} de plus que le forfait dû : demandez pourquoi à l'établissement.",
                "{0} more than the charge due: ask the hospital why.",
                price - charge.amount,
                billed.act.tariff,
                law.source(billed.act.tariff),
                price - charge.amount,
            )
        )
    steps.append(left_to_pay(price - amc))
    return Estimate(care.act, price, _ZERO, _ZERO, _ZERO, _ZERO, _ZERO, _ZERO, amc, tuple(steps))


def charge_paid(care: Care, amount: Decimal, by_right: bool) -> tuple[Decimal, list[Step]]:
    """Who pays a flat charge beside the person: a cover by right, else a responsible contract, whatever the days."""
    if not amount or not (by_right or care.top_up):
        return _ZERO, []
    if by_right:
        local = "alsace_moselle" in care.situations and "c2s" not in care.situations
        fr = "Le régime local d'Alsace-Moselle" if local else "La complémentaire santé solidaire"
        en = "The local scheme of Alsace-Moselle" if local else "The complementary solidarity cover"
        rule = "L325-1" if local else "L861-3"
    else:
        fr, en, rule = "La complémentaire responsable", "The responsible top-up", "R871-2"
    step = Step(
        "{0} paie ce forfait : {1}.",
        "{0} pays this charge: {1}.",
        amount,
        rule,
        "CSS",
        (fr, en),
        amount,
    )
    return amount, [step]
