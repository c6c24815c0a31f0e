"""The watched folder while the vault is locked: what lands in it is sealed, one file a look; the original stays.

Files are told apart by their first bytes and nothing in them is read; the open vault takes them in. Whoever looked has
this process replaced by one that knows nothing of the file.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from agent.files.formats.har.errors import TooLargeRecording
from agent.files.imports.errors import FolderGone, TooLargeFile
from agent.files.imports.folder_files import (
    Seen,
    called_like_ours,
    folder_of,
    name_as_text,
    ordinary_files,
    read_whole,
)
from agent.vault.errors import VaultStopped, VaultWriteFailed
from agent.watch.errors import FilesWait
from agent.watch.folder_ticket import FolderTicket, state_mark
from agent.watch.sealed_file import SealedFile

if TYPE_CHECKING:
    from agent.protocol.problems import Problem
    from agent.watch.ticket_sealer import TicketSealer

log = logging.getLogger(__name__)
MOST_FILES = 1_000
MOST_SIZE = 1 << 30
"""Files and bytes sealed during one locking: they are on the disk twice, and are opened before the first answer."""
_FULL_LOOK_S = 600.0
"""A file that is written over in its place is noticed after so long: nothing about the folder itself tells."""
_PAUSE_S, _LONGEST_S = 300, 3_600
"""After the disk refused: for the first time, and at most."""


class FolderSealer:
    """Over one ticket. One look at a time."""

    def __init__(
        self, sealer: TicketSealer, folder: Callable[[], str], *,
        now_s: Callable[[], float] = time.time, timer: Callable[[], float] = time.monotonic,
    ) -> None:
        """``folder``: that of the settings now; empty for none. ``now_s`` is the clock of the files' own times."""
        self._sealer, self._setting = sealer, folder
        self._now_s, self._timer = now_s, timer
        self._waiting: set[int] = set()
        """Files that nothing but an unlocking helps."""
        self._moving: set[Seen] = set()
        """Those that were still written to, or were left for the next look."""
        self._gone: Problem | None = None
        self._listed: tuple[str, int] | None = None
        """The folder as it was listed last, and when it had changed."""
        self._full_look_at = 0.0

    @property
    def problems(self) -> list[Problem]:
        """What is wrong with the folder or with files in it: how many, and no names."""
        notes = self._sealer.ticket.folder
        waiting = len(self._waiting) + (notes is not None and notes.refused_at is not None)
        return [*([self._gone] if self._gone else ()), *([FilesWait(count=waiting).problem()] if waiting else ())]

    async def look(self) -> bool:
        """Seal what is new, one file at most. Whether one was read: what it holds is still in this process."""
        notes, setting = self._sealer.ticket.folder, self._setting()
        if notes is None or not setting:
            self._forget()
            return False
        if self._resting(notes):
            return False
        folder = folder_of(setting)
        try:
            new = await asyncio.to_thread(self._new, folder, notes)
        except OSError as error:
            self._forget()
            self._gone = FolderGone(folder=str(folder), reason=error.strerror or "?").problem()
            return False
        for at, (name, seen) in enumerate(new):
            if await self._sealed(notes, folder / name, seen):
                self._moving.update(other for _, other in new[at + 1:])
                return True
        notes.pause_s, notes.refused_at = 0, None  # what the disk refused is there no more
        return False

    def _forget(self) -> None:
        self._waiting.clear()
        self._moving.clear()
        self._gone = self._listed = None

    def _resting(self, notes: FolderTicket) -> bool:
        """Whether the disk refused too short a time ago; a clock that was put back ends the pause."""
        return notes.refused_at is not None and 0 <= self._now_s() - notes.refused_at < notes.pause_s

    def _new(self, folder: Path, notes: FolderTicket) -> list[tuple[str, Seen]]:
        """The files that were not looked at in their present state and rest, the oldest first. Raises OSError."""
        listed, now = (str(folder), folder.stat().st_mtime_ns), self._timer()
        if listed == self._listed and not self._moving and now < self._full_look_at:
            return []  # a look at nothing new costs one call
        before, moving, waiting = self._moving, set[Seen](), set[int]()
        new: list[tuple[str, Seen]] = []
        for name, seen in ordinary_files(folder):
            mark = state_mark(seen)
            if mark in self._waiting:
                waiting.add(mark)
            elif mark not in notes.states:
                if seen.rests(seen if seen in before else None, self._now_s()):
                    new.append((name, seen))
                else:
                    moving.add(seen)
        self._listed, self._full_look_at, self._gone = listed, now + _FULL_LOOK_S, None
        self._moving, self._waiting = moving, waiting
        return sorted(new, key=lambda file: file[1].changed)

    async def _sealed(self, notes: FolderTicket, path: Path, seen: Seen) -> bool:
        """One file: leave it, or seal it. Whether it was read."""
        if notes.files >= MOST_FILES or notes.size + seen.size > MOST_SIZE:
            self._wait(path, seen)
            return False
        try:
            file = await asyncio.to_thread(_read, path, seen)
        except (TooLargeFile, TooLargeRecording):
            self._waiting.add(state_mark(seen))
            return False
        except (OSError, MemoryError):
            self._wait(path, seen)
            return False
        if file is None:
            self._moving.add(seen)  # it changed, or went: the next look sees what became of it
            return False
        if not file.data or notes.knows(file.digest):
            notes.leave(seen)
            return bool(file.data)
        try:
            await self._sealer.seal_file(file)
        except (VaultWriteFailed, VaultStopped) as error:
            log.warning("a file of the watched folder could not be sealed: %s", error.code)
            notes.refused_at, notes.pause_s = self._now_s(), min(_LONGEST_S, 2 * notes.pause_s or _PAUSE_S)
            self._moving.add(seen)
        else:
            self._noted(notes, file, seen)
        await self._sealer.rest()
        return True

    def _wait(self, path: Path, seen: Seen) -> None:
        """Only a file that is called like those that are read here is told: a downloads folder is full of others."""
        if called_like_ours(path.name):
            self._waiting.add(state_mark(seen))
        elif self._sealer.ticket.folder is not None:
            self._sealer.ticket.folder.leave(seen)

    def _noted(self, notes: FolderTicket, file: SealedFile, seen: Seen) -> None:
        notes.take(file.digest)
        notes.leave(seen)
        notes.files, notes.size = notes.files + 1, notes.size + seen.size
        notes.pause_s, notes.refused_at = 0, None
        log.info("a file of the watched folder was sealed")


def _read(path: Path, seen: Seen) -> SealedFile | None:
    """The file; without data when it is of no kind that is read here, None when it is another one by now."""
    data = read_whole(path, seen)
    if not data:
        return None if data is None else SealedFile(name="", digest="", data=b"")
    return SealedFile.of(name_as_text(path.name), data)
