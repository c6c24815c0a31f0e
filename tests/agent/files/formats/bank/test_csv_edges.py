"""Where a bank's table begins to be another currency's, too damaged, too long or too bare."""

from datetime import date
from decimal import Decimal

import pytest

from agent.files.formats.bank import looks_like_csv, read_csv
from agent.files.formats.bank.errors import BankFileUnreadable

_HEADS = "date;label;amount;currency\n"
_GOOD = "01/02/2026;CPAM;12,50;EUR\n"


def refusal(text: str) -> str:
    """Why a file is refused."""
    with pytest.raises(BankFileUnreadable) as caught:
        read_csv(text.encode())
    return caught.value.message("en")


def test_movements_in_another_currency_are_left_out_and_counted() -> None:
    [account] = read_csv(f"{_HEADS}{_GOOD}02/02/2026;SHOP;7,00;USD\n03/02/2026;SHOP;8,00;GBP\n".encode())
    assert [(line.on, line.amount, line.label) for line in account.lines] == [
        (date(2026, 2, 1), Decimal("12.50"), "CPAM")]
    assert (account.foreign, account.unread) == (2, [])


@pytest.mark.parametrize("good", [_GOOD, "02/02/2026;SHOP;7,00;USD\n"])
def test_a_file_is_damaged_once_more_lines_cannot_be_read_than_can(good: str) -> None:
    text = f"{_HEADS}{_GOOD}{good}03/02/2026;X;?;EUR\n04/02/2026;X;!;EUR\n"
    [account] = read_csv(text.encode())
    assert [unread.row for unread in account.unread] == [4, 5]
    assert "3 lines of" in (reason := refusal(f"{text}?;X;3,00;EUR\n"))
    assert ("(row 4: its amount cannot be read; row 5: its amount cannot be read; row 6: its day cannot be read)"
            in reason)
    assert "(row 4: " in (reason := refusal(f"{text}?;X;3,00;EUR\n?;X;4,00;EUR\n"))
    assert "row 6: its day cannot be read; …)" in reason and "row 7" not in reason


def test_a_file_of_more_lines_than_a_life_has_is_refused_at_once() -> None:
    assert "too many lines" in refusal("date;label;amount\n" + "01/02/2026;C;1,00\n" * 200_001)


@pytest.mark.parametrize("year", ["26", "2026"])
def test_a_file_without_heads_is_known_by_its_day_words_and_amount(year: str) -> None:
    text = f"05/01/{year};CPAM DE L ISERE;12,50;a\n13/01/{year};LOYER;-7,00;b\n"
    assert looks_like_csv(text.encode())
    [account] = read_csv(text.encode())
    assert [(line.on, line.amount) for line in account.lines] == [
        (date(2026, 1, 5), Decimal("12.50")), (date(2026, 1, 13), Decimal("-7.00"))]


@pytest.mark.parametrize("text", [
    "05/01/26;CPAM;12,50\n13/01/26;LOYER;-7,00\n",  # too few columns to tell what they are
    "05/01/26;CPAM;12,50;a\n13/01/26;LOYER;-7,00\n",  # rows of different widths
    "05/01/26;CPAM;12;a\n13/01/26;LOYER;-7;b\n",  # no cents
    "x;CPAM;12,50;a\n13/01/26;LOYER;-7,00;b\ny;CPAM;12,50;a\n",  # no day in all of them
])
def test_without_heads_what_could_be_anything_is_no_table(text: str) -> None:
    assert not looks_like_csv(text.encode())
    assert "no columns" in refusal(text)


def test_days_of_two_digits_are_read_under_heads_too() -> None:
    [account] = read_csv(b"date;label;amount\n05/01/26;CPAM;12,50\n13/01/26;B;-7,00\n")
    assert [line.on for line in account.lines] == [date(2026, 1, 5), date(2026, 1, 13)]


def test_the_first_separator_that_shows_a_table_is_taken() -> None:
    [account] = read_csv(b"date;label;amount\n05/01/2026;A, B, C, D;12,50\n13/01/2026;A, B, C;-7,00\n")
    assert [line.label for line in account.lines] == ["A, B, C, D", "A, B, C"]
