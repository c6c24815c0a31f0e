"""What is added to the fund's share: the local scheme, the solidarity cover, a responsible top-up."""

from dataclasses import dataclass
from decimal import Decimal

from agent.reimbursement.law import Law
from agent.reimbursement.nomenclature import Act, Kind
from agent.reimbursement.rates import Share
from agent.reimbursement.request import Care, TopUp
from agent.reimbursement.steps import Step, cents, euros_en, euros_fr, plain

_ZERO = Decimal(0)
_HUNDRED = Decimal(100)
_FEES = {Kind.DOCTOR, Kind.TECHNICAL, Kind.IMAGING}
_WEAK = {"rate.medicine_moderate", "rate.medicine_weak"}


@dataclass(frozen=True, slots=True)
class Line:
    """What the fund pays on a line of care, flat hospital charges apart. Euros."""

    price: Decimal
    base: Decimal
    before: Decimal
    lost: Decimal
    """Cost of being out of the pathway."""
    shares: tuple[Share, ...]

    @property
    def main(self) -> Act:
        """The act that gives the line its nature."""
        return self.shares[0].part.billed.act


def find_complement(care: Care, line: Line, law: Law) -> tuple[Decimal, list[Step]]:
    """Everything that others than the fund pay on the line, and its steps. Raises UnknownDate."""
    local, steps = _local(care, line, law)
    if "c2s" in care.situations:
        amount, more = _solidarity(care, line, local, law)
    elif care.top_up:
        amount, more = _contract(care, care.top_up, line, local, law)
    else:
        amount, more = _ZERO, []
    return local + amount, steps + more


def _local(care: Care, line: Line, law: Law) -> tuple[Decimal, list[Step]]:
    if "alsace_moselle" not in care.situations:
        return _ZERO, []
    total, known = _ZERO, law.tariffs.parameters
    for share in line.shares:
        name = share.part.billed.act.rate.replace("rate.", "local_scheme.")
        if share.ordinary and name in known:
            points = law.value(name) - share.rate - share.increase
            total += cents(share.part.base * points / _HUNDRED)
        elif share.ordinary and share.rate:
            step = Step(
                "Régime local d'Alsace-Moselle : son taux pour ce soin n'est pas connu ici ; rien n'est compté.",
                "Local scheme of Alsace-Moselle: its rate for this care is not known here; nothing is counted.",
                _ZERO,
                "local_scheme",
                "CPAM67",
            )
            return _ZERO, [step]
    total = max(_ZERO, min(total, line.price - line.before))
    if not total:
        return _ZERO, []
    return total, [
        Step(
            f"Régime local d'Alsace-Moselle : {euros_fr(total)} de plus, sur une ligne à part.",
            f"Local scheme of Alsace-Moselle: {euros_en(total)} more, on a line of its own.",
            total,
            "L325-1",
            "CPAM67",
        )
    ]


def _solidarity(care: Care, line: Line, local: Decimal, law: Law) -> tuple[Decimal, list[Step]]:
    target = line.price if _in_basket(care, line, law) else min(line.price, line.base)
    amount = max(_ZERO, target - line.before - line.lost - local)
    if not amount:
        return _ZERO, []
    return amount, [
        Step(
            f"Complémentaire santé solidaire : elle paie la part restante, {euros_fr(amount)}.",
            f"Complementary solidarity cover: it pays the remaining share, {euros_en(amount)}.",
            amount,
            "L861-3",
            "CSS",
        )
    ]


def _in_basket(care: Care, line: Line, law: Law) -> bool:
    """Whether the line is of the 100 % Santé basket, at a price within its cap."""
    cap = line.main.cap
    return bool(cap) and line.price <= law.value(cap) * care.quantity


def _contract(care: Care, top_up: TopUp, line: Line, local: Decimal, law: Law) -> tuple[Decimal, list[Step]]:
    act = line.main
    paid = line.before + line.lost + local
    if _in_basket(care, line, law):
        amount = max(_ZERO, line.price - paid)
        return amount, [
            Step(
                f"Panier 100 % Santé : la complémentaire paie tout le reste, {euros_fr(amount)}.",
                f"100 % Santé basket: the top-up pays all the rest, {euros_en(amount)}.",
                amount,
                "R871-2",
                law.source(act.cap),
            )
        ]
    percent, limit_steps = _percent(care, top_up, act, law)
    target = min(line.price, cents(line.base * percent / _HUNDRED))
    if line.lost:
        target = min(target, line.base)  # neither the increase nor the excess that goes with it (R871-1)
    if act.limit:
        target = min(target, law.value(act.limit) * care.quantity)
    amount = max(_ZERO, target - paid)
    steps = [
        *limit_steps,
        Step(
            f"Complémentaire à {plain(percent)} % de la base, Assurance Maladie comprise : {euros_fr(amount)}.",
            f"Top-up at {plain(percent)} % of the base, the fund's share included: {euros_en(amount)}.",
            amount,
            "R871-2",
            "CSS",
        ),
    ]
    if act.rate in _WEAK and amount:
        steps.append(
            Step(
                "Un contrat responsable peut ne rien payer sur ce médicament : vérifiez le vôtre.",
                "A responsible contract may pay nothing on this medicine: check yours.",
                _ZERO,
                "R871-2 1°",
                "CSS",
            )
        )
    return amount, steps


def _percent(care: Care, top_up: TopUp, act: Act, law: Law) -> tuple[Decimal, list[Step]]:
    """The contract's percentage, cut to what a responsible one may give on fees without OPTAM."""
    percent = top_up.percent
    if care.sector != "2" or act.kind not in _FEES or percent <= _HUNDRED:
        return percent, []
    most = _HUNDRED + law.value("top_up.excess_limit")
    if top_up.percent_optam is not None:
        most = min(most, top_up.percent_optam - law.value("top_up.excess_gap"))
    allowed = max(_HUNDRED, min(percent, most))
    if allowed == percent:
        return percent, []
    return allowed, [
        Step(
            f"Médecin sans OPTAM : un contrat responsable s'arrête à {plain(allowed)} % de la base.",
            f"Doctor without OPTAM: a responsible contract stops at {plain(allowed)} % of the base.",
            _ZERO,
            "R871-2 2°",
            law.source("top_up.excess_limit"),
        )
    ]
