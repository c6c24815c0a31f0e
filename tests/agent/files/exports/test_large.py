"""Ten thousand payments: every format holds them all, to the cent."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from agent.files.exports import Account, make
from agent.files.exports.double_entry import journal
from tests.agent.files.exports.accounts import account, total
from tests.agent.files.exports.test_journals import beancount, hledger, needs_hledger
from tests.agent.files.exports.test_tables import read, sheets
from tests.agent.rules.shapes import household

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("large-export")]
_MANY = 10_000


@pytest.fixture(scope="module")
def large() -> Account:
    """Ten years of a family."""
    payments, _persons = household(seed=1, years=10, payments=_MANY)
    return account(payments[:_MANY], "en")


def test_tables_hold_them_all(large: Account) -> None:
    assert sum(Decimal(row["amount"]) for row in read(make("csv", large))) == total(large)
    rows = sheets(make("xlsx", large))["Payments"][1:]
    assert (len(rows), sum(Decimal(str(row[3])) for row in rows)) == (len(large.payments), total(large))


def test_the_bundle_holds_them_all(large: Account) -> None:
    found = json.loads(make("fhir", large), parse_float=Decimal, parse_int=Decimal)["entry"]
    paid = [one["resource"]["payment"]["amount"]["value"] for one in found if "payment" in one["resource"]]
    assert sum(paid) == total(large)


def test_beancount_reads_them_all(large: Account, tmp_path: Path) -> None:
    found = beancount(make("beancount", large), tmp_path)
    assert (found["errors"], len(found["links"])) == ([], len(large.payments))


@needs_hledger
def test_hledger_reads_them_all(large: Account, tmp_path: Path) -> None:
    said = hledger(make("ledger", large), tmp_path, "stats")
    assert f": {len(journal(large).entries)} (" in said
