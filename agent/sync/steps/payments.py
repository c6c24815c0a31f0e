"""Payments: the list first, so that everything is visible at once, then the detail of each, one at a time."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from agent.account import Payment, ranked_ids
from agent.portal.errors import PortalChanged, ServerFault
from agent.portal.pages.payments import WINDOW, windows
from agent.portal.pages.selectors import DetailPage
from agent.store.payments.book import Query
from agent.sync.errors import NOT_UNDERSTOOD, Gap, ListShrunk

if TYPE_CHECKING:
    from agent.portal import PaymentRow
    from agent.store.payments.book import PaymentBook, Saved
    from agent.sync.context import SyncContext
    from agent.sync.result import Outcome

OVERLAP = timedelta(days=45)
"""How far back a repeat sync looks again: payments are booked late, and one request covers months."""
BATCH = 25
"""Details written in one durable step: a power cut costs at most so many requests."""
HEADS = 250
"""Rows of the list written in one durable step."""
SLACK = timedelta(days=31)
"""A window of "six months" slides unevenly."""
GIVE_UP_AFTER = 3
"""Details not understood in a row: the page has changed, asking on would only burden the service."""


async def sync_payments(run: SyncContext) -> Outcome:
    """List the window, keep new rows at once as incomplete payments, then complete them with their detail."""
    state = run.store.sync_state().get("payments", {})
    oldest, newest = await _window(run, state)
    floor = _expected_oldest(state, oldest, newest)
    if state.get("until") and date.fromisoformat(state["until"]) < oldest and floor == oldest:
        run.problem(Gap(since=state["until"], until=oldest.isoformat()))
    retry = run.retry or state.get("failed_on") != run.today.isoformat()
    again = date.min if run.full else _again(state, retry)
    book = run.store.book
    keys = book.keys(Query(since=max(floor, again).isoformat(), until=newest.isoformat()))
    known = await asyncio.to_thread(book.detailed, keys)
    listed = await _list(run, max(oldest, again), newest)
    shrunk = len(listed) < len(known)
    if shrunk:
        run.problem(ListShrunk(list="payments", listed=len(listed), known=len(known)))
    wanted = [key for key in listed if run.full or key not in known or (not known[key] and retry)]
    left = [key for key in listed if not known.get(key)]
    # Without a retry, or on a list that lost rows, what is left from before may not be listed.
    before = state.get("left_since") if shrunk or not (retry or run.full) else None
    state = {
        **({"oldest": state["oldest"], "until": state["until"]} if shrunk and _held(state, newest) else
           {"oldest": floor.isoformat(), "until": newest.isoformat()}),
        "left_since": _left_since(left, listed, before), "failed_on": state.get("failed_on"),
    }
    await run.note(payments=state)
    missing = await _details(run, listed, wanted)
    if wanted or state["left_since"]:
        asked = frozenset(wanted)  # looked up for each row: a list would take a minute at 100,000 payments
        left = [key for key in left if key in missing or key not in asked]
        failed_on = run.today.isoformat() if missing else None if retry else state["failed_on"]
        await run.note(payments=state | {"left_since": _left_since(left, listed, before), "failed_on": failed_on})
    return "read"


def _held(state: dict[str, str | None], newest: date) -> bool:
    """After a list that lost rows the next one looks back as far as this one did, while that costs no more than usual:
    rows that stay away for weeks are gone for good."""
    return bool(state.get("oldest") and state.get("until")) and (
        newest - date.fromisoformat(str(state["until"])) <= OVERLAP)


async def _window(run: SyncContext, state: dict[str, str | None]) -> tuple[date, date]:
    """The days that the service lists; as they should be by now when the page that tells them is not understood."""
    try:
        return await run.portal.payment_window()
    except (PortalChanged, ServerFault) as error:
        if isinstance(error, ServerFault) and not error.moved:
            raise
        run.problem(error)
    oldest = run.today - WINDOW
    if state.get("oldest"):
        oldest = date.fromisoformat(str(state["oldest"])) + (run.today - date.fromisoformat(str(state["until"])))
    run.portal.assume_window(oldest, run.today)
    return oldest, run.today


async def _list(run: SyncContext, since: date, until: date) -> dict[str, PaymentRow]:
    """The rows of a period under their ids, newest first; new ones are kept at once, a few months at a time."""
    listed: dict[str, PaymentRow] = {}
    for start, end in windows(since, until):
        # A row repeated to the letter is the same payment twice; equal payments differ by their references.
        rows = list(dict.fromkeys(await run.portal.payments(start, end)))
        keys = ranked_ids((row.paid_on, row.kind, row.amount) for row in rows)
        for at in range(0, len(rows), HEADS):  # a list of thousands: others are answered in between
            some = dict(zip(keys[at : at + HEADS], rows[at : at + HEADS], strict=True))
            saved = await run.keep(partial(_save_heads, run.store.book, some))
            run.result.new["payments"] += saved.new
            run.result.changed += saved.changed
        listed |= zip(keys, rows, strict=True)
    return listed


def _save_heads(book: PaymentBook, rows: dict[str, PaymentRow]) -> Saved:
    offers = [row.pdf_href is not None for row in rows.values()]
    return book.save([_head(key, row) for key, row in rows.items()], offers)


def _again(state: dict[str, str | None], retry: bool) -> date:
    """The day from which a repeat sync lists: the overlap, or further back to what is still incomplete."""
    if not state.get("until"):
        return date.min
    day = date.fromisoformat(str(state["until"])) - OVERLAP
    left = state.get("left_since")
    return min(day, date.fromisoformat(left)) if left and retry else day


async def _details(run: SyncContext, listed: dict[str, PaymentRow], wanted: list[str]) -> set[str]:
    """Fetch the details, writing as it goes; returns those it did not get. Raises what ends the run."""
    ranks = _ranks(listed)
    batch: list[Payment] = []
    missing = set(wanted)
    bad = 0

    async def commit() -> None:
        if batch:
            full = list(batch)
            batch.clear()
            offers = [listed[one.id].pdf_href is not None or one.document is not None for one in full]
            run.result.changed += (await run.keep(lambda: run.store.book.save(full, offers))).changed

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
            batch.append(msgspec.structs.replace(payment, id=key))
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


def _left_since(keys: list[str], listed: dict[str, PaymentRow], before: str | None) -> str | None:
    """ISO day of the oldest payment still incomplete."""
    days = [listed[key].paid_on.isoformat() for key in keys]
    return min([*days, before] if before else days, default=None)


def _expected_oldest(state: dict[str, str | None], oldest: date, newest: date) -> date:
    """The oldest day the service should list: its window slides with the days, it does not shrink."""
    if not state.get("oldest"):
        return oldest
    slid = date.fromisoformat(str(state["oldest"])) + (newest - date.fromisoformat(str(state["until"])))
    return min(oldest, slid) if oldest - slid > SLACK else oldest


def _head(key: str, row: PaymentRow) -> Payment:
    """A payment of which only the row is known."""
    return Payment(
        id=key, paid_on=row.paid_on, kind=row.kind, amount=row.amount, label=row.label,
        to="tiers" if "TIERS" in row.kind else "assure", complete=False,
    )


def _ranks(listed: dict[str, PaymentRow]) -> dict[str, int]:
    seen: Counter[tuple[date, str, object]] = Counter()
    ranks = {}
    for key, row in listed.items():
        equal = (row.paid_on, row.kind, row.amount)
        ranks[key] = seen[equal]
        seen[equal] += 1
    return ranks
