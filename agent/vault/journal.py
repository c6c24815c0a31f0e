"""The journal: one encrypted record per transaction, appended and flushed before the caller gets its answer.

A journal file is never appended to again after it was closed: the next one says how much of it counts. So a torn
end needs no repair, and a key never sees the same nonce with two contents.
"""

import errno
from collections.abc import Iterator
from pathlib import Path

from cryptography.exceptions import InvalidTag

from agent.vault import changeset
from agent.vault.errors import VaultDamaged
from agent.vault.fs import Fs, SyncFailed, move_into_place, reading, write_all
from agent.vault.keys import KEY_SIZE, NONCE_SIZE, TAG_SIZE, Random, VaultKeys
from agent.vault.position import CHAIN_SIZE, Position
from agent.vault.sealed import Head, make_head, read_head

MAGIC = b"AMVjrnl\n"
_PREFIX = "jrnl-"
PAD = 512
FRAME = 4 + 8
_MAX_PAYLOAD = 1 << 30
_OVERHEAD = FRAME + NONCE_SIZE + TAG_SIZE + CHAIN_SIZE


def journal_name(generation: int, number: int) -> str:
    """Name of a journal file."""
    return f"{_PREFIX}{generation:08d}-{number:06d}"


def journal_numbers(name: str) -> tuple[int, int] | None:
    """Return the generation and number a file name stands for, None when it is no journal's name."""
    left, _, right = name.removeprefix(_PREFIX).partition("-")
    if left.isdecimal() and right.isdecimal() and name == journal_name(int(left), int(right)):
        return int(left), int(right)
    return None


class JournalWriter:
    """One new journal file, open for appending."""

    def __init__(self, fs: Fs, folder: Path, keys: VaultKeys, after: Position, random: Random) -> None:
        """Create the file that continues ``after``. Raises ``OSError``."""
        salt = random(KEY_SIZE)
        number = after.journal + 1
        fields: Head = {"gen": after.generation, "n": number, "salt": salt.hex(), "after": after.to_json()}
        head = make_head(keys, MAGIC, fields)
        # Under a temporary name until the head is on the disk: a journal that has its name has its head.
        temp = folder / f"tmp-{random(8).hex()}"
        file = fs.create(temp)
        try:
            write_all(file, head)
            file.sync()
            move_into_place(fs, temp, folder / journal_name(after.generation, number))
        except OSError:
            file.close()
            raise
        self._random = random
        self._cipher = keys.cipher("journal", salt)
        self.position = Position(after.generation, number, 0, head[-CHAIN_SIZE:])
        self._file = file
        self.size = len(head)

    def append(self, payload: bytes) -> None:
        """Write one record and flush it: it counts once this returns.

        Raises ``OSError``: the record does not count and this writer must not be used again, as part of the record may
        be in the file; the next writer's file says where this one ends. Raises `SyncFailed`: it may count or not.
        """
        if len(payload) > _MAX_PAYLOAD:
            raise OSError(errno.EFBIG, "more than 1 GiB in one transaction")
        padding = -(_OVERHEAD + len(payload)) % PAD
        plain = self.position.chain + payload + bytes(padding)
        frame = (len(plain) + TAG_SIZE).to_bytes(4, "big") + (self.position.records + 1).to_bytes(8, "big")
        nonce = self._random(NONCE_SIZE)
        sealed = self._cipher.encrypt(nonce, plain, frame)
        record = frame + nonce + sealed
        write_all(self._file, record)
        try:
            self._file.sync()
        except OSError as error:
            raise SyncFailed(error.errno, error.strerror) from error
        self.size += len(record)
        self.position = Position(
            self.position.generation, self.position.journal, self.position.records + 1, sealed[-CHAIN_SIZE:]
        )

    def close(self) -> None:
        self._file.close()


class JournalReader:
    """One existing journal file."""

    def __init__(self, fs: Fs, folder: Path, keys: VaultKeys, generation: int, number: int) -> None:
        """Read the file and check its head. Raises `VaultDamaged`, `VaultNewer`, `VaultUnreadable`."""
        self.name = journal_name(generation, number)
        with reading(self.name):
            self._data = fs.read(folder / self.name)
        fields, self._start = read_head(keys, MAGIC, self._data, self.name)
        if (fields["gen"], fields["n"]) != (generation, number):
            raise VaultDamaged(part=self.name)
        self.after = Position.from_json(fields["after"])
        self._cipher = keys.cipher("journal", bytes.fromhex(fields["salt"]))
        self.position = Position(generation, number, 0, self._data[self._start - CHAIN_SIZE : self._start])
        self.size = len(self._data)
        self.torn = False
        self.day: str | None = None
        """The day that a record named last."""

    def replay(self, tables: changeset.Tables, until: Position | None) -> Iterator[Position]:
        """Make the records' changes, yielding the place after each: up to ``until``, or all when this is the last file.

        At the end an unfinished record (the power went) is left out. A bad record that is not at the end, or before
        ``until``, raises `VaultDamaged`.
        """
        at, end = self._start, len(self._data)
        while at < end and (until is None or self.position.records < until.records):
            plain = self._record(at, self.position.records + 1)
            if plain is None or plain[:CHAIN_SIZE] != self.position.chain:
                if plain is not None or until is not None or self._any_record_after(at):
                    raise VaultDamaged(part=self.name)
                self.torn = True
                break
            length = int.from_bytes(self._data[at : at + 4], "big")
            at += FRAME + NONCE_SIZE + length
            content = plain[CHAIN_SIZE:].rstrip(b"\0")
            changeset.decode_into(content, tables, self.name)
            self.day = changeset.day_of(content) or self.day
            chain = self._data[at - CHAIN_SIZE : at]
            self.position = Position(self.position.generation, self.position.journal, self.position.records + 1, chain)
            yield self.position
        if until is not None and until != self.position:
            raise VaultDamaged(part=self.name)

    def _record(self, at: int, sequence: int | None) -> bytes | None:
        """Return the plain text of the record at ``at``, None when there is no valid one (of that number)."""
        frame = self._data[at : at + FRAME]
        length = int.from_bytes(frame[:4], "big")
        body = at + FRAME + NONCE_SIZE
        if len(frame) < FRAME or length < TAG_SIZE + CHAIN_SIZE or body + length > len(self._data):
            return None
        if sequence is not None and int.from_bytes(frame[4:], "big") != sequence:
            return None
        try:
            return self._cipher.decrypt(self._data[body - NONCE_SIZE : body], self._data[body : body + length], frame)
        except InvalidTag:
            return None

    def _any_record_after(self, at: int) -> bool:
        """Whether a valid record begins at some later multiple of the padding: then this was no torn write."""
        return any(self._record(offset, None) is not None for offset in range(at, len(self._data), PAD))
