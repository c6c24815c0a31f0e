"""Statements drawn by another hand are read back to the line; what cannot be read is told, never guessed."""

import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
from fpdf import FPDF
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from agent.errors import AmeliError
from agent.files.formats.statements import Statement, read_statement
from agent.files.formats.statements.cells import as_amount
from agent.files.formats.statements.errors import NotAStatement, StatementUnreadable
from agent.files.formats.statements.reader import reference_day
from tests.agent.files.formats.statements.writer import Act, Care, Paper, draw
from tests.thoroughness import examples

D = Decimal
BORN = date(1955, 8, 2)


def visit(on: date = date(2018, 10, 13), **changes: object) -> Act:
    act = Act(on, "C GENERALISTE", "G", D("25.00"), D("25.00"), 70, D("17.50"))
    for name, value in changes.items():
        setattr(act, name, value)
    return act


def sample(**changes: object) -> Paper:
    paper = Paper(date(2018, 10, 19), [Care("ZOE", BORN, [visit()])], D("17.50"))
    for name, value in changes.items():
        setattr(paper, name, value)
    return paper


def test_the_published_form_of_one_payment_is_read_to_the_line() -> None:
    found = read_statement("decompte.pdf", draw(sample(sector="  Sect1")))
    assert (found.kind, found.nir, found.holder, found.fund, found.top_up) == (
        "payment", "2550814168025", "DUPONT ZOE", "CPAM des YVELINES", "MUTUELLE DES ESSAIS")
    [paid] = found.payments
    assert (paid.paid_on, paid.amount, paid.to, paid.reference) == (
        date(2018, 10, 19), D("17.50"), "assure", "0351 1829220001234")
    [line] = paid.lines
    assert line == (
        ("ZOE", BORN), date(2018, 10, 13), "C GENERALISTE", "G", D("25.00"), D("25.00"), D(70), D("17.50"))


@pytest.mark.parametrize("change", [
    {"shift": (10, 10)}, {"shift": (-10, -8)}, {"family": "Times"}, {"family": "Courier"}, {"short_year": True},
    {"nir": "2550814168025"}, {"top_up": ""}, {"minus": "-"},
])
def test_shifts_other_types_and_older_dates_change_nothing(change: dict[str, object]) -> None:
    cut = {"deductions": [("participation forfaitaire (PFH)", D("-1.00"))], "total": D("16.50")}
    plain, other = (read_statement("x.pdf", draw(sample(**cut, **more))) for more in ({}, change))
    assert other.payments == plain.payments
    assert [(one.kind, one.amount) for one in plain.payments[0].deductions] == [("participation", D("-1.00"))]


def test_several_persons_make_one_payment_with_one_total_or_one_each() -> None:
    care = [Care("ZOE", BORN, [visit(), visit(label="SOINS INFIRMIERS", code="AMI")]),
            Care("JEAN PAUL", date(2015, 2, 3), [visit()])]
    once = read_statement("x.pdf", draw(sample(care=care, total=D("52.50"))))
    each = read_statement("x.pdf", draw(sample(care=care, total_each=True)))
    assert [one.amount for one in once.payments] == [one.amount for one in each.payments] == [D("52.50")]
    assert once.payments[0].lines == each.payments[0].lines
    assert [line.patient.name for line in once.payments[0].lines if line.patient] == ["ZOE", "ZOE", "JEAN PAUL"]


def test_a_monthly_statement_holds_several_payments() -> None:
    papers = [sample(title="Relevé mensuel octobre 2018"),
              sample(paid_on=date(2018, 10, 26), care=[Care("ZOE", BORN, [visit(date(2018, 10, 20))])])]
    found = read_statement("ReleveMensuelOctobre2018 (1).pdf", draw(*papers))
    assert (found.kind, found.month) == ("month", date(2018, 10, 1))
    assert [one.paid_on for one in found.payments] == [date(2018, 10, 19), date(2018, 10, 26)]


def test_a_line_that_is_not_understood_leaves_no_payment_and_says_so() -> None:
    care = [Care("ZOE", BORN, [visit(), visit(label="")])]
    found = read_statement("x.pdf", draw(sample(care=care, total=D("35.00"))))
    assert found.payments == []
    assert found.doubts


def test_lines_that_do_not_make_the_total_are_kept_and_seen() -> None:
    [paid] = read_statement("x.pdf", draw(sample(total=D("15.00")))).payments
    assert (paid.amount, paid.total) == (D("15.00"), D("17.50"))


amounts = st.decimals(D("0.01"), D("99999.99"), places=2)
days = st.dates(date(2015, 1, 1), date(2026, 12, 31))
labels = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ ", min_size=3, max_size=22).map(
    lambda text: " ".join(text.split())).filter(lambda text: len(text) > 2 and "FRANCHISE" not in text)
before = st.dates(date(2015, 1, 1), date(2018, 10, 19))
acts = st.builds(Act, before, labels, st.sampled_from([None, "G", "C+PC", "PH7", "ADI"]), amounts, amounts,
                 st.integers(0, 100), amounts)


@settings(max_examples=examples(60), deadline=None)
@given(st.lists(st.builds(Care, st.sampled_from(["ZOE", "JEAN PAUL", "ÉLODIE"]), days,
                          st.lists(acts, min_size=1, max_size=5)), min_size=1, max_size=3),
       st.sampled_from(["Helvetica", "Times"]), st.floats(-10, 10), st.floats(-10, 10))
def test_whatever_is_drawn_is_read_back(care: list[Care], family: str, dx: float, dy: float) -> None:
    total = sum((act.refunded for one in care for act in one.acts), D(0))
    found = read_statement("x.pdf", draw(sample(care=care, total=total, family=family, shift=(dx, dy))))
    assert found.doubts == []
    [paid] = found.payments
    assert paid.amount == paid.total == total
    drawn = [(act.on, act.label, act.code, act.paid, act.base, D(act.rate), act.refunded)
             for one in care for act in one.acts]
    assert [tuple(line)[1:] for line in paid.lines] == drawn


@settings(max_examples=examples(120), deadline=None)
@given(st.data())
def test_a_damaged_file_is_read_or_refused_with_a_reason_never_more(data: st.DataObject) -> None:
    whole = bytearray(draw(sample()))
    if data.draw(st.booleans()):
        del whole[data.draw(st.integers(0, len(whole) - 1)):]
    for _ in range(data.draw(st.integers(0, 12))):
        if whole:
            whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    try:
        found = read_statement("x.pdf", bytes(whole))
    except AmeliError as error:
        assert error.message("fr")
        assert error.hint("en")
    else:
        assert isinstance(found, Statement)
        assert found.payments or found.doubts


def other(text: str, pages: int = 1) -> bytes:
    pdf = FPDF()
    for _ in range(pages):
        pdf.add_page()
        pdf.set_font("Helvetica", "", 12)
        pdf.text(20, 20, text)
    return bytes(pdf.output())


def picture() -> bytes:
    kept = io.BytesIO()
    Image.new("L", (200, 300), 255).save(kept, "PDF")
    return kept.getvalue()


def locked() -> bytes:
    pdf = FPDF()
    pdf.set_encryption("owner", user_password="secret")
    pdf.add_page()
    return bytes(pdf.output())


@pytest.mark.parametrize(("data", "error", "said"), [
    (other("Attestation de droits"), NotAStatement, "entitlement"),
    (other("Bulletin de paie"), NotAStatement, "payslip"),
    (other("Bonjour"), NotAStatement, "neither"), (picture(), StatementUnreadable, "picture"),
    (other("x", 61), StatementUnreadable, "61 pages"), (b"%PDF-1.4 nothing", StatementUnreadable, "damaged"),
    (locked(), StatementUnreadable, "password"),
], ids=["attestation", "payslip", "letter", "picture", "long", "damaged", "locked"])
def test_other_papers_are_named(data: bytes, error: type[AmeliError], said: str) -> None:
    with pytest.raises(error) as caught:
        read_statement("x.pdf", data)
    assert said in caught.value.message("en")


@pytest.mark.parametrize(("text", "value"), [
    ("17,50", "17.50"), ("1 234,50", "1234.50"), ("1.234,50", "1234.50"), ("- 2,00", "-2.00"), ("-2,00", "-2.00"),
    ("\u22122,00", "-2.00"), ("17,50 €", "17.50"), ("17.50", None), ("70", None), ("2024", None),
])
def test_amounts_as_the_fund_prints_them(text: str, value: str | None) -> None:
    assert as_amount(text) == (D(value) if value else None)


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.integers(0, 9999999))
def test_a_reference_tells_its_day(day: date, number: int) -> None:
    order = (day - date(day.year, 1, 1) + timedelta(1)).days
    assert reference_day(f"0351 {day:%y}{order:03d}{number:07d}") == day
