"""The vault: create, unlock, change, lock."""

import contextlib
import logging
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from agent.vault import header as headers
from agent.vault import highwater, loading
from agent.vault.blobs import FOLDER as BLOBS
from agent.vault.blobs import Blobs
from agent.vault.errors import (
    NoVault,
    VaultExists,
    VaultLocked,
    VaultStopped,
    VaultWriteFailed,
)
from agent.vault.fs import Fs, Held, RealFs, move_into_place, reading, tidy, writing
from agent.vault.highwater import HighWater
from agent.vault.journal import JournalWriter, journal_numbers
from agent.vault.keys import FLOOR, KdfCost, Random, VaultKeys, calibrate, passphrase_bytes
from agent.vault.position import ORIGIN
from agent.vault.snapshot import snapshot_generation, snapshot_name, write_snapshot
from agent.vault.storage import VaultStorage
from agent.vault.table import VaultDB

_LOG = logging.getLogger(__name__)
_LOCK = "lock"
_JOURNAL_MIN = 4 * 1024 * 1024
_JOURNAL_FILES = 64

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


class Vault:
    """An open vault. Make one with `create` or `unlock`; after `lock` every use raises `VaultLocked`.

    ``db`` is the database; `put_blob` and its kin keep documents; `transaction` makes several changes one.
    """

    def __init__(
        self,
        *,
        folder: Path,
        fs: Fs,
        held: Held,
        keys: VaultKeys,
        header: headers.Header,
        loaded: loading.Loaded,
        mark: HighWater,
        clock: Clock,
        random: Random,
    ) -> None:
        self._folder, self._fs, self._held = folder, fs, held
        self._keys, self._header, self._mark = keys, header, mark
        self._clock, self._random = clock, random
        self._position = loaded.position
        self._snapshot_size, self._journal_size = loaded.snapshot_size, loaded.journal_size
        self._writer: JournalWriter | None = None
        self._stopped = False
        self._open = True
        self._storage = VaultStorage(loaded.tables, self._commit)
        self._blobs = Blobs(fs, folder, keys, self._storage, random)
        self.db = VaultDB(self._storage)
        self.torn, self.salvaged = loaded.torn, loaded.salvaged
        """Whether an unacknowledged last record was cut by a power failure; whether damaged files were passed over."""

    # -- coming to be --

    @classmethod
    def create(
        cls,
        folder: Path,
        passphrase: str | bytes | bytearray,
        *,
        kdf_cost: KdfCost | None = None,
        high_water: Path | None = None,
        clock: Clock = utc_now,
        fs: Fs | None = None,
        random: Random = os.urandom,
    ) -> tuple["Vault", str]:
        """Create a vault in ``folder`` and open it; return it with its recovery code, shown this once.

        ``kdf_cost`` None: measured here, about 0.4 s. ``high_water`` is where to keep the mark against older copies
        (a file outside the folder protects better; None: inside). Raises `VaultExists`, `EmptyPassphrase`,
        `VaultBusy`, `VaultWriteFailed`.
        """
        fs = fs or RealFs()
        passphrase_bytes(passphrase)
        with writing():
            fs.make_folder(folder)
            fs.make_folder(folder / BLOBS)
        held = _hold(fs, folder)
        try:
            with reading("vault"):
                _refuse_to_overwrite(fs, folder)
            cost = kdf_cost or calibrate()
            keys = VaultKeys(random(16), bytearray(random(32)))
            recovery, code = headers.recovery_slot(keys, random)
            header = headers.Header(keys.vault_id, [headers.passphrase_slot(keys, passphrase, cost, random), recovery])
            mark = HighWater(fs, high_water or folder / highwater.NAME, keys)
            with writing():
                temp, position, size = write_snapshot(fs, folder, keys, {}, ORIGIN, clock(), random)
                move_into_place(fs, temp, folder / snapshot_name(position.generation))
                mark.start(position)
                fs.sync_folder(folder.parent)
                headers.save_header(fs, folder, header, keys, random)  # last: a vault is there when its header is
        except BaseException:
            held.close()
            raise
        loaded = loading.Loaded({}, position, size)
        return cls(
            folder=folder, fs=fs, held=held, keys=keys, header=header, loaded=loaded, mark=mark,
            clock=clock, random=random,
        ), code  # fmt: skip

    @classmethod
    def unlock(
        cls,
        folder: Path,
        *,
        passphrase: str | bytes | bytearray | None = None,
        recovery_code: str | None = None,
        accept_older: bool = False,
        salvage: bool = False,
        kdf_floor: KdfCost = FLOOR,
        high_water: Path | None = None,
        clock: Clock = utc_now,
        fs: Fs | None = None,
        random: Random = os.urandom,
    ) -> "Vault":
        """Open the vault with its passphrase or its recovery code.

        ``accept_older``: the person knows that this is a restored copy. ``salvage``: after `VaultDamaged`, open the
        newest state that the undamaged files prove (often all of it) and write it as a new generation. Raises
        `NoVault`, `WrongPassphrase`, `WrongRecoveryCode`, `RecoveryCodeMistyped`, `VaultDamaged`, `VaultNewer`,
        `VaultOlder`, `VaultBusy`, `VaultUnreadable`; nothing on disk changes then.
        """
        fs = fs or RealFs()
        with reading(headers.NAME):
            if not cls.exists(folder, fs=fs):
                raise NoVault
        held = _hold(fs, folder)
        try:
            data = headers.load_header(fs, folder, salvage=salvage)
            header, keys = headers.open_header(
                data, passphrase=passphrase, recovery_code=recovery_code, floor=kdf_floor
            )
            mark = HighWater(fs, high_water or folder / highwater.NAME, keys)
            loaded = loading.load(fs, folder, keys, salvage=salvage)
            with reading(highwater.NAME):
                seen = mark.read()
            if not (accept_older or salvage):
                loading.check_fresh(loaded, seen)
            with writing():
                if salvage:
                    headers.save_header(fs, folder, header, keys, random)
                mark.start(loaded.position)
        except BaseException:
            held.close()
            raise
        vault = cls(
            folder=folder, fs=fs, held=held, keys=keys, header=header, loaded=loaded, mark=mark,
            clock=clock, random=random,
        )  # fmt: skip
        headers.save_copy(fs, folder, data, random)
        if loaded.salvaged:
            try:
                vault.compact()
            except (VaultWriteFailed, VaultStopped):
                vault.lock()
                raise
        vault._sweep()
        return vault

    @staticmethod
    def exists(folder: Path, *, fs: Fs | None = None) -> bool:
        """Whether there is a vault in this folder."""
        disk = fs or RealFs()
        return disk.exists(folder / headers.NAME) or disk.exists(folder / headers.COPY)

    # -- using --

    def transaction(self) -> contextlib.AbstractContextManager[None]:
        """Changes inside the block become one durable record; an error gives them all up. See `VaultStorage`."""
        return self._storage.transaction()

    def put_blob(self, data: bytes) -> str:
        """Keep a document; return its name. Inside a transaction it goes with it."""
        with self._writing():
            return self._blobs.put(data)

    def get_blob(self, name: str) -> bytes:
        """Return a document. Raises `BlobMissing`, `VaultDamaged`."""
        return self._blobs.get(name)

    def delete_blob(self, name: str) -> None:
        """Remove a document, if it is there."""
        self._blobs.delete(name)

    # -- keys --

    def change_passphrase(self, new: str | bytes | bytearray) -> None:
        """Make ``new`` the passphrase. One slot is written anew, the data stay as they are.

        Raises `EmptyPassphrase`, `VaultWriteFailed`, `VaultStopped`, `VaultLocked`.
        """
        if not self._open:
            raise VaultLocked
        # The slow part is done before anything is held. If the vault is locked meanwhile, nothing is saved.
        slot = headers.passphrase_slot(self._keys, new, self._header.cost() or calibrate(), self._random)
        with self._writing():
            self._save_header(self._header.with_slot(slot))

    def new_recovery_code(self) -> str:
        """Replace the recovery code; return the new one."""
        with self._writing():
            slot, code = headers.recovery_slot(self._keys, self._random)
            self._save_header(self._header.with_slot(slot))
            return code

    # -- keeping it small --

    @property
    def compact_due(self) -> bool:
        """Whether the journal is worth folding into a new snapshot: over 4 MiB and a quarter of the snapshot."""
        return self._journal_size > max(_JOURNAL_MIN, self._snapshot_size // 4) or (
            self._position.journal > _JOURNAL_FILES
        )

    def compact(self) -> None:
        """Write everything as a new generation, read it back, and only then switch to it.

        The generation before stays on disk. Raises `VaultWriteFailed` (nothing changed) or `VaultStopped`.
        """
        with self._writing():
            with writing():
                temp, position, size = write_snapshot(
                    self._fs, self._folder, self._keys, self._storage.tables, self._position, self._clock(),
                    self._random,
                )  # fmt: skip
                move_into_place(self._fs, temp, self._folder / snapshot_name(position.generation))
            self._close_writer()
            self._position, self._snapshot_size, self._journal_size = position, size, 0
            self._note()
            oldest = position.generation - 1
            tidy(self._fs, self._folder, lambda name: (_generation(name) or oldest) < oldest)

    @property
    def closed(self) -> bool:
        """Whether the vault is locked."""
        return not self._open

    def lock(self) -> None:
        """Fold the journal if it is due, then forget keys and data. A second call does nothing."""
        with self._storage.guard:
            if not self._open:
                return
            if self.compact_due and not self._stopped:
                try:
                    self.compact()
                except (VaultWriteFailed, VaultStopped):
                    _LOG.warning("the journal could not be folded; everything is in it and it is tried again later")
            self.db.close()
            self._open = False
            self._keys.wipe()
            self._close_writer()
            with contextlib.suppress(OSError):  # the mark may lag: it only ever says "at least this far"
                self._mark.sync()
            with contextlib.suppress(OSError):
                self._mark.close()
            self._held.close()

    # -- inside --

    def _commit(self, payload: bytes) -> None:
        with self._writing(), writing():
            if self._writer is None:
                self._writer = JournalWriter(self._fs, self._folder, self._keys, self._position, self._random)
                self._journal_size += self._writer.size
            before = self._writer.size
            try:
                self._writer.append(payload)
            except OSError:
                self._close_writer()
                raise
            self._position = self._writer.position
            self._journal_size += self._writer.size - before
        self._note()

    def _note(self) -> None:
        try:
            self._mark.note(self._position)
        except OSError:
            _LOG.warning("the high-water mark could not be written")  # the data are safe: it only lags

    def _save_header(self, header: headers.Header) -> None:
        with writing():
            headers.save_header(self._fs, self._folder, header, self._keys, self._random)
        self._header = header

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        with self._storage.guard:
            if not self._open:
                raise VaultLocked
            if self._stopped:
                raise VaultStopped
            try:
                yield
            except VaultStopped:
                self._stopped = True
                raise

    def _close_writer(self) -> None:
        if self._writer is not None:
            with contextlib.suppress(OSError):  # everything that counts was flushed before
                self._writer.close()
            self._writer = None

    def _sweep(self) -> None:
        tidy(self._fs, self._folder, lambda name: name.startswith("tmp-"))
        self._blobs.sweep()


def _generation(name: str) -> int | None:
    numbers = journal_numbers(name)
    return numbers[0] if numbers else snapshot_generation(name)


def _hold(fs: Fs, folder: Path) -> Held:
    with reading(_LOCK):
        return fs.hold(folder / _LOCK)


def _refuse_to_overwrite(fs: Fs, folder: Path) -> None:
    """An interrupted creation leaves an empty first snapshot at most; anything else is somebody's data."""
    mark = {highwater.NAME, highwater.NAME + highwater.UNFINISHED}
    names = set(fs.names(folder)) - mark - {_LOCK, BLOBS, snapshot_name(1)}
    if fs.names(folder / BLOBS) or any(not name.startswith("tmp-") for name in names):
        raise VaultExists
