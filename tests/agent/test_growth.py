"""What four times as much costs: about four times as much, and the event loop goes on meanwhile."""

import asyncio
import gc
import time
from collections.abc import Callable, Coroutine, Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from agent.account import ActLine, Payment
from agent.account.batch import Batch, ShareRead
from agent.api.handlers.call import Context
from agent.api.handlers.money import owed
from agent.api.handlers.vault_data import PaymentsQuery, documents, payments
from agent.api.parameters import Nothing
from agent.concurrency.single_flight import Joint
from agent.core.memory import be_frugal
from agent.money import Money
from agent.portal import MessageRow, PaymentRow
from agent.store import Store
from agent.store.apply import apply
from agent.store.known import StoreKnown
from agent.store.payments.book import Query
from agent.sync.context import Reading
from agent.sync.steps.inbox import sync_inbox
from agent.sync.steps.payments import sync_payments
from tests.agent.store.helpers import a_moment, keep_all, new_vault
from tests.agent.test_readers_aside import ticking

FIRST, DAYS = date(2024, 1, 1), 700
MOST = 6.0
"""Four times as much may cost so many times as much; a quadratic step costs sixteen times."""
D = Decimal


def row(number: int) -> PaymentRow:
    return PaymentRow(
        paid_on=FIRST + timedelta(days=number % DAYS), kind="REMBOURSEMENT_SOINS", label="Soins",
        amount=D(number) / 100 + 1, ref=f"ref{number}", group="0", index=str(number))


def payment(number: int, *, kind: str = "REMBOURSEMENT_SOINS") -> Payment:
    one = row(number)
    line = ActLine(id=f"l{number}", beneficiary="Claire", act="C", act_date=one.paid_on, paid=one.amount,
                   base=one.amount, rate=D(70), reimbursed=one.amount)
    return Payment(id=f"p{kind[:2]}{number:08d}", paid_on=one.paid_on, kind=kind, amount=one.amount, to="assure",
                   label="Soins", beneficiaries=("Claire",), lines=(line,), complete=True, document=f"d{number}")


class Service:
    """A portal without wire or pages: what is measured is what we do with its answers."""

    def __init__(self, count: int) -> None:
        self.rows = [row(number) for number in range(count)]
        self.watch = SimpleNamespace(changed={}, read={})
        self.requests = 0
        self.count, self.opened = count, False

    async def payment_window(self) -> tuple[date, date]:
        return FIRST, FIRST + timedelta(days=DAYS)

    async def payments(self, start: date, end: date) -> list[PaymentRow]:
        return sorted((one for one in self.rows if start <= one.paid_on <= end), key=lambda one: one.paid_on,
                      reverse=True)

    async def payment(self, one: PaymentRow, rank: int) -> Payment:
        return payment(int(one.index))

    async def inbox(self) -> list[MessageRow]:
        read, self.opened = self.opened, True
        return [MessageRow(id=f"m{number}", sender="CPAM", subject=f"S{number}", received_on=FIRST, href=None,
                           read=read) for number in range(self.count)]

    async def message(self, one: MessageRow) -> Any:
        from agent.portal.errors import PortalChanged

        raise PortalChanged(page="message", missing="x")


@pytest.fixture
def folder(tmp_path: Path) -> Callable[[], Path]:
    numbers: Iterator[int] = iter(range(100))
    return lambda: tmp_path / str(next(numbers))


async def cost(work: Callable[[], Coroutine[Any, Any, Any]]) -> float:
    began = time.process_time()
    await work()
    return time.process_time() - began


def reading(service: Service, store: Store, today: date) -> Reading:
    """A reading whose batches are written at once."""
    async def write(batch: Batch) -> None:
        await store.write(lambda: apply(store, batch))

    run = Reading(StoreKnown(store), write, today=today)
    run.portal = service  # type: ignore[assignment]
    return run


async def ratio(make: Callable[[int], Callable[[], Coroutine[Any, Any, Any]]], few: int) -> float:
    """How many times as much four times as many cost."""
    await cost(make(few // 4))  # what is imported or remembered once is not counted
    return await cost(make(few * 4)) / await cost(make(few))


@pytest.mark.slow
async def test_a_first_sync_of_payments_grows_with_their_number(folder: Callable[[], Path]) -> None:
    def make(count: int) -> Callable[[], Coroutine[Any, Any, Any]]:
        store = Store(new_vault(folder()))
        run = reading(Service(count), store, FIRST + timedelta(days=DAYS))
        return lambda: sync_payments(run)

    assert await ratio(make, 8_000) < MOST


@pytest.mark.slow
async def test_a_full_inbox_whose_messages_do_not_read_grows_with_their_number(folder: Callable[[], Path]) -> None:
    def make(count: int) -> Callable[[], Coroutine[Any, Any, Any]]:
        store = Store(new_vault(folder()))
        store.set_sync_state(inbox={"listed": 0, "unread": []})
        run = reading(Service(count), store, FIRST)

        async def twice() -> None:
            await sync_inbox(run)
            await sync_inbox(run)  # what was unread is noted from the first time

        return twice

    assert await ratio(make, 6_000) < MOST


@pytest.mark.slow
async def test_payments_first_read_from_statements_grow_with_their_number(folder: Callable[[], Path]) -> None:
    def make(count: int) -> Callable[[], Coroutine[Any, Any, Any]]:
        store = Store(new_vault(folder()))
        with store.step():
            keep_all(store, [payment(number, kind="PENSION") for number in range(count)], way="statement", ranked=False)
        assert len(store.payments.index) == count

        async def show() -> None:
            for at in range(0, count, 25):
                with store.step():
                    keep_all(store, [payment(number) for number in range(at, at + 25)])
            assert len(store.payments.index) == len(store.payments) == count

        return show

    assert await ratio(make, 600) < MOST


@pytest.mark.slow
async def test_the_insurers_own_file_grows_with_its_lines(folder: Callable[[], Path]) -> None:
    def make(count: int) -> Callable[[], Coroutine[Any, Any, Any]]:
        store = Store(new_vault(folder()))
        shares = tuple(ShareRead(payment=f"p{number}", amount=D("9.00"), on=FIRST) for number in range(count))
        batch = Batch(way="file", source="file", at=a_moment(), shares=shares)

        async def note() -> None:
            assert apply(store, batch).new == {"shares": count}
            assert apply(store, batch).known == {"shares": count}

        return note

    assert await ratio(make, 600) < MOST


def account(folder: Path, count: int) -> Store:
    store = Store(new_vault(folder), today=lambda: FIRST + timedelta(days=DAYS))
    with store.step():
        keep_all(store, [payment(number) for number in range(count)])
    _ = store.payments.index
    return store


@pytest.fixture
def as_the_agent_runs() -> Iterator[None]:
    """The collector as it is set at the start of the process."""
    before = gc.get_threshold()
    be_frugal()
    yield
    gc.set_threshold(*before)


@pytest.mark.slow
@pytest.mark.parametrize(("call", "given"), [(payments, PaymentsQuery()), (documents, Nothing()), (owed, Nothing())])
async def test_a_long_answer_stops_nothing(tmp_path: Path, call: Any, given: Any, as_the_agent_runs: None) -> None:
    store = account(tmp_path, 12_000)
    context = Context(SimpleNamespace(store=store, money=Money(store)), lambda: None)  # type: ignore[arg-type]
    await call(context, given, "")  # tables of the law are read once
    store.payments.version += 1
    began = time.perf_counter()
    async with ticking() as gaps:
        response = await call(context, given, "")
    took = time.perf_counter() - began
    assert response.status == 200
    assert gaps[0] < max(0.35, took / 3), "the loop stands still for a piece, not for the whole"


async def test_long_lists_are_written_down_as_one(tmp_path: Path) -> None:
    store = account(tmp_path, 1_203)
    context = Context(SimpleNamespace(store=store, money=Money(store)), lambda: None)  # type: ignore[arg-type]
    import orjson

    answer = await payments(context, PaymentsQuery(), "")
    assert orjson.loads(answer.body) == store.payments.found()
    listed = await documents(context, Nothing(), "")
    assert orjson.loads(listed.body) == store.documents.all()
    assert len(store.documents.all()) == 1_203
    assert store.documents.all()[0] == store.documents.get(store.documents.all()[0]["id"])


async def test_the_same_long_work_is_done_once_and_kinds_take_turns() -> None:
    joint, done, under_way, most = Joint(), [], [0], [0]

    def work(name: str) -> Callable[[], str]:
        def run() -> str:
            under_way[0] += 1
            most[0] = max(most[0], under_way[0])
            time.sleep(0.05)
            under_way[0] -= 1
            done.append(name)
            return name

        return run

    first = await asyncio.gather(*(joint.do("owed", 1, work("a")) for _ in range(5)), joint.do("owed", 2, work("b")))
    assert first == ["a"] * 5 + ["b"]
    assert sorted(done) == ["a", "b"]
    assert most == [1]
    assert await joint.do("owed", 1, work("c")) == "c", "what is over is done again"


async def test_long_work_goes_on_without_who_asked_first_and_its_failure_reaches_all() -> None:
    joint = Joint()

    def fail() -> None:
        time.sleep(0.05)
        raise KeyError("x")

    first = asyncio.ensure_future(joint.do("owed", 1, fail))
    second = asyncio.ensure_future(joint.do("owed", 1, fail))
    await asyncio.sleep(0)
    first.cancel()
    with pytest.raises(KeyError):
        await second
    assert first.cancelled()


def test_an_index_without_some_payments_is_as_one_made_without_them(tmp_path: Path) -> None:
    store = account(tmp_path, 60)
    index = store.payments.index
    for number in (0, 7, 59):
        index.remove(payment(number).id, payment(number).paid_on.isoformat())
        store.payments.table.drop(payment(number).id)
    index.remove("p-unknown", FIRST.isoformat())
    kept = [index.row(at) for at in range(len(index))]
    found = {word: store.payments.rows(Query(search=word)) for word in ("claire", "soins", "2024")}
    store.payments.forget_index()
    assert kept == [store.payments.index.row(at) for at in range(len(store.payments.index))]
    assert found == {word: store.payments.rows(Query(search=word)) for word in found}
    assert store.payments.keys(Query()) == [one[0] for one in kept]
