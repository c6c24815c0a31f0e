"""The ``header`` file: which vault this is and the slots that open it. See ``.github/VAULT_FORMAT.md``."""

import contextlib
import errno
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NotRequired, TypedDict

import orjson

from agent.vault.errors import (
    HeaderDamaged,
    NoVault,
    PerhapsNewer,
    VaultDamaged,
    VaultKeyDamaged,
    VaultNewer,
    WrongPassphrase,
    WrongRecoveryCode,
)
from agent.vault.findings import Finding, Kind
from agent.vault.fs import Fs, move_into_place, reading, write_new
from agent.vault.keys import (
    CAP,
    CODE_BYTES,
    KEY_SIZE,
    KdfCost,
    Random,
    VaultKeys,
    format_code,
    hkdf,
    parse_code,
    passphrase_bytes,
    stretch,
    unwrap,
    wrap,
)
from agent.vault.sealed import FORMAT
from config.json_value import JsonObject

NAME = "header"
COPY = "header-copy"
ASIDE = "header-damaged"
"""What a header held that was written anew from its copy: kept for whoever can make more of it."""
_MAGIC = "ameli-tui vault"
_SUITE = 1
_MAX_SIZE = 64 * 1024
PASSPHRASE = "passphrase"  # noqa: S105 - the name of a kind of slot
RECOVERY = "recovery"


class Slot(TypedDict, total=False):
    """One way to the vault's key. A slot of a kind that this version does not know may say anything."""

    kind: str
    """``passphrase`` or ``recovery``."""
    id: str
    salt: str
    wrap: str
    """The vault's key, sealed; hexadecimal like the two before."""
    memory_kib: int
    iterations: int
    lanes: int
    """What stretching a passphrase costs."""


class _Body(TypedDict):
    """The header file."""

    magic: str
    format: int
    suite: int
    vault: str
    slots: list[Slot]
    mac: NotRequired[str]
    """Over all of the above."""
    sum: NotRequired[str]
    """Over all of the above, the MAC included."""


_OURS = frozenset(_Body.__annotations__)


@dataclass(slots=True)
class Header:
    """What the header file says. Slots and fields that this version does not know are kept as they are."""

    vault_id: bytes
    slots: list[Slot] = field(default_factory=list)
    others: JsonObject = field(default_factory=dict)
    """Fields of a later version."""
    opened_by: str = ""
    """Id of the slot that gave the key; it stands in no file."""

    def to_bytes(self, keys: VaultKeys) -> bytes:
        """Return the file's one valid spelling: sorted JSON with a checksum (accidents) and a MAC (anything else)."""
        body: _Body = {
            "magic": _MAGIC,
            "format": FORMAT,
            "suite": _SUITE,
            "vault": self.vault_id.hex(),
            "slots": self.slots,
        }
        whole = {**self.others, **body}
        return _with_sum({**whole, "mac": keys.mac(b"header", _canonical(whole)).hex()})

    def cost(self) -> KdfCost | None:
        """Return the cost of the passphrase slot, so that a new passphrase costs the same."""
        for slot in self.slots:
            if slot.get("kind") == PASSPHRASE:
                return KdfCost(slot["memory_kib"], slot["iterations"], slot["lanes"])
        return None

    def with_passphrase(self, slot: Slot, replaces: str | None = None) -> "Header":
        """Return a copy in which ``slot`` replaces the passphrase slot of the id ``replaces``, and no other.

        None, or an id that no passphrase has: the one that opened the vault, else the first one.
        """
        ids = [kept["id"] for kept in self.slots if kept.get("kind") == PASSPHRASE]
        gone = next((one for one in (replaces, self.opened_by) if one in ids), next(iter(ids), None))
        kept = [one for one in self.slots if one.get("kind") != PASSPHRASE or one["id"] != gone]
        opened_by = slot["id"] if self.opened_by == gone else self.opened_by
        return Header(self.vault_id, [*kept, slot], self.others, opened_by)

    def with_recovery(self, slot: Slot) -> "Header":
        """Return a copy in which ``slot`` replaces every recovery code: the papers of before must open nothing."""
        kept = [one for one in self.slots if one.get("kind") != RECOVERY]
        return Header(self.vault_id, [*kept, slot], self.others, self.opened_by)


def passphrase_slot(keys: VaultKeys, passphrase: str | bytes | bytearray, cost: KdfCost, random: Random) -> Slot:
    """Return the slot that this passphrase opens."""
    slot: Slot = {
        "kind": PASSPHRASE,
        "id": random(8).hex(),
        "salt": random(KEY_SIZE).hex(),
        "memory_kib": cost.memory_kib,
        "iterations": cost.iterations,
        "lanes": cost.lanes,
    }
    kek = stretch(passphrase_bytes(passphrase), bytes.fromhex(slot["salt"]), cost)
    return slot | {"wrap": wrap(kek, keys.vault_key, _aad(keys.vault_id, slot), random).hex()}


def recovery_slot(keys: VaultKeys, random: Random) -> tuple[Slot, str]:
    """Return a slot and the new recovery code that opens it."""
    secret = random(CODE_BYTES)
    slot: Slot = {"kind": RECOVERY, "id": random(8).hex(), "salt": random(KEY_SIZE).hex()}
    kek = hkdf(secret, bytes.fromhex(slot["salt"]), b"slot|recovery|" + keys.vault_id)
    return slot | {"wrap": wrap(kek, keys.vault_key, _aad(keys.vault_id, slot), random).hex()}, format_code(secret)


def read_header(data: bytes) -> Header:
    """Return the header. Its MAC is not checked yet: that needs the key.

    Raises `VaultDamaged` for anything but the spelling that `Header.to_bytes` gives, `VaultNewer`.
    """
    if len(data) > _MAX_SIZE:
        raise VaultDamaged(part=NAME)
    try:
        body = orjson.loads(data)
        if body["magic"] != _MAGIC:
            raise VaultDamaged(part=NAME)
        digest = body.pop("sum")
        whole = isinstance(digest, str) and hmac.compare_digest(_with_sum(body), data)
        if isinstance(body["format"], int) and body["format"] > FORMAT:
            raise VaultNewer(format=body["format"]) if whole else PerhapsNewer(format=body["format"])
        if not whole or body["format"] != FORMAT or body["suite"] != _SUITE:
            raise VaultDamaged(part=NAME)
        others = {name: value for name, value in body.items() if name not in _OURS}
        return Header(bytes.fromhex(body["vault"]), list(body["slots"]), others)
    except (ValueError, KeyError, TypeError) as error:
        raise VaultDamaged(part=NAME) from error


def open_header(
    data: bytes, *, passphrase: str | bytes | bytearray | None, recovery_code: str | None, floor: KdfCost
) -> tuple[Header, VaultKeys]:
    """Return the header and the keys that the passphrase or the code opens.

    Raises `WrongPassphrase`, `WrongRecoveryCode`, `RecoveryCodeMistyped`, `VaultDamaged`, `VaultNewer`.
    """
    header = read_header(data)
    try:
        if recovery_code is not None:
            vault_key, header.opened_by = _by_code(header, recovery_code)
        else:
            vault_key, header.opened_by = _by_passphrase(header, passphrase or "", floor)
    except (ValueError, KeyError, TypeError) as error:
        raise VaultDamaged(part=NAME) from error
    keys = VaultKeys(header.vault_id, vault_key)
    if not hmac.compare_digest(header.to_bytes(keys), data):  # the MAC covers the whole set of slots
        raise VaultDamaged(part=NAME)
    return header, keys


def save_header(fs: Fs, folder: Path, header: Header, keys: VaultKeys, random: Random) -> None:
    """Replace the header file: new copy, read back, rename. Raises ``OSError``, `SyncFailed` if the rename did."""
    data = header.to_bytes(keys)
    _save(fs, folder, NAME, data, random)
    save_copy(fs, folder, data, random)


def save_copy(fs: Fs, folder: Path, data: bytes, random: Random) -> None:
    """Bring the header's copy up to date: without a header, no data. If it fails the next unlock tries again."""
    with contextlib.suppress(OSError):
        if not fs.exists(folder / COPY) or fs.read(folder / COPY) != data:
            _save(fs, folder, COPY, data, random)


def _save(fs: Fs, folder: Path, name: str, data: bytes, random: Random) -> None:
    temp = folder / f"tmp-{random(8).hex()}"
    write_new(fs, temp, data)
    if fs.read(temp) != data:
        raise OSError(errno.EIO, "the disk gave back something else than was written")
    move_into_place(fs, temp, folder / name)


def load_header(fs: Fs, folder: Path, *, salvage: bool) -> bytes:
    """Return the header file, or its copy when the header is missing or damaged and ``salvage`` is wanted.

    Raises `NoVault`, `HeaderDamaged`, `VaultKeyDamaged`, `VaultNewer`, `VaultUnreadable`.
    """
    with reading(NAME):
        contents = {name: fs.read(folder / name) for name in (NAME, COPY) if fs.exists(folder / name)}
    if not contents:
        raise NoVault
    try:
        read_header(contents.get(NAME, b""))
        return contents[NAME]
    except PerhapsNewer:
        if not salvage or COPY not in contents:
            raise
    except VaultDamaged:
        pass  # the copy tells what that comes to
    try:
        read_header(contents.get(COPY, b""))
    except VaultDamaged as error:
        raise VaultKeyDamaged from error
    if not salvage:
        raise HeaderDamaged(gone=NAME not in contents)
    return contents[COPY]


def damages(fs: Fs, folder: Path, expected: bytes | None = None) -> list[Finding]:
    """What is wrong with the header and its copy: both must be there, and the bytes ``expected``, or (None) be whole.

    Raises ``OSError``.
    """
    findings: list[Finding] = []
    files: dict[str, Kind] = {NAME: "header", COPY: "header-copy"}
    for name, kind in files.items():
        if not fs.exists(folder / name):
            findings.append(Finding(kind, name, "missing"))
        elif not _good(fs.read(folder / name), expected):
            findings.append(Finding(kind, name, "damaged"))
    return findings


def _good(data: bytes, expected: bytes | None) -> bool:
    if expected is not None:
        return data == expected
    try:
        read_header(data)
    except VaultDamaged:
        return False
    except VaultNewer:
        return True  # another program's matter
    return True


def keep_aside(fs: Fs, folder: Path, random: Random) -> None:
    """Keep what a damaged header holds under another name, before it is written anew. Raises ``OSError``."""
    if fs.exists(folder / NAME):
        temp = folder / f"tmp-{random(8).hex()}"
        write_new(fs, temp, fs.read(folder / NAME))
        move_into_place(fs, temp, folder / ASIDE)


def _by_passphrase(header: Header, passphrase: str | bytes | bytearray, floor: KdfCost) -> tuple[bytearray, str]:
    secret = passphrase_bytes(passphrase)
    for slot in header.slots:
        if slot["kind"] == PASSPHRASE:
            cost = KdfCost(slot["memory_kib"], slot["iterations"], slot["lanes"])
            if not cost.within(floor, CAP):
                raise VaultDamaged(part=NAME)
            kek = stretch(secret, bytes.fromhex(slot["salt"]), cost)
            if vault_key := unwrap(kek, bytes.fromhex(slot["wrap"]), _aad(header.vault_id, slot)):
                return vault_key, slot["id"]
    raise WrongPassphrase


def _by_code(header: Header, code: str) -> tuple[bytearray, str]:
    secret = parse_code(code)
    for slot in header.slots:
        if slot["kind"] == RECOVERY:
            kek = hkdf(secret, bytes.fromhex(slot["salt"]), b"slot|recovery|" + header.vault_id)
            if vault_key := unwrap(kek, bytes.fromhex(slot["wrap"]), _aad(header.vault_id, slot)):
                return vault_key, slot["id"]
    raise WrongRecoveryCode


def _aad(vault_id: bytes, slot: Slot) -> bytes:
    return vault_id + _canonical({name: value for name, value in slot.items() if name != "wrap"})


def _canonical(body: object) -> bytes:
    return orjson.dumps(body, option=orjson.OPT_SORT_KEYS)


def _with_sum(body: Mapping[str, object]) -> bytes:
    digest = hashlib.sha256(_canonical(body)).hexdigest()
    return orjson.dumps({**body, "sum": digest}, option=orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2) + b"\n"
