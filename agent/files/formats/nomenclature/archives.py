"""The fund's dBase files out of its archives or a folder, put side by side where a library can open them.

Only tables that are wanted are unpacked, under names of our own; what they hold is counted while unpacking.
"""

import lzma
import shutil
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import IO

from agent.files.formats.nomenclature.errors import damaged, too_large

_MOST_MEMBERS = 1_000
_MOST = 1 << 30
"""Bytes of all tables together."""
_PIECE = 1 << 20


def is_archive(path: Path) -> bool:
    """Whether a file is a ZIP with dBase tables in it."""
    try:
        with zipfile.ZipFile(path) as archive:
            return any(_table(name) for name in archive.namelist()[:_MOST_MEMBERS])
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError):
        return False


def gather(paths: Iterable[Path], wanted: frozenset[str], into: Path) -> dict[str, Path]:
    """The ``wanted`` tables of archives, folders and single files, by name: ``R_ACTE``. Raises Refusal."""
    left = _MOST
    tables: dict[str, Path] = {}
    for path in paths:
        if path.is_dir():
            singles = [(_table(file.name), file) for file in sorted(path.iterdir()) if file.is_file()]
        elif _table(path.name):
            singles = [(_table(path.name), path)]
        else:
            left = _unpack(path, wanted, into, left, tables)
            continue
        for name, file in singles:
            if name in wanted:
                left -= file.stat().st_size
                if left < 0:
                    raise too_large(_MOST)
                tables[name] = into / f"{name}.dbf"
                shutil.copyfile(file, tables[name])
    return tables


def _unpack(path: Path, wanted: frozenset[str], into: Path, left: int, tables: dict[str, Path]) -> int:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            if len(members) > _MOST_MEMBERS:
                raise too_large(_MOST)
            for member in members:
                name = _table(member.filename)
                if name in wanted and not member.is_dir():
                    tables[name] = into / f"{name}.dbf"
                    with archive.open(member) as file:
                        left = _copy(file, tables[name], left)
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError,
            RuntimeError):
        raise damaged() from None
    return left


def _copy(file: IO[bytes], target: Path, left: int) -> int:
    with target.open("wb") as out:
        while piece := file.read(_PIECE):
            left -= len(piece)
            if left < 0:
                raise too_large(_MOST)
            out.write(piece)
    return left


def _table(name: str) -> str:
    """``R_ACTE`` of ``CCAM/R_acte.DBF``; nothing for what is no dBase table."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return last[:-4].upper() if last.lower().endswith(".dbf") else ""
