"""Columns of repeated values, and masks over them: what makes a search of 100,000 payments a matter of milliseconds.

A column keeps every distinct value once and one small number per row. A question is asked once per distinct value and
spread over the rows in C. A mask is ``bytes`` with one 0 or 1 per row.
"""

from array import array
from collections.abc import Callable, Iterable, Sequence
from operator import itemgetter

_BYTE = 256


class Column:
    """The values of one field for all rows, each distinct value kept once."""

    def __init__(self) -> None:
        self.values: list[str] = []
        self._numbers: dict[str, int] = {}
        # One byte per row while that is enough: bytes.translate answers in microseconds what a loop does in 4 ms.
        self._rows: bytearray | array[int] = bytearray()
        self._gather: Callable[[bytes], Iterable[int]] | None = None

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, row: int) -> str:
        return self.values[self._rows[row]]

    def number(self, value: str) -> int:
        """The number of ``value``, given now when it is new."""
        number = self._numbers.get(value)
        if number is not None:
            return number
        self._numbers[value] = fresh = len(self.values)
        self.values.append(value)
        if fresh == _BYTE:
            self._rows = array("I", list(self._rows))
        return fresh

    def insert(self, row: int, value: str) -> None:
        """Put ``value`` before the row numbered ``row``."""
        number = self.number(value)
        self._rows.insert(row, number)
        self._gather = None

    def reorder(self, order: Sequence[int]) -> None:
        """Put the rows in the order of these row numbers."""
        rows = self._rows
        moved = map(rows.__getitem__, order)
        self._rows = bytearray(moved) if isinstance(rows, bytearray) else array("I", moved)
        self._gather = None

    def replace(self, row: int, value: str) -> None:
        """Set the value of a row."""
        number = self.number(value)
        self._rows[row] = number
        self._gather = None

    def remove(self, row: int) -> None:
        """Take a row out; the rows after it move up."""
        del self._rows[row]
        self._gather = None

    def containing(self, word: str) -> bytes | None:
        """The rows whose value contains ``word``; ``None`` when none does."""
        return self._spread(word in value for value in self.values)

    def mask(self, test: Callable[[str], bool]) -> bytes | None:
        """The rows whose value passes ``test``; ``None`` when none does."""
        return self._spread(map(test, self.values))

    def _spread(self, answers: Iterable[bool]) -> bytes | None:
        flags = bytes(answers)
        if 1 not in flags:
            return None
        if isinstance(self._rows, bytearray):
            return bytes(self._rows.translate(flags.ljust(_BYTE, b"\0")))
        if self._gather is None:
            # One C call for all rows: 1.3 ms for 100,000, a third of the loop.
            self._gather = itemgetter(*self._rows)
        return bytes(self._gather(flags))


def both(first: bytes, second: bytes) -> bytes:
    """Rows in both masks (of equal length)."""
    return (int.from_bytes(first, "little") & int.from_bytes(second, "little")).to_bytes(len(first), "little")


def either(first: bytes | None, second: bytes | None) -> bytes | None:
    """Rows in one mask or the other; ``None`` stands for no row at all."""
    if first is None or second is None:
        return first or second
    return (int.from_bytes(first, "little") | int.from_bytes(second, "little")).to_bytes(len(first), "little")
