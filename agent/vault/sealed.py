"""What every encrypted file of the vault has: an authenticated head in clear, and content sealed in 64 KiB chunks."""

from typing import Any

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from agent.vault.errors import VaultDamaged, VaultNewer
from agent.vault.keys import TAG_SIZE, VaultKeys

FORMAT = 1
CHUNK = 64 * 1024
_MAC_SIZE = 32
_MAX_HEAD = 4096
_SEALED = CHUNK + TAG_SIZE


def make_head(keys: VaultKeys, magic: bytes, fields: dict[str, Any]) -> bytes:
    """Return ``magic (8) | length (4) | JSON | HMAC (32)``; the JSON has the format's number besides ``fields``."""
    body = orjson.dumps(fields | {"format": FORMAT}, option=orjson.OPT_SORT_KEYS)
    start = magic + len(body).to_bytes(4, "big") + body
    return start + keys.mac(b"head", start)


def read_head(keys: VaultKeys, magic: bytes, data: bytes, part: str) -> tuple[dict[str, Any], int]:
    """Return the fields of a head and its size in bytes. Raises `VaultDamaged`, `VaultNewer`."""
    size = int.from_bytes(data[8:12], "big")
    end = 12 + size
    if data[:8] != magic or size > _MAX_HEAD or len(data) < end + _MAC_SIZE:
        raise VaultDamaged(part=part)
    if not keys.check(b"head", data[:end], data[end : end + _MAC_SIZE]):
        raise VaultDamaged(part=part)
    fields: dict[str, Any] = orjson.loads(data[12:end])
    if fields["format"] != FORMAT:
        raise VaultNewer(format=fields["format"])
    return fields, end + _MAC_SIZE


def seal(cipher: ChaCha20Poly1305, plain: bytes) -> bytes:
    """Return ``plain`` in sealed chunks. The cipher must serve this one file: nonces are a counter and a final flag."""
    view = memoryview(plain)
    chunks = []
    last = max(len(plain) - 1, 0) // CHUNK
    for index in range(last + 1):
        nonce = index.to_bytes(11, "big") + bytes([index == last])
        chunks.append(cipher.encrypt(nonce, view[index * CHUNK : (index + 1) * CHUNK], None))
    return b"".join(chunks)


def unseal(cipher: ChaCha20Poly1305, data: bytes, start: int, part: str) -> bytes:
    """Return what was sealed in ``data[start:]``; a cut, lengthened or changed text raises `VaultDamaged`."""
    view = memoryview(data)[start:]
    chunks = []
    last = max(len(view) - 1, 0) // _SEALED
    try:
        for index in range(last + 1):
            nonce = index.to_bytes(11, "big") + bytes([index == last])
            chunks.append(cipher.decrypt(nonce, view[index * _SEALED : (index + 1) * _SEALED], None))
    except InvalidTag:
        raise VaultDamaged(part=part) from None
    return b"".join(chunks)
