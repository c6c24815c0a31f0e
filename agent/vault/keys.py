"""Keys: from a passphrase or a recovery code to the vault key, and from the vault key to one key per file."""

import hashlib
import hmac
import time
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from agent.vault.errors import EmptyPassphrase, RecoveryCodeMistyped, VaultDamaged

Random = Callable[[int], bytes]
"""Gives n random bytes; ``os.urandom`` outside tests."""

KEY_SIZE = 32
NONCE_SIZE = 12
TAG_SIZE = 16
CODE_BYTES = 16
_PREFIX = b"ameli-tui vault 1|"
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford base32
_LOOKALIKES = str.maketrans("OIL", "011")
_BETWEEN = ("Zs", "Zl", "Zp", "Cc", "Cf", "Pd")
"""Spaces, line ends, invisible signs and dashes of every kind: what a paste may bring between the groups."""


@dataclass(frozen=True, slots=True)
class KdfCost:
    """What one Argon2id run costs: memory in KiB, passes over it, lanes."""

    memory_kib: int
    iterations: int
    lanes: int

    def within(self, floor: "KdfCost", cap: "KdfCost") -> bool:
        """Whether every number lies between the two."""
        return (
            floor.memory_kib <= self.memory_kib <= cap.memory_kib
            and floor.iterations <= self.iterations <= cap.iterations
            and floor.lanes <= self.lanes <= cap.lanes
        )


FLOOR = KdfCost(64 * 1024, 3, 4)
"""RFC 9106's second recommended choice: nothing cheaper is made or run."""
CAP = KdfCost(1024 * 1024, 16, 16)
"""Nothing dearer is run: an edited header must not exhaust the machine."""
_CALIBRATED_MAX_KIB = 256 * 1024  # the agent's service unit allows itself 768 MiB


def calibrate(target_s: float = 0.4, timer: Callable[[], float] = time.perf_counter) -> KdfCost:
    """Return the cost that takes about ``target_s`` seconds here: 64 to 256 MiB, three passes, four lanes."""
    start = timer()
    stretch(b"calibration", bytes(16), FLOOR)
    spent = max(timer() - start, 1e-6)
    memory = int(FLOOR.memory_kib * target_s / spent)
    memory = min(max(memory, FLOOR.memory_kib), _CALIBRATED_MAX_KIB)
    return KdfCost(memory // 1024 * 1024, FLOOR.iterations, FLOOR.lanes)


def stretch(secret: bytes, salt: bytes, cost: KdfCost) -> bytes:
    """Return Argon2id(secret): 32 bytes, after the time and memory of ``cost``."""
    return Argon2id(
        salt=salt, length=KEY_SIZE, iterations=cost.iterations, lanes=cost.lanes, memory_cost=cost.memory_kib
    ).derive(secret)


def passphrase_bytes(passphrase: str | bytes | bytearray) -> bytes:
    """Return the passphrase as UTF-8 in NFC, so that two keyboards give the same bytes. Raises `EmptyPassphrase`."""
    text = passphrase if isinstance(passphrase, str) else bytes(passphrase).decode("utf-8", "surrogateescape")
    if not text:
        raise EmptyPassphrase
    return unicodedata.normalize("NFC", text).encode("utf-8", "surrogateescape")


def hkdf(secret: bytes | bytearray, salt: bytes, info: bytes) -> bytes:
    """Return HKDF-SHA256: 32 bytes for this salt and purpose."""
    return HKDF(algorithm=SHA256(), length=KEY_SIZE, salt=salt, info=_PREFIX + info).derive(bytes(secret))


def wrap(kek: bytes, vault_key: bytes | bytearray, aad: bytes, random: Random) -> bytes:
    """Return ``nonce | ChaCha20-Poly1305(kek, vault_key)``: 60 bytes."""
    nonce = random(NONCE_SIZE)
    return nonce + ChaCha20Poly1305(kek).encrypt(nonce, bytes(vault_key), aad)


def unwrap(kek: bytes, wrapped: bytes, aad: bytes) -> bytearray | None:
    """Return the vault key, or None when ``kek`` is not the right one."""
    if len(wrapped) != NONCE_SIZE + KEY_SIZE + TAG_SIZE:
        return None
    try:
        return bytearray(ChaCha20Poly1305(kek).decrypt(wrapped[:NONCE_SIZE], wrapped[NONCE_SIZE:], aad))
    except InvalidTag:
        return None


def format_code(secret: bytes) -> str:
    """Return 128 bits as a recovery code: 26 Crockford signs and 2 check signs in 7 groups of 4."""
    number = int.from_bytes(secret, "big")
    signs = "".join(_ALPHABET[number >> shift & 31] for shift in range(125, -1, -5)) + _check(secret)
    return "-".join(signs[i : i + 4] for i in range(0, len(signs), 4))


def parse_code(text: str) -> bytes:
    """Return the 128 bits of a recovery code; case, spaces, line ends, dashes and look-alikes (O, I, L) do not matter.

    Raises `RecoveryCodeMistyped`.
    """
    signs = "".join(sign for sign in text.upper() if unicodedata.category(sign) not in _BETWEEN).translate(_LOOKALIKES)
    if len(signs) != 28 or any(sign not in _ALPHABET for sign in signs):
        raise RecoveryCodeMistyped
    number = 0
    for sign in signs[:26]:
        number = number << 5 | _ALPHABET.index(sign)
    if number >> 128:
        raise RecoveryCodeMistyped
    secret = number.to_bytes(CODE_BYTES, "big")
    if _check(secret) != signs[26:]:
        raise RecoveryCodeMistyped
    return secret


def _check(secret: bytes) -> str:
    digest = hashlib.sha256(_PREFIX + b"check|" + secret).digest()
    return _ALPHABET[digest[0] & 31] + _ALPHABET[digest[1] & 31]


class VaultKeys:
    """The vault key while the vault is open, and what is derived from it."""

    def __init__(self, vault_id: bytes, vault_key: bytearray) -> None:
        self.vault_id = vault_id
        self._key = vault_key
        self._mac_keys: dict[bytes, bytes] = {}

    @property
    def vault_key(self) -> bytearray:
        return self._key

    def cipher(self, purpose: str, salt: bytes) -> ChaCha20Poly1305:
        """Return the cipher of one file; ``salt`` is the file's own, so its key is too."""
        if len(salt) != KEY_SIZE:
            raise VaultDamaged(part=purpose)
        return ChaCha20Poly1305(hkdf(self._key, salt, purpose.encode() + b"|" + self.vault_id))

    def mac(self, purpose: bytes, data: bytes) -> bytes:
        """Return HMAC-SHA256 under the key of this purpose: 32 bytes."""
        key = self._mac_keys.get(purpose)
        if key is None:
            key = self._mac_keys[purpose] = hkdf(self._key, self.vault_id, b"mac|" + purpose)
        return hmac.digest(key, data, "sha256")

    def check(self, purpose: bytes, data: bytes, mac: bytes) -> bool:
        """Whether ``mac`` is ours, in constant time."""
        return hmac.compare_digest(self.mac(purpose, data), mac)

    def wipe(self) -> None:
        """Overwrite the vault key and forget what was derived. Copies inside the libraries are out of reach."""
        self._key[:] = bytes(len(self._key))
        self._mac_keys.clear()
