"""The watched folder: what lands in it is taken in, once, while the vault is open.

Only ordinary files of this user are opened, whole ones, of a kind that is read here; everything else is left alone and
unmentioned, so that a downloads folder can be watched. Nothing is moved; nothing is deleted unless the settings say so.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import stat
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from agent import VERSION
from agent.account import clean_text
from agent.errors import AmeliError
from agent.incoming.errors import FolderGone, RecordingLeft, TooLargeFile
from agent.incoming.model import Desk, Taken
from agent.incoming.take import reader_of, take_file
from agent.store.imports import digest
from agent.vault.errors import VaultLocked

log = logging.getLogger(__name__)
MOST = 128 << 20
"""Bytes of a file."""
STILL_S = 3.0
"""A file written to later than this may still grow."""
_RECORDING = "har"
NOT_MEANT = frozenset({"unknown_file", "not_a_statement", "statement_unreadable", "foreign_recording"})
"""Codes of files that have nothing to do with the account: a downloads folder is full of them."""
_HEAD = 64 << 10
_UNFINISHED = (".part", ".partial", ".crdownload", ".download", ".tmp", ".opdownload")


class _Seen(NamedTuple):
    """A state of a file: another one is looked at again."""

    device: int
    inode: int
    size: int
    changed: int

    @classmethod
    def of(cls, facts: os.stat_result) -> _Seen:
        return cls(facts.st_dev, facts.st_ino, facts.st_size, facts.st_mtime_ns)


@dataclass
class Watch:
    """One watched folder, over one open vault."""

    folder: Path
    desk: Callable[[], Desk]
    """Where things are kept; asked for when there is something to keep."""
    taken: Callable[[Taken], Awaitable[None]]
    """Told of each file taken in."""
    delete: bool = False
    now_s: Callable[[], float] = time.time
    """The clock of the files' own times."""

    def __post_init__(self) -> None:
        self._done: dict[str, _Seen] = {}
        self._wrong: dict[str, dict[str, Any]] = {}
        self._looking = False

    @property
    def problems(self) -> list[dict[str, Any]]:
        """What is wrong with files that are in the folder now, or with the folder."""
        return list(self._wrong.values())

    async def look(self) -> None:
        """Take in what is new. A look that is still under way is not begun twice."""
        if self._looking:
            return
        self._looking = True
        try:
            await self._look()
        except VaultLocked:
            log.info("the watched folder waits: the vault was locked")
        except AmeliError as error:  # a full disk: what is left is tried again at the next look
            log.warning("the watched folder waits: %s", error.code)
            self._wrong[""] = error.problem()
        except Exception:  # a mistake of ours must not end the watch unseen: it is logged in full
            log.exception("a look at the watched folder ended by an unexpected error")
        finally:
            self._looking = False

    async def _look(self) -> None:
        try:
            found = await asyncio.to_thread(lambda: dict(_files(self.folder)))
        except OSError as error:
            self._wrong = {"": FolderGone(folder=str(self.folder), reason=error.strerror or "?").problem()}
            return
        self._done = {name: seen for name, seen in self._done.items() if name in found}
        self._wrong = {name: problem for name, problem in self._wrong.items() if name in found}
        for name, seen in found.items():
            if self._done.get(name) != seen and self.now_s() - seen.changed / 1e9 >= STILL_S:
                await self._one(name, seen)

    async def _one(self, name: str, seen: _Seen) -> None:
        self._wrong.pop(name, None)
        try:
            data = await asyncio.to_thread(lambda: _read(self.folder / name, seen))
        except TooLargeFile as error:
            self._note(name, error.problem())
            self._done[name] = seen
            return
        except OSError as error:
            log.info("a file of the watched folder could not be read: %s", error.strerror)
            self._done[name] = seen
            return
        if data is None:
            return  # it changed while it was read: the next look sees what became of it
        if data:  # else of no kind that is read here
            await self._bring(name, seen, data)
        self._done[name] = seen

    async def _bring(self, name: str, seen: _Seen, data: bytes) -> None:
        known = self.desk().store.imports.find(await asyncio.to_thread(lambda: digest(data)))
        if known is None or (known["problem"] is not None and known["version"] != VERSION):
            taken = await take_file(self.desk(), _text(name), data)
            await self.taken(taken)
            known = taken.shape()
        if known["problem"] is not None:
            if known["problem"]["code"] not in NOT_MEANT:
                self._note(name, known["problem"])
        elif self.delete and not known.get("unread_rows"):
            await asyncio.to_thread(lambda: _remove(self.folder / name, seen))
        elif known["kind"] == _RECORDING:
            self._note(name, RecordingLeft().problem())

    def _note(self, name: str, problem: dict[str, Any]) -> None:
        shown = clean_text(_text(name), 100)
        message = problem["message"]
        said = {"fr": f"{shown} : {message['fr']}", "en": f"{shown}: {message['en']}"}
        self._wrong[name] = problem | {"message": said, "file": shown}


def _text(name: str) -> str:
    """A file's name as text: a name may be any bytes."""
    return os.fsencode(name).decode("utf-8", "replace")


def _files(folder: Path) -> Iterator[tuple[str, _Seen]]:
    """The ordinary files of this user in a folder, not hidden, not unfinished. Links are not followed."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith(".") or entry.name.lower().endswith(_UNFINISHED):
                continue
            with contextlib.suppress(FileNotFoundError):  # gone since it was listed
                facts = entry.stat(follow_symlinks=False)
                if stat.S_ISREG(facts.st_mode) and facts.st_uid == os.geteuid() and facts.st_size:
                    yield entry.name, _Seen.of(facts)


def _read(path: Path, seen: _Seen) -> bytes | None:
    """The bytes of a file as it was seen; none of a kind that is not read here; None when it is another one by now.

    Raises OSError, and TooLargeFile when its kind is read here.
    """
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with open(handle, "rb") as file:  # noqa: PTH123 - a handle
        if _Seen.of(os.fstat(handle)) != seen:
            return None
        head = file.read(_HEAD)
        if reader_of(head) is None:
            return b""
        if seen.size > MOST:
            raise TooLargeFile(megabytes=MOST >> 20)
        data = head + file.read(MOST)
        return data if _Seen.of(os.fstat(handle)) == seen and len(data) == seen.size else None


def _remove(path: Path, seen: _Seen) -> None:
    """Delete the file that was taken in, and no other of its name."""
    with contextlib.suppress(OSError):
        if _Seen.of(path.lstat()) == seen:
            path.unlink()
