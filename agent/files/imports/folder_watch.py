"""The watched folder: what lands in it is taken in, once, while the vault is open.

Only ordinary files of this user are opened, whole ones, of a kind that is read here; everything else is left alone and
unmentioned, so that a downloads folder can be watched. Nothing is moved; nothing is deleted unless the settings say so.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
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
    UnreadableFile,
    WhoseIsIt,
)
from agent.files.imports.folder_files import (
    Seen,
    called_like_ours,
    name_as_text,
    ordinary_files,
    read_whole,
    remove_file,
)
from agent.files.imports.importer import take_file
from agent.files.imports.model import Desk, Taken
from agent.files.imports.ownership_question import answer_hint, ground
from agent.protocol import files
from agent.protocol.problems import Bilingual, Problem
from agent.store.import_log import digest as digest_of
from agent.vault.errors import NoVault, VaultLocked, VaultStopped, VaultWriteFailed

log = logging.getLogger(__name__)
_RECORDING = "har"
NOT_MEANT = frozenset({
    "unknown_file", "not_a_statement", "statement_unreadable", "foreign_recording", "said_other_account"})
"""Codes of files that have nothing to do with the account: a downloads folder is full of them."""


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
        self._done: dict[str, Seen] = {}
        self._before: dict[str, Seen] = {}
        """The files as the last look saw them."""
        self._aside: dict[str, _Aside] = {}
        self._undeleted: dict[str, Seen] = {}
        self._wrong: dict[str, Problem] = {}
        self._looking = False

    @property
    def problems(self) -> list[Problem]:
        """What is wrong with files that are in the folder now, or with the folder."""
        return list(self._wrong.values())

    @property
    def seen(self) -> list[Seen]:
        """The files that need no other look as they are."""
        return list(self._done.values())

    def asks_about(self, digest: str) -> bool:
        """Whether the person is asked whose the file of this digest is, which lies in the folder."""
        return any(aside.digest == digest for aside in self._aside.values())

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
            files_now = await asyncio.to_thread(lambda: dict(ordinary_files(self.folder)))
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
            elif self._done.get(name) != seen and seen.rests(before.get(name), self.now_s()):
                await self._alone(name, seen)

    async def _alone(self, name: str, seen: Seen) -> None:
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

    async def _one(self, name: str, seen: Seen) -> None:
        try:
            data = await asyncio.to_thread(lambda: read_whole(self.folder / name, seen))
        except FileNotFoundError:
            return
        except OSError as error:
            if called_like_ours(name):  # of another kind, perhaps: a downloads folder is full of them
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

    async def _bring(self, name: str, seen: Seen, data: bytes) -> None:
        desk = replace(self.desk(), alone=True)
        key = await asyncio.to_thread(lambda: digest_of(data))
        before, basis = desk.store.imports.find(key), ground(desk.store)
        result: files.Taken
        if before is None or worth_another_try(before):
            taken = await take_file(desk, name_as_text(name), data)
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
            question["hint"], question["path"] = answer_hint(name_as_text(path)), name_as_text(path)
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

    async def _delete(self, name: str, seen: Seen) -> None:
        """Delete the file that was taken in; one that stays is told until it is gone, and tried again at each look."""
        self._undeleted.pop(name, None)
        self._done[name] = seen
        reason = await asyncio.to_thread(lambda: remove_file(self.folder / name, seen))
        if reason is not None:
            self._undeleted[name] = seen
            self._tell(name, NotDeleted(reason=reason).problem())

    def _tell(self, name: str, problem: Problem) -> None:
        """Have a file's problem in the status; it is logged once."""
        if name:
            shown = clean_text(name_as_text(name), 100)
            message = problem["message"]
            said: Bilingual = {"fr": f"{shown} : {message['fr']}", "en": f"{shown}: {message['en']}"}
            problem = {**problem, "message": said, "file": shown}
        if self._wrong.get(name) != problem:
            log.warning("the watched folder has a problem: %s", problem["code"])
        self._wrong[name] = problem


def worth_another_try(earlier: files.TakenEarlier) -> bool:
    """Whether a file that was brought before is worth another try: what was wrong may be mended, or answered."""
    problem = earlier["problem"]
    return problem is not None and (earlier.get("version") != VERSION or problem["code"] == WhoseIsIt.code)
