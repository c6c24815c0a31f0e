"""Writing a file the person asked for: their eyes only, whole or not at all, never over another by accident."""

from __future__ import annotations

import os
import stat
from contextlib import contextmanager
from pathlib import Path

from ameli_tui.files.errors import CannotWrite, FileExists, NotAFile

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import IO


def check_target(path: Path, force: bool) -> None:
    """Refuse to write where something lies that is no regular file, or unless ``force`` where anything lies.

    Raises NotAFile for a folder, link, pipe, socket or device, whether forced or not; FileExists.
    """
    try:
        mode = os.lstat(path).st_mode
    except OSError:
        return  # nothing there that can be seen: writing it tells the rest
    if not stat.S_ISREG(mode):
        raise _not_a_file(path, mode)
    if not force:
        raise FileExists(path=path)


def _not_a_file(path: Path, mode: int) -> NotAFile:
    cures = ("Choisissez un autre nom.", "Choose another name.")
    if stat.S_ISDIR(mode):
        kinds = ("un dossier", "a folder")
        cures = ("Ajoutez un nom de fichier après celui du dossier.", "Add a file name after that of the folder.")
    elif stat.S_ISLNK(mode):
        kinds = ("un lien", "a link")
        leads = os.path.realpath(path)
        if os.path.isfile(leads):  # noqa: PTH113 - False, not an error, where forbidden
            cures = (f"Donnez le nom du fichier où il mène : {leads}", f"Name the file that it leads to: {leads}")
    elif stat.S_ISFIFO(mode):
        kinds = ("un tube", "a pipe")
    elif stat.S_ISSOCK(mode):
        kinds = ("une prise (socket)", "a socket")
    else:
        kinds = ("un périphérique", "a device")
    if not (stat.S_ISDIR(mode) or stat.S_ISLNK(mode)):
        cures = ("Écrivez sur la sortie standard : --out - > FICHIER.", "Write to standard output: --out - > FILE.")
    return NotAFile(path=path, kind_fr=kinds[0], kind_en=kinds[1], cure_fr=cures[0], cure_en=cures[1])


@contextmanager
def new_file(path: Path, force: bool) -> Iterator[IO[bytes]]:
    """Open a new file for ``path``, mode 0600, to be written whole. Raises FileExists unless ``force``; NotAFile where
    something else than a regular file lies; CannotWrite.

    It lies beside under another name until it is whole: whatever happens meanwhile, ``path`` is what it was or what it
    is to be.
    """
    check_target(path, force)
    part = path.with_name(f".ameli-{os.urandom(4).hex()}.part")
    try:
        # O_EXCL follows no link that somebody has put there.
        fd = os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise CannotWrite(path=path, reason=error) from error
    try:
        with os.fdopen(fd, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if force:
            check_target(path, force)  # what came there meanwhile is not replaced either
            part.replace(path)
        else:
            _place(part, path)
    except OSError as error:
        raise CannotWrite(path=path, reason=error) from error
    finally:
        part.unlink(missing_ok=True)


def _place(part: Path, path: Path) -> None:
    """Give a file its name unless something has taken it meanwhile. Raises FileExists."""
    try:
        path.hardlink_to(part)  # unlike a rename it takes no name that is taken
    except FileExistsError as error:
        raise FileExists(path=path) from error
    except OSError as error:  # a file system without links, as of memory sticks
        if os.path.lexists(path):
            raise FileExists(path=path) from error
        part.replace(path)


def write_file(path: Path, data: bytes, force: bool) -> None:
    """Write ``data`` to ``path`` as ``new_file`` does. Raises FileExists unless ``force``, and CannotWrite."""
    with new_file(path, force) as file:
        file.write(data)
