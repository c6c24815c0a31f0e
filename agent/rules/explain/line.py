"""One line of care, from its price to what it brought."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from agent.errors import AmeliError
from agent.protocol.payments import CareLine
from agent.rules.codes.local_scheme import both_shares
from agent.rules.codes.nomenclature import Kind, find_act
from agent.rules.codes.recognise import Recognised, bases, recognise
from agent.rules.dated_tables import Law
from agent.rules.explain import verdict as verdicts
from agent.rules.explain.verdict import Verdict
from agent.rules.pricing.engine import estimate
from agent.rules.pricing.request import Care
from agent.rules.pricing.steps import Step, cents, doubt, euros_en, euros_fr, plain
from config.tariffs import load

CENT = Decimal("0.01")
_ZERO = Decimal(0)
_HUNDRED = Decimal(100)
_STATEMENT = "Mes paiements"

euros_in_french, euros_in_english = euros_fr, euros_en


class Line(NamedTuple):
    """A line as it is explained. Amounts in euros, the rate in per cent; None where the service gave nothing."""

    id: str
    beneficiary: str
    act: str
    on: date | None
    paid: Decimal | None
    base: Decimal | None
    rate: Decimal | None
    reimbursed: Decimal
    third_party: bool
    found: Recognised

    @classmethod
    def read(cls, line: CareLine, third_party: bool) -> "Line":
        """From the contract's shape."""
        return cls(
            line["id"], line["beneficiary"], line["act"], date.fromisoformat(line["act_date"]) if line["act_date"]
            else None, _amount(line["paid"]), _amount(line["base"]), _amount(line["rate"]),
            Decimal(line["reimbursed"]), third_party, recognise(line),
        )


class Judged(NamedTuple):
    """A line held against the rules."""

    line: Line
    steps: tuple[Step, ...]
    expected: Decimal
    """What the rules give before participation and franchise."""
    verdict: Verdict
    doubts: tuple[Step, ...] = ()
    """Why what it was held against may be another."""
    first_share: Line | None = None
    """The line of the same care that a second share adds to, where it is on the same payment."""

    @property
    def above_price(self) -> Decimal:
        """Euros refunded above the price paid; 0 where no price is printed."""
        return _above_price(self.line) or _above_together(self.line, self.first_share)

    @property
    def spent(self) -> Decimal:
        """Euros paid for the care, which stand on the line of its first share."""
        if self.first_share is not None:
            return _ZERO
        return self.line.reimbursed if self.line.paid is None else self.line.paid


def judge(line: Line, birth_date: date | None, declared_doctor: bool, local_scheme: bool = False) -> Judged:
    """Explain one line up to its refund, before deductions.

    ``declared_doctor``: the person has declared a treating doctor, so a visit is expected within the pathway;
    ``local_scheme``: the person is known to belong to the local scheme of Alsace-Moselle on the day of care.
    """
    if line.base is None or line.rate is None or line.on is None:
        paid = _refund(line.reimbursed, line.third_party, "Versé", "Paid by the fund")
        above = line.paid is not None and bool(_above_price(line))
        expected = line.paid if above and line.paid is not None else line.reimbursed
        unjudged = verdicts.ABOVE_PRICE if above else verdicts.NO_DETAIL
        return Judged(line, (*_price(line.paid, line.base), paid), expected, unjudged)
    tariff, tariff_step, doubts = _tariff(line, birth_date)
    usual = _usual_rate(line)
    computed = share_of(line.base, line.rate)
    rate_step, rate_verdict = _rate(line, usual, computed, local_scheme)
    expected, verdict, more = _amount_verdict(line, computed)
    if verdict is None:
        verdict = rate_verdict or _base_verdict(line, tariff) or _paid_verdict(line)
        if verdict is verdicts.OUTSIDE_PATHWAY and declared_doctor and usual is not None:
            expected = share_of(line.base, usual)
    listed = tariff_step if tariff is not None and tariff == line.base and not doubts else None
    base_step = _base(line.base, listed.rule if listed else "", listed.source if listed else "")
    paid = _refund(line.reimbursed, line.third_party, "Remboursé", "Refunded")
    if verdict is verdicts.UNKNOWN_ACT:
        doubts = (*doubts, _NOT_RECOGNISED)
    return Judged(line, (*_price(line.paid, line.base), base_step, rate_step, *more, paid), expected, verdict, doubts)


_NOT_RECOGNISED = doubt(verdicts.UNKNOWN_ACT.text_fr, verdicts.UNKNOWN_ACT.text_en, "label", _STATEMENT)


@lru_cache(4096)
def share_of(base: Decimal, rate: Decimal) -> Decimal:
    """``rate`` per cent of ``base``, to the cent."""
    return cents(base * rate / _HUNDRED)


# The same few prices, bases and refunds come back all the time: their steps are made once.


@lru_cache(2048)
def _price(paid: Decimal | None, base: Decimal | None) -> tuple[Step, ...]:
    if not paid:  # a price of 0 is one that the statement does not print
        return ()
    price = Step(
        f"Prix payé : {euros_in_french(paid)}.", f"Price paid: {euros_in_english(paid)}.", paid, "price", _STATEMENT)
    if base is None or paid <= base:
        return (price,)
    excess = paid - base
    return (price, Step(
        f"Dont {euros_in_french(excess)} au-dessus de la base : l'Assurance Maladie n'en paie rien.",
        f"Of which {euros_in_english(excess)} above the base: the fund pays none of it.", -excess, "price - base",
        _STATEMENT))


@lru_cache(2048)
def _base(base: Decimal, rule: str, source: str) -> Step:
    """``rule``, ``source``: where the tables give this very base as the tariff; nothing where they do not."""
    if rule:
        return Step(
            f"Base : {euros_in_french(base)}, le tarif de ce jour pour ce soin.",
            f"Base: {euros_in_english(base)}, the tariff of that day for this care.", base, rule, source)
    return Step(
        f"Base : {euros_in_french(base)}, le tarif sur lequel l'Assurance Maladie calcule, quel que soit le prix.",
        f"Base: {euros_in_english(base)}, the tariff on which the fund works, whatever the price.", base, "base",
        _STATEMENT)


def _rate(line: Line, usual: Decimal | None, share: Decimal, local: bool) -> tuple[Step, Verdict | None]:
    rate, act = line.rate or _ZERO, find_act(line.found.main) if line.found.main else None
    name = act.rate if act else "rate"
    outside = _known("rate.doctor_out_of_pathway", line.on) if line.on else None
    why_fr, why_en, verdict, rule = "taux du relevé", "the statement's rate", None, "rate"
    if act is not None and usual is not None:
        if rate == usual:
            why_fr, why_en, rule = "taux ordinaire de ce soin", "the ordinary rate of this care", name
        elif act.pathway and rate == outside:
            why_fr, why_en = "hors du parcours de soins", "outside the care pathway"
            verdict, rule = verdicts.OUTSIDE_PATHWAY, "rate.doctor_out_of_pathway"
        elif line.found.second_share:
            why_fr, why_en = "ce que le régime local ajoute", "what the local scheme adds"
            verdict, rule = verdicts.LOCAL_SHARE, f"local_scheme.{act.rate.removeprefix('rate.')}"
        elif line.on is not None and rate == both_shares(act.rate, line.on) and (local or rate < _HUNDRED):
            why_fr, why_en = "caisse et régime local ensemble", "fund and local scheme together"
            verdict, rule = verdicts.LOCAL_SCHEME, f"local_scheme.{act.rate.removeprefix('rate.')}"
        elif rate > usual:
            why_fr, why_en = "plus que le taux ordinaire", "more than the ordinary rate"
            verdict, rule = verdicts.FULL_COVER, "R160-11, L160-9"
        else:
            why_fr, why_en = f"le taux ordinaire est {plain(usual)} %", f"the ordinary rate is {plain(usual)} %"
            verdict = verdicts.RATE_DIFFERS
    elif act is not None and rate < _HUNDRED and line.on is not None and _changed(act.rate, line.on):
        verdict = verdicts.NOT_KNOWN_YET
    elif act is None and line.found.kind is Kind.MEDICINE and rate == _HUNDRED:
        verdict = verdicts.FULL_COVER
    return _share(rate, share, why_fr, why_en, rule, _source(rule, line.on)), verdict


@lru_cache(4096)
def _changed(name: str, on: date) -> bool:
    """Whether the law is known to say something else on that day, which was not found."""
    changed = load().parameter(name).changed if name else None
    return changed is not None and on >= changed


@lru_cache(2048)
def _share(rate: Decimal, share: Decimal, why_fr: str, why_en: str, rule: str, source: str) -> Step:
    return Step(
        f"L'Assurance Maladie paie {plain(rate)} % de la base ({why_fr}) : {euros_in_french(share)}.",
        f"The fund pays {plain(rate)} % of the base ({why_en}): {euros_in_english(share)}.", share, rule, source)


@lru_cache(16384)
def _known(name: str, on: date) -> Decimal | None:
    tariffs = load()
    return tariffs.value(name, on) if name in tariffs.parameters and tariffs.known(name, on) else None


@lru_cache(16384)
def _source(rule: str, on: date | None) -> str:
    tariffs = load()
    if rule not in tariffs.parameters or on is None or not tariffs.known(rule, on):
        return _STATEMENT if rule == "rate" else "CSS"
    entry = tariffs.parameter(rule).on(on)
    return f"{entry.source}, {entry.since.isoformat()}"


def _usual_rate(line: Line) -> Decimal | None:
    """The ordinary rate of the act on its day, or None when the act or the day is not known."""
    act = find_act(line.found.main) if line.found.main else None
    if act is None or line.on is None or line.found.certainty == "unknown":
        return None
    usual = _known(act.rate, line.on)
    return usual or None  # acts that are never refunded by rate have nothing to compare


def _amount_verdict(line: Line, computed: Decimal) -> tuple[Decimal, Verdict | None, tuple[Step, ...]]:
    """Whether the refund is base × rate, and why when it is not."""
    short = computed - line.reimbursed
    if line.paid is not None and (over := _above_price(line)):
        step = Step(
            f"Remboursé {euros_in_french(over)} de plus que le prix payé, ce que la loi exclut.",
            f"Refunded {euros_in_english(over)} more than the price paid, which the law rules out.", over, "R160-22",
            "CSS")
        return min(computed, line.paid), verdicts.ABOVE_PRICE, (step,)
    if not short:
        return computed, None, ()
    if line.paid is not None and line.reimbursed == line.paid < computed:
        step = Step("Jamais plus que le prix payé.", "Never more than the price paid.", -short, "R160-22", "CSS")
        return line.paid, verdicts.PRICE_PAID, (step,)
    flat = _flat_share(line)
    if flat is not None and abs(short - flat) <= CENT:
        step = Step(
            f"Part forfaitaire sur un acte coûteux : {euros_in_french(flat)}.",
            f"Flat share on a costly act: {euros_in_english(flat)}.", -flat, "R160-16",
            _source("hospital.heavy_act", line.on))
        return line.reimbursed, verdicts.FLAT_SHARE, (step,)
    if abs(short) <= CENT:
        return computed, verdicts.ROUNDING, ()
    return computed, verdicts.AMOUNT_DIFFERS, ()


def with_first_shares(lines: Sequence[Judged]) -> list[Judged]:
    """The lines of one payment, each second share beside its first: together they are never above the price."""
    return [_beside_its_first(one, lines) for one in lines] if len(lines) > 1 else [*lines]


def _beside_its_first(judged: Judged, lines: Sequence[Judged]) -> Judged:
    line = judged.line
    if line.paid and not line.found.second_share:
        return judged
    same = (line.beneficiary, line.on, line.base)
    first = next((
        other.line for other in lines
        if other is not judged and other.line.paid and not other.line.found.second_share and line.base is not None
        and (other.line.beneficiary, other.line.on, other.line.base) == same
    ), None)  # fmt: skip
    if first is None:
        return judged
    over = _above_together(line, first)
    if not over:
        doubted = judged.verdict in (verdicts.OUTSIDE_PATHWAY, verdicts.RATE_DIFFERS)
        if not doubted or line.base is None or line.rate is None or first.rate != _HUNDRED - line.rate:
            return judged._replace(first_share=first)
        whole = share_of(line.base, line.rate)
        return judged._replace(first_share=first, verdict=verdicts.REMAINING_SHARE, expected=whole)
    step = Step(
        f"Remboursé {euros_in_french(over)} de plus que le prix payé, les deux parts ensemble, ce que la loi exclut.",
        f"Refunded {euros_in_english(over)} more than the price paid, both shares together, which the law rules out.",
        over, "R160-22", "CSS")
    return judged._replace(
        steps=(*judged.steps[:-1], step, judged.steps[-1]), verdict=verdicts.ABOVE_PRICE, first_share=first,
        expected=max(_ZERO, line.reimbursed - over))


def _above_together(line: Line, first: Line | None) -> Decimal:
    return _ZERO if first is None or not first.paid else max(_ZERO, first.reimbursed + line.reimbursed - first.paid)


def _above_price(line: Line) -> Decimal:
    """A price of 0 is one that the statement does not print: a second share of the same care, on a line of its own."""
    return max(_ZERO, line.reimbursed - line.paid) if line.paid else _ZERO


def _flat_share(line: Line) -> Decimal | None:
    kind = line.found.kind
    if line.on is None or kind not in {Kind.TECHNICAL, Kind.DENTAL, Kind.STAY}:
        return None
    return Law.of(line.act, line.on).value_or_none("hospital.heavy_act")


def _base_verdict(line: Line, tariff: Decimal | None) -> Verdict | None:
    if line.found.kind is None:
        return verdicts.UNKNOWN_ACT
    if tariff is None or line.base is None or line.base == tariff or line.found.kind is not Kind.DOCTOR:
        return None
    if line.on and line.base * 2 == tariff:
        return verdicts.HALF_BASE
    code = line.found.main
    act = find_act(code) if code else None
    if act is not None and line.on and line.base == _known(act.lower, line.on):
        # Where the consultation's supplements stand on lines of their own it has that base too, at that very price.
        return verdicts.SECTOR_2 if line.found.sector == "2" or line.paid != line.base else None
    if code and line.on and line.base in bases(code, line.on):
        return None
    return verdicts.BASE_DIFFERS if line.base < tariff else None  # above it: supplements billed with the act


def _paid_verdict(line: Line) -> Verdict:
    if line.paid is not None and line.base is not None and line.paid > line.base:
        return verdicts.ABOVE_BASE
    return verdicts.THIRD_PARTY if line.third_party else verdicts.AS_EXPECTED


_Tariff = tuple[Decimal | None, Step | None, tuple[Step, ...]]
"""A tariff in euros, the step that tells it, and why it may be another."""


def _tariff(line: Line, birth_date: date | None) -> _Tariff:
    if line.found.code is None or line.on is None or line.found.kind is not Kind.DOCTOR:
        return None, None, ()
    child = birth_date is not None and birth_date <= line.on
    outside = line.rate == _known("rate.doctor_out_of_pathway", line.on)
    return _tariff_of_the_day(line.found.code, line.on, birth_date if child else None, not outside)


@lru_cache(16384)
def _tariff_of_the_day(code: str, on: date, birth_date: date | None, coordinated: bool) -> _Tariff:
    try:
        result = estimate(Care(act=code, on=on, birth_date=birth_date, coordinated=coordinated))
    except AmeliError:  # no tariff known: then there is nothing to hold the base against
        return None, None, ()
    return result.base, next((step for step in result.steps if step.amount), None), result.doubts


@lru_cache(2048)
def _refund(reimbursed: Decimal, third_party: bool, word_fr: str, word_en: str) -> Step:
    where_fr, where_en = (" au professionnel", " to the professional") if third_party else ("", "")
    return Step(
        f"{word_fr}{where_fr} avant retenues : {euros_in_french(reimbursed)}.",
        f"{word_en}{where_en} before deductions: {euros_in_english(reimbursed)}.", reimbursed, "reimbursed",
        _STATEMENT)


def _amount(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def total(amounts: Sequence[Decimal]) -> Decimal:
    """The sum, an exact zero when there is nothing."""
    return sum(amounts, _ZERO)
