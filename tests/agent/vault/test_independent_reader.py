"""Another program can read a vault: this one knows what the package's text says and uses none of its code."""

import hashlib
import hmac
import json
import unicodedata
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from tests.agent.vault.support import PASS
from tests.agent.vault.test_format import CODE, CONTENT, GOLDEN

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def hkdf(key: bytes, salt: bytes, purpose: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt, b"ameli-tui vault 1|" + purpose).derive(key)


def compact(value: dict[str, Any], *without: str) -> bytes:
    kept = {name: item for name, item in value.items() if name not in without}
    return json.dumps(kept, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


class Reader:
    def __init__(self, folder: Path, passphrase: str | None, code: str | None) -> None:
        self.folder = folder
        header = json.loads((folder / "header").read_bytes())
        assert (header["magic"], header["format"], header["suite"]) == ("ameli-tui vault", 1, 1)
        assert header["sum"] == hashlib.sha256(compact(header, "sum")).hexdigest()
        self.vault = bytes.fromhex(header["vault"])
        slot = next(slot for slot in header["slots"] if slot["kind"] == ("passphrase" if passphrase else "recovery"))
        salt = bytes.fromhex(slot["salt"])
        if passphrase:
            secret = unicodedata.normalize("NFC", passphrase).encode()
            kek = Argon2id(
                salt=salt,
                length=32,
                iterations=slot["iterations"],
                lanes=slot["lanes"],
                memory_cost=slot["memory_kib"],
            ).derive(secret)
        else:
            assert code is not None
            signs, number = code.replace("-", ""), 0
            for sign in signs[:26]:
                number = number * 32 + ALPHABET.index(sign)
            bits = number.to_bytes(16, "big")
            check = hashlib.sha256(b"ameli-tui vault 1|check|" + bits).digest()
            assert signs[26:] == "".join(ALPHABET[byte & 31] for byte in check[:2])
            kek = hkdf(bits, salt, b"slot|recovery|" + self.vault)
        wrap = bytes.fromhex(slot["wrap"])
        aad = self.vault + compact(slot, "wrap")
        self.key = ChaCha20Poly1305(kek).decrypt(wrap[:12], wrap[12:], aad)
        assert header["mac"] == self.mac("header", compact(header, "mac", "sum")).hex()

    def mac(self, purpose: str, data: bytes) -> bytes:
        return hmac.digest(hkdf(self.key, self.vault, b"mac|" + purpose.encode()), data, "sha256")

    def open(self, name: str, magic: bytes, purpose: str) -> tuple[dict[str, Any], bytes, bytes, ChaCha20Poly1305]:
        data = (self.folder / name).read_bytes()
        end = 12 + int.from_bytes(data[8:12], "big")
        assert data[:8] == magic
        assert data[end : end + 32] == self.mac("head", data[:end])
        fields = json.loads(data[12:end])
        cipher = ChaCha20Poly1305(hkdf(self.key, bytes.fromhex(fields["salt"]), purpose.encode() + b"|" + self.vault))
        return fields, data[: end + 32], data[end + 32 :], cipher

    def chunks(self, body: bytes, cipher: ChaCha20Poly1305) -> bytes:
        pieces = [body[at : at + 65536 + 16] for at in range(0, len(body), 65536 + 16)]
        return b"".join(
            cipher.decrypt(index.to_bytes(11, "big") + bytes([index == len(pieces) - 1]), piece, None)
            for index, piece in enumerate(pieces)
        )

    def read(self) -> dict[str, dict[str, Any]]:
        tables: dict[str, dict[str, Any]] = {}
        generation = max(path.name for path in self.folder.glob("snap-*"))[5:]
        _, head, body, cipher = self.open(f"snap-{generation}", b"AMVsnap\n", "snapshot")
        self.change(tables, self.chunks(body, cipher))
        place = {"gen": int(generation), "n": 0, "records": 0, "chain": hashlib.sha256(head).digest()[:16].hex()}
        for path in sorted(self.folder.glob(f"jrnl-{generation}-*")):
            fields, head, body, cipher = self.open(path.name, b"AMVjrnl\n", "journal")
            assert fields["after"] == place
            chain, at, count = head[-16:], 0, 0
            while at < len(body):
                frame, count = body[at : at + 12], count + 1
                length = int.from_bytes(frame[:4], "big")
                assert int.from_bytes(frame[4:], "big") == count
                assert (24 + length) % 512 == 0
                sealed = body[at + 24 : at + 24 + length]
                plain = cipher.decrypt(body[at + 12 : at + 24], sealed, frame)
                assert plain[:16] == chain
                self.change(tables, plain[16:].rstrip(b"\0"))
                chain, at = sealed[-16:], at + 24 + length
            place = {"gen": fields["gen"], "n": fields["n"], "records": count, "chain": chain.hex()}
        return tables

    @staticmethod
    def change(tables: dict[str, dict[str, Any]], content: bytes) -> None:
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

    def blob(self, name: str) -> bytes:
        fields, _, body, cipher = self.open(f"blob/{name}", b"AMVblob\n", "blob")
        assert fields["blob"] == name
        return self.chunks(body, cipher)


def test_a_program_that_knows_only_the_description_reads_a_vault() -> None:
    for reader in (Reader(GOLDEN, PASS, None), Reader(GOLDEN, None, CODE)):
        tables = reader.read()
        assert set(tables.pop("$blobs")) == {tables["documents"]["d"]["blob"]}
        tables["documents"]["d"]["blob"] = reader.blob(tables["documents"]["d"]["blob"])
        assert tables == CONTENT
