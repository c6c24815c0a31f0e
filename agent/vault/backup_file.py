"""The file of a backup: one vault, whole, in one sealed text. Read and written piece by piece.

::

    "AMVback\n" | length (4) | the vault's header file | head | sealed chunks

The **head** is that of every encrypted file (magic "AMVcopy\n") and says besides ``salt`` and
``format``: ``made`` (ISO moment, UTC), ``after`` (the place of the vault it shows) and ``header`` (SHA-256 of the
header file before it), so that no other header fits. The file's key is that of its ``salt`` with purpose "backup".

All that is **sealed** is one text in chunks of 64 KiB, as in a snapshot: the number of a chunk and whether it is the
last are in its nonce, so chunks cannot be cut off, moved, or taken from another file. Inside, one part after another:
length (4) | JSON ``{"part", "name"}``, then its content in pieces: length (4) | bytes; a length of 0 ends the part.

======== ============================================================================== =====
part     content                                                                        times
======== ============================================================================== =====
settings the settings file as it was                                                    0, 1
tables   a set of changes, as in a snapshot, without the table ``$backup``              1
document one document; ``name`` as in ``$blobs``                                        each
missing  nothing: the document ``name`` was damaged in the vault already                each
end      nothing; the sealed text ends with it                                          1
======== ============================================================================== =====

In this order, documents by name, each name of ``$blobs`` once. What it shows to anybody: what the header shows, when
it was made, and its size.
"""

import contextlib
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple, TypedDict

import orjson
from cryptography.exceptions import InvalidTag

from agent.vault import header as headers
from agent.vault.backup_errors import BackupDamaged, BackupUnreadable, NotABackup
from agent.vault.errors import VaultDamaged
from agent.vault.fs import File, Fs, Source, write_all
from agent.vault.keys import KEY_SIZE, TAG_SIZE, KdfCost, Random, VaultKeys
from agent.vault.position import Position
from agent.vault.sealed import CHUNK, Head, Sealer, make_head, read_head

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

MAGIC = b"AMVback\n"
_BODY = b"AMVcopy\n"
_PURPOSE = "backup"
_MOST_HEADER = 64 * 1024
_MOST_HEAD = 4096 + 44
_MOST_NAME = 4096
_PIECE = 1 << 20
"""Bytes of content in one piece, at most."""
_FRAME = 4

PartKind = Literal["settings", "tables", "document", "missing", "end"]
_ORDER: dict[str, int] = {"settings": 0, "tables": 1, "document": 2, "missing": 2, "end": 3}


class _PartHead(TypedDict):
    part: PartKind
    name: str


class Opened(NamedTuple):
    """The beginning of a backup, proved."""

    header: bytes
    """The vault's header file."""
    keys: VaultKeys
    made: str
    """ISO moment, UTC."""
    after: Position
    """The place of the vault that it shows."""


class BackupWriter:
    """Writes a backup to a file that is open."""

    def __init__(self, file: File, keys: VaultKeys, header: bytes, made: str, after: Position, random: Random) -> None:
        """Raises ``OSError``."""
        self._file = file
        salt = random(KEY_SIZE)
        self._sealer = Sealer(keys.cipher(_PURPOSE, salt))
        fields: Head = {"salt": salt.hex(), "made": made, "after": after.to_json(),
                        "header": hashlib.sha256(header).hexdigest()}
        self.size = 0
        """Bytes written so far."""
        self._out(MAGIC + _long(header) + make_head(keys, _BODY, fields))

    def begin(self, part: PartKind, name: str = "") -> None:
        """Begin a part. Raises ``OSError``."""
        head: _PartHead = {"part": part, "name": name}
        self._seal(_long(orjson.dumps(head)))

    def add(self, content: bytes) -> None:
        """Add to the part. Raises ``OSError``."""
        for at in range(0, len(content), _PIECE):
            self._seal(_long(content[at : at + _PIECE]))

    def end(self) -> None:
        """End the part. Raises ``OSError``."""
        self._seal(bytes(_FRAME))

    def finish(self) -> None:
        """End the file. Raises ``OSError``."""
        self.begin("end")
        self.end()
        self._out(self._sealer.finish())

    def _seal(self, plain: bytes) -> None:
        self._out(self._sealer.add(plain))

    def _out(self, data: bytes) -> None:
        if data:
            write_all(self._file, data)
            self.size += len(data)


class Part(NamedTuple):
    """One part of a backup; ``pieces`` is to be read to its end before the next one is asked for."""

    kind: PartKind
    name: str
    pieces: Iterator[bytes]


class BackupReader:
    """Reads a backup. What it gives was proved to be what was written there; whether the rest is too is known at the
    end of `parts`. Every call raises `BackupDamaged` where it is not, and `BackupUnreadable`."""

    def __init__(self, fs: Fs, path: Path) -> None:
        """Raises `NotABackup`."""
        self._path, self._name = path, path.name
        with self._reading():
            self._file: Source = fs.open_to_read(path)
        self._digest = hashlib.sha256()
        self._waiting = bytearray()
        self._chunks: Iterator[bytes] = iter(())
        try:
            if self._take(len(MAGIC), short=True) != MAGIC:
                raise NotABackup(file=self._name)
            size = self._number(self._take(_FRAME))
            self.header = self._take(min(size, _MOST_HEADER + 1))
            if len(self.header) != size or size > _MOST_HEADER:
                raise self._damaged()
        except BaseException:
            self.close()
            raise

    @property
    def digest(self) -> str:
        """SHA-256 of what was read so far, hexadecimal: of the whole file after `parts`."""
        return self._digest.hexdigest()

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def unlock(self, passphrase: str | bytes | bytearray | None, recovery_code: str | None,
               floor: KdfCost) -> Opened:
        """Derive the keys from what the person gave, and prove the beginning.

        Raises `WrongPassphrase`, `WrongRecoveryCode`, `RecoveryCodeMistyped`, `VaultNewer`.
        """
        try:
            _, keys = headers.open_header(
                self.header, passphrase=passphrase, recovery_code=recovery_code, floor=floor)
        except VaultDamaged as error:
            raise self._damaged() from error
        return self.open_with(keys)

    def open_with(self, keys: VaultKeys) -> Opened:
        """Prove the beginning with keys that are known. Raises `VaultNewer`."""
        try:
            if headers.read_header(self.header).to_bytes(keys) != self.header:
                raise self._damaged()
            start = self._take(len(_BODY) + _FRAME)
            size = self._number(start[len(_BODY) :])
            start += self._take(min(size, _MOST_HEAD) + 32)
            fields, end = read_head(keys, _BODY, start, self._name)
            if end != len(start) or fields["header"] != hashlib.sha256(self.header).hexdigest():
                raise self._damaged()
            after, made = Position.from_json(fields["after"]), fields["made"]
            self._chunks = self._unsealed(keys.cipher(_PURPOSE, bytes.fromhex(fields["salt"])))
        except (VaultDamaged, KeyError, ValueError) as error:
            raise self._damaged() from error
        return Opened(self.header, keys, made, after)

    def parts(self) -> Iterator[Part]:
        """Yield each part in its order. Once it has ended, every byte of the file was proved."""
        last, names = -1, ""
        while True:
            kind, name = self._part_head()
            order = _ORDER.get(kind, -1)
            many = order == _ORDER["document"]
            if order < last or (order == last and not many) or (many and name <= names) or (order > 1 > last):
                raise self._damaged()
            last, names = order, name
            if kind == "end":
                break
            pieces = self._pieces()
            yield Part(kind, name, pieces)
            if next(pieces, None) is not None:
                raise RuntimeError("a part was not read to its end")
        if self._number(self._plain(_FRAME)) or self._waiting or next(self._chunks, None) is not None:
            raise self._damaged()

    def _part_head(self) -> tuple[PartKind, str]:
        data = self._plain(min(self._number(self._plain(_FRAME)), _MOST_NAME))
        try:
            head: _PartHead = orjson.loads(data)
            return head["part"], head["name"]
        except (ValueError, KeyError, TypeError) as error:
            raise self._damaged() from error

    def _pieces(self) -> Iterator[bytes]:
        while size := self._number(self._plain(_FRAME)):
            if size > _PIECE:
                raise self._damaged()
            yield self._plain(size)

    def _plain(self, size: int) -> bytes:
        while len(self._waiting) < size:
            chunk = next(self._chunks, None)
            if chunk is None:
                raise self._damaged()
            self._waiting += chunk
        taken = bytes(self._waiting[:size])
        del self._waiting[:size]
        return taken

    def _unsealed(self, cipher: "ChaCha20Poly1305") -> Iterator[bytes]:
        number, chunk = 0, self._take(CHUNK + TAG_SIZE, short=True)
        while True:
            after = self._take(CHUNK + TAG_SIZE, short=True)
            try:
                yield cipher.decrypt(number.to_bytes(11, "big") + bytes([not after]), chunk, None)
            except InvalidTag:
                raise self._damaged() from None
            if not after:
                return
            number, chunk = number + 1, after

    def _take(self, size: int, *, short: bool = False) -> bytes:
        """The next bytes of the file; fewer, only where ``short`` allows it, at its end."""
        taken = b""
        while len(taken) < size:
            with self._reading():
                more = self._file.read(size - len(taken))
            if not more:
                break
            taken += more
        if len(taken) < size and not short:
            raise self._damaged()
        self._digest.update(taken)
        return taken

    @contextlib.contextmanager
    def _reading(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise BackupUnreadable(error, file=self._path) from error

    def _damaged(self) -> BackupDamaged:
        return BackupDamaged(file=self._name)

    @staticmethod
    def _number(data: bytes) -> int:
        return int.from_bytes(data, "big")


def _long(data: bytes) -> bytes:
    """``data`` after its length."""
    return len(data).to_bytes(_FRAME, "big") + data
