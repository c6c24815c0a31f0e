"""What is particular to technical acts: their words, what their refund hangs on, and the rise of plain X-rays."""

from collections.abc import Sequence
from decimal import Decimal

from agent.rules.codes.ccam import in_words
from agent.rules.codes.nomenclature import Act, Family
from agent.rules.dated_tables import Law
from agent.rules.pricing.parts import Part
from agent.rules.pricing.request import Care
from agent.rules.pricing.steps import Step, cents, doubt, note, plain

_HUNDRED = Decimal(100)
_RADIOLOGIST = "acts.radiologist_rise"


def named(act: Act) -> tuple[str, str]:
    """The code, and where this program has words for it what it is, in French and English."""
    words = in_words(act)
    return (act.code, act.code) if words is None else (f"{act.code} ({words[0]})", f"{act.code} ({words[1]})")


def what_it_takes(act: Act, tariff: Decimal) -> list[Step]:
    """What the refund of a technical act hangs on besides its tariff in euros."""
    steps = []
    if act.conditions == "P":
        steps.append(note(
            "{0} : l'accord préalable de la caisse est nécessaire, sans lui rien n'est remboursé.",
            "{0}: the fund must agree beforehand, else nothing is paid back.", "L315-2", "CCAM-V81", act.code))
    elif act.conditions:
        steps.append(note(
            "{0} : remboursé sous conditions, que le professionnel connaît.",
            "{0}: paid back under conditions, which the professional knows.", "CCAM", "CCAM-V81", act.code))
    if act.group and not tariff:
        steps.append(doubt(
            "{0} est dans la table de l'Assurance Maladie sans montant : rien n'est compté.",
            "{0} stands in the fund's table without an amount: nothing is counted.", "CCAM", "CCAM-V81", act.code))
    return steps  # fmt: skip


def with_rise(parts: Sequence[Part], care: Care, law: Law) -> tuple[list[Part], list[Step]]:
    """The parts of a line with what a modifier adds to plain X-rays. Where none is written the price may tell that a
    radiologist did it; else it is doubted. Raises UnknownDate."""
    risen, steps = list(parts), []
    x_rays = [place for place, part in enumerate(parts) if part.billed.act.family is Family.X_RAY]
    untold = [place for place in x_rays if not parts[place].billed.act.rise]
    for place in x_rays:
        part, name = parts[place], parts[place].billed.act.rise or _RADIOLOGIST
        if place in untold and not law.knows(name):
            continue
        rise = law.value(name)
        base = cents(part.base * (_HUNDRED + rise) / _HUNDRED)
        if place in untold and (len(parts) > 1 or care.price != base):
            steps.append(doubt(
                "{0} : un radiologue ajoute {1} % (modificateur Z, écrit /Z derrière le code), la base est alors {2}.",
                "{0}: a radiologist adds {1} % (modifier Z, written /Z behind the code), the base is then {2}.",
                name, law.source(name), part.billed.act.code, plain(rise), base))
            continue
        risen[place] = Part(part.billed, base, part.joined)
        steps.append(Step(
            "{0} : {1} % de plus pour ce spécialiste, {2}.", "{0}: {1} % more for this specialist, {2}.",
            base - part.base, name, law.source(name), part.billed.act.code, plain(rise), base))
    return risen, steps  # fmt: skip
