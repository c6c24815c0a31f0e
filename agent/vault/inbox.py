"""The folder ``inbox/``: files of rounds that were sealed while the vault was locked."""

import contextlib
import errno
import re
from pathlib import Path

from agent.vault.errors import VaultUnreadable
from agent.vault.fs import Fs, move_into_place, write_new, writing
from agent.vault.keys import Random

FOLDER = "inbox"
BAD = "bad-"
"""Begins the name of a file that was put aside."""
_UNFINISHED = "tmp-"
_ROUND = re.compile(r"[0-9a-f]{32}")
_LATER = frozenset({errno.EACCES, errno.EPERM, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EINTR, errno.EAGAIN})
"""Refusals that say nothing of the file: it may be read another time."""
_PIECE = 1 << 20


class Inbox:
    """The folder of one vault, which need not exist. Needs no key."""

    def __init__(self, fs: Fs, vault_folder: Path) -> None:
        self._fs, self._folder = fs, vault_folder / FOLDER

    def names(self) -> list[str]:
        """All names in it, in one look; none without the folder. Raises `VaultUnreadable`."""
        try:
            return self._fs.names(self._folder)
        except NotADirectoryError:
            return []  # something else has this name: it stays
        except OSError as error:
            raise VaultUnreadable(error, part=FOLDER) from error

    def make(self) -> None:
        """Create the folder, durably. Raises `VaultWriteFailed`."""
        with writing():
            self._fs.make_folder(self._folder)
            self._fs.sync_folder(self._folder.parent)

    def write(self, sealed: bytes, random: Random) -> None:
        """Add a file under a random name, durably.

        Raises `VaultWriteFailed` (no file counts), `VaultStopped` (it may count or not).
        """
        name = random(16).hex()
        with writing():
            write_new(self._fs, self._folder / f"{_UNFINISHED}{name}", sealed)
            move_into_place(self._fs, self._folder / f"{_UNFINISHED}{name}", self._folder / name)

    def read(self, name: str, most: int) -> bytes:
        """The first ``most`` bytes of a file; none when it is no file, or the disk does not give them back.

        Raises `VaultUnreadable` when it may be read another time.
        """
        try:
            source = self._fs.open_to_read(self._folder / name)
            try:
                data = bytearray()
                while len(data) < most and (piece := source.read(min(_PIECE, most - len(data)))):
                    data += piece
                return bytes(data)
            finally:
                source.close()
        except OSError as error:
            if error.errno in _LATER:
                raise VaultUnreadable(error, part=f"{FOLDER}/{name}") from error
            return b""

    def remove(self, name: str) -> bool:
        """Remove a file; False when it stays."""
        try:
            self._fs.unlink(self._folder / name)
        except FileNotFoundError:
            return True
        except OSError:
            return False
        return True

    def put_aside(self, name: str) -> None:
        """Give a file a name by which it is not read again; where the disk refuses, it is found again."""
        with contextlib.suppress(OSError):
            self._fs.rename(self._folder / name, self._folder / f"{BAD}{name}")

    def flush(self) -> None:
        """Return once removals and new names are on the disk; without the folder there are none. Raises
        `VaultWriteFailed`."""
        with writing(), contextlib.suppress(FileNotFoundError, NotADirectoryError):
            self._fs.sync_folder(self._folder)


def is_round(name: str) -> bool:
    """Whether a file of this name waits to be read."""
    return _ROUND.fullmatch(name) is not None


def is_unfinished(name: str) -> bool:
    """Whether a file of this name was being written."""
    return name.startswith(_UNFINISHED)
