"""What every encrypted file of the vault has: an authenticated head in clear, and content sealed in 64 KiB chunks."""

from collections.abc import Iterator
from typing import NotRequired, TypedDict

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from agent.vault.errors import VaultDamaged, VaultNewer
from agent.vault.keys import TAG_SIZE, VaultKeys
from agent.vault.position import Place

FORMAT = 1
CHUNK = 64 * 1024
_MAC_SIZE = 32
_MAX_HEAD = 4096
_SEALED = CHUNK + TAG_SIZE


class Head(TypedDict):
    """What the head of a snapshot, a journal or a document says."""

    salt: str
    """Hexadecimal; the file's key is made with it."""
    gen: NotRequired[int]
    """Generation of a snapshot or a journal."""
    after: NotRequired[Place]
    """The place that they go on from."""
    n: NotRequired[int]
    """Number of a journal in its generation."""
    made: NotRequired[str]
    """When a snapshot was made: ISO moment, UTC."""
    blob: NotRequired[str]
    """Name of a document's file."""
    header: NotRequired[str]
    """SHA-256 of the vault's header in a backup, hexadecimal."""
    format: NotRequired[int]
    """Set by `make_head`."""


def make_head(keys: VaultKeys, magic: bytes, fields: Head) -> bytes:
    """Return ``magic (8) | length (4) | JSON | HMAC (32)``; the JSON has the format's number besides ``fields``."""
    body = orjson.dumps({**fields, "format": FORMAT}, option=orjson.OPT_SORT_KEYS)
    start = magic + len(body).to_bytes(4, "big") + body
    return start + keys.mac(b"head", start)


def read_head(keys: VaultKeys, magic: bytes, data: bytes, part: str) -> tuple[Head, int]:
    """Return the fields of a head and its size in bytes. Raises `VaultDamaged`, `VaultNewer`."""
    size = int.from_bytes(data[8:12], "big")
    end = 12 + size
    if data[:8] != magic or size > _MAX_HEAD or len(data) < end + _MAC_SIZE:
        raise VaultDamaged(part=part)
    if not keys.check(b"head", data[:end], data[end : end + _MAC_SIZE]):
        raise VaultDamaged(part=part)
    fields: Head = orjson.loads(data[12:end])
    if fields["format"] != FORMAT:
        raise VaultNewer(format=fields["format"])
    return fields, end + _MAC_SIZE


class Sealer:
    """Seals a text that comes in pieces. The cipher must serve this one file: nonces are a counter and a final flag."""

    def __init__(self, cipher: ChaCha20Poly1305) -> None:
        self._cipher = cipher
        self.count = 0
        """Chunks given out so far."""
        self._rest = bytearray()

    def add(self, plain: bytes) -> bytes:
        """Return the chunks that are full now; at least a byte stays behind for the last one."""
        self._rest += plain
        full = max(len(self._rest) - 1, 0) // CHUNK
        with memoryview(self._rest) as view:
            chunks = [self._seal(view[index * CHUNK : (index + 1) * CHUNK], last=False) for index in range(full)]
        del self._rest[: full * CHUNK]
        return b"".join(chunks)

    @property
    def rest(self) -> bytes:
        """What is not sealed yet."""
        return bytes(self._rest)

    def finish(self) -> bytes:
        """Return the last chunk, which says that it is the last."""
        return self._seal(self._rest, last=True)

    def _seal(self, piece: bytes | bytearray | memoryview, *, last: bool) -> bytes:
        nonce = self.count.to_bytes(11, "big") + bytes([last])
        self.count += 1
        return self._cipher.encrypt(nonce, piece, None)


def seal(cipher: ChaCha20Poly1305, plain: bytes) -> bytes:
    """Return ``plain`` in sealed chunks; see `Sealer`."""
    sealer = Sealer(cipher)
    return sealer.add(plain) + sealer.finish()


def unsealed(
    cipher: ChaCha20Poly1305, data: bytes, start: int, part: str, *, first: int = 0, ended: bool = True
) -> Iterator[bytes]:
    """Yield what was sealed in ``data[start:]``, chunk by chunk: a changed chunk raises `VaultDamaged`.

    ``first``: number of the chunk that stands there. ``ended``: the last one must say that it is the last.
    """
    view = memoryview(data)[start:]
    last = max(len(view) - 1, 0) // _SEALED
    if not ended and not view:
        return
    try:
        for index in range(last + 1):
            nonce = (first + index).to_bytes(11, "big") + bytes([ended and index == last])
            yield cipher.decrypt(nonce, view[index * _SEALED : (index + 1) * _SEALED], None)
    except InvalidTag:
        raise VaultDamaged(part=part) from None


def unseal(cipher: ChaCha20Poly1305, data: bytes, start: int, part: str) -> bytes:
    """Return what was sealed in ``data[start:]``; a cut, lengthened or changed text raises `VaultDamaged`."""
    return b"".join(unsealed(cipher, data, start, part))
