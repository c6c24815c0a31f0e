"""A year of care: what was asked, what the fund gave back, what stayed, by person, kind of care and month."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from agent.protocol.money import CareGroup, Sums, YearSums
from agent.protocol.payments import CareLine, PaymentDetail
from agent.rules.codes.nomenclature import Kind
from agent.rules.codes.recognise import Recognised, recognise, recognise_act
from agent.rules.ledger import Ledger, build_ledger
from agent.rules.ledger.due import folded

_ZERO = Decimal(0)
_GROUPS: dict[str, tuple[str, str, frozenset[Kind]]] = {
    "doctor": ("Médecins", "Doctors", frozenset({Kind.DOCTOR, Kind.SUPPLEMENT, Kind.TECHNICAL})),
    "imaging": ("Imagerie", "Imaging", frozenset({Kind.IMAGING})),
    "biology": ("Analyses", "Laboratory", frozenset({Kind.BIOLOGY, Kind.SAMPLING})),
    "pharmacy": ("Pharmacie", "Pharmacy", frozenset({Kind.MEDICINE, Kind.FEE})),
    "dental": ("Dentaire", "Dental care", frozenset({Kind.DENTAL, Kind.PROSTHESIS})),
    "auxiliary": ("Soins paramédicaux", "Nurses and therapists", frozenset({Kind.AUXILIARY, Kind.TRAVEL})),
    "midwife": ("Sages-femmes", "Midwives", frozenset({Kind.MIDWIFE})),
    "device": ("Optique, audition, appareillage", "Optics, hearing, devices", frozenset({Kind.DEVICE})),
    "transport": ("Transports", "Transport", frozenset({Kind.TRANSPORT})),
    "hospital": ("Hôpital", "Hospital", frozenset({Kind.STAY, Kind.DAY_CHARGE, Kind.EMERGENCY})),
    "psychologist": ("Psychologues", "Psychologists", frozenset({Kind.PSYCHOLOGIST})),
}
_OF_KIND = {kind: name for name, (_fr, _en, kinds) in _GROUPS.items() for kind in kinds}


class _Sum:
    """Euros spent and given back. A price that is not printed counts as what was given back."""

    def __init__(self) -> None:
        self.spent = self.reimbursed = _ZERO

    def add(self, spent: Decimal, reimbursed: Decimal) -> None:
        self.spent += spent
        self.reimbursed += reimbursed

    def shape(self) -> Sums:
        return {
            "spent": f"{self.spent:.2f}", "reimbursed": f"{self.reimbursed:.2f}",
            "left": f"{self.spent - self.reimbursed:.2f}",
        }


def year_view(
    payments: Iterable[PaymentDetail], year: int, beneficiary: str | None = None, ledger: Ledger | None = None
) -> YearSums:
    """The care refunded in ``year``, from payments in the contract's shape. ``left`` is before any top-up.

    Deductions are apart in ``withheld``: all those of the year, or with ``beneficiary`` those the ledger traces to
    that person's care, since a deduction itself names nobody. ``ledger`` is made from ``payments`` when not given.
    """
    payments = list(payments)
    person = folded(beneficiary) if beneficiary else ""
    if person and ledger is None:
        ledger = build_ledger(payments)
    whole, months = _Sum(), defaultdict[str, _Sum](_Sum)
    persons, kinds = defaultdict[str, _Sum](_Sum), defaultdict[str, _Sum](_Sum)
    withheld, years = _ZERO, set()
    for payment in payments:
        years.add(int(payment["paid_on"][:4]))
        if int(payment["paid_on"][:4]) != year:
            continue
        if not person:
            withheld -= sum((Decimal(one["amount"]) for one in payment["deductions"]), _ZERO)
        for line in payment["lines"]:
            if person and folded(line["beneficiary"]) != person:
                continue
            back = Decimal(line["reimbursed"])
            spent = Decimal(line["paid"]) if line["paid"] is not None else back
            group = group_of(line)["kind"]
            for each in (whole, months[payment["paid_on"][:7]], persons[line["beneficiary"]], kinds[group]):
                each.add(spent, back)
    if person and ledger is not None:
        withheld = ledger.withheld_from(person, year)
    return {
        "year": year,
        "years": sorted(years, reverse=True),
        **whole.shape(),
        "top_up_expected": None,
        "withheld": f"{withheld:.2f}",
        "by_person": [{"name": name, **one.shape()} for name, one in sorted(persons.items())],
        "by_kind": [{**_labelled(name), **one.shape()} for name, one in sorted(kinds.items())],
        "months": [_of_month(month, months[month].shape()) for month in sorted(months)],
    }


def group_of(line: CareLine) -> CareGroup:
    """The kind of care of an act line, as the year's sums tell it."""
    return _group(recognise(line))


def group_of_act(label: str, code: str | None) -> CareGroup:
    """The same of an act of which only the label and perhaps the code are known."""
    return _group(recognise_act(label, code))


def _group(act: Recognised) -> CareGroup:
    return _labelled(_OF_KIND.get(act.kind, "other") if act.kind else "other")


def _of_month(month: str, sums: Sums) -> list[str]:
    return [month, sums["spent"], sums["reimbursed"], sums["left"]]


def _labelled(group: str) -> CareGroup:
    fr, en, _kinds = _GROUPS.get(group, ("Autres soins", "Other care", frozenset()))
    return {"kind": group, "label_fr": fr, "label_en": en}
