"""Double entry, judged by the programs it is for: Beancount and hledger read it, balance it, and sum the same."""

import json
import os
import shutil
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from agent.files.exports import Account, make
from agent.files.exports.account import nothing_owed
from agent.files.exports.chart_of_accounts import component
from agent.files.exports.double_entry import journal
from tests.agent.files.exports.accounts import HOSTILE, account, accounts, line, payment, total
from tests.thoroughness import examples

_RUN = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
_SUMS = """
import json, sys
from collections import defaultdict
from beancount import loader
from beancount.core.data import Transaction
entries, errors, options = loader.load_file(sys.argv[1])
sums, links = defaultdict(list), []
for entry in entries:
    if isinstance(entry, Transaction):
        links += entry.links
        for posting in entry.postings:
            sums[posting.account].append(str(posting.units.number))
print(json.dumps({"errors": [one.message for one in errors], "sums": sums, "links": sorted(set(links))}))
"""
"""Beancount's own reading of a file, in a process of its own."""
needs_ledger = pytest.mark.skipif(shutil.which("ledger") is None, reason="ledger is not installed")
needs_hledger = pytest.mark.skipif(shutil.which("hledger") is None, reason="hledger is not installed")


def beancount(data: bytes, folder: Path) -> dict[str, Any]:
    """What Beancount reads."""
    path = folder / "one.beancount"
    path.write_bytes(data)
    done = subprocess.run([sys.executable, "-c", _SUMS, str(path)], capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def hledger(data: bytes, folder: Path, *args: str) -> str:
    """What hledger says of a journal."""
    path = folder / "one.journal"
    path.write_bytes(data)
    done = subprocess.run(["hledger", "-f", str(path), *args], capture_output=True, text=True, check=False,
                          env={**os.environ, "LC_ALL": "C.UTF-8"})  # hledger reads a file in the locale's encoding
    assert done.returncode == 0, done.stderr
    return done.stdout


def transferred(given: Account) -> Decimal:
    """What the journal says the fund transferred: money that arrived, and money paid to professionals."""
    book = journal(given)
    paid = [one for one in book.entries if "amount" in one.facts]
    return sum((euros for one in paid for name, euros in one.postings if name.startswith("Assets")), Decimal(0))


@given(accounts())
@settings(max_examples=examples(80), deadline=None)
def test_every_entry_balances_and_the_transfers_make_the_payments(one: Account) -> None:
    book = journal(one)
    assert all(sum(euros for _name, euros in entry.postings) == 0 for entry in book.entries)
    assert transferred(one) == total(one)
    assert [entry.on for entry in book.entries] == sorted(entry.on for entry in book.entries)


@given(one=accounts(most=12))
@settings(max_examples=8, deadline=None, suppress_health_check=_RUN)
def test_beancount_reads_it_without_an_error(one: Account, tmp_path: Path) -> None:
    found = beancount(make("beancount", one), tmp_path)
    assert found["errors"] == []
    every = [Decimal(euros) for amounts in found["sums"].values() for euros in amounts]
    assert sum(every, Decimal(0)) == 0
    assert set(found["links"]) == {each["id"] for each in one.payments}


def test_bean_check_accepts_all_hostile_labels(tmp_path: Path) -> None:
    listed = [payment(id=f"p{at}", label=text, kind=text or "X", lines=[line(act=text, beneficiary=text)])
              for at, text in enumerate(HOSTILE)]
    path = tmp_path / "hostile.beancount"
    path.write_bytes(make("beancount", account(listed, name="=1")))
    checker = Path(sys.executable).with_name("bean-check")
    done = subprocess.run([checker, str(path)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@needs_hledger
def test_hledger_accepts_all_hostile_labels_in_its_strict_mode(tmp_path: Path) -> None:
    listed = [payment(id=f"p{at}", label=text, kind=text or "X", lines=[line(act=text, beneficiary=text)])
              for at, text in enumerate(HOSTILE)]
    data = make("ledger", account(listed))
    assert hledger(data, tmp_path, "check", "--strict") == ""
    counted = json.loads(hledger(data, tmp_path, "print", "-O", "json"))
    assert len({one["tcode"] for one in counted}) == len(HOSTILE)


@needs_ledger
def test_ledger_accepts_all_hostile_labels_in_its_pedantic_mode(tmp_path: Path) -> None:
    listed = [payment(id=f"p{at}", label=text, kind=text or "X", lines=[line(act=text, beneficiary=text)])
              for at, text in enumerate(HOSTILE)]
    path = tmp_path / "one.journal"
    path.write_bytes(make("ledger", account(listed)))
    done = subprocess.run(["ledger", "--args-only", "-f", path, "--pedantic", "balance", "--flat"],
                          capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1].strip() == "0"


@needs_hledger
@given(one=accounts(most=12))
@settings(max_examples=8, deadline=None, suppress_health_check=_RUN)
def test_hledger_reads_the_same_sums_as_beancount(one: Account, tmp_path: Path) -> None:
    data = make("ledger", one)
    assert hledger(data, tmp_path, "check", "--strict") == ""
    sums: dict[str, Decimal] = {}
    for entry in json.loads(hledger(data, tmp_path, "print", "-O", "json")):
        for posting in entry["tpostings"]:
            (amount,) = posting["pamount"]
            value = Decimal(amount["aquantity"]["decimalMantissa"]).scaleb(-amount["aquantity"]["decimalPlaces"])
            sums[posting["paccount"]] = sums.get(posting["paccount"], Decimal(0)) + value
    found = beancount(make("beancount", one), tmp_path)["sums"]
    assert sums == {name: sum(map(Decimal, amounts), Decimal(0)) for name, amounts in found.items()}


def postings(given: Account) -> dict[str, Decimal]:
    """Sums by account."""
    sums: dict[str, Decimal] = {}
    for entry in journal(given).entries:
        for name, euros in entry.postings:
            sums[name] = sums.get(name, Decimal(0)) + euros
    return sums


def test_a_consultation_in_double_entry() -> None:
    assert postings(account([payment()], owed=nothing_owed())) == {
        "Expenses:Sante:Medecins:Ines-Faure": Decimal("30.00"),
        "Assets:Sante:Paye": Decimal("-30.00"),
        "Assets:Sante:Recu": Decimal("19.00"),
        "Expenses:Sante:Participations": Decimal("2.00"),
        "Income:Sante:Remboursements": Decimal("-21.00"),
    }


def test_third_party_payment_leaves_only_the_rest_to_the_person() -> None:
    given = account([payment(to="tiers", amount="21.00", deductions=[])], "en", owed=nothing_owed())
    assert postings(given) == {
        "Expenses:Health:Doctors:Ines-Faure": Decimal("30.00"), "Assets:Health:Third-Party": Decimal("0.00"),
        "Assets:Health:Paid": Decimal("-9.00"), "Income:Health:Reimbursed": Decimal("-21.00")}


def share(**more: Any) -> dict[str, Any]:
    """What the top-up gives for the consultation."""
    return {"payment": "p1", "paid_on": "2026-10-08", "label": "C GENERALISTE", "beneficiaries": ["INES FAURE"],
            "to": "assure", "expected": "9.00", "received": None, "missing": "9.00", "status": "expected",
            "received_on": None, "how": None, **more}


@pytest.mark.parametrize(("given", "due", "income"), [
    (share(), "9.00", "-9.00"),
    (share(status="received", received="9.00", received_on="2026-10-20"), "0.00", "-9.00"),
    (share(status="received", received="7.50", received_on="2026-10-20"), "0.00", "-7.50"),
])
def test_the_top_up_owes_until_it_has_paid(given: dict[str, Any], due: str, income: str) -> None:
    sums = postings(account([payment()], owed={**nothing_owed(), "top_up": [given]}))
    assert sums["Assets:Sante:Complementaire-Due"] == Decimal(due)
    assert sums["Income:Sante:Complementaire"] == Decimal(income)


def test_daily_allowances_and_payments_without_detail_are_income_of_their_own() -> None:
    daily = payment(id="p2", lines=[], deductions=[], amount="80.00", indemnities=[
        {"label": "IJ", "start": "2026-10-01", "end": "2026-10-02", "days": 2, "daily": "38.68", "amount": "77.36"}])
    sums = postings(account([daily]))
    assert sums["Income:Sante:Indemnites-Journalieres"] == Decimal("-77.36")
    assert sums["Income:Sante:Sans-Detail"] == Decimal("-2.64")


@pytest.mark.parametrize("text", HOSTILE)
def test_every_name_makes_a_part_of_an_account(text: str) -> None:
    made = component(text)
    assert made.replace("-", "").isalnum() and made.isascii()
    assert made[0].isupper() or made[0].isdigit()


def test_people_whose_names_look_alike_keep_accounts_of_their_own() -> None:
    lines = [line(beneficiary=name, id=f"p1-l{at}") for at, name in enumerate(["ZOE", "Zoé", "zoe!", "山田", ""])]
    names = {name for name in postings(account([payment(lines=lines)])) if "Medecins" in name}
    assert len(names) == 5


def test_an_account_without_payments_is_a_journal_without_entries(tmp_path: Path) -> None:
    assert beancount(make("beancount", account([])), tmp_path) == {"errors": [], "sums": {}, "links": []}
