"""The certificate of entitlement (attestation de droits): what insurers describe of its content."""

from datetime import date, timedelta

from agent.sandbox.model import Household, Person
from agent.sandbox.pdf.page import Mark, Sheet, day, letterhead, with_key

VALID = timedelta(days=365)
_SCHEME = "01"
"""The general scheme, first in the code of attachment."""


def make_pdf_attestation(household: Household, person: Person | None, today: date) -> bytes:
    """The certificate of ``person``, or of the whole family, issued ``today``."""
    insured = household.persons[0]
    shown = [person] if person else household.persons
    sheet = Sheet(first_row_y=330)
    letterhead(sheet, household)
    sheet.place(
        Mark("ATTESTATION DE DROITS À L'ASSURANCE MALADIE", 134, 210, 12, "B"),
        Mark(f"Éditée le {day(today)}", 43, 235, 9),
        Mark(f"Valable du {day(today)} au {day(today + VALID)}", 43, 248, 9),
        Mark("Assuré", 43, 270, 9, "B"),
        Mark(f"{insured.last_name} {insured.first_name}", 133, 270, 9),
        Mark("Numéro de sécurité sociale", 43, 283, 9, "B"),
        Mark(with_key(household.nir), 190, 283, 9),
        Mark(f"Code organisme de rattachement : {_attachment(household)} - Code gestion : 10", 43, 296, 9),
        Mark("Bénéficiaires", 43, 320, 9, "B"),
        Mark("né(e) le", 240, 320, 9, "B"),
        Mark("rang", 320, 320, 9, "B"),
        Mark("qualité", 355, 320, 9, "B"),
        Mark("médecin traitant", 455, 320, 9, "B"),
    )
    for rank, member in enumerate(household.persons, start=1):
        if member in shown:
            sheet.row(
                14,
                Mark(f"{member.last_name} {member.first_name}", 43, 0),
                Mark(day(member.birth_date), 240, 0),
                Mark(str(member.birth_rank), 320, 0),
                Mark(f"{rank:02d} {'assuré' if member.insured else 'ayant droit'}", 355, 0),
                Mark("déclaré" if member.doctor else "non déclaré", 455, 0),
            )
    _full_cover(sheet, household, shown, today)
    _solidarity(sheet, household, today)
    return sheet.draw("Attestation de droits")


def _attachment(household: Household) -> str:
    return " ".join(part for part in (_SCHEME, household.office[:2], household.office[2:]) if part)


def _full_cover(sheet: Sheet, household: Household, shown: list[Person], today: date) -> None:
    current = [one for one in household.exemptions
               if one.person in shown and one.since <= today and (one.until is None or one.until >= today)]
    if not current:
        return
    sheet.row(26, Mark("Exonération du ticket modérateur", 43, 0, 9, "B"))
    for exemption in current:
        end = f"au {day(exemption.until)}" if exemption.until else "sans date de fin"
        sheet.row(14, Mark(f"{exemption.person.last_name} {exemption.person.first_name} : {exemption.label}", 43, 0),
                  Mark(f"du {day(exemption.since)} {end}", 355, 0))


def _solidarity(sheet: Sheet, household: Household, today: date) -> None:
    right = household.solidarity
    if right is None or right.until < today:
        return
    kind = "avec participation financière" if right.contribution else "sans participation financière"
    sheet.row(26, Mark("Complémentaire santé solidaire", 43, 0, 9, "B"))
    sheet.row(14, Mark(kind, 43, 0), Mark(f"du {day(right.since)} au {day(right.until)}", 355, 0))
