"""A disk in memory that remembers what was flushed, so that the power can be cut after any call.

Model: writes to a file that were not flushed survive a cut not at all, whole, as a byte prefix, or as a random subset
of 4 KiB pages; creations, renames and removals in a folder that was not flushed survive as a prefix.
"""

import errno
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
PAGE = 4096


@dataclass
class Inode:
    durable: bytes = b""
    pending: list[tuple[int, bytes]] = field(default_factory=list)

    def now(self) -> bytes:
        return apply_writes(self.durable, self.pending)


@dataclass
class Folder:
    durable: dict[str, Inode] = field(default_factory=dict)
    pending: list[tuple[str, str, Inode | None]] = field(default_factory=list)

    def now(self) -> dict[str, Inode]:
        return apply_entries(self.durable, self.pending)


def apply_writes(content: bytes, writes: list[tuple[int, bytes]]) -> bytes:
    data = bytearray(content)
    for offset, piece in writes:
        data.extend(bytes(max(0, offset - len(data))))
        data[offset : offset + len(piece)] = piece
    return bytes(data)


def apply_entries(entries: dict[str, Inode], changes: list[tuple[str, str, Inode | None]]) -> dict[str, Inode]:
    result = dict(entries)
    for kind, name, inode in changes:
        if kind == "unlink":
            del result[name]
        else:  # link, and the second half of a rename ("unlink" of the old name goes with it)
            assert inode is not None
            result[name] = inode
            if kind.startswith("rename "):
                del result[kind.removeprefix("rename ")]
    return result


def moved(paths: dict[Path, T], old: Path, new: Path) -> dict[Path, T]:
    """Return what lies at or under ``old`` under ``new``, and all else where it was."""
    return {new / path.relative_to(old) if path.is_relative_to(old) else path: thing for path, thing in paths.items()}


class SimFile:
    def __init__(self, fs: "SimFs", inode: Inode) -> None:
        self.fs, self.inode, self.end = fs, inode, len(inode.now())

    def write(self, data: bytes | memoryview) -> int:
        self.fs.before("write")
        self.inode.pending.append((self.end, bytes(data)))
        self.end += len(data)
        self.fs.after()
        return len(data)

    def write_at(self, offset: int, data: bytes) -> int:
        self.fs.before("write_at")
        self.inode.pending.append((offset, bytes(data)))
        self.fs.after()
        return len(data)

    def sync(self) -> None:
        self.fs.before("sync")
        self.inode.durable, self.inode.pending = self.inode.now(), []
        self.fs.after()

    def close(self) -> None:
        pass


class SimSource:
    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def read(self, size: int) -> bytes:
        taken = self.data[self.at : self.at + size]
        self.at += len(taken)
        return taken

    def close(self) -> None:
        pass


class SimHeld:
    def __init__(self, fs: "SimFs") -> None:
        self.fs = fs

    def close(self) -> None:
        self.fs.held = False


class SimFs:
    """`agent.vault.fs.Fs` in memory. ``watcher`` is called after every call that changed something."""

    def __init__(self, files: dict[Path, bytes] | None = None, folders: tuple[Path, ...] = ()) -> None:
        self.folders: dict[Path, Folder] = {folder: Folder() for folder in folders}
        self.moves: list[tuple[Path, Path]] = []
        """Folders that were renamed, and may be back after a cut."""
        self.held = False
        self.watcher: Callable[[], None] | None = None
        self.faults: Callable[[str], None] | None = None
        for path, data in (files or {}).items():
            self.folders.setdefault(path.parent, Folder()).durable[path.name] = Inode(data)

    def before(self, call: str) -> None:
        if self.faults is not None:
            self.faults(call)

    def after(self) -> None:
        if self.watcher is not None:
            self.watcher()

    def _inode(self, path: Path) -> Inode:
        try:
            return self.folders[path.parent].now()[path.name]
        except KeyError:
            raise FileNotFoundError(errno.ENOENT, "No such file", str(path)) from None

    def make_folder(self, path: Path) -> None:
        self.before("make_folder")
        self.folders.setdefault(path, Folder())

    def names(self, path: Path) -> list[str]:
        self.before("names")
        return list(self.folders[path].now()) if path in self.folders else []

    def exists(self, path: Path) -> bool:
        self.before("exists")
        return path.parent in self.folders and path.name in self.folders[path.parent].now()

    def read(self, path: Path) -> bytes:
        self.before("read")
        return self._inode(path).now()

    def open_to_read(self, path: Path) -> SimSource:
        self.before("open_to_read")
        return SimSource(self._inode(path).now())

    def create(self, path: Path) -> SimFile:
        self.before("create")
        folder = self.folders[path.parent]
        if path.name in folder.now():
            raise FileExistsError(errno.EEXIST, "File exists", str(path))
        inode = Inode()
        folder.pending.append(("link", path.name, inode))
        self.after()
        return SimFile(self, inode)

    def open(self, path: Path) -> SimFile:
        self.before("open")
        return SimFile(self, self._inode(path))

    def rename(self, old: Path, new: Path) -> None:
        self.before("rename")
        assert old.parent == new.parent
        self.folders[old.parent].pending.append((f"rename {old.name}", new.name, self._inode(old)))
        self.after()

    def rename_folder(self, old: Path, new: Path) -> None:
        self.before("rename_folder")
        assert old.parent == new.parent
        if new in self.folders and self.remains(new):
            raise OSError(errno.ENOTEMPTY, "Directory not empty", str(new))
        self.folders = moved(self.folders, old, new)
        self.moves.append((old, new))
        self.after()

    def remove_folder(self, path: Path) -> None:
        self.before("remove_folder")
        if path not in self.folders:
            raise FileNotFoundError(errno.ENOENT, "No such file", str(path))
        if self.remains(path):
            raise OSError(errno.ENOTEMPTY, "Directory not empty", str(path))
        del self.folders[path]
        self.after()

    def remains(self, path: Path) -> bool:
        """Whether something is in a folder."""
        return bool(self.folders[path].now()) or any(other.parent == path for other in self.folders)

    def unlink(self, path: Path) -> None:
        self.before("unlink")
        self._inode(path)
        self.folders[path.parent].pending.append(("unlink", path.name, None))
        self.after()

    def sync_folder(self, path: Path) -> None:
        self.before("sync_folder")
        if path in self.folders:
            folder = self.folders[path]
            folder.durable, folder.pending = folder.now(), []
        self.moves = [(old, new) for old, new in self.moves if new.parent != path]
        self.after()

    def hold(self, path: Path) -> SimHeld:
        self.before("hold")
        if self.held:
            raise BlockingIOError(errno.EWOULDBLOCK, "held")
        self.held = True
        return SimHeld(self)

    def files(self) -> dict[Path, bytes]:
        """Return what a reader sees now."""
        return {
            path / name: inode.now() for path, folder in self.folders.items() for name, inode in folder.now().items()
        }

    def copy(self) -> "SimFs":
        """Return a disk with the same content, all of it flushed, held by nobody."""
        return SimFs(self.files(), tuple(self.folders))

    # -- cutting the power --

    def crash_states(self, dice: random.Random, samples: int) -> Iterator["SimFs"]:
        """Yield disks as a cut right now may leave them: the extremes first, then ``samples`` random ones."""
        for data in ("none", "all", "prefix"):
            for names in (0.0, 1.0):
                yield self._crashed(dice, data, names)
        for _ in range(samples):
            yield self._crashed(dice, "random", None)

    def _crashed(self, dice: random.Random, data: str, names: float | None) -> "SimFs":
        survivors: dict[int, bytes] = {}
        files = {}
        for path, folder in self.folders.items():
            kept = round((dice.random() if names is None else names) * len(folder.pending))
            for name, inode in apply_entries(folder.durable, folder.pending[:kept]).items():
                if id(inode) not in survivors:
                    survivors[id(inode)] = _survivor(inode, dice, data)
                files[path / name] = survivors[id(inode)]
        folders = {folder: Folder() for folder in self.folders}
        kept = round((dice.random() if names is None else names) * len(self.moves))
        for old, new in reversed(self.moves[kept:]):
            folders = moved(folders, new, old)
            files = moved(files, new, old)
        return SimFs(files, tuple(folders))


def _survivor(inode: Inode, dice: random.Random, how: str) -> bytes:
    if how == "random":
        how = dice.choice(("none", "all", "prefix", "pages"))
    if how == "none" or not inode.pending:
        return inode.durable
    if how == "all":
        return inode.now()
    if how == "prefix":
        whole = dice.randrange(len(inode.pending))
        offset, piece = inode.pending[whole]
        return apply_writes(inode.durable, [*inode.pending[:whole], (offset, piece[: dice.randrange(len(piece) + 1)])])
    new, old = inode.now(), inode.durable
    old = old + bytes(len(new) - len(old))
    pages = range(0, len(new), PAGE)
    return b"".join((new if dice.random() < 0.5 else old)[page : page + PAGE] for page in pages)
