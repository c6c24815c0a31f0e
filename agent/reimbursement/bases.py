"""The base of reimbursement of each act of a line."""

from dataclasses import dataclass
from decimal import Decimal

from agent.reimbursement.errors import BaseNeeded, NotPriced
from agent.reimbursement.law import Law
from agent.reimbursement.nomenclature import Billed, Kind, variants
from agent.reimbursement.request import Care
from agent.reimbursement.steps import Step, cents, euros_en, euros_fr, plain

_ONE_FEE = ("G", "GS", "C", "CS")
_FREE_IN_SECTOR_1 = {Kind.PROSTHESIS, Kind.DEVICE}
"""Whose price is free whatever the professional signed."""


@dataclass(frozen=True, slots=True)
class Part:
    """One act of a line with its base in euros, for all its units."""

    billed: Billed
    base: Decimal


def find_parts(care: Care, acts: tuple[Billed, ...], law: Law) -> tuple[list[Part], list[Step]]:
    """The acts with their bases, and a step for each base. Raises BaseNeeded, UnknownDate, NotPriced."""
    if all(billed.act.code == "PHN" for billed in acts):
        step = Step(
            "Médicament non remboursable : il n'a pas de base.",
            "Not refundable: it has no base.",
            Decimal(0),
            "PHN",
            "CSS",
        )
        return [Part(billed, Decimal(0)) for billed in acts], [step]
    counted = [billed for billed in acts if not billed.act.included] or list(acts)
    if care.base is not None:
        return _given(care, counted, care.base, "base", "votre relevé", "your statement")
    without = [billed for billed in counted if not _tariff(billed, care)]
    if without:
        first = without[0].act
        if care.price is None or any(_may_ask_more(billed, care) for billed in without):
            raise BaseNeeded(act=first.code, nearest=", ".join(variants(first.code)))
        return _given(
            care,
            counted,
            care.price,
            "price=tariff",
            "le prix, qui ne peut dépasser le tarif",
            "the price, which may not exceed the tariff",
        )
    parts, steps = [], []
    for billed in counted:
        name = _tariff(billed, care)
        base = law.value(name)
        factor = _coefficient(billed, law)
        whole = cents(base * factor) * care.quantity
        parts.append(Part(billed, whole))
        times = "" if factor == 1 else f" × {plain(factor)}"
        times += "" if care.quantity == 1 else f" × {care.quantity}"
        steps.append(
            Step(
                f"Base de remboursement de {billed.act.code} : {euros_fr(base)}{times} = {euros_fr(whole)}.",
                f"Base of {billed.act.code}: {euros_en(base)}{times} = {euros_en(whole)}.",
                whole,
                name,
                law.source(name),
            )
        )
        if name == "consultation.specialist" and not care.coordinated:
            steps.append(
                Step(
                    "Ce tarif vaut dans le parcours de soins ; en dehors, la base peut être plus basse.",
                    "This tariff holds within the pathway; out of it the base may be lower.",
                    Decimal(0),
                    name,
                    law.source(name),
                )
            )
    return parts, steps


def _given(
    care: Care,
    acts: list[Billed],
    base: Decimal,
    rule: str,
    whose_fr: str,
    whose_en: str,
) -> tuple[list[Part], list[Step]]:
    main = next((billed for billed in acts if billed.act.kind not in {Kind.SUPPLEMENT, Kind.TRAVEL}), acts[0])
    if len({billed.act.rate for billed in acts}) > 1:
        raise NotPriced(
            act=care.act[:40],
            fr="une seule base pour des actes de taux différents ; estimez-les séparément",
            en="one base for acts of different rates; estimate them one by one",
        )
    others = [Part(billed, Decimal(0)) for billed in acts if billed is not main]
    step = Step(
        f"Base de remboursement : {euros_fr(base)}, d'après {whose_fr}.",
        f"Base: {euros_en(base)}, from {whose_en}.",
        base,
        rule,
        "R160-5",
    )
    return [Part(main, base), *others], [step]


def _tariff(billed: Billed, care: Care) -> str:
    """The parameter of the act's tariff, or nothing when the tables have none."""
    act = billed.act
    if care.sector == "2" and act.kind is Kind.DOCTOR and act.free_price:
        # The lower base of sector 2 without OPTAM is known for plain consultations only.
        return "consultation.sector_2" if act.code.partition("/")[0] in _ONE_FEE else ""
    if act.kind is Kind.EMERGENCY and care.situations & {"ald", "work_accident"}:
        return "hospital.emergency_reduced"
    if act.key and billed.coefficient is None and not act.session and care.price is not None:
        return ""  # the coefficient is not said, and the price may not exceed the tariff
    return act.tariff


def _may_ask_more(billed: Billed, care: Care) -> bool:
    act = billed.act
    return act.free_price and (care.sector != "1" or act.kind in _FREE_IN_SECTOR_1)


def _coefficient(billed: Billed, law: Law) -> Decimal:
    if billed.coefficient is not None:
        return billed.coefficient
    return law.value(billed.act.session) if billed.act.session else Decimal(1)
