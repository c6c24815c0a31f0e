"""Files of the watched folder that were sealed while the vault was locked: taken in by the open one, in their order.

As if they lay in the folder now; the original may be gone. A sealed file is let go once it was taken in, or refused for
good: a file in doubt waits in the inbox for the person's answer.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from agent.concurrency.uninterrupted import finish
from agent.errors import AmeliError
from agent.files.imports.errors import NotTaken, WhoseIsIt
from agent.files.imports.folder_watch import NOT_MEANT, worth_another_try
from agent.files.imports.importer import take_file
from agent.files.imports.ownership_question import ground, sealed_hint
from agent.protocol.problems import Bilingual, Problem
from agent.vault.errors import NoVault, VaultLocked, VaultStopped
from agent.vault.inbox import is_round
from agent.vault.sealed_rounds import HEAD_SIZE, MOST_SEALED, place_of
from agent.watch.errors import SealedFileLost
from agent.watch.merging import merge, opener_of, tell
from agent.watch.sealed_file import SealedFile, unpack_file

if TYPE_CHECKING:
    from agent.files.imports import Desk, Taken
    from agent.store import Store
    from agent.store.account_records import SealedEpoch
    from agent.vault import Vault

log = logging.getLogger(__name__)
_WAITS = (WhoseIsIt.code, NotTaken.code)
"""What is wrong with a file that stays: the person answers, or a later version reads it."""


class _Place(NamedTuple):
    epoch: str
    number: int


class _Kept(NamedTuple):
    """A file that stays in the inbox."""

    digest: str
    ground: tuple[str | int, ...]
    """What it was compared with."""
    problem: Problem


class TakingIn:
    """Over one open vault."""

    def __init__(
        self, vault: Vault, store: Store, desk: Callable[[], Desk], taken: Callable[[Taken], Awaitable[None]],
    ) -> None:
        """``taken`` is told of each file that was taken in."""
        self._vault, self._store, self._desk, self._taken = vault, store, desk, taken
        self._kept: dict[_Place, _Kept] = {}
        self._wrong: list[Problem] = []
        self._busy = False

    @property
    def problems(self) -> list[Problem]:
        """What is wrong with sealed files."""
        return [*self._wrong, *(kept.problem for kept in self._kept.values())]

    async def take_in(self) -> None:
        """Take in what waits. One under way is not begun twice."""
        if self._busy or self._vault.read_only:
            return
        self._busy = True
        try:
            await self._take_in()
        except (VaultLocked, NoVault):
            log.info("sealed files wait: the vault was locked")
        except AmeliError as error:  # the vault writes nothing more: the rest is tried again at the next look
            self._wrong = [error.problem()]
        except Exception:  # a mistake of ours must not end the watch unseen: it is logged in full
            log.exception("taking in sealed files ended by an unexpected error")
        finally:
            self._busy = False

    async def leave_to(self, asks: Callable[[str], bool]) -> None:
        """Let go of files in doubt that lie in the folder still, where the person is asked about them: ``asks`` says so
        of a digest. Who takes one out of the folder has answered."""
        if self._busy:
            return  # two mergings at once would take each other's epochs away; the next look comes
        self._busy = True
        try:
            left = [place for place, kept in self._kept.items() if kept.problem["code"] == WhoseIsIt.code
                    and asks(kept.digest)]
            for place in left:
                del self._kept[place]
                await finish(partial(self._forget, place))
            if left:
                await finish(partial(merge, self._vault, self._store))  # what opens an epoch goes with its last round
        finally:
            self._busy = False

    async def _take_in(self) -> None:
        places = [_Place(epoch["epoch"], number) for epoch in self._epochs() for number in epoch.get("files", ())]
        self._kept = {place: kept for place, kept in self._kept.items() if place in places}
        due = [place for place in places if self._is_due(place)]
        if not due:
            return
        self._wrong = []
        lying = await asyncio.to_thread(self._lying)
        let_go = False
        for place in due:
            let_go |= await self._alone(place, lying.get(place, []))
        if let_go:
            await finish(partial(merge, self._vault, self._store))

    def _is_due(self, place: _Place) -> bool:
        kept = self._kept.get(place)
        if kept is None:
            return True
        record = self._store.imports.find(kept.digest)
        code = record["problem"]["code"] if record is not None and record["problem"] else None
        return code != kept.problem["code"] or (code == WhoseIsIt.code and ground(self._store) != kept.ground)

    async def _alone(self, place: _Place, names: list[str]) -> bool:
        """One file by itself: whatever is wrong with it, the others go on. Whether it was let go."""
        try:
            return await self._one(place, names)
        except (VaultLocked, NoVault, VaultStopped):
            raise
        except AmeliError as error:  # no room, or it cannot be read now: tried again at each look
            self._wrong.append(error.problem())
        except Exception:  # a mistake of ours is this file's problem alone: it is logged in full
            log.exception("a sealed file could not be taken in")
            self._wrong.append(NotTaken().problem())
        return False

    async def _one(self, place: _Place, names: list[str]) -> bool:
        name, file = await asyncio.to_thread(self._open, place, names)
        if file is None:
            await finish(partial(self._lost, place, names))
            return True
        basis = ground(self._store)
        problem = await self._bring(file)
        if problem is not None and problem["code"] in _WAITS:
            self._kept[place] = _Kept(file.digest, basis, _named(file, problem))
            return False
        if problem is not None and problem["code"] not in NOT_MEANT:
            self._wrong.append(_named(file, problem))
        await finish(partial(self._let_go, place, name))
        return True

    async def _bring(self, file: SealedFile) -> Problem | None:
        """Take it in, unless that was done: what is wrong with it."""
        before = self._store.imports.find(file.digest)
        if before is not None and not worth_another_try(before):
            return None if before.get("undone") else before["problem"]
        taken = await take_file(replace(self._desk(), alone=True), file.name, file.data)
        await self._taken(taken)
        return taken.shape()["problem"]

    # -- the inbox -----------------------------------------------------------------------------------------------------

    def _epochs(self) -> list[SealedEpoch]:
        watch = self._store.account.watch.read()
        return watch["epochs"] if watch is not None else []

    def _lying(self) -> dict[_Place, list[str]]:
        """The files of the inbox by the place that each claims."""
        lying: dict[_Place, list[str]] = {}
        for name in self._vault.inbox.names():
            if is_round(name) and (place := place_of(self._vault.inbox.read(name, HEAD_SIZE))) is not None:
                lying.setdefault(_Place(place[0].hex(), place[1]), []).append(name)
        return lying

    def _open(self, place: _Place, names: list[str]) -> tuple[str, SealedFile | None]:
        """The file of a place and its name in the inbox, if one of those that claim it is. Raises `VaultUnreadable`."""
        [epoch] = [epoch for epoch in self._epochs() if epoch["epoch"] == place.epoch]
        opener = opener_of(bytes.fromhex(self._vault.identity), epoch)
        for name in names:
            plain = opener.open(self._vault.inbox.read(name, MOST_SEALED + 1))
            try:
                if plain is not None:
                    return name, unpack_file(plain)
            except ValueError:
                log.warning("a sealed file holds what nobody could have read")
        return "", None

    def _lost(self, place: _Place, names: list[str]) -> None:
        """Told before it is renamed: killed in between, it is told again, and still once."""
        log.warning("a sealed file is gone or damaged")
        with self._store.step():
            tell(self._store, SealedFileLost())
            self._forget(place)
        for name in names:
            self._vault.inbox.put_aside(name)

    def _let_go(self, place: _Place, name: str) -> None:
        self._forget(place)
        self._vault.inbox.remove(name)  # one that stays is removed by the next merging

    def _forget(self, place: _Place) -> None:
        """Note that nothing of this place waits any more."""
        with self._store.step():
            self._store.account.watch.write({"epochs": [
                {**epoch, "files": [number for number in epoch.get("files", ()) if number != place.number]}
                if epoch["epoch"] == place.epoch else epoch for epoch in self._epochs()]})


def _named(file: SealedFile, problem: Problem) -> Problem:
    message = problem["message"]
    said: Bilingual = {"fr": f"{file.name} : {message['fr']}", "en": f"{file.name}: {message['en']}"}
    named: Problem = {**problem, "message": said, "file": file.name}
    if problem["code"] == WhoseIsIt.code:
        named["hint"] = sealed_hint()
    return named
