"""The power goes between any two calls to the disk while rounds are sealed and merged: none acknowledged is lost, and
none counts twice."""

import random
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, cast

import pytest

from agent.account.batch import Batch
from agent.protocol.account import SyncRun
from agent.store import Store
from agent.store.account_records import SessionRecord
from agent.store.apply import apply
from agent.vault import Vault
from agent.vault.inbox import Inbox
from agent.vault.sealed_rounds import Epoch
from agent.watch import merging
from agent.watch.entering import enter
from agent.watch.merging import merge
from agent.watch.note import NoteFile, SignInBegun, WatchNote
from agent.watch.sealing import Sealer, begin_epoch
from agent.watch.ticket import Ticket, make_ticket
from tests.agent.store.helpers import TODAY
from tests.agent.vault.simfs import SimFile, SimFs
from tests.agent.vault.support import FOLDER, NOW, create, dice, unlock
from tests.agent.vault.test_backup_power_cut import States
from tests.agent.watch.helpers import content, rounds

MARK = Path("/state/high-water")


@pytest.fixture(autouse=True)
def counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Applying counts in the same step: twice would show, though applying twice comes to the same."""
    def counting(store: Store, batch: Batch) -> Any:
        applied = apply(store, batch)
        table = store.vault.db.table("counted")
        table.put("n", {"n": (table.fetch("n") or {"n": 0})["n"] + 1})
        return applied

    monkeypatch.setattr(merging, "apply", counting)


def opened(disk: SimFs) -> Store:
    """Unlock a disk, as the program does: merged before anything is shown."""
    vault = unlock(fs=disk, high_water=MARK)
    store = Store(vault, today=lambda: TODAY)
    merge(vault, store)
    return store


def seen(store: Store) -> tuple[dict[str, Any], int]:
    count = store.vault.db.table("counted").fetch("n")
    return content(store), count["n"] if count else 0


def wanted(done: Sequence[Sequence[Batch]]) -> tuple[dict[str, Any], int]:
    """What so many rounds come to, applied directly."""
    vault, _ = create(fs=SimFs(folders=(FOLDER.parent,)))
    store = Store(vault, today=lambda: TODAY)
    batches = [batch for one in done for batch in one]
    for batch in batches:
        apply(store, batch)
    return content(store), len(batches)


Seen = tuple[dict[str, Any], int]


def check(*allowed: Seen) -> Callable[[SimFs], None]:
    """What any disk must come to, when it is opened and opened again."""
    def look(disk: SimFs) -> None:
        for again in (False, True):
            store = opened(disk)
            assert seen(store) in allowed, f"lost, doubled or wrong; merged again: {again}"
            assert (store.account.watch.read(), store.needs()) == (None, [])
            assert not [path for path in disk.files() if path.parent.name == "inbox"]
            cast(Vault, store.vault).lock()

    return look


def locking(states: States, fs: SimFs, store: Store, done: list[list[Batch]], to_come: list[list[Batch]]) -> Store:
    """Begin, lock, seal, unlock, merge, cut at each call."""
    begun: list[Epoch] = []
    vault, before = cast(Vault, store.vault), wanted(done)
    name = f"after {len(done)}"
    states.during(fs, f"begin {name}", lambda: begun.append(begin_epoch(vault, store)), check(before))
    states.during(fs, f"lock {name}", vault.lock, check(before))
    sealer = Sealer(begun[0], Inbox(fs, FOLDER))
    for batches in to_come:
        after = wanted([*done, batches])
        states.during(fs, f"seal after {len(done)}", partial(sealer.seal, batches), check(before, after))
        done.append(batches)
        before = after
    left: list[Store] = []
    states.during(fs, f"unlock and merge {name}", lambda: left.append(opened(fs)), check(before))
    assert seen(left[0]) == before
    return left[0]


def lived(samples: int, seed: int) -> States:
    """Two lockings with three rounds each; look at every disk that a cut can leave."""
    states = States(samples)
    states.luck = random.Random(seed)
    fs = SimFs(folders=(FOLDER.parent,))
    vault, _ = create(fs=fs, random=dice("sealed"), high_water=MARK)
    store, done, batches = Store(vault, today=lambda: TODAY), list[list[Batch]](), rounds()
    for to_come in (batches[:3], batches[2:]):
        store = locking(states, fs, store, done, to_come)
    return states


def spoilt(samples: int, seed: int) -> States:
    """A merge that puts a damaged round aside: the others come, once, and it is told, once."""
    states = States(samples)
    states.luck = random.Random(seed)
    fs = SimFs(folders=(FOLDER.parent,))
    vault, _ = create(fs=fs, random=dice("spoilt"), high_water=MARK)
    sealer = Sealer(begin_epoch(vault, Store(vault)), Inbox(fs, FOLDER))
    vault.lock()
    for batches in rounds():
        sealer.seal(batches)
    [second] = [path for path, data in fs.files().items() if path.parent.name == "inbox" and data[31] == 2]
    files = fs.files()
    fs = SimFs({**files, second: files[second][:-1] + b"!"}, tuple(fs.folders))

    def look(disk: SimFs) -> None:
        for _ in range(2):
            store = opened(disk)
            assert seen(store) == after
            assert sorted(problem["code"] for problem in store.needs()) == ["rounds_damaged", "rounds_missing"]
            assert store.account.watch.read() is None
            assert [path.name for path in disk.files() if path.parent.name == "inbox"] == [f"bad-{second.name}"]
            cast(Vault, store.vault).lock()

    after = seen(opened(fs.copy()))
    assert after[1] == 5, "all batches but the one of the second round"
    states.during(fs, "unlock and put aside", lambda: opened(fs), look)
    return states


SESSIONS: list[SessionRecord] = [
    {"cookies": [{"name": "sid", "value": value}], "trusted_device": None, "csrf": None} for value in ("old", "new")]
BEGUN = WatchNote(watching=True, sign_in=SignInBegun(at="2026-11-23T09:00:00+00:00"))
RAN: SyncRun = {
    "started": "2026-11-23T10:00:00+00:00", "trigger": "schedule", "failed": False, "requests": 5, "changed": 0,
    "new": {"payments": 2, "documents": 0, "messages": 1}, "problems": [], "seconds": 0.1, "steps": {}}


def ticketed(samples: int, seed: int) -> States:
    """A locking as the agent makes it: ticket, note, a sign-in, rounds; then all that it brought is entered."""
    states = States(samples)
    states.luck = random.Random(seed)
    fs = SimFs(folders=(FOLDER.parent, MARK.parent))
    vault, _ = create(fs=fs, random=dice("ticket"), high_water=MARK)
    store, note = Store(vault, today=lambda: TODAY), NoteFile(MARK.parent / "watching.json", fs)
    store.set_credentials("2850578006048", None)
    store.account.session.write(SESSIONS[0])
    for number in range(2):
        store = watched_through(states, fs, store, note, number)
    return states


def watched_through(states: States, fs: SimFs, store: Store, note: NoteFile, number: int) -> Store:
    """One locking with its rounds and its end."""
    vault, name, made = cast(Vault, store.vault), f"locking {number}", list[Ticket]()
    sessions, runs = store.account.session.read(), len(store.runs.newest())

    def whole(*counts: int) -> Callable[[SimFs], None]:
        """The rounds are there, or those of them; what the ticket brought is there whole, or not at all."""
        def look(disk: SimFs) -> None:
            for ticket in (None, made[0] if made and len(counts) == 1 else None):
                store = opened(disk)
                if ticket is not None:
                    enter(ticket, store)
                entered = (store.account.session.read(), len(store.runs.newest()))
                assert entered in ((sessions, runs), (SESSIONS[1], 1))
                assert len(store.payments) in counts and store.needs() == []
                cast(Vault, store.vault).lock()
            noted = NoteFile(MARK.parent / "watching.json", disk).read()
            assert noted in (WatchNote(), WatchNote(watching=True), BEGUN)

        return look

    before = len(store.payments)
    states.during(fs, f"ticket, {name}", lambda: made.append(make_ticket(
        vault, store, base_url="http://127.0.0.1:1", identity_url="http://127.0.0.1:2", may_sign_in=False, now=NOW,
        today=TODAY, random=dice(name))), whole(before))
    states.during(fs, f"note, {name}", lambda: note.write(WatchNote(watching=True)), whole(before))
    states.during(fs, f"lock, {name}", vault.lock, whole(before))
    [ticket] = made
    states.during(fs, f"sign-in begins, {name}", lambda: note.write(BEGUN), whole(before))
    states.during(fs, f"sign-in ends, {name}", lambda: note.write(WatchNote(watching=True)), whole(before))
    sealer = Sealer(ticket.sealing_epoch(), Inbox(fs, FOLDER), dice(f"{name} rounds"))
    for batches in rounds()[:3]:
        states.during(fs, f"seal, {name}", partial(sealer.seal, batches), whole(before, 2))
        before = 2
    ticket.number, ticket.chain_key = sealer.epoch.number, sealer.epoch.chain_key
    ticket.session, ticket.runs, ticket.polls = SESSIONS[1], [RAN], 1
    left: list[Store] = []

    def unlocked() -> None:
        store = opened(fs)
        enter(ticket, store)
        left.append(store)

    states.during(fs, f"unlock, merge and enter, {name}", unlocked, whole(2))
    assert left[0].account.session.read() == SESSIONS[1]
    return left[0]


def test_a_cut_at_any_moment_of_sealing_and_merging_loses_and_doubles_nothing() -> None:
    lives = [lived(samples=1, seed=1), spoilt(samples=1, seed=1), ticketed(samples=1, seed=1)]
    different = sum(len(states.seen) for states in lives)
    print(f"{different} different disks, {sum(len(states.moments) for states in lives)} moments")
    assert different > 220


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_thousands_of_different_cuts_of_sealing_and_merging_lose_and_double_nothing() -> None:
    lives = [life(40, seed) for seed in range(12) for life in (lived, spoilt, ticketed)]
    different, moments = sum(len(states.seen) for states in lives), len({one for life in lives for one in life.moments})
    print(f"{different} different disks, {moments} moments: 0 lost, 0 doubled")
    assert different >= 20_000


def test_the_simulation_notices_a_disk_that_does_not_flush(monkeypatch: pytest.MonkeyPatch) -> None:
    fs = SimFs(folders=(FOLDER.parent,))
    vault, _ = create(fs=fs, random=dice("sealed"), high_water=MARK)
    sealer = Sealer(begin_epoch(vault, Store(vault)), Inbox(fs, FOLDER))
    vault.lock()
    monkeypatch.setattr(SimFile, "sync", lambda file: file.fs.after())
    sealer.seal(rounds()[0])
    lost = 0
    for disk in fs.crash_states(random.Random(1), 4):
        store = opened(disk)
        lost += len(store.payments) == 0
    assert lost
