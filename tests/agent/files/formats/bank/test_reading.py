"""Bank files of every layout give the same movements; labels tell the fund, its reference and look-alikes apart."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.errors import AmeliError
from agent.files.formats.bank import looks_like_csv, looks_like_ofx, payer_of, read_csv, read_ofx, reference_in
from agent.files.formats.bank.errors import BankFileUnreadable
from tests.agent.files.formats.bank.files import CSV_LAYOUTS, Movement, boursobank, french, ofx_new, ofx_old
from tests.thoroughness import examples

D = Decimal
MOVES: list[Movement] = [
    (date(2026, 9, 10), D("19.00"), "VIR SEPA CPAM DE L ISERE 262520001234"),
    (date(2026, 9, 11), D("-1234.56"), "PRLV LOYER"), (date(2026, 9, 12), D("12.34"), "VIR HARMONIE MUTUELLE"),
    (date(2026, 9, 12), D("1500.00"), "VIR SALAIRE ENTREPRISE"),
]


def bare(label: str) -> str:
    return "".join(label.split())


@pytest.mark.parametrize("layout", CSV_LAYOUTS, ids=lambda layout: layout.__name__)
def test_every_layout_gives_the_same_movements(layout: Callable[[Sequence[Movement]], bytes]) -> None:
    data = layout(MOVES)
    assert looks_like_csv(data)
    [account] = read_csv(data)
    assert [(one.on, one.amount) for one in account.lines] == [(on, amount) for on, amount, _ in MOVES]
    assert all(bare(label) in bare(one.label) for one, (_, _, label) in zip(account.lines, MOVES, strict=True))


@pytest.mark.parametrize("layout", [ofx_old, ofx_new])
def test_both_forms_of_ofx_give_the_same_movements(layout: Callable[[Sequence[Movement]], bytes]) -> None:
    data = layout(MOVES)
    assert looks_like_ofx(data)
    assert not looks_like_csv(data)
    [account] = read_ofx(data)
    assert account.name == "FR7612345"
    assert [(one.on, one.amount, bare(one.label)) for one in account.lines] == [
        (on, amount, bare(label)) for on, amount, label in MOVES]


moves = st.lists(st.tuples(
    st.dates(date(2020, 1, 1), date(2026, 12, 31)),
    st.decimals(D("-9999999"), D("9999999"), places=2).filter(bool),
    st.text("ABCDEFGHIJ 0123456789/-.'é", min_size=3, max_size=40).map(str.strip).filter(
        lambda text: len(text) > 2 and any(sign.isalpha() for sign in text)),
), min_size=1, max_size=8)


@settings(max_examples=examples(40), deadline=None)
@given(moves, st.sampled_from([*CSV_LAYOUTS]))
def test_whatever_a_bank_writes_is_read_back(drawn: list[Movement], layout: Callable[..., bytes]) -> None:
    [account] = read_csv(layout(drawn))
    assert [(one.on, one.amount) for one in account.lines] == [(on, amount) for on, amount, _ in drawn]


@settings(max_examples=examples(150), deadline=None)
@given(st.data())
def test_a_damaged_file_is_read_or_refused_with_a_reason(data: st.DataObject) -> None:
    files = [ofx_old(MOVES), ofx_new(MOVES), *(one(MOVES) for one in CSV_LAYOUTS)]
    whole = bytearray(data.draw(st.sampled_from(files)))
    if data.draw(st.booleans()):
        del whole[data.draw(st.integers(0, len(whole) - 1)):]
    for _ in range(data.draw(st.integers(0, 10))):
        if whole:
            whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    for looks, read in ((looks_like_ofx, read_ofx), (looks_like_csv, read_csv)):
        looks(bytes(whole))
        try:
            read(bytes(whole))
        except AmeliError as error:
            assert error.message("fr")


@pytest.mark.parametrize("data", [
    b"<html><body>Connexion</body></html>", b"PK\x03\x04\x00\x00", b"a;b;c\n1;2;3\n", b"", b"{}", b"Bonjour",
    b"Date;Prenom;Age\n01/01/2026;Zoe;3\n",
])
def test_what_is_no_bank_statement_is_not_taken_for_one(data: bytes) -> None:
    assert not looks_like_csv(data)
    assert not looks_like_ofx(data)


def test_a_file_cut_short_is_refused_whole() -> None:
    with pytest.raises(BankFileUnreadable):
        read_ofx(ofx_old(MOVES)[:-60])


def test_a_balance_among_the_movements_is_none() -> None:
    balance = b"<STMTTRN><TRNTYPE>OTHER<DTPOSTED>00000000<TRNAMT>1500.00<MEMO>Solde du jour</STMTTRN></BANKTRANLIST>"
    [account] = read_ofx(ofx_old(MOVES).replace(b"</BANKTRANLIST>", balance))
    assert (len(account.lines), account.unread) == (len(MOVES), [])
    assert account.covered() == [(MOVES[0][0], MOVES[-1][0])]


@pytest.mark.parametrize(("whole", "damaged"), [(b"20260911", b"20260931"), (b"-1234.56", b"-12x4.56"),
                                                (b"<TRNAMT>-1234.56", b""), (b"<DTPOSTED>20260911", b"")])
def test_a_movement_that_cannot_be_read_takes_its_days_out_of_those_covered(whole: bytes, damaged: bytes) -> None:
    [account] = read_ofx(ofx_old(MOVES).replace(whole, damaged))
    assert [one.on.day for one in account.lines] == [10, 12, 12]
    assert [one.row for one in account.unread] == [2]
    assert account.covered() == []
    wide = [(date(2026, 9, 1), D("1.00"), "A"), *MOVES, (date(2026, 9, 30), D("1.00"), "Z")]
    [account] = read_ofx(ofx_old(wide).replace(whole, damaged))
    assert account.covered() == [(date(2026, 9, 1), date(2026, 9, 9)), (date(2026, 9, 13), date(2026, 9, 30))]


def test_an_xml_bomb_is_only_text() -> None:
    bomb = ofx_new(MOVES).replace(b"<OFX>", b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]><OFX>').replace(b"PRLV", b"&a;&a;")
    assert len(read_ofx(bomb)[0].lines) == len(MOVES)


@pytest.mark.parametrize(("label", "payer"), [
    ("VIR CPAM DE MOSELLE - METZ 152290011234 152290011234", "fund"), ("VIR C.P.A.M. TOULOUSE", "fund"),
    ("VIR SEPA RECU /DE CPAM DE PARIS /MOTIF 191070001234191", "fund"), ("VIREMENT CAISSE PRIMAIRE ASSURA", "fund"),
    ("CPAM Virement En Votre Faveur Xpxreference 172500001234 123456789v16", "fund"), ("CPAM des Yvelines", "fund"),
    ("VIR CGSS REUNION", "fund"), ("VIR CAF DE PARIS", None), ("VIR MSA PROVENCE", None), ("CRAMIF PENSION", None),
    ("CARSAT RETRAITE", None), ("VIR MGEN", "top_up"), ("VIR SEPA HARMONIE MUTUELLE REMBT", "top_up"),
    ("CAISSE PRIM. ASS. MALADIE DU VAR", "fund"), ("VIR CAISSE PRIMAIRE D ASSURANCE MALADIE", "fund"),
    ("VIR CGSS974", "fund"), ("VIR CSSM MAYOTTE", "fund"), ("VIREMENT DE CPAMHAUTSDESEINE", "fund"),
    ("VIR CPAM01", "fund"),
    ("VIR CAISSE GENERALE DE SECURITE SOCIALE DE LA REUNION", "fund"), ("VIRCPAM PARIS", "fund"),
    ("VIR CAISSE PRIMAIRE DES YVELINES", "fund"), ("CPAM_PARIS 262520001234", "fund"), ("VIR CPAM77COMITE", None),
    ("VIR CPAM 77 COMITE D ENTREPRISE", None), ("VIREMENT HUMANIS - SANTE P", "top_up"), ("VIR ALAN", "top_up"),
    ("VIR SEPA RECU /DE ALAN REMBOURSEMENT 12345", "top_up"), ("VIR ALAN MARTIN", None), ("VIR M ALAN DURAND", None),
    ("VIR MUTUELLEGENERALE", "top_up"), ("VIR AGIRC-ARRCO MALAKOFF HUMANIS PENSION", None),
    ("VIR MALAKOFF HUMANIS AGIRC ARRCO RETRAITE", None), ("AG2R LA MONDIALE RETRAITE", None),
    ("VIR M DURAND MNT 120,00", None), ("VIR MNT REMBOURSEMENT", "top_up"), ("VIR MNT 2612", "top_up"),
    ("SEPA AMELI DEPARTMENT", "maybe"), ("VIR MUTUELLE DES ESSAIS", "maybe"), ("SALAIRE", None), ("CB ALANYA", None),
])
def test_the_payer_is_told_by_the_label(label: str, payer: str | None) -> None:
    assert payer_of(label) == payer


def test_the_persons_own_insurer_is_known_by_its_name() -> None:
    assert payer_of("VIR PREVOYANCE IMAGINAIRE 12", ["Prévoyance imaginaire"]) == "top_up"


@given(st.dates(date(2010, 1, 1), date(2030, 12, 31)), st.integers(0, 9999999), st.integers(0, 7),
       st.sampled_from(["{0}", "/MOTIF {0}", "XPXREFERENCE {0} 123", "{0} {0}{0}", "{0}{1}"]), st.integers(1, 11))
def test_a_reference_is_found_wherever_the_bank_cut_it(day: date, number: int, later: int, form: str, cut: int) -> None:
    reference = f"{day:%y}{(day - date(day.year, 1, 1)).days + 1:03d}{number:07d}"
    label = "VIR CPAM PARIS " + form.format(reference, reference[:cut])
    assert reference_in(label, day + timedelta(later)) == day
    assert reference_in(label, day - timedelta(1)) is None


def test_an_amount_of_ofx_may_be_written_the_french_way() -> None:
    data = ofx_new([(date(2026, 1, 2), D("1234.50"), "VIR CPAM")]).replace(b"1234.50", "1\u202f234,50".encode())
    assert read_ofx(data)[0].lines[0].amount == D("1234.50")


def test_amounts_keep_their_thousands() -> None:
    [account] = read_csv(boursobank([(date(2026, 1, 2), D("1234567.89"), "VIR CPAM")]))
    assert account.lines[0].amount == D("1234567.89")
    assert french(D("1234567.89")) == "1 234 567,89"


def test_a_movement_that_has_not_taken_place_is_not_one() -> None:
    heads = "Type,Produit,Date de début,Date de fin,Description,Montant,Frais,Devise,État,Solde\n"
    rows = "".join(f"VIREMENT,Compte,2026-09-09,2026-09-10,VIR CPAM PARIS,{amount},0.00,EUR,{state},1.00\n"
                   for amount, state in (("19.00", "TERMINÉ"), ("20.00", "EN ATTENTE"), ("21.00", "ANNULÉ")))
    [account] = read_csv((heads + rows).encode())
    assert [one.amount for one in account.lines] == [D("19.00")]


def test_a_table_in_utf_16_is_read() -> None:
    data = boursobank(MOVES).decode("utf-8-sig").encode("utf-16")
    assert looks_like_csv(data)
    assert len(read_csv(data)[0].lines) == len(MOVES)


@pytest.mark.parametrize("layout", CSV_LAYOUTS, ids=lambda layout: layout.__name__)
@pytest.mark.parametrize("kept", [0, 1])
def test_a_file_that_ends_behind_its_heads_is_read_or_refused_with_a_reason(
    layout: Callable[[Sequence[Movement]], bytes], kept: int,
) -> None:
    whole = layout(MOVES)
    for cut in range(len(whole)):
        if whole[cut:cut + 1] == b"\n":
            try:
                read_csv(whole[:cut + kept])
            except AmeliError as error:
                assert error.message("fr") and error.message("en")
