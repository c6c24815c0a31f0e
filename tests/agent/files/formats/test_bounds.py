"""Whatever a file holds, its reader reads or refuses it with a reason: no number or day breaks what follows."""

import contextlib
import json
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent.errors import AmeliError
from agent.files.formats.bank import read_csv, read_ofx
from agent.files.formats.bank.insurer_file import read_insurer
from agent.files.formats.bounds import MOST_EUROS, bounded, plain_decimal, sane_day
from agent.files.formats.har import read_har
from agent.files.formats.statements import read_statement
from agent.files.formats.statements.cells import as_amount as printed_amount
from agent.files.formats.statements.cells import as_day as printed_day
from agent.files.formats.statements.errors import NotAStatement
from agent.files.imports import Desk, take_file
from agent.files.imports.har.replay import read_pages
from agent.money import Money
from agent.portal.pages.parsing import amount as shown_amount
from agent.portal.pages.parsing import days as shown_days
from agent.store import Store
from tests.agent.bench import TODAY, Clock
from tests.agent.files.formats.statements.test_read import other
from tests.agent.store.helpers import a_payment, keep, new_vault
from tests.thoroughness import examples

ODD = ("1e999999", "-1E+999999", "1e-999999", "1E5", "NaN", "-NaN", "sNaN", "Infinity", "-inf", "9" * 5000, "1" * 30,
       "1_000", "٤٢", "²", "0x10", "1.2.3", "--1", "+-1", "", ".", "-", "1e", "10000000000", "0." + "0" * 400 + "1")
ODD_DAYS = ("99991231", "00010101", "00000000", "18000101", "99999999", "2026023", "٢٠٢٦٠١٠١", "-0010101", "")

numbers = st.sampled_from(ODD) | st.decimals().map(str) | st.floats().map(str) | st.text(max_size=30)
day_texts = st.sampled_from(ODD_DAYS) | st.dates().map(lambda day: day.strftime("%Y%m%d")) | st.text(max_size=12)


def ofx(amount: str, day: str) -> bytes:
    return (f"OFXHEADER:100\nCHARSET:UTF-8\n<OFX><STMTRS><CURDEF>EUR<ACCTID>1<DTSTART>20260101<DTEND>{day}<STMTTRN>"
            f"<DTPOSTED>{day}<TRNAMT>{amount}<NAME>VIR CPAM PARIS</STMTTRN></STMTRS></OFX>").encode()


def table(amount: str, day: str, *, heads: str) -> bytes:
    shown = f"{day[6:8]}/{day[4:6]}/{day[:4]}" if len(day) == 8 else day
    return f"{heads}\n{shown};VIR CPAM PARIS;{amount}\n01/02/2026;VIR CPAM PARIS;2,00\n".encode()


BANK, INSURER = "Date;Libelle;Montant", "Date de soin;Bénéficiaire;Remboursement mutuelle"
_READERS = {
    "ofx": (ofx, read_ofx),
    "csv": (lambda amount, day: table(amount, day, heads=BANK), read_csv),
    "insurer": (lambda amount, day: table(amount, day, heads=INSURER), read_insurer),
}


@pytest.mark.parametrize("kind", _READERS)
@given(amount=numbers, day=day_texts)
@settings(max_examples=examples(400), deadline=None)
def test_only_a_reason_leaves_a_reader_of_money_and_what_it_reads_is_within_bounds(
    kind: str, amount: str, day: str
) -> None:
    make, read = _READERS[kind]
    try:
        found: Any = read(make(amount, day))  # type: ignore[operator]
    except AmeliError:
        return
    lines = [line for account in found for line in account.lines] if kind != "insurer" else found[0]
    for line in lines:
        assert line.amount.is_finite() and abs(line.amount) <= MOST_EUROS
        assert f"{line.amount:.2f}"
        on = line.on if kind != "insurer" else line.care_on
        assert on - timedelta(days=4000) < on < on + timedelta(days=4000)


@given(numbers)
def test_a_plain_number_is_read_exactly_and_nothing_else_is_a_number(text: str) -> None:
    found = plain_decimal(text)
    if found is not None:
        assert found.is_finite() and abs(found) <= MOST_EUROS and found == Decimal(text)
    assert printed_amount(text) is None or abs(printed_amount(text) or 0) <= MOST_EUROS
    assert shown_amount(text) is None or abs(shown_amount(text) or 0) < 10**12


@pytest.mark.parametrize("text", ODD)
def test_odd_numbers_are_none(text: str) -> None:
    assert plain_decimal(text) is None or text.startswith("0.")


def test_bounds_hold_at_their_edges() -> None:
    assert bounded(MOST_EUROS) == MOST_EUROS and bounded(MOST_EUROS + Decimal("0.01")) is None
    assert bounded(Decimal("sNaN")) is None and bounded(Decimal("1e999999")) is None
    assert sane_day(date(1879, 12, 31)) is None and sane_day(date(2200, 1, 1)) is None
    assert sane_day(date(1880, 1, 1)) and sane_day(date(2199, 12, 31))
    assert printed_day("31/12/9999") is None and shown_days("du 31/12/9999 au 01/01/0001") == []


@pytest.mark.parametrize("amount", ODD)
@pytest.mark.parametrize("sign", ["", "-"])
def test_an_ofx_amount_that_is_none_is_refused_by_name(amount: str, sign: str) -> None:
    if amount.startswith("0."):
        return
    with pytest.raises(AmeliError) as caught:
        read_ofx(ofx(sign + amount, "20260101"))
    assert caught.value.code == "bank_file_unreadable"


@given(st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.sampled_from(ODD) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(
        ["log", "entries", "request", "response", "url", "status", "content", "text", "startedDateTime", "headers",
         "name", "value", "encoding", "size", "mimeType"]), inner, max_size=6), max_leaves=25), numbers)
@settings(max_examples=examples(300), deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_only_a_reason_leaves_the_reader_of_recordings(value: Any, moment: str) -> None:
    urls = ["https://assure.ameli.fr/PortailAS/paiements.do?actionEvt=Rechercher",
            "https://assure.ameli.fr/PortailAS/rest/releves-mensuels/home",
            "https://assure.ameli.fr/PortailAS/appmanager/PortailAS/assure?_pageLabel=as_info_perso_page"]
    entries = [value, *({"startedDateTime": moment, "request": {"url": url, "method": "GET"}, "response": {
        "status": 200, "content": value if isinstance(value, dict) else {"text": json.dumps(value)}}} for url in urls),
        *({"startedDateTime": odd, "request": {"url": url}, "response": {"status": 1e300}} for url in urls
          for odd in ("0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"))]
    with contextlib.suppress(AmeliError):
        read_pages(read_har(json.dumps({"log": {"entries": entries}}).encode()))


@pytest.mark.parametrize(("name", "text"), [
    ("ReleveMensuelJanvier0000.pdf", "Assurance maladie"), ("x.pdf", "Relevé mensuel de mars 0000"),
    ("x.pdf", "Relevé mensuel de mars 9999"), ("x.pdf", "Relevé pour la période du 01/01/0000 au 31/12/9999")])
def test_a_statement_of_no_month_is_refused(name: str, text: str) -> None:
    with pytest.raises(NotAStatement):
        read_statement(name, other(text))


@pytest.mark.parametrize("data", [
    ofx("1e999999", "20260101"), ofx("12.00", "99991231"), ofx("12.00", "00010101"),
    table("9" * 400, "20260101", heads=BANK), table("12,00", "99991231", heads=BANK),
    table("12,00", "00010101", heads=INSURER)], ids=str)
async def test_no_file_leaves_behind_what_breaks_the_sums(tmp_path: Path, data: bytes) -> None:
    store = Store(new_vault(tmp_path / "vault"), today=lambda: TODAY)
    keep(store, a_payment("2026-02-01", "2.00"))
    money = Money(store, today=lambda: TODAY)
    taken = await take_file(Desk(store, money, Clock()), "file", data)
    assert "import_failed" not in [one.code for one in taken.problems]
    await money.owed()
