"""The disk, as the vault sees it: the few calls it makes, so that a test can cut the power between any two of them."""

import contextlib
import errno
import fcntl
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

from agent.errors.system_errors import UNWRITABLE
from agent.vault.errors import VaultBusy, VaultStopped, VaultUnreadable, VaultWriteFailed


class File(Protocol):
    """A file open for writing."""

    def write(self, data: bytes | memoryview) -> int:
        """Append; return how many bytes were taken (may be fewer, as the system's own ``write``)."""

    def write_at(self, offset: int, data: bytes) -> int:
        """Overwrite at ``offset``; return how many bytes were taken."""

    def sync(self) -> None:
        """Return once content and length are on the disk."""

    def close(self) -> None: ...


class Source(Protocol):
    """A file open for reading."""

    def read(self, size: int) -> bytes:
        """The next bytes, ``size`` at most; none at the end."""

    def close(self) -> None: ...


class Held(Protocol):
    """A lock held on the vault."""

    def close(self) -> None: ...


class Fs(Protocol):
    """Every call raises ``OSError`` as the system does. Names in one folder, files 0600, folders 0700."""

    def make_folder(self, path: Path) -> None:
        """Create the folder (parents too) for this user alone; an existing one is made private."""

    def names(self, path: Path) -> list[str]:
        """The names in a folder; an absent folder has none."""

    def exists(self, path: Path) -> bool: ...

    def read(self, path: Path) -> bytes: ...

    def open_to_read(self, path: Path) -> Source:
        """Open an existing regular file, to be read piece by piece."""

    def create(self, path: Path) -> File:
        """Create a file that must not exist yet."""

    def open(self, path: Path) -> File:
        """Open an existing file for ``write_at``."""

    def rename(self, old: Path, new: Path) -> None: ...

    def rename_folder(self, old: Path, new: Path) -> None:
        """Give a folder another name beside its own; a folder that has that name already must be empty."""

    def remove_folder(self, path: Path) -> None:
        """Remove an empty folder."""

    def unlink(self, path: Path) -> None: ...

    def sync_folder(self, path: Path) -> None:
        """Return once creations, renames and removals in the folder are on the disk."""

    def hold(self, path: Path) -> Held:
        """Take the exclusive lock of this file; ``BlockingIOError`` when another process has it."""


class SyncFailed(OSError):
    """A flush, or a rename, failed: nobody knows what the disk holds now, and asking again would prove nothing."""


class _RealFile:
    def __init__(self, fd: int) -> None:
        self._fd = fd

    def write(self, data: bytes | memoryview) -> int:
        return os.write(self._fd, data)

    def write_at(self, offset: int, data: bytes) -> int:
        return os.pwrite(self._fd, data, offset)

    def sync(self) -> None:
        if hasattr(fcntl, "F_FULLFSYNC"):  # macOS: fsync leaves the data in the drive's own cache
            fcntl.fcntl(self._fd, fcntl.F_FULLFSYNC)
        elif hasattr(os, "fdatasync"):  # the length is synced too, times are not
            os.fdatasync(self._fd)
        else:
            os.fsync(self._fd)

    def close(self) -> None:
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    def __del__(self) -> None:
        # As Python's own files: a vault that is dropped without being locked keeps neither its files nor its lock.
        self.close()


class RealFs:
    """The machine's own disk."""

    def make_folder(self, path: Path) -> None:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = path.stat()
        if status.st_uid != os.geteuid():
            raise PermissionError(errno.EPERM, "the folder belongs to another user", str(path))
        if status.st_mode & 0o077:
            path.chmod(0o700)

    def names(self, path: Path) -> list[str]:
        try:
            return [entry.name for entry in path.iterdir()]
        except FileNotFoundError:
            return []

    def exists(self, path: Path) -> bool:
        return path.exists()

    def read(self, path: Path) -> bytes:
        fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        with os.fdopen(fd, "rb") as file:
            return file.read()

    def open_to_read(self, path: Path) -> Source:
        # O_NONBLOCK: a pipe in a file's place is refused, not waited for.
        fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        if not stat.S_ISREG(os.fstat(fd).st_mode):
            os.close(fd)
            raise OSError(errno.EINVAL, "it is not a regular file", str(path))
        return os.fdopen(fd, "rb", buffering=0)

    def create(self, path: Path) -> File:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        return _RealFile(os.open(path, flags, 0o600))

    def open(self, path: Path) -> File:
        return _RealFile(os.open(path, os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC))

    def rename(self, old: Path, new: Path) -> None:
        old.rename(new)

    def rename_folder(self, old: Path, new: Path) -> None:
        old.rename(new)

    def remove_folder(self, path: Path) -> None:
        path.rmdir()

    def unlink(self, path: Path) -> None:
        path.unlink()

    def sync_folder(self, path: Path) -> None:
        fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)

    def hold(self, path: Path) -> Held:
        fd, refused, whole = _open_lock(path)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(fd)
            raise
        return RealHeld(fd, refused, whole=whole)


class RealHeld(_RealFile):
    """The lock of a vault, and whether it allows to write."""

    def __init__(self, fd: int, refused: OSError | None, *, whole: bool) -> None:
        super().__init__(fd)
        self.refused = refused
        """Why the lock's file could not be opened for writing; the vault must not be written then."""
        self.whole = whole
        """Whether it is the lock's own file that is locked, which keeps every other process out."""


def _open_lock(path: Path) -> tuple[int, OSError | None, bool]:
    """The lock's file; where it cannot be written or made, the same file for reading, else its folder.

    All of them are locked alike. Only whoever holds the file itself may ever write: a folder's lock keeps no process
    out that can make the file.
    """
    flags = os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | flags, 0o600), None, True
    except OSError as error:
        if error.errno not in UNWRITABLE:
            raise
        refused = error
    try:
        return os.open(path, os.O_RDONLY | flags), refused, True
    except FileNotFoundError:
        return os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | flags), refused, False


def write_all(file: File, data: bytes) -> None:
    """Append all of ``data``, going on after a short write."""
    view = memoryview(data)
    while view:
        taken = file.write(view)
        if taken <= 0:
            raise OSError(errno.EIO, "the disk took nothing")
        view = view[taken:]


def write_new(fs: Fs, temp: Path, data: bytes) -> None:
    """Write a new file and bring it to the disk. When it fails nothing counts: ``temp`` is removed."""
    file = fs.create(temp)
    try:
        write_all(file, data)
        file.sync()
    except OSError:
        with contextlib.suppress(OSError):  # the first error is the one to tell; a leftover is cleaned at unlock
            fs.unlink(temp)
        raise
    finally:
        file.close()


def move_into_place(fs: Fs, temp: Path, path: Path) -> None:
    """Give a finished file its name, durably. Raises `SyncFailed`."""
    try:
        fs.rename(temp, path)
        fs.sync_folder(path.parent)
    except OSError as error:
        raise SyncFailed(error.errno, error.strerror) from error


def tidy(fs: Fs, folder: Path, unwanted: Callable[[str], bool]) -> None:
    """Remove the files whose names are ``unwanted``. One that stays does no harm: it is tried again next time."""
    with contextlib.suppress(OSError):
        for name in fs.names(folder):
            if unwanted(name):
                fs.unlink(folder / name)


@contextlib.contextmanager
def reading(part: str) -> Iterator[None]:
    """Tell a refusal of the system to read ``part`` as `VaultUnreadable`."""
    try:
        yield
    except BlockingIOError as error:
        raise VaultBusy from error
    except OSError as error:
        raise VaultUnreadable(error, part=part) from error


@contextlib.contextmanager
def writing() -> Iterator[None]:
    """Tell a refusal of the system to write as `VaultWriteFailed`, a failed flush as `VaultStopped`."""
    try:
        yield
    except SyncFailed as error:
        raise VaultStopped from error
    except OSError as error:
        raise VaultWriteFailed(error) from error

