"""The layouts of the banks that people have accounts with: the same movements in each are read back, or asked about."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal

import pytest

from agent.files.formats.bank import columns_said, read_csv
from agent.files.formats.bank.errors import BankFileUnreadable
from tests.agent.files.formats.bank.files import (
    Movement,
    banque_populaire,
    bnp,
    boursobank,
    credit_agricole,
    credit_mutuel,
    fortuneo,
    french,
    la_banque_postale,
    n26,
    qonto,
    revolut,
    societe_generale,
    two,
)

D = Decimal
MOVES: list[Movement] = [
    (date(2026, 10, 3), D("-42.10"), "CB MARCHE"),
    (date(2026, 10, 6), D("17.50"), "VIR CPAM DES YVELINES 262790001234"),
    (date(2026, 10, 21), D("-1800.00"), "PRLV LOYER"), (date(2026, 11, 20), D("2.00"), "VIR CPAM"),
    (date(2026, 11, 25), D("1234.56"), "VIR CPAM")]
Layout = Callable[[Sequence[Movement]], bytes]


def n26_french(moves: Sequence[Movement]) -> bytes:
    rows = ['"Date de réservation","Date de valeur","Nom du partenaire","IBAN du partenaire",Type,'
            '"Référence de paiement","Nom du compte","Montant (EUR)","Montant original","Devise originale",'
            '"Taux de change"']
    rows += [f'{on},{on},"{label}",,Virement,"","Principal",{a},,,' for on, a, label in moves]
    return "\n".join(rows).encode()


def qonto_english(moves: Sequence[Movement]) -> bytes:
    rows = ["Status;Value date (UTC);Operation date (UTC);Total amount (incl. VAT);Debit;Credit;Balance;Currency;"
            "Counterparty name;Payment method"]
    rows += [f"Settled;{on:%d-%m-%Y} 09:00:00;{on:%d-%m-%Y} 08:00:00;{a};{abs(a) if a < 0 else ''};"
             f"{a if a > 0 else ''};1.00;EUR;{label};Transfer" for on, a, label in moves]
    return "\n".join(rows).encode()


def revolut_french(moves: Sequence[Movement]) -> bytes:
    rows = ["Type,Produit,Date de début,Date de fin,Description,Montant,Frais,Devise,État,Solde"]
    rows += [f'Virement,Actuel,{on} 10:00:00,{on} 10:00:00,"{label}",{a},0.00,EUR,TERMINÉ,100.00'
             for on, a, label in moves]
    return "\n".join(rows).encode()


def societe_generale_savings(moves: Sequence[Movement]) -> bytes:
    rows = ['="0012345";01/01/2026;23/11/2026;5;23/11/2026;1 000,00 EUR', "",
            "date_comptabilisation;libellé_complet_operation;montant_operation;devise;"]
    rows += [f"{on:%d/%m/%Y};{label};{french(a, '')};EUR;" for on, a, label in moves]
    return "\n".join(rows).encode("cp1252")


def lcl(moves: Sequence[Movement]) -> bytes:
    rows = [f"{on:%d/%m/%Y};{french(a, '')};{'Virement' if a > 0 else 'Carte'};;{label};;0;Divers"
            for on, a, label in moves]
    return "\n".join(rows).encode("cp1252")


def hello_bank(moves: Sequence[Movement]) -> bytes:
    rows = ["Hello bank!;Compte de chèques;****1234;23/11/2026;;1 000,00"]
    rows += [f"{on:%d/%m/%Y};;;{label};;{french(a)}" for on, a, label in moves]
    return "\n".join(rows).encode("cp1252")


def wise(moves: Sequence[Movement]) -> bytes:
    rows = ['"TransferWise ID",Date,Amount,Currency,Description,"Payment Reference","Running Balance","Exchange From",'
            '"Exchange To","Payer Name","Payee Name","Total fees"']
    balance = D("5000")
    for number, (on, amount, label) in enumerate(moves):
        balance += amount
        rows.append(f'"TRANSFER-{number}",{on:%d-%m-%Y},{amount},EUR,"{label}","",{balance},,,,,0.00')
    return "\n".join(rows).encode()


def no_heads_with_balance(moves: Sequence[Movement]) -> bytes:
    rows, balance = [], D("5000")
    for on, amount, label in moves:
        balance += amount
        rows.append(f"{on:%d/%m/%Y};{label};{french(amount, '')};{french(balance, '')}")
    return "\n".join(rows).encode("cp1252")


LAYOUTS: tuple[Layout, ...] = (
    n26, n26_french, qonto, qonto_english, revolut, revolut_french, boursobank, fortuneo, bnp, societe_generale,
    societe_generale_savings, credit_agricole, la_banque_postale, lcl, credit_mutuel, banque_populaire, hello_bank,
    wise, no_heads_with_balance)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("newest_first", [False, True])
def test_each_layout_gives_its_movements_and_covers_their_days(layout: Layout, newest_first: bool) -> None:
    if newest_first and layout in (wise, no_heads_with_balance):
        data = _reversed(layout(MOVES), heads=layout is wise)
    else:
        data = layout(MOVES[::-1] if newest_first else MOVES)
    [account] = read_csv(data)
    assert sorted((line.on, line.amount) for line in account.lines) == [(on, amount) for on, amount, _ in MOVES]
    assert [line.label for line in account.lines if "262790001234" in line.label]
    assert not account.unread


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_row_whose_amount_cannot_be_read_is_named_in_each_layout(layout: Layout) -> None:
    text = layout(MOVES).decode("cp1252" if layout not in (n26_french, qonto_english, revolut_french) else "utf-8")
    damaged = text.replace("17,50", "illisible").replace("17.50", "illisible")
    try:
        [account] = read_csv(damaged.encode())
    except BankFileUnreadable:
        return  # the proof is gone with the row: the person is asked
    assert len(account.unread) == 1
    assert D("17.50") not in {line.amount for line in account.lines}
    assert all(not first <= date(2026, 10, 6) <= last for first, last in account.covered())


def test_a_layout_that_nothing_proves_is_read_in_the_columns_that_are_said() -> None:
    rows = [f"{on:%d/%m/%Y};{label};{french(amount, '')};0,00" for on, amount, label in MOVES]
    data = "\n".join(["Eins;Zwei;Drei;Vier", *rows]).encode()
    with pytest.raises(BankFileUnreadable):
        read_csv(data)
    [account] = read_csv(data, columns_said("day=1,label=2,amount=3"))
    assert [line.amount for line in account.lines] == [amount for _, amount, _ in MOVES]
    in_two = "\n".join(f"{label};{two(amount)[0]};{two(amount)[1]};{on:%d/%m/%Y}" for on, amount, label in MOVES)
    [account] = read_csv(in_two.encode(), columns_said("day=4,label=1,debit=2,credit=3"))
    assert [line.amount for line in account.lines] == [amount for _, amount, _ in MOVES]


def _reversed(data: bytes, *, heads: bool) -> bytes:
    lines = data.split(b"\n")
    return b"\n".join([*lines[:heads], *lines[heads:][::-1]])
