"""Statements as scanners and viewers leave them: turned pages, and words that a program read off a picture."""

import math
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO

import pypdfium2
import pytest
from fpdf import FPDF
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from agent.errors import AmeliError
from agent.files.formats.statements import Statement, read_statement
from tests.agent.files.formats.statements.writer import Act, Care, Paper, draw, euros
from tests.thoroughness import examples

D = Decimal
CARE = [Act(date(2026, 3, 2), "C GENERALISTE", "G", D("30.00"), D("30.00"), 70, D("21.00")),
        Act(date(2026, 3, 3), "PHARMACIE", "PH7", D("12.40"), D("10.00"), 65, D("6.50"))]
PAPER = Paper(date(2026, 3, 10), [Care("INES", date(1986, 3, 12), CARE)], D("25.50"),
              deductions=[("participation forfaitaire (PFH)", D("-2.00"))])
WIDE, HIGH = 595, 842


def turned(data: bytes, quarters: float, *, shown_upright: bool) -> bytes:
    """The same page drawn turned against the clock; with /Rotate a viewer shows it upright."""
    source, made = pypdfium2.PdfDocument(data), pypdfium2.PdfDocument.new()
    angle = quarters * math.pi / 2
    along, across = math.cos(angle), math.sin(angle)
    corners = [(x * along - y * across, x * across + y * along) for x in (0, WIDE) for y in (0, HIGH)]
    left, bottom = min(x for x, _ in corners), min(y for _, y in corners)
    page = made.new_page(max(x for x, _ in corners) - left, max(y for _, y in corners) - bottom)
    drawn = source.page_as_xobject(0, made).as_pageobject()
    drawn.set_matrix(pypdfium2.PdfMatrix(along, across, -across, along, -left, -bottom))
    page.insert_obj(drawn)
    page.gen_content()
    if shown_upright:
        page.set_rotation(round(quarters) * 90)
    file = BytesIO()
    made.save(file)
    return file.getvalue()


@pytest.mark.parametrize("shown_upright", [True, False])
@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_a_turned_page_says_what_the_upright_one_says(quarters: int, shown_upright: bool) -> None:
    upright = read_statement("x.pdf", draw(PAPER))
    found = read_statement("x.pdf", turned(draw(PAPER), quarters, shown_upright=shown_upright))
    assert found == upright
    assert [(one.amount, one.sound) for one in found.payments] == [(D("25.50"), True)]


@pytest.mark.parametrize("degrees", [-2.0, -0.4, 0.3, 1.5])
def test_a_page_that_was_scanned_askew_is_set_straight(degrees: float) -> None:
    found = read_statement("x.pdf", turned(draw(PAPER), degrees / 90, shown_upright=False))
    assert found == read_statement("x.pdf", draw(PAPER))


def test_words_up_the_margin_are_no_part_of_the_lines_beside_them() -> None:
    pdf = FPDF(unit="pt", format=(WIDE, HIGH))
    pdf.add_page()
    pdf.set_font("Helvetica", size=8)
    rows = ("assuré social FAURE INES", "pour un paiement du 10/03/2026", "vos remboursements de soins",
            "02/03/2026|C GENERALISTE (G)|30,00|30,00|70 %|21,00", "le 10/03/2026 : 21,00 euro(s)")
    for at, row in enumerate(rows):
        for x, text in zip((43, 133, 420, 470, 506, 555) if "|" in row else (43,), row.split("|"), strict=True):
            pdf.text(x, 40 + 14 * at, text)
    with pdf.rotation(90, 20, 120):
        pdf.text(20, 120, "CERFA 3117 ABCDEFGHIJ KLMNOP")
    found = read_statement("x.pdf", bytes(pdf.output()))
    assert [(one.amount, one.sound) for one in found.payments] == [(D("21.00"), True)]
    assert found.doubts == []


def scan(cells: list[str], total: str, shake: Callable[[], tuple[float, float]] = lambda: (0.0, 0.0)) -> bytes:
    """A picture of a statement with the words that a program read off it, each where ``shake`` puts it (points down,
    and larger)."""
    pdf = FPDF(unit="pt", format=(WIDE, HIGH))
    pdf.add_page()
    pdf.image(Image.new("L", (40, 56), 250), 0, 0, WIDE, HIGH)
    pdf.text_mode = 3
    rows = ("assuré social FAURE INES", "pour un paiement du 10/03/2026", "vos remboursements de soins",
            "|".join(cells), f"le 10/03/2026 : {total} euro(s)")
    for at, row in enumerate(rows):
        for column, text in zip((43, 133, 420, 470, 506, 555) if "|" in row else (43,), row.split("|"), strict=True):
            x = float(column)
            for word in text.split():
                down, larger = shake()
                pdf.set_font("Helvetica", size=8 + larger)
                pdf.text(x, 40 + 14 * at + down, word)
                x += pdf.get_string_width(word + " ")
    return bytes(pdf.output())


def scanned(act: Act, total: Decimal) -> Statement:
    """What is read of a scan of one act."""
    return read_statement("x.pdf", scan([
        f"{act.on:%d/%m/%Y}", f"{act.label} ({act.code})", euros(act.paid), euros(act.base), f"{act.rate} %",
        euros(act.refunded)], euros(total)))


VISIT = Act(date(2026, 3, 2), "C GENERALISTE", "G", D("30.00"), D("30.00"), 70, D("21.00"))


def test_a_scan_whose_figures_prove_each_other_is_whole() -> None:
    [payment] = scanned(VISIT, D("21.00")).payments
    assert payment.sound and payment.scanned


@pytest.mark.parametrize(("figure", "wrong"), [
    ("paid", D("80.00")), ("paid", D("20.00")), ("base", D("38.00")), ("base", D("80.00")), ("rate", 10),
    ("refunded", D("27.00"))])
def test_one_figure_that_was_read_wrongly_keeps_a_scan_from_being_whole(figure: str, wrong: object) -> None:
    misread = replace(VISIT, **{figure: wrong})
    total = misread.refunded if figure == "refunded" else D("21.00")
    assert not any(one.sound for one in scanned(misread, total).payments)


@settings(max_examples=examples(60), deadline=None)
@given(st.data())
def test_a_misread_sign_never_makes_a_whole_payment_of_another_amount(data: st.DataObject) -> None:
    """One digit of the line or the total in place of another: the payment is doubted, incomplete, or the right one."""
    texts = [euros(VISIT.paid), euros(VISIT.base), f"{VISIT.rate}", euros(VISIT.refunded), euros(D("21.00"))]
    at = data.draw(st.integers(0, len(texts) - 1))
    place = data.draw(st.sampled_from([where for where, sign in enumerate(texts[at]) if sign.isdigit()]))
    sign = data.draw(st.sampled_from([one for one in "0123456789lO" if one != texts[at][place]]))
    texts[at] = texts[at][:place] + sign + texts[at][place + 1:]
    cells = ["02/03/2026", "C GENERALISTE (G)", texts[0], texts[1], f"{texts[2]} %", texts[3]]
    try:
        found = read_statement("x.pdf", scan(cells, texts[4]))
    except AmeliError as error:
        assert error.message("fr")
        return
    for payment in found.payments:
        line = payment.lines[0]
        right = (line.paid, line.base, line.rate, line.refunded, payment.amount) == (30, 30, 70, 21, 21)
        assert right or not payment.sound


@settings(max_examples=examples(30), deadline=None)
@given(st.data())
def test_words_that_stand_a_little_high_or_low_are_of_their_line(data: st.DataObject) -> None:
    def shake() -> tuple[float, float]:
        return data.draw(st.floats(-1.4, 1.4)), data.draw(st.sampled_from([-1.0, 0.0, 0.5]))

    cells = ["02/03/2026", "C GENERALISTE (G)", "30,00", "30,00", "70 %", "21,00"]
    [payment] = read_statement("x.pdf", scan(cells, "21,00", shake)).payments
    assert (payment.amount, payment.sound) == (21, True)


@pytest.mark.parametrize(("head", "foot"), [
    ("05/03/2026 10:14", "1/2"), ("05/03/2026, 10:14   decompte.pdf", "file:///C:/Users/x/decompte.pdf   1/2"),
    ("3/5/26, 10:14 AM   decompte.pdf", "Page 1 of 2"), ("05.03.2026 10:14", "Seite 1 von 2"),
    ("2026-03-05 10:14", "Página 1 de 2"), ("05 03 26", "Imprimé le 05/03/2026 10:14:32"),
    ("https://assure.ameli.fr/PortailAS/x", "Page 1 / 2"),
])
def test_what_a_viewer_prints_at_the_edges_of_a_page_is_no_part_of_the_statement(head: str, foot: str) -> None:
    def printed(*edges: str) -> Statement:
        pdf = FPDF(unit="pt", format=(WIDE, HIGH))
        for rows in (("assuré social FAURE INES", "pour un paiement du 10/03/2026", "vos remboursements de soins",
                      "02/03/2026|C GENERALISTE (G)|30,00|30,00|70 %|21,00"),
                     ("03/03/2026|PHARMACIE (PH7)|10,00|10,00|65 %|6,50", "le 10/03/2026 : 27,50 euro(s)")):
            pdf.add_page()
            pdf.set_font("Helvetica", size=8)
            for at, row in enumerate(rows):
                for x, text in zip((43, 133, 420, 470, 506, 555) if "|" in row else (43,), row.split("|"), strict=True):
                    pdf.text(x, 60 + 14 * at, text)
            for edge, y in zip(edges, (20, HIGH - 20), strict=False):
                pdf.text(20, y, edge)
        return read_statement("x.pdf", bytes(pdf.output()))

    found = printed(head, foot)
    assert [(one.amount, one.sound, len(one.lines)) for one in found.payments] == [(D("27.50"), True, 2)]
    assert found.doubts == printed().doubts == []
