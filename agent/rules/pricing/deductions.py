"""Participations and franchises: what is due on a line, what the ceilings leave of it, and who is exempt."""

from dataclasses import dataclass
from decimal import Decimal

from agent.rules.codes.nomenclature import Kind
from agent.rules.dated_tables import Law
from agent.rules.pricing.rates import Share
from agent.rules.pricing.request import Care, age_on
from agent.rules.pricing.steps import Step, note

_ZERO = Decimal(0)
_CAPPED_BY_DAY = {Kind.AUXILIARY: "franchise.auxiliary_day", Kind.TRANSPORT: "franchise.transport_day"}


CEILINGS = {
    "participation": (
        "participation_forfaitaire.per_year", "participation_forfaitaire.per_year_count",
        "participation_forfaitaire.amount",
    ),
    "franchise": ("franchise.per_year",),
}
"""The parameters that a year's ceiling is made of."""


@dataclass(frozen=True, slots=True)
class Deductions:
    """What is taken from the refund of one line, in euros."""

    participation: Decimal
    franchise: Decimal
    steps: tuple[Step, ...]


def room(ceiling: Decimal, used: Decimal) -> Decimal:
    """What a ceiling still allows once ``used`` was taken."""
    return max(_ZERO, ceiling - used)


def year_ceiling(kind: str, law: Law) -> Decimal:
    """The calendar year's ceiling of ``participation`` or ``franchise`` on the law's day, in euros."""
    euros, *counted = (law.value(name) for name in CEILINGS[kind])
    return min(euros, counted[0] * counted[1]) if counted else euros


def find_deductions(care: Care, shares: list[Share], before: Decimal, law: Law, in_stay: bool) -> Deductions:
    """The deductions of a line whose refund is ``before``. Raises UnknownDate."""
    exempt = _exemption(care, law)
    if exempt:
        why_fr, why_en, rule = exempt
        step = note(
            "Ni participation ni franchise : {0}.",
            "Neither participation nor franchise: {0}.",
            rule,
            "CSS",
            (why_fr, why_en),
        )
        return Deductions(_ZERO, _ZERO, (step,))
    year = law.at(care.refunded_on or care.on)
    participation, first = _participation(care, shares, law, year, in_stay)
    franchise, second = (_ZERO, []) if in_stay else _franchise(care, shares, before, law, year)
    steps = first + second
    if participation + franchise > before:
        late = participation + franchise - before
        steps.append(
            Step(
                "Le remboursement n'y suffit pas : {0} pourront être retenus plus tard.",
                "The refund is too small for it: {0} may be taken later.",
                late,
                "L160-13",
                "CSS",
                late,
            )
        )
    elif care.third_party_payment and participation + franchise:
        steps.append(
            Step(
                "Tiers payant : cette somme sera retenue sur un prochain remboursement.",
                "Third-party payment: this sum will be withheld from a later refund.",
                participation + franchise,
                "L160-13",
                "CSS",
            )
        )
    return Deductions(participation, franchise, tuple(steps))


def _exemption(care: Care, law: Law) -> tuple[str, str, str] | None:
    if care.birth_date is not None:
        # Who is a minor on 1 January stays exempt the whole year (D160-12).
        new_year = care.on.replace(month=1, day=1)
        if care.birth_date > new_year or age_on(care.birth_date, new_year) < law.value("exemption.minor_age"):
            return "mineur au 1er janvier", "a minor on 1 January", "L160-15, D160-12"
    situation = law.exempt(care.situations) if care.situations else ""
    return _NAMES[situation] if situation else None


_NAMES = {
    "c2s": ("complémentaire santé solidaire", "complementary solidarity cover", "L160-15"),
    "maternity": ("maternité", "maternity", "D160-3, L160-9"),
    "ame": ("aide médicale de l'État", "state medical aid", "DISPOFI2"),
    "terrorism": ("victime d'un acte de terrorisme", "victim of terrorism", "L169-2"),
    "military_pension": ("pension militaire", "military pension", "CNMSS"),
}


def _participation(care: Care, shares: list[Share], law: Law, year: Law, in_stay: bool) -> tuple[Decimal, list[Step]]:
    concerned = [
        share for share in shares if share.part.billed.act.participation and (share.amount > 0 or share.part.joined)
    ]
    if in_stay or not concerned or not any(share.amount for share in shares):
        return _ZERO, []
    amount = law.value_or_none("participation_forfaitaire.amount")
    if amount is None:
        return _ZERO, []
    due = amount * len(concerned) * care.quantity
    day = law.value("participation_forfaitaire.per_professional_per_day") * amount
    of_year = _Year("participation", care.used_this_year.participation, year)
    taken = min(due, room(day, care.used_same_day.participation), of_year.left)
    return taken, _steps(
        "Participation forfaitaire",
        "Participation forfaitaire",
        due,
        taken,
        amount,
        "participation_forfaitaire.amount",
        law,
        of_year if of_year.left == taken else None,
    )


def _franchise(
    care: Care,
    shares: list[Share],
    before: Decimal,
    law: Law,
    year: Law,
) -> tuple[Decimal, list[Step]]:
    total, steps = _ZERO, []
    if law.value_or_none("franchise.per_year") is None:
        return _ZERO, []
    of_year = _Year("franchise", care.used_this_year.franchise, year)
    day_used = care.used_same_day.franchise
    for share in shares:
        act = share.part.billed.act
        joined = share.part.joined
        if not act.franchise or not (share.amount or joined) or (act.kind is Kind.TRANSPORT and care.urgent):
            continue
        name = f"franchise.{act.franchise}"
        unit = law.value(name)
        due = unit * care.quantity
        # The floor of D160-9; where one base stands for several acts, that of them all.
        floor = room(before, total) if joined else min(share.amount, room(before, total))
        taken = min(due, floor, room(of_year.left, total))
        if act.kind in _CAPPED_BY_DAY:
            taken = min(taken, room(law.value(_CAPPED_BY_DAY[act.kind]), day_used))
            day_used += taken
        by_year = taken == room(of_year.left, total) < floor
        total += taken
        steps += _steps(
            "Franchise médicale", "Franchise", due, taken, unit, name, law, of_year if by_year else None)
    return total, steps


class _Year:
    """What the year's ceiling leaves on the day of refund."""

    def __init__(self, kind: str, used: Decimal, law: Law) -> None:
        self.ceiling, self.used = year_ceiling(kind, law), used
        self.left = room(self.ceiling, used)
        self.source = law.source(CEILINGS[kind][0])


def _steps(
    fr: str, en: str, due: Decimal, taken: Decimal, unit: Decimal, name: str, law: Law, by_year: _Year | None
) -> list[Step]:
    """What was withheld and what was not; ``by_year`` when the year's ceiling is what holds."""
    steps = [
        Step(
            "{2} : {0} l'unité, {1} retenus.",
            "{2}: {0} each, {1} withheld.",
            -taken,
            name,
            law.source(name),
            unit,
            taken,
            (fr, en),
        )
    ]
    if taken < due and by_year is not None:
        steps.append(
            Step(
                "{0} seraient dus, mais le plafond de l'année est de {1}, et {2} ont déjà été retenus.",
                "{0} would be due, but the year's ceiling is {1}, and {2} were withheld already.",
                due - taken,
                "D160-6, D160-10",
                by_year.source,
                due,
                by_year.ceiling,
                by_year.used,
            )
        )
    elif taken < due:
        steps.append(
            Step(
                "{0} seraient dus, mais un plafond ou le plancher de l'acte joue.",
                "{0} would be due, but a ceiling or the act's floor holds.",
                due - taken,
                "D160-6, D160-8, D160-9, D160-10, D160-11",
                "CSS",
                due,
            )
        )
    return steps
