"""Amounts, dates and words in every form the service may write them."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.portal.pages import parsing as formats

LONG = ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
        "décembre")
SHORT = ("janv", "févr", "mars", "avr", "mai", "juin", "juil", "août", "sept", "oct", "nov", "déc")
money = st.decimals(min_value=Decimal("-999999999.99"), max_value=Decimal("999999999.99"), places=2, allow_nan=False)


@given(money, st.sampled_from([" ", "\u00a0", "\u202f", ""]), st.sampled_from(["-", "\u2212", "- ", "\u2212\u00a0"]),
       st.sampled_from([" €", "\u00a0€", "\u202f€", "", " euro(s)", " EUR"]), st.booleans())
def test_an_amount_written_in_any_way_is_read_back(
    value: Decimal, space: str, minus: str, end: str, grouped: bool
) -> None:
    whole, cents = f"{abs(value):.2f}".split(".")
    if grouped:
        whole = f"{int(whole):,}".replace(",", space)
    written = (minus if value < 0 else "") + whole + "," + cents + end
    assert formats.amount(written) == value
    assert formats.amount(f"  {written}\n") == value


@pytest.mark.parametrize(("text", "value"), [
    ("17,50 €", "17.50"), ("1.234,56 €", "1234.56"), ("12 €", "12.00"), ("0,00 €", "0.00"), ("+3,5", "3.50"),
    ("- 0,00", "0.00"),
])
def test_known_amounts(text: str, value: str) -> None:
    assert str(formats.amount(text)) == value


@pytest.mark.parametrize("text", ["", None, "€", "abc", "12,50,3", "--1", "1e5", "NaN", "Infinity", "٣,٥٠", "1 2/3"])
def test_what_is_no_amount_is_none(text: str | None) -> None:
    assert formats.amount(text) is None


@given(st.dates(date(1990, 1, 1), date(2100, 12, 31)), st.sampled_from(["long", "short", "dot", "upper", "bare"]))
def test_a_rows_day_is_read_from_every_form_of_its_month(day: date, form: str) -> None:
    word = {"long": LONG, "short": SHORT, "dot": SHORT, "upper": LONG, "bare": LONG}[form][day.month - 1]
    word = {"dot": f"{word}.", "upper": word.upper(), "bare": word.replace("é", "e").replace("û", "u")}.get(form, word)
    header = formats.month_year(f"{LONG[day.month - 1].upper()} {day.year}")
    assert header == (day.year, day.month)
    assert formats.row_day(f" {day.day:02d} ", word, header) == day


@pytest.mark.parametrize(("word", "month"), [
    ("oct.", 10), ("Oct", 10), ("AOÛT", 8), ("aou", 8), ("juil.", 7), ("jul", 7), ("juin", 6), ("dec", 12),
    ("févr.", 2), ("fev", 2), ("jui", None), ("ju", None), ("ma", None), ("xyz", None), ("", None), ("mar", 3),
])
def test_months_in_letters(word: str, month: int | None) -> None:
    assert formats.month_number(word) == month


def test_a_december_row_under_a_january_header_is_of_the_year_before() -> None:
    assert formats.row_day("31", "déc.", (2026, 1)) == date(2025, 12, 31)
    assert formats.row_day("2", "janv.", (2025, 12)) == date(2026, 1, 2)
    assert formats.row_day("31", "févr.", (2026, 2)) is None
    assert formats.row_day("3", "mars 2024", (2026, 1)) == date(2024, 3, 3)
    assert formats.row_day("3", "", (2026, 1)) == date(2026, 1, 3)
    assert formats.row_day("", "mars", (2026, 1)) is None
    assert formats.row_day("3", "mars", None) is None


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_days_in_figures_are_read_with_two_or_four_digits_of_year(day: date) -> None:
    assert formats.day(f"le {day:%d/%m/%Y}.") == day
    assert formats.day(f"{day:%d/%m/%y}") == day


@given(st.text())
def test_no_text_breaks_a_reader(text: str) -> None:
    for read in (formats.amount, formats.rate, formats.whole_number, formats.day, formats.days, formats.month_number,
                 formats.month_year, formats.words, formats.quotable):
        read(text)
    formats.row_day(text, text, (2026, 1))


@given(st.text())
def test_quoted_sentences_hold_no_long_number_and_no_control(text: str) -> None:
    said = formats.quotable(text + " 2850578006048 " + "2 85 05 78 006 048")
    assert "2850578006048" not in said.replace(" ", "")
    assert all(letter.isprintable() or letter == "\ufffd" for letter in said if ord(letter) < 0xA0)


@pytest.mark.parametrize(("text", "value"), [("70%", "70"), ("70 %", "70"), ("64,5\u00a0%", "64.5"), ("", None),
                                             ("abc", None), ("100", "100")])
def test_rates(text: str, value: str | None) -> None:
    assert formats.rate(text) == (Decimal(value) if value else None)
