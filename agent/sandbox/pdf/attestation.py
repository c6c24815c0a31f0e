"""The certificate of entitlement (attestation de droits): what insurers describe of its content."""

from datetime import date, timedelta

from agent.sandbox.model import Household, Person
from agent.sandbox.pdf.sheet import Mark, Sheet, day, with_key

VALID = timedelta(days=365)


def make_pdf_attestation(household: Household, person: Person | None, today: date) -> bytes:
    """The certificate of ``person``, or of the whole family, issued ``today``."""
    insured = household.persons[0]
    shown = [person] if person else household.persons
    sheet = Sheet(first_row_y=330)
    sheet.place(
        Mark(household.cpam, 43, 80, 9, "B"),
        Mark(household.cpam_address, 43, 92),
        Mark(f"{insured.civility}  {insured.last_name} {insured.first_name}", 298, 130, 11),
        *(Mark(line, 298, 143 + 13 * row, 11) for row, line in enumerate(household.address)),
        Mark("ATTESTATION DE DROITS À L'ASSURANCE MALADIE", 134, 210, 12, "B"),
        Mark(f"Éditée le {day(today)}", 43, 235, 9),
        Mark(f"Valable du {day(today)} au {day(today + VALID)}", 43, 248, 9),
        Mark("Assuré", 43, 270, 9, "B"),
        Mark(f"{insured.last_name} {insured.first_name}", 133, 270, 9),
        Mark("Numéro de sécurité sociale", 43, 283, 9, "B"),
        Mark(with_key(household.nir), 190, 283, 9),
        Mark("Code organisme de rattachement : 01 - Code gestion : 10", 43, 296, 9),
        Mark("Bénéficiaires", 43, 320, 9, "B"),
        Mark("né(e) le", 300, 320, 9, "B"),
        Mark("rang", 400, 320, 9, "B"),
        Mark("qualité", 460, 320, 9, "B"),
    )
    sheet.heads = []
    for rank, member in enumerate(household.persons, start=1):
        if member in shown:
            sheet.row(
                14,
                Mark(f"{member.last_name} {member.first_name}", 43, 0),
                Mark(day(member.birth_date), 300, 0),
                Mark(str(member.birth_rank), 400, 0),
                Mark(f"{rank:02d} {'assuré' if member.insured else 'ayant droit'}", 460, 0),
            )
    return sheet.draw("Attestation de droits")
