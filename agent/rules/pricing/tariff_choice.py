"""What age and price tell about a code: the same letters stand for several tariffs."""

from decimal import Decimal

from agent.rules.codes.nomenclature import ACTS, Billed, variants
from agent.rules.dated_tables import Law
from agent.rules.errors import BaseNeeded, NotPriced
from agent.rules.pricing.pathway import with_named_parts
from agent.rules.pricing.request import Care
from agent.rules.pricing.steps import Step, doubt, note, plain

_GP = {"G", "GS", "C"}
_PSYCHIATRISTS = {"CNPSY", "CNP", "CS/PSYCHIATRIST"}
_BIRTH, _OLDEST = Decimal(0), Decimal("Infinity")
_YOUNG = {
    "AUD/CLASS-1": ("AUD/CLASS-1-UNDER-20", "hearing.young_age"),
    "AUD/CLASS-2": ("AUD/CLASS-2-UNDER-20", "hearing.young_age"),
    "OPT/FRAME": ("OPT/FRAME-CHILD", "exemption.minor_age"),
}
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
        if only in _PSYCHIATRISTS:
            return _psychiatrist(care, acts, law)
        if only in _BASKETS:
            return _basket(care, acts, law)
        if only in _YOUNG:
            return _young(care, acts, law)
    elif care.base is None:
        acts, steps = _several(care, acts)
        if acts[0].act.code in _GP:
            acts, more = _general_practitioner(care, acts, law)
            return acts, steps + more
        return acts, steps
    if acts[0].act.code in _GP and care.base is None:
        return _general_practitioner(care, acts, law)
    return acts, []


def _several(care: Care, acts: tuple[Billed, ...]) -> tuple[tuple[Billed, ...], list[Step]]:
    """Supplements of a doctor that count within the consultation's tariff, or that his sector does not have."""
    steps: list[Step] = []
    if care.sector == "2" and any(not one.act.contracted for one in acts):
        free = tuple(one.act.code for one in acts if one.act.contracted)
        acts = tuple(one for one in acts if not one.act.contracted)
        if free:
            steps.append(
                note(
                    "{0} : réservé aux médecins de secteur 1 ou à l'OPTAM, il ne compte pas ici.",
                    "{0}: for doctors of sector 1 or with OPTAM only, it does not count here.",
                    "supplement",
                    "LESML-MCS",
                    ", ".join(free),
                )
            )
    acts, within = with_named_parts(acts)
    if within:
        steps.append(
            note(
                "{0} : compté dans le tarif de la consultation.",
                "{0}: counted within the consultation's tariff.",
                "supplement",
                "LESML-MCS",
                ", ".join(within),
            )
        )
    return acts, steps


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
    if age is not None and age >= law.value("exemption.pathway_age"):
        return (Billed(ACTS["CS"]),)
    if age is None or age >= law.value("consultation.child_age"):
        return (Billed(ACTS["CS/PAEDIATRICIAN-OVER-6"]),)
    toddler = age < law.value("consultation.toddler_age")
    return (Billed(ACTS["CS/PAEDIATRICIAN-UNDER-2" if toddler else "CS/PAEDIATRICIAN-2-TO-6"]),)


def _psychiatrist(care: Care, acts: tuple[Billed, ...], law: Law) -> tuple[tuple[Billed, ...], list[Step]]:
    """The tariff of the young, where the price does not say that the doctor, a neurologist, asks the ordinary one."""
    age, code = care.age(), acts[0].act.code
    if care.sector == "2" or care.base is not None or age is None:
        return acts, []
    child = age < law.value("exemption.pathway_age")
    if not child and age > law.value("exemption.psychiatrist_direct_age"):
        return acts, []
    young = ACTS["CNPSY/CHILD" if child else "CNPSY/YOUNG"]
    tariff = law.value_or_none(young.tariff)
    if tariff is None or tariff == law.value_or_none(acts[0].act.tariff):
        return acts, []
    if code != "CS/PSYCHIATRIST" and care.price is not None and care.price < tariff:
        return acts, []
    source = law.source(young.tariff)
    steps = [
        note(
            "Psychiatre, patient de 25 ans au plus : le tarif de cette consultation.",
            "Psychiatrist, patient of at most 25: the tariff of that consultation.",
            young.tariff,
            source,
        )
    ]
    if code != "CS/PSYCHIATRIST" and (care.price is None or care.sector != "1"):
        ordinary = law.value(acts[0].act.tariff)
        steps.append(
            doubt(
                "Si le médecin est neurologue, la base est de {0} et non de {1}.",
                "If the doctor is a neurologist, the base is {0}, not {1}.",
                young.tariff,
                source,
                ordinary,
                tariff,
            )
        )
    return (Billed(young),), steps


def _general_practitioner(care: Care, acts: tuple[Billed, ...], law: Law) -> tuple[tuple[Billed, ...], list[Step]]:
    """A child's consultation: its own base in sector 2, and under 6 the supplement unless the price leaves no room."""
    age, more = care.age(), law.value_or_none("supplement.child_under_6")
    if age is None:
        return acts, []
    if care.sector == "2" and age < law.value("exemption.pathway_age"):
        acts = (Billed(ACTS["G/CHILD"]), *acts[1:])
    if len(acts) > 1 or more is None or age >= law.value("consultation.child_age"):
        return acts, []
    tariff = "consultation.sector_2_child" if care.sector == "2" else "consultation.gp"
    if care.price is not None and care.price < law.value(tariff) + more:
        return acts, []
    return (*acts, Billed(ACTS["MEG"])), [
        note(
            "Enfant de moins de 6 ans : la majoration MEG est comptée avec la consultation.",
            "Child under 6: the supplement MEG is counted with the consultation.",
            "supplement.child_under_6",
            law.source("supplement.child_under_6"),
        )
    ]


def _young(care: Care, acts: tuple[Billed, ...], law: Law) -> tuple[tuple[Billed, ...], list[Step]]:
    """What has another base below an age."""
    young, limit = _YOUNG[acts[0].act.code]
    age = care.age()
    if age is None or age >= law.value(limit):
        return acts, []
    return (Billed(ACTS[young]),), []


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
