"""camt.053, MT940, QIF and workbooks give the movements that a CSV file gives, or say what they do not."""

import re
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.errors import AmeliError
from agent.files.formats import bank
from agent.files.formats.bank.errors import BankFileUnreadable
from agent.files.formats.bank.model import Account
from tests.agent.files.formats.bank.files import Movement, fortuneo
from tests.agent.files.formats.bank.other_forms import FORMS, camt, mt940, qif
from tests.thoroughness import examples

D = Decimal
READERS = {"camt": (bank.looks_like_camt, bank.read_camt), "mt940": (bank.looks_like_mt940, bank.read_mt940),
           "qif": (bank.looks_like_qif, bank.read_qif), "xlsx": (bank.looks_like_workbook, bank.read_workbook),
           "ods": (bank.looks_like_workbook, bank.read_workbook)}
MOVES: list[Movement] = [
    (date(2026, 2, 4), D("8.80"), "VIR CPAM DES YVELINES"), (date(2026, 2, 13), D("19.00"), "VIR CPAM DES YVELINES"),
    (date(2026, 3, 15), D("-61.00"), "CARTE SUPERMARCHE"), (date(2026, 3, 25), D("53.45"), "VIR CPAM DES YVELINES"),
    (date(2026, 5, 7), D("1234.56"), "VIR HARMONIE MUTUELLE"), (date(2026, 5, 28), D("-350.00"), "LOYER"),
    (date(2026, 6, 3), D("6.60"), "VIR CPAM DES YVELINES"),
]
DAYS = (MOVES[0][0], MOVES[-1][0])


def read(form: str, data: bytes) -> list[Account]:
    """The accounts of a file, which has to be recognised and as nothing else."""
    alike = [name for name, (looks, _) in READERS.items() if looks(data) and name != "ods"]
    assert alike == [form.replace("ods", "xlsx")]
    assert not bank.looks_like_ofx(data)
    return READERS[form][1](data)


def movements(account: Account) -> list[tuple[date, Decimal]]:
    """Day and amount of each, oldest first."""
    return sorted((line.on, line.amount) for line in account.lines)


def wanted(moves: Sequence[Movement]) -> list[tuple[date, Decimal]]:
    """The same of what was written."""
    return sorted((on, amount) for on, amount, _ in moves)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_every_form_gives_what_the_csv_file_gives(form: Callable[[Sequence[Movement]], bytes]) -> None:
    [plain] = bank.read_csv(fortuneo(MOVES))
    [account] = read(form.__name__, form(MOVES))
    assert movements(account) == movements(plain) == wanted(MOVES)
    assert sorted(line.label for line in account.lines) == sorted(label for *_, label in MOVES)
    assert (account.unread, account.broken, account.foreign) == ([], [], 0)
    assert (account.covered()[0][0], account.covered()[-1][1]) == DAYS


words = st.text("ABCDEFGHIJ 0123456789/-.'&<é", min_size=3, max_size=40).map(
    lambda text: " ".join(text.split())).filter(lambda text: len(text) > 2 and text[0].isalpha())
drawn_moves = st.lists(st.tuples(
    st.dates(date(2020, 1, 1), date(2026, 12, 31)),
    st.decimals(D("-9999999"), D("9999999"), places=2).filter(bool), words), min_size=1, max_size=8)


@settings(max_examples=examples(60), deadline=None)
@given(drawn_moves, st.sampled_from([camt, mt940]))
def test_whatever_moved_is_read_back_from_statements_with_balances(
    drawn: list[Movement], form: Callable[[Sequence[Movement]], bytes]
) -> None:
    [account] = read(form.__name__, form(drawn))
    assert movements(account) == wanted(drawn)
    assert account.broken == []


@settings(max_examples=examples(40), deadline=None)
@given(drawn_moves)
def test_qif_gives_what_was_written_or_says_why_not(drawn: list[Movement]) -> None:
    [account] = read("qif", qif(drawn))
    assert movements(account) == wanted(drawn)


def text_forms() -> dict[str, bytes]:
    return {form.__name__: form(MOVES) for form in (camt, mt940, qif)}


@settings(max_examples=examples(200), deadline=None)
@given(st.data())
def test_a_dirty_file_never_gives_a_movement_that_was_not_there_unsaid(data: st.DataObject) -> None:
    """Cut anywhere, a row doubled or lost, another encoding, other line ends: what is read is right or something is
    said."""
    form = data.draw(st.sampled_from(sorted(text_forms())))
    whole = text_forms()[form]
    dirt = data.draw(st.sampled_from(["cut", "line lost", "utf-16", "line ends", "mark", "digit"]))
    if dirt == "cut":
        whole = whole[: data.draw(st.integers(60, len(whole) - 1))]
    elif dirt == "line lost" and form != "camt":
        lines = whole.split(b"\r\n")
        del lines[data.draw(st.integers(1, len(lines) - 1))]
        whole = b"\r\n".join(lines)
    elif dirt == "utf-16" and form != "mt940":
        whole = whole.decode().replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16")
    elif dirt == "line ends":
        whole = whole.replace(b"\r\n", b"\n")
    elif dirt == "mark" and form != "mt940":
        whole = b"\xef\xbb\xbf" + whole
    elif dirt == "digit" and form != "qif":  # without balances nothing tells one digit from another
        at = data.draw(st.sampled_from([one.start() for one in re.finditer(rb"(?<=[CD>])\d+[.,]\d\d", whole)]))
        whole = whole[:at] + (b"7" if whole[at:at + 1] != b"7" else b"8") + whole[at + 1:]
    try:
        accounts = READERS[form][1](whole)
    except AmeliError as error:
        assert error.message("fr") and error.message("en")
        return
    right = wanted(MOVES)
    for account in accounts:
        found = movements(account)
        said = account.unread or account.broken or len(found) < len(right)
        assert found == right or (said and (dirt == "digit" or all(one in right for one in found) or account.unread)), (
            dirt, form)
        if found != right:
            lost = [on for on, _ in set(right) - set(found)]
            covered = account.covered()
            inside = [on for on in lost if any(first <= on <= last for first, last in covered)]
            assert not inside or dirt == "digit", (dirt, form, inside)


@settings(max_examples=examples(200), deadline=None)
@given(st.data())
def test_one_sign_in_place_of_another_in_a_file_with_balances_is_told_or_changes_no_amount(data: st.DataObject) -> None:
    form = data.draw(st.sampled_from(["camt", "mt940"]))
    whole = bytearray(text_forms()[form])
    whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.sampled_from(b"0159CDERXabc<>:,.-/ \n"))
    try:
        accounts = READERS[form][1](bytes(whole))
    except AmeliError as error:
        assert error.message("fr")
        return
    right = sorted(amount for _, amount, _ in MOVES)
    for account in accounts:
        amounts = sorted(line.amount for line in account.lines)
        told = account.unread or account.broken or account.foreign or not account.lines
        assert amounts == right or told
        lost = {on for on, amount, _ in MOVES if amount not in amounts and not account.foreign}
        assert not any(first <= on <= last for on in lost for first, last in account.covered()) or account.unread


@pytest.mark.parametrize("form", ["camt", "mt940"])
def test_balances_that_do_not_fit_leave_the_days_uncovered_and_are_told(form: str) -> None:
    data = text_forms()[form].replace(b"53,45", b"83,45").replace(b"53.45", b"83.45")
    [account] = read(form, data)
    assert len(account.broken) == 1 and account.covered() == []


def test_statements_that_follow_each_other_cover_the_days_between_where_their_balances_meet() -> None:
    first, second = MOVES[:3], MOVES[4:]
    between = D(1500) + sum((a for _, a, _ in first), D(0))
    [account] = read("mt940", mt940(first) + b"\r\n" + mt940(second, opening=between))
    assert (account.covered()[0][0], account.covered()[-1][1]) == DAYS and not account.broken
    [account] = read("mt940", mt940(first) + b"\r\n" + mt940(second, opening=between + 53))
    assert account.broken == [(first[-1][0], second[0][0])]
    assert not any(one <= MOVES[3][0] <= other for one, other in account.covered())


def test_an_mt940_row_that_cannot_be_read_is_named_and_leaves_its_day() -> None:
    data = mt940(MOVES).replace(b":61:2603250325C53,45", b":61:2603250325X53,45")
    [account] = read("mt940", data)
    assert [one.row for one in account.unread] == [11]
    assert len(account.lines) == len(MOVES) - 1
    assert not any(one <= date(2026, 3, 25) <= other for one, other in account.covered())


@pytest.mark.parametrize(("lines", "label"), [
    (":86:166?00VIREMENT RECU?20REMBT SOINS?21 262520001234?32CPAM DES YVELINES?33 ET PLUS",
     "VIREMENT RECU CPAM DES YVELINES ET PLUS REMBT SOINS 262520001234"),
    (":86:/NAME/CPAM DES YVELINES/REMI/262520001234", "/NAME/CPAM DES YVELINES/REMI/262520001234"),
    (":86:VIR SEPA RECU\r\nCPAM DES YVELINES", "VIR SEPA RECU CPAM DES YVELINES"),
    (":86:VIR SEPA RECU\r\n:NS:01X\r\n:86:CPAM DES YVELINES", "VIR SEPA RECU CPAM DES YVELINES"),
])
def test_the_words_of_an_mt940_movement_are_its_label(lines: str, label: str) -> None:
    data = mt940(MOVES[:1]).replace(b":86:VIR CPAM DES YVELINES", lines.encode())
    assert read("mt940", data)[0].lines[0].label == label


@pytest.mark.parametrize(("mark", "amount"), [("C", "8.80"), ("D", "-8.80"), ("RC", "-8.80"), ("RD", "8.80"),
                                              ("CR", "8.80"), ("rc", "-8.80")])
def test_mt940_marks_say_what_came(mark: str, amount: str) -> None:
    data = mt940(MOVES[:1]).replace(b"C8,80", f"{mark}8,80".encode())
    assert movements(read("mt940", data)[0]) == [(MOVES[0][0], D(amount))]


def test_mt940_in_another_currency_is_left_aside() -> None:
    [account] = read("mt940", mt940(MOVES).replace(b"EUR", b"CHF"))
    assert (account.lines, account.foreign) == ([], len(MOVES))


@pytest.mark.parametrize(("swap", "count", "unread", "foreign"), [
    ((b"BOOK", b"PDNG"), 0, 0, 0), ((b"BOOK", b"ODD"), 0, 7, 0), ((b'Ccy="EUR"', b'Ccy="USD"'), 0, 0, 7),
])
def test_camt_entries_that_did_not_take_place_or_are_of_other_money_are_no_movements(
    swap: tuple[bytes, bytes], count: int, unread: int, foreign: int
) -> None:
    data = camt(MOVES).replace(*swap)
    if unread:
        with pytest.raises(BankFileUnreadable):
            read("camt", data)
        return
    [account] = read("camt", data)
    assert (len(account.lines), account.foreign) == (count, foreign)


def batch(*parts: tuple[str, str], total: str = "30.00") -> bytes:
    """One entry that groups several payments."""
    details = "".join(f"<TxDtls><Amt Ccy=\"EUR\">{amount}</Amt><RltdPties><Dbtr><Nm>{name}</Nm></Dbtr>"
                      "</RltdPties></TxDtls>" for name, amount in parts)
    entry = (f"<Ntry><Amt Ccy=\"EUR\">{total}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts>"
             f"<BookgDt><Dt>2026-03-01</Dt></BookgDt><NtryDtls>{details}</NtryDtls></Ntry></Stmt>")
    return re.sub(rb"<Bal>.*</Bal>|<TxsSummry>.*</TxsSummry>", b"", camt(MOVES)).replace(b"</Stmt>", entry.encode())


def test_a_camt_batch_is_taken_apart_where_its_parts_make_it_and_named_where_they_do_not() -> None:
    [account] = read("camt", batch(("CPAM PARIS", "12.50"), ("DUPONT", "17.50")))
    assert [(line.amount, line.label) for line in account.lines[-2:]] == [
        (D("12.50"), "CPAM PARIS"), (D("17.50"), "DUPONT")]
    [account] = read("camt", batch(("CPAM PARIS", "12.50"), ("DUPONT", "16.50")))
    assert [one.row for one in account.unread] == [8]
    assert not any(one <= date(2026, 3, 1) <= other for one, other in account.covered())


def test_a_camt_file_that_announces_more_entries_than_it_has_is_told() -> None:
    [account] = read("camt", camt(MOVES).replace(b"<NbOfNtries>7<", b"<NbOfNtries>8<"))
    assert account.broken and account.covered() == []


@pytest.mark.parametrize("head", [
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>',
    '<!DOCTYPE x SYSTEM "file:///etc/passwd">', '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
])
def test_xml_that_defines_entities_is_refused(head: str) -> None:
    with pytest.raises(BankFileUnreadable, match="entities"):
        bank.read_camt(camt(MOVES).replace(b"<Document", head.encode() + b"<Document"))


@pytest.mark.parametrize("inside", [b"<a>" * 500 + b"</a>" * 500, b"<Ntry>" + b"<a/>" * 30_000 + b"</Ntry>"],
                         ids=["deep", "wide"])
def test_xml_of_endless_parts_is_refused(inside: bytes) -> None:
    with pytest.raises(BankFileUnreadable, match="too many"):
        bank.read_camt(camt(MOVES).replace(b"</Stmt>", inside + b"</Stmt>"))


@pytest.mark.parametrize(("form", "text"), [
    ("mt940", ":20:X\n:25:1\n" * 30_000), ("qif", "!Type:Bank\n" * 30_000),
    ("qif", "!Type:Bank\n" + "D1\n^\n" * 210_000), ("mt940", ":20:X\n:25:1\n" + ":61:X\n" * 210_000),
    ("camt", "<BkToCstmrStmt>" + "<Stmt/>" * 30_000),
], ids=["statements", "ledgers", "records", "rows", "elements"])
def test_a_file_that_never_ends_is_refused(form: str, text: str) -> None:
    with pytest.raises(BankFileUnreadable, match="too many"):
        READERS[form][1](text.encode())


def test_a_movement_of_endless_words_takes_no_time_and_keeps_its_amount() -> None:
    data = mt940(MOVES).replace(b":86:LOYER", b":86:LOYER\r\n" + b":86:X\r\n" * 100_000 + b":86:Y")
    assert movements(read("mt940", data)[0]) == wanted(MOVES)


@pytest.mark.parametrize(("written", "read_as"), [
    ("D6/29'26", date(2026, 6, 29)), ("D6/29/2026", date(2026, 6, 29)), ("D29/06'2026", date(2026, 6, 29)),
    ("D29-06-2026", date(2026, 6, 29)), ("D2026-06-29", date(2026, 6, 29)), ("D 6/29' 26", date(2026, 6, 29)),
])
def test_qif_days_are_read_as_its_programs_write_them(written: str, read_as: date) -> None:
    assert movements(read("qif", f"!Type:Bank\n{written}\nT25.50\nPCPAM\n^\n".encode())[0]) == [(read_as, D("25.50"))]


def test_qif_days_that_can_be_read_in_two_ways_are_refused() -> None:
    with pytest.raises(BankFileUnreadable, match="day/month or month/day"):
        read("qif", b"!Type:Bank\nD03/06/2026\nT25.50\nPCPAM\n^\nD05/04/2026\nT2.50\nPCPAM\n^\n")


def test_qif_parts_that_do_not_make_their_amount_name_the_row() -> None:
    rows = qif(MOVES).replace(b"PVIR HARMONIE MUTUELLE\r\n", b"PVIR HARMONIE MUTUELLE\r\n$1000,00\r\n$234,00\r\n")
    [account] = read("qif", rows)
    assert [one.row for one in account.unread] == [18]
    whole = qif(MOVES).replace(b"PVIR HARMONIE MUTUELLE\r\n", b"PVIR HARMONIE MUTUELLE\r\n$1000,00\r\n$234,56\r\n")
    assert movements(read("qif", whole)[0]) == wanted(MOVES)


def test_qif_accounts_have_their_own_movements_and_lists_are_none() -> None:
    head = b"!Option:AutoSwitch\n!Account\nNCOURANT\nTBank\n^\n"
    data = (head + qif(MOVES[:4]).replace(b"\r", b"") + b"\n!Account\nNLIVRET\nTBank\n^\n"
            + qif(MOVES[4:]).replace(b"\r", b"") + b"\n!Type:Cat\nNSante\nE\n^\n")
    accounts = read("qif", data)
    assert [(one.name, movements(one)) for one in accounts] == [
        ("COURANT", wanted(MOVES[:4])), ("LIVRET", wanted(MOVES[4:]))]


def test_a_qif_file_cut_in_a_movement_names_it_and_covers_nothing_after_the_one_before() -> None:
    [account] = read("qif", qif(MOVES)[:-12])
    assert [one.row for one in account.unread] == [26]
    assert account.covered()[-1][1] < MOVES[-1][0]


@pytest.mark.parametrize("data", [
    b"", b"<html><body>camt</body></html>", b":20: rendez-vous", b"PK\x03\x04\x00\x00", b"!"])
def test_what_is_none_of_these_is_not_taken_for_one(data: bytes) -> None:
    assert not any(looks(data) for looks, _ in READERS.values())
