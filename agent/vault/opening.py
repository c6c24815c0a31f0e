"""From a passphrase or a code to the keys of a vault, and what is wrong with its header and its mark."""

from pathlib import Path
from typing import NamedTuple

from agent.vault import header as headers
from agent.vault import highwater
from agent.vault.errors import CopyNotOpened, WrongPassphrase
from agent.vault.findings import Finding
from agent.vault.folder import generation_of
from agent.vault.fs import Fs, RealFs, reading
from agent.vault.highwater import HighWater
from agent.vault.keys import FLOOR, KdfCost, VaultKeys
from agent.vault.position import Position
from agent.vault.snapshot import snapshot_name


class KeysFound(NamedTuple):
    """What opens a vault's files."""

    header: headers.Header
    keys: VaultKeys
    mark: HighWater
    seen: Position | None
    """The highest place that the mark notes; None without a mark of this vault."""
    wrong: list[Finding]
    """Of the header, its copy and the mark."""


def open_keys(
    fs: Fs, folder: Path, *, passphrase: str | bytes | bytearray | None, recovery_code: str | None, by_copy: bool,
    floor: KdfCost, high_water: Path | None, mark_wanted: bool,
) -> KeysFound:
    """Open a vault's header, or (``by_copy``) its copy where the header is damaged.

    ``mark_wanted``: one that is missing is noted as wrong. Raises as `Vault.unlock`; writes nothing.
    """
    data = headers.load_header(fs, folder, salvage=by_copy)
    with reading(headers.NAME):
        wrong = headers.damages(fs, folder, data)
    try:
        header, keys = headers.open_header(data, passphrase=passphrase, recovery_code=recovery_code, floor=floor)
    except WrongPassphrase as error:
        if any(one.kind == "header" for one in wrong):
            raise CopyNotOpened from error
        raise
    mark = HighWater(fs, high_water or folder / highwater.NAME, keys)
    with reading(highwater.NAME):
        slots = mark.slots()
    seen = max((one for one in slots if one is not None), default=None)
    if seen is None and mark_wanted:
        wrong.append(Finding("mark", highwater.NAME, "missing"))
    elif seen is not None and None in slots:
        wrong.append(Finding("mark", highwater.NAME, "damaged"))
    return KeysFound(header, keys, mark, seen, wrong)


def alone(fs: Fs, folder: Path, place: Position) -> bool:
    """Whether there is the snapshot of ``place`` and nothing else of the tables, as nothing leaves but a restoring."""
    with reading("vault"):
        names = [name for name in fs.names(folder) if generation_of(name) is not None]
    return names == [snapshot_name(place.generation)]


def slot_of(
    folder: Path, *, passphrase: str | None = None, recovery_code: str | None = None, floor: KdfCost = FLOOR,
    fs: Fs | None = None,
) -> str:
    """The id of the slot that this opens, by the files as they are: to be sure of who asks while the vault is open.

    Raises as `Vault.unlock` for a secret that opens nothing, and for a header that cannot be read.
    """
    data = headers.load_header(fs or RealFs(), folder, salvage=True)
    header, keys = headers.open_header(data, passphrase=passphrase, recovery_code=recovery_code, floor=floor)
    keys.wipe()
    return header.opened_by
