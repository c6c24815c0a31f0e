"""Certificates on demand beside the attestation de droits: sick pay, tax statement, provisional European certificate.

Their layout is ours: what each one says is published, how it looks is not.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from agent.sandbox.desk.delays import months_later, published
from agent.sandbox.model import Household, Person, SickPayLine
from agent.sandbox.pdf.page import Mark, Sheet, day, euros, letterhead, with_key
from config.tariffs import load

_CENT = Decimal("0.01")
_DAYS, _DAILY, _AMOUNT = 380, 460, 550
"""Right edges of the columns, in points."""


def sick_pay_of(household: Household, since: date, until: date) -> list[SickPayLine]:
    """The allowances paid for days of that period, oldest first."""
    parts = [part for payment in household.payments for part in payment.sick_pay
             if part.start <= until and part.end >= since]
    return sorted(parts, key=lambda part: part.start)


def taxable(parts: Iterable[SickPayLine]) -> Decimal:
    """What of these allowances is taxed: the gross amount less the deductible part of the CSG."""
    tariffs, total = load(), Decimal(0)
    for part in parts:
        gross = part.amount / (1 - tariffs.value("sick_pay.contributions", part.start) / 100)
        total += gross * (1 - tariffs.value("sick_pay.csg_deductible", part.start) / 100)
    return total.quantize(_CENT, ROUND_HALF_UP)


def make_pdf_sick_pay(household: Household, since: date, until: date, today: date) -> bytes:
    """The certificate of the allowances paid over a period, cut to the days inside it."""
    sheet = _headed(household, "ATTESTATION DE PAIEMENT D'INDEMNITÉS JOURNALIÈRES", today,
                    f"Période du {day(since)} au {day(until)}")
    sheet.heads = [
        Mark("période", 43, 300, 9, "B"), Mark("jours", _DAYS, 300, 9, "B", "right"),
        Mark("net par jour", _DAILY, 300, 9, "B", "right"), Mark("montant net", _AMOUNT, 300, 9, "B", "right"),
    ]
    sheet.place(*sheet.heads)
    total = Decimal(0)
    for part in sick_pay_of(household, since, until):
        first, last = max(part.start, since), min(part.end, until)
        days = (last - first).days + 1
        amount = part.amount if days == part.days else part.daily * days
        total += amount
        sheet.row(14, Mark(f"{part.label} du {day(first)} au {day(last)}", 43, 0),
                  Mark(str(days), _DAYS, 0, align="right"), Mark(euros(part.daily), _DAILY, 0, align="right"),
                  Mark(euros(amount), _AMOUNT, 0, align="right"))
    sheet.row(20, Mark("Total net versé sur la période", 43, 0, 9, "B"),
              Mark(f"{euros(total)} euro(s)", _AMOUNT, 0, 9, "B", "right"))
    return sheet.draw("Attestation de paiement d'indemnités journalières")


def make_pdf_tax(household: Household, year: int, today: date) -> bytes:
    """The tax statement: what was paid in the year, and what of it is taxed."""
    parts = [part for payment in household.payments if payment.paid_on.year == year for part in payment.sick_pay]
    sheet = _headed(household, f"RELEVÉ FISCAL {year}", today,
                    f"Prestations versées du 01/01/{year} au 31/12/{year}")
    rows = (("Indemnités journalières : montant net versé", sum((part.amount for part in parts), Decimal(0))),
            ("Montant net imposable à déclarer", taxable(parts)))
    for label, amount in rows:
        sheet.row(16, Mark(label, 43, 0, 9), Mark(f"{euros(amount)} euro(s)", _AMOUNT, 0, 9, "", "right"))
    sheet.row(24, Mark("Le montant imposable dépasse le montant versé : une part de la CSG et de la CRDS est imposée.",
                       43, 0))
    return sheet.draw(f"Relevé fiscal {year}")


def make_pdf_provisional(household: Household, person: Person, today: date) -> bytes:
    """The certificate that stands for a European card, from today."""
    until = months_later(today, published("ehic_provisional", today)) - timedelta(days=1)
    sheet = _headed(household, "CERTIFICAT PROVISOIRE DE REMPLACEMENT", today,
                    "de la carte européenne d'assurance maladie")
    rows = (
        ("État d'affiliation", "FR"), ("Nom", person.last_name), ("Prénoms", person.first_name),
        ("Date de naissance", day(person.birth_date)), ("Numéro personnel", with_key(household.nir)),
        ("Institution compétente", household.cpam), ("Valable du", day(today)), ("au", day(until)),
        ("Délivré le", day(today)),
    )
    for label, value in rows:
        sheet.row(16, Mark(label, 43, 0, 9, "B"), Mark(value, 220, 0, 9))
    return sheet.draw("Certificat provisoire de remplacement")


def _headed(household: Household, title: str, today: date, under: str) -> Sheet:
    insured = household.persons[0]
    sheet = Sheet(first_row_y=310)
    letterhead(sheet, household)
    sheet.place(
        Mark(title, 134, 210, 12, "B"), Mark(under, 134, 226, 10), Mark(f"Fait le {day(today)}", 43, 250, 9),
        Mark("Assuré", 43, 268, 9, "B"), Mark(f"{insured.last_name} {insured.first_name}", 133, 268, 9),
        Mark("Numéro de sécurité sociale", 43, 281, 9, "B"), Mark(with_key(household.nir), 190, 281, 9),
    )
    return sheet
