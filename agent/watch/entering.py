"""What a locked agent did, entered in the vault when it is open again: the session, the plan, the log, refusals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.watch.errors import ENDED_BY_UNLOCKING, RefusedWhileLocked

if TYPE_CHECKING:
    from agent.protocol.problems import Problem
    from agent.store import Store
    from agent.watch.note import WatchNote
    from agent.watch.ticket import Ticket


def enter(ticket: Ticket, store: Store) -> None:
    """Enter all that the ticket tells, in one durable step; twice comes to the same."""
    book, needs, plan = store.account, ticket.needs, ticket.plan
    if needs is not None and needs["code"] in ENDED_BY_UNLOCKING:
        needs = None
        plan = {**plan, "waiting_for": None} if plan is not None else None
    with store.step():
        if ticket.session is not None:  # else the one before stays: with it this device is known
            before = book.session.read() or {}
            device = ticket.session.get("trusted_device") or before.get("trusted_device")
            book.session.write({**ticket.session, "trusted_device": device})
        if plan is not None:
            book.schedule.write(plan)
        if ticket.sign_in_at is not None:
            book.sign_in.write({"at": ticket.sign_in_at})
        for run in ticket.runs:
            store.runs.add(run)
        if ticket.last_sync is not None:
            store.set_sync_state(last=ticket.last_sync)
        if needs is not None:
            if ticket.refused:
                _trip(store, needs, ticket.sign_in_at or ticket.since)
            _need(store, needs)


def enter_note(note: WatchNote, store: Store) -> None:
    """What is known of a sign-in whose ticket was lost: a refused password is not tried again."""
    begun = note.sign_in
    if begun is None or not begun.at:
        return
    with store.step():
        store.account.sign_in.write({"at": begun.at})
        if begun.refused is not None and store.account.breaker.read() is None:
            problem = RefusedWhileLocked().problem()
            _trip(store, problem, begun.at)
            _need(store, problem)


def _trip(store: Store, problem: Problem, at: str) -> None:
    book, credentials = store.account, store.credentials()
    if credentials is not None and credentials["password"]:
        book.breaker.write({
            "fingerprint": book.fingerprint(credentials["nir"], credentials["password"]), "problem": problem, "at": at})


def _need(store: Store, problem: Problem) -> None:
    problems = store.kept_needs()
    if problem not in problems:
        store.set_needs([problem, *problems])
