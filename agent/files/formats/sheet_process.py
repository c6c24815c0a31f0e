"""Opens a workbook in a process of its own: ``python -m agent.files.formats.sheet_process``.

calamine lays a sheet out whole: one cell in the last row of a sheet ends the process for want of memory. So it has a
process with bounds of its own, which takes the file from standard input and answers with rows in JSON.
"""

import io
import json
import sys
from datetime import date, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

MOST_ROWS = 200_000
MOST_COLUMNS = 200
MOST_SHEETS = 40
MOST_SIGNS = 64 << 20
"""Of all cells together."""
MEMORY = 1 << 30
"""Bytes of this process."""
SECONDS = 20
"""Of the processor."""
_LONGEST = 10_000
"""Signs of one cell."""

TEXT, NUMBER, DAY = "t", "n", "d"
"""What stands before the text of a cell: a number shows no format, a day no order."""


def main() -> None:
    """Answer ``{"sheets": [[first row from 1, [[cell, …], …]], …]}`` or ``{"why": "locked" | "damaged" | "large"}``."""
    _bound()
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read())) as book:
            answer: dict[str, object] = {"sheets": _sheets(book)}
    except PasswordError:
        answer = {"why": "locked"}
    except _Large:
        answer = {"why": "large"}
    except (CalamineError, ValueError, OSError, IndexError):
        answer = {"why": "damaged"}
    sys.stdout.write(json.dumps(answer, ensure_ascii=True))
    sys.stdout.flush()


class _Large(Exception):
    """More than any statement has."""


def _bound() -> None:
    import contextlib
    import resource

    # no core: it would hold the file
    for what, most in ((resource.RLIMIT_CORE, 0), (resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_AS, MEMORY)):
        with contextlib.suppress(ValueError, OSError):  # a system that has not this bound, or a lower one
            resource.setrlimit(what, (most, most))


def _sheets(book: "CalamineWorkbook") -> list[tuple[int, list[list[str]]]]:
    from python_calamine import SheetTypeEnum

    sheets, signs = [], 0
    for at, about in enumerate(book.sheets_metadata):
        if at >= MOST_SHEETS:
            raise _Large
        if about.typ != SheetTypeEnum.WorkSheet:
            continue
        sheet = book.get_sheet_by_index(at)
        if sheet.start is None:
            continue
        if sheet.height > MOST_ROWS or sheet.width > MOST_COLUMNS:
            raise _Large
        rows = [[_cell(cell) for cell in row] for row in sheet.to_python()]
        signs += sum(len(cell) for row in rows for cell in row)
        if signs > MOST_SIGNS:
            raise _Large
        sheets.append((sheet.start[0] + 1, rows))
    return sheets


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return f"{TEXT}{value}"
    if isinstance(value, (int, float)):
        return f"{NUMBER}{value!r}"
    if isinstance(value, (datetime, date)):
        return f"{DAY}{value.isoformat()[:10]}"
    return f"{TEXT}{value}"[:_LONGEST]


if __name__ == "__main__":
    main()
