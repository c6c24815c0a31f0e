"""The power goes between any two calls to the disk while a file of the watched folder is sealed, noted and taken in: it
is there in the end, and counts once."""

import asyncio
import random
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any, cast

import pytest

from agent.account.batch import Batch
from agent.files.imports import Desk, Taken, bank_file
from agent.money import Money
from agent.store import Store
from agent.store.apply import apply
from agent.vault import Vault
from agent.vault.inbox import Inbox
from agent.watch.merging import merge
from agent.watch.sealed_file import SealedFile
from agent.watch.sealing import Sealer, begin_epoch
from agent.watch.taking_in import TakingIn
from tests.agent.files.formats.bank.files import ofx_old
from tests.agent.store.helpers import TODAY
from tests.agent.vault.simfs import SimFs
from tests.agent.vault.support import FOLDER, create, dice, unlock
from tests.agent.vault.test_backup_power_cut import States
from tests.agent.watch.helpers import rounds

MARK = Path("/state/high-water")
FILES = [SealedFile.of(f"{day}.ofx", ofx_old([(date(2026, 10, day), Decimal(day), "VIR SEPA CPAM PARIS 2629")]))
         for day in (3, 9)]
Seen = tuple[list[str], int, int]
"""Euros of the bank lines, how often a file was applied, and how many payments are known."""


@pytest.fixture(autouse=True)
def counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Taking in counts in the same step: twice would show, though taking in twice comes to the same."""
    def counting(store: Store, batch: Batch) -> Any:
        table = store.vault.db.table("counted")
        table.put("n", {"n": (table.fetch("n") or {"n": 0})["n"] + 1})
        return apply(store, batch)

    monkeypatch.setattr(bank_file, "apply", counting)


async def no_word(_taken: Taken) -> None:
    """Nobody listens."""


def opened(disk: SimFs) -> Store:
    """Unlock a disk and take in what was sealed, as the program does."""
    vault = unlock(fs=disk, high_water=MARK)
    store = Store(vault, today=lambda: TODAY)
    merge(vault, store)
    desk = Desk(store, Money(store, today=lambda: TODAY), lambda: datetime(2026, 11, 23, 8, tzinfo=UTC))
    taking = TakingIn(vault, store, lambda: desk, no_word)
    asyncio.run(taking.take_in())
    assert taking.problems == []
    return store


def seen(store: Store) -> Seen:
    count = store.vault.db.table("counted").fetch("n")
    amounts = sorted(str(one["amount"]) for one in store.bank.credits())
    return amounts, count["n"] if count else 0, len(store.payments)


def check(*allowed: Seen) -> Callable[[SimFs], None]:
    """What any disk must come to, when it is opened and opened again."""
    def look(disk: SimFs) -> None:
        for again in (False, True):
            store = opened(disk)
            assert seen(store) in allowed, f"lost, doubled or wrong; once more: {again}"
            assert (store.account.watch.read(), store.needs()) == (None, [])
            assert not [path for path in disk.files() if path.parent.name == "inbox"]
            cast(Vault, store.vault).lock()

    return look


def lived(samples: int, seed: int) -> States:
    """Lockings in which files and rounds are sealed, one of them twice as after a kill; look at every disk."""
    states = States(samples)
    states.luck = random.Random(seed)
    fs = SimFs(folders=(FOLDER.parent,))
    vault, _ = create(fs=fs, random=dice("folder"), high_water=MARK)
    store, batches = Store(vault, today=lambda: TODAY), rounds()
    for number, file in enumerate(FILES):
        before: Seen = ([f"{day}.00" for day in (3, 9)[:number]], number, 2 * number)
        after: Seen = ([f"{day}.00" for day in (3, 9)[: number + 1]], number + 1, 2 * number)
        sealer = Sealer(begin_epoch(vault, store), Inbox(fs, FOLDER))
        vault.lock()
        states.during(fs, f"seal file {number}", partial(sealer.seal_file, file), check(before, after))
        sealer.seal_file(file)  # what noted that it was sealed was lost
        sealer.seal(batches[0])
        done: Seen = (after[0], after[1], 2)
        left: list[Store] = []
        states.during(fs, f"unlock and take in {number}", lambda left=left: left.append(opened(fs)), check(done))  # type: ignore[misc]
        assert seen(left[0]) == done
        store, vault = left[0], cast(Vault, left[0].vault)
    return states


def test_a_cut_at_any_moment_of_sealing_and_taking_in_a_file_loses_and_doubles_nothing() -> None:
    states = lived(samples=1, seed=1)
    print(f"{len(states.seen)} different disks, {len(states.moments)} moments")
    assert len(states.seen) > 60


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_hundreds_of_different_cuts_of_sealing_and_taking_in_files_lose_and_double_nothing() -> None:
    lives = [lived(30, seed) for seed in range(6)]
    different, moments = sum(len(states.seen) for states in lives), len({one for life in lives for one in life.moments})
    print(f"{different} different disks, {moments} moments: 0 lost, 0 doubled")
    assert different >= 1_000
