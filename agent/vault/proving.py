"""Proves files of a vault to be what was written, a little at a time: nothing is kept of what they hold.

Every function raises `VaultDamaged` for a file that is not, `VaultNewer`, and ``OSError`` as the system does.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from cryptography.exceptions import InvalidTag

from agent.vault.blobs import FOLDER
from agent.vault.blobs import MAGIC as BLOB
from agent.vault.errors import VaultDamaged
from agent.vault.fs import Fs, Source
from agent.vault.journal import FRAME, journal_name
from agent.vault.journal import MAGIC as JOURNAL
from agent.vault.keys import NONCE_SIZE, TAG_SIZE, VaultKeys
from agent.vault.position import CHAIN_SIZE, Position
from agent.vault.sealed import CHUNK, Head, read_head
from agent.vault.snapshot import MAGIC as SNAPSHOT
from agent.vault.snapshot import snapshot_name

_MOST_HEAD = 4096 + 32
_PIECE = 1 << 20


class Proven(NamedTuple):
    """A snapshot that is whole."""

    place: Position
    """The place it stands for."""
    after: Position
    """The place it was made after."""


class Prover:
    """Proves the files of one vault, and counts what it reads."""

    def __init__(self, fs: Fs, folder: Path, keys: VaultKeys) -> None:
        self._fs, self._folder, self._keys = fs, folder, keys
        self.files = 0
        self.size = 0

    def snapshot(self, generation: int) -> Proven:
        """Prove a snapshot, every chunk of it."""
        name = snapshot_name(generation)
        with self._open(name) as file:
            head, fields = file.head(SNAPSHOT)
            if fields["gen"] != generation:
                raise VaultDamaged(part=name)
            file.chunks("snapshot", fields)
        chain = hashlib.sha256(head).digest()[:CHAIN_SIZE]
        return Proven(Position(generation, 0, 0, chain), Position.from_json(fields["after"]))

    def made_after(self, generation: int) -> Position:
        """The place a snapshot was made after, from its head alone."""
        return self._after(snapshot_name(generation), SNAPSHOT)

    def continues(self, generation: int, number: int) -> Position:
        """The place a journal continues, from its head alone."""
        return self._after(journal_name(generation, number), JOURNAL)

    def _after(self, part: str, magic: bytes) -> Position:
        source = self._fs.open_to_read(self._folder / part)
        try:
            return Position.from_json(_Bytes(source, part, self._keys, piece=_MOST_HEAD).head(magic)[1]["after"])
        finally:
            source.close()

    def journal(self, generation: int, number: int, until: Position | None) -> Position:
        """Prove the records of a journal, up to ``until`` or (None) as far as they go; the place after them."""
        name = journal_name(generation, number)
        with self._open(name) as file:
            head, fields = file.head(JOURNAL)
            if (fields["gen"], fields["n"]) != (generation, number):
                raise VaultDamaged(part=name)
            place = file.records(fields, Position(generation, number, 0, head[-CHAIN_SIZE:]), until)
        if until is not None and place != until:
            raise VaultDamaged(part=name)
        return place

    def document(self, name: str) -> None:
        """Prove a document, every chunk of it."""
        part = f"{FOLDER}/{name}"
        with self._open(part) as file:
            _, fields = file.head(BLOB)
            if fields["blob"] != name:
                raise VaultDamaged(part=part)
            file.chunks("blob", fields)

    @contextmanager
    def _open(self, part: str) -> "Iterator[_Bytes]":
        self.files += 1
        source = self._fs.open_to_read(self._folder / part)
        file = _Bytes(source, part, self._keys)
        try:
            yield file
        finally:
            self.size += file.size
            source.close()


class _Bytes:
    """The bytes of one file, in order."""

    def __init__(self, source: Source, part: str, keys: VaultKeys, piece: int = _PIECE) -> None:
        self._source, self._part, self._keys, self._piece = source, part, keys, piece
        self._ahead = bytearray()
        self.size = 0

    def take(self, size: int) -> bytes:
        """The next ``size`` bytes; fewer at the end of the file."""
        while len(self._ahead) < size:
            piece = self._source.read(self._piece)
            if not piece:
                break
            self.size += len(piece)
            self._ahead += piece
        taken = bytes(memoryview(self._ahead)[:size])
        del self._ahead[:size]
        return taken

    def head(self, magic: bytes) -> tuple[bytes, Head]:
        """The head, as bytes and as fields."""
        start = self.take(12)
        length = int.from_bytes(start[8:], "big") + 32
        if length > _MOST_HEAD:
            raise VaultDamaged(part=self._part)
        head = start + self.take(length)
        return head, read_head(self._keys, magic, head, self._part)[0]

    def chunks(self, purpose: str, fields: Head) -> None:
        """Prove the sealed chunks that are the rest of the file."""
        cipher = self._keys.cipher(purpose, bytes.fromhex(fields["salt"]))
        index, piece = 0, self.take(CHUNK + TAG_SIZE)
        while True:
            after = self.take(CHUNK + TAG_SIZE)
            try:
                cipher.decrypt(index.to_bytes(11, "big") + bytes([not after]), piece, None)
            except InvalidTag:
                raise VaultDamaged(part=self._part) from None
            if not after:
                return
            index, piece = index + 1, after

    def records(self, fields: Head, start: Position, until: Position | None) -> Position:
        """Prove the records that follow the head; the place after the last one."""
        cipher = self._keys.cipher("journal", bytes.fromhex(fields["salt"]))
        place = start
        while until is None or place.records < until.records:
            frame = self.take(FRAME)
            length, number = int.from_bytes(frame[:4], "big"), int.from_bytes(frame[4:], "big")
            if length < TAG_SIZE + CHAIN_SIZE or number != place.records + 1:
                break
            nonce, body = self.take(NONCE_SIZE), self.take(length)
            try:
                plain = cipher.decrypt(nonce, body, frame)
            except (InvalidTag, ValueError):
                break
            if plain[:CHAIN_SIZE] != place.chain:
                break
            place = Position(place.generation, place.journal, number, body[-CHAIN_SIZE:])
        return place
