"""From a piece of care to what each pays for it, step by step."""

from dataclasses import dataclass
from decimal import Decimal

from agent.errors import AmeliError
from agent.protocol.prices import Estimate as EstimateShape
from agent.rules.codes.nomenclature import Billed, Kind, read_acts
from agent.rules.dated_tables import Law, tables
from agent.rules.errors import NotPriced
from agent.rules.pricing.bases import find_parts
from agent.rules.pricing.cash_benefits import price_benefit
from agent.rules.pricing.certainty import with_certainty
from agent.rules.pricing.deductions import find_deductions
from agent.rules.pricing.flat_charges import Charge, charge_paid, find_charge, price_charge
from agent.rules.pricing.rates import Share, find_shares
from agent.rules.pricing.request import Care, read_care
from agent.rules.pricing.result import Estimate, left_to_pay
from agent.rules.pricing.steps import Step
from agent.rules.pricing.tariff_choice import check_ages, suit
from agent.rules.pricing.top_up import Line, find_complement
from config.json_value import JsonValue
from config.tariffs import Tariffs

_ZERO = Decimal(0)
_FLAT = {Kind.DAY_CHARGE, Kind.EMERGENCY}
_NOTHING = Charge(_ZERO, False, ())


def estimate(care: Care, tariffs: Tariffs | None = None) -> Estimate:
    """Price one piece of care by the rules of its day, as ``tariffs`` (the built-in tables) have them.

    A value that is only the latest known makes the estimate ``dated``, one that sources disagree on ``doubtful``, with
    the range between them; nothing stands for one that is not known. The last step is what is left to pay. Raises
    UnknownAct, UnknownDate, BaseNeeded or NotPriced, each naming what is nearest: nothing is guessed.
    """
    return with_certainty(care, Law(care.act, care.on, tariffs or tables()), _estimate)


def _estimate(care: Care, law: Law) -> Estimate:
    acts = read_acts(care.act)
    flat = [billed for billed in acts if billed.act.kind in _FLAT]
    if len(acts) == 1 and acts[0].act.kind is Kind.CASH_BENEFIT:
        return price_benefit(care, acts[0].act, law)
    if len(acts) == 1 and flat:
        return price_charge(care, acts[0], law)
    if flat or len(acts) > 1:
        _refuse_what_is_not_billed_together(care, acts, flat)
    return _care(care, tuple(billed for billed in acts if billed not in flat), flat, law)


def complement(care: Care) -> Decimal:
    """What others than the fund add to one piece of care, in euros: ``Estimate.amc`` without the deductions, which
    play no part in it. Raises as ``estimate`` does."""
    acts = read_acts(care.act)
    if any(billed.act.kind in _FLAT or billed.act.kind in {Kind.STAY, Kind.CASH_BENEFIT} for billed in acts):
        return estimate(care).amc
    law = Law.of(care.act, care.on)
    refund = _refund(care, acts, law)
    price = refund.base if care.price is None else care.price
    return find_complement(care, refund.line(price, _ZERO), law)[0]


def estimate_json(body: JsonValue) -> EstimateShape | list[EstimateShape]:
    """The contract's ``ameli estimate``: one object or a list in, the same shape out. Raises AmeliError."""
    if not isinstance(body, list):
        return estimate(read_care(body)).shape()
    estimates = []
    for number, care in enumerate(body, 1):
        try:
            estimates.append(estimate(read_care(care)).shape())
        except AmeliError as error:
            if "field" in error.facts and len(body) > 1:
                raise type(error)(**{**error.facts, "field": f"{number}: {error.facts['field']}"}) from error
            raise
    return estimates


@dataclass(slots=True)
class _Refund:
    """What the fund owes on the acts of a line, the flat share taken off, whatever was paid."""

    shares: list[Share]
    base: Decimal
    whole: Decimal
    """The sum of the shares before the flat share."""
    pat: Decimal
    in_stay: bool
    steps: list[Step]

    def line(self, price: Decimal, extra: Decimal) -> Line:
        """The line at that price, of which ``extra`` pays a flat charge."""
        lost = sum((share.lost for share in self.shares), _ZERO)
        before = min(self.whole - self.pat, price - extra)
        return Line(price - extra, self.base, before, lost, tuple(self.shares), self.pat if self.in_stay else _ZERO)


def _refund(care: Care, acts: tuple[Billed, ...], law: Law) -> _Refund:
    in_stay = any(billed.act.kind is Kind.STAY for billed in acts)
    check_ages(care, acts, law)
    acts, steps = suit(care, acts, law)
    parts, more = find_parts(care, acts, law)
    steps += more
    shares, more = find_shares(parts, care, law, in_stay)
    steps += more
    base = sum((part.base for part in parts), _ZERO)
    whole = sum((share.amount for share in shares), _ZERO)
    pat, more = _pat(shares, whole, law, in_stay)
    return _Refund(shares, base, whole, pat, in_stay, steps + more)


def _care(care: Care, acts: tuple[Billed, ...], flat: list[Billed], law: Law) -> Estimate:
    refund = _refund(care, acts, law)
    steps, base, pat = refund.steps, refund.base, refund.pat
    charge = find_charge(care, flat[0], law) if flat else _NOTHING
    steps += charge.steps
    # L174-4: the day charge is absorbed in the ordinary share, and added to the flat one.
    extra = charge.amount if pat else max(_ZERO, charge.amount - (base - refund.whole))
    price = base + extra if care.price is None else care.price
    extra = min(extra, price)
    line = refund.line(price, extra)
    if line.before < refund.whole - pat:
        steps.append(
            Step(
                "Jamais plus que le prix payé : {0}.",
                "Never more than the price paid: {0}.",
                line.before,
                "R160-22",
                "CSS",
                line.before,
            )
        )
    deductions = find_deductions(care, refund.shares, line.before, law, refund.in_stay)
    amc, more = find_complement(care, line, law)
    paid, charge_steps = charge_paid(care, extra, charge.paid_by_right) if extra else (_ZERO, [])
    steps += [*deductions.steps, *more, *charge_steps]
    excess = line.price - line.base
    if excess > 0:
        steps.append(
            Step(
                "Dépassement : {0} au-dessus de la base, que l'Assurance Maladie ne paie pas.",
                "Excess: {0} above the base, which the fund does not pay.",
                excess,
                "price - base",
                "CSS",
                excess,
            )
        )
    kept = max(_ZERO, line.before - deductions.participation - deductions.franchise)
    left = price - kept - amc - paid
    steps.append(left_to_pay(left))
    return Estimate(
        care.act,
        price,
        base,
        refund.shares[0].rate,
        line.before,
        deductions.participation,
        deductions.franchise,
        pat,
        amc + paid,
        tuple(steps),
    )


def _refuse_what_is_not_billed_together(care: Care, acts: tuple[Billed, ...], flat: list[Billed]) -> None:
    kinds = {billed.act.kind for billed in acts}
    if Kind.CASH_BENEFIT in kinds or Kind.EMERGENCY in kinds or len(flat) > 1 or (flat and Kind.STAY not in kinds):
        raise NotPriced(
            act=care.act[:40],
            fr="ces codes ne se facturent pas ensemble ; estimez-les séparément",
            en="these codes are not billed together; estimate them one by one",
        )


def _pat(shares: list[Share], refund: Decimal, law: Law, in_stay: bool) -> tuple[Decimal, list[Step]]:
    """The flat share, due once, for a heavy act or for the stay in which one is done."""
    if not any(share.heavy for share in shares):
        return _ZERO, []
    amount = min(law.value("hospital.heavy_act"), refund)
    where = ("pour le séjour", "for the stay") if in_stay else ("sur l'acte", "on the act")
    step = Step(
        "Participation assuré transitoire : {0} {1}, à la place de la part en pourcentage.",
        "Flat share on costly acts (PAT): {0} {1}, in place of the share in per cent.",
        -amount,
        "R160-16",
        law.source("hospital.heavy_act"),
        amount,
        where,
    )
    return amount, [step]
