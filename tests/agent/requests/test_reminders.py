"""Deadlines of an open vault, and each one told once when it comes close."""

from datetime import timedelta
from pathlib import Path

import pytest

from agent.account import Message
from agent.procedures.registry import procedure
from agent.requests import RequestService
from agent.requests.reminders import gather, newly_close
from tests.agent.bench import Bench
from tests.agent.store.helpers import keep_message


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """An open vault."""
    return Bench(tmp_path)


def draft(bench: Bench, asked_days_ago: int) -> None:
    """Keep a draft that answers a message of some days ago."""
    ask = RequestService(bench.store, now=bench.clock, today=lambda: bench.today)
    asked_on = (bench.today - timedelta(days=asked_days_ago)).isoformat()
    ask.start(procedure("supporting-document"), {"why": "file_to_complete", "asked_on": asked_on}, [], draft=True)


def test_a_deadline_that_came_close_is_counted_once(bench: Bench) -> None:
    world = RequestService(bench.store, today=lambda: bench.today).world()
    assert newly_close(bench.store, world) == 0
    draft(bench, 15)
    assert [one["days_left"] for one in gather(bench.store, world)] == [6]
    assert newly_close(bench.store, world) == 1
    assert newly_close(bench.store, world) == 0
    draft(bench, 16)
    assert newly_close(bench.store, world) == 1


def test_a_message_of_the_inbox_that_asks_for_papers_is_a_deadline(bench: Bench) -> None:
    keep_message(bench.store, Message(
        id="m1", received_on=bench.today, sender="CPAM", subject="Vous avez un dossier à compléter", body="Bonjour"))
    found = gather(bench.store, RequestService(bench.store, today=lambda: bench.today).world())
    assert [(one["id"], one["days_left"]) for one in found] == [("m1:complete", 21)]


def test_a_request_of_a_newer_version_of_the_program_stops_nothing(bench: Bench) -> None:
    draft(bench, 15)
    (_, kept), = bench.store.requests.table.items()
    bench.store.requests.save({**kept, "procedure": "teleport"})
    assert gather(bench.store, RequestService(bench.store, today=lambda: bench.today).world()) == []
