"""A small file replaced as a whole: it is what it was, or what it is to be, whatever happens meanwhile."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path


def replace_file(path: Path, data: bytes) -> None:
    """Write ``data`` to ``path`` for its owner alone, making its folder when there is none. Raises OSError.

    Where ``path`` is a link, the file that it leads to is written and the link stays. Something that is no regular
    file is not replaced. Nothing else is left behind when it fails.
    """
    target = Path(os.path.realpath(path))
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    _check(target)
    part = target.with_name(f".{target.name}-{os.urandom(4).hex()}.new")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _check(target: Path) -> None:
    try:
        mode = os.lstat(target).st_mode
    except FileNotFoundError:
        return
    if stat.S_ISLNK(mode):
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(target))
    if not stat.S_ISREG(mode):
        raise OSError(errno.EINVAL, "it is not a regular file", str(target))
