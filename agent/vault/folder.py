"""The vault's folder: whether there is a vault in it, what is left of one, and who has it open."""

from pathlib import Path

from agent.vault import header, highwater
from agent.vault.blobs import FOLDER as BLOBS
from agent.vault.errors import VaultExists
from agent.vault.fs import Fs, Held, RealHeld, reading
from agent.vault.journal import journal_numbers
from agent.vault.snapshot import snapshot_generation, snapshot_name

LOCK = "lock"


def has_header(fs: Fs, folder: Path) -> bool:
    """Whether there is a vault in this folder."""
    return fs.exists(folder / header.NAME) or fs.exists(folder / header.COPY)


def without_key(fs: Fs, folder: Path) -> bool:
    """Whether somebody's data are here but no header: nobody can open them.

    An interrupted creation leaves an empty first snapshot at most: that is no vault yet. Raises ``OSError``.
    """
    if has_header(fs, folder):
        return False
    mark = {highwater.NAME, highwater.NAME + highwater.UNFINISHED}
    names = set(fs.names(folder)) - mark - {LOCK, BLOBS, snapshot_name(1)}
    return bool(fs.names(folder / BLOBS)) or any(not name.startswith("tmp-") for name in names)


def refuse_to_overwrite(fs: Fs, folder: Path) -> None:
    """Raise `VaultExists` when a vault, or what is left of one, is here."""
    with reading("vault"):
        if has_header(fs, folder) or without_key(fs, folder):
            raise VaultExists


def hold(fs: Fs, folder: Path) -> tuple[Held, OSError | None]:
    """Take the vault's lock; with it why nothing may be written, when the lock's file cannot be opened for writing.

    Raises `VaultBusy`, `VaultUnreadable`.
    """
    with reading(LOCK):
        held = fs.hold(folder / LOCK)
    return held, held.refused if isinstance(held, RealHeld) else None


def keeps_all_out(held: Held) -> bool:
    """Whether no other process can have the vault open for writing."""
    return not isinstance(held, RealHeld) or held.whole


def generation_of(name: str) -> int | None:
    """The generation that a file belongs to; None when it belongs to none."""
    numbers = journal_numbers(name)
    return numbers[0] if numbers else snapshot_generation(name)
