"""Payments in the store: kept once, found fast, never worsened."""

import json
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from agent.account import Payment
from agent.store import NotFound, Query, Store
from tests.agent.store.helpers import a_payment, keep, keep_all, new_store, reopen, sick_pay


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return new_store(tmp_path / "vault")


def test_a_payment_reads_back_in_the_contracts_shape(store: Store) -> None:
    payment = a_payment()
    keep(store, payment)
    assert store.payments.get(payment.id) == {
        "id": payment.id, "paid_on": "2026-10-19", "kind": "REMBOURSEMENT_SOINS", "amount": "17.50", "to": "assure",
        "label": "Actes médicaux", "beneficiaries": ["Zoé"],
        "lines": [{"id": "l1", "beneficiary": "Zoé", "act": "C GENERALISTE", "act_date": "2026-10-19",
                   "paid": "30.00", "base": "30.00", "rate": "70", "reimbursed": "19.50"}],
        "deductions": [{"id": "d1", "kind": "participation", "label": "PARTICIPATION", "act_date": None,
                        "amount": "-2.00"}],
        "indemnities": [], "document": "d" + payment.id[1:], "complete": True,
    }


def test_what_the_store_gives_can_be_sent_as_json_and_read_as_a_payment(store: Store) -> None:
    keep(store, a_payment(), sick_pay())
    for one in store.payments.found():
        assert json.loads(json.dumps(one)) == one
        back = msgspec.convert(one, Payment)
        assert isinstance(back.amount, Decimal)
    assert store.payments.found(Query(kind="INDEMNITE_JOURNALIERE_ASSURE"))[0]["indemnities"][0]["days"] == 10


def test_saving_again_changes_nothing_and_a_new_detail_counts_as_changed(store: Store) -> None:
    assert keep(store, a_payment()) == (1, 0)
    assert keep(store, a_payment()) == (0, 0)
    assert keep(store, a_payment(act="CS SPECIALISTE")) == (0, 1)


def test_completing_a_payment_is_no_change_and_a_row_alone_never_replaces_a_detail(store: Store) -> None:
    assert keep(store, a_payment(complete=False)) == (1, 0)
    assert not store.payments.get(a_payment().id)["complete"]
    assert keep(store, a_payment()) == (0, 0)
    assert keep(store, a_payment(complete=False)) == (0, 0)
    assert store.payments.get(a_payment().id)["lines"]


def test_equal_payments_of_one_day_are_kept_apart(store: Store) -> None:
    keep(store, a_payment(rank=0, who="Zoé"), a_payment(rank=1, who="Léo"))
    assert store.payments.rows()["total"] == 2
    assert store.payments.rows(Query(beneficiary="leo"))["rows"][0][6] == "Léo"


def test_rows_are_newest_first_with_sums_over_the_whole_answer(store: Store) -> None:
    keep(
        store, a_payment("2026-09-01", "10.00"), a_payment("2026-11-01", "20.00", kind="PAIEMENT_A_UN_TIERS"),
        a_payment("2026-10-01", "-3.05"),
    )
    answer = store.payments.rows(limit=2)
    assert [row.paid_on for row in answer["rows"]] == ["2026-11-01", "2026-10-01"]
    assert (answer["total"], answer["count_all"]) == (3, 3)
    assert (answer["sum"], answer["sum_assure"], answer["sum_tiers"]) == ("26.95", "6.95", "20.00")
    assert [row.paid_on for row in store.payments.rows(offset=2)["rows"]] == ["2026-09-01"]
    first = answer["rows"][0]
    assert (first.amount, first.to, first.label, first.beneficiaries) == ("20.00", "tiers", "Actes médicaux", "Zoé")


@pytest.mark.parametrize(
    "search",
    ["zoe", "ZOÉ", "generaliste", "actes medicaux", "17,50", "17.50 €", "19/10/2026", "2026-10", "octobre", "october",
     "zoé c gen 17,5", "remboursement"],
)
def test_a_search_ignores_case_accents_and_the_way_amounts_and_days_are_written(store: Store, search: str) -> None:
    keep(store, a_payment(), a_payment("2026-03-02", "4.00", who="Léo", act="PHARMACIE", label="Autre",
                                       kind="PAIEMENT_A_UN_TIERS"))
    assert [row[0] for row in store.payments.rows(Query(search=search))["rows"]] == [a_payment().id]


def test_filters_narrow_together(store: Store) -> None:
    keep(
        store, a_payment("2026-01-05", "1.00"), a_payment("2026-02-05", "2.00", who="Léo"),
        a_payment("2026-03-05", "3.00", kind="PAIEMENT_A_UN_TIERS"),
    )
    assert store.payments.rows(Query(since="2026-02-01", until="2026-02-28"))["total"] == 1
    assert store.payments.rows(Query(since="2026-02-01", beneficiary="ZOE"))["sum"] == "3.00"
    assert store.payments.rows(Query(kind="PAIEMENT_A_UN_TIERS", until="2026-01-31"))["total"] == 0
    assert store.payments.rows(Query(since="2026-05-01", until="2026-01-01")) == {
        "total": 0, "count_all": 3, "sum": "0.00", "sum_assure": "0.00", "sum_tiers": "0.00", "rows": [],
    }
    assert store.payments.months(Query(beneficiary="zoe")) == [("2026-03", "3.00", 1), ("2026-01", "1.00", 1)]
    assert store.payments.facets() == {
        "beneficiaries": ["Léo", "Zoé"], "kinds": ["PAIEMENT_A_UN_TIERS", "REMBOURSEMENT_SOINS"], "years": ["2026"],
    }
    assert len(store.payments.found(Query(search="zoe"), limit=1)) == 1


def test_the_index_follows_what_is_saved_and_a_failed_step_leaves_no_trace(store: Store) -> None:
    keep(store, a_payment("2026-01-05", "1.00"))
    assert store.payments.rows()["total"] == 1
    keep(store, a_payment("2026-06-05", "5.00"), a_payment("2026-01-05", "1.00", act="XYZ"))
    assert [row[1] for row in store.payments.rows()["rows"]] == ["2026-06-05", "2026-01-05"]
    assert store.payments.rows(Query(search="xyz"))["total"] == 1
    with pytest.raises(RuntimeError), store.step():
        keep_all(store, [a_payment("2026-07-05", "9.00")])
        raise RuntimeError
    assert store.payments.rows()["total"] == 2


def test_the_order_is_the_same_after_a_restart(tmp_path: Path) -> None:
    folder = tmp_path / "vault"
    store = new_store(folder)
    keep(store, *(a_payment("2026-05-05", f"{amount}.00") for amount in (5, 3, 9)))
    before = store.payments.rows()
    keep(store, a_payment("2026-05-05", "1.00"), a_payment("2026-04-05", "1.00"))
    before = store.payments.rows()
    vault = reopen(store.vault, folder)  # type: ignore[arg-type]
    assert Store(vault).payments.rows() == before
    vault.lock()


def test_more_than_256_different_values_are_searched_alike(store: Store) -> None:
    keep(store, *(a_payment("2026-05-05", f"{n}.10", act=f"ACTE {n:04d}", who=f"NOM{n}") for n in range(700)))
    assert store.payments.rows(Query(search="acte 0612"))["total"] == 1
    assert store.payments.rows(Query(search="nom69"))["total"] == 11
    assert store.payments.rows(Query(search="612,1"))["total"] == 1
    assert store.payments.rows(Query(beneficiary="nom5"))["total"] == 111
    assert store.payments.rows(Query(search="nothing"))["total"] == 0


def test_an_unknown_payment_is_said_so(store: Store) -> None:
    with pytest.raises(NotFound):
        store.payments.get("p0")


def test_text_from_the_service_is_made_harmless(store: Store) -> None:
    keep(store, a_payment(label="evil\x1b]52;c;AAAA\x07", who="A\x9bB"))
    text = json.dumps(store.payments.found(), ensure_ascii=False)
    assert "\x1b" not in text
    assert "\x9b" not in text
