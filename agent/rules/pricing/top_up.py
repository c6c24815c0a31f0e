"""What is added to the fund's share: the local scheme, the solidarity cover, a responsible top-up."""

from dataclasses import dataclass
from decimal import Decimal

from agent.rules.codes.nomenclature import Act, Kind
from agent.rules.dated_tables import Law
from agent.rules.pricing.basket import basket_source, basket_steps, highest_price, is_of_basket
from agent.rules.pricing.rates import Share
from agent.rules.pricing.request import Care, TopUp
from agent.rules.pricing.steps import Step, cents, doubt, note, plain

_ZERO = Decimal(0)
_HUNDRED = Decimal(100)
_FEES = {Kind.DOCTOR, Kind.TECHNICAL, Kind.IMAGING}
_NEED_NOT = {"rate.medicine_moderate", "rate.medicine_weak", "rate.spa"}
"""Care whose share a responsible contract may leave to the person (R871-2 1°)."""


@dataclass(frozen=True, slots=True)
class Line:
    """What the fund pays on a line of care, flat hospital charges apart. Euros."""

    price: Decimal
    base: Decimal
    before: Decimal
    lost: Decimal
    """Cost of being out of the pathway."""
    shares: tuple[Share, ...]
    stay_pat: Decimal = _ZERO
    """The flat share of a hospital stay."""

    @property
    def acts(self) -> list[Act]:
        """Its acts."""
        return [share.part.billed.act for share in self.shares]

    @property
    def main(self) -> Act:
        """The act that gives the line its nature."""
        return self.shares[0].part.billed.act


def find_complement(care: Care, line: Line, law: Law) -> tuple[Decimal, list[Step]]:
    """Everything that others than the fund pay on the line, and its steps. Raises UnknownDate."""
    steps = basket_steps(line.acts, line.price, care, law)
    if not care.situations and care.top_up is None:
        return _ZERO, steps
    local, more = _local(care, line, law)
    steps += more
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
    total, parameters, steps = line.stay_pat, law.tariffs.parameters, []
    in_stay = any(share.part.billed.act.kind is Kind.STAY for share in line.shares)
    for share in line.shares:
        name = "hospital" if in_stay else share.part.billed.act.rate.removeprefix("rate.")
        if not share.ordinary or not share.rate or share.rate + share.increase == _HUNDRED:
            continue
        if f"local_scheme.{name}" in parameters:
            points = law.value(f"local_scheme.{name}") - share.rate - share.increase
            total += cents(share.part.base * max(_ZERO, points) / _HUNDRED)
        else:
            steps.append(
                doubt(
                    "Régime local d'Alsace-Moselle : son taux pour {0} n'est pas connu ici ; rien n'est compté.",
                    "Local scheme of Alsace-Moselle: its rate for {0} is not known here; nothing is counted.",
                    "local_scheme",
                    "CPAM67",
                    share.part.billed.act.code,
                )
            )
    total = max(_ZERO, min(total, line.price - line.before))
    if total:
        steps.append(
            Step(
                "Régime local d'Alsace-Moselle : {0} de plus, sur une ligne à part.",
                "Local scheme of Alsace-Moselle: {0} more, on a line of its own.",
                total,
                "L325-1",
                "CPAM67",
                total,
            )
        )
    return total, steps


def _solidarity(care: Care, line: Line, local: Decimal, law: Law) -> tuple[Decimal, list[Step]]:
    target = line.price if _in_basket(care, line, law) else min(line.price, line.base)
    amount = max(_ZERO, target - line.before - line.lost - local)
    if not amount:
        return _ZERO, []
    return amount, [
        Step(
            "Complémentaire santé solidaire : elle paie la part restante, {0}.",
            "Complementary solidarity cover: it pays the remaining share, {0}.",
            amount,
            "L861-3",
            "CSS",
            amount,
        )
    ]


def _in_basket(care: Care, line: Line, law: Law) -> bool:
    """Whether the line is of the 100 % Santé basket, at a price within the highest one where that is known."""
    acts = line.acts
    if not is_of_basket(acts, law):
        return False
    most = highest_price(acts, care, law)
    return line.price <= most if most is not None else "c2s" in care.situations


def contract_amount(care: Care, top_up: TopUp, line: Line, law: Law, local: Decimal = _ZERO) -> Decimal:
    """Euros that a contract gives on a line, beside the fund and a local scheme, without saying why."""
    return _amount(care, top_up, line, local, law)[0]


def _amount(care: Care, top_up: TopUp, line: Line, local: Decimal, law: Law) -> tuple[Decimal, Decimal | None]:
    """What the contract gives, and its percentage; None in the 100 % Santé basket, where it pays all the rest."""
    paid = line.before + line.lost + local
    if _in_basket(care, line, law):
        return max(_ZERO, line.price - paid), None
    percent = _percent(care, top_up, line.main, law)
    promised = cents(line.base * percent / _HUNDRED) + top_up.flat
    if top_up.in_addition:
        promised += line.before
    target = _bounded(min(line.price, promised), percent, care, line, law)
    return max(_ZERO, target - paid), percent


def _contract(care: Care, top_up: TopUp, line: Line, local: Decimal, law: Law) -> tuple[Decimal, list[Step]]:
    act = line.main
    amount, percent = _amount(care, top_up, line, local, law)
    if percent is None:
        return amount, [
            Step(
                "Panier 100 % Santé : la complémentaire paie tout le reste, {0}.",
                "100 % Santé basket: the top-up pays all the rest, {0}.",
                amount,
                "R871-2",
                basket_source(act, law),
                amount,
            )
        ]
    cut = care.sector == "2" and percent != top_up.percent
    steps = [
        note(
            "Médecin sans OPTAM : un contrat responsable s'arrête à {0} % de la base.",
            "Doctor without OPTAM: a responsible contract stops at {0} % of the base.",
            "R871-2 2°",
            law.source("top_up.excess_limit"),
            plain(percent),
        )
    ] if cut else []  # fmt: skip
    return amount, [*steps, _promise(top_up, percent, amount), *_warnings(act, amount, law)]


def _bounded(target: Decimal, percent: Decimal, care: Care, line: Line, law: Law) -> Decimal:
    """What the law on responsible contracts makes of the sum promised, the fund's part included."""
    act = line.main
    if line.lost:
        target = min(target, line.base)  # neither the increase nor the excess that goes with it (R871-1)
    if act.floor and percent > _HUNDRED:
        target = max(target, min(line.price, law.value(act.floor) * care.quantity))
    if act.limit:
        target = min(target, law.value(act.limit) * care.quantity)
    return target


def _promise(top_up: TopUp, percent: Decimal, amount: Decimal) -> Step:
    inside = (", en plus de l'Assurance Maladie", ", beside the fund's share") if top_up.in_addition else (
        ", Assurance Maladie comprise", ", the fund's share included")  # fmt: skip
    flat = (", et un forfait", ", and a flat amount") if top_up.flat else ""
    return Step(
        "Complémentaire à {0} % de la base{1}{2} : {3}.",
        "Top-up at {0} % of the base{1}{2}: {3}.",
        amount,
        "R871-2",
        "CSS",
        plain(percent),
        inside,
        flat,
        amount,
    )


def _warnings(act: Act, amount: Decimal, law: Law) -> list[Step]:
    steps = []
    if act.rate in _NEED_NOT and amount:
        steps.append(
            doubt(
                "Un contrat responsable peut ne rien payer sur ce soin : vérifiez le vôtre.",
                "A responsible contract may pay nothing on this care: check yours.",
                "R871-2 1°",
                "CSS",
            )
        )
    return steps


def _percent(care: Care, top_up: TopUp, act: Act, law: Law) -> Decimal:
    """The contract's percentage, cut to what a responsible one may give on fees without OPTAM."""
    if care.sector == "optam" and top_up.percent_optam is not None and act.kind in _FEES:
        return top_up.percent_optam
    percent = top_up.percent
    limit = law.value_or_none("top_up.excess_limit")
    if care.sector != "2" or act.kind not in _FEES or percent <= _HUNDRED or limit is None:
        return percent
    most = _HUNDRED + limit
    if top_up.percent_optam is not None:
        most = min(most, top_up.percent_optam - law.value("top_up.excess_gap"))
    return max(_HUNDRED, min(percent, most))
