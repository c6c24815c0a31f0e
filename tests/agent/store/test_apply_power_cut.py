"""The power goes between any two calls to the disk while batches come in and imports are taken back: each is there
whole or not at all, and coming again it is there once."""

import random
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from agent.account.batch import BankAccount, BankLine, Batch, DocumentRead, PaymentRead, ProfileRead
from agent.store import Store
from agent.store.apply import apply
from agent.store.undo import undo
from tests.agent.store.helpers import TODAY
from tests.agent.store.test_apply import (
    DAY,
    MOMENTS,
    PROFILE,
    D,
    Document,
    everything,
    log,
    message_read,
    visit,
)
from tests.agent.vault.simfs import SimFile, SimFs
from tests.agent.vault.support import FOLDER, create, dice, unlock
from tests.agent.vault.test_backup_power_cut import States

MARK = Path("/state/high-water")
Step = tuple[str, Callable[[Store], object]]


def steps(chance: random.Random) -> list[Step]:
    """What may happen to a store, in some order: batches of all ways, and imports taken back and brought again."""
    pdf = Document(id="", kind="decompte", title="", date=DAY, filename="")
    paper = Batch(way="statement", source="pdf", at=MOMENTS[1],
                  documents=(DocumentRead(document=pdf, data=b"%PDF", of=0),),
                  payments=(PaymentRead(payment=msgspec.structs.replace(visit(code="G"), id=""), ranked=False),))
    other = Batch(way="statement", source="pdf2", at=MOMENTS[1], payments=(PaymentRead(
        payment=msgspec.structs.replace(visit(DAY.replace(day=3), "LOU"), id=""), ranked=False),))
    heads = Batch(way="sync", at=MOMENTS[2], notes={"payments": {"until": DAY.isoformat()}}, payments=tuple(
        PaymentRead(payment=visit(rank=rank, whole=False, label="Actes")) for rank in range(2)))
    details = Batch(way="sync", at=MOMENTS[3], payments=(
        PaymentRead(payment=visit(rank=0, label="Actes"), offered=True),
        PaymentRead(payment=visit(DAY.replace(day=3), "LOU", rank=1, label="Actes"), offered=True)))
    person = Batch(way="sync", at=MOMENTS[4], profile=ProfileRead(profile=PROFILE, on=TODAY))
    recording = Batch(way="recording", source="har", at=MOMENTS[5], messages=(message_read("a", 2, "Bonjour"),),
                      payments=(PaymentRead(payment=visit(rank=0, label="Actes")),))
    line = BankLine(on=DAY, amount=D("17.50"), label="VIR CPAM", payer="fund")
    bank = Batch(way="file", source="ofx", at=MOMENTS[6],
                 bank=(BankAccount(account="one", covered=((DAY, DAY),), lines=(line,)),))
    batches = [paper, other, heads, details, person, recording, bank]
    chance.shuffle(batches)
    life: list[Step] = [(f"apply {batch.way} {batch.source}", lambda store, batch=batch: apply(store, batch))
                        for batch in batches]
    for source in ("pdf", "har", "ofx", "pdf2"):
        life.append((f"log {source}", lambda store, source=source: log(store, source)))
        life.append((f"undo {source}", lambda store, source=source: undo(store, source, MOMENTS[7])))
    life += [(f"again {batch.source}", lambda store, batch=batch: apply(store, batch)) for batch in batches
             if batch.source]
    return life


def lived(samples: int, seed: int) -> States:
    """Cut the power at each call of each step, and look at every disk that can be left."""
    states, chance = States(samples), random.Random(seed)
    fs = SimFs(folders=(FOLDER.parent,))
    vault, _ = create(fs=fs, random=dice("apply"), high_water=MARK)
    store = Store(vault, today=lambda: TODAY)
    for name, step in steps(chance):
        life = [(name, step)]
        if chance.random() < 0.2:
            life.append((f"fold after {name}", lambda _store: vault.compact()))
        for operation, work in life:
            before, left = everything(store), list[SimFs]()
            states.during(fs, operation, lambda work=work: work(store), left.append)
            after = everything(store)
            for disk in left:
                other = Store(unlock(fs=disk, high_water=MARK), today=lambda: TODAY)
                assert everything(other) in (before, after), f"a part of: {operation}"
                if work is step:
                    step(other)
                    assert everything(other) == after, f"lost or doubled by a second time: {operation}"
    return states


def test_a_cut_at_any_moment_leaves_each_batch_and_each_undoing_whole_or_undone() -> None:
    states = lived(samples=2, seed=1)
    assert len(states.seen) > 200


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_thousands_of_different_cuts_lose_and_double_nothing() -> None:
    seen = [lived(samples=160, seed=seed) for seed in range(5)]
    assert sum(len(states.seen) for states in seen) > 20_000


def test_the_simulation_notices_a_disk_that_does_not_flush(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SimFile, "sync", lambda file: file.fs.after())
    store_lost = 0
    fs = SimFs(folders=(FOLDER.parent,))
    vault, _ = create(fs=fs, random=dice("apply"), high_water=MARK)
    apply(Store(vault), Batch(way="sync", at=MOMENTS[0], payments=(PaymentRead(payment=visit()),)))
    for disk in fs.crash_states(random.Random(1), 4):
        try:
            store_lost += len(Store(unlock(fs=disk, high_water=MARK)).payments) == 0
        except Exception:  # noqa: BLE001 - unreadable is noticed too
            store_lost += 1
    assert store_lost
