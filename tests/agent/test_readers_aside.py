"""Whatever comes from outside is read aside: the event loop goes on, and locking waits for no reader."""

import asyncio
import json
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path

import httpx
import pytest

from agent.concurrency.reader_threads import aside, outside, watch_readers
from agent.core.tasks import Tasks
from agent.errors import AmeliError
from agent.files.imports import Desk, take_file
from agent.money import Money
from agent.portal.errors import PortalChanged
from agent.portal.pages import html
from agent.portal.pages.certificates import Wanted
from agent.sandbox.generator import make_household
from agent.sandbox.pdf.lazy import PdfPapers
from agent.store import Store
from tests.agent.bench import TODAY, Bench
from tests.agent.files.formats.bank.files import boursobank, ofx_new
from tests.agent.files.imports.test_har import recorded
from tests.agent.files.imports.test_zip_archive import zipped
from tests.agent.store.helpers import new_vault


@pytest.fixture
def watched() -> Iterator[None]:
    """Readers refuse to run on a loop."""
    watch_readers(True)
    yield
    watch_readers(False)


@asynccontextmanager
async def ticking() -> AsyncIterator[list[float]]:
    """Looks at the loop every few milliseconds; the list holds the longest times for which it stood still."""
    gaps = [0.0]

    async def tick() -> None:
        last = time.perf_counter()
        while True:
            await asyncio.sleep(0.002)
            now = time.perf_counter()
            gaps[0] = max(gaps[0], now - last)
            last = now

    task = asyncio.create_task(tick())
    try:
        yield gaps
    finally:
        task.cancel()


async def test_a_reader_on_the_loop_is_noticed(watched: None) -> None:
    reader = outside(len)
    with pytest.raises(AssertionError, match="event loop"):
        reader("x")
    assert await aside(reader, "xy") == 2


async def test_everything_the_service_answers_is_read_aside(tmp_path: Path, watched: None) -> None:
    bench = Bench(tmp_path, make_household(seed=7, today=TODAY, years=1), papers=PdfPapers())
    await bench.signed_in()
    result = await bench.connection.sync()
    assert result.problems == []
    assert bench.store.payments.found() and bench.store.messages.all() and bench.store.profile()["name"]
    decompte = next(one for one in bench.store.documents.all() if one["kind"] == "decompte" and not one["fetched"])
    assert (await bench.connection.document(decompte["id"])).startswith(b"%PDF")
    assert (await bench.connection.attestation()).startswith(b"%PDF")
    await bench.connection.certificate(Wanted("ij", since=date(2026, 1, 1), until=TODAY))
    await bench.connection.deliver()
    await bench.connection.logout()


@pytest.mark.parametrize("spec", ["markup", "malformed", "keys", "column", "moved", "404", "truncate"])
async def test_pages_that_do_not_read_are_looked_at_aside_too(tmp_path: Path, spec: str, watched: None) -> None:
    bench = await Bench(tmp_path).signed_in()
    await bench.connection.sync()
    bench.break_with(spec)
    try:
        await bench.connection.sync(full=True)
    except AmeliError as error:
        assert error.exit_code == 4
    assert bench.store.changes.all() or bench.store.needs()


async def test_every_code_of_a_sign_in_is_read_aside(tmp_path: Path, watched: None) -> None:
    bench = Bench(tmp_path)
    bench.options.otp = True
    with pytest.raises(AmeliError, match="code"):
        await bench.connection.login(bench.house.nir, bench.house.password)
    await bench.connection.login(otp=bench.sandbox.service.mails[-1].code)
    await bench.connection.close()


async def test_every_kind_of_file_is_read_aside(tmp_path: Path, watched: None) -> None:
    bench = Bench(tmp_path, make_household(seed=7, today=TODAY, years=1), papers=PdfPapers())
    recorder = await recorded(bench)
    store = Store(new_vault(tmp_path / "fresh"), today=lambda: bench.today)
    desk = Desk(store, Money(store), bench.clock, "https://assure.ameli.fr")
    statement = next(bench.store.documents.content(one["id"]) for one in bench.store.documents.all() if one["fetched"])
    har = json.dumps(recorder.har("chromium")).encode()
    moves = [(date(2026, 10, 5), Decimal("17.50"), "VIR CPAM DU VAL REMBOURSEMENT"), (TODAY, Decimal("-3.00"), "CAFE")]
    for name, data in (
        ("releve.pdf", statement or b""), ("session.har", har), ("bank.ofx", ofx_new(moves)),
        ("bank.csv", boursobank(moves)), ("all.zip", zipped({"session.har": har})),
    ):
        taken = await take_file(desk, name, data)
        assert taken.kind != "unknown", name


def deep(request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, html="<html><body>" + "<div>" * 60_000)


async def test_a_page_of_sixty_thousand_elements_in_one_another_stops_nothing(tmp_path: Path) -> None:
    bench = await Bench(tmp_path).signed_in()
    await bench.connection.sync()
    bench.wire.rewrite = deep
    began = time.perf_counter()
    async with ticking() as gaps:
        with pytest.raises(PortalChanged):
            await bench.connection.sync(full=True)
    assert time.perf_counter() - began < 30, "two minutes for each page before"
    assert gaps[0] < 3
    (newest,) = bench.store.runs.newest(1)
    assert newest["failed"]
    assert any("depth" in problem["message"]["en"] for problem in newest["problems"])


async def test_locking_waits_for_no_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bench = await Bench(tmp_path).signed_in()
    reading, go_on = threading.Event(), threading.Event()

    def slow(text: str) -> None:
        reading.set()
        go_on.wait(20)

    monkeypatch.setattr(html, "check_cost", slow)
    tasks = Tasks()
    run = tasks.start(bench.connection.sync())
    try:
        async with ticking() as gaps:
            async with asyncio.timeout(20):
                while not reading.is_set():
                    await asyncio.sleep(0.005)
            began = time.perf_counter()
            await tasks.cancel_all(5.0)
            assert time.perf_counter() - began < 4
        assert run.cancelled()
        assert gaps[0] < 3
    finally:
        go_on.set()
