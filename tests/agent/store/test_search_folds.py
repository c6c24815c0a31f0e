"""A person types the letters of a keyboard, and finds what was written with others."""

from datetime import date
from pathlib import Path

import pytest

from agent.account import Message
from agent.store import Query
from tests.agent.store.helpers import a_payment, keep, keep_message, new_store


@pytest.mark.parametrize("typed", ["coeur", "COEUR", "Cœur", "cœur", "d'echographie", "d’échographie", "co\u00adeur"])
def test_payments_and_messages_are_found_by_the_same_letters(typed: str, tmp_path: Path) -> None:
    store = new_store(tmp_path / "vault")
    heart = a_payment(act="BILAN D’ÉCHOGRAPHIE DU CŒUR", label="Soins")
    keep(store, heart, a_payment("2026-03-02", "4.00", label="Autre"))
    keep_message(store, Message(id="m1", received_on=date(2026, 10, 1), sender="CPAM",
                             subject="Bilan d’échographie du cœur", body="Bonjour"))
    assert [row[0] for row in store.payments.rows(Query(search=typed))["rows"]] == [heart.id]
    assert [one["id"] for one in store.messages.found(typed)] == ["m1"]


@pytest.mark.parametrize("typed", ["francois straße", "FRANÇOIS STRASSE", "François\u00a0Straße"])
def test_a_person_is_found_by_any_spelling_of_the_name(typed: str, tmp_path: Path) -> None:
    store = new_store(tmp_path / "vault")
    keep(store, a_payment(who="FRANÇOIS Straße"), a_payment("2026-03-02", who="Léo"))
    assert store.payments.rows(Query(beneficiary=typed))["total"] == 1
    assert store.payments.rows(Query(kind="remboursement_soins"))["total"] == 2
