"""Details of payments as they are fetched one by one: batches, what is given up, what is remembered for later."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import msgspec
import pytest

from agent.account import Payment
from agent.account.batch import Batch
from agent.errors import AmeliError
from agent.portal import PaymentRow, Portal
from agent.portal.errors import PortalChanged, ServerFault, Unreachable
from agent.portal.pages.payments import WINDOW
from agent.portal.pages.selectors import DetailPage
from agent.store import Store
from agent.store.apply import apply
from agent.store.known import StoreKnown
from agent.sync.context import Reading
from agent.sync.steps.payments import BATCH, GIVE_UP_AFTER, HEADS, sync_payments
from tests.agent.store.helpers import TODAY, a_payment, new_store

OLDEST = TODAY - timedelta(days=200)


class Watch:
    """The pages that changed."""

    def __init__(self) -> None:
        self.changed: set[str] = set()


class Desk:
    """A service of payments only; ``answer`` gives the detail of the n-th payment asked for, from 1."""

    def __init__(self, rows: Iterable[PaymentRow]) -> None:
        self.rows = list(rows)
        self.watch = Watch()
        self.asked: list[PaymentRow] = []
        self.no_window: AmeliError | None = None
        self.assumed: tuple[date, date] | None = None
        self.answer: Callable[[int, Payment], Payment] = lambda number, payment: payment

    async def payment_window(self) -> tuple[date, date]:
        if self.no_window is not None:
            raise self.no_window
        return OLDEST, TODAY

    def assume_window(self, oldest: date, newest: date) -> None:
        self.assumed = oldest, newest

    async def payments(self, start: date, end: date) -> list[PaymentRow]:
        return [row for row in self.rows if start <= row.paid_on <= end]

    async def payment(self, row: PaymentRow, rank: int) -> Payment:
        self.asked.append(row)
        whole = a_payment(row.paid_on.isoformat(), str(row.amount), kind=row.kind, rank=rank)
        return self.answer(len(self.asked), whole)


def rows(count: int, kind: str = "REMBOURSEMENT_SOINS") -> list[PaymentRow]:
    """Payments of different amounts, one a day, newest first."""
    return [PaymentRow(paid_on=TODAY - timedelta(days=number % 190), kind=kind, label="Actes",
                       amount=Decimal(number + 1), ref=str(number), group="g", index="0") for number in range(count)]


class Run:
    """Runs of the step over one store, with what each durable step wrote."""

    def __init__(self, folder: Path) -> None:
        self.store: Store = new_store(folder / "vault")
        self.written: list[tuple[int, bool]] = []
        """How many payments each write had, and whether they were whole."""

    async def _write(self, batch: Batch) -> None:
        if batch.payments:
            self.written.append((len(batch.payments), all(read.payment.lines for read in batch.payments)))
        applied = apply(self.store, batch)
        self.reading.result.new["payments"] += applied.new.get("payments", 0)
        self.reading.result.changed += applied.changed

    async def __call__(self, desk: Desk, **how: Any) -> Reading:
        self.written.clear()
        desk.asked.clear()
        self.reading = Reading(StoreKnown(self.store), self._write, **({"today": TODAY} | how))
        self.reading.portal = cast(Portal, desk)
        assert await sync_payments(self.reading) == "read"
        return self.reading

    @property
    def note(self) -> dict[str, Any]:
        note: dict[str, Any] = self.store.sync_state()["payments"]
        return note

    def complete(self) -> int:
        return sum(payment["complete"] for payment in self.store.payments.found())


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return Run(tmp_path)


def changed(number: int, payment: Payment) -> Payment:
    raise PortalChanged(page="paiements", missing="x")


async def test_the_list_is_written_first_then_the_details_in_batches_each_once(run: Run) -> None:
    count = 2 * BATCH + 3
    context = await run(Desk(rows(count)))
    assert run.written == [(count, False), (BATCH, True), (BATCH, True), (3, True)]
    assert run.complete() == count == context.result.new["payments"]


async def test_a_long_list_is_written_in_pieces(run: Run) -> None:
    await run(desk := Desk(rows(HEADS + 1)))
    assert [size for size, _ in run.written][:2] == [HEADS, 1]
    assert len(desk.asked) == HEADS + 1


async def test_one_detail_that_is_not_understood_does_not_stop_the_others(run: Run) -> None:
    desk = Desk(rows(5))
    desk.answer = lambda number, payment: changed(number, payment) if number == 2 else payment
    context = await run(desk)
    assert len(desk.asked) == 5
    assert run.complete() == 4
    assert [problem["code"] for problem in context.result.problems] == ["portal_changed"]
    assert run.note["left_since"] == desk.rows[1].paid_on.isoformat()
    assert run.note["failed_on"] == TODAY.isoformat()


async def test_so_many_not_understood_in_a_row_and_no_more_is_asked(run: Run) -> None:
    desk = Desk(rows(10))
    desk.answer = changed
    await run(desk)
    assert len(desk.asked) == GIVE_UP_AFTER
    assert run.note["left_since"] == desk.rows[9].paid_on.isoformat()


async def test_so_many_incomplete_ones_of_a_page_that_changed_and_no_more_is_asked(run: Run) -> None:
    desk = Desk(rows(10))
    desk.watch.changed.add(DetailPage.page)
    desk.answer = lambda number, payment: msgspec.structs.replace(payment, complete=number == 2)
    await run(desk)
    assert len(desk.asked) == 2 + GIVE_UP_AFTER  # the second one, which was whole, began the count anew
    assert run.complete() == 1
    assert sum(bool(payment["lines"]) for payment in run.store.payments.found()) == 5  # what could be read is kept


async def test_incomplete_ones_of_a_page_as_ever_are_taken_as_they_are(run: Run) -> None:
    desk = Desk(rows(10))
    desk.answer = lambda number, payment: msgspec.structs.replace(payment, complete=False)
    await run(desk)
    assert len(desk.asked) == 10
    assert run.note["failed_on"] is None


async def test_what_cuts_a_run_short_keeps_the_details_that_were_read(run: Run) -> None:
    desk = Desk(rows(10))

    def cut(number: int, payment: Payment) -> Payment:
        if number == 5:
            raise Unreachable(reason="dropped")
        return payment

    desk.answer = cut
    with pytest.raises(Unreachable):
        await run(desk)
    assert run.complete() == 4
    assert run.note["left_since"] == desk.rows[9].paid_on.isoformat()
    desk.answer = lambda number, payment: payment
    await run(desk)
    assert len(desk.asked) == 6
    assert run.complete() == 10
    assert run.note["left_since"] is None


@pytest.mark.parametrize(("kind", "to"), [("REMBOURSEMENT_SOINS", "assure"), ("PAIEMENT_A_UN_TIERS", "tiers")])
async def test_whom_a_payment_went_to_is_known_before_its_detail_is(run: Run, kind: str, to: str) -> None:
    desk = Desk(rows(1, kind))
    desk.answer = changed
    await run(desk)
    assert [(payment["to"], payment["complete"]) for payment in run.store.payments.found()] == [(to, False)]


async def test_what_failed_today_is_asked_for_again_tomorrow_or_by_the_person(run: Run) -> None:
    desk = Desk(rows(2))
    desk.answer = changed
    await run(desk, retry=False)
    await run(desk, retry=False)
    assert desk.asked == []
    assert run.note["left_since"] == desk.rows[1].paid_on.isoformat()
    await run(desk, retry=True)
    assert len(desk.asked) == 2
    desk.answer = lambda number, payment: payment
    await run(desk, retry=False, today=TODAY + timedelta(days=1))
    assert len(desk.asked) == 2
    assert (run.note["left_since"], run.note["failed_on"]) == (None, None)


async def test_equal_payments_of_a_day_are_told_apart_by_their_rank(run: Run) -> None:
    first, second = (msgspec.structs.replace(row, paid_on=TODAY, amount=Decimal(7)) for row in rows(2))
    ranks: list[str] = []

    def ranked(number: int, payment: Payment) -> Payment:
        ranks.append(payment.id)
        return payment

    desk = Desk([first, second, first])
    desk.answer = ranked
    await run(desk)
    assert len(set(ranks)) == len(desk.asked) == 2
    assert {payment["id"] for payment in run.store.payments.found()} == set(ranks)


async def test_how_far_the_details_are_is_told(run: Run) -> None:
    told: list[tuple[str, int, int]] = []
    await run(Desk(rows(2)), progress=lambda step, done, all_: told.append((step, done, all_)))
    assert told == [("payments", 0, 2), ("payments", 1, 2), ("payments", 2, 2)]
    told.clear()
    await run(Desk(rows(2)), progress=lambda step, done, all_: told.append((step, done, all_)))
    assert told == []


async def test_a_page_of_dates_that_moved_is_done_without(run: Run) -> None:
    desk = Desk(rows(2))
    desk.no_window = ServerFault(status=404, page="paiements")
    context = await run(desk)
    assert [problem["code"] for problem in context.result.problems] == ["server_fault"]
    assert desk.assumed == (TODAY - WINDOW, TODAY)
    assert run.complete() == 2


async def test_a_page_of_dates_that_fails_ends_the_step(run: Run) -> None:
    desk = Desk(rows(2))
    desk.no_window = ServerFault(status=503, page="paiements")
    with pytest.raises(ServerFault):
        await run(desk)
    assert desk.assumed is None and run.store.payments.found() == []


async def test_an_equal_payment_that_comes_to_stand_above_a_known_one_takes_no_detail_from_it(run: Run) -> None:
    """The second visit of the day is listed first: the ids of both are by their place, their details by their rows."""
    old, new = (PaymentRow(paid_on=TODAY, kind="REMBOURSEMENT_SOINS", label="Actes", amount=Decimal("17.50"), ref=ref,
                           group="g", index="0") for ref in ("old", "new"))
    desk = Desk([old])

    def by_row(number: int, payment: Payment) -> Payment:
        act = f"visit of {desk.asked[-1].ref}"
        return msgspec.structs.replace(payment, lines=tuple(
            msgspec.structs.replace(line, act=act) for line in payment.lines))

    desk.answer = by_row
    await run(desk)
    desk.rows = [new, old]
    await run(desk)
    assert sorted(payment["lines"][0]["act"] for payment in run.store.payments.found()) == [
        "visit of new", "visit of old"]
