"""The agent's socket: a unix socket that only its owner can reach, and that only one agent can hold."""

import contextlib
import fcntl
import os
import socket
import stat
import sys
from collections.abc import MutableMapping
from pathlib import Path

from agent.core.refusals import AlreadyRunning, BadListenSocket, PathTooLong, UnsafeFolder
from agent.daemon.handover import Descriptors, Place
from agent.errors.system_errors import FULL, READ_ONLY
from config.paths import Paths

_LONGEST = 107 if sys.platform == "linux" else 103
"""Bytes of path that fit a unix socket address, without the closing NUL."""
_FIRST_INHERITED = 3


def make_private(folder: Path) -> int:
    """Make sure ``folder`` exists, is a real folder of this user and is closed to others; return a descriptor of it.

    Missing parents are made as private. Raises UnsafeFolder; never repairs what it finds, since someone else made it.
    """
    missing = []
    parent = folder
    while not parent.exists() and not parent.is_symlink():
        missing.append(parent)
        parent = parent.parent
    for ancestor in reversed(missing):
        with contextlib.suppress(FileExistsError):  # another agent starts at this moment
            ancestor.mkdir(mode=0o700)
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError as error:
        raise UnsafeFolder(folder=folder, why_fr="ce n'est pas un dossier", why_en="it is not a folder") from error
    seen = os.fstat(handle)
    if seen.st_uid != os.geteuid():
        os.close(handle)
        raise UnsafeFolder(folder=folder, why_fr="il appartient à quelqu'un d'autre", why_en="someone else owns it")
    if stat.S_IMODE(seen.st_mode) != 0o700:
        os.close(handle)
        raise UnsafeFolder(folder=folder, why_fr="ses droits ne sont pas 0700", why_en="its mode is not 0700")
    return handle


def _listening(number: int) -> socket.socket:
    """The unix socket that the open file ``number`` is. Raises BadListenSocket when it is none that listens."""
    try:
        given = socket.socket(fileno=number)
    except (OSError, ValueError) as error:
        raise BadListenSocket from error
    os.set_inheritable(number, False)
    if (
        given.family != socket.AF_UNIX
        or given.type != socket.SOCK_STREAM
        or not given.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)
    ):
        given.close()
        raise BadListenSocket
    given.setblocking(False)  # of the open file, so also for whoever holds it besides
    return given


class AgentSocket:
    """The lock and the listening socket of one home, held for the life of the process."""

    def __init__(
        self, paths: Paths, environ: MutableMapping[str, str] | None = None, place: Place | None = None
    ) -> None:
        """Take the lock, then the socket. On a disk that takes nothing both go to ``paths.spare_run_dir``. ``place``:
        both were held by an earlier image of this process, and never let go.

        Raises AlreadyRunning when another agent holds the lock, UnsafeFolder, PathTooLong, BadListenSocket, OSError.
        """
        self._home_lock = -1
        self._spare = False
        if place is not None:
            self._take_over(paths, place)
            return
        try:
            self._open(paths, environ)
        except OSError as error:
            if error.errno not in FULL | READ_ONLY:
                raise
            self._home_lock = self._lock_as_it_is(paths.lock)
            self._spare = True
            try:
                self._open(paths.with_run_dir(paths.spare_run_dir), environ)
            except BaseException:
                if self._home_lock >= 0:
                    os.close(self._home_lock)
                raise

    @staticmethod
    def _lock_as_it_is(path: Path) -> int:
        """Lock the home's own lock file, which cannot be written, if there is one: another agent may hold it."""
        try:
            lock = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
        except OSError:
            return -1  # there is none, so nobody holds it
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(lock)
            raise AlreadyRunning from error
        return lock

    def _open(self, paths: Paths, environ: MutableMapping[str, str] | None) -> None:
        self._path = paths.socket
        self._folder = make_private(paths.run_dir)
        self._lock = -1
        self._ours: tuple[int, int] | None = None
        try:
            self._lock = self._take_lock(paths.lock.name)
            self.inherited = False
            self.socket = self._inherit(os.environ if environ is None else environ) or self._bind()
        except BaseException:
            self._release()
            raise

    def _take_over(self, paths: Paths, place: Place) -> None:
        numbers, self._spare = place.descriptors, place.spare
        self._folder, self._lock, self._home_lock = numbers.folder, numbers.lock, numbers.home_lock
        self._path = (paths.with_run_dir(paths.spare_run_dir) if place.spare else paths).socket
        self.inherited, self._ours = place.inherited, place.file
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # it is held: this asks whether it is one
            self.socket = _listening(numbers.socket)
        except (OSError, ValueError) as error:
            raise BadListenSocket from error

    @property
    def place(self) -> Place:
        """What a later image of this process needs to hold it all on. It counts while this is open."""
        numbers = Descriptors(self.socket.fileno(), self._lock, self._folder, self._home_lock)
        return Place(numbers, self._spare, self.inherited, self._ours)

    def _take_lock(self, name: str) -> int:
        lock = os.open(name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600, dir_fd=self._folder)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(lock)
            raise AlreadyRunning from error
        with contextlib.suppress(OSError):  # a full disk: the number only helps to end an agent that hangs
            os.ftruncate(lock, 0)
            os.write(lock, b"%d\n" % os.getpid())
        return lock

    def _inherit(self, environ: MutableMapping[str, str]) -> socket.socket | None:
        """The socket a service manager opened for us, checked; None when there is none."""
        pid, count = environ.pop("LISTEN_PID", ""), environ.pop("LISTEN_FDS", "")
        environ.pop("LISTEN_FDNAMES", None)
        if pid != str(os.getpid()) or not count:
            return None
        given = _listening(_FIRST_INHERITED)
        if count != "1" or given.getsockname() != str(self._path):
            given.close()
            raise BadListenSocket
        self.inherited = True
        return given

    def _bind(self) -> socket.socket:
        # The lock is ours, so whatever lies here was left by an agent that is gone.
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self._path.name, dir_fd=self._folder)
        listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        before = os.umask(0o177)
        try:
            listening.bind(self._address())
        except BaseException:
            listening.close()
            raise
        finally:
            os.umask(before)
        seen = os.stat(self._path.name, dir_fd=self._folder, follow_symlinks=False)
        if stat.S_IMODE(seen.st_mode) != 0o600 or not stat.S_ISSOCK(seen.st_mode):
            listening.close()
            raise UnsafeFolder(folder=self._path, why_fr="les droits n'y tiennent pas", why_en="it keeps no modes")
        self._ours = (seen.st_dev, seen.st_ino)
        listening.listen(64)
        listening.setblocking(False)
        return listening

    def _address(self) -> str:
        if len(os.fsencode(self._path)) <= _LONGEST:
            return str(self._path)
        if sys.platform != "linux":
            raise PathTooLong(folder=self._path.parent)
        return f"/proc/self/fd/{self._folder}/{self._path.name}"

    def still_ours(self) -> bool:
        """Whether the path still leads to this socket: False once someone removed or replaced it, or the home."""
        if self.inherited:
            return True
        try:
            seen = self._path.lstat()
        except OSError:
            return False
        return (seen.st_dev, seen.st_ino) == self._ours

    def close(self) -> None:
        """Close the socket, remove its file if it is still ours, and let go of the lock."""
        self.socket.close()
        if not self.inherited and self.still_ours():
            with contextlib.suppress(OSError):  # the disk turned read-only: nobody answers there, that is enough
                os.unlink(self._path.name, dir_fd=self._folder)
        self._release()
        if self._home_lock >= 0:
            os.close(self._home_lock)
            self._home_lock = -1

    def _release(self) -> None:
        for handle in (self._lock, self._folder):
            if handle >= 0:
                os.close(handle)
        self._lock = self._folder = -1
