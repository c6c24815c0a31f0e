"""The ticket as a file: sealed under a key that rests elsewhere, replaced as a whole, of few lengths.

``magic 7 | version 1 | mark of the key 16 | nonce 12 | ChaCha20-Poly1305(padded ticket)``; all that stands before the
nonce is authenticated too, with what the file is for. A file that is not exactly what was written is never believed,
and never an error: there is just no ticket.
"""

from __future__ import annotations

import enum
import os
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from agent.errors.system_errors import keeping_facts
from agent.vault.fs import Fs, RealFs, move_into_place, write_new
from agent.vault.keys import NONCE_SIZE, TAG_SIZE, Random, hkdf
from agent.vault.padding import padded, padded_size, unpadded
from agent.watch.resting.errors import TicketNotKept

VERSION = 1
MOST = 4 << 20
"""Bytes of a ticket."""
_MAGIC = b"AMWtick"
_PURPOSE = b"ameli-tui watch ticket|"
_MARK_SIZE = 16
_HEAD_SIZE = len(_MAGIC) + 1 + _MARK_SIZE
_MOST_SEALED = _HEAD_SIZE + NONCE_SIZE + padded_size(MOST) + TAG_SIZE


class Unread(enum.Enum):
    """Why there is no ticket."""

    MISSING = "missing"
    DAMAGED = "damaged"
    OTHER_KEY = "other_key"
    OTHER_VERSION = "other_version"
    REFUSED = "refused"
    """The system does not let it be read."""


class TicketFile:
    """The ticket of one home on its disk. For one caller at a time."""

    def __init__(self, path: Path, fs: Fs | None = None, random: Random = os.urandom) -> None:
        self._path, self._fs, self._random = path, fs or RealFs(), random
        self._part = path.with_name(path.name + ".new")

    def write(self, ticket: bytes, key: bytes) -> None:
        """Have it rest, durably, in the place of the one before; ``key``: 32 bytes.

        Raises TicketNotKept: then the old one or the new one is there. ValueError for more than MOST bytes.
        """
        if len(ticket) > MOST:
            raise ValueError("a ticket that large would not be read again")
        head, nonce = _head(key), self._random(NONCE_SIZE)
        data = head + nonce + _cipher(key).encrypt(nonce, padded(ticket), _PURPOSE + head)
        try:
            if not self._fs.exists(self._path.parent):
                self._fs.make_folder(self._path.parent)
            if self._fs.exists(self._part):
                self._fs.unlink(self._part)
            write_new(self._fs, self._part, data)
            move_into_place(self._fs, self._part, self._path)
        except OSError as error:
            raise TicketNotKept(**keeping_facts(error)) from error

    def read(self, key: bytes) -> bytes | Unread:
        """The ticket that rests, or why there is none."""
        data = self._bytes()
        if isinstance(data, Unread):
            return data
        head, nonce, sealed = data[:_HEAD_SIZE], data[_HEAD_SIZE:][:NONCE_SIZE], data[_HEAD_SIZE + NONCE_SIZE :]
        if len(data) > _MOST_SEALED or len(sealed) < TAG_SIZE or not head.startswith(_MAGIC):
            return Unread.DAMAGED
        if head[len(_MAGIC)] != VERSION:
            return Unread.OTHER_VERSION
        if head != _head(key):
            return Unread.OTHER_KEY
        try:
            ticket = unpadded(_cipher(key).decrypt(nonce, sealed, _PURPOSE + head))
        except InvalidTag:
            return Unread.DAMAGED
        return ticket if ticket is not None else Unread.DAMAGED

    def forget(self) -> None:
        """Remove it, durably. Raises TicketNotKept."""
        try:
            present = [path for path in (self._part, self._path) if self._fs.exists(path)]
            for path in present:
                self._fs.unlink(path)
            if present:
                self._fs.sync_folder(self._path.parent)
        except OSError as error:
            raise TicketNotKept(**keeping_facts(error)) from error

    def _bytes(self) -> bytes | Unread:
        try:
            source = self._fs.open_to_read(self._path)
        except FileNotFoundError:
            return Unread.MISSING
        except OSError:
            return Unread.REFUSED
        try:
            data = b""
            while len(data) <= _MOST_SEALED and (piece := source.read(_MOST_SEALED + 1 - len(data))):
                data += piece
        except OSError:
            return Unread.REFUSED
        finally:
            source.close()
        return data


def _head(key: bytes) -> bytes:
    """What the files of this key begin with. The mark tells another key from damage; it gives no key away."""
    return _MAGIC + bytes([VERSION]) + hkdf(key, b"", b"watch ticket|mark")[:_MARK_SIZE]


def _cipher(key: bytes) -> ChaCha20Poly1305:
    return ChaCha20Poly1305(hkdf(key, b"", b"watch ticket|cipher"))
