"""Records of older versions, which lack what was added since or say more than is read today, open as they are."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from agent.portal import PortalSession
from agent.store import Store
from tests.agent.store.helpers import keep_bank, new_store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return new_store(tmp_path / "vault")


def test_a_document_without_what_came_later(store: Store) -> None:
    store.documents.table.put("r202401", {
        "id": "r202401", "kind": "releve_mensuel", "title": "Relevé", "date": "2024-01-31", "filename": "a.pdf",
        "blob": None, "gone": 1})
    document = store.documents.get("r202401")
    assert (document["media_type"], document["size"], document["fetched"], document["unread"]) == (
        "application/pdf", None, False, False)
    assert store.documents.all() == [document]


def test_a_payment_without_its_detail(store: Store) -> None:
    store.payments.table.put("p1", {
        "paid_on": "2024-01-05", "kind": "REMBOURSEMENT_SOINS", "amount": "19.00", "to": "assure", "label": "Soins",
        "beneficiaries": [], "document": False, "complete": False})
    assert store.payments.get("p1")["lines"] == []
    assert store.payments.rows()["total"] == 1
    assert store.payments.detailed(["p1", "gone"]) == {"p1": False, "gone": False}


def test_a_credit_of_no_known_account(store: Store) -> None:
    keep_bank(store, [(date(2024, 1, 8), Decimal("19.00"), "CPAM", "fund", None)], "digest", [])
    (key, record), = store.bank.table.items()
    del record["accounts"]
    store.bank.table.put(key, record)
    assert "accounts" not in store.bank.credits()[0]
    assert keep_bank(store, [(date(2024, 1, 8), Decimal("19.00"), "CPAM", "fund", None)], "digest", []) == (0, 1)
    assert store.bank.credits()[0]["accounts"] == ["digest"]


def test_notes_of_the_sync_that_nothing_reads_any_more(store: Store) -> None:
    store.account.table.put("sync", {"finished": True, "cursor": "x"})
    store.set_sync_state(profile="2026-11-23")
    assert store.account.table.fetch("sync") == {"finished": True, "cursor": "x", "profile": "2026-11-23"}


def test_a_session_with_cookies_of_any_kind(store: Store) -> None:
    store.account.table.put("session", {"cookies": [{"name": "a", "value": None, "secure": "1"}], "csrf": None})
    session = msgspec.convert(store.account.session.read(), PortalSession)
    assert session.cookies == [{"name": "a", "value": None, "secure": "1"}]
