"""Rounds that are sealed while the vault is locked, as bytes: who seals one cannot open it, nor any before it.

Two keys make a round: the public half of its epoch's, by which it is encrypted, and a chain key, by which it is
authenticated and which is stepped after each round. `.github/VAULT_FORMAT.md` has the format.
"""

import hmac
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from agent.vault.keys import KEY_SIZE, Random
from agent.vault.padding import padded, padded_size, unpadded

MAGIC = b"AMVinbx\n"
EPOCH_SIZE = 16
HEAD_SIZE = len(MAGIC) + EPOCH_SIZE + 8
MOST = 129 << 20
"""Bytes of plain text in a round: a file of 128 MiB, and what is said of it."""
MOST_ROUNDS = 100_000
"""Rounds of one epoch. A forged number must not have the chain stepped for ever."""
_MAC_SIZE = 32
_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
_PURPOSE = b"ameli-tui vault 1|inbox|"
_OVERHEAD = HEAD_SIZE + 32 + 16 + _MAC_SIZE
MOST_SEALED = padded_size(MOST) + _OVERHEAD
"""Bytes of the largest file; a longer one is no round."""


class Epoch:
    """What seals the rounds of one locking. It opens none."""

    def __init__(self, vault_id: bytes, name: bytes, public_key: bytes, chain_key: bytes, number: int = 1) -> None:
        """``name``: 16 bytes. ``chain_key`` is that of the round ``number``, the next one."""
        self.vault_id, self.name, self.public_key = vault_id, name, public_key
        self.number = number
        self._chain = bytearray(chain_key)

    @property
    def chain_key(self) -> bytes:
        """That of the next round."""
        return bytes(self._chain)

    def seal(self, plain: bytes) -> bytes:
        """The next round's file. Until `step` it may be made again, for the same number."""
        if len(plain) > MOST or self.number > MOST_ROUNDS:
            raise ValueError("a round that large, or one more of this epoch, would be refused")
        head = MAGIC + self.name + self.number.to_bytes(8, "big")
        key = X25519PublicKey.from_public_bytes(self.public_key)
        sealed = head + _SUITE.encrypt(padded(plain), key, info=_info(self.vault_id, head))
        return sealed + hmac.digest(self._chain, sealed, "sha256")

    def step(self) -> None:
        """Forget the key of this round: whoever takes this object from now on can neither forge nor change it."""
        self._chain[:] = stepped(self._chain)
        self.number += 1


@dataclass(frozen=True, slots=True)
class EpochSecret:
    """What opens the rounds of one locking; kept in the vault, made before it locks."""

    name: bytes
    private_key: bytes
    chain_start: bytes

    @classmethod
    def new(cls, random: Random) -> "EpochSecret":
        """Of a locking to come."""
        return cls(random(EPOCH_SIZE), random(KEY_SIZE), random(KEY_SIZE))

    def epoch(self, vault_id: bytes) -> Epoch:
        """The half that seals."""
        public = X25519PrivateKey.from_private_bytes(self.private_key).public_key().public_bytes_raw()
        return Epoch(vault_id, self.name, public, self.chain_start)


class Opener:
    """Opens the rounds of one epoch of one vault; quickest in the order of their numbers."""

    def __init__(self, vault_id: bytes, secret: EpochSecret) -> None:
        self._vault_id, self._secret = vault_id, secret
        self._key = X25519PrivateKey.from_private_bytes(secret.private_key)
        self._number, self._chain = 1, secret.chain_start

    def open(self, data: bytes) -> bytes | None:
        """What was sealed; None when this is no round of this epoch, as it was sealed."""
        place = place_of(data)
        if place is None or place[0] != self._secret.name or len(data) < _OVERHEAD:
            return None
        sealed, mac = data[:-_MAC_SIZE], data[-_MAC_SIZE:]
        if not hmac.compare_digest(hmac.digest(self._chain_key(place[1]), sealed, "sha256"), mac):
            return None
        try:
            plain = _SUITE.decrypt(sealed[HEAD_SIZE:], self._key, info=_info(self._vault_id, sealed[:HEAD_SIZE]))
        except (InvalidTag, ValueError):  # the second: a public key with which there is no secret
            return None
        return unpadded(plain)

    def _chain_key(self, number: int) -> bytes:
        if number < self._number:
            self._number, self._chain = 1, self._secret.chain_start
        while self._number < number:
            self._number, self._chain = self._number + 1, stepped(self._chain)
        return self._chain


def place_of(head: bytes) -> tuple[bytes, int] | None:
    """Epoch and number (from 1) that the beginning of a file claims, unproved; None when it is no round."""
    number = int.from_bytes(head[HEAD_SIZE - 8 : HEAD_SIZE], "big")
    if len(head) < HEAD_SIZE or not head.startswith(MAGIC) or not 1 <= number <= MOST_ROUNDS:
        return None
    return head[len(MAGIC) : HEAD_SIZE - 8], number


def stepped(chain_key: bytes | bytearray) -> bytes:
    """The chain key of the round after."""
    return hmac.digest(chain_key, b"next", "sha256")


def _info(vault_id: bytes, head: bytes) -> bytes:
    return _PURPOSE + vault_id + head[len(MAGIC) :]
