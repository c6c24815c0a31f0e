"""A second, plain reading of the rules for situations that the sandbox's households do not have.

It shares the tables with the engine and nothing else: a line is read from its kind, not from the nomenclature.
"""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from config.tariffs import value

CENT = Decimal("0.01")
ZERO = Decimal(0)
KINDS = {
    "doctor": "G",
    "technical": "ADC",
    "imaging": "ADI",
    "nurse": "AMI",
    "biology": "B",
    "medicine_important": "PH7",
    "medicine_moderate": "PH4",
    "medicine_weak": "PH2",
    "transport": "VSL",
    "dental": "SDE",
    "device": "MAD",
    "stay": "PJ",
}
"""A code of each kind."""
_RATES = {"technical": "doctor", "imaging": "doctor", "nurse": "auxiliary", "stay": "hospital"}
_LOCAL = {"doctor", "technical", "imaging", "nurse", "biology", "dental", "stay"}
_FEES = {"doctor", "technical", "imaging"}


@dataclass(frozen=True)
class Line:
    """One line of care of an adult or a child, priced at ``base`` or above."""

    kind: str
    on: date
    base: Decimal
    price: Decimal
    age: int
    situation: str
    """One situation, or nothing."""
    coordinated: bool
    costly_stay: bool
    percent: int | None
    """The top-up's percentage of the base."""


@dataclass(frozen=True)
class View:
    """What each pays, in euros."""

    before: Decimal
    participation: Decimal
    franchise: Decimal
    pat: Decimal
    amc: Decimal


def read(line: Line) -> View:
    """The rules, one after the other."""
    rate = value(f"rate.{_RATES.get(line.kind, line.kind)}", line.on)
    ordinary, weak = rate, line.kind in {"medicine_moderate", "medicine_weak"}
    costly = line.base >= value("hospital.heavy_act_threshold", line.on)
    if line.situation in {"ald", "maternity", "work_accident", "ame"}:
        rate = Decimal(100)
    if line.situation == "pension_invalidity" and not weak:
        rate = Decimal(100)
    if line.kind == "imaging" and costly:
        rate = Decimal(100)
    pat = ZERO
    free = {"ald", "maternity", "work_accident", "ame", "pension_invalidity", "c2s"}
    heavy = line.costly_stay if line.kind == "stay" else line.kind in {"technical", "dental"} and costly
    if heavy and line.situation not in free:
        pat, rate = value("hospital.heavy_act", line.on), Decimal(100)
    out = not line.coordinated and line.kind in _FEES and line.age >= 16
    out = out and line.situation not in {"maternity", "work_accident", "ame"}
    full_share = _cents(line.base * rate / 100)
    share = _cents(line.base * (rate - 40) / 100) if out else full_share
    if out and costly:  # the law caps what is lost by what a specialist's consultation loses
        share = max(share, full_share - _cents(value("consultation.specialist", line.on) * 40 / 100))
    pat = min(pat, share)
    before = min(share - pat, line.price)
    participation, franchise = _taken(line, before, share)
    second = ZERO
    if line.situation == "alsace_moselle":
        second = _local(line, rate, ordinary, pat)
        second = min(second, line.price - before)
    paid = before + (full_share - share) + second
    if line.situation == "c2s":
        second += max(ZERO, min(line.price, line.base) - paid)
    elif line.percent is not None:
        target = min(line.price, _cents(line.base * line.percent / 100))
        if out:
            target = min(target, line.base)
        second += max(ZERO, target - paid)
    return View(before, participation, franchise, pat, second)


def _local(line: Line, rate: Decimal, ordinary: Decimal, pat: Decimal) -> Decimal:
    if line.kind == "stay":
        return _cents(line.base * (100 - rate) / 100) + pat
    if rate != ordinary:
        return ZERO
    together = {"medicine_important": 90, "medicine_moderate": 80}.get(line.kind, 90 if line.kind in _LOCAL else 0)
    return _cents(line.base * (together - rate) / 100) if together > rate else ZERO


def _taken(line: Line, before: Decimal, share: Decimal) -> tuple[Decimal, Decimal]:
    if line.age < 18 or line.situation in {"c2s", "maternity", "ame"} or line.kind == "stay":
        return ZERO, ZERO
    if line.kind in _FEES or line.kind == "biology":
        return (value("participation_forfaitaire.amount", line.on) if share > 0 else ZERO), ZERO
    name = {"nurse": "auxiliary_act", "transport": "transport_trip"}.get(line.kind)
    if line.kind.startswith("medicine"):
        name = "drug_box"
    if name is None:
        return ZERO, ZERO
    return ZERO, min(value(f"franchise.{name}", line.on), share, before)


def nurse_visit(coefficients: list[Decimal], on: date) -> Decimal:
    """The base in euros of technical acts (AMI) that a nurse does in one visit, by the nomenclature's words."""
    key = value("nurse.key", on)
    left = sorted(coefficients)
    whole: list[Decimal] = []
    if on >= date(2023, 3, 23):
        whole = [one for one in left if one in (Decimal("2.4"), Decimal("3.05"))]
        left = [one for one in left if one not in whole]
    acts = [[one] for one in left]
    if left.count(Decimal(1)) > 1:
        insulin = [one for one in left if one == 1 or one in (4, 11)]
        acts = [insulin, *([one] for one in left if one not in insulin)]
    priced = sorted((sum((_cents(one * key) for one in act), ZERO) for act in acts), reverse=True)
    paid = sum((_cents(one * key) for one in whole), ZERO)
    sample = _cents(Decimal("1.5") * key)
    if on >= date(2019, 12, 1) and sample in priced and len(priced) > 1:
        priced.remove(sample)
        return paid + sample + priced[0]
    return paid + sum(priced[:1], ZERO) + sum((_cents(one / 2) for one in priced[1:2]), ZERO)


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)
