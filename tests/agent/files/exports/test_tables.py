"""CSV and workbook: every cent is there, and no text is more than text."""

import csv
import io
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from openpyxl import load_workbook

from agent.files.exports import Account, make, xlsx
from agent.files.exports.csv_file import COLUMNS
from agent.files.formats.errors import TooManyRows
from tests.agent.files.exports.accounts import HOSTILE, account, accounts, line, payment, total
from tests.thoroughness import examples

_DANGER = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_NUMBERS = {"payment_amount", "amount", "paid", "base", "rate", "days"}


def read(data: bytes, separator: str = ",") -> list[dict[str, str]]:
    """The rows as any program reads them."""
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=separator))


@given(accounts())
@settings(max_examples=examples(60), deadline=None)
def test_the_rows_of_a_csv_make_the_payments_to_the_cent(one: Account) -> None:
    for name, separator, point in (("csv", ",", "."), ("csv-excel", ";", ",")):
        rows = read(make(name, one), separator)
        assert sum((Decimal(row["amount"].replace(point, ".")) for row in rows), Decimal(0)) == total(one)
        assert {row["payment"] for row in rows} <= {each["id"] for each in one.payments}


@given(accounts())
@settings(max_examples=examples(60), deadline=None)
def test_no_cell_begins_a_formula_whatever_the_separator(one: Account) -> None:
    for name, separator in (("csv", ","), ("csv-excel", ";")):
        data = make(name, one)
        for row in read(data, separator):
            for column, value in row.items():
                if column not in _NUMBERS:
                    assert not value.lstrip().startswith(_DANGER), (column, value)
        text = data.decode("utf-8-sig")
        assert not any(sign in text for sign in "\x00\x1b\u202e")
        for wrong in ";,\t":  # a program told the wrong separator
            for row_of_cells in csv.reader(io.StringIO(text, newline=""), delimiter=wrong):
                for value in row_of_cells:
                    plain = value.strip(" \"'")
                    if not value.strip("\r\n"):
                        continue  # the end of the line alone, which a quote out of place kept
                    if not plain.startswith("-") or not plain[1:2].isdigit():
                        assert not value.startswith(_DANGER), value


def test_negative_amounts_stay_numbers() -> None:
    plain, french = (make(name, account([payment()])) for name in ("csv", "csv-excel"))
    assert [row["amount"] for row in read(plain)] == ["21.00", "-2.00"]
    assert [row["amount"] for row in read(french, ";")] == ["21,00", "-2,00"]
    assert not plain.startswith(b"\xef\xbb\xbf")
    assert french.startswith(b"\xef\xbb\xbf")


def test_a_payment_without_detail_has_its_row_and_an_empty_account_its_header() -> None:
    bare = payment(lines=[], deductions=[], amount="12.34", complete=False)
    (row,) = read(make("csv", account([bare])))
    assert (row["part"], row["amount"], row["payment_amount"]) == ("undetailed", "12.34", "12.34")
    assert make("csv", account([])).decode().splitlines() == [",".join(f'"{name}"' for name in COLUMNS)]


def sheets(data: bytes) -> dict[str, list[tuple[Any, ...]]]:
    """The workbook's sheets as rows of values."""
    book = load_workbook(io.BytesIO(data))
    return {sheet.title: [tuple(cell.value for cell in row) for row in sheet.iter_rows()] for sheet in book}


@given(accounts())
@settings(max_examples=examples(25), deadline=None)
def test_the_workbook_holds_every_cent_and_texts_alone(one: Account) -> None:
    data = make("xlsx", one)
    paid, lines = list(sheets(data).values())[:2]
    assert sum((Decimal(str(row[3])) for row in paid[1:]), Decimal(0)) == total(one)
    assert sum((Decimal(str(row[9])) for row in lines[1:]), Decimal(0)) == total(one)
    for sheet in load_workbook(io.BytesIO(data)):
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type in ("s", "n", "d"), cell.value  # never "f", a formula
                assert cell.hyperlink is None


def test_days_are_days_amounts_are_numbers_and_the_heading_stays() -> None:
    data = make("xlsx", account([payment()], "en"))
    book = load_workbook(io.BytesIO(data))
    assert book.sheetnames == ["Payments", "Lines", "Deductions", "Ledger", "Owed", "Years"]
    assert all(sheet.freeze_panes == "A2" for sheet in book)
    paid = book["Payments"]
    assert paid["A2"].value == datetime(2026, 10, 8)
    assert paid["A2"].number_format == "yyyy-mm-dd"
    assert (paid["D2"].value, paid["D2"].data_type) == (19, "n")
    assert "€" in paid["D2"].number_format
    assert book["Deductions"]["D2"].value == -2
    assert book["Years"]["A2"].value == 2026


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_labels_stand_in_a_workbook_as_they_are_read(text: str) -> None:
    rows = sheets(make("xlsx", account([payment(label=text, lines=[line(act=text)])])))["Lignes"]
    seen = rows[1][5] or ""
    assert "\n" not in seen and "\x1b" not in seen
    if text.isprintable() and text.strip() == text:
        assert seen == " ".join(text.split())


def test_rows_beyond_the_format_are_told_not_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "_ROWS_MOST", 1)
    with pytest.raises(TooManyRows):
        make("xlsx", account([payment(), payment(id="p2")]))


def test_a_workbook_of_nothing_opens_too() -> None:
    assert all(len(rows) == 1 for rows in sheets(make("xlsx", account([]))).values())
