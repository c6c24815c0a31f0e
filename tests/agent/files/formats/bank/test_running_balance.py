"""What a bank file does not prove is not believed: columns, order of days, signs, cents and rows."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.files.formats.bank import looks_like_csv, read_csv
from agent.files.formats.bank.errors import BankFileUnreadable
from agent.files.formats.bank.model import Account
from tests.agent.files.formats.bank.files import CSV_LAYOUTS, Movement, credit_agricole, french
from tests.thoroughness import examples

D = Decimal
FUND = "VIR CPAM DES YVELINES"
MOVES: list[Movement] = [
    (date(2026, 2, 4), D("8.80"), FUND), (date(2026, 2, 10), D("-42.10"), "PRLV ELECTRICITE"),
    (date(2026, 3, 6), D("17.50"), FUND), (date(2026, 4, 10), D("13.00"), FUND),
    (date(2026, 4, 22), D("-9.99"), "CARTE MUSIQUE"), (date(2026, 5, 7), D("1234.56"), FUND),
    (date(2026, 5, 28), D("-350.00"), "PRLV LOYER"), (date(2026, 6, 12), D("25.00"), FUND)]
WANTED = [(on, amount) for on, amount, _ in MOVES]


def read(text: str, encoding: str = "utf-8") -> Account:
    data = text.encode(encoding)
    assert looks_like_csv(data)
    [account] = read_csv(data)
    return account


def moved(account: Account) -> list[tuple[date, Decimal]]:
    return sorted((one.on, one.amount) for one in account.lines)


def balances(moves: list[Movement]) -> list[Decimal]:
    total, found = D(1500), []
    for _, amount, _ in moves:
        total += amount
        found.append(total)
    return found


def with_balance(heads: str, row: Callable[[Movement, Decimal], str], *, newest_first: bool) -> str:
    rows = [row(move, balance) for move, balance in zip(MOVES, balances(MOVES), strict=True)]
    return "\n".join([heads, *(reversed(rows) if newest_first else rows)]) + "\n"


@pytest.mark.parametrize("newest_first", [True, False])
@pytest.mark.parametrize(("heads", "row"), [
    ("Datum,Transaktion,Kategori,Belopp,Saldo", lambda m, b: f'{m[0]},{m[2]},,"{french(m[1])}","{french(b)}"'),
    ("Paivays;Maksaja;Laji;Maara;Jaljella", lambda m, b: f"{m[0]};{m[2]};x;{m[1]};{b}"),
    ("Compte;FR00INVENTE;;;", lambda m, b: f"{m[0]:%d/%m/%Y};{m[0]:%d/%m/%Y};{m[2]};{french(m[1])};{french(b)}"),
    ("Compte;FR00INVENTE;;;", lambda m, b: f"{m[0]:%d/%m/%Y};{french(b)};{m[2]};REF;{french(m[1])}"),
    ("Compte;FR00INVENTE;;;;", lambda m, b: f"{m[0]:%d/%m/%Y};{m[2]};" + (
        f"{french(-m[1])};;" if m[1] < 0 else f";{french(m[1])};") + f"{french(b)};x"),
    ("Compte;FR00INVENTE;;;;", lambda m, b: f"{m[0]:%d/%m/%Y};x;{m[2]};{french(b)};{french(m[1])};{french(b)}"),
], ids=["swedish", "unknown heads", "last", "first", "debit and credit", "twice"])
def test_a_running_balance_is_never_read_as_the_amount(
    heads: str, row: Callable[[Movement, Decimal], str], newest_first: bool
) -> None:
    try:
        account = read(with_balance(heads, row, newest_first=newest_first))
    except BankFileUnreadable as error:
        assert "montant" in error.message("fr") and "twice" not in heads
        return
    assert moved(account) == WANTED


def test_a_balance_that_does_not_add_up_proves_nothing() -> None:
    text = "Compte;FR00INVENTE;;;\n" + "".join(
        f"{on:%d/%m/%Y};{label};x;{french(a)};{french(a * 7)}\n" for on, a, label in MOVES)
    with pytest.raises(BankFileUnreadable, match="which column"):
        read(text)


def test_where_the_balance_leaps_days_are_not_covered() -> None:
    rows = with_balance("Date;Libellé;Montant;Solde",
                        lambda m, b: f"{m[0]:%d/%m/%Y};{m[2]};{french(m[1])};{french(b)}", newest_first=False)
    assert read(rows).covered() == [(date(2026, 2, 4), date(2026, 6, 12))]
    without = "\n".join(line for line in rows.split("\n") if "13,00" not in line)
    account = read(without)
    assert account.broken == [(date(2026, 3, 6), date(2026, 4, 22))]
    assert account.covered() == [(date(2026, 2, 4), date(2026, 3, 5)), (date(2026, 4, 23), date(2026, 6, 12))]


@pytest.mark.parametrize("newest_first", [True, False])
def test_american_days_that_prove_themselves_are_read_as_such(newest_first: bool) -> None:
    rows = [f"{on:%m/%d/%Y},{label},{a}" for on, a, label in MOVES]
    account = read("\n".join(["Date,Description,Amount", *(rows[::-1] if newest_first else rows)]))
    assert moved(account) == WANTED


def test_the_order_of_the_rows_tells_the_order_of_day_and_month() -> None:
    days = ("02/04/2026", "04/10/2026", "06/03/2026", "06/12/2026")
    account = read("Date,Description,Amount\n" + "".join(f"{day},{FUND},8.80\n" for day in days))
    assert [one.on.month for one in account.lines] == [2, 4, 6, 6]


def test_days_that_can_be_read_in_two_orders_are_refused() -> None:
    days = ("02/04/2026", "01/05/2026", "06/03/2026", "03/03/2026")
    with pytest.raises(BankFileUnreadable, match="day/month or month/day"):
        read("Date,Description,Amount\n" + "".join(f"{day},{FUND},8.80\n" for day in days))


def test_days_of_both_orders_in_one_file_are_refused() -> None:
    days = ("13/04/2026", "04/14/2026", "15/04/2026", "04/16/2026")
    with pytest.raises(BankFileUnreadable, match="some of its dates"):
        read("Date;Libellé;Montant\n" + "".join(f"{day};{FUND};8,80\n" for day in days))


@pytest.mark.parametrize("day", ["6 mars 2026", "06-mars-26", "06.03.2026", "ven. 6 mars 2026", "6 March 2026",
                                 "Mar 6, 2026", "2026-03-06T10:00:00Z", "20260306", "06/03/2026 10:12",
                                 '="06/03/2026"'])
def test_a_day_may_be_written_in_many_ways(day: str) -> None:
    [line] = read(f"Date;Libellé;Montant\n{day};{FUND};8,80\n".replace('="06/03/2026"', '"=""06/03/2026"""')).lines
    assert line.on == date(2026, 3, 6)


@pytest.mark.parametrize(("written", "amount"), [
    ("12,00-", "-12"), ("(12,00)", "-12"), ("−12,00", "-12"), ("- 12,00 €", "-12"), ("€ 12,00", "12"),
    ("12,00 EUR", "12"),
    ("12,00 CR", "12"), ("12,00 D", "-12"), ("+12,00", "12"), ("1 234,50", "1234.5"), ("1.234,50", "1234.5"),
    ("1'234,50", "1234.5"), ("12,000", None), ("12,345", None), ("12-00", None), ("seize 50", None),
    ("17,50 €uros", None), ("--12,00", None), ("12,00 (", None)])
def test_an_amount_is_what_it_says_or_nothing(written: str, amount: str | None) -> None:
    rows = f"01/03/2026;{FUND};10,50\n02/03/2026;{FUND};{written}\n03/03/2026;X;-1,00\n"
    account = read("Date;Libellé;Montant\n" + rows)
    if amount is None:
        assert [one.row for one in account.unread] == [3]
        assert len(account.lines) == 2
    else:
        assert account.lines[1].amount == D(amount)


def test_three_decimals_are_not_thousands() -> None:
    account = read("Date,Label,Amount\n" + "".join(f"{on:%d/%m/%Y},{label},{a}0\n" for on, a, label in MOVES[::-1]))
    assert moved(account) == WANTED


def test_amounts_that_are_all_thousands_or_all_decimals_are_refused() -> None:
    with pytest.raises(BankFileUnreadable, match="over a thousand"):
        read("Date,Label,Amount\n" + "".join(f"2026-03-0{n},{FUND},{n}.500\n" for n in range(1, 6)))


@pytest.mark.parametrize(("debit", "credit"), [("D", "C"), ("Débit", "Crédit"), ("-", "+"), ("DBIT", "CRDT"),
                                               ("Soll", "Haben"), ("Sortie", "Entrée")])
@pytest.mark.parametrize("head", ["Sens", "Type", "X"])
def test_the_sign_may_stand_in_a_column_of_its_own(head: str, debit: str, credit: str) -> None:
    account = read(f"Date;Libellé;{head};Montant\n" + "".join(
        f"{on:%d/%m/%Y};{label};{debit if a < 0 else credit};{french(abs(a))}\n" for on, a, label in MOVES))
    assert moved(account) == WANTED


def test_a_word_that_is_no_side_makes_the_row_unread() -> None:
    account = read("Date;Libellé;Sens;Montant\n01/03/2026;X;D;1,00\n02/03/2026;Y;?;2,00\n03/03/2026;Z;C;3,00\n")
    assert [one.row for one in account.unread] == [3]
    assert (date(2026, 3, 2), date(2026, 3, 2)) in account.gaps


def test_amounts_without_any_sign_are_refused_where_some_surely_left() -> None:
    with pytest.raises(BankFileUnreadable, match="no sign"):
        read("Date;Libellé;Montant\n" + "".join(f"{on:%d/%m/%Y};{label};{french(abs(a))}\n" for on, a, label in MOVES))


@pytest.mark.parametrize("tail", ["", ","])
def test_commas_that_part_columns_and_cents_are_put_together(tail: str) -> None:
    account = read("Date,Libellé,Montant\n" + "".join(
        f"{on:%d/%m/%Y},{label},{french(a, '')}{tail}\n" for on, a, label in MOVES))
    assert moved(account) == WANTED


def test_commas_that_part_both_without_proof_are_refused() -> None:
    rows = "".join(f"{on:%d/%m/%Y},{label},{french(a, '')},{n}\n" for n, (on, a, label) in enumerate(MOVES))
    with pytest.raises(BankFileUnreadable, match="commas part both"):
        read("Date,Libellé,Montant\n" + rows)


@pytest.mark.parametrize("state", ["TERMINÉ", "Booked", "settled", ""])
def test_a_movement_with_a_state_that_is_known_counts(state: str) -> None:
    assert len(read(f"Date;Libellé;Montant;État\n01/03/2026;{FUND};8,80;{state}\n").lines) == 1


def test_a_state_that_is_not_known_makes_the_row_unread() -> None:
    account = read(f"Date;Libellé;Montant;Status\n01/03/2026;{FUND};8,80;Settled\n02/03/2026;{FUND};9,80;Zorglub\n")
    assert [one.row for one in account.unread] == [3]


def test_two_downloads_in_one_file_cover_only_their_own_days() -> None:
    early = "".join(f"{on:%d/%m/%Y};{label};{french(a)}\n" for on, a, label in MOVES[:3])
    late = "".join(f"{on:%d/%m/%Y};{label};{french(a)}\n" for on, a, label in MOVES[5:])
    for between in ("\ufeff", "Date;Libellé;Montant\n", "\ufeffDate;Libellé;Montant\n"):
        account = read("\ufeffDate;Libellé;Montant\n" + late + between + early)
        assert len(account.lines) == 6
        assert account.covered() == [(date(2026, 2, 4), date(2026, 3, 6)), (date(2026, 5, 7), date(2026, 6, 12))]


def test_a_quotation_mark_that_is_not_closed_loses_no_row_in_silence() -> None:
    rows = [f'{on:%d/%m/%Y};{label};{french(a)}' for on, a, label in MOVES]
    rows[2] = rows[2].replace("VIR", '"VIR')
    account = read("Date;Libellé;Montant\n" + "\n".join(rows))
    assert [one.row for one in account.unread] == [4]
    assert all(last < date(2026, 2, 11) for _, last in account.covered())


def test_the_last_row_survives_its_encoding() -> None:
    text = "date;label;amount\n01/02/2026;CPAM;12,50\n02/02/2026;Café;7"
    assert read(text).lines == read(text, "cp1252").lines
    assert len(read(text, "cp1252").lines) == 2


@given(st.text("éèàçÉ€", min_size=1, max_size=3), st.integers(0, 3))
def test_no_end_of_a_file_is_lost_in_the_windows_encoding(end: str, more: int) -> None:
    text = "Date;Montant;Libellé\n" + f"01/02/2026;12,50;{FUND}\n" * more + f"02/02/2026;7,00;Caf{end}"
    assert read(text).lines == read(text, "cp1252").lines


def test_an_amount_that_the_end_of_the_file_cuts_is_not_believed() -> None:
    whole = "Date;Libellé;Montant\n" + "\n".join(f"{on:%d/%m/%Y};{label};{french(a)}" for on, a, label in MOVES)
    for lost in range(1, 4):
        account = read(whole[:-lost])
        assert [one.row for one in account.unread] == [9]
        assert account.covered() == [(date(2026, 2, 4), date(2026, 5, 28))]


def test_unread_rows_are_told_by_their_line_in_the_file() -> None:
    rows = "01/03/2026;\"A\nB\";1,00\n02/03/2026;X;un\nhier;X;2,00\n05/03/2026;Y;3,00\n"
    account = read("Compte 1\n\nDate;Libellé;Montant\n" + rows)
    assert [(one.row, one.why.en) for one in account.unread] == [
        (6, "its amount cannot be read"), (7, "its day cannot be read")]
    assert account.covered() == [(date(2026, 3, 1), date(2026, 3, 1))]


@settings(max_examples=examples(120), deadline=None)
@given(st.data(), st.sampled_from([one for one in CSV_LAYOUTS if one is not credit_agricole]))
def test_a_damaged_cell_never_leaves_its_day_covered(data: st.DataObject, layout: Callable[..., bytes]) -> None:
    """Whatever is done to one cell of one row: its movement is read as it was, or its day is not covered."""
    moves = [(date(2026, 2, 1) + timedelta(days=3 * n), D(n * 7 - 20) + D("0.50"), f"VIR CPAM {n}") for n in range(12)]
    lines = layout(moves).decode("utf-8-sig" if layout(moves)[:1] == b"\xef" else "cp1252").split("\n")
    at = data.draw(st.integers(len(lines) - 11, len(lines) - 2))
    cut = data.draw(st.integers(0, len(lines[at])))
    damage = data.draw(st.sampled_from(["", "?", "x", "é", " "]))
    hit = lines[at]
    lines[at] = hit[:cut] + damage + hit[cut + 1:]
    try:
        [account] = read_csv("\n".join(lines).encode())
    except BankFileUnreadable:
        return
    on, amount, _ = next(one for one in moves if hit.find(f"{one[0]:%d/%m/%Y}") >= 0 or hit.find(str(one[0])) >= 0
                         or hit.find(f"{one[0]:%d-%m-%Y}") >= 0)
    if not any(first <= on <= last for first, last in account.covered()):
        return
    near = [one.amount for one in account.lines if one.on == on]
    assert near == [amount] or _plausible(hit, lines[at])


def _plausible(before: str, after: str) -> bool:
    """A digit lost or a sign lost makes another amount or day that nothing can tell."""
    return sum(sign.isdigit() for sign in before) != sum(sign.isdigit() for sign in after) or (
        before.count("-") != after.count("-"))


@pytest.mark.parametrize("newest_first", [True, False])
@pytest.mark.parametrize("turned", [True, False])
def test_the_balance_tells_what_came_where_the_signs_do_not(newest_first: bool, turned: bool) -> None:
    def row(move: Movement, balance: Decimal) -> str:
        return f"{move[0]:%d/%m/%Y};{move[2]};{french(-move[1] if turned else abs(move[1]))};{french(balance)}"

    assert moved(read(with_balance("Date;Libellé;Montant;Solde", row, newest_first=newest_first))) == WANTED


def test_where_nothing_tells_what_the_oldest_movement_was_it_is_unread() -> None:
    rows = with_balance("Date;Libellé;Montant;Solde", lambda m, b: (
        f"{m[0]:%d/%m/%Y};{m[2]} {m[0]};{french(abs(m[1]))};{french(b)}"), newest_first=False)
    account = read(rows)
    assert [one.row for one in account.unread] == [2]
    assert moved(account) == WANTED[1:]
    assert account.covered() == [(date(2026, 2, 10), date(2026, 6, 12))]


def test_amounts_without_any_cents_are_refused() -> None:
    with pytest.raises(BankFileUnreadable, match="no amount in it shows cents"):
        read("Date;Libellé;Montant\n" + "".join(f"{on:%d/%m/%Y};{label};{int(a * 100)}\n" for on, a, label in MOVES))


def test_a_year_a_day_and_a_month_are_refused() -> None:
    with pytest.raises(BankFileUnreadable, match="some of its dates"):
        read("Date;Libellé;Montant\n" + "".join(
            f"2026-{day}-0{number};{FUND};{number},50\n" for number, day in enumerate((14, 3, 20, 28), 1)))
