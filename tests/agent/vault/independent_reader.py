"""A reader of vaults written from ``.github/VAULT_FORMAT.md`` alone: it shares no code with the program."""

import hashlib
import hmac
import json
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
Tables = dict[str, dict[str, Any]]


class Refused(Exception):
    """The files are not what the format says."""


def need(true: bool, what: str) -> None:
    """Refuse what is not so."""
    if not true:
        raise Refused(what)


def hkdf(key: bytes, salt: bytes, purpose: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt, b"ameli-tui vault 1|" + purpose).derive(key)


def compact(value: dict[str, Any], *without: str) -> bytes:
    kept = {name: item for name, item in value.items() if name not in without}
    return json.dumps(kept, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def header_of(data: bytes) -> dict[str, Any]:
    """A header whose sum holds."""
    try:
        header: dict[str, Any] = json.loads(data)
        whole = header["sum"] == hashlib.sha256(compact(header, "sum")).hexdigest()
    except (ValueError, KeyError, TypeError) as error:
        raise Refused("header") from error
    spelled = json.dumps(header, sort_keys=True, indent=2, ensure_ascii=False).encode() + b"\n"
    need(whole and spelled == data and header["magic"] == "ameli-tui vault", "header")
    need((header["format"], header["suite"]) == (1, 1), f"format {header['format']}")
    return header


class Keys:
    """The vault key, from a header and a secret."""

    def __init__(self, header: dict[str, Any], passphrase: str | None, code: str | None) -> None:
        self.vault = bytes.fromhex(header["vault"])
        kind = "passphrase" if passphrase else "recovery"
        for slot in header["slots"]:
            if slot["kind"] == kind and self._opened(slot, passphrase, code):
                break
        else:
            raise Refused("no slot opens")
        need(header["mac"] == self.mac("header", compact(header, "mac", "sum")).hex(), "mac")

    def _opened(self, slot: dict[str, Any], passphrase: str | None, code: str | None) -> bool:
        salt, wrap = bytes.fromhex(slot["salt"]), bytes.fromhex(slot["wrap"])
        if passphrase:
            kek = Argon2id(
                salt=salt, length=32, iterations=slot["iterations"], lanes=slot["lanes"],
                memory_cost=slot["memory_kib"],
            ).derive(unicodedata.normalize("NFC", passphrase).encode())
        else:
            kek = hkdf(bits_of(code or ""), salt, b"slot|recovery|" + self.vault)
        try:
            self.key = ChaCha20Poly1305(kek).decrypt(wrap[:12], wrap[12:], self.vault + compact(slot, "wrap"))
        except InvalidTag:
            return False
        return True

    def mac(self, purpose: str, data: bytes) -> bytes:
        return hmac.digest(hkdf(self.key, self.vault, b"mac|" + purpose.encode()), data, "sha256")

    def head(self, data: bytes, magic: bytes, purpose: str) -> tuple[dict[str, Any], bytes, bytes, ChaCha20Poly1305]:
        """Fields, head, what follows it, and its cipher."""
        end = 12 + int.from_bytes(data[8:12], "big")
        need(data[:8] == magic and data[end:end + 32] == self.mac("head", data[:end]), "head")
        fields = json.loads(data[12:end])
        need(fields["format"] == 1, "format of a file")
        salt = bytes.fromhex(fields["salt"])
        cipher = ChaCha20Poly1305(hkdf(self.key, salt, purpose.encode() + b"|" + self.vault))
        return fields, data[:end + 32], data[end + 32:], cipher


def bits_of(code: str) -> bytes:
    """The bits of a recovery code."""
    signs, number = code.replace("-", ""), 0
    for sign in signs[:26]:
        number = number * 32 + ALPHABET.index(sign)
    bits = number.to_bytes(16, "big")
    check = hashlib.sha256(b"ameli-tui vault 1|check|" + bits).digest()
    need(signs[26:] == "".join(ALPHABET[byte & 31] for byte in check[:2]), "check signs")
    return bits


def chunks(body: bytes, cipher: ChaCha20Poly1305) -> bytes:
    """What was sealed in chunks."""
    pieces = [body[at:at + 65536 + 16] for at in range(0, len(body), 65536 + 16)]
    return b"".join(
        cipher.decrypt(index.to_bytes(11, "big") + bytes([index == len(pieces) - 1]), piece, None)
        for index, piece in enumerate(pieces)
    )


def change(tables: Tables, content: bytes) -> None:
    """Make the changes of a content."""
    lines = iter(content.decode().split("\n")[:-1])
    for line in lines:
        section = json.loads(line)
        if section["drop"] or section["clear"]:
            tables.pop(section["table"], None)
        if not section["drop"]:
            table = tables.setdefault(section["table"], {})
            for key in section["remove"]:
                table.pop(key, None)
            for key in section["put"]:
                table[key] = json.loads(next(lines))


class Reader:
    """A vault's folder, opened."""

    def __init__(self, folder: Path, passphrase: str | None, code: str | None = None, *, by_copy: bool = False) -> None:
        self.folder = folder
        header = header_of((folder / ("header-copy" if by_copy else "header")).read_bytes())
        self.slots = header["slots"]
        self.keys = Keys(header, passphrase, code)

    def _head(self, name: str, magic: bytes, purpose: str) -> tuple[dict[str, Any], bytes, bytes, ChaCha20Poly1305]:
        return self.keys.head((self.folder / name).read_bytes(), magic, purpose)

    def read(self) -> Tables:
        """All tables, the vault's own included but ``$day``."""
        generation = max(path.name.split("-")[1] for path in self.folder.iterdir()
                         if path.name.startswith(("snap-", "jrnl-")))
        fields, head, body, cipher = self._head(f"snap-{generation}", b"AMVsnap\n", "snapshot")
        need(fields["gen"] == int(generation), "generation")
        tables: Tables = {}
        change(tables, chunks(body, cipher))
        journals = sorted(path.name for path in self.folder.glob(f"jrnl-{generation}-*"))
        place = {"gen": int(generation), "n": 0, "records": 0, "chain": hashlib.sha256(head).digest()[:16].hex()}
        for number, name in enumerate(journals, 1):
            need(name == f"jrnl-{generation}-{number:06d}", "a journal is missing")
            after = None
            if number < len(journals):
                after = self._head(journals[number], b"AMVjrnl\n", "journal")[0]["after"]
            place = self._journal(tables, name, place, after)
        tables.pop("$day", None)
        self.place = place
        return tables

    def _journal(self, tables: Tables, name: str, before: dict[str, Any], end: dict[str, Any] | None) -> dict[str, Any]:
        fields, head, body, cipher = self._head(name, b"AMVjrnl\n", "journal")
        need(fields["after"] == before and name == f"jrnl-{fields['gen']:08d}-{fields['n']:06d}", "after")
        chain, at, count = head[-16:], 0, 0
        while at < len(body) and (end is None or count < end["records"]):
            found = record(body, at, cipher)
            if found is None or found[0] != count + 1 or found[1][:16] != chain:
                torn = end is None and not any(record(body, later, cipher) for later in range(at, len(body), 512))
                need(torn, f"{name}, record {count + 1}")
                break
            count, at = found[0], found[2]
            change(tables, found[1][16:].rstrip(b"\0"))
            chain = body[at - 16:at]
        place = {"gen": fields["gen"], "n": fields["n"], "records": count, "chain": chain.hex()}
        need(end in (None, place), "place")
        return place

    def blob(self, name: str) -> bytes:
        """A document."""
        fields, _, body, cipher = self._head(f"blob/{name}", b"AMVblob\n", "blob")
        need(fields["blob"] == name, "name")
        return chunks(body, cipher)

    def rounds(self) -> Iterator[bytes]:
        """What was sealed while the vault was locked: the content of each round, in order."""
        files = [path.read_bytes() for path in (self.folder / "inbox").iterdir() if len(path.name) == 32]
        for epoch in self.read()["account"]["watch"]["epochs"]:
            name, private = (bytes.fromhex(epoch[field]) for field in ("epoch", "private_key"))
            chain, number = bytes.fromhex(epoch["chain_start"]), 1
            for data in sorted(data for data in files if data[:24] == b"AMVinbx\n" + name):
                while number < int.from_bytes(data[24:32], "big"):
                    chain, number = hmac.digest(chain, b"next", "sha256"), number + 1
                need(hmac.digest(chain, data[:-32], "sha256") == data[-32:], "mac of a round")
                info = b"ameli-tui vault 1|inbox|" + self.keys.vault + data[8:32]
                plain = hpke_open(private, data[32:64], data[64:-32], info)
                need(len(plain) in (4096, 8192, 16384, 32768) or len(plain) % 65536 == 0, "size of a round")
                yield plain[8:8 + int.from_bytes(plain[:8], "big")]

    def sealed_files(self) -> Iterator[tuple[str, bytes]]:
        """Names and bytes of the files of the watched folder among the rounds."""
        for content in self.rounds():
            if content[0] in (0xDE, 0xDF) or 0x80 <= content[0] <= 0x8F:
                parts = msgspec.msgpack.decode(content)
                need(parts["kind"] == "file", "a round of another kind")
                need(hashlib.blake2b(parts["data"], digest_size=16).hexdigest() == parts["digest"], "digest")
                yield parts["name"], parts["data"]

    def marks(self) -> Iterator[tuple[int, int, int, str]]:
        """What the valid slots of the mark say: generation, journal, records, chain."""
        data = (self.folder / "high-water").read_bytes()
        for at in (0, 96):
            body, seal = data[at:at + 64], data[at + 64:at + 96]
            if body[:8] == b"AMVhigh\n" and body[8:24] == self.keys.vault and seal == self.keys.mac("high-water", body):
                numbers = [int.from_bytes(body[start:start + 8], "big") for start in (24, 32, 40)]
                yield numbers[0], numbers[1], numbers[2], body[48:64].hex()


def hpke_open(private: bytes, encapsulated: bytes, sealed: bytes, info: bytes) -> bytes:
    """Base mode of RFC 9180 with X25519, HKDF-SHA256, ChaCha20-Poly1305."""
    def extract(suite: bytes, salt: bytes, label: bytes, key: bytes) -> bytes:
        return hmac.digest(salt, b"HPKE-v1" + suite + label + key, "sha256")

    def expand(suite: bytes, key: bytes, label: bytes, context: bytes, size: int) -> bytes:
        return hmac.digest(
            key, size.to_bytes(2, "big") + b"HPKE-v1" + suite + label + context + b"\x01", "sha256")[:size]

    secret = X25519PrivateKey.from_private_bytes(private)
    kem, suite = b"KEM\x00\x20", b"HPKE\x00\x20\x00\x01\x00\x03"
    shared = expand(
        kem, extract(kem, b"", b"eae_prk", secret.exchange(X25519PublicKey.from_public_bytes(encapsulated))),
        b"shared_secret", encapsulated + secret.public_key().public_bytes_raw(), 32)
    context = b"\0" + extract(suite, b"", b"psk_id_hash", b"") + extract(suite, b"", b"info_hash", info)
    key = extract(suite, shared, b"secret", b"")
    cipher = ChaCha20Poly1305(expand(suite, key, b"key", context, 32))
    return cipher.decrypt(expand(suite, key, b"base_nonce", context, 12), sealed, b"")


def record(body: bytes, at: int, cipher: ChaCha20Poly1305) -> tuple[int, bytes, int] | None:
    """Number, plain text and end of the record that begins there; None when none does."""
    frame = body[at:at + 12]
    length = int.from_bytes(frame[:4], "big")
    if len(frame) < 12 or (24 + length) % 512 or at + 24 + length > len(body):
        return None
    try:
        plain = cipher.decrypt(body[at + 12:at + 24], body[at + 24:at + 24 + length], frame)
    except InvalidTag:
        return None
    return int.from_bytes(frame[4:], "big"), plain, at + 24 + length


def read_backup(data: bytes, passphrase: str) -> tuple[Tables, dict[str, bytes | None], bytes | None]:
    """The tables, the documents (None: it was damaged) and the settings file of a backup."""
    need(data[:8] == b"AMVback\n", "magic")
    end = 12 + int.from_bytes(data[8:12], "big")
    keys = Keys(header_of(data[12:end]), passphrase, None)
    fields, _, body, cipher = keys.head(data[end:], b"AMVcopy\n", "backup")
    need(fields["header"] == hashlib.sha256(data[12:end]).hexdigest(), "header")
    text, at = chunks(body, cipher), 0
    tables: Tables = {}
    documents: dict[str, bytes | None] = {}
    settings: bytes | None = None

    def take() -> bytes:
        nonlocal at
        length = int.from_bytes(text[at:at + 4], "big")
        at += 4 + length
        return text[at - length:at]

    while True:
        part, content = json.loads(take()), b""
        while piece := take():
            content += piece
        if part["part"] == "end":
            need(at == len(text), "more after the end")
            return tables, documents, settings
        if part["part"] == "tables":
            change(tables, content)
        elif part["part"] == "settings":
            settings = content
        else:
            documents[part["name"]] = content if part["part"] == "document" else None
