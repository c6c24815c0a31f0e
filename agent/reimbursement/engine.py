"""From a piece of care to what each pays for it, step by step."""

from decimal import Decimal
from typing import Any

from agent.reimbursement.bases import find_parts
from agent.reimbursement.deductions import find_deductions
from agent.reimbursement.errors import NotPriced
from agent.reimbursement.flat import Charge, charge_paid, find_charge, price_charge
from agent.reimbursement.law import Law
from agent.reimbursement.nomenclature import Billed, Kind, read_acts
from agent.reimbursement.rates import Share, find_share
from agent.reimbursement.request import Care, read_care
from agent.reimbursement.result import Estimate
from agent.reimbursement.sick_pay import price_days
from agent.reimbursement.steps import Step, euros_en, euros_fr
from agent.reimbursement.top_up import Line, find_complement

_ZERO = Decimal(0)
_FLAT = {Kind.DAY_CHARGE, Kind.EMERGENCY}


def estimate(care: Care) -> Estimate:
    """Price one piece of care by the rules of its day.

    Raises UnknownAct, UnknownDate, BaseNeeded or NotPriced, each naming what is nearest: nothing is guessed.
    """
    acts = read_acts(care.act)
    law = Law.of(care.act, care.on)
    flat = [billed for billed in acts if billed.act.kind in _FLAT]
    kinds = {billed.act.kind for billed in acts}
    if len(acts) == 1 and kinds == {Kind.SICK_PAY}:
        return price_days(care, law)
    if len(acts) == 1 and flat:
        return price_charge(care, acts[0], law)
    if Kind.SICK_PAY in kinds or Kind.EMERGENCY in kinds or len(flat) > 1 or (flat and Kind.STAY not in kinds):
        raise NotPriced(
            act=care.act[:40],
            fr="ces codes ne se facturent pas ensemble ; estimez-les séparément",
            en="these codes are not billed together; estimate them one by one",
        )
    return _care(care, tuple(billed for billed in acts if billed not in flat), flat, law)


def complement(care: Care) -> Decimal:
    """What others than the fund add to one piece of care, in euros: ``Estimate.amc`` without the deductions, which
    play no part in it. Raises as ``estimate`` does."""
    acts = read_acts(care.act)
    if any(billed.act.kind in _FLAT or billed.act.kind in {Kind.STAY, Kind.SICK_PAY} for billed in acts):
        return estimate(care).amc
    law = Law.of(care.act, care.on)
    parts, _steps = find_parts(care, acts, law)
    shares = [find_share(part, care, law, False)[0] for part in parts]
    base = sum((part.base for part in parts), _ZERO)
    refund = sum((share.amount for share in shares), _ZERO)
    price = base if care.price is None else care.price
    before = min(refund - _pat(shares, refund, law, False, []), price)
    lost = sum((share.lost for share in shares), _ZERO)
    return find_complement(care, Line(price, base, before, lost, tuple(shares)), law)[0]


def estimate_json(body: Any) -> Any:
    """The contract's ``ameli estimate``: one object or a list in, the same shape out. Raises AmeliError."""
    if isinstance(body, list):
        return [estimate(read_care(one)).shape() for one in body]
    return estimate(read_care(body)).shape()


def _care(care: Care, acts: tuple[Billed, ...], flat: list[Billed], law: Law) -> Estimate:
    in_stay = any(billed.act.kind is Kind.STAY for billed in acts)
    parts, steps = find_parts(care, acts, law)
    shares: list[Share] = []
    for part in parts:
        share, more = find_share(part, care, law, in_stay)
        shares.append(share)
        steps += more
    base = sum((part.base for part in parts), _ZERO)
    refund = sum((share.amount for share in shares), _ZERO)
    pat = _pat(shares, refund, law, in_stay, steps)
    charge = find_charge(care, flat[0], law) if flat else Charge(_ZERO, False, ())
    steps += charge.steps
    # L174-4: the day charge is absorbed in the ordinary share, and added to the flat one.
    extra = charge.amount if pat else max(_ZERO, charge.amount - (base - refund))
    price = base + extra if care.price is None else care.price
    extra = min(extra, price)
    before = min(refund - pat, price - extra)
    if before < refund - pat:
        steps.append(
            Step(
                f"Jamais plus que le prix payé : {euros_fr(before)}.",
                f"Never more than the price paid: {euros_en(before)}.",
                before,
                "R160-22",
                "CSS",
            )
        )
    deductions = find_deductions(care, shares, before, law, in_stay)
    lost = sum((share.lost for share in shares), _ZERO)
    line = Line(price - extra, base, before, lost, tuple(shares))
    amc, more = find_complement(care, line, law)
    paid, charge_steps = charge_paid(care, extra, charge.paid_by_right)
    steps += [*deductions.steps, *more, *charge_steps]
    steps += _excess(line)
    result = Estimate(
        care.act,
        price,
        base,
        shares[0].rate,
        before,
        deductions.participation,
        deductions.franchise,
        pat,
        amc + paid,
        (),
    )
    steps.append(
        Step(
            f"Reste à votre charge : {euros_fr(result.left_to_pay)}.",
            f"Left to pay: {euros_en(result.left_to_pay)}.",
            result.left_to_pay,
            "price - amo - amc",
            "CSS",
        )
    )
    return Estimate(
        care.act,
        price,
        base,
        shares[0].rate,
        before,
        deductions.participation,
        deductions.franchise,
        pat,
        amc + paid,
        tuple(steps),
    )


def _pat(shares: list[Share], refund: Decimal, law: Law, in_stay: bool, steps: list[Step]) -> Decimal:
    """The flat share, due once, for a heavy act or for the stay in which one is done."""
    if not any(share.heavy for share in shares):
        return _ZERO
    amount = min(law.value("hospital.heavy_act"), refund)
    where_fr, where_en = ("pour le séjour", "for the stay") if in_stay else ("sur l'acte", "on the act")
    steps.append(
        Step(
            f"Participation assuré transitoire : {euros_fr(amount)} {where_fr}, à la place de la part en pourcentage.",
            f"Flat share on costly acts (PAT): {euros_en(amount)} {where_en}, in place of the share in per cent.",
            -amount,
            "R160-16",
            law.source("hospital.heavy_act"),
        )
    )
    return amount


def _excess(line: Line) -> list[Step]:
    excess = line.price - line.base
    if excess <= 0:
        return []
    return [
        Step(
            f"Dépassement : {euros_fr(excess)} au-dessus de la base, que l'Assurance Maladie ne paie pas.",
            f"Excess: {euros_en(excess)} above the base, which the fund does not pay.",
            excess,
            "price - base",
            "CSS",
        )
    ]
