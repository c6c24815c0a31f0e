"""A small file beside the high-water mark, without secrets: what a locked agent must remember over a restart.

That somebody is to be watched for; and that a sign-in has begun, so that a password that was refused is not tried again
by an agent that was killed meanwhile.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from agent.vault.fs import Fs, RealFs, move_into_place, write_new, writing
from agent.watch.errors import SignInUnfinished

if TYPE_CHECKING:
    from agent.watch.ticket import Ticket

_MOST = 4096


class SignInBegun(msgspec.Struct, kw_only=True):
    """A sign-in of the locked agent of which no good end is known."""

    at: str
    """ISO moment in UTC."""
    refused: str | None = None
    """Code of the service's refusal; None: it is not known how it ended."""


class WatchNote(msgspec.Struct, kw_only=True):
    """What is noted."""

    watching: bool = False
    """The account is looked at by itself: after a restart that takes an unlocking."""
    told: bool = False
    """The person was told, since, that it takes one."""
    sign_in: SignInBegun | None = None


def distrust(ticket: Ticket, note: WatchNote) -> None:
    """A sign-in was begun with a ticket like this one, and no good end of it is known: nobody signs in any more."""
    if note.sign_in is not None and not ticket.refused:
        ticket.refuse(SignInUnfinished().problem(), by_service=False)


class NoteFile:
    """The file of one home. What cannot be read is as if nothing was noted, except that nobody signs in on it."""

    def __init__(self, path: Path, fs: Fs | None = None) -> None:
        self._path, self._fs = path, fs or RealFs()

    def read(self) -> WatchNote:
        """What was noted. A file that is spoilt counts as a sign-in whose end is not known."""
        try:
            data = self._fs.read(self._path)
        except FileNotFoundError:
            return WatchNote()
        except OSError:
            return WatchNote(watching=True, sign_in=SignInBegun(at=""))
        try:
            return msgspec.json.decode(data[:_MOST], type=WatchNote)
        except (msgspec.DecodeError, ValueError):
            return WatchNote(watching=True, sign_in=SignInBegun(at=""))

    def write(self, note: WatchNote) -> None:
        """Note it, durably before this returns. Raises `VaultWriteFailed`, `VaultStopped`."""
        if note == self.read():
            return
        temp = self._path.with_name(self._path.name + ".new")
        with writing():
            if not self._fs.exists(self._path.parent):
                self._fs.make_folder(self._path.parent)
            if self._fs.exists(temp):
                self._fs.unlink(temp)
            write_new(self._fs, temp, msgspec.json.encode(note))
            move_into_place(self._fs, temp, self._path)
