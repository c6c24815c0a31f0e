"""Anomalies: what the rules do not explain, each with its evidence and a message to the fund."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from agent.protocol.money import DeductionKind, FoundAnomaly
from agent.protocol.payments import PaymentDetail
from agent.rules.codes.nomenclature import Kind
from agent.rules.explain import Explainer
from agent.rules.explain.line import Judged, euros_in_english, euros_in_french
from agent.rules.ledger import Ledger, Withheld
from agent.rules.ledger.due import folded
from agent.rules.owed.daily_ceiling import DayTooDear, over_the_day
from agent.rules.owed.letters import message
from agent.rules.pricing.steps import cents

_ZERO = Decimal(0)
_HUNDRED = Decimal(100)
_SINGLE = {Kind.DOCTOR, Kind.DENTAL, Kind.PROSTHESIS, Kind.IMAGING, Kind.STAY}
"""Acts that are not done twice on one day to one person; boxes, sessions and analyses may be."""
_SHOWN = 4
"""Lines of care told beside a deduction."""
_WHY = {
    "exempt": "deduction_on_exempt",
    "ceiling": "ceiling_exceeded",
    "no_care": "deduction_without_care",
    "above_due": "deduction_above_due",
}
_SAID = {
    "deduction_on_exempt": (
        "Retenue sur le soin d'une personne exonérée.", "Withheld on the care of an exempt person."),
    "ceiling_exceeded": ("Retenue au-delà d'un plafond.", "Withheld beyond a ceiling."),
    "deduction_without_care": (
        "Retenue pour un soin qu'aucun paiement ne montre.", "Withheld for care that no payment shows."),
    "deduction_above_due": (
        "Retenue plus élevée que ce qui est dû sur les soins de ce jour.",
        "Withheld more than is due on the care of that day."),
}


def find_anomalies(
    payments: Iterable[PaymentDetail], explainer: Explainer, ledger: Ledger, with_doctor: Iterable[str] = (),
) -> list[FoundAnomaly]:
    """Everything worth asking about, newest payment first: see ``ameli owed`` for the shape.

    ``with_doctor``: names of those who declared a treating doctor.
    """
    by_id = {payment["id"]: payment for payment in payments}
    declared = {folded(name) for name in with_doctor}
    lines = {key: explainer.judged(payment) for key, payment in by_id.items()}
    anomalies: list[FoundAnomaly] = []
    for payment in by_id.values():
        for judged in lines[payment["id"]]:
            anomalies += _of_line(payment, judged, declared, explainer)
        check = explainer.check(payment)
        if not check["ok"]:
            gap = abs(Decimal(check["amount"]) - Decimal(check["sum"]))
            anomalies.append(_one(
                "sum_differs", payment, None, gap, check["text_fr"], check["text_en"],
                [_paid(payment)], beneficiary=None, key=""))
    anomalies += _twice(by_id.values(), lines)
    beyond = _beyond_a_ceiling(ledger)
    unexplained = [lost for lost in ledger.unexplained if lost.why != "ceiling" or lost.deduction in beyond]
    anomalies += [
        anomaly for lost in _not_owed(unexplained, ledger, by_id, lines) if (anomaly := _deduction(lost, by_id))]
    anomalies += [_too_dear(day) for day in over_the_day(by_id.values(), lines)]
    order = {key: payment["paid_on"] for key, payment in by_id.items()}
    return sorted(anomalies, key=lambda anomaly: (order.get(anomaly["payment"], ""), anomaly["id"]), reverse=True)


def _of_line(
    payment: PaymentDetail, judged: Judged, declared: set[str], explainer: Explainer
) -> list[FoundAnomaly]:
    line = judged.line
    lost = judged.expected - line.reimbursed
    if judged.verdict.name == "above_price":
        over = judged.above_price
        return [_one(
            "refund_above_price", payment, line.id, over,
            f"Remboursé {euros_in_french(over)} de plus que le prix payé.",
            f"Refunded {euros_in_english(over)} more than the price paid.",
            [_paid(payment), _act(judged)], line.beneficiary, line.id, line.on)]
    if judged.verdict.name == "outside_pathway" and (wrong := explainer.outside_wrongly(judged)) is not None:
        why_fr, why_en, missing = wrong
        return [_one(
            "outside_pathway_not_applicable", payment, line.id, missing,
            f"Remboursé au taux réduit alors que {why_fr} : {euros_in_french(missing)} de moins.",
            f"Refunded at the reduced rate although {why_en}: {euros_in_english(missing)} less.",
            [_paid(payment), _act(judged)], line.beneficiary, line.id, line.on)]
    if judged.verdict.name == "outside_pathway" and folded(line.beneficiary) in declared and lost > 0:
        return [_one(
            "outside_pathway_with_doctor", payment, line.id, lost,
            f"Remboursé au taux réduit alors qu'un médecin traitant est déclaré : {euros_in_french(lost)} de moins.",
            f"Refunded at the reduced rate although a treating doctor is declared: {euros_in_english(lost)} less.",
            [_paid(payment), _act(judged)], line.beneficiary, line.id, line.on)]
    if judged.verdict.name == "amount_differs" and lost > 0:
        return [_one(
            "amount_below_rules", payment, line.id, lost,
            f"Il manque {euros_in_french(lost)} par rapport à la base multipliée par le taux.",
            f"{euros_in_english(lost)} are missing against the base times the rate.",
            [_paid(payment), _act(judged)], line.beneficiary, line.id, line.on)]
    if judged.verdict.name == "rate_differs" and line.base is not None:
        return [_one(
            "rate_below_rules", payment, line.id, _ZERO, judged.verdict.text_fr, judged.verdict.text_en,
            [_paid(payment), _act(judged)], line.beneficiary, line.id, line.on)]
    return []


class _Same(NamedTuple):
    """What two lines have in common when one of them is the other paid again."""

    beneficiary: str
    act: str
    on: date
    paid: Decimal | None
    base: Decimal | None
    rate: Decimal | None


def _twice(payments: Iterable[PaymentDetail], lines: Mapping[str, list[Judged]]) -> list[FoundAnomaly]:
    groups: defaultdict[_Same, list[tuple[PaymentDetail, Judged]]] = defaultdict(list)
    for payment in payments:
        for judged in lines[payment["id"]]:
            line = judged.line
            if line.found.kind in _SINGLE and line.on is not None and line.reimbursed > 0:
                act = _Same(line.beneficiary, line.act, line.on, line.paid, line.base, line.rate)
                groups[act].append((payment, judged))
    anomalies = []
    for same in groups.values():
        for payment, judged in sorted(same, key=lambda line: (line[0]["paid_on"], line[0]["id"]))[1:]:
            line = judged.line
            first = same[0][0]
            anomalies.append(_one(
                "paid_twice", payment, line.id, line.reimbursed,
                "Le même acte, le même jour et au même prix, a déjà été payé.",
                "The same act, on the same day at the same price, was already paid.",
                [_paid(first), _paid(payment), _act(judged)], line.beneficiary, line.id, line.on))
    return anomalies


def _beyond_a_ceiling(ledger: Ledger) -> set[str]:
    """The unexplained deductions that take more than a year's ceiling from somebody.

    A ceiling reached by what was due is no proof: some of it may not have been asked for. What was withheld is. Care
    refunded later plays no part: the ceiling may have been raised in between.
    """
    taken: defaultdict[tuple[str, int, str], list[tuple[date, Decimal]]] = defaultdict(list)
    for entry in ledger.entries:
        place = (folded(entry.beneficiary), entry.refunded_on.year, entry.kind)
        taken[place].append((entry.refunded_on, sum((one.amount for one in entry.withheld), _ZERO)))
    beyond = set()
    for lost in sorted(ledger.unexplained, key=lambda withheld: (withheld.on, withheld.payment, withheld.deduction)):
        if lost.why != "ceiling" or lost.act_date is None:
            continue
        kind: DeductionKind = "participation" if lost.kind == "participation" else "franchise"
        for who, year in sorted(ledger.dues.capped_care[kind, lost.act_date])[:1]:
            taken[who, year, kind].append((lost.on, lost.amount))
            by_then = sum((amount for day, amount in taken[who, year, kind] if day <= lost.on), _ZERO)
            if by_then > ledger.dues.ceilings.most(kind, year, lost.on):
                beyond.add(lost.deduction)
    return beyond


def _not_owed(
    unexplained: Iterable[Withheld], ledger: Ledger, payments: Mapping[str, PaymentDetail],
    lines: Mapping[str, list[Judged]],
) -> list[Withheld]:
    """The deductions that nothing still owed can be the reason of.

    Care and the deduction for it may be paid on one day, in an order nobody prints: what its day of care still owes
    pays for it. Care from before the oldest payment kept was refunded out of sight, so it proves nothing.
    """
    known_since = min((date.fromisoformat(payment["paid_on"]) for payment in payments.values()), default=date.min)
    owed: defaultdict[tuple[str, date, date], Decimal] = defaultdict(Decimal)
    for entry in ledger.entries:
        owed[entry.kind, entry.act_date, entry.refunded_on] += entry.outstanding
    shown = {judged.line.on for each in lines.values() for judged in each if judged.line.found.participation}
    boxes = {judged.line.on for each in lines.values() for judged in each if judged.line.found.franchise}
    left = []
    for lost in sorted(unexplained, key=lambda withheld: (withheld.on, withheld.payment, withheld.deduction)):
        if lost.act_date is not None:
            place = (lost.kind, lost.act_date, lost.on)
            if owed.get(place, _ZERO) >= lost.amount:
                owed[place] -= lost.amount
                continue
            seen = lost.act_date in (shown if lost.kind == "participation" else boxes)
            if lost.why == "no_care" and (seen or lost.act_date < known_since):
                continue
        left.append(lost)
    return left


def _deduction(lost: Withheld, payments: Mapping[str, PaymentDetail]) -> FoundAnomaly | None:
    kind = _WHY.get(lost.why, "")
    payment = payments.get(lost.payment)
    if not kind or payment is None:
        return None
    fr, en = _SAID[kind]
    days = (lost.act_date.strftime("%d/%m/%Y"), lost.act_date.isoformat()) if lost.act_date else ("?", "?")
    fact = (
        f"Retenue de {euros_in_french(lost.amount)} datée du {days[0]}. {lost.reason_fr}",
        f"{euros_in_english(lost.amount)} withheld, dated {days[1]}. {lost.reason_en}")
    return _one(kind, payment, None, lost.amount, fr, en, [_paid(payment), fact], None, lost.deduction,
                lost.act_date)


def _too_dear(day: DayTooDear) -> FoundAnomaly:
    over = day.taken - day.most
    facts = [_paid(day.payment), (
        f"Retenues de franchise pour les soins du {day.on:%d/%m/%Y} : {euros_in_french(day.taken)}, au plus "
        f"{euros_in_french(day.most)} d'après le plafond du jour",
        f"Franchises withheld for care of {day.on.isoformat()}: {euros_in_english(day.taken)}, at most "
        f"{euros_in_english(day.most)} by the ceiling of the day")]
    facts += [_act(judged) for judged in day.care[:_SHOWN]]
    who = {judged.line.beneficiary for judged in day.care}
    return _one(
        "daily_ceiling_exceeded", day.payment, None, over, "Retenues au-delà du plafond du jour.",
        "Withheld beyond the ceiling of the day.", facts, who.pop() if len(who) == 1 else None, day.deduction, day.on)


def _paid(payment: PaymentDetail) -> tuple[str, str]:
    amount = Decimal(payment["amount"])
    day = payment["paid_on"]
    return (
        f"Paiement de {euros_in_french(amount)} du {day[8:10]}/{day[5:7]}/{day[:4]}",
        f"Payment of {euros_in_english(amount)} of {day}")


def _act(judged: Judged) -> tuple[str, str]:
    line = judged.line
    day_fr, day_en = (f"{line.on:%d/%m/%Y}", line.on.isoformat()) if line.on else ("?", "?")
    base, rate = line.base or _ZERO, line.rate or _ZERO
    share = cents(base * rate / _HUNDRED)
    return (
        f"{line.act} du {day_fr} pour {line.beneficiary} : base {euros_in_french(base)}, taux {rate} %, soit "
        f"{euros_in_french(share)} ; versé {euros_in_french(line.reimbursed)}",
        f"{line.act} of {day_en} for {line.beneficiary}: base {euros_in_english(base)}, rate {rate} %, that is "
        f"{euros_in_english(share)}; paid {euros_in_english(line.reimbursed)}")


def _one(
    kind: str, payment: PaymentDetail, line: str | None, amount: Decimal, text_fr: str, text_en: str,
    facts: list[tuple[str, str]], beneficiary: str | None, key: str, on: date | None = None,
) -> FoundAnomaly:
    return {
        "id": "-".join(filter(None, [kind.replace("_", "-"), key or payment["id"]])),
        "kind": kind,
        "payment": payment["id"],
        "line": line,
        "beneficiary": beneficiary,
        "act_date": on.isoformat() if on else None,
        "text_fr": text_fr,
        "text_en": text_en,
        "amount": f"{amount:.2f}",
        "evidence": [{"text_fr": fr, "text_en": en} for fr, en in facts],
        "message": message(kind, [fr for fr, _en in facts]),
    }
