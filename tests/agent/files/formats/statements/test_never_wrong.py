"""What resembles a statement but differs in one place is read right or is a doubt: never another's care or amount."""

from datetime import date
from decimal import Decimal

import pytest
from fpdf import FPDF

from agent.files.formats.statements import Statement, read_statement
from agent.files.formats.statements.cells import as_amount

D = Decimal
VISIT = "13/10/2018|C GENERALISTE (G)|25,00|25,00|70 %|17,50"
OTHER = "14/10/2018|C GENERALISTE (G)|25,00|25,00|70 %|17,50"
PLACES = (43, 133, 440, 490, 525, 575)


def read(*rows: str, title: str = "pour un paiement du 19/10/2018") -> Statement:
    """A statement of these rows: words at 133 points, or six columns parted by bars."""
    pdf = FPDF(unit="pt", format=(595, 842))
    pdf.add_page()
    pdf.set_font("Helvetica", size=8)
    head = ("assuré social DUPONT ZOE", f"Voici le détail {title}", "vos remboursements de soins")
    for at, row in enumerate((*head, *rows)):
        cells = row.split("|") if "|" in row else ["", row]
        for place, (x, text) in enumerate(zip(PLACES, cells, strict=False)):
            pdf.text(x - (pdf.get_string_width(text) if place > 1 else 0), 40 + 14 * at, text)
    return read_statement("x.pdf", bytes(pdf.output()))


def withheld(label: str, amount: str) -> str:
    return f"|{label}||||{amount}"


@pytest.mark.parametrize(("heading", "name", "born"), [
    ("pour LOU née le 03/04/2012", "LOU", date(2012, 4, 3)),
    ("pour LOU né ( e ) le 03/04/2012", "LOU", date(2012, 4, 3)),
    ("pour LOU nee le 03/04/2012", "LOU", date(2012, 4, 3)),
    ("pour ANNE-MARIE née le 03 04 55", "ANNE-MARIE", date(1955, 4, 3)),
    ("pour LOU née le 03 04 12", "LOU", None), ("pour LOU", "LOU", None),
])
def test_care_is_of_the_person_over_it_however_the_birth_is_printed(heading: str, name: str, born: date | None) -> None:
    [paid] = read("pour ZOE né(e) le 02/08/1955", VISIT, heading, OTHER, "le 19/10/2018 : 35,00 euro(s)").payments
    assert [line.patient for line in paid.lines] == [("ZOE", date(1955, 8, 2)), (name, born)]


def test_a_name_too_long_for_its_line_goes_on_to_the_next() -> None:
    [paid] = read("pour JEAN BAPTISTE", "né(e) le 03/04/2012", VISIT, "le 19/10/2018 : 17,50 euro(s)").payments
    assert paid.lines[0].patient == ("JEAN BAPTISTE", date(2012, 4, 3))


def test_care_printed_after_that_paid_to_others_is_the_persons_own() -> None:
    found = read(
        "réf 0351 2616820005555", "pour votre information", "réf 0351 2616820005555",
        "10/06/2026|PHARMACIE (PH7)|10,00|10,00|65 %|6,50", "vos remboursements de soins",
        "12/06/2026|C GENERALISTE (G)|30,00|30,00|70 %|21,00", "le 17/06/2026 : 21,00 euro(s)",
        title="Relevé mensuel juin 2026")
    assert [(one.to, one.amount) for one in found.payments] == [("tiers", D("6.50")), ("assure", D("21.00"))]


@pytest.mark.parametrize("rows", [
    ("pour ZOE né(e) le 02/08/1955", VISIT, "LOU née en 2012", OTHER, "le 19/10/2018 : 35,00 euro(s)"),
    (VISIT, withheld("franchise restante", "12,00"), "le 19/10/2018 : 17,50 euro(s)"),
    (VISIT, withheld("participation forfaitaire (PFH)", "1,00 -"), "le 19/10/2018 : 16,50 euro(s)"),
    ("le 19/10/2018 : 17,50 euro(s)",),
    (VISIT.replace("13/10/2018", "31/02/2018"), "le 19/10/2018 : 17,50 euro(s)"),
    (VISIT.replace("2018", "2081"), "le 19/10/2018 : 17,50 euro(s)"),
    (VISIT.replace("|17,50", "|EUR 17,50"), "le 19/10/2018 : 17,50 euro(s)"),
], ids=["heading", "no minus", "minus behind", "no lines", "no such day", "after its payment", "words in a column"])
def test_what_is_not_certain_is_a_doubt(rows: tuple[str, ...]) -> None:
    found = read(*rows)
    assert found.doubts
    assert not found.payments


def test_every_sign_that_looks_like_a_minus_is_one() -> None:
    assert {as_amount(f"{sign}1,00") for sign in "-\u2010\u2011\u2212\u2013"} == {D("-1.00")}
