"""The other forms of statements: the older periodic one, glued words, sick pay, care that others were paid for."""

from datetime import date
from decimal import Decimal
from random import Random

import pytest
from fpdf import FPDF

from agent.files.formats.statements import read_statement

D = Decimal


def plain(rows: list[tuple[str, float, float]], shuffled: int | None = None) -> bytes:
    """Words at places of their own, in any order of drawing."""
    pdf = FPDF(unit="pt", format=(595, 842))
    pdf.core_fonts_encoding = "windows-1252"
    pdf.set_auto_page_break(False)
    pdf.add_page()
    pdf.set_font("Helvetica", "", 8)
    order = list(rows)
    if shuffled is not None:
        Random(shuffled).shuffle(order)
    for text, x, y in order:
        left = x if x < 300 else x - pdf.get_string_width(text)
        pdf.text(left, y, text)
    return bytes(pdf.output())


def cells(y: float, day: str, label: str, *columns: str) -> list[tuple[str, float, float]]:
    edges = (575,) if len(columns) == 1 else (340, 390, 425, 475, 525, 575)
    found = [(text, float(x), y) for text, x in zip(columns, edges, strict=False)]
    return [*([(day, 43.0, y)] if day else []), (label, 133.0, y), *found]


PERIODIC = [
    ("assuré social", 75.0, 119.0), ("DUPONT ZOE", 133.0, 119.0),
    ("pour la période du 05 05 14 au 20 05 14", 134.0, 269.0), ("vos remboursements de soins", 43.0, 320.0),
    ("PARCOURS COORDONNE - MEDECIN TRAITANT", 133.0, 360.0), ("ref 0751 141450001234", 133.0, 372.0),
    *cells(385, "01 04 14", "GENERALISTE Sect1 (C+PC)", "23,00", "23,00", "70 %", "16,10", "50 %", "6,90"),
    *cells(397, "", "participation forfaitaire (PFH)", "- 1,00"),
    *cells(409, "", "PHARMACIE (0902546376)", "- 0,50"),
    *cells(421, "", "ACTE D IMAGERIE (ADI)", "120,00", "90,72", "70 %", "63,50"),
    ("réglé le 25 05 14 : 78,10 euros", 133.0, 440.0),
    ("A noter : une participation forfaitaire est retenue pour chaque acte, soit", 133.0, 470.0),
    ("1,00 €", 133.0, 482.0),
]


@pytest.mark.parametrize("shuffled", [None, 1, 2, 3])
def test_the_older_periodic_form_is_read_whatever_the_order_of_its_words(shuffled: int | None) -> None:
    found = read_statement("releve.pdf", plain(PERIODIC, shuffled))
    assert (found.doubts, found.period) == ([], (date(2014, 5, 5), date(2014, 5, 20)))
    [paid] = found.payments
    assert (paid.paid_on, paid.amount, paid.total) == (date(2014, 5, 25), D("78.10"), D("78.10"))
    assert [(one.act_date, one.label, one.code, one.refunded) for one in paid.lines] == [
        (date(2014, 4, 1), "GENERALISTE", "C+PC", D("16.10")), (None, "ACTE D IMAGERIE", "ADI", D("63.50"))]
    assert [(one.kind, one.amount) for one in paid.deductions] == [
        ("participation", D("-1.00")), ("franchise", D("-0.50"))]


ONE = [("assuré social", 75.0, 119.0), ("DUPONT ZOE", 133.0, 119.0),
       ("Voici le détail des versements vous concernant pour un paiement du 19/10/2018", 134.0, 269.0),
       ("vos remboursements de soins", 43.0, 320.0), ("pour ZOE né(e) le 02/08/1955", 133.0, 372.0)]
TOTAL = ("le 19/10/2018 : 17,50 euro(s)", 133.0, 427.0)


def test_words_that_the_file_leaves_glued_are_parted() -> None:
    glued = plain([*ONE, ("13/10/2018C GENERALISTESect1(G)", 43.0, 411.0), ("25,0025,0070%17,50", 575.0, 411.0), TOTAL])
    whole = [*ONE, ("13/10/2018   C GENERALISTE  Sect1 ( G )   25,00   25,00   70 %   17,50", 43.0, 411.0), TOTAL]
    [paid] = read_statement("x.pdf", glued).payments
    assert [paid] == read_statement("x.pdf", plain(whole)).payments
    assert paid.lines[0][1:] == (
        date(2018, 10, 13), "C GENERALISTE", "G", D("25.00"), D("25.00"), D(70), D("17.50"))


def test_an_amount_that_cannot_be_read_is_a_doubt_and_never_passed_over() -> None:
    visit_line = cells(411, "13/10/2018", "C GENERALISTE", "25,00", "25,00", "70 %", "17,50")
    for strange in (cells(419, "", "participation forfaitaire", "?2,00"), [("14/10/2018 SOINS x12,00y", 43.0, 419.0)]):
        found = read_statement("x.pdf", plain([*ONE, *visit_line, *strange, TOTAL]))
        assert found.payments == []
        assert found.doubts[0][1] == "a line is not of the expected form"


def test_care_that_others_were_paid_for_and_sick_pay_stand_apart() -> None:
    care = cells(411, "13/10/2018", "C GENERALISTE", "25,00", "25,00", "70 %", "17,50")
    others = [("pour votre information", 43.0, 460.0), ("pour LOU né(e) le 03/02/2015", 133.0, 475.0),
              *cells(490, "14/10/2018", "PHARMACIE (PH7)", "10,00", "10,00", "65 %", "6,50")]
    own, other_paid = read_statement("x.pdf", plain([*ONE, *care, TOTAL, *others], 4)).payments
    assert (own.to, own.amount, other_paid.to, other_paid.amount) == ("assure", D("17.50"), "tiers", D("6.50"))
    assert other_paid.lines[0].patient == ("LOU", date(2015, 2, 3))
    sick = [*ONE[:3], ("vos indemnités journalières", 43.0, 320.0),
            ("maladie du 01/10/2018 au 14/10/2018", 43.0, 411.0), ("11", 380.0, 411.0), ("35,20", 460.0, 411.0),
            ("387,20", 575.0, 411.0), ("le 19/10/2018 : 387,20 euro(s)", 133.0, 427.0)]
    [paid] = read_statement("x.pdf", plain(sick)).payments
    assert paid.allowances == [
        ("maladie", date(2018, 10, 1), date(2018, 10, 14), 11, D("35.20"), D("387.20"))]


def test_care_paid_after_sick_pay_in_the_same_month_is_care() -> None:
    month = [*ONE[:2], ("Relevé mensuel octobre 2018", 134.0, 269.0), *ONE[3:]]
    sick = [("vos indemnités journalières", 43.0, 380.0), ("maladie du 01/10/2018 au 14/10/2018", 43.0, 390.0),
            ("11", 380.0, 390.0), ("35,20", 460.0, 390.0), ("387,20", 575.0, 390.0),
            ("le 16/10/2018 : 387,20 euro(s)", 133.0, 400.0)]
    care = [*cells(411, "13/10/2018", "C GENERALISTE", "25,00", "25,00", "70 %", "17,50"), TOTAL]
    for between in ([], [("pour ZOE né(e) le 02/08/1955", 133.0, 405.0)]):
        found = read_statement("x.pdf", plain([*month, *sick, *between, *care]))
        assert found.doubts == []
        assert [(len(one.allowances), len(one.lines)) for one in found.payments] == [(1, 0), (0, 1)]


@pytest.mark.parametrize("name", [
    "ReleveMensuelAoût2026.pdf", "relevemensuelaout2026 (1).pdf", "Releve Mensuel Aou\u0302t 2026.pdf",
    "releve_mensuel_aout-2026.pdf",
])
def test_a_statement_of_an_unknown_form_has_its_month_from_the_name_of_its_file(name: str) -> None:
    found = read_statement(name, plain([*ONE[:2], ("Vos dépenses", 43.0, 200.0), ("21,00", 300.0, 220.0)]))
    assert (found.kind, found.month, found.payments) == ("month", date(2026, 8, 1), [])
    assert found.doubts
