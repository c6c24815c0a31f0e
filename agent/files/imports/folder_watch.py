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
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from agent import VERSION
from agent.account import clean_text
from agent.errors import AmeliError
from agent.files.imports.errors import (
    FolderGone,
    NotDeleted,
    NotTaken,
    RecordingLeft,
    TooLargeFile,
    UnreadableFile,
    WhoseIsIt,
)
from agent.files.imports.importer import reader_of, take_file
from agent.files.imports.model import Desk, Taken
from agent.files.imports.ownership_question import answer_hint, ground
from agent.protocol import files
from agent.protocol.problems import Bilingual, Problem
from agent.store.import_log import digest
from agent.vault.errors import NoVault, VaultLocked, VaultStopped, VaultWriteFailed

log = logging.getLogger(__name__)
MOST = 128 << 20
"""Bytes of a file."""
STILL_S = 3.0
"""A file written to later than this may still grow."""
_RECORDING = "har"
NOT_MEANT = frozenset({
    "unknown_file", "not_a_statement", "statement_unreadable", "foreign_recording", "said_other_account"})
"""Codes of files that have nothing to do with the account: a downloads folder is full of them."""
_OURS = (".pdf", ".har", ".har.gz", ".ofx", ".qfx", ".csv", ".tsv", ".zip")
"""What a file is called that cannot even be opened and is told nevertheless."""
_HEAD = 64 << 10
_UNFINISHED = (".part", ".partial", ".crdownload", ".download", ".tmp", ".opdownload")


class _Seen(NamedTuple):
    """A state of a file: another one is looked at again."""

    device: int
    inode: int
    size: int
    changed: int
    touched: int
    """When its permissions, too, changed last."""

    @classmethod
    def of(cls, facts: os.stat_result) -> _Seen:
        return cls(facts.st_dev, facts.st_ino, facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns)


class _Aside(NamedTuple):
    """A file whose owner the person is asked for."""

    digest: str
    ground: tuple[str | int, ...]
    """What it was compared with."""


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
        self._before: dict[str, _Seen] = {}
        """The files as the last look saw them."""
        self._aside: dict[str, _Aside] = {}
        self._undeleted: dict[str, _Seen] = {}
        self._wrong: dict[str, Problem] = {}
        self._looking = False

    @property
    def problems(self) -> list[Problem]:
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
        except AmeliError as error:  # the vault writes nothing more: what is left is tried again at the next look
            self._tell("", error.problem())
        except Exception:  # a mistake of ours must not end the watch unseen: it is logged in full
            log.exception("a look at the watched folder ended by an unexpected error")
        finally:
            self._looking = False

    async def _look(self) -> None:
        try:
            files_now = await asyncio.to_thread(lambda: dict(_files(self.folder)))
        except OSError as error:
            self._wrong = {"": FolderGone(folder=str(self.folder), reason=error.strerror or "?").problem()}
            return
        for kept in (self._done, self._wrong, self._aside, self._undeleted):
            for name in [name for name in kept if name not in files_now]:
                kept.pop(name)
        self._bring_back_answered()
        before, self._before = self._before, files_now
        for name, seen in files_now.items():
            if self._undeleted.get(name) == seen:
                await self._delete(name, seen)
            elif self._done.get(name) != seen and self._rests(seen, before.get(name)):
                await self._alone(name, seen)

    def _rests(self, seen: _Seen, before: _Seen | None) -> bool:
        """Whether a file is no longer written to. One dated in the future rests when two looks see it the same."""
        age = self.now_s() - seen.changed / 1e9
        return age >= STILL_S or (age < 0 and seen == before)

    async def _alone(self, name: str, seen: _Seen) -> None:
        """One file by itself: whatever is wrong with it, the others go on."""
        try:
            await self._one(name, seen)
        except (VaultLocked, NoVault, VaultStopped):
            raise
        except VaultWriteFailed as error:  # no room for this one, perhaps for a smaller one; tried again at each look
            self._tell(name, error.problem())
        except OSError as error:
            self._tell(name, VaultWriteFailed(reason=error.strerror or type(error).__name__).problem())
        except AmeliError as error:
            self._tell(name, error.problem())
            self._done[name] = seen
        except Exception:  # a mistake of ours is this file's problem alone: it is logged in full
            log.exception("a file of the watched folder could not be taken in")
            self._tell(name, NotTaken().problem())
            self._done[name] = seen

    async def _one(self, name: str, seen: _Seen) -> None:
        try:
            data = await asyncio.to_thread(lambda: _read(self.folder / name, seen))
        except FileNotFoundError:
            return
        except OSError as error:
            if name.lower().endswith(_OURS):  # of another kind, perhaps: a downloads folder is full of them
                self._tell(name, UnreadableFile(reason=error.strerror or "?").problem())
            self._done[name] = seen
            return
        if data is None:
            return  # it changed while it was read: the next look sees what became of it
        if data:  # else of no kind that is read here
            await self._bring(name, seen, data)
        else:
            self._wrong.pop(name, None)
        self._done[name] = seen

    async def _bring(self, name: str, seen: _Seen, data: bytes) -> None:
        desk = replace(self.desk(), alone=True)
        key = await asyncio.to_thread(lambda: digest(data))
        before, basis = desk.store.imports.find(key), ground(desk.store)
        result: files.Taken
        if before is None or _again(before):
            taken = await take_file(desk, _text(name), data)
            result = taken.shape()
            await self._announce(taken)
        else:
            result = before
        problem = result["problem"]
        if before is not None and before.get("undone"):  # the person took it back: it is not brought again by itself
            self._wrong.pop(name, None)
        elif problem is None:
            self._wrong.pop(name, None)
            if self.delete and not result.get("unread_rows"):
                await self._delete(name, seen)
            elif result["kind"] == _RECORDING:
                self._tell(name, RecordingLeft().problem())
        elif problem["code"] in NOT_MEANT:
            self._wrong.pop(name, None)
        elif problem["code"] == WhoseIsIt.code:
            path = str(self.folder / name)
            self._aside[name] = _Aside(key, basis)
            question = problem.copy()
            question["hint"], question["path"] = answer_hint(_text(path)), _text(path)
            self._tell(name, question)
        else:
            self._tell(name, problem)

    def _bring_back_answered(self) -> None:
        """Look again at a file in doubt once the person said whose it is, or more is known to compare it with."""
        for name, aside in list(self._aside.items()):
            store = self.desk().store
            record = store.imports.find(aside.digest)
            answered = record is not None and (not record["problem"] or record["problem"]["code"] != WhoseIsIt.code)
            if answered or ground(store) != aside.ground:
                del self._aside[name]
                self._done.pop(name, None)

    async def _announce(self, taken: Taken) -> None:
        try:
            await self.taken(taken)
        except AmeliError:
            raise
        except Exception:  # the file is in: that telling of it failed is no fault of the file
            log.exception("a file was taken in, and telling of it failed")

    async def _delete(self, name: str, seen: _Seen) -> None:
        """Delete the file that was taken in; one that stays is told until it is gone, and tried again at each look."""
        self._undeleted.pop(name, None)
        self._done[name] = seen
        reason = await asyncio.to_thread(lambda: _remove(self.folder / name, seen))
        if reason is not None:
            self._undeleted[name] = seen
            self._tell(name, NotDeleted(reason=reason).problem())

    def _tell(self, name: str, problem: Problem) -> None:
        """Have a file's problem in the status; it is logged once."""
        if name:
            shown = clean_text(_text(name), 100)
            message = problem["message"]
            said: Bilingual = {"fr": f"{shown} : {message['fr']}", "en": f"{shown}: {message['en']}"}
            problem = {**problem, "message": said, "file": shown}
        if self._wrong.get(name) != problem:
            log.warning("the watched folder has a problem: %s", problem["code"])
        self._wrong[name] = problem


def _again(earlier: files.TakenEarlier) -> bool:
    """Whether a file that was brought before is worth another try: what was wrong may be mended, or answered."""
    problem = earlier["problem"]
    return problem is not None and (earlier.get("version") != VERSION or problem["code"] == WhoseIsIt.code)


def _text(name: str) -> str:
    """A file's name as text: a name may be any bytes."""
    return os.fsencode(name).decode("utf-8", "replace")


def _files(folder: Path) -> Iterator[tuple[str, _Seen]]:
    """The ordinary files of this user in a folder, not hidden, not unfinished. Links are not followed."""
    with os.scandir(folder) as listed:
        entries = {entry.name: entry for entry in listed}
    for name, entry in entries.items():
        if name.startswith(".") or name.lower().endswith(_UNFINISHED):
            continue
        if any(name + end in entries for end in _UNFINISHED):
            continue  # the browser holds its place while the rest is still coming
        with contextlib.suppress(OSError):  # gone since it was listed, or of a disk that answers no more
            facts = entry.stat(follow_symlinks=False)
            if stat.S_ISREG(facts.st_mode) and facts.st_uid == os.geteuid() and facts.st_size:
                yield name, _Seen.of(facts)


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


def _remove(path: Path, seen: _Seen) -> str | None:
    """Delete the file that was taken in, and no other of its name. The system's reason when it is still there."""
    try:
        if _Seen.of(path.lstat()) == seen:
            path.unlink()
    except FileNotFoundError:
        return None
    except OSError as error:
        return error.strerror or type(error).__name__
    return None
