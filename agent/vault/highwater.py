"""The high-water mark: the last place this machine has seen, to notice an older copy or a cut journal.

Two slots written in turn, so that a torn write spoils one. It is written after each commit and flushed at lock: it
may lag behind the journal after a power cut, never run ahead of it.
"""

import errno
import struct
from pathlib import Path

from agent.vault.fs import File, Fs, move_into_place, write_new
from agent.vault.keys import VaultKeys
from agent.vault.position import CHAIN_SIZE, Position

NAME = "high-water"
UNFINISHED = ".new"
_BODY = struct.Struct(">8s16sQQQ16s")
_MAGIC = b"AMVhigh\n"
_MAC_SIZE = 32
_SLOT = _BODY.size + _MAC_SIZE


class HighWater:
    """The mark of one open vault."""

    def __init__(self, fs: Fs, path: Path, keys: VaultKeys) -> None:
        self._fs, self._path, self._keys = fs, path, keys
        self._file: File | None = None
        self._turn = 0

    def read(self) -> Position | None:
        """Return the highest place noted, None when there is no mark of this vault. Raises ``OSError``."""
        return max((place for place in self.slots() if place is not None), default=None)

    def slots(self) -> list[Position | None]:
        """Return what each of the two says, None for one that is spoilt; nothing without a file. Raises ``OSError``."""
        if not self._fs.exists(self._path):
            return []
        data = self._fs.read(self._path)
        slots = [self._slot(data, 0), self._slot(data, 1)]
        return slots if len(data) == 2 * _SLOT else [*slots, None]

    def start(self, position: Position) -> None:
        """Begin a new mark at ``position``, durable at once. Raises ``OSError``."""
        self.close()
        if not self._fs.exists(self._path.parent):  # one that exists may serve others too: its mode is left alone
            self._fs.make_folder(self._path.parent)
        temp = self._path.with_name(self._path.name + UNFINISHED)
        if self._fs.exists(temp):
            self._fs.unlink(temp)
        write_new(self._fs, temp, self._pack(position) * 2)
        move_into_place(self._fs, temp, self._path)

    def note(self, position: Position) -> None:
        """Note a committed place, without waiting for the disk. Raises ``OSError``."""
        if self._file is None:
            self._file = self._fs.open(self._path)
        self._turn ^= 1
        offset = self._turn * _SLOT
        data = self._pack(position)
        taken = self._file.write_at(offset, data)
        if taken != len(data):
            raise OSError(errno.EIO, "the high-water mark was cut short")

    def sync(self) -> None:
        """Bring the mark to the disk. Raises ``OSError``."""
        if self._file is not None:
            self._file.sync()

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def _pack(self, position: Position) -> bytes:
        body = _BODY.pack(
            _MAGIC, self._keys.vault_id, position.generation, position.journal, position.records, position.chain
        )
        return body + self._keys.mac(b"high-water", body)

    def _slot(self, data: bytes, index: int) -> Position | None:
        slot = data[index * _SLOT : (index + 1) * _SLOT]
        body, mac = slot[: _BODY.size], slot[_BODY.size :]
        if len(slot) != _SLOT or not self._keys.check(b"high-water", body, mac):
            return None
        _, _, generation, journal, records, chain = _BODY.unpack(body)
        return Position(generation, journal, records, chain[:CHAIN_SIZE])
