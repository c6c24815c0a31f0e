"""The Complémentaire santé solidaire worked out: who gets it, free or paid, and for how much.

Everything is computed from the dated tables ``config/tariffs/c2s.yaml``. Rules: Code de la sécurité sociale, L. 861-1
and R. 861-2 to R. 861-16-2, as service-public F10027 and openfisca-france read them. Where the ceiling in force is an
estimate, ``Result.certain`` is False, and resources close to it give ``unsure``: the fund alone decides.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal, NamedTuple

from agent.procedures.c2s_ceilings import Ceiling, ceiling
from agent.procedures.deadlines.days import after, age_on, months_after
from agent.procedures.model import Both
from config.tariffs import value

Status = Literal["free", "paid", "none", "unsure"]
Housing = Literal["rent", "aid", "owner", "free"]
"""Tenant without aid, tenant or owner with housing aid, owner without, housed free of charge."""
MONTHS = 12
COUNTED = ("wages", "self_employed", "unemployment", "sick_pay", "pension", "disability", "family", "maintenance",
           "scholarship", "investment", "foreign", "other")
"""Kinds of resources that count whole."""
EXCLUDED = ("rsa", "activity_bonus", "social_scholarship")
"""Kinds that do not count."""
_CENT = Decimal("0.01")
_AGES = ((70, "from_70"), (60, "60_to_69"), (50, "50_to_59"), (30, "30_to_49"), (0, "under_30"))
ALSACE_MOSELLE = ("57", "67", "68")
"""Départements of the local scheme."""


class Person(NamedTuple):
    """Somebody of the household."""

    name: str
    born: date
    shared: bool = False
    """A child in alternating custody counts for half."""


class Income(NamedTuple):
    """One kind of resources of one person over the twelve months, oldest first."""

    kind: str
    """One of ``COUNTED`` or ``EXCLUDED``, ``aah``, ``interrupted_wages`` or ``maintenance_paid``."""
    amounts: tuple[Decimal, ...]
    who: str = ""


class Step(NamedTuple):
    """One step of the computation."""

    text: Both
    amount: Decimal
    rule: str
    source: str

    def json(self) -> dict[str, str]:
        """The contract's shape."""
        return {"text_fr": self.text.fr, "text_en": self.text.en, "amount": f"{self.amount:.2f}", "rule": self.rule,
                "source": self.source}


@dataclass(frozen=True)
class Result:
    """What came out."""

    status: Status
    certain: bool
    """The ceilings in force are known, not estimated."""
    resources: Decimal
    """Of the twelve months, housing included."""
    free: Ceiling
    paid: Ceiling
    contribution: Decimal
    """Euros a month for the whole household if the paid cover is given; zero otherwise."""
    by_person: tuple[tuple[str, Decimal], ...]
    """The same by name; empty when nothing is to pay."""
    steps: tuple[Step, ...]


def months(applied: date) -> tuple[date, ...]:
    """The first days of the twelve months that count, oldest first: M−13 to M−2 of the month of the application."""
    first = applied.replace(day=1)
    return tuple(months_after(first, back) for back in range(-MONTHS - 1, -1))


def housing_sum(people: int, housing: Housing, on: date, aid: Decimal | None = None) -> Decimal:
    """What housing counts for in a year. ``aid``: the housing aid of one month, which counts itself when it is less."""
    if housing == "rent":
        return Decimal(0)
    size = min(people, 3)
    rate = value(f"c2s.{'housing_aid' if housing == 'aid' else 'housed'}_{size}", on) / 100
    rsa = value("c2s.rsa", on) * (
        1 + (value("c2s.rsa_second", on) if size > 1 else 0) + (value("c2s.rsa_third", on) if size > 2 else 0))
    month = rsa * rate if aid is None or housing != "aid" else min(aid, rsa * rate)
    return (month * MONTHS).quantize(_CENT, ROUND_HALF_UP)


def counted(income: Income, on: date) -> Decimal:
    """What one kind of resources counts for, negative when it is deducted. Raises ValueError for an unknown kind."""
    total = sum(income.amounts, Decimal(0))
    if income.kind in COUNTED:
        return total
    if income.kind in EXCLUDED:
        return Decimal(0)
    if income.kind == "aah":
        off = value("c2s.aah_allowance", on)
        return sum((max(one - off, Decimal(0)) for one in income.amounts), Decimal(0))
    if income.kind == "interrupted_wages":
        return (total * (100 - value("c2s.earnings_allowance", on)) / 100).quantize(_CENT, ROUND_HALF_UP)
    if income.kind == "maintenance_paid":
        return -total
    raise ValueError(f"unknown kind of resources: {income.kind}")


def contribution(born: date, on: date, alsace_moselle: bool = False) -> Decimal:
    """Euros a month of one person, by the age on 1 January of the year of ``on``."""
    age = max(age_on(born, date(on.year, 1, 1)), 0)
    band = next(name for least, name in _AGES if age >= least)
    return value(f"c2s.price_{band}{'_alsace_moselle' if alsace_moselle else ''}", on)


def assess(
    people: Sequence[Person], incomes: Sequence[Income], housing: Housing, on: date, *, aid: Decimal | None = None,
    overseas: bool = False, alsace_moselle: bool = False, rsa: bool = False,
) -> Result:
    """Work it out for an application made on ``on``. ``rsa``: the household receives the RSA, which gives the free
    cover by itself. Raises ValueError for an empty household or an unknown kind of resources."""
    shared = _positions(people, on)
    free = ceiling(len(people), on, overseas=overseas, shared=shared)
    paid = ceiling(len(people), on, paid=True, overseas=overseas, shared=shared)
    steps = [_income_step(one, on) for one in incomes]
    flat = housing_sum(len(people), housing, on, aid)
    if flat:
        steps.append(Step(Both("Logement, compté pour une somme forfaitaire", "Housing, counted as a flat sum"), flat,
                          "R. 861-5, R. 861-7", "OPENFISCA-CMU"))
    resources = max(sum((step.amount for step in steps), Decimal(0)), Decimal(0))
    steps.append(Step(Both("Ressources des douze mois", "Resources of the twelve months"), resources, "R. 861-8",
                      "F10027"))
    for limit, name in ((free, Both("gratuite", "free")), (paid, Both("avec participation", "paid"))):
        mark = Both("", "") if limit.certain else Both(" (estimation)", " (estimate)")
        if limit.other is not None:
            mark = Both(f"{mark.fr}, {limit.other} € d'après une autre source", f"{mark.en}, €{limit.other} in another"
                        " source")
        steps.append(Step(Both(f"Plafond de la C2S {name.fr}{mark.fr}", f"Ceiling of the {name.en} C2S{mark.en}"),
                          limit.amount, "D. 861-1", limit.source))
    certain = free.certain and paid.certain
    status = "free" if rsa else _status(resources, free, paid, on)
    payers = people if status == "paid" else ()
    by_person = tuple((one.name, contribution(one.born, on, alsace_moselle)) for one in payers)
    total = sum((one for _, one in by_person), Decimal(0))
    if status == "paid":
        steps.append(Step(Both("Participation par mois, selon l'âge de chacun au 1er janvier",
                               "Contribution a month, by everybody's age on 1 January"), total, "L. 861-1", "F10027"))
    return Result(status, certain or rsa, resources, free, paid, total, by_person, tuple(steps))


def _positions(people: Sequence[Person], on: date) -> list[int]:
    """Where the children in alternating custody stand, adults first, then children from the eldest."""
    limit = int(value("c2s.dependant_age", on))
    ordered = sorted(people, key=lambda person: (
        age_on(person.born, on) < limit and person is not people[0], person.born))
    return [number for number, person in enumerate(ordered) if person.shared]


def _status(resources: Decimal, free: Ceiling, paid: Ceiling, on: date) -> Status:
    estimated = value("c2s.estimate_margin", on) / 100
    for limit in (free, paid):
        margin = Decimal(0) if limit.certain else limit.amount * estimated
        if limit.least - margin < resources <= limit.most + margin and (margin or limit.other is not None):
            return "unsure"
    return "free" if resources <= free.amount else "paid" if resources <= paid.amount else "none"


def _income_step(income: Income, on: date) -> Step:
    label, who = LABELS[income.kind], f"{income.who} : " if income.who else ""
    note = Both("", "")
    if income.kind in EXCLUDED:
        note = Both(" (ne compte pas)", " (does not count)")
    elif income.kind == "interrupted_wages":
        note = Both(" (après abattement)", " (after the allowance)")
    elif income.kind == "maintenance_paid":
        note = Both(" (déduit)", " (deducted)")
    source = "OPENFISCA-CMU" if income.kind in (*EXCLUDED, "aah", "interrupted_wages", "maintenance_paid") else "F10027"
    return Step(Both(f"{who}{label.fr}{note.fr}", f"{who.replace(' :', ':')}{label.en}{note.en}"),
                counted(income, on), "R. 861-8, R. 861-10", source)


class Window(NamedTuple):
    """When a renewal can be asked for."""

    opens: date
    closes: date
    end: date

    def state(self, today: date) -> Literal["early", "open", "late", "over"]:
        """Where a day stands."""
        if today < self.opens:
            return "early"
        return "open" if today <= self.closes else "late" if today <= self.end else "over"


def renewal(end: date, today: date) -> Window:
    """The window to renew a cover that ends on ``end``: 4 to 2 months before (R. 861-16-2), by today's law."""
    opens, closes = (after(end, f"procedures.c2s_renewal_{name}", -1, on=today) for name in ("opens", "closes"))
    return Window(opens, closes, end)


AUTOMATIC = ("rsa", "aspa", "asi")
"""Benefits whose holders' cover is renewed without asking (F10027)."""
LABELS: dict[str, Both] = {
    "wages": Both("Salaires nets", "Net wages"),
    "interrupted_wages": Both("Salaires nets d'une personne qui touche maintenant le chômage ou des indemnités "
                              "journalières", "Net wages of a person now on unemployment benefit or sick pay"),
    "self_employed": Both("Revenus d'indépendant", "Self-employed income"),
    "unemployment": Both("Allocations chômage", "Unemployment benefit"),
    "sick_pay": Both("Indemnités journalières", "Daily sick pay"),
    "pension": Both("Retraites", "Retirement pensions"),
    "disability": Both("Pension d'invalidité, rente", "Disability pension, annuity"),
    "aah": Both("Allocation aux adultes handicapés (AAH)", "Disabled adults' allowance (AAH)"),
    "family": Both("Allocations familiales", "Family allowances"),
    "maintenance": Both("Pensions alimentaires reçues", "Maintenance received"),
    "maintenance_paid": Both("Pensions alimentaires versées", "Maintenance paid"),
    "scholarship": Both("Bourses autres que sur critères sociaux", "Scholarships other than means-tested ones"),
    "social_scholarship": Both("Bourses sur critères sociaux", "Means-tested scholarships"),
    "investment": Both("Revenus de placements et de loyers", "Income from investments and rents"),
    "foreign": Both("Revenus de l'étranger", "Income from abroad"),
    "rsa": Both("RSA", "RSA (minimum income)"),
    "activity_bonus": Both("Prime d'activité", "Prime d'activité (in-work benefit)"),
    "other": Both("Autres ressources", "Other resources"),
}
"""Every kind of resources, as a person knows it."""
