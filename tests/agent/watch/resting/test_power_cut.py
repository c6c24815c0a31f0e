"""The power goes between any two calls to the disk while a ticket is written or forgotten."""

import random
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from agent.watch.resting.ticket_file import TicketFile, Unread
from tests.agent.vault.simfs import SimFile, SimFs
from tests.agent.vault.test_backup_power_cut import States

PATH = Path("/state/watch")
KEY = bytes(range(32))
Result = bytes | Unread


def check(*allowed: Result) -> Callable[[SimFs], None]:
    """What may be read from a disk that a cut left; and it takes the next ticket."""
    def look(disk: SimFs) -> None:
        file = TicketFile(PATH, disk)
        assert file.read(KEY) in allowed, "neither the old ticket nor the new one"
        file.write(b"after the cut", KEY)
        assert file.read(KEY) == b"after the cut"
        assert [path.name for path in disk.files()] == ["watch"]

    return look


def lived(samples: int, seed: int) -> tuple[States, set[Result]]:
    """Write, replace and forget, cut at each call; the disks, and what is read after all is forgotten."""
    states, dice = States(samples), random.Random(seed)
    states.luck = random.Random(seed + 1)
    fs = SimFs(folders=(PATH.parent,))
    file = TicketFile(PATH, fs, dice.randbytes)
    kept: Result = Unread.MISSING
    for number, size in enumerate((10, 9_000, 100, 30_000)):
        ticket = bytes([number]) * size
        states.during(fs, f"write {number}", partial(file.write, ticket, KEY), check(kept, ticket))
        kept = ticket
        for disk in fs.crash_states(dice, samples):
            assert TicketFile(PATH, disk).read(KEY) == ticket, "an acknowledged ticket is lost"
    states.during(fs, "forget", file.forget, check(kept, Unread.MISSING))
    return states, {TicketFile(PATH, disk).read(KEY) for disk in fs.crash_states(dice, samples)}


@pytest.mark.parametrize(("lives", "samples", "least"), [
    (4, 20, 100), pytest.param(20, 400, 4_000, marks=pytest.mark.slow)])
def test_after_any_cut_the_old_ticket_is_read_or_the_new_one(lives: int, samples: int, least: int) -> None:
    different = moments = 0
    for seed in range(lives):
        states, forgotten = lived(samples, seed)
        assert forgotten == {Unread.MISSING}, "what was forgotten stays so"
        different, moments = different + len(states.seen), len(states.moments)
    print(f"{different} different disks, {moments} moments")
    assert different > least


def test_the_simulation_notices_a_disk_that_does_not_flush(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SimFile, "sync", lambda file: file.fs.after())
    with pytest.raises(AssertionError):
        lived(20, seed=5)
