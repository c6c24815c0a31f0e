"""Whatever a file, its name or an answer of the service holds, a reader reads it or says why not, and no more."""

from datetime import date
from decimal import Decimal

import pytest
from fpdf import FPDF
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.errors import AmeliError
from agent.files.formats.bank import (
    looks_like_camt,
    looks_like_csv,
    looks_like_mt940,
    looks_like_ofx,
    looks_like_qif,
    looks_like_workbook,
    read_camt,
    read_csv,
    read_mt940,
    read_ofx,
    read_qif,
)
from agent.files.formats.bank.insurer_file import looks_like_insurer, read_insurer
from agent.files.formats.har import read_har
from agent.files.formats.statements import Statement, read_statement
from agent.files.formats.statements.cells import as_amount, as_day
from agent.files.formats.statements.errors import NotAStatement, StatementUnreadable
from agent.portal.pages import parsing as formats
from tests.thoroughness import examples

PLACES = (43, 133, 440, 490, 525, 575)
digits = st.text("0123456789", min_size=1, max_size=6) | st.sampled_from(["0000", "9999", "00", "99", "9" * 40])
day = st.tuples(digits, digits, digits).map("/".join)
amount = st.tuples(digits, digits).map(",".join)
month = st.sampled_from(["janvier", "fevrier", "decembre", "brumaire"])
title = st.one_of(
    st.tuples(month, digits).map(lambda one: f"Relevé mensuel {one[0]} {one[1]}"),
    day.map(lambda one: f"pour un paiement du {one}"),
    st.tuples(day, day).map(lambda one: f"pour la période du {one[0]} au {one[1]}"))
row = st.one_of(
    st.tuples(day, amount, amount, digits, amount).map(
        lambda one: f"{one[0]}|C GENERALISTE (G)|{one[1]}|{one[2]}|{one[3]} %|{one[4]}"),
    st.tuples(day, amount).map(lambda one: f"|le {one[0]} : {one[1]} euro(s)"),
    digits.map(lambda one: f"|réf 0351 {one}"), st.tuples(day, day, digits, amount).map(
        lambda one: f"|Indemnités du {one[0]} au {one[1]}||{one[2]}|{one[3]}|{one[3]}"),
    day.map(lambda one: f"|pour ZOE née le {one}"), st.just("|pour votre information"), amount.map(
        lambda one: f"|participation forfaitaire (PFH)||||- {one}"))


def paper(lines: list[str]) -> bytes:
    pdf = FPDF(unit="pt", format=(595, 842))
    pdf.add_page()
    pdf.set_font("Helvetica", size=8)
    for at, line in enumerate(lines):
        cells = line.split("|") if "|" in line else ["", line]
        for place, (x, text) in enumerate(zip(PLACES, cells, strict=False)):
            pdf.text(x - (pdf.get_string_width(text) if place > 1 else 0), 40 + 14 * at, text)
    return bytes(pdf.output())


WHOLE = paper(["assuré social DUPONT ZOE", "vos remboursements de soins", "pour ZOE né(e) le 02/08/1955",
               "13/10/2018|C GENERALISTE (G)|25,00|25,00|70 %|17,50", "le 19/10/2018 : 17,50 euro(s)"])


@settings(max_examples=examples(80), deadline=None)
@given(title, st.lists(row, max_size=6))
def test_a_statement_of_any_days_and_amounts_is_read_or_refused(head: str, rows: list[str]) -> None:
    try:
        found = read_statement("x.pdf", paper(["assuré social DUPONT ZOE", head, "vos remboursements de soins", *rows]))
    except (NotAStatement, StatementUnreadable):
        return
    assert isinstance(found, Statement)


@pytest.mark.parametrize("name", ["releve_mensuel_janvier_0000.pdf", "ReleveMensuelMars0000.pdf"])
def test_a_year_that_is_none_makes_no_month(name: str) -> None:
    with pytest.raises(NotAStatement):
        read_statement(name, paper(["assurance maladie", "Relevé mensuel janvier 0000"]))
    with pytest.raises(NotAStatement):
        read_statement(name, paper(["assurance maladie"]))


@settings(max_examples=examples(60), deadline=None)
@given(st.tuples(st.sampled_from(["releve_mensuel_", "ReleveMensuel", ""]), month, st.sampled_from(["", "_", " "]),
                 digits).map("".join))
def test_the_name_of_a_file_never_breaks_its_reading(name: str) -> None:
    try:
        read_statement(f"{name}.pdf", WHOLE)
    except NotAStatement as error:
        assert error.message("fr")


@given(st.text("0123456789,. -+€%/²٣", max_size=60) | amount | day)
def test_cells_are_amounts_and_days_or_nothing(text: str) -> None:
    for read in (as_amount, formats.amount, formats.rate):
        value = read(text)
        assert value is None or isinstance(value, Decimal)
        if value is not None:
            assert f"{value:.2f}"
    assert as_day(text) is None or isinstance(as_day(text), date)
    formats.days(text)
    formats.whole_number(text)
    formats.month_year(f"janvier {text}")


@settings(max_examples=examples(150), deadline=None)
@given(st.lists(st.sampled_from([
    "Date", "Libellé", "Montant", "Solde", "Débit", "Crédit", "Date de soin", "Mutuelle montant", ";", ",", "\t", "\n",
    '"', "\ufeff", "01/02/2026", "13/14/2026", "2026-02-30", "0000-00-00", "1,00", "-1.000", "1e999999", "9" * 500, "²",
    "٣,٠٠",
    "VIR CPAM", "<OFX>", "<STMTRS>", "<STMTTRN>", "<DTPOSTED>0000", "<TRNAMT>1e5", "<DTSTART>99999999", "</OFX>", "x",
    "!Type:Bank\n", "D01/02/2026\n", "T1,00\n", "^\n", ":20:X\n", ":60F:C260231EUR1,00\n", ":61:2602310204C8,80NTRF\n",
    ":62F:", ":86:", "<Stmt>", "<Ntry>", '<Amt Ccy="EUR">1e5', "</Amt>", "</Ntry>", "</Stmt>", "<Dt>0000-00-00</Dt>",
]), max_size=40).map("".join), st.sampled_from(["utf-8", "utf-16"]))
def test_a_bank_or_insurers_file_of_any_pieces_is_read_or_refused(text: str, encoding: str) -> None:
    data = text.encode(encoding)
    looks_like_workbook(data)
    for looks, read in ((looks_like_csv, read_csv), (looks_like_ofx, read_ofx), (looks_like_insurer, read_insurer),
                        (looks_like_camt, read_camt), (looks_like_mt940, read_mt940), (looks_like_qif, read_qif)):
        looks(data)
        try:
            read(data)
        except AmeliError as error:
            assert error.message("fr") and error.message("en")


@given(st.binary(max_size=200) | st.text(max_size=80).map(
    lambda text: b'{"log": {"entries": [%b]}}' % text.encode("utf-8", "replace")))
def test_a_recording_of_any_bytes_is_read_or_refused(data: bytes) -> None:
    try:
        read_har(data)
    except AmeliError as error:
        assert error.message("fr")
