"""What can still be read of a damaged journal file: each record is sealed by itself, so each is taken by itself.

A record proves what it is: its key is that of its file, and its number is authenticated with it. What cannot be trusted
any more is where records begin. They are looked for by the frame's shape (a length that makes a multiple of the
padding, a small number), wherever in the file they lie, and only what decrypts is taken. So every whole record is
found behind a damaged length, a hole, a cut, or when bytes are missing before it. Looking costs a few times the
file's size at most: ``_PATIENCE``.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice, takewhile
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from agent.vault import changeset
from agent.vault.errors import VaultDamaged
from agent.vault.fs import Fs, reading
from agent.vault.journal import FRAME, MAGIC, PAD, journal_name
from agent.vault.keys import KEY_SIZE, NONCE_SIZE, TAG_SIZE, VaultKeys
from agent.vault.position import CHAIN_SIZE, Position
from agent.vault.sealed import FORMAT, read_head

_SHAPE = b"\xe8\0\0\0\0\0"
"""Where a record begins: the low byte of every length, and the upper bytes of a number below 2**24."""
_PATIENCE = 4
"""How often a file's size, in bytes, may be decrypted in vain, besides ``_FREE``: nothing but a forgery needs more."""
_FREE = 64 << 20
_HEAD_MOST = 4096 + 64
_DIGITS = b"0123456789abcdef"
_SALT_BEFORE = 32 + 2 + 2 * KEY_SIZE
"""Bytes between the first sign of the salt and the first record: signs, quotation mark, brace, seal."""


@dataclass(slots=True)
class Recovered:
    """The records of one journal file that can be read."""

    number: int
    records: dict[int, bytes] = field(default_factory=dict, repr=False)
    """By number, from 1: the changes."""
    chains: dict[int, bytes] = field(default_factory=dict, repr=False)
    after: Position | None = None
    """The place the file continues; None when its head cannot be read."""
    size: int = 0
    leftover: bool = False
    """Whether bytes that are no record follow the last one."""

    @property
    def last(self) -> int:
        """Number of the last record that can be read; 0 when there is none."""
        return max(self.records, default=0)


def recover(fs: Fs, folder: Path, keys: VaultKeys, generation: int, number: int) -> Recovered:
    """Read what can be read of a journal file, also of one whose head is damaged. Raises `VaultNewer`."""
    name = journal_name(generation, number)
    with reading(name):
        data = fs.read(folder / name)
    recovered = Recovered(number, size=len(data))
    try:
        fields, start = read_head(keys, MAGIC, data, name)
        if (fields["gen"], fields["n"]) != (generation, number):
            raise VaultDamaged(part=name)  # another file in its place: its records belong elsewhere
        recovered.after = Position.from_json(fields["after"])
        cipher: ChaCha20Poly1305 | None = keys.cipher("journal", bytes.fromhex(fields["salt"]))
    except VaultDamaged:
        start, cipher = _without_head(keys, data, generation, number)
    if cipher is None:
        recovered.leftover = True
    else:
        _collect(recovered, data, start, cipher)
    return recovered


def _collect(recovered: Recovered, data: bytes, start: int, cipher: ChaCha20Poly1305) -> None:
    at, spare = start, _FREE + _PATIENCE * len(data)
    while at < len(data):
        hit = _record(data, at, cipher)
        if hit is None:
            spare -= _length(data, at)
            for offset in _beginnings(data, at + 1):
                if spare < 0:
                    break
                if (hit := _record(data, offset, cipher)) is not None:
                    at = offset
                    break
                spare -= _length(data, offset)
        if hit is None:
            recovered.leftover = True
            return
        number, content, end = hit
        if number not in recovered.records and _readable(content):
            recovered.records[number], recovered.chains[number] = content, data[end - CHAIN_SIZE : end]
        at = end


def _beginnings(data: bytes, start: int) -> Iterator[int]:
    """Offsets at which a record may begin, as its frame looks."""
    at = data.find(_SHAPE, start + 3)
    while at >= 0:
        if _length(data, at - 3) and any(data[at + 6 : at + 9]):
            yield at - 3
        at = data.find(_SHAPE, at + 1)


def _length(data: bytes, at: int) -> int:
    """Length of the sealed part of what may be a record; 0 when it cannot be one."""
    length = int.from_bytes(data[at : at + 4], "big")
    whole = FRAME + NONCE_SIZE + length
    return length if length >= TAG_SIZE + CHAIN_SIZE and whole % PAD == 0 and at + whole <= len(data) else 0


def _record(data: bytes, at: int, cipher: ChaCha20Poly1305) -> tuple[int, bytes, int] | None:
    """Number, changes and end of the record at ``at``; None when there is none."""
    length = _length(data, at)
    if not length:
        return None
    frame, body = data[at : at + FRAME], at + FRAME + NONCE_SIZE
    try:
        plain = cipher.decrypt(data[body - NONCE_SIZE : body], data[body : body + length], frame)
    except InvalidTag:
        return None
    return int.from_bytes(frame[4:], "big"), plain[CHAIN_SIZE:].rstrip(b"\0"), body + length


def _readable(content: bytes) -> bool:
    try:
        changeset.decode_into(content, {}, "")
    except VaultDamaged:
        return False
    return True


def _without_head(
    keys: VaultKeys, data: bytes, generation: int, number: int
) -> tuple[int, ChaCha20Poly1305 | None]:
    """Where the records begin and their cipher, when the head's seal is broken: proved by the records themselves.

    The salt is the last field of the head, so it lies at a fixed distance before the first record. One wrong sign of
    it is found by trying. What can be read of the head must say that the file stands in its own place, once at least:
    records of another file would be right ones in the wrong order.
    """
    head = data[:_HEAD_MOST]
    own = b'"format":%d,"gen":%d,"n":%d,' % (FORMAT, generation, number)
    before = b'"gen":%d,"n":%d,"records"' % (generation, number - 1)
    starts = list(islice(takewhile(lambda at: at < _HEAD_MOST, _beginnings(data, 12)), 3))
    if not starts or (own not in head and before not in head):
        return 0, None
    salt_match = re.search(rb'"salt":"([^"]{64})"', head)
    for place in ([salt_match.start(1)] if salt_match else []) + [starts[0] - _SALT_BEFORE]:
        for salt in _near(data[max(place, 0) : max(place, 0) + 2 * KEY_SIZE]):
            cipher = keys.cipher("journal", salt)
            for start in starts:
                if _record(data, start, cipher) is not None:
                    return start, cipher
    return 0, None


def _near(text: bytes) -> Iterator[bytes]:
    """The salt that these signs spell, then those with one sign changed."""
    if len(text) != 2 * KEY_SIZE:
        return
    wrong = [at for at, sign in enumerate(text) if sign not in _DIGITS]
    if not wrong:
        yield bytes.fromhex(text.decode("ascii"))
    for at in wrong if len(wrong) == 1 else range(len(text)) if not wrong else ():
        for sign in _DIGITS:
            if sign != text[at]:
                yield bytes.fromhex((text[:at] + bytes([sign]) + text[at + 1 :]).decode("ascii"))
