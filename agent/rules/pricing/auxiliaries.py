"""What the codes of auxiliaries, midwives, psychologists and carriers stand for on a day, and what a part of a line in
per cent or beside another act of its kind is worth."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from agent.rules.codes.nomenclature import ACTS, Billed, Kind
from agent.rules.dated_tables import Law
from agent.rules.pricing.parts import Part
from agent.rules.pricing.request import Care
from agent.rules.pricing.steps import Step, cents, doubt, note, plain

_ZERO = Decimal(0)
_HUNDRED = Decimal(100)
_PHYSIOTHERAPY = {"AMK", "AMS", "AMC", "RPE"}
_MIDWIVES = {"C": "C/MIDWIFE", "V": "V/MIDWIFE"}
_UNTIL_AGE = {
    "MIE": "age.nurse_young_child_until",
    "CCP/MIDWIFE": "age.first_contraception_until",
    "CCP/MIDWIFE-OVERSEAS": "age.first_contraception_until",
}
"""Codes that are for the young only."""
_UNDER_INCOME = {"SPA/LODGING", "SPA/TRAVEL"}
_RENUMBERED = ("physiotherapist.session", "physiotherapist.session_long")


def as_billed(care: Care, acts: tuple[Billed, ...], law: Law) -> tuple[tuple[Billed, ...], list[Step]]:
    """The acts of a line as the nomenclature of the day has them, and why. Raises UnknownDate."""
    midwife = any(billed.act.code == "MSF" for billed in acts)
    steps: list[Step] = []
    read = []
    for billed in acts:
        code = billed.act.code
        if code == "MSF" and len(acts) > 1:
            steps.append(note(
                "{0} : compté dans le tarif de la consultation.", "{0}: counted within the consultation's tariff.",
                "midwife.consultation", "AMELI-SF7", code,
            ))  # fmt: skip
            continue
        if midwife and code in _MIDWIVES:
            billed = replace(billed, act=ACTS[_MIDWIVES[code]])
        elif code == "PSY" and care.base is None and not law.knows("psychologist.session"):
            billed, step = _psychologist(law)
            steps.append(step)
        elif care.base is None and _family(billed) in _PHYSIOTHERAPY and billed.coefficient is not None:
            billed, more = _renumbered(billed, law)
            steps += more
        steps += _under_conditions(care, code, law)
        read.append(billed)
    return tuple(read), steps


def _under_conditions(care: Care, code: str, law: Law) -> list[Step]:
    """A doubt where the code is for younger people than this one, or hangs on the home's income."""
    limit, more = "spa.income_limit", "spa.income_limit_person"
    if code in _UNDER_INCOME and law.knows(limit):
        return [doubt(
            "{0} : payé si les revenus de l'année d'avant ne dépassent pas {1} pour une personne seule, {2} de plus"
            " pour chaque autre.",
            "{0}: paid where the income of the year before is at most {1} for one person alone, {2} more for each"
            " other.",
            limit, law.source(limit), code, law.value(limit), law.value(more),
        )]  # fmt: skip
    age = care.age()
    until = law.value_or_none(_UNTIL_AGE[code]) if code in _UNTIL_AGE else None
    if age is None or until is None or age <= until:
        return []
    return [doubt(
        "{0} : ce code vaut jusqu'à {1} ans seulement.", "{0}: this code is for ages up to {1} only.",
        _UNTIL_AGE[code], law.source(_UNTIL_AGE[code]), code, plain(until),
    )]  # fmt: skip


def _psychologist(law: Law) -> tuple[Billed, Step]:
    """Before one tariff held for all, a first session was dearer than the others."""
    first = law.value("psychologist.first")
    return Billed(ACTS["PSY/FOLLOW-UP"]), doubt(
        "Comptée comme une séance de suivi ; la première était à {0} (PSY/FIRST).",
        "Counted as a later session; the first was at {0} (PSY/FIRST).",
        "psychologist.first", law.source("psychologist.first"), first,
    )  # fmt: skip


def _renumbered(billed: Billed, law: Law) -> tuple[Billed, list[Step]]:
    """An act written with the coefficient that it had before it rose."""
    for name in _RENUMBERED:
        now = law.value_or_none(name)
        before = law.tariffs.parameter(name).history[0].value
        if now is not None and billed.coefficient == before != now:
            step = doubt(
                "{0} {1} : cet acte compte {2} depuis le {3}.", "{0} {1}: this act counts {2} since {3}.",
                name, law.source(name), billed.act.code, plain(before), plain(now),
                (f"{law.entry(name).since:%d/%m/%Y}", law.entry(name).since.isoformat()),
            )  # fmt: skip
            return replace(billed, coefficient=now), [step]
    return billed, []


def _family(billed: Billed) -> str:
    """``AMK`` of ``AMK/LONG``; nothing for travel, supplements and assessments."""
    code = billed.act.code
    counted = billed.act.kind is Kind.AUXILIARY and not code.endswith("/ASSESSMENT")
    return code.partition("/")[0] if counted else ""


def second_sessions(parts: Sequence[Part], law: Law) -> tuple[list[Part], list[Step]]:
    """Two illnesses treated by a physiotherapist in one visit: the lesser act for a half. Raises UnknownDate."""
    sessions = sorted((part for part in parts if _family(part.billed) in _PHYSIOTHERAPY), key=lambda part: -part.base)
    if len(sessions) < 2:
        return list(parts), []
    percent = law.value("physiotherapist.second_act")
    halves = {id(part): cents(part.base * percent / _HUNDRED) for part in sessions[1:]}
    steps = [
        Step(
            "{0} dans la même séance : {1} % de son tarif, {2}.", "{0} in the same session: {1} % of its tariff, {2}.",
            halves[id(part)], "physiotherapist.second_act", law.source("physiotherapist.second_act"),
            part.billed.act.code, plain(percent), halves[id(part)],
        )
        for part in sessions[1:]
    ]  # fmt: skip
    return [replace(part, base=halves.get(id(part), part.base)) for part in parts], steps


def percent_supplements(parts: Sequence[Part], law: Law) -> tuple[list[Part], list[Step]]:
    """Parts whose tariff is in per cent of the rest of the line (a taxi at night). Raises UnknownDate."""
    added = {id(part): part for part in parts if part.billed.act.percent}
    if not added:
        return list(parts), []
    rest = sum((part.base for part in parts if id(part) not in added), _ZERO)
    steps, bases = [], {}
    for key, part in added.items():
        name = part.billed.act.tariff
        bases[key] = cents(rest * law.value(name) / _HUNDRED)
        steps.append(doubt(
            "{0} : {1} % de plus, {2}, d'après une source qui ne dit pas si le forfait en est majoré aussi.",
            "{0}: {1} % more, {2}, from a source that does not say whether the flat fee is raised too.",
            name, law.source(name), part.billed.act.code, plain(law.value(name)), bases[key],
        ))  # fmt: skip
    return [replace(part, base=bases.get(id(part), part.base)) for part in parts], steps
