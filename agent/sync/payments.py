"""Payments: the list first, so that everything is visible at once, then the detail of each, one at a time."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import TYPE_CHECKING

import msgspec

from agent.account import Payment, ranked_ids
from agent.portal.errors import PortalChanged, ServerFault
from agent.sync.errors import ListShrunk

if TYPE_CHECKING:
    from agent.portal import PaymentRow
    from agent.sync.run import SyncRun

OVERLAP = timedelta(days=45)
"""How far back a repeat sync looks again: payments are booked late, and one request covers months."""
BATCH = 25
"""Details written in one durable step: a power cut costs at most so many requests."""
SLACK = timedelta(days=31)
"""A window of "six months" slides unevenly."""
GIVE_UP_AFTER = 3
"""Details not understood in a row: the page has changed, asking on would only burden the service."""


async def sync_payments(run: SyncRun) -> None:
    """List the window, keep new rows at once as incomplete payments, then complete them with their detail."""
    state = run.store.sync_state().get("payments", {})
    oldest, newest = await run.portal.payment_window()
    floor = _expected_oldest(state, oldest, newest)
    again = date.fromisoformat(state["until"]) - OVERLAP if state.get("walked") and not run.full else date.min
    since = max(oldest, again)
    # A row repeated to the letter is the same payment twice; equal payments differ by their references.
    rows = list(dict.fromkeys(await run.portal.payments(since, newest)))
    listed = dict(zip(ranked_ids((row.paid_on, row.kind, row.amount) for row in rows), rows, strict=True))
    known = run.store.book.between(max(floor, again).isoformat(), newest.isoformat())
    if len(listed) < len(known):
        run.problem(ListShrunk(list="payments", listed=len(listed), known=len(known)))
    with run.store.step():
        saved = run.store.book.save(
            (_head(key, row) for key, row in listed.items()), (row.pdf_href is not None for row in rows)
        )
        run.store.set_sync_state(payments=state | {"oldest": floor.isoformat(), "until": newest.isoformat()})
    run.result.new["payments"] += saved.new
    wanted = [key for key in listed if run.full or not known.get(key)]
    if await _details(run, listed, wanted):
        walked = run.store.sync_state()["payments"] | {"walked": True}
        run.store.set_sync_state(payments=walked)


async def _details(run: SyncRun, listed: dict[str, PaymentRow], wanted: list[str]) -> bool:
    """Fetch the details; False when it gave up because they are not understood any more."""
    ranks = _ranks(listed)
    batch: list[Payment] = []
    bad = 0

    def commit() -> None:
        if batch:
            with run.store.step():
                saved = run.store.book.save(batch, [listed[one.id].pdf_href is not None or bool(one.document)
                                                    for one in batch])
            run.result.changed += saved.changed
            batch.clear()

    try:
        for done, key in enumerate(wanted):
            run.progress("payments", done, len(wanted))
            try:
                payment = await run.portal.payment(listed[key], ranks[key])
            except (PortalChanged, ServerFault) as error:
                run.problem(error)
                bad += 1
                if bad >= GIVE_UP_AFTER:
                    return False
                continue
            bad = 0
            batch.append(msgspec.structs.replace(payment, id=key))
            if len(batch) >= BATCH:
                commit()
        run.progress("payments", len(wanted), len(wanted))
    finally:
        commit()
    return True


def _expected_oldest(state: dict[str, str], oldest: date, newest: date) -> date:
    """The oldest day the service should list: its window slides with the days, it does not shrink."""
    if "oldest" not in state:
        return oldest
    slid = date.fromisoformat(state["oldest"]) + (newest - date.fromisoformat(state["until"]))
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
