"""Rounds as a locked agent seals them, and stores over a real vault that they come back to."""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from agent.account import Document
from agent.account.batch import Batch, DocumentRead, PaymentRead, ProfileRead
from agent.store import Store
from agent.vault.inbox import Inbox
from agent.watch.sealing import Sealer, begin_epoch
from tests.agent.store.helpers import TODAY, new_vault, reopen
from tests.agent.store.test_apply import DAY, MOMENTS, PROFILE, everything, message_read, visit


def spoilt(data: bytes) -> bytes:
    """The same bytes but for one bit."""
    return data[:-1] + bytes([data[-1] ^ 1])


class Home:
    """A vault in a folder of its own, and what seals rounds for it while it is locked."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp()) / "vault"
        self.vault = new_vault(self.folder)
        self.store = Store(self.vault, today=lambda: TODAY)
        self.inbox = self.folder / "inbox"

    def locked(self) -> Sealer:
        """Lock; what seals from now on."""
        epoch = begin_epoch(self.vault, self.store)
        self.vault.lock()
        return Sealer(epoch, Inbox(self.vault._fs, self.folder))

    def unlocked(self) -> Store:
        """Open again, nothing merged yet."""
        self.vault = reopen(self.vault, self.folder)
        self.store = Store(self.vault, today=lambda: TODAY)
        return self.store

    def files(self) -> list[Path]:
        """The rounds, in the order in which they were sealed."""
        return sorted(self.inbox.iterdir(), key=lambda path: path.read_bytes()[8:32])

    def codes(self) -> list[str]:
        """What the person is told."""
        return [problem["code"] for problem in self.store.needs()]


def content(store: Store) -> dict[str, Any]:
    """All that a store keeps, but for what the inbox notes of itself."""
    kept = everything(store)
    for name in ("watch", "needs"):
        kept["kept"]["account"].pop(name, None)
    return kept


def sealed(sealer: Sealer, rounds: Sequence[Sequence[Batch]]) -> None:
    for batches in rounds:
        sealer.seal(batches)


def note(until: str, moment: str) -> Batch:
    """That payments were listed until a day."""
    return Batch(way="sync", at=moment, notes={"payments": {"until": until}})


def rounds() -> list[list[Batch]]:
    """Five rounds of one locking: rows, details with a file, nothing new, a message with its files, the person."""
    paper = Document(id="", kind="decompte", title="", date=DAY, filename="")
    return [
        [Batch(way="sync", at=MOMENTS[0], payments=tuple(
            PaymentRead(payment=visit(rank=rank, whole=False, label="Actes")) for rank in range(2))),
         note("2026-11-20", MOMENTS[1])],
        [Batch(way="sync", at=MOMENTS[2], payments=(
            PaymentRead(payment=visit(rank=0, label="Actes"), offered=True),),
            documents=(DocumentRead(document=paper, data=b"%PDF" * 2_000, of=0),))],
        [],
        [Batch(way="sync", at=MOMENTS[4], messages=(message_read("a", 2, "Bonjour"),)), note("2026-11-22", MOMENTS[5])],
        [Batch(way="sync", at=MOMENTS[6], profile=ProfileRead(profile=PROFILE, on=TODAY),
               notes={"profile": "2026-11-23"})],
    ]
