"""What one row, one sign or one word more decides in a bank's file."""

from decimal import Decimal

import pytest

from agent.files.formats.bank import looks_like_csv, read_csv
from agent.files.formats.bank.errors import BankFileUnreadable, ColumnsAsked, NoBankFile
from agent.files.formats.bank.model import Account
from agent.files.formats.bank.table import Row, decoded, unknown_heads

_HEADS = "date;label;amount\n"


def read(text: str) -> Account:
    """The account of a file."""
    [account] = read_csv(text.encode())
    return account


def amounts(account: Account) -> list[Decimal]:
    """Its movements' amounts, in the file's order."""
    return [line.amount for line in account.lines]


def unread(account: Account) -> list[tuple[int, str]]:
    """What was not read of it, and why."""
    return [(row.row, row.why.en) for row in account.unread]


@pytest.mark.parametrize(("above", "known"), [(16_000, True), (16_500, False)])
def test_a_file_is_recognised_by_its_first_sixteen_kilobytes(above: int, known: bool) -> None:
    text = "x" * above + f"\n{_HEADS}" + "05/01/2026;CPAM;12,50\n" * 20
    assert looks_like_csv(text.encode()) is known
    assert len(read(text).lines) == 20


def test_heads_far_down_in_a_table_without_are_a_row_that_cannot_be_read() -> None:
    rows = "".join(f"{1 + at % 28:02}/01/2026;CPAM;12,50;a\n" for at in range(45))
    account = read(f"{rows}date;label;amount;note\n31/01/2026;CPAM;7,00;b\n")
    assert unread(account) == [(46, "its day cannot be read")]
    assert amounts(account)[-1] == 7


def test_an_amount_without_cents_among_others_with_them_is_not_believed_in_two_columns_either() -> None:
    rows = "".join(f"0{day}/01/2026;X;;1{day},50\n" for day in range(1, 8))
    account = read(f"date;label;debit;credit\n{rows}08/01/2026;X;;1950\n09/01/2026;X;20,50;\n")
    assert unread(account) == [(9, "its amount is not written as the others are")]
    assert amounts(account)[-1] == Decimal("-20.50")


@pytest.mark.parametrize("taken", [1, 2])
def test_two_movements_that_surely_left_show_that_signs_are_missing(taken: int) -> None:
    text = _HEADS + "05/01/2026;CPAM;12,50\n13/01/2026;VIREMENT;3,00\n" + "14/01/2026;CARTE 12;7,00\n" * taken
    if taken == 1:
        assert amounts(read(text)) == [Decimal("12.50"), 3, 7]
        return
    with pytest.raises(BankFileUnreadable, match="no sign"):
        read(text)


@pytest.mark.parametrize("remark", ["Opérations à venir;;", "Fin du relevé;;"])
def test_a_sentence_among_movements_is_no_movement(remark: str) -> None:
    account = read(f"{_HEADS}05/01/2026;CPAM;12,50\n{remark}\n13/01/2026;B;-7,00\n")
    assert unread(account) == [] and len(account.lines) == 2
    assert unread(read(f"{_HEADS}05/01/2026;CPAM;12,50\n{remark[:8]};x;9,00\n13/01/2026;B;-7,00\n")) == [
        (3, "its day cannot be read")]


@pytest.mark.parametrize("count", [2, 3])
def test_three_amounts_without_cents_may_be_cents_themselves_two_are_believed(count: int) -> None:
    text = _HEADS + "".join(f"1{at + 3}/01/2026;CPAM;{at + 12}\n" for at in range(count))
    if count == 2:
        assert amounts(read(text)) == [12, 13]
        return
    with pytest.raises(BankFileUnreadable, match="no amount in it shows cents"):
        read(text)


_MOVES = (("VIR CPAM", "17,50"), ("LOYER", "-350,00"), ("VIR CPAM", "8,80"), ("MUSIQUE", "-0,50"), ("CPAM 2", "25,00"))


def with_balance(oldest: tuple[str, str], sign: str = "") -> str:
    """The moves after ``oldest``, newest first, each with the balance after it; ``sign`` is put before each amount."""
    balance, rows = Decimal(1500), []
    for at, (label, amount) in enumerate((oldest, *_MOVES), 1):
        balance += Decimal(amount.replace(",", "."))
        written = amount.removeprefix("-") if sign == "none" else f"{-Decimal(amount.replace(',', '.'))}".replace(
            ".", ",") if sign == "turned" else amount
        rows.append(f"0{at}/02/2026;{label};{written};{balance}".replace(".", ","))
    return "date;label;amount;balance\n" + "\n".join(reversed(rows)) + "\n"


@pytest.mark.parametrize("oldest", ["-42,10", "-0,10", "0,10", "42,10"])
def test_where_all_signs_are_turned_the_oldest_movement_is_turned_too(oldest: str) -> None:
    account = read(with_balance(("PAS VU AILLEURS", oldest), "turned"))
    assert unread(account) == []
    assert amounts(account)[::-1] == [Decimal(amount.replace(",", ".")) for amount in (
        oldest, *(amount for _label, amount in _MOVES))]


def test_without_signs_the_oldest_movement_goes_where_the_same_words_went() -> None:
    assert amounts(read(with_balance(("LOYER", "-350,00"), "none")))[-1] == -350
    assert unread(read(with_balance(("PAS VU AILLEURS", "-42,10"), "none"))) == [
        (7, "nothing says whether the sum came or left")]


def test_without_signs_the_balance_tells_each_movement_whatever_its_words() -> None:
    moves = "".join(f"0{at}/02/2026;VIREMENT;{amount};{balance}\n" for at, amount, balance in (
        (6, "5,00", "1520,00"), (5, "10,00", "1515,00"), (4, "20,00", "1505,00"), (3, "25,00", "1525,00"),
        (2, "3,00", "1500,00"), (1, "4,00", "1503,00")))
    account = read(f"date;label;amount;balance\n{moves}")
    assert amounts(account)[:5] == [5, 10, -20, 25, -3]


def test_a_table_that_proves_no_amount_is_a_bank_file_only_where_the_fund_is_named() -> None:
    def refused(label: str) -> type[BankFileUnreadable]:
        rows = "".join(f"1{at}/01/2026;{label};1{at},50;2{at},70\n" for at in range(6))
        with pytest.raises(BankFileUnreadable) as caught:
            read(f"Compte;FR00INVENTE;;\n{rows}")
        return type(caught.value)

    assert refused("VIR CPAM DES YVELINES") is ColumnsAsked
    assert refused("LOYER") is NoBankFile


def test_a_label_of_two_lines_with_a_day_in_it_is_one_movement() -> None:
    account = read(f'{_HEADS}05/01/2026;"VIR CPAM\nDU 02/01/2026, 1";12,50\n13/01/2026;B;-7,00\n')
    assert unread(account) == [] and amounts(account) == [Decimal("12.50"), -7]
    swallowed = read(f'{_HEADS}05/01/2026;"VIR CPAM;12,50\n06/01/2026;A";3,00\n13/01/2026;B;-7,00\n14/01/2026;C;1,00\n')
    assert [row for row, _why in unread(swallowed)] == [2]


def test_rows_of_many_widths_are_all_read_one_odd_row_among_even_ones_is_not() -> None:
    rows = [f"{at:02}/01/2026;CPAM;1{at},50" for at in range(1, 11)]
    mixed = [row + (";note" if at % 3 == 0 else "") for at, row in enumerate(rows)]
    assert unread(read(_HEADS + "\n".join(mixed))) == []
    for count in (10, 5):
        assert unread(read(_HEADS + "\n".join([*rows[:count - 1], rows[count - 1] + ";note"]))) == [
            (count + 1, "it has not as many columns as the others")]
    assert unread(read(_HEADS + "\n".join([*rows[:3], rows[3] + ";note"]))) == []


def test_a_sign_cut_at_the_end_is_left_out_and_a_wrong_one_before_it_is_of_another_encoding() -> None:
    assert decoded("caf\u00e9".encode()[:-1], cut=True) == "caf"
    assert decoded("\U0001fa7a".encode()[:-1], cut=True) == ""
    assert decoded(b"caf\xe9abc", cut=True) == "caféabc"
    assert decoded(b"caf\xe9", cut=False) == "café"


@pytest.mark.parametrize(("first", "heads"), [
    (["Datum", "Text", "Belopp"], True), (["Compte", "Titulaire", "Solde", "1 000,00"], False),
    (["Compte", "Titulaire", "Le", "05/01/2026"], False), (["Datum", "12", "Belopp"], False)])
def test_a_first_row_of_words_alone_is_heads_in_another_language(first: list[str], heads: bool) -> None:
    assert unknown_heads([Row(1, first)]) is heads


def test_a_row_without_a_day_is_not_one_that_is_still_to_come() -> None:
    text = ("date;label;amount;state\n05/01/2026;CPAM;12,50;Exécuté\nbientôt;X;7,00;En attente\n"
            "13/01/2026;B;-7,00;Exécuté\n14/01/2026;C;-8,00;En attente\n")
    account = read(text)
    assert unread(account) == [(3, "its day cannot be read")]
    assert amounts(account) == [Decimal("12.50"), -7]


def test_what_a_column_says_to_have_come_needs_no_sign() -> None:
    account = read("date;label;amount;sens\n05/01/2026;CARTE REMBOURSEMENT;7,00;Crédit\n"
                   "13/01/2026;CARTE REMBOURSEMENT;3,00;Crédit\n14/01/2026;CPAM;12,50;Crédit\n")
    assert amounts(account) == [7, 3, Decimal("12.50")]


def test_where_the_named_label_is_empty_the_words_beside_it_are_the_label() -> None:
    account = read("date;label;amount;zz\n05/01/2026;;12,50;VIR CPAM\n13/01/2026;;-7,00;LOYER\n")
    assert [line.label for line in account.lines] == ["VIR CPAM", "LOYER"]


def test_a_year_with_day_before_month_is_a_row_of_five_or_a_whole_file() -> None:
    good = [f"{at:02}/01/2026;CPAM;1{at},50\n" for at in range(13, 20)]
    wrong = "2026-13-02;CPAM;3,00\n"
    assert unread(read(_HEADS + "".join(good[:4]) + wrong)) == [(6, "its day cannot be read")]
    with pytest.raises(BankFileUnreadable, match="some of its dates"):
        read(_HEADS + "".join(good) + wrong * 2)


@pytest.mark.parametrize("above", ["Relevé\n", "Compte;FR00INVENTE;;\n"])
def test_one_line_may_stand_above_movements_without_heads(above: str) -> None:
    moves, balance = "", Decimal(1500)
    for at, (label, amount) in enumerate(_MOVES * 2, 1):
        balance += Decimal(amount.replace(",", "."))
        moves += f"{label};{at:02}/02/2026;{amount};{balance}".replace(".", ",") + "\n"
    account = read(above + moves)
    assert unread(account) == []
    assert amounts(account) == [Decimal(amount.replace(",", ".")) for _label, amount in _MOVES * 2]


def test_a_file_of_one_movement_without_heads_is_read() -> None:
    assert amounts(read("05/01/2026;CPAM;12,50;a\n")) == [Decimal("12.50")]
