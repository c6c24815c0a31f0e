"""Files whose commas part both the columns and the cents, without quotation marks: ``04/02/2026,CPAM,8,80``."""

import re
from collections.abc import Sequence

from agent.files.formats.bank.table import Row

_WHOLE = re.compile(r"[-+\u2212]?\s?\d{1,3}(?:[ \u00a0\u202f]?\d{3})*|[-+\u2212]?\d+")
_CENTS = re.compile(r"\d\d\s?-?")


def cents_apart(rows: Sequence[Row], width: int, money: Sequence[int]) -> list[Row] | None:
    """The rows with their cents put back; as they are when none is wider than the heads; None when it is not sure.

    ``width``: how many heads there are; ``money``: which of them are amounts.
    """
    wide = [row for row in rows if _filled(row) > width]
    if not wide:
        return list(rows)
    if len(wide) * 2 < len(rows):
        return list(rows)  # a comma in a few labels: those rows say so themselves
    joined = []
    for row in rows:
        cells = _joined(row.cells, money)
        if cells is None or len(cells) < width or any(cell.strip() for cell in cells[width:]):
            return list(rows) if not _has_cents_apart(wide, money) else None
        joined.append(Row(row.number, cells[:width]))
    return joined


def _filled(row: Row) -> int:
    """How many cells a row has, without empty ones at its end."""
    return next((at for at in range(len(row.cells), 0, -1) if row.cells[at - 1].strip()), 0)


def _joined(cells: Sequence[str], money: Sequence[int]) -> list[str] | None:
    """The cells of one row, each amount put together with its cents; None when an amount has none."""
    made: list[str] = []
    rest = list(cells)
    while rest:
        cell = rest.pop(0)
        if len(made) in money and cell.strip():
            if not rest or not _WHOLE.fullmatch(cell.strip()) or not _CENTS.fullmatch(rest[0].strip()):
                return None
            cell = f"{cell.strip()},{rest.pop(0).strip()}"
        made.append(cell)
    return made


def _has_cents_apart(rows: Sequence[Row], money: Sequence[int]) -> bool:
    """Whether some row shows a whole number where an amount should be, and two digits after it."""
    return any(at + 1 < len(row.cells) and _WHOLE.fullmatch(row.cells[at].strip())
               and _CENTS.fullmatch(row.cells[at + 1].strip()) for row in rows for at in money)
