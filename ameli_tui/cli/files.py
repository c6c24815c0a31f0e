"""Writing a file the person asked for: their eyes only, whole or not at all, never over another by accident."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ameli_tui.cli.errors import CannotWrite, FileExists
from ameli_tui.i18n import _

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import IO

    from ameli_tui.cli.entry import Context


def add_out(parser: ArgumentParser, text: str = "") -> None:
    """Add the options that say where a file goes; ``text`` in place of the usual help."""
    parser.add_argument("--out", metavar="F", required=True, help=text or _("file to write; - is standard output"))
    parser.add_argument("--force", action="store_true", help=_("replace the file if it exists"))


def at_home(target: str) -> Path:
    """The path, ``~`` being the person's home; a home that nobody has is a name like any other."""
    try:
        return Path(target).expanduser()
    except RuntimeError:
        return Path(target)


def check_out(target: str, force: bool) -> None:
    """Refuse a target that exists before anything is fetched for it. Raises FileExists."""
    if target != "-" and not force and os.path.lexists(target):
        raise FileExists(path=target)


@contextmanager
def new_file(path: Path, force: bool) -> Iterator[IO[bytes]]:
    """Open a new file for ``path``, mode 0600, to be written whole. Raises FileExists unless ``force``, CannotWrite.

    It lies beside under another name until it is whole: whatever happens meanwhile, ``path`` is what it was or what it
    is to be.
    """
    if not force and os.path.lexists(path):
        raise FileExists(path=path)
    part = path.with_name(f".ameli-{os.urandom(4).hex()}.part")
    try:
        # O_EXCL follows no link that somebody has put there.
        fd = os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise CannotWrite(path=path, error=error) from error
    try:
        with os.fdopen(fd, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if force:
            part.replace(path)
        else:
            _place(part, path)
    except OSError as error:
        raise CannotWrite(path=path, error=error) from error
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


def deliver(context: Context, data: bytes, about: dict[str, Any]) -> None:
    """Hand over a file's bytes as ``--out`` says and answer where they went."""
    target = context.args.out
    if target == "-" and not context.out.as_json:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    path = at_home(target)
    write_file(path, data, context.args.force)
    answer = about | {"path": str(path), "bytes": len(data)}
    context.out.answer(answer, lambda: _("Written: {path} ({size} bytes)").format(path=path, size=len(data)))
