"""The rows of a table made of cells: Excel old or new, or CSV in any of its usual forms. Bounded before it is read."""

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterable

from agent.files.formats.nomenclature.errors import Refusal, damaged, too_large

MOST_ROWS, MOST_COLUMNS = 200_000, 40
"""The fund's table has some 33,000 rows of 11 columns."""
_MOST_UNPACKED = 256 << 20
"""Bytes of a workbook's parts, counted while unpacking: the sizes it announces are not believed."""
_MOST_PARTS = 2_000
_ZIP, _OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CELL = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,9})"')
_PIECE = 1 << 20
_SAMPLE = 20_000
"""Characters from which the mark between columns is told."""

Row = list[str]


def rows_of(data: bytes) -> list[Row]:
    """The rows of the first sheet, every cell as text; numbers as Python writes them. Raises Refusal."""
    if data.startswith(_ZIP):
        _check_workbook(data)
        return _workbook(data)
    if data.startswith(_OLD_EXCEL):
        return _workbook(data)
    return _text(data)


def _workbook(data: bytes) -> list[Row]:
    import python_calamine  # Rust: whoever reads no workbook does not load it

    try:
        with python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            if not book.sheet_names:
                raise damaged()
            sheet = book.get_sheet_by_index(0)
            if sheet.total_height > MOST_ROWS or sheet.total_width > MOST_COLUMNS:
                raise _too_wide()
            return [[str(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    except python_calamine.PasswordError:
        raise Refusal("il est protégé par mot de passe", "it is locked by a password") from None
    except (python_calamine.CalamineError, OSError, ValueError):
        raise damaged() from None


def _check_workbook(data: bytes) -> None:
    """Refuse what would fill the memory: too many bytes unpacked, or a cell far off, as all before it are made too."""
    left = _MOST_UNPACKED
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if len(parts) > _MOST_PARTS:
                raise too_large(_MOST_UNPACKED)
            for part in parts:
                with archive.open(part) as file:
                    before = b""
                    while piece := file.read(_PIECE):
                        left -= len(piece)
                        if left < 0:
                            raise too_large(_MOST_UNPACKED)
                        if part.filename.startswith("xl/worksheets/"):
                            _check_cells(_CELL.findall(before + piece))
                        before = piece[-40:]
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError):
        raise damaged() from None


def _check_cells(cells: Iterable[tuple[bytes, bytes]]) -> None:
    for letters, row in cells:
        column = 0
        for letter in letters:
            column = column * 26 + letter - ord("A") + 1
        if column > MOST_COLUMNS or int(row) > MOST_ROWS:
            raise _too_wide()


def _text(data: bytes) -> list[Row]:
    if b"\0" in data[:_SAMPLE]:
        raise Refusal(
            "ce n'est ni un classeur Excel, ni un CSV, ni une base dBase de la CCAM",
            "it is no Excel workbook, CSV or dBase table of the CCAM")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    mark = max(";,\t", key=text[:_SAMPLE].count)
    rows: list[Row] = []
    try:
        for row in csv.reader(io.StringIO(text), delimiter=mark):
            rows.append(row[:MOST_COLUMNS])
            if len(rows) > MOST_ROWS:
                raise _too_wide()
    except csv.Error:
        raise damaged() from None
    return rows


def _too_wide() -> Refusal:
    return Refusal(
        f"il a plus de {MOST_ROWS} lignes ou {MOST_COLUMNS} colonnes, ce n'est pas la table de la CCAM",
        f"it has more than {MOST_ROWS} rows or {MOST_COLUMNS} columns, which is not the table of the CCAM")
