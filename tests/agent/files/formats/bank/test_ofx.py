"""OFX as banks really write it: each oddity gives the movements of the clean file, or is told."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.errors import AmeliError
from agent.files.formats.bank import looks_like_ofx, read_ofx
from agent.files.formats.bank.errors import BankFileUnreadable
from agent.files.formats.bank.model import Account
from tests.agent.files.formats.bank.files import Movement, french, ofx_new, ofx_old
from tests.thoroughness import examples

D = Decimal
MOVES: list[Movement] = [
    (date(2026, 2, 4), D("8.80"), "VIR CPAM DES YVELINES"), (date(2026, 2, 13), D("19.00"), "VIR MGEN"),
    (date(2026, 3, 15), D("-61.00"), "CARTE SUPERMARCHÉ"), (date(2026, 3, 25), D("53.45"), "VIR CPAM DES YVELINES"),
    (date(2026, 5, 7), D("1234.56"), "VIR HARMONIE MUTUELLE"), (date(2026, 5, 28), D("-350.00"), "PRLV LOYER"),
]
WANTED = [(on, amount) for on, amount, _ in MOVES]


def read(data: bytes) -> Account:
    """The one account of a file, which is recognised."""
    assert looks_like_ofx(data)
    [account] = read_ofx(data)
    return account


def amounts_written(by: Callable[[Decimal], str]) -> bytes:
    """The older form with its amounts in another writing."""
    return re.sub(rb"(?<=<TRNAMT>)[-\d.]+", lambda match: by(D(match[0].decode())).encode(), ofx_old(MOVES))


def utf8(text: str) -> bytes:
    return ofx_old(MOVES).decode("cp1252").replace("\n", text).encode()


ODDITIES: dict[str, Callable[[], bytes]] = {
    "comma": lambda: amounts_written(lambda a: french(a, "")),
    "thousands with a space": lambda: amounts_written(french),
    "thousands with a point": lambda: amounts_written(lambda a: french(a, ".")),
    "thousands with a comma": lambda: amounts_written(lambda a: f"{a:,.2f}"),
    "plus signs": lambda: amounts_written(lambda a: f"{a:+.2f}"),
    "signs behind": lambda: amounts_written(lambda a: f"{abs(a):.2f}{'-' if a < 0 else '+'}"),
    "true minus": lambda: utf8("\n").replace(b"<TRNAMT>-", "<TRNAMT>\u2212".encode()),
    "three decimals": lambda: amounts_written(lambda a: f"{a:.3f}"),
    "a currency beside": lambda: amounts_written(lambda a: f"{a:.2f} EUR"),
    "utf-8 under a head of 1252": lambda: utf8("\n"),
    "a byte order mark": lambda: b"\xef\xbb\xbf" + utf8("\n"),
    "utf-16": lambda: ofx_new(MOVES).decode().encode("utf-16"),
    "utf-16 without its mark": lambda: ofx_new(MOVES).decode().encode("utf-16-le"),
    "no head": lambda: ofx_old(MOVES).partition(b"\r\n\r\n")[2],
    "one line": lambda: ofx_old(MOVES).replace(b"\r\n", b"").replace(b"\n", b""),
    "carriage returns": lambda: ofx_old(MOVES).replace(b"\r\n", b"\n").replace(b"\n", b"\r"),
    "small tags": lambda: re.sub(rb"<[^>]*>", lambda match: match[0].lower(), ofx_old(MOVES)),
    "movements that are not closed": lambda: ofx_old(MOVES).replace(b"</STMTTRN>\n", b""),
    "a list that is not closed": lambda: re.sub(rb"</(?:STMTTRN|BANKTRANLIST)>\n", b"", ofx_old(MOVES)),
    "days with dashes": lambda: re.sub(rb"(?<=<DTPOSTED>)(\d{4})(\d\d)(\d\d)", rb"\1-\2-\3", ofx_old(MOVES)),
    "days with a zone": lambda: re.sub(rb"(<DTPOSTED>\d{8})", rb"\g<1>120000.000[+1:CET]", ofx_old(MOVES)),
    "no days around": lambda: re.sub(rb"<DT(?:START|END)>\d+\n", b"", ofx_old(MOVES)),
    "days around that are none": lambda: re.sub(rb"(<DT(?:START|END)>)\d+", rb"\g<1>00000000", ofx_old(MOVES)),
    "texts set apart": lambda: re.sub(rb"<NAME>(.*?)</NAME>", rb"<NAME><![CDATA[\1]]></NAME>", ofx_new(MOVES)),
    "a remark": lambda: ofx_old(MOVES).replace(b"<BANKTRANLIST>", b"<!-- <STMTTRN><TRNAMT>1.00 --><BANKTRANLIST>"),
    "a namespace": lambda: ofx_new(MOVES).replace(b"<OFX>", b'<OFX xmlns="http://ofx.net/types/2003/04">'),
    "payees": lambda: re.sub(rb"<NAME>(.*?)</NAME>", rb"<PAYEE><NAME>\1</NAME><CITY>X</CITY></PAYEE>", ofx_new(MOVES)),
    "the original currency": lambda: ofx_old(MOVES).replace(
        b"<FITID>0", b"<ORIGCURRENCY><CURRATE>1.1<CURSYM>USD</ORIGCURRENCY><FITID>0"),
    "types instead of signs": lambda: re.sub(
        rb"<TRNTYPE>CREDIT(\n<DTPOSTED>\d+\n<TRNAMT>)-", rb"<TRNTYPE>DEBIT\1", ofx_old(MOVES)),
    "pending movements": lambda: ofx_old(MOVES).replace(
        b"</BANKTRANLIST>", b"</BANKTRANLIST><BANKTRANLISTP><STMTTRNP><TRNAMT>9.99</STMTTRNP></BANKTRANLISTP>"),
}


@pytest.mark.parametrize("oddity", ODDITIES)
def test_an_oddity_changes_nothing(oddity: str) -> None:
    account = read(ODDITIES[oddity]())
    assert [(line.on, line.amount) for line in account.lines] == WANTED
    assert ["".join(line.label.split()) for line in account.lines] == ["".join(label.split()) for *_, label in MOVES]
    assert account.unread == [] and account.covered()[0][0] == MOVES[0][0]


@settings(max_examples=examples(150), deadline=None)
@given(st.data())
def test_an_odd_file_that_is_damaged_gives_no_movement_that_was_not_there_unsaid(data: st.DataObject) -> None:
    whole = ODDITIES[data.draw(st.sampled_from(sorted(ODDITIES)))]()
    cut = data.draw(st.integers(0, len(whole)))
    whole = whole[:cut] + whole[min(len(whole), cut + data.draw(st.integers(1, 30))):]
    try:
        accounts = read_ofx(whole)
    except AmeliError as error:
        assert error.message("fr") and error.message("en")
        return
    for account in accounts:
        assert len(account.lines) + len(account.unread) + account.foreign <= len(MOVES)


@pytest.mark.parametrize("currency", [b"<CURRENCY><CURRATE>1.1<CURSYM>USD</CURRENCY>", b"<CURRENCY>USD"])
def test_a_movement_in_another_currency_is_left_aside(currency: bytes) -> None:
    account = read(ofx_old(MOVES).replace(b"<FITID>0", currency + b"<FITID>0"))
    assert (account.foreign, len(account.lines)) == (1, len(MOVES) - 1)


def test_amounts_without_signs_or_types_are_refused_where_some_surely_left() -> None:
    moves = [(on, abs(amount), label.replace("CARTE", "CB")) for on, amount, label in MOVES]
    with pytest.raises(BankFileUnreadable, match="no sign"):
        read_ofx(ofx_old(moves))


@pytest.mark.parametrize(("since", "until", "covered"), [
    (date(1999, 1, 1), date(2099, 12, 31), (timedelta(62), timedelta(62))),
    (date(1970, 1, 1), date(2026, 6, 10), (timedelta(0), timedelta(13))),
    (date(2026, 1, 20), date(2026, 6, 10), (timedelta(15), timedelta(13))),
    (date(2026, 5, 28), date(2026, 2, 4), (timedelta(0), timedelta(0))),
])
def test_a_span_is_believed_as_far_as_movements_bear_it_out(
    since: date, until: date, covered: tuple[timedelta, timedelta]
) -> None:
    [(first, last)] = read(ofx_old(MOVES, span=(since, until))).covered()
    assert (MOVES[0][0] - first, last - MOVES[-1][0]) == covered


@pytest.mark.parametrize(("day", "unread"), [
    (b"19000101", 1), (b"19700101", 1), (b"00000000", 1), (b"19990101", 0), (b"20991231", 0)])
def test_a_day_far_from_all_others_makes_the_file_cover_no_years(day: bytes, unread: int) -> None:
    more = b"<STMTTRN><TRNTYPE>OTHER<DTPOSTED>" + day + b"<TRNAMT>1.00<FITID>X<NAME>DIVERS</STMTTRN></BANKTRANLIST>"
    account = read(ofx_old(MOVES).replace(b"</BANKTRANLIST>", more))
    assert len(account.unread) == unread
    assert all(MOVES[0][0] <= first and last <= MOVES[-1][0] for first, last in account.covered())


@pytest.mark.parametrize("day", [b"00000000", b"19000101", b"19700101000000", b""])
def test_a_balance_without_a_day_among_the_movements_is_none(day: bytes) -> None:
    more = b"<STMTTRN><TRNTYPE>OTHER<DTPOSTED>" + day + b"<TRNAMT>1500.00<MEMO>Solde du jour</STMTTRN></BANKTRANLIST>"
    account = read(ofx_old(MOVES).replace(b"</BANKTRANLIST>", more))
    assert (len(account.lines), account.unread, account.covered()) == (
        len(MOVES), [], [(MOVES[0][0], MOVES[-1][0])])


def test_a_file_covers_no_day_after_the_one_it_was_made_on() -> None:
    made = ofx_old(MOVES, span=(MOVES[0][0], date(2026, 7, 20))).replace(b"<OFX>", b"<OFX><DTSERVER>20260603101112")
    assert read(made).covered() == [(MOVES[0][0], date(2026, 6, 3))]


def test_a_file_without_movements_covers_nothing() -> None:
    assert read(re.sub(rb"<STMTTRN>.*</STMTTRN>", b"", ofx_old(MOVES), flags=re.DOTALL)).covered() == []


def test_a_movement_that_stands_twice_is_named_and_leaves_its_day() -> None:
    rows = re.search(rb"<STMTTRN>\n<TRNTYPE>CREDIT\n<DTPOSTED>20260325.*?</STMTTRN>\n", ofx_old(MOVES), re.DOTALL)
    assert rows is not None
    account = read(ofx_old(MOVES).replace(rows[0], rows[0] * 2))
    assert [one.row for one in account.unread] == [5]
    assert [(line.on, line.amount) for line in account.lines] == WANTED
    assert not any(first <= date(2026, 3, 25) <= last for first, last in account.covered())


def test_equal_movements_with_numbers_of_their_own_are_two() -> None:
    assert len(read(ofx_old([*MOVES[:2], MOVES[1], *MOVES[2:]])).lines) == len(MOVES) + 1


def test_two_statements_of_one_account_are_one_account() -> None:
    second = re.search(rb"<STMTRS>.*</STMTRS>\n", ofx_old(MOVES[3:]), re.DOTALL)
    assert second is not None
    [account] = read_ofx(ofx_old(MOVES[:3]).replace(b"</STMTRS>\n", b"</STMTRS>\n" + second[0]))
    assert [(line.on, line.amount) for line in account.lines] == WANTED
    assert not any(first <= date(2026, 3, 20) <= last for first, last in account.covered())


@pytest.mark.parametrize("text", [
    "<!--" * 200_000, "-->" + "<!--" * 200_000, "<![CDATA[" * 100_000, "<STMTTRN>" * 250_000,
], ids=["remarks", "ends first", "set apart", "movements"])
def test_endless_marks_take_no_time(text: str) -> None:
    with pytest.raises(BankFileUnreadable):
        read_ofx(f"<OFX><STMTRS>{text}".encode())
