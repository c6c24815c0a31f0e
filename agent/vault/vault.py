"""The vault: create, unlock, change, lock."""

import contextlib
import os
import weakref
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from agent.vault import header as headers
from agent.vault import highwater, loading, opening
from agent.vault.backup import BackupNotes, Copies, Moment
from agent.vault.blobs import FOLDER as BLOBS
from agent.vault.blobs import Blobs
from agent.vault.errors import (
    MarkMissing,
    NoVault,
    VaultError,
    VaultKeyGone,
    VaultReadOnly,
    VaultStopped,
    VaultWriteFailed,
)
from agent.vault.findings import Finding
from agent.vault.folder import has_header, hold, keeps_all_out, refuse_to_overwrite, without_key
from agent.vault.fs import Fs, Held, RealFs, reading, tidy, writing
from agent.vault.highwater import HighWater
from agent.vault.inbox import Inbox
from agent.vault.integrity import Integrity
from agent.vault.keys import FLOOR, KdfCost, Random, VaultKeys, calibrate, passphrase_bytes
from agent.vault.position import ORIGIN
from agent.vault.snapshot import SnapshotDraft
from agent.vault.table import VaultDB
from agent.vault.writer import VaultWriter, write_first_snapshot

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
        unmarked: bool = False,
    ) -> None:
        self._folder, self._fs, self._held = folder, fs, held
        self._keys, self._header, self._random = keys, header, random
        self._writer = VaultWriter(fs, folder, keys, mark, loaded, clock, random)
        self._storage = self._writer.storage
        self._blobs = Blobs(fs, folder, keys, self._storage, random)
        self.db = VaultDB(self._storage)
        self.backups = BackupNotes(self._storage)
        self.inbox = Inbox(fs, folder)
        """What was sealed while the vault was locked."""
        here = weakref.ref(self)  # no circle: a locked vault is gone at once, not when the collector comes

        def current_header() -> headers.Header:
            vault = here()
            assert vault is not None
            return vault._header

        self._copies = Copies(
            fs, folder, keys, self._writer, self._blobs, lambda: current_header().to_bytes(keys), random)
        self.integrity = Integrity(
            fs, folder, keys, self._writer, mark, current_header,
            lambda: headers.save_header(fs, folder, current_header(), keys, random))
        """Every byte of the files looked at, and what is elsewhere too written anew."""
        self.torn, self.loss = loaded.torn, loaded.loss
        """Whether an unacknowledged last record was cut by a power failure; what is missing when damaged files were
        passed over, None when none was."""
        self.new_loss = loaded.loss is not None
        """Whether the loss is still to be noted by whoever keeps data here."""
        self._unmarked = unmarked
        self._unfolded = loaded.loss is not None
        self._found: list[Finding] = []
        """What was wrong with header and mark when the vault was opened: writing begins with mending that."""

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
        held, refused = hold(fs, folder)
        try:
            if refused is not None:
                raise VaultWriteFailed(refused)
            refuse_to_overwrite(fs, folder)
            cost = kdf_cost or calibrate()
            keys = VaultKeys(random(16), bytearray(random(32)))
            recovery, code = headers.recovery_slot(keys, random)
            header = headers.Header(keys.vault_id, [headers.passphrase_slot(keys, passphrase, cost, random), recovery])
            mark = HighWater(fs, high_water or folder / highwater.NAME, keys)
            with writing():
                draft = SnapshotDraft(fs, folder, keys, ORIGIN, clock(), random)
                position, size = write_first_snapshot(fs, folder, draft)
                mark.start(position)
                fs.sync_folder(folder.parent)
                headers.save_header(fs, folder, header, keys, random)  # last: a vault is there when its header is
        except BaseException:
            held.close()
            raise
        loaded = loading.Loaded({}, position, size, day=f"{clock().astimezone(UTC):%Y-%m-%d}")
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

        ``accept_older``: the person knows that this is a restored copy. ``salvage``: after `VaultDamaged`, open all
        that can be proved (see `agent.vault.salvage`; ``loss`` says what is missing) and write it as a new generation.
        Where the disk takes no write the vault is opened for reading: see ``read_only``. Raises `NoVault`,
        `VaultKeyGone`, `WrongPassphrase`, `WrongRecoveryCode`, `RecoveryCodeMistyped`, `VaultDamaged`, `VaultNewer`,
        `VaultOlder`, `VaultBusy`, `VaultUnreadable`; nothing on disk changes then.
        """
        fs = fs or RealFs()
        with reading(headers.NAME):
            if without_key(fs, folder):
                raise VaultKeyGone(folder=folder)
            if not has_header(fs, folder):
                raise NoVault
        held, refused = hold(fs, folder)
        try:
            keys_found = opening.open_keys(
                fs, folder, passphrase=passphrase, recovery_code=recovery_code, by_copy=salvage, floor=kdf_floor,
                high_water=high_water, mark_wanted=not accept_older)
            keys, seen = keys_found.keys, keys_found.seen
            if salvage:
                loaded = loading.load_what_is_left(fs, folder, keys, seen)
            else:
                loaded = loading.load(fs, folder, keys)
                if not accept_older:
                    loading.check_fresh(loaded, seen)
        except BaseException:
            held.close()
            raise
        vault = cls(
            folder=folder, fs=fs, held=held, keys=keys, header=keys_found.header, loaded=loaded, mark=keys_found.mark,
            clock=clock, random=random, unmarked=seen is None and not accept_older,
        )  # fmt: skip
        vault._writer.refused, vault._found = refused, keys_found.wrong
        if vault.backups.restored is not None and opening.alone(fs, folder, loaded.position):
            # Straight out of a backup: a mark and a second snapshot are not missing, they are still to be made.
            vault._unmarked, vault._unfolded, vault._found = False, True, []
        if refused is None:
            vault.begin_writing()
        return vault

    def begin_writing(self) -> bool:
        """Find out whether the disk takes writes, and do those that opening asks for; False: open for reading only.

        Called by `unlock`; again, it ends that state once the disk has room, and tells whether it did.
        """
        if not keeps_all_out(self._held) or not self._writer.begin(self._mend_header):
            return False
        headers.save_copy(self._fs, self._folder, self._header.to_bytes(self._keys), self._random)
        self.integrity.note_opening(self._found)
        self._found = []
        if self._unfolded:
            try:
                self.compact()
            except (VaultWriteFailed, VaultStopped) as error:
                if isinstance(error.__cause__, OSError):
                    self._writer.refused = error.__cause__
                return False
            self._unfolded = False
        if self.loss is None or not self.loss.any:  # else a document may belong to a record that cannot be read
            with self._storage.guard:  # no document is half way in
                tidy(self._fs, self._folder, lambda name: name.startswith("tmp-"))
                self._blobs.sweep()
        return True

    def try_disk(self) -> bool:
        """After a refused write: whether the disk takes one now. Then ``problems`` no longer tells of it."""
        if self.read_only:
            return self.begin_writing()
        return self._writer.begin(lambda: None)

    def _mend_header(self) -> None:
        if any(one.kind == "header" for one in self._found):  # opened by its copy, which is proved by that
            headers.keep_aside(self._fs, self._folder, self._random)
            headers.save_header(self._fs, self._folder, self._header, self._keys, self._random)

    @staticmethod
    def exists(folder: Path, *, fs: Fs | None = None) -> bool:
        """Whether there is a vault in this folder."""
        return has_header(fs or RealFs(), folder)

    @staticmethod
    def key_gone(folder: Path, *, fs: Fs | None = None) -> bool:
        """Whether there are a vault's data in this folder, and no header to open them with."""
        return without_key(fs or RealFs(), folder)

    @property
    def restored_from(self) -> str | None:
        """When the backup was made that this vault came from (ISO, UTC), until the person has taken it as it is."""
        restored = self.backups.restored
        return restored["made"] if restored is not None else None

    @property
    def identity(self) -> str:
        """Which vault this is: 32 hexadecimal digits."""
        return self._header.vault_id.hex()

    @property
    def read_only(self) -> bool:
        """Whether nothing can be kept: the disk took no write when the vault was opened."""
        return self._writer.refused is not None

    def ensure_writable(self) -> None:
        """Refuse now what would have to be kept later. Raises `VaultReadOnly`, `VaultStopped`."""
        for problem in self._writer.problems:
            if not isinstance(problem, VaultWriteFailed):
                raise problem

    @property
    def disk_refused(self) -> bool:
        """Whether the disk refused what was written last; `try_disk` finds out whether it still does."""
        return any(isinstance(one, VaultReadOnly | VaultWriteFailed) for one in self._writer.problems)

    @property
    def salvaged(self) -> bool:
        """Whether damaged files were passed over; ``loss`` says what is missing."""
        return self.loss is not None

    @property
    def problems(self) -> list[VaultError]:
        """What is wrong with the vault or its disk now, to be told to the person."""
        return [*([MarkMissing()] if self._unmarked else []), *self._writer.problems]

    # -- using --

    def transaction(self) -> contextlib.AbstractContextManager[None]:
        """Changes inside the block become one durable record; an error gives them all up. See `VaultStorage`."""
        return self._storage.transaction()

    @property
    def changing(self) -> bool:
        """Whether this thread has a transaction open."""
        return self._storage.changing

    def follow(self, commit: Callable[[], None] | None = None, abort: Callable[[], None] | None = None) -> None:
        """Have something done once the open transaction is on disk, or once it was given up."""
        self._storage.follow(commit, abort)

    def put_blob(self, data: bytes) -> str:
        """Keep a document; return its name. Inside a transaction it goes with it."""
        with self._writer.allowed():
            return self._blobs.put(data)

    def get_blob(self, name: str) -> bytes:
        """Return a document. Raises `BlobMissing`, `VaultDamaged`."""
        return self._blobs.get(name)

    def has_blob(self, name: str) -> bool:
        """Whether this document counts and its file is there."""
        return self._blobs.has(name)

    def delete_blob(self, name: str) -> None:
        """Remove a document, if it is there."""
        self._blobs.delete(name)

    def moment(self) -> contextlib.AbstractContextManager[Moment]:
        """The vault as it is now, for a backup. Raises `VaultLocked`. See `Copies.moment`."""
        return self._copies.moment()

    # -- keys --

    def change_passphrase(self, new: str | bytes | bytearray, replaces: str | None = None) -> None:
        """Make ``new`` the passphrase. One slot is written anew, the data stay as they are.

        ``replaces``: id of the slot of the passphrase before; None: the one that opened the vault. Raises
        `EmptyPassphrase`, `VaultWriteFailed`, `VaultStopped`, `VaultLocked`.
        """
        with self._writer.allowed():
            pass  # refused before the slow part, when nothing can be kept
        # The slow part is done before anything is held. If the vault is locked meanwhile, nothing is saved.
        slot = headers.passphrase_slot(self._keys, new, self._header.cost() or calibrate(), self._random)
        with self._writer.allowed():
            self._save_header(self._header.with_passphrase(slot, replaces))

    def new_recovery_code(self) -> str:
        """Replace the recovery code; return the new one."""
        with self._writer.allowed():
            slot, code = headers.recovery_slot(self._keys, self._random)
            self._save_header(self._header.with_recovery(slot))
            return code

    # -- keeping it small --

    @property
    def compact_due(self) -> bool:
        """Whether the journal is worth folding into a new snapshot: over 4 MiB and a quarter of the snapshot."""
        return self._writer.journal_size > max(_JOURNAL_MIN, self._writer.snapshot_size // 4) or (
            self._writer.position.journal > _JOURNAL_FILES
        )

    @property
    def snapshot_due(self) -> bool:
        """Whether a young vault is worth its next snapshot, long before the journal is large."""
        return self._writer.snapshot_due

    def compact(self) -> None:
        """Write everything as a new generation, read it back, and only then switch to it.

        Others read and change the vault meanwhile: the tables are taken as they are at the beginning, and what is
        committed until the end is added in the last step, the only one that keeps others from committing. The switch
        is the renaming of one file, so a cut at any moment leaves either generation whole. The generation before
        stays on disk. Raises `VaultWriteFailed` (nothing changed) or `VaultStopped`.
        """
        self._writer.fold()

    @property
    def closed(self) -> bool:
        """Whether the vault is locked."""
        return self._writer.closed

    def lock(self) -> None:
        """Fold the journal if it is due, then forget keys and data. A second call does nothing.

        What other threads are writing is finished first.
        """
        if self._storage.changing:
            raise RuntimeError("the vault cannot be locked inside a transaction")
        with self._copies.ended():  # until a backup is given up it needs the keys
            self._writer.close(lambda: self.compact_due, self._forget)

    # -- inside --

    def _forget(self) -> None:
        self.db.close()
        self._keys.wipe()
        self._held.close()

    def _save_header(self, header: headers.Header) -> None:
        with writing():
            headers.save_header(self._fs, self._folder, header, self._keys, self._random)
        self._header = header
