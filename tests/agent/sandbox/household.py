"""A tiny account written by hand, so that every amount in these tests is known."""

from datetime import date
from decimal import Decimal

from agent.sandbox.model import (
    Attachment,
    CareLine,
    FlatDeduction,
    Household,
    Person,
    SandboxMessage,
    SandboxPayment,
    SickPayLine,
)

TODAY = date(2026, 11, 23)
NIR = "2850578006048"
PASSWORD = "Sésame+1 &ouvre=toi"

CLAIRE = Person("CLAIRE", "MARTIN", date(1985, 5, 12), insured=True)
TOM = Person("TOM", "MARTIN", date(2015, 3, 4))


def _care(person: Person, label: str, code: str, day: date, paid: str, rate: int, refunded: str) -> CareLine:
    return CareLine(person, label, code, day, Decimal(paid), Decimal(paid), rate, Decimal(refunded))


def household() -> Household:
    """Six payments (two persons, a deduction, a third party, sick pay, one of two years ago) and two messages."""
    visit = SandboxPayment(
        date(2026, 10, 13), "REMBOURSEMENT_SOINS", "Remboursement de soins", Decimal("40.00"),
        lines=[
            _care(CLAIRE, "C GENERALISTE", "G", date(2026, 10, 8), "30.00", 70, "21.00"),
            _care(TOM, "C GENERALISTE", "G", date(2026, 10, 8), "30.00", 70, "21.00"),
        ],
        deductions=[FlatDeduction("participation forfaitaire", "PFH", date(2026, 10, 8), Decimal("-2.00"), CLAIRE)],
        reference="0351 262860000001",
    )
    pharmacy = SandboxPayment(
        date(2026, 10, 13), "PAIEMENT_A_UN_TIERS", "Paiement à un tiers", Decimal("6.50"),
        lines=[_care(CLAIRE, "PHARMACIE", "PH7", date(2026, 10, 9), "10.00", 65, "6.50")],
    )
    sick = SandboxPayment(
        date(2026, 9, 18), "INDEMNITE_JOURNALIERE_ASSURE", "Indemnités journalières", Decimal("1234.56"),
        sick_pay=[SickPayLine("IJ normales", date(2026, 9, 1), date(2026, 9, 14), 14, Decimal("88.18"),
                              Decimal("1234.56"))],
    )
    current = SandboxPayment(
        date(2026, 11, 20), "REMBOURSEMENT_SOINS", "Remboursement <b>&'\"", Decimal("17.50"),
        lines=[_care(CLAIRE, "SOINS INFIRMIERS", "AMI", date(2026, 11, 16), "25.00", 70, "17.50")],
    )
    old = SandboxPayment(
        date(2025, 1, 7), "REMBOURSEMENT_SOINS", "Remboursement de soins", Decimal("17.50"),
        lines=[_care(CLAIRE, "C GENERALISTE", "G", date(2025, 1, 2), "25.00", 70, "17.50")],
    )
    older = SandboxPayment(
        date(2023, 2, 14), "REMBOURSEMENT_SOINS", "Remboursement de soins", Decimal("16.50"),
        lines=[_care(CLAIRE, "C GENERALISTE", "G", date(2023, 2, 10), "25.00", 70, "16.50")],
    )
    return Household(
        nir=NIR, password=PASSWORD, persons=[CLAIRE, TOM],
        address=("12 RUE DES LILAS", "78000 VERSAILLES"), email="claire.martin@example.org",
        mobile="06 12 34 56 78", phone="01 23 45 67 89", cpam="CPAM DES YVELINES",
        cpam_address="78085  YVELINES Cedex 9", top_up="MUTUELLE DES EXEMPLES",
        payments=[current, visit, pharmacy, sick, old, older],
        messages=[
            SandboxMessage("M-0001", date(2026, 9, 3), "CPAM DES YVELINES", "Votre demande", "Bonjour,\nDossier reçu."),
            SandboxMessage("M-0002", date(2026, 10, 20), "Assurance Maladie", "Votre justificatif", "Voir la pièce.",
                           attachments=[Attachment("justificatif.pdf", b"%PDF-1.4 joint")]),
        ],
    )
