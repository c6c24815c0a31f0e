"""What lies in a watched folder: ordinary files of this user, whole ones, of a kind that is read here.

Everything else is left alone, so that a downloads folder can be watched. Nothing here needs a vault.
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterator
from functools import partial
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from agent.files.formats.har.plain_text import CHUNK
from agent.files.formats.har.plain_text import MOST as MOST_OF_RECORDING
from agent.files.imports import har
from agent.files.imports.errors import TooLargeFile
from agent.files.imports.har.large import SIFTED_FROM, small_recording
from agent.files.imports.importer import reader_of

MOST = 128 << 20
"""Bytes of a file."""
STILL_S = 3.0
"""A file written to later than this may still grow."""
_OURS = (".pdf", ".har", ".har.gz", ".ofx", ".qfx", ".csv", ".tsv", ".xlsx", ".ods", ".qif", ".sta", ".mt940", ".zip")
_HEAD = 64 << 10
_UNFINISHED = (".part", ".partial", ".crdownload", ".download", ".tmp", ".opdownload")


class Seen(NamedTuple):
    """A state of a file: another one is looked at again."""

    device: int
    inode: int
    size: int
    changed: int
    touched: int
    """When its permissions, too, changed last."""

    @classmethod
    def of(cls, facts: os.stat_result) -> Seen:
        """From what the system says of it."""
        return cls(facts.st_dev, facts.st_ino, facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns)

    def rests(self, before: Seen | None, now_s: float) -> bool:
        """Whether the file is no longer written to. One dated in the future rests when two looks see it the same."""
        age = now_s - self.changed / 1e9
        return age >= STILL_S or (age < 0 and self == before)


def folder_of(setting: str) -> Path:
    """The folder that the settings name."""
    return Path(os.path.expanduser(setting))  # noqa: PTH111 - a Path raises for nobody's ~


def name_as_text(name: str) -> str:
    """A file's name as text: a name may be any bytes."""
    return os.fsencode(name).decode("utf-8", "replace")


def called_like_ours(name: str) -> bool:
    """Whether a file that cannot even be opened is told nevertheless."""
    return name.lower().endswith(_OURS)


def ordinary_files(folder: Path) -> Iterator[tuple[str, Seen]]:
    """The ordinary files of this user in a folder, not hidden, not unfinished. Links are not followed.

    Raises OSError when the folder cannot be listed.
    """
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
                yield name, Seen.of(facts)


def read_whole(path: Path, seen: Seen) -> bytes | None:
    """The bytes of a file as it was seen; none of a kind that is not read here; None when it is another one by now.

    Of a large recording, what is kept of it. Raises OSError, and TooLargeFile when its kind is read here.
    """
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with open(handle, "rb") as file:  # noqa: PTH123 - a handle
        if Seen.of(os.fstat(handle)) != seen:
            return None
        head = file.read(_HEAD)
        reader = reader_of(head)
        if reader is None:
            return b""
        recording = reader is har.READER and seen.size > SIFTED_FROM
        most = MOST_OF_RECORDING if recording else MOST
        if seen.size > most:
            raise TooLargeFile(megabytes=most >> 20)
        if recording:
            sifted = bytes(small_recording(chain([head], iter(partial(file.read, CHUNK), b""))))
            return sifted if Seen.of(os.fstat(handle)) == seen else None
        data = head + file.read(MOST)
        return data if Seen.of(os.fstat(handle)) == seen and len(data) == seen.size else None


def remove_file(path: Path, seen: Seen) -> str | None:
    """Delete the file that was seen, and no other of its name. The system's reason when it is still there."""
    try:
        if Seen.of(path.lstat()) == seen:
            path.unlink()
    except FileNotFoundError:
        return None
    except OSError as error:
        return error.strerror or type(error).__name__
    return None
