"""Workbooks of banks: proven as CSV files are, whatever a spreadsheet did to them, and opened within bounds."""

import re
import zipfile
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from agent.errors import AmeliError
from agent.files.formats import bank
from agent.files.formats.bank.errors import BankFileUnreadable
from tests.agent.files.formats.bank.files import Movement
from tests.agent.files.formats.bank.other_forms import ods, ods_of, workbook, xlsx
from tests.agent.files.formats.bank.test_other_forms import MOVES, drawn_moves, movements, read, wanted
from tests.thoroughness import examples

D = Decimal
HEADS = ["Date", "Libellé", "Débit", "Crédit", "Solde"]


def test_a_workbook_of_debit_credit_and_balance_is_proven_as_the_csv_file_is() -> None:
    rows: list[list[object]] = []
    balance = D(1500)
    for on, amount, label in MOVES:
        balance += amount
        rows.append([on, label, float(-amount) if amount < 0 else None, float(amount) if amount > 0 else None,
                     float(balance)])
    assert movements(read("xlsx", workbook([HEADS, *rows]))[0]) == wanted(MOVES)
    del rows[3]
    [account] = read("xlsx", workbook([HEADS, *rows]))
    assert len(account.broken) == 1
    assert not any(one <= MOVES[3][0] <= other for one, other in account.covered())


def test_a_cell_that_is_no_amount_names_its_row_of_the_sheet() -> None:
    rows: list[list[object]] = [[on, label, float(amount)] for on, amount, label in MOVES]
    rows[2][2] = "#REF!"
    [account] = read("xlsx", workbook([[], ["Date", "Libellé", "Montant"], *rows]))
    assert [one.row for one in account.unread] == [5]


def test_a_workbook_that_counts_days_from_1904_has_the_same_days() -> None:
    book = Workbook()
    book.epoch = CALENDAR_MAC_1904
    sheet = book.active
    assert sheet is not None
    for row in (["Date", "Libellé", "Montant"], *([on, label, float(a)] for on, a, label in MOVES)):
        sheet.append(row)
    file = BytesIO()
    book.save(file)
    assert movements(read("xlsx", file.getvalue())[0]) == wanted(MOVES)


def test_a_formula_that_was_never_worked_out_is_no_amount() -> None:
    rows: list[list[object]] = [[on, label, float(a)] for on, a, label in MOVES]
    rows[0][2] = "=8+0.8"
    [account] = read("xlsx", workbook([["Date", "Libellé", "Montant"], *rows]))
    assert [one.row for one in account.unread] == [2]
    assert not any(first <= MOVES[0][0] <= last for first, last in account.covered())


def test_days_of_which_a_program_changed_some_are_refused() -> None:
    turned: list[list[object]] = [
        [on.replace(month=on.day, day=on.month) if on.day <= 12 else f"{on:%d/%m/%Y}", label, float(a)]
        for on, a, label in MOVES]
    with pytest.raises(BankFileUnreadable, match="spreadsheet changed"):
        read("xlsx", workbook([["Date", "Libellé", "Montant"], *turned]))
    with pytest.raises(BankFileUnreadable, match="spreadsheet changed"):
        read("xlsx", workbook([["Date", "Libellé", "Montant"], *(row for row in turned if isinstance(row[0], date)),
                               [date(2026, 1, 7), "X", 1.5]]))


def test_the_same_movements_on_two_sheets_are_not_counted_twice() -> None:
    rows = [["Date", "Libellé", "Montant"], *([on, label, float(a)] for on, a, label in MOVES)]
    with pytest.raises(BankFileUnreadable, match="several of its sheets"):
        read("xlsx", workbook(rows, rows[:4]))
    accounts = read("xlsx", workbook([["Notes"]], rows[:5], [rows[0], *rows[5:]]))
    assert [len(account.lines) for account in accounts] == [4, 3]


def test_the_empty_rows_that_libreoffice_repeats_under_a_table_are_none() -> None:
    empty = ('<table:table-row table:number-rows-repeated="1048000">'
             '<table:table-cell table:number-columns-repeated="16384"/>'
             "</table:table-row></table:table>")
    made = BytesIO()
    with zipfile.ZipFile(BytesIO(ods(MOVES))) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"</table:table>", empty.encode()))
    assert movements(read("ods", made.getvalue())[0]) == wanted(MOVES)


def far(cell: bytes) -> bytes:
    """A small workbook with a cell far away."""
    made = BytesIO()
    with zipfile.ZipFile(BytesIO(xlsx(MOVES))) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            new.writestr(name, re.sub(rb'r="C(10)"', b'r="' + cell + b'"', old.read(name)))
    return made.getvalue()


def zip_bomb() -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open("xl/workbook.xml", "w") as file:
            for _ in range(140):
                file.write(bytes(1 << 20))
    return made.getvalue()


@pytest.mark.parametrize("bomb", [
    lambda: far(b"XFD1048576"), zip_bomb,
    lambda: ods_of('<table:table-row table:number-rows-repeated="1048576"><table:table-cell office:value-type="string" '
                   'table:number-columns-repeated="16384"><text:p>x</text:p></table:table-cell></table:table-row>'),
], ids=["a cell far away", "zeros", "repeated rows"])
def test_a_workbook_that_would_fill_the_memory_is_refused(bomb: Callable[[], bytes]) -> None:
    with pytest.raises(BankFileUnreadable, match=r"far (?:more|larger) than an? (?:account )?statement"):
        bank.read_workbook(bomb())


def test_an_archive_that_holds_a_workbook_is_none_itself() -> None:
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("releve.xlsx", xlsx(MOVES))
    assert not bank.looks_like_workbook(made.getvalue())


@settings(max_examples=examples(12), deadline=None)
@given(st.data())
def test_a_damaged_workbook_is_read_rightly_or_refused(data: st.DataObject) -> None:
    whole = bytearray(data.draw(st.sampled_from([xlsx(MOVES), ods(MOVES)])))
    if data.draw(st.booleans()):
        del whole[data.draw(st.integers(4, len(whole) - 1)):]
    else:
        for _ in range(data.draw(st.integers(1, 6))):
            whole[data.draw(st.integers(60, len(whole) - 1))] = data.draw(st.integers(0, 255))
    try:
        accounts = bank.read_workbook(bytes(whole))
    except AmeliError as error:
        assert error.message("fr")
        return
    assert [movements(account) for account in accounts] == [wanted(MOVES)]


@settings(max_examples=examples(8), deadline=None)
@given(drawn_moves, st.sampled_from([xlsx, ods]))
def test_a_workbook_gives_what_was_written_or_says_why_not(
    drawn: list[Movement], form: Callable[[Sequence[Movement]], bytes]
) -> None:
    try:
        [account] = read(form.__name__, form(drawn))
    except BankFileUnreadable as error:
        assert "spreadsheet changed" in error.message("en")  # by chance in order only with day and month changed about
        return
    assert movements(account) == wanted(drawn)
