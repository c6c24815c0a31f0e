"""What is not counted is said, with why and the command that makes it count; it is never told as nothing."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from agent.money import Money
from agent.store import Store
from tests.agent.store.helpers import a_payment, keep, keep_bank, new_vault

TODAY = date(2026, 11, 23)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(new_vault(tmp_path / "vault"), today=lambda: TODAY)


def money(store: Store) -> Money:
    return Money(store, today=lambda: TODAY)


def by_part(found: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    """What is not counted, by part and reason; each says so in both languages."""
    assert all(one["text_fr"] and one["text_en"] for one in found["not_counted"])
    return {(one["part"], one["why"]): one for one in found["not_counted"]}


async def test_without_a_contract_the_share_is_not_counted_rather_than_nothing(store: Store) -> None:
    keep(store, a_payment("2026-10-19", "17.50"))
    owed = await money(store).owed()
    assert (owed["counted"], owed["why_not"], owed["top_up"]) == (False, "no_contract", [])
    told = by_part(owed)["top_up", "no_contract"]
    assert not told["partly"]
    assert told["cure"] == "ameli coverage set"
    assert "no contract" in told["text_en"] and "aucun contrat" in told["text_fr"]

    explained = await money(store).explain(store.payments.found()[0]["id"])
    assert (explained["top_up"]["counted"], explained["top_up"]["why_not"]) == (False, "no_contract")
    assert explained["top_up"]["expected"] is None

    year = await money(store).year(2026, None)
    assert year["counted"] and year["top_up_expected"] is None
    assert ("top_up", "no_contract") in by_part(year)


async def test_a_contract_makes_it_count_and_one_that_begins_later_counts_in_part(store: Store) -> None:
    keep(store, a_payment("2026-10-19", "17.50"))
    keep(store, a_payment("2025-03-10", "17.50"))
    mine = money(store)
    mine.set_coverage({"contract": {"percent_brss": 100, "from": "2024-01-01"}})
    owed = await mine.owed()
    assert (owed["counted"], owed["why_not"], len(owed["top_up"])) == (True, None, 2)
    assert not [key for key in by_part(owed) if key[0] == "top_up"]

    mine.set_coverage({"contract": {"percent_brss": 100, "from": "2026-01-01"}})
    owed = await mine.owed()
    told = by_part(owed)["top_up", "before_contract"]
    assert owed["counted"] and told["partly"] and told["payments"] == 1
    assert "01/01/2026" in told["text_fr"] and "2026-01-01" in told["text_en"]
    early = next(one["id"] for one in store.payments.found() if one["paid_on"] == "2025-03-10")
    share = (await mine.explain(early))["top_up"]
    assert (share["counted"], share["why_not"]) == (False, "before_contract")
    assert (await mine.year(2025, None))["top_up_expected"] is None
    assert (await mine.year(2026, None))["top_up_expected"] is not None

    mine.set_coverage({"contract": {"percent_brss": 100, "until": "2025-12-31"}})
    assert by_part(await mine.owed())["top_up", "after_contract"]["payments"] == 1


async def test_without_a_bank_statement_what_arrived_is_not_counted(store: Store) -> None:
    keep(store, a_payment("2026-10-19", "17.50"))
    told = by_part(await money(store).owed())["arrivals", "no_bank_file"]
    assert not told["partly"]
    assert "ameli import" in told["cure"]


async def test_days_that_no_bank_statement_covers_are_said(store: Store) -> None:
    keep(store, a_payment("2026-10-19", "17.50"))
    keep(store, a_payment("2026-02-19", "17.50"))
    mine = money(store)
    keep_bank(store, [], "account", [(date(2026, 11, 1), date(2026, 11, 20))])
    found = by_part(await mine.owed())
    told = found["arrivals", "days_not_covered"]
    assert told["partly"] and told["payments"] == 2
    assert ("arrivals", "no_bank_file") not in found


async def test_a_vault_that_was_never_signed_in_counts_nothing_and_says_why(store: Store) -> None:
    mine = money(store)
    for found in (await mine.owed(), await mine.year(None, None), await mine.ledger(None, None)):
        assert (found["counted"], found["why_not"]) == (False, "no_account")
        assert [one["cure"] for one in found["not_counted"]] == ["ameli login"]
    store.set_credentials("1850578006084", None)
    for found in (await mine.owed(), await mine.year(None, None), await mine.ledger(None, None)):
        assert (found["counted"], found["why_not"]) == (False, "nothing_read")
        assert [one["cure"] for one in found["not_counted"]] == ["ameli sync"]


async def test_a_year_without_payments_says_whether_it_is_known(store: Store) -> None:
    keep(store, a_payment("2024-09-19", "17.50"))
    keep(store, a_payment("2026-10-19", "17.50"))
    mine = money(store)
    for year, why in ((2023, "before_known"), (2027, "to_come"), (2025, None)):
        for found in (await mine.year(year, None), await mine.ledger(year, None)):
            assert (found["counted"], found["why_not"]) == (why is None, why), year
    first = by_part(await mine.year(2024, None))["payments", "since_known"]
    assert first["partly"] and "19/09/2024" in first["text_fr"]
    assert ("payments", "since_known") not in by_part(await mine.year(2026, None))


async def test_payments_whose_detail_is_not_read_are_said_not_to_be_checked(store: Store) -> None:
    keep(store, a_payment("2026-10-19", "17.50", complete=False))
    told = by_part(await money(store).owed())["anomalies", "detail_not_read"]
    assert told["partly"] and told["payments"] == 1
