"""Payments: the list first, so that everything is visible at once, then the detail of each, one at a time."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import date
from typing import TYPE_CHECKING

import msgspec

from agent.account import ranked_ids
from agent.account.batch import PaymentRead
from agent.portal.errors import PortalChanged, ServerFault
from agent.portal.pages.payment_detail import to_head
from agent.portal.pages.payments import WINDOW, windows
from agent.portal.pages.selectors import DetailPage
from agent.sync.errors import NOT_UNDERSTOOD, Gap, ListShrunk
from agent.sync.steps import payments_plan
from agent.sync.steps.payments_plan import ListedSoFar

if TYPE_CHECKING:
    from agent.portal import PaymentRow
    from agent.sync.context import Reading
    from agent.sync.result import Outcome

BATCH = 25
"""Details written in one durable step: a power cut costs at most so many requests."""
HEADS = 250
"""Rows of the list written in one durable step."""
GIVE_UP_AFTER = 3
"""Details not understood in a row: the page has changed, asking on would only burden the service."""


async def sync_payments(run: Reading) -> Outcome:
    """List the window, keep new rows at once as incomplete payments, then complete them with their detail."""
    so_far = ListedSoFar.read(run.known.notes().get("payments"))
    oldest, newest = await _window(run, so_far)
    if (since := payments_plan.missed(so_far, oldest, newest)) is not None:
        run.problem(Gap(since=since.isoformat(), until=oldest.isoformat()))
    floor = payments_plan.expected_oldest(so_far, oldest, newest)
    retry = run.retry or so_far.failed_on != run.today
    again = payments_plan.list_from(so_far, full=run.full, retry=retry)
    complete = await asyncio.to_thread(
        run.known.payments, max(floor, again).isoformat(), newest.isoformat())
    listed = await _list(run, max(oldest, again), newest)
    shrunk = len(listed) < len(complete)
    if shrunk:
        run.problem(ListShrunk(list="payments", listed=len(listed), known=len(complete)))
    equals = {key: (row.paid_on, row.kind, row.amount) for key, row in listed.items()}
    wanted = payments_plan.to_fetch(equals, complete, full=run.full, retry=retry)
    left = [key for key in listed if not complete.get(key)]
    before = payments_plan.still_left(so_far, full=run.full, retry=retry, shrunk=shrunk)
    since, until = payments_plan.listed_until(so_far, floor, newest, shrunk=shrunk)
    so_far = ListedSoFar(
        oldest=since, until=until, failed_on=so_far.failed_on,
        left_since=payments_plan.oldest_left([listed[key].paid_on for key in left], before))
    await run.note(payments=so_far.note())
    missing = await _details(run, listed, wanted)
    if wanted or so_far.left_since:
        wanted_keys = frozenset(wanted)  # looked up for each row: a list would take a minute at 100,000 payments
        left = [key for key in left if key in missing or key not in wanted_keys]
        so_far = msgspec.structs.replace(
            so_far, failed_on=run.today if missing else None if retry else so_far.failed_on,
            left_since=payments_plan.oldest_left([listed[key].paid_on for key in left], before))
        await run.note(payments=so_far.note())
    return "read"


async def _window(run: Reading, so_far: ListedSoFar) -> tuple[date, date]:
    """The days that the service lists; as they should be by now when the page that tells them is not understood."""
    try:
        return await run.portal.payment_window()
    except (PortalChanged, ServerFault) as error:
        if isinstance(error, ServerFault) and not error.moved:
            raise
        run.problem(error)
    oldest, newest = payments_plan.usual_window(so_far, run.today, WINDOW)
    run.portal.assume_window(oldest, newest)
    return oldest, newest


async def _list(run: Reading, since: date, until: date) -> dict[str, PaymentRow]:
    """The rows of a period under their ids, newest first; new ones are kept at once, a few months at a time."""
    listed: dict[str, PaymentRow] = {}
    for start, end in windows(since, until):
        # A row repeated to the letter is the same payment twice; equal payments differ by their references.
        rows = list(dict.fromkeys(await run.portal.payments(start, end)))
        keys = ranked_ids((row.paid_on, row.kind, row.amount) for row in rows)
        for at in range(0, len(rows), HEADS):  # a list of thousands: others are answered in between
            some = dict(zip(keys[at : at + HEADS], rows[at : at + HEADS], strict=True))
            await run.payments([PaymentRead(payment=to_head(row, key), offered=row.pdf_href is not None)
                                for key, row in some.items()])
        listed |= zip(keys, rows, strict=True)
    return listed


async def _details(run: Reading, listed: dict[str, PaymentRow], wanted: list[str]) -> set[str]:
    """Fetch the details, writing as it goes; returns those it did not get. Raises what ends the run."""
    ranks = _ranks(listed)
    batch: list[PaymentRead] = []
    missing = set(wanted)
    bad = 0

    async def commit() -> None:
        if batch:
            full = list(batch)
            batch.clear()
            await run.payments(full)

    try:
        for done, key in enumerate(wanted):
            run.progress("payments", done, len(wanted))
            try:
                payment = await run.portal.payment(listed[key], ranks[key])
            except NOT_UNDERSTOOD as error:
                run.problem(error)
                bad += 1
                if bad >= GIVE_UP_AFTER:
                    return missing
                continue
            offered = listed[key].pdf_href is not None or payment.document is not None
            batch.append(PaymentRead(payment=payment, offered=offered))
            if not payment.complete and DetailPage.page in run.portal.watch.changed:
                bad += 1  # a column is missing: what could be read is kept, and asked for again later
                if bad >= GIVE_UP_AFTER:
                    return missing
                continue
            bad = 0
            missing.discard(key)
            if len(batch) >= BATCH:
                await commit()
        if wanted:
            run.progress("payments", len(wanted), len(wanted))
    finally:
        await commit()
    return missing


def _ranks(listed: dict[str, PaymentRow]) -> dict[str, int]:
    seen: Counter[tuple[date, str, object]] = Counter()
    ranks = {}
    for key, row in listed.items():
        equal = (row.paid_on, row.kind, row.amount)
        ranks[key] = seen[equal]
        seen[equal] += 1
    return ranks
