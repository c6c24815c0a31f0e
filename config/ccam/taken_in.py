"""The tables that a person took in from the fund's files: read from the folder, each bounded and checked."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from config.ccam.table import Table
from config.tariff_folder import SUFFIX, kept_in

if TYPE_CHECKING:
    from pathlib import Path

MOST_PACKED = 8 << 20
"""Bytes of a table as it is kept."""
MOST_TEXT = 48 << 20
"""Bytes of its text."""
_GZIP = 31
"""What zlib calls a gzip file of any window."""


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What the folder holds."""

    tables: tuple[Table, ...]
    """Oldest first, by the last day of each."""
    damaged: tuple[Path, ...]
    """Files that are no tables any more."""


@cache
def taken_in() -> TakenIn:
    """The tables of the folder, read once."""
    folder = kept_in()
    tables, damaged = [], []
    for file in sorted(folder.glob(f"*{SUFFIX}")) if folder is not None else ():
        try:
            tables.append(unpack(file.read_bytes()))
        except (OSError, ValueError):
            damaged.append(file)
    return TakenIn(tuple(sorted(tables, key=lambda table: table.versions[-1].day)), tuple(damaged))


def unpack(packed: bytes) -> Table:
    """A table as it is kept. Raises ValueError where it is none, or too large."""
    if len(packed) > MOST_PACKED:
        raise ValueError("too large")
    reader = zlib.decompressobj(_GZIP)
    try:
        text = reader.decompress(packed, MOST_TEXT)
        if reader.unconsumed_tail or not reader.eof:
            raise ValueError("too large, or cut short")
        return Table(text.decode())
    except zlib.error as error:
        raise ValueError(str(error)) from error


def pack(text: str) -> bytes:
    """The text of a table as it is kept: the same text gives the same bytes."""
    writer = zlib.compressobj(9, zlib.DEFLATED, _GZIP)
    return writer.compress(text.encode()) + writer.flush()
