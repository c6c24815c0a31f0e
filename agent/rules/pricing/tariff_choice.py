"""What age and price tell about a code: the same letters stand for several tariffs."""

from decimal import Decimal

from agent.rules.codes.nomenclature import ACTS, Billed, variants
from agent.rules.dated_tables import Law
from agent.rules.errors import BaseNeeded, NotPriced
from agent.rules.pricing.request import Care
from agent.rules.pricing.steps import Step, note, plain

_GP = {"G", "GS", "C"}
_BIRTH, _OLDEST = Decimal(0), Decimal("Infinity")
_BASKETS = {
    "AUD": ("AUD/CLASS-1", "AUD/CLASS-1-REUNION", "AUD/CLASS-1-UNDER-20"),
    "OPT": ("OPT/FRAME-A",),
}


def suit(care: Care, acts: tuple[Billed, ...], law: Law) -> tuple[tuple[Billed, ...], list[Step]]:
    """The acts as this person's age and this price have them, and why. Raises BaseNeeded, UnknownDate."""
    if len(acts) == 1:
        only = acts[0].act.code
        if only == "CS/PAEDIATRICIAN":
            return _paediatrician(care, law), []
        if only in {"CNPSY", "CNP"}:
            return _psychiatrist(care, acts, law)
        if only in _BASKETS:
            return _basket(care, acts, law)
        if only == "AUD/CLASS-1":
            return _hearing(care, acts, law)
        if only in _GP:
            return _general_practitioner(care, acts, law)
    return acts, []


def check_ages(care: Care, acts: tuple[Billed, ...], law: Law) -> None:
    """Raise NotPriced when a code is for other ages than this person's; an age that is not given is not doubted."""
    age = care.age()
    if age is None:
        return
    for act in {billed.act.code: billed.act for billed in acts if billed.act.ages}.values():
        periods = [period for name in act.ages if (period := _period(name, law))]
        if periods and not any(first <= age <= last for first, last, _ in periods):
            ages = [text for *_, text in periods]
            raise NotPriced(
                act=act.code,
                fr=f"ce code vaut à ces âges seulement : {', '.join(ages)}",
                en=f"this code is for these ages only: {', '.join(ages)}",
            )


def _period(name: str, law: Law) -> tuple[Decimal, Decimal, str] | None:
    """First and last age of a period, and how it is written; None before the tables know it."""
    ends = [f"age.{name}_{end}" for end in ("from", "until")]
    there = [end in law.tariffs.parameters for end in ends]
    if not all(law.knows(end) for end, known in zip(ends, there, strict=True) if known):
        return None
    first, last = (law.value(end) if known else None for end, known in zip(ends, there, strict=True))
    if last is None:
        return first or _BIRTH, _OLDEST, f"{plain(first or _BIRTH)}+"
    text = plain(last) if first == last else f"{plain(first or _BIRTH)}-{plain(last)}"
    return first or _BIRTH, last, text


def _paediatrician(care: Care, law: Law) -> tuple[Billed, ...]:
    age = care.age()
    if age is None and care.base is None:
        by_age = [code for code in variants("CS") if code.startswith("CS/PAEDIATRICIAN-")]
        raise BaseNeeded(act="CS/PAEDIATRICIAN", nearest=", ".join(by_age))
    if age is None or age >= law.value("consultation.child_age"):
        return (Billed(ACTS["CS/PAEDIATRICIAN-OVER-6"]),)
    toddler = age < law.value("consultation.toddler_age")
    return (Billed(ACTS["CS/PAEDIATRICIAN-UNDER-2" if toddler else "CS/PAEDIATRICIAN-2-TO-6"]),)


def _psychiatrist(care: Care, acts: tuple[Billed, ...], law: Law) -> tuple[tuple[Billed, ...], list[Step]]:
    age, young = care.age(), law.value_or_none("consultation.psychiatrist_young")
    if care.sector != "1" or care.base is not None or care.price is None or age is None or young is None:
        return acts, []
    if age > law.value("exemption.psychiatrist_direct_age") or care.price < young:
        return acts, []
    return (Billed(ACTS["CNPSY/YOUNG"]),), [
        note(
            "Psychiatre, patient de 25 ans au plus : le tarif de cette consultation.",
            "Psychiatrist, patient of at most 25: the tariff of that consultation.",
            "consultation.psychiatrist_young",
            law.source("consultation.psychiatrist_young"),
        )
    ]


def _general_practitioner(care: Care, acts: tuple[Billed, ...], law: Law) -> tuple[tuple[Billed, ...], list[Step]]:
    age, more = care.age(), law.value_or_none("supplement.child_under_6")
    if age is None or care.price is None or care.base is not None or more is None:
        return acts, []
    if age >= law.value("consultation.child_age"):
        return acts, []
    tariff = "consultation.sector_2" if care.sector == "2" else "consultation.gp"
    if care.price < law.value(tariff) + more:
        return acts, []
    return (*acts, Billed(ACTS["MEG"])), [
        note(
            "Enfant de moins de 6 ans : la majoration MEG est comptée avec la consultation.",
            "Child under 6: the supplement MEG is counted with the consultation.",
            "supplement.child_under_6",
            law.source("supplement.child_under_6"),
        )
    ]


def _hearing(care: Care, acts: tuple[Billed, ...], law: Law) -> tuple[tuple[Billed, ...], list[Step]]:
    age = care.age()
    if age is None or age >= law.value("hearing.young_age"):
        return acts, []
    return (Billed(ACTS["AUD/CLASS-1-UNDER-20"]),), []


def _basket(care: Care, acts: tuple[Billed, ...], law: Law) -> tuple[tuple[Billed, ...], list[Step]]:
    """A base and a price that are those of the 100 % Santé basket."""
    if care.base is None or care.price is None:
        return acts, []
    for code in _BASKETS[acts[0].act.code]:
        act = ACTS[code]
        base, cap = law.value_or_none(act.tariff), law.value_or_none(act.cap)
        if base is None or cap is None or care.base != base * care.quantity or care.price > cap * care.quantity:
            continue
        return (Billed(act),), [
            note(
                "Base et prix sont ceux du panier 100 % Santé ({0}).",
                "Base and price are those of the 100 % Santé basket ({0}).",
                act.cap,
                law.source(act.cap),
                code,
            )
        ]
    return acts, []
