"""Documents, messages, the log and the one-of-a-kind records."""

from datetime import date
from pathlib import Path

import pytest

from agent.account import Beneficiary, Coverage, Document, Message, Profile
from agent.account.batch import Batch, DocumentRead
from agent.store import NotFound, Store
from agent.store.apply import apply
from agent.store.messages import message_ids
from agent.store.sync_runs import KEPT
from tests.agent.store.helpers import (
    a_moment,
    a_payment,
    keep,
    keep_document,
    keep_message,
    keep_profile,
    new_store,
    reopen,
)

PDF = b"%PDF-1.7 statement"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return new_store(tmp_path / "vault")


def a_statement() -> Document:
    return Document(
        id="r202610", kind="releve_mensuel", title="Relevé", date=date(2026, 10, 31), filename="2026-10_releve.pdf"
    )


def a_message(key: str, day: int, read: bool = False) -> Message:
    return Message(id=key, received_on=date(2026, 10, day), sender="CPAM", subject="Bonjour", body="Texte", read=read)


def test_a_document_comes_back_with_its_bytes_even_after_a_restart(tmp_path: Path) -> None:
    folder = tmp_path / "vault"
    store = new_store(folder)
    assert keep_document(store, a_statement(), PDF)
    vault = reopen(store.vault, folder)  # type: ignore[arg-type]
    again = Store(vault)
    assert again.documents.content("r202610") == PDF
    document = again.documents.get("r202610")
    assert (document["fetched"], document["size"], document["date"]) == (True, len(PDF), "2026-10-31")
    assert "blob" not in document
    vault.lock()


def test_fetching_a_document_again_replaces_its_bytes(store: Store) -> None:
    keep_document(store, a_statement(), PDF)
    assert not keep_document(store, a_statement(), PDF + b"2")
    assert store.documents.content("r202610") == PDF + b"2"
    assert store.documents.fetched("releve_mensuel") == {"r202610"}


def test_the_decompte_of_each_payment_is_listed_before_it_is_fetched(store: Store) -> None:
    payment = a_payment()
    keep(store, payment)
    keep_document(store, a_statement(), PDF)
    key = store.payments.get(payment.id)["document"]
    assert [document["id"] for document in store.documents.all()] == ["r202610", key]
    assert store.documents.get(key)["payment"] == payment.id
    assert not store.documents.get(key)["fetched"]
    assert store.documents.content(key) is None
    keep_document(store, store.documents.decompte(payment.id), PDF)
    assert store.documents.get(key)["fetched"]
    assert len(store.documents.all()) == 2


def test_an_unknown_document_or_message_is_said_so(store: Store) -> None:
    for ask in (store.documents.get, store.documents.content, store.messages.get, store.messages.mark_read):
        with pytest.raises(NotFound):
            ask("d0")


def test_messages_are_newest_first_and_stay_read(store: Store) -> None:
    assert keep_message(store, a_message("m1", 1))
    assert keep_message(store, a_message("m2", 2))
    store.messages.mark_read("m1")
    assert not keep_message(store, a_message("m1", 1))
    assert [message["id"] for message in store.messages.all()] == ["m2", "m1"]
    assert store.messages.get("m1")["read"]
    assert store.messages.unread() == 1


def test_the_ids_of_messages_stay_when_an_equal_one_arrives_on_top() -> None:
    head = (date(2026, 10, 1), "CPAM", "Votre demande")
    other = (date(2026, 9, 1), "CPAM", "Autre")
    before = message_ids([head, other])
    after = message_ids([head, head, other])
    assert after[1:] == before
    assert len(set(after)) == 3


def test_the_log_of_runs_is_bounded(store: Store) -> None:
    for number in range(KEPT + 5):
        store.runs.add({"started": f"2026-01-01T{number:06d}", "requests": number})
    runs = store.runs.newest(limit=1000)
    assert len(runs) == KEPT
    assert runs[0]["requests"] == KEPT + 4
    assert len(store.runs.newest(limit=3)) == 3


def test_profile_coverage_and_credentials_come_back(store: Store) -> None:
    assert store.profile()["name"] == ""
    assert store.coverage() == {"top_up": None, "source": None, "on": None}
    profile = Profile(nir="2850578006084", name="Camille", beneficiaries=(Beneficiary(name="Léo"),))
    assert keep_profile(store, profile)
    assert not keep_profile(store, profile)
    apply(store, Batch(way="statement", at=a_moment(), coverage=Coverage(top_up="MUTUELLE", source="statement")))
    store.set_credentials("2850578006084", None)
    assert store.profile()["beneficiaries"][0]["name"] == "Léo"
    assert store.coverage()["top_up"] == "MUTUELLE"
    assert store.credentials() == {"nir": "2850578006084", "password": None}
    store.forget_credentials()
    assert store.credentials() is None


def test_the_fingerprint_of_credentials_is_keyed_and_stable(tmp_path: Path) -> None:
    one, two = new_store(tmp_path / "a"), new_store(tmp_path / "b")
    first = one.account.fingerprint("285", "secret")
    assert first == one.account.fingerprint("285", "secret")
    assert first != one.account.fingerprint("285", "other")
    assert first != two.account.fingerprint("285", "secret")


def test_the_first_screen_gets_everything_in_one_answer(store: Store) -> None:
    keep(
        store, a_payment("2026-11-02", "10.00"), a_payment("2026-10-02", "5.00"), a_payment("2025-12-31", "7.00"),
        *(a_payment(f"2024-01-{day:02d}", "1.00") for day in range(1, 12)),
    )
    keep_message(store, a_message("m1", 1))
    store.set_needs([{"code": "wrong_password"}])
    home = store.home()
    assert len(home["payments"]) == 8
    assert home["unread"] == 1
    assert home["messages"][0]["subject"] == "Bonjour"
    assert "body" not in home["messages"][0]
    assert home["needs"] == [{"code": "wrong_password"}]
    assert home["totals"] == {"month": "10.00", "year": "15.00"}
    store.set_needs([])
    assert store.home()["needs"] == []


def test_a_document_whose_copy_is_damaged_is_shown_by_another_sources(store: Store) -> None:
    keep_document(store, a_statement(), PDF)
    other = DocumentRead(document=a_statement(), data=PDF + b" as it was downloaded")
    apply(store, Batch(way="statement", source="pdf", at=a_moment(), documents=(other,)))
    assert store.documents.content(a_statement().id) == PDF
    store.damaged.note_one(a_statement().id)
    assert store.documents.content(a_statement().id) == other.data
    assert store.damaged.all() == []
    assert [one["way"] for one in store.documents.origins(a_statement().id)] == ["sync", "statement"]


def test_equal_files_of_two_sources_are_kept_once(store: Store) -> None:
    keep_document(store, a_statement(), PDF)
    apply(store, Batch(way="statement", source="pdf", at=a_moment(), documents=(
        DocumentRead(document=a_statement(), data=PDF),)))
    [record] = [record for _, record in store.documents.table.items()]
    assert len({file["blob"] for file in record["claims"]}) == 1
    assert store.documents.withdraw("pdf") == []
    assert store.documents.content(a_statement().id) == PDF


def test_of_files_taken_in_at_one_moment_the_last_is_the_newest(store: Store) -> None:
    for name, at in (("a", "09:00:00"), ("b", "10:00:00"), ("c", "10:00:00"), ("d", "08:00:00")):
        store.imports.add(name, {
            "kind": "statement", "new": 1, "known": 0, "problem": None, "problems": [], "notes": [], "unread_rows": [],
            "name": f"{name}.pdf", "at": f"2026-11-30T{at}+00:00", "id": name})
    assert [record["id"] for record in store.imports.newest(9)] == ["c", "b", "a", "d"]
    assert [record["id"] for record in store.imports.newest(1)] == ["c"]
