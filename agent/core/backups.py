"""Backups of one open vault: when one is due, where it goes, which are kept, and what went wrong."""

from __future__ import annotations

import asyncio
import errno
import logging
import os
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from agent.concurrency.uninterrupted import finish
from agent.core.backup_generations import generations, is_unfinished, name_of, superfluous
from agent.core.events import Events
from agent.core.refusals import BackupIncomplete, BackupTooLarge, NoSuchBackup
from agent.core.tasks import Tasks
from agent.errors import AmeliError
from agent.notifications import Notifier
from agent.protocol.events import PROBLEM, STATE
from agent.vault import Vault, VaultError
from agent.vault.backup import Backup, GivenUp, write_backup
from agent.vault.backup_errors import BackupFailed
from agent.vault.errors import VaultLocked
from config import clock
from config.paths import Paths
from config.settings import BackupSettings

if TYPE_CHECKING:
    from agent.protocol.backups import BackupMade, Backups, BackupToFetch
    from agent.protocol.problems import Problem
    from agent.protocol.process import BackupState

log = logging.getLogger(__name__)
SETTLE_S = 120.0
"""After the vault was opened: what the first sync brings is to be in the day's backup."""
AGAIN_S = 3600.0
"""Until it is tried again, after one that failed or was not needed."""
_AT_LOCK_S = 5.0
"""What a backup may hold up the locking."""
_MIB = 1 << 20
_MOST_SETTINGS = _MIB
_PIECE = 4 * _MIB
"""Bytes handed out at a time."""


class BackupKeeper:
    """Made when a vault opens, ended before it is locked. Nothing here ever ends a sync or a locking."""

    def __init__(
        self, vault: Vault, settings: BackupSettings, home: Paths, tasks: Tasks, events: Events,
        notifier: Callable[[], Notifier], now: Callable[[], datetime] = clock.now,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        """``notifier`` gives the one to tell with now; ``now`` is the moment, ``seconds`` counts them."""
        self._vault, self._settings, self._home = vault, settings, home
        self._tasks, self._events, self._notifier = tasks, events, notifier
        self._now, self._seconds = now, seconds
        self._next_try = seconds() + SETTLE_S
        self._one = asyncio.Lock()
        self._ending = False
        self._failed: Problem | None = None
        self._too_large: BackupTooLarge | None = None
        self._outgoing: Backup | None = None

    # -- by itself ---------------------------------------------------------------------------------------------------

    def change(self, settings: BackupSettings) -> None:
        """Go on with other settings; a failure is forgotten, since they may have cured it."""
        if settings != self._settings:
            self._settings, self._failed, self._next_try = settings, None, self._seconds()

    def heartbeat(self) -> None:
        """Make one when it is due."""
        moment = self._seconds()
        if moment >= self._next_try and self.due and not self._one.locked():
            self._next_try = moment + AGAIN_S
            self._tasks.start_unless_ended(self._by_itself(lambda: self._ending))

    @property
    def due(self) -> bool:
        """Whether there is none of today in the folder yet, and one is wanted."""
        if not self._settings.automatic or self._vault.closed:
            return False
        last = self._vault.backups.generation
        return last is None or last["at"][:10] != f"{self._now():%Y-%m-%d}" or Path(last["path"]).parent != self.folder

    async def _by_itself(self, stop: Callable[[], bool]) -> None:
        before = self._failed
        try:
            async with self._one:
                made = await finish(lambda: self._keep(stop, only_if_worth=True))
        except (GivenUp, VaultLocked):
            log.info("a backup was given up: the vault is being locked")
        except AmeliError as error:
            log.warning("no backup could be made: %s", error.code)
            self._events.publish(PROBLEM({"code": error.code}))
            if before is None:  # once, not every hour
                await self._notifier().tell_backup_failed()
        else:
            if made is not None:
                log.info("a backup was made")
                self._tell_changed()

    def end(self) -> None:
        """Let one that is being made be given up."""
        self._ending = True

    async def before_lock(self) -> None:
        """The last chance of the day, when nothing else uses the vault any more: a few seconds at most."""
        self._drop_outgoing()
        if self.due and (self._failed is None or self._seconds() >= self._next_try):
            end = self._seconds() + _AT_LOCK_S
            await self._by_itself(lambda: self._seconds() > end)

    # -- asked for ---------------------------------------------------------------------------------------------------

    async def make(self) -> BackupMade:
        """Make one now, in the folder; the one that is there when nothing has changed since.

        Raises BackupFailed, VaultLocked, VaultUnreadable.
        """
        async with self._one:
            try:
                made = await finish(lambda: self._keep(lambda: self._ending, only_if_worth=False))
            except GivenUp:
                raise VaultLocked from None
            last = self._vault.backups.generation
        self._tell_changed()
        if made is not None:
            return {"path": str(made.path), "made": made.made, "bytes": made.size, "documents": made.documents,
                    "missing": made.missing, "unchanged": False}
        assert last is not None  # the one that shows the same
        return {"path": last["path"], "made": last["at"], "bytes": last["size"], "documents": last["documents"],
                "missing": last["missing"], "unchanged": True}

    async def prepare(self) -> BackupToFetch:
        """Make one for a file of the person's own: `piece` gives its bytes, `fetched` ends it. Raises as `make`."""
        async with self._one:
            try:
                made = await finish(lambda: self._write(self._outgoing_path, lambda: self._ending))
            except GivenUp:
                raise VaultLocked from None
            self._outgoing = made
        return {"made": made.made, "bytes": made.size, "sha256": made.digest, "documents": made.documents,
                "missing": made.missing}

    async def piece(self, offset: int) -> bytes:
        """Bytes of the prepared one from ``offset`` on; none at its end. Raises NoSuchBackup."""
        def read() -> bytes:
            with self._outgoing_path.open("rb") as file:
                file.seek(offset)
                return file.read(_PIECE)

        try:
            if self._outgoing is not None:
                return await asyncio.to_thread(read)
        except FileNotFoundError:
            pass
        raise NoSuchBackup

    def _drop_outgoing(self) -> None:
        """Remove the copy that a command fetched or was to fetch; a disk that takes no writes keeps it, sealed."""
        try:
            self._outgoing_path.unlink(missing_ok=True)
        except OSError as error:
            log.warning("the copy of a backup could not be removed: %s", error.strerror)

    async def fetched(self, path: str | None) -> None:
        """The prepared one lies in ``path`` now, proved by who wrote it there; None: it was not wanted."""
        made, self._outgoing = self._outgoing, None
        if made is None:
            raise NoSuchBackup

        def end() -> None:
            self._drop_outgoing()
            if path is not None:
                self._note(made, path=path)

        await finish(end)
        self._tell_changed()

    def _tell_changed(self) -> None:
        """Have who listens ask for the status again; not while the vault is being locked, where it would be untrue."""
        if not self._ending:
            self._events.publish(STATE({"state": "unlocked"}))

    # -- facts -------------------------------------------------------------------------------------------------------

    @property
    def folder(self) -> Path:
        """Where they go."""
        given = self._settings.folder
        return Path(os.path.expanduser(given)) if given else self._home.data_dir / "backups"  # noqa: PTH111

    @property
    def problems(self) -> list[Problem]:
        """What is wrong with the backups, to be told to the person."""
        last = self._vault.backups.generation
        missing = BackupIncomplete(count=last["missing"]) if last is not None and last["missing"] else None
        others = [one.problem() for one in (self._too_large, missing) if one is not None]
        return [self._failed, *others] if self._failed is not None else others

    def state(self) -> BackupState:
        """For the status."""
        last = self._vault.backups.last
        return {"last": last["at"] if last else None, "path": last["path"] if last else None,
                "folder": str(self.folder), "automatic": self._settings.automatic,
                "failed": self._failed}

    async def listed(self) -> Backups:
        """What is in the folder. Raises BackupFailed when it cannot be looked at."""
        def find() -> Backups:
            folder = self.folder
            try:
                kept = generations(folder, self._vault.identity) if folder.exists() else []
            except OSError as error:
                raise BackupFailed(error, folder=folder) from error
            last = self._vault.backups.last
            return {"folder": str(folder), "automatic": self._settings.automatic,
                    "kept": [{"path": str(one.path), "made": one.made.isoformat(), "bytes": one.size}
                             for one in reversed(kept)],
                    "last": last["at"] if last else None, "problems": self.problems}

        return await asyncio.to_thread(find)

    # -- in a thread -------------------------------------------------------------------------------------------------

    def _keep(self, stop: Callable[[], bool], *, only_if_worth: bool) -> Backup | None:
        """Make one in the folder and remove those that are too many; None when there is nothing new to keep."""
        made: Backup | None = None
        try:
            folder, now, settings = self._usable_folder(), self._now(), self._settings_file()
            with self._vault.moment() as moment:
                last = self._vault.backups.generation
                if last is not None and _is_there(last["path"], last["size"], folder) \
                        and last["content"] == moment.content(settings):
                    self._failed = None
                    return None
                if only_if_worth and not moment.tables:
                    return None
                _tidy(folder, self._vault.identity)
                path = folder / name_of(self._vault.identity, now)
                made = write_backup(moment, path, now, settings, stop=stop)
            self._note(made, generation=True)
            self._thin_out(folder, now)
        except VaultLocked:
            raise
        except VaultError as error:
            self._failed = error.problem()
            raise
        self._failed = None
        return made

    def _write(self, path: Path, stop: Callable[[], bool]) -> Backup:
        with self._vault.moment() as moment:
            return write_backup(moment, path, self._now(), self._settings_file(), stop=stop)

    def _thin_out(self, folder: Path, now: datetime) -> None:
        most = self._settings.max_mib * _MIB
        try:
            kept = generations(folder, self._vault.identity)
            for generation in superfluous(kept, now.date(), most):
                generation.path.unlink(missing_ok=True)
        except OSError as error:  # the new one is there; what stays too long is tried again with the next
            log.warning("older backups could not be removed: %s", errno.errorcode.get(error.errno or 0, "?"))
            return
        size = kept[-1].size if kept else 0
        self._too_large = BackupTooLarge(size=-(-size // _MIB), most=self._settings.max_mib) if size > most else None

    def _note(self, made: Backup, *, generation: bool = False, path: str | None = None) -> None:
        try:
            self._vault.backups.note(made, generation=generation, path=path)
        except VaultError as error:  # it is made all the same
            log.warning("that a backup was made could not be noted: %s", error.code)

    def _usable_folder(self) -> Path:
        """The folder of the settings must be there: where a disk is not mounted, none is made in its place."""
        folder = self.folder
        if not self._settings.folder:
            try:
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            except OSError as error:
                raise BackupFailed(error, folder=folder) from error
        if not folder.is_absolute() or not folder.is_dir():
            raise BackupFailed(OSError(errno.ENOENT, os.strerror(errno.ENOENT)), folder=folder)
        return folder

    def _settings_file(self) -> bytes | None:
        try:
            data = self._home.settings.read_bytes()
        except OSError:
            return None  # there is none, or nobody can read it: then the agent tells that by itself
        return data if len(data) <= _MOST_SETTINGS else None

    @property
    def _outgoing_path(self) -> Path:
        return self._home.data_dir / "outgoing.backup"


def _is_there(path: str, size: int, folder: Path) -> bool:
    file = Path(path)
    try:
        return file.parent == folder and file.stat().st_size == size
    except OSError:
        return False


def _tidy(folder: Path, vault: str) -> None:
    """Remove what a backup left that was cut. Raises BackupFailed."""
    try:
        for file in folder.iterdir():
            if is_unfinished(vault, file.name):
                file.unlink(missing_ok=True)
    except OSError as error:
        raise BackupFailed(error, folder=folder) from error
