"""The statement of one payment (décompte) and of one month (relevé mensuel), on the same template."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from itertools import groupby

from agent.sandbox.model import CareLine, FlatDeduction, Household, Person, SandboxPayment
from agent.sandbox.pdf.page import Mark, Sheet, day, euros, with_key

MONTHS = ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
          "décembre")
PAID, BASE, RATE, REFUNDED = 440, 490, 525, 575
"""Right edges of the four columns, in points."""
THIRD_PARTY = "PAIEMENT_A_UN_TIERS"


def statement_name(month: date) -> str:
    """The service's file name of a month's statement: ``ReleveMensuelJuin2026.pdf``."""
    return f"ReleveMensuel{MONTHS[month.month - 1].capitalize()}{month.year}.pdf"


def make_pdf_payment(household: Household, payment: SandboxPayment) -> bytes:
    """The décompte of one payment."""
    sheet = Sheet(first_row_y=346)
    _letterhead(sheet, household)
    sheet.place(
        Mark("Voici le détail des versements vous concernant pour un paiement du " + day(payment.paid_on), 134, 269, 9),
    )
    _notice(sheet, household)
    third_party = payment.nature == THIRD_PARTY
    _columns(sheet, "pour votre information" if third_party else "vos remboursements de soins")
    if payment.lines or payment.deductions:
        _care(sheet, payment)
    _sick_pay(sheet, payment)
    if not third_party:
        _total(sheet, payment)
    return sheet.draw(f"Décompte du {day(payment.paid_on)}")


def make_pdf_statement(household: Household, month: date) -> bytes:
    """The statement of one month: every payment of it, each closed by its total."""
    sheet = Sheet(first_row_y=346)
    _letterhead(sheet, household)
    name = f"{MONTHS[month.month - 1]} {month.year}"
    sheet.place(Mark(f"Relevé mensuel {name}", 134, 269, 9))
    _notice(sheet, household)
    _columns(sheet, "vos remboursements de soins")
    paid = [p for p in household.payments if (p.paid_on.year, p.paid_on.month) == (month.year, month.month)]
    for payment in paid:
        if payment.nature == THIRD_PARTY:
            continue
        if payment.lines or payment.deductions:
            _care(sheet, payment)
        _sick_pay(sheet, payment)
        _total(sheet, payment)
    third_party = [payment for payment in paid if payment.nature == THIRD_PARTY]
    if third_party:
        sheet.row(26, Mark("pour votre information", 43, 0, 9, "B"))
        for payment in third_party:
            _care(sheet, payment)
    return sheet.draw(f"Relevé mensuel {name}")


def _letterhead(sheet: Sheet, household: Household) -> None:
    insured = household.persons[0]
    sheet.place(
        Mark("assuré social", 128, 119, align="right"),
        Mark(f"{insured.last_name} {insured.first_name}", 133, 119),
        Mark("nº de Sécurité Sociale", 128, 131, align="right"),
        Mark(with_key(household.nir), 133, 131),
        Mark("Pour tout contact, écrivez à votre caisse directement", 43, 144),
        Mark("depuis la messagerie de votre compte Ameli", 43, 153),
        Mark(household.cpam, 298, 141),
        Mark(household.cpam_address, 298, 150),
        Mark(f"{insured.civility}  {insured.last_name} {insured.first_name}", 298, 188, 11),
    )
    for y, line in zip((201, 215, 229), household.address, strict=False):
        sheet.place(Mark(line, 298, y, 11))


def _notice(sheet: Sheet, household: Household) -> None:
    sheet.place(
        Mark("Ce versement est d'ores et déjà effectué sur votre compte. Ces informations ont été", 134, 286, 9),
        Mark(f"transmises à votre organisme complémentaire {household.top_up[:24]} .", 134, 297, 9),
        Mark("En conséquence, vous n'avez pas besoin de lui envoyer ce relevé.", 134, 308, 9),
    )


def _columns(sheet: Sheet, title: str) -> None:
    heads = [
        Mark(title, 43, 320, 9, "B"),
        Mark("dates", 45, 335, 9, "B"),
        Mark("nature des prestations", 133, 335, 9, "B"),
        Mark("montant", PAID, 335, 9, "B", "right"),
        Mark("base du", BASE, 335, 9, "B", "right"),
        Mark("taux", RATE, 335, 9, "B", "right"),
        Mark("montant", REFUNDED, 335, 9, "B", "right"),
        Mark("payé", PAID, 346, 9, "B", "right"),
        Mark("rembours.", BASE, 346, 9, "B", "right"),
        Mark("versé", REFUNDED, 346, 9, "B", "right"),
    ]
    sheet.place(*heads)
    sheet.heads = heads


def _care(sheet: Sheet, payment: SandboxPayment) -> None:
    first = True
    for person, lines in _by_person(payment.lines):
        sheet.row(26 if first else 20, Mark(f"pour {person.first_name} né(e) le {day(person.birth_date)}", 133, 0, 9))
        for risk, same in groupby(lines, key=lambda line: line.risk):
            sheet.row(13, Mark(risk, 133, 0))
            if payment.reference:
                sheet.row(12, Mark(_reference(payment.reference), 133, 0, 7, "I"))
            for line in same:
                _care_line(sheet, line)
        first = False
    for deduction in payment.deductions:
        _deduction(sheet, deduction)


def _by_person(lines: Iterable[CareLine]) -> list[tuple[Person, list[CareLine]]]:
    grouped: dict[int, tuple[Person, list[CareLine]]] = {}
    for line in lines:
        grouped.setdefault(id(line.person), (line.person, []))[1].append(line)
    return list(grouped.values())


def _reference(reference: str) -> str:
    office, _, number = reference.partition(" ")
    return f"réf  {office}   {number.strip()}"


def _care_line(sheet: Sheet, line: CareLine) -> None:
    sheet.row(
        14,
        Mark(day(line.act_date), 43, 0),
        Mark(line.label, 133, 0),
        # The code's baseline lies a little lower, in a smaller type.
        Mark(f" ( {line.code} )", 226 if len(line.label) < 20 else 133 + 4.9 * len(line.label), 2, 6),
        Mark(euros(line.paid), PAID, 0, align="right"),
        Mark(euros(line.base), BASE, 0, align="right"),
        Mark(f"{line.rate} %", RATE, 0, align="right"),
        Mark(euros(line.reimbursed), REFUNDED, 0, align="right"),
    )


def _deduction(sheet: Sheet, deduction: FlatDeduction) -> None:
    sheet.row(
        14,
        Mark(f"{deduction.label} ({deduction.code})", 133, 0),
        Mark(euros(deduction.amount), REFUNDED, 0, align="right"),
    )


def _sick_pay(sheet: Sheet, payment: SandboxPayment) -> None:
    if not payment.sick_pay:
        return
    sheet.row(26, Mark("vos indemnités journalières", 43, 0, 9, "B"))
    for part in payment.sick_pay:
        sheet.row(
            14,
            Mark(f"{part.label} du {day(part.start)} au {day(part.end)}", 43, 0),
            Mark(str(part.days), PAID, 0, align="right"),
            Mark(euros(part.daily), BASE, 0, align="right"),
            Mark(euros(part.amount), REFUNDED, 0, align="right"),
        )


def _total(sheet: Sheet, payment: SandboxPayment) -> None:
    amount = euros(Decimal(payment.amount))
    sheet.row(16, Mark(f"le {day(payment.paid_on)} : {amount} euro(s)", 133, 0, 10))
