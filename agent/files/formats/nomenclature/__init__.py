"""The fund's table of technical acts as it is published for download, read by a process of its own.

The files are sheets (``official_sheet``) or dBase archives (``dbase``). What is read is held against the table that
comes with the program (``checks``) and packed as ``config.ccam`` keeps it.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import msgspec

from agent.files.formats.nomenclature.errors import BadNomenclature
from config.python_process import python_command, python_environment

_PATIENCE_S = 900
"""The dBase files hold a million prices, half a minute's reading on an ordinary machine."""


class About(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A version of the fund's table, as the process that read it tells it."""

    version: str
    day: date
    kind: str
    """``sheet`` or ``dbase``."""
    acts: int
    words: int
    unread: tuple[tuple[int, str, str], ...]
    """Rows that could not be read: number, and why in French and English."""


class Nomenclature(About, frozen=True):
    """A version of the fund's table, read and checked."""

    table: bytes
    """As it is kept."""


class _Why(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    why_fr: str
    why_en: str
    do_fr: str
    do_en: str


class _Refused(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    refusal: _Why


def read_files(paths: Sequence[Path], day: date | None = None) -> Nomenclature:
    """Read the files of one version. ``day``: its first day, where a sheet does not tell it. Raises BadNomenclature."""
    name = paths[0].name if len(paths) == 1 else f"{paths[0].name}…"
    command = python_command(__name__, day.isoformat() if day else "", *(str(path.absolute()) for path in paths))
    try:
        done = subprocess.run(  # noqa: S603 - our own module
            command, stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=_PATIENCE_S,
            env=python_environment(os.environ))
        line, _, table = done.stdout.partition(b"\n")
        if line.startswith(b'{"refusal"'):
            why = msgspec.json.decode(line, type=_Refused).refusal
            raise BadNomenclature(
                name=name, why_fr=why.why_fr, why_en=why.why_en, do_fr=why.do_fr, do_en=why.do_en)
        about = msgspec.json.decode(line, type=About)
    except (subprocess.TimeoutExpired, msgspec.DecodeError, msgspec.ValidationError) as error:
        raise BadNomenclature(
            name=name, why_fr="sa lecture n'a pas abouti", why_en="reading it did not come to an end",
            do_fr="Reprenez le fichier de la page CCAM d'ameli.fr",
            do_en="Take the file of the CCAM page of ameli.fr once more") from error
    return Nomenclature(**msgspec.structs.asdict(about), table=table)
