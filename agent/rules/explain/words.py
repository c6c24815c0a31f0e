"""A whole payment in one sentence, and daily allowances in steps."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal

from agent.protocol.payments import AllowanceLine, ExplainedAllowance, ExplainedDeduction, PaymentDetail
from agent.rules.pricing.steps import Step, cents, euros_en, euros_fr
from config.tariffs import load

_ZERO = Decimal(0)
_STATEMENT = "Mes paiements"
_SHOWN = 3


def headline(
    payment: PaymentDetail, refunded: Decimal, withheld: Sequence[ExplainedDeduction]
) -> tuple[str, str]:
    """A payment in one sentence, French then English."""
    amount = Decimal(payment["amount"])
    fr, en = [], []
    if payment["lines"]:
        acts = _acts(payment)
        fr.append(f"{euros_fr(refunded)} remboursés pour {acts}")
        en.append(f"{euros_en(refunded)} refunded for {acts}")
    allowance = sum((Decimal(one["amount"]) for one in payment["indemnities"]), _ZERO)
    if allowance:
        fr.append(f"{euros_fr(allowance)} d'indemnités journalières")
        en.append(f"{euros_en(allowance)} of daily allowances")
    for said_fr, said_en in _withheld(payment["id"], withheld) if withheld else ():
        fr.append(said_fr)
        en.append(said_en)
    third_party = payment["to"] == "tiers"
    start_fr = f"{euros_fr(amount)} {'versés à un tiers' if third_party else 'reçus'}"
    start_en = f"{euros_en(amount)} {'paid to a third party' if third_party else 'received'}"
    if not fr:
        return f"{start_fr}.", f"{start_en}."
    return f"{start_fr} : {', '.join(fr)}.", f"{start_en}: {', '.join(en)}."


def _withheld(payment: str, withheld: Sequence[ExplainedDeduction]) -> Iterator[tuple[str, str]]:
    own = _sum(withheld, lambda deduction: deduction["origin"]["payment"] == payment)
    older = _sum(withheld, lambda deduction: deduction["origin"]["payment"] not in (payment, None))
    unknown = _sum(withheld, lambda deduction: deduction["origin"]["payment"] is None)
    older_fr, older_en = _older(payment, withheld)
    for sum_of, said_fr, said_en in (
        (own, "retenus pour ces soins", "withheld for this care"),
        (older, f"retenus pour des soins plus anciens ({older_fr})", f"withheld for older care ({older_en})"),
        (unknown, "retenus sans soin connu", "withheld for care not known here"),
    ):
        if sum_of:
            yield f"moins {euros_fr(sum_of)} {said_fr}", f"less {euros_en(sum_of)} {said_en}"


def _acts(payment: PaymentDetail) -> str:
    names = list(dict.fromkeys(line["act"] for line in payment["lines"]))
    return ", ".join(names[:_SHOWN]) + (f" (+{len(names) - _SHOWN})" if len(names) > _SHOWN else "")


def _older(payment: str, withheld: Sequence[ExplainedDeduction]) -> tuple[str, str]:
    """The older care that something was withheld for here, by name and day."""
    origins = (one["origin"] for one in withheld)
    care = dict.fromkeys((one["act"], one["act_date"]) for one in origins if one["payment"] not in (payment, None))
    more = f" (+{len(care) - _SHOWN})" if len(care) > _SHOWN else ""
    days = [(act, date.fromisoformat(day)) for act, day in list(care)[:_SHOWN] if day]
    fr = ", ".join(f"{act} du {day:%d/%m/%Y}" for act, day in days)
    return fr + more, ", ".join(f"{act} of {day.isoformat()}" for act, day in days) + more


def _sum(withheld: Sequence[ExplainedDeduction], fits: Callable[[ExplainedDeduction], bool]) -> Decimal:
    return sum((abs(Decimal(one["amount"])) for one in withheld if fits(one)), _ZERO)


def indemnity_steps(period: AllowanceLine) -> ExplainedAllowance:
    """A period of daily allowances in steps: days, daily amount, contributions, and what differs."""
    amount = Decimal(period["amount"])
    steps = []
    if period["days"] is not None and period["daily"] is not None:
        daily = Decimal(period["daily"])
        whole = cents(daily * period["days"])
        steps.append(Step(
            f"{period['days']} jours à {euros_fr(daily)} : {euros_fr(whole)}.",
            f"{period['days']} days at {euros_en(daily)}: {euros_en(whole)}.", whole, "days × daily", _STATEMENT))
        steps += _contributions(period, whole, amount)
    steps.append(Step(f"Versé : {euros_fr(amount)}.", f"Paid: {euros_en(amount)}.", amount, "amount", _STATEMENT))
    return {"label": period["label"], "start": period["start"], "end": period["end"],
            "steps": [step.shape() for step in steps]}


def _contributions(period: AllowanceLine, whole: Decimal, amount: Decimal) -> list[Step]:
    short = whole - amount
    if short <= 0:
        return []
    day = period["end"] or period["start"]
    entry = load().parameter("sick_pay.contributions").entry(date.fromisoformat(day)) if day else None
    taken = cents(whole * entry.value / 100) if entry is not None else _ZERO
    if entry is not None and abs(taken - short) <= Decimal("0.01") * (period["days"] or 1):
        return [Step(
            f"Moins CSG et CRDS ({entry.value} %) : {euros_fr(short)}.",
            f"Less CSG and CRDS ({entry.value} %): {euros_en(short)}.", -short, "sick_pay.contributions", entry.source)]
    return [Step(
        f"{euros_fr(short)} de moins, que le relevé n'explique pas.",
        f"{euros_en(short)} less, which the statement does not explain.", -short, "days × daily", _STATEMENT)]
