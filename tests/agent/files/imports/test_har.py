"""A recorded session gives the same account as a sync, to the line; secrets stay behind."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from agent.files.imports import Desk, Taken, take_file
from agent.files.imports.kept_statements import read_kept
from agent.money import Money
from agent.portal.pages.selectors import PAYMENTS
from agent.sandbox.generator import make_household
from agent.sandbox.pdf.lazy import PdfPapers
from agent.sandbox.server.options import SandboxOptions
from agent.store import Store
from tests.agent.bench import NIR, PASSWORD, TODAY, Bench
from tests.agent.store.helpers import new_vault
from tests.recorder import Browser, Recorder
from tests.thoroughness import one_in


async def recorded(bench: Bench, *, decomptes: bool = True) -> Recorder:
    """Sync the bench's account over a recorder, décomptes fetched too."""
    recorder = Recorder(bench.wire)
    bench.wire = recorder  # type: ignore[assignment]
    bench.connection = bench.connect()
    await bench.signed_in()
    await bench.connection.sync()
    if decomptes:
        for one in bench.store.documents.all():
            if one["kind"] == "decompte" and not one["fetched"]:
                await bench.connection.document(one["id"])
    return recorder


def fresh(bench: Bench, name: str = "fresh") -> Store:
    return Store(new_vault(bench.folder / name), today=lambda: bench.today)


async def bring(
    bench: Bench, store: Store, har: dict[str, Any] | bytes, portal: str = "https://assure.ameli.fr",
    *, mine: bool | None = None,
) -> Taken:
    data = har if isinstance(har, bytes) else json.dumps(har).encode()
    return await take_file(Desk(store, Money(store), bench.clock, portal, mine=mine), "session.har", data)


def known(store: Store) -> dict[str, Any]:
    messages = [{**one, "read": None} for one in store.messages.all()]
    documents = {one["id"]: (one, store.documents.content(one["id"])) for one in store.documents.all()}
    return {"payments": store.payments.found(), "documents": documents, "messages": messages,
            "profile": store.profile()}


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


@pytest.mark.parametrize("browser", ["chromium", "firefox", "safari"])
async def test_a_recorded_session_gives_the_same_account_as_a_sync(bench: Bench, browser: Browser) -> None:
    recorder = await recorded(bench)
    store = fresh(bench)
    taken = await bring(bench, store, recorder.har(browser))
    assert taken.problems == []
    assert known(store) == known(bench.store)
    assert taken.new == 6 + 2 + len(store.documents.all()) + 1


async def test_importing_after_a_sync_changes_nothing_and_the_other_way_round(bench: Bench) -> None:
    recorder = await recorded(bench)
    before = known(bench.store)
    taken = await bring(bench, bench.store, recorder.har())
    assert (taken.new, taken.problems) == (0, [])
    assert known(bench.store) == before

    bench.store = store = fresh(bench)
    bench.connection = bench.connect()
    assert (await bring(bench, store, recorder.har())).new > 0
    imported = known(store)
    await bench.signed_in()
    result = await bench.connection.sync()
    assert (result.new, result.changed, result.problems) == ({"payments": 0, "documents": 0, "messages": 0}, 0, [])
    assert known(store) == imported


async def test_a_second_import_changes_nothing(bench: Bench) -> None:
    har = (await recorded(bench)).har()
    store = fresh(bench)
    first = await bring(bench, store, har)
    once = known(store)
    again = await bring(bench, store, har)
    assert (again.new, again.known, again.problems) == (0, first.new, [])
    assert known(store) == once


@pytest.mark.parametrize("seed", one_in(3, [1, 2, 3]))
async def test_lifelike_accounts_come_the_same_way_from_a_recording(tmp_path: Path, seed: int) -> None:
    options = SandboxOptions(otp=False, window_months=0, unstable_ids=seed == 2, html="2018" if seed == 3 else "2019")
    bench = Bench(tmp_path, make_household(seed, TODAY, years=1), options)
    recorder = Recorder(bench.wire)
    bench.wire = recorder  # type: ignore[assignment]
    bench.connection = bench.connect()
    await bench.connection.login(bench.house.nir, bench.house.password)
    await bench.connection.sync()
    store = fresh(bench)
    taken = await bring(bench, store, recorder.har(("chromium", "firefox", "safari")[seed - 1]))
    assert taken.problems == []
    assert known(store) == known(bench.store)
    assert len(store.payments.found()) > 30


async def test_kept_statements_bring_the_payments_that_the_list_no_longer_shows(tmp_path: Path) -> None:
    bench = Bench(tmp_path, make_household(4, TODAY, years=2), SandboxOptions(otp=False, window_months=6))
    bench.sandbox.service.papers = PdfPapers()
    recorder = Recorder(bench.wire)
    bench.wire = recorder  # type: ignore[assignment]
    bench.connection = bench.connect()
    await bench.connection.login(bench.house.nir, bench.house.password)
    await bench.connection.sync()
    listed = {one["id"]: one for one in bench.store.payments.found()}
    store = fresh(bench)
    await bring(bench, store, recorder.har())
    assert known(store) == known(bench.store)  # what is in the statements is not mixed in unasked

    read = await read_kept(Desk(store, Money(store), bench.clock))
    assert len(read) > 15 and not any(one["problem"] for one in read)
    brought = {one["id"]: one for one in store.payments.found()}
    assert len(brought) > 2 * len(listed) and listed.keys() <= brought.keys()
    true = Counter((one.paid_on.isoformat(), f"{one.amount:.2f}") for one in bench.house.payments)
    assert Counter((one["paid_on"], one["amount"]) for one in brought.values()) <= true
    for key, one in listed.items():
        assert [line["reimbursed"] for line in brought[key]["lines"]] == [line["reimbursed"] for line in one["lines"]]
    assert store.profile() == bench.store.profile()
    assert await read_kept(Desk(store, Money(store), bench.clock)) == []
    assert (await bring(bench, store, recorder.har())).new == 0

    bench.store, before = store, known(store)
    bench.connection = bench.connect()
    await bench.connection.login(bench.house.nir, bench.house.password)
    result = await bench.connection.sync()
    assert (result.new, result.changed, result.problems) == ({"payments": 0, "documents": 0, "messages": 0}, 0, [])
    assert known(store) == before


async def test_lists_as_a_person_asks_for_them_give_the_same_payments(bench: Bench) -> None:
    """A default list, the same again (which shows more), one with statements among the rows, one person's alone."""
    recorder = Recorder(bench.wire)
    bench.wire = recorder  # type: ignore[assignment]
    portal = bench.portal()
    await portal.sign_in(NIR, PASSWORD, None)
    await portal.payment_window()
    for asked in ({}, {}, {"afficherReleves": "true"}, {"Beneficiaire": "20150304!-!MARTIN!-!1"}):
        await portal._session.call(PAYMENTS, {"actionEvt": "Rechercher", "idNoCache": "1", **asked}, "x")
    for row in (await portal.payments())[:3]:
        await portal.payment(row, 0)
    store = fresh(bench)
    taken = await bring(bench, store, recorder.har("firefox"))
    assert (taken.problems, len(store.payments.found())) == ([], 6)
    await bench.signed_in()
    await bench.connection.sync()
    true = {one["id"]: one for one in bench.store.payments.found()}
    assert {one["id"] for one in store.payments.found()} == true.keys()
    whole = [one for one in store.payments.found() if one["complete"]]
    assert len(whole) == 3 and all(one == true[one["id"]] for one in whole)
