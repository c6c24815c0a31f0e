"""The locked side of the inbox: rounds and files go in, and this program cannot read them again."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from agent.vault.errors import VaultWriteFailed
from agent.vault.sealed_rounds import Epoch, EpochSecret
from agent.watch.packing import pack
from agent.watch.sealed_file import SealedFile, pack_file

if TYPE_CHECKING:
    from agent.account.batch import Batch
    from agent.store import Store
    from agent.vault import Vault
    from agent.vault.inbox import Inbox
    from agent.vault.keys import Random


def begin_epoch(vault: Vault, store: Store, random: Random = os.urandom) -> Epoch:
    """Make what seals from the next locking on; what opens it is kept in the vault, durably, before this returns.

    Raises `VaultWriteFailed`, `VaultStopped`, `VaultReadOnly`, `VaultLocked`.
    """
    vault.ensure_writable()
    vault.inbox.make()
    secret = EpochSecret.new(random)
    with store.step():
        watch = store.account.watch.read()
        epochs = watch["epochs"] if watch is not None else []
        store.account.watch.write({"epochs": [*epochs, {
            "epoch": secret.name.hex(), "private_key": secret.private_key.hex(),
            "chain_start": secret.chain_start.hex(), "merged": 0, "gap": False}]})
    return secret.epoch(bytes.fromhex(vault.identity))


class Sealer:
    """Seals rounds and files, one file of the inbox each. For one caller at a time."""

    def __init__(self, epoch: Epoch, inbox: Inbox, random: Random = os.urandom) -> None:
        self.epoch = epoch
        self._inbox, self._random = inbox, random

    def seal(self, batches: Sequence[Batch]) -> int:
        """Keep a round's batches, one of nothing too; return its number once it is on the disk.

        Raises `VaultWriteFailed` (nothing counts: it may be sealed again), `VaultStopped` (it may count or not: the
        next one has another number, so that neither is taken for the other).
        """
        return self._keep(pack(batches))

    def seal_file(self, file: SealedFile) -> int:
        """Keep a file of the watched folder, as a round of its own. Returns and raises as ``seal``."""
        return self._keep(pack_file(file))

    def _keep(self, plain: bytes) -> int:
        number = self.epoch.number
        sealed = self.epoch.seal(plain)
        del plain
        try:
            self._inbox.write(sealed, self._random)
        except VaultWriteFailed:
            raise
        except BaseException:
            self.epoch.step()
            raise
        self.epoch.step()
        return number
