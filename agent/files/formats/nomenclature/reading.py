"""Files of the fund's table, told apart and read: a sheet alone, or the dBase archives of one version together."""

import re
import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from agent.errors.system_errors import reading_cure, why
from agent.files.formats.nomenclature.archives import gather, is_archive
from agent.files.formats.nomenclature.checks import packed
from agent.files.formats.nomenclature.dbase import HELPFUL, WANTED, read_dbase
from agent.files.formats.nomenclature.errors import Refusal, too_large
from agent.files.formats.nomenclature.official_sheet import read_sheet
from agent.files.formats.nomenclature.parsed import Parsed
from agent.files.formats.nomenclature.sheet import rows_of

MOST_SHEET = 64 << 20
"""Bytes of a sheet's file."""
_ARCHIVE = re.compile(r"CCAM0*([0-9]{1,3})00(?![0-9])", re.IGNORECASE)
_NUMBERED = re.compile(r"(?<![0-9A-Z])V0*([0-9]{1,3})(?![0-9])", re.IGNORECASE)


def read(paths: Sequence[Path], day: date | None) -> tuple[Parsed, bytes]:
    """The version in these files, and the table as it is kept. Raises Refusal."""
    parsed = _dbase(paths) if any(_is_dbase(path) for path in paths) else _sheet(paths, day)
    return parsed, packed(parsed)


def _is_dbase(path: Path) -> bool:
    return path.is_dir() or path.suffix.lower() == ".dbf" or is_archive(path)


def _sheet(paths: Sequence[Path], day: date | None) -> Parsed:
    if len(paths) != 1:
        raise Refusal(
            "plusieurs feuilles à la fois", "several sheets at once", "Donnez une version à la fois",
            "Give one version at a time")
    try:
        with paths[0].open("rb") as file:
            data = file.read(MOST_SHEET + 1)
    except OSError as error:
        raise _unreadable(error) from None
    if len(data) > MOST_SHEET:
        raise too_large(MOST_SHEET)
    return read_sheet(rows_of(data), paths[0].name, day)


def _dbase(paths: Sequence[Path]) -> Parsed:
    named = (_ARCHIVE.search(path.name) or _NUMBERED.search(path.name) for path in paths)
    versions = {name[1] for name in named if name is not None}
    if len(versions) != 1:
        raise Refusal(
            "les noms des fichiers ne disent pas une seule version", "the names of the files tell no single version",
            "Gardez les noms d'ameli.fr, CCAM08400_DBF_PART1.zip ; un dossier peut s'appeler CCAM_V84",
            "Keep the names of ameli.fr, CCAM08400_DBF_PART1.zip; a folder may be called CCAM_V84")
    with tempfile.TemporaryDirectory(prefix="ameli-ccam-") as folder:
        try:
            return read_dbase(gather(paths, WANTED | HELPFUL, Path(folder)), versions.pop())
        except OSError as error:
            raise _unreadable(error) from None


def _unreadable(error: OSError) -> Refusal:
    (why_fr, why_en), (do_fr, do_en) = why(error), reading_cure(error)
    return Refusal(
        f"il ne peut pas être lu ({why_fr})", f"it cannot be read ({why_en})", do_fr.rstrip("."), do_en.rstrip("."))
