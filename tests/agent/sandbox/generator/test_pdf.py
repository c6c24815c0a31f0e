"""The drawn papers hold the text a reader of the published sample expects, where it expects it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pypdfium2

from agent.sandbox.generator import make_household
from agent.sandbox.model import Exemption, Solidarity
from agent.sandbox.pdf import make_pdf_attestation, make_pdf_payment, make_pdf_statement, statement_name

TODAY = date(2026, 11, 23)
HOUSEHOLD = make_household(3, TODAY, 3)


def _text(data: bytes) -> str:
    document = pypdfium2.PdfDocument(data)
    return "\n".join(page.get_textpage().get_text_range() for page in document)


def _euros(amount: Decimal) -> str:
    return f"{amount:.2f}".replace(".", ",")


def test_a_decompte_prints_lines_deductions_and_total() -> None:
    payment = next(p for p in HOUSEHOLD.payments if p.lines and p.deductions)
    text = _text(make_pdf_payment(HOUSEHOLD, payment))
    assert "Page 1/" in text
    assert f"le {payment.paid_on:%d/%m/%Y} : {_euros(payment.amount)} euro(s)" in text
    for line in payment.lines:
        assert f"{line.act_date:%d/%m/%Y} {line.label}" in text
        assert f"{line.rate} % {_euros(line.reimbursed)}" in text
    for deduction in payment.deductions:
        assert f"- {_euros(-deduction.amount)}" in text


def test_amounts_end_at_the_right_edges_of_their_columns() -> None:
    payment = next(p for p in HOUSEHOLD.payments if len(p.lines) == 1 and p.nature == "REMBOURSEMENT_SOINS")
    page = pypdfium2.PdfDocument(make_pdf_payment(HOUSEHOLD, payment))[0]
    textpage = page.get_textpage()
    searcher = textpage.search(_euros(payment.lines[0].reimbursed))
    rights = []
    while found := searcher.get_next():
        index, count = found
        rights.append(textpage.get_charbox(index + count - 1)[2])
    assert any(abs(right - 575) <= 3 for right in rights)


def test_the_number_is_printed_with_its_key_in_groups() -> None:
    text = _text(make_pdf_payment(HOUSEHOLD, HOUSEHOLD.payments[-1]))
    digits = HOUSEHOLD.nir
    key = 97 - int(digits) % 97
    spaced = f"{digits[0]} {digits[1:3]} {digits[3:5]} {digits[5:7]} {digits[7:10]} {digits[10:13]} {key:02d}"
    assert spaced in text


def test_a_month_gathers_its_payments_each_with_its_total() -> None:
    month = HOUSEHOLD.payments[-1].paid_on.replace(day=1)
    text = _text(make_pdf_statement(HOUSEHOLD, month))
    assert "Relevé mensuel" in text
    paid = [p for p in HOUSEHOLD.payments if p.paid_on.replace(day=1) == month and p.nature != "PAIEMENT_A_UN_TIERS"]
    assert text.count("euro(s)") == len(paid)


def test_a_long_payment_goes_on_over_several_pages_with_the_head_repeated() -> None:
    payment = max(HOUSEHOLD.payments, key=lambda p: len(p.lines))
    payment.lines.extend(payment.lines * 20)
    document = pypdfium2.PdfDocument(make_pdf_payment(HOUSEHOLD, payment))
    assert len(document) > 1
    assert "nature des prestations" in document[1].get_textpage().get_text_range()


def test_the_certificate_names_the_family_and_its_day() -> None:
    text = _text(make_pdf_attestation(HOUSEHOLD, None, TODAY))
    assert "23/11/2026" in text
    for person in HOUSEHOLD.persons:
        assert person.first_name in text
    alone = _text(make_pdf_attestation(HOUSEHOLD, HOUSEHOLD.persons[1], TODAY))
    assert HOUSEHOLD.persons[1].first_name in alone


def test_the_certificate_tells_doctors_full_cover_and_solidarity_with_their_dates() -> None:
    household = replace(HOUSEHOLD, exemptions=[
        Exemption(HOUSEHOLD.persons[0], "affection de longue durée", date(2024, 1, 5), date(2034, 1, 4)),
        Exemption(HOUSEHOLD.persons[0], "maternité", date(2020, 1, 1), date(2020, 6, 1)),
    ], solidarity=Solidarity(date(2026, 12, 1), date(2027, 11, 30), contribution=True), office="0351")
    text = _text(make_pdf_attestation(household, None, TODAY))
    assert "médecin traitant" in text
    assert "déclaré" in text
    assert "affection de longue durée" in text
    assert "du 05/01/2024 au 04/01/2034" in text
    assert "maternité" not in text, "it is over"
    assert "avec participation financière" in text
    assert "du 01/12/2026 au 30/11/2027" in text
    assert "01 03 51" in text
    other = _text(make_pdf_attestation(household, household.persons[1], TODAY))
    assert "affection de longue durée" not in other, "somebody else's"


def test_a_statement_is_named_as_the_service_names_it() -> None:
    assert statement_name(date(2026, 6, 1)) == "ReleveMensuelJuin2026.pdf"
    assert statement_name(date(2026, 8, 1)) == "ReleveMensuelAoût2026.pdf"
