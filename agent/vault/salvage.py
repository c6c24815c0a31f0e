"""Opening a damaged vault: everything that can still be proved, and how much is missing.

What makes this safe
====================

A record says nothing relative: it holds whole rows, removals of rows, and whole tables emptied or dropped, never a
difference to what stood there before. So a record means the same whether or not those before it can be read, and none
has a ground that could be missing. The order of the records is known (generation, file, number: all authenticated),
so replaying those that decrypt, in order, gives each row its last *known* statement:

- A row whose last statement is readable, and behind which no record is missing, is as it was.
- A row that a missing record changed again shows the last readable value before or after it: outdated perhaps, but a
  value that this row really had.
- A row that a missing record removed shows again what it held before: it was true once, and is removed no more. A
  table that was emptied likewise.
- A row that only missing records told of is missing.

No value is ever mixed, guessed or moved: nothing is shown that was not once written as that row. Which of the rows
older than a hole are outdated cannot be told, so whoever keeps rows here must take them for outdated (see
`agent.store.loss`): what the service knows is read again in full.

A document's file belongs to the record that registers it: both are kept or missing together. A snapshot is one block:
a damaged one is passed over for the one before it, with all that one's records, which say the same; the first of all
snapshots is of nothing, so nothing is lost with it. Without any sound snapshot nothing is opened: most rows would be
missing.
"""

import contextlib
import errno
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from agent.vault import changeset
from agent.vault.errors import VaultDamaged, VaultUnreadable
from agent.vault.fs import Fs
from agent.vault.journal import journal_numbers
from agent.vault.keys import VaultKeys
from agent.vault.position import ORIGIN, Position
from agent.vault.recovered import Recovered, recover
from agent.vault.snapshot import read_places, read_snapshot, snapshot_generation, snapshot_name

Days = tuple[str | None, str | None]
"""First and last ISO day (UTC) within which something was written; None where nothing tells."""


@dataclass(slots=True)
class Loss:
    """What a salvaged vault lacks."""

    missing: int = 0
    """Records (one for each change that was kept) that cannot be read."""
    total: int = 0
    """Records that there should be since the snapshot that was opened."""
    exact: bool = True
    """False: at least so many are missing, nothing tells how many more."""
    days: list[Days] = field(default_factory=list)
    """When they were written, oldest first."""

    @property
    def any(self) -> bool:
        """Whether something is missing, or may be."""
        return self.missing > 0 or not self.exact


@dataclass(slots=True)
class Salvaged:
    """What could be read, and what not."""

    tables: changeset.Tables = field(repr=False)
    position: Position
    snapshot_size: int
    loss: Loss


def salvage(fs: Fs, folder: Path, keys: VaultKeys, names: list[str], seen: Position | None) -> Salvaged:
    """Return everything that can be proved. ``seen`` is the mark. Raises `VaultDamaged` when there is no ground."""
    generations = sorted(from_name for name in names if (from_name := snapshot_generation(name)) is not None)
    journals = sorted(numbers for name in names if (numbers := journal_numbers(name)))
    newest = max([*generations[-1:], *(generation for generation, _ in journals[-1:])], default=0)
    start, tables, size, made = _ground(fs, folder, keys, generations, journals, newest)
    count = _Count(seen, made)
    place = Position(start, 0, 0, ORIGIN.chain)
    for generation in range(start, newest + 1):
        files = {number: _recovered(fs, folder, keys, one, number) for one, number in journals if one == generation}
        ends = _ends(fs, folder, keys, generation, files, seen)
        for number in range(1, max([*ends, *files], default=0) + 1):
            file = files.get(number, Recovered(number))
            count.file(file, ends.get(number), tables)
            place = Position(generation, number, file.last, file.chains.get(file.last, ORIGIN.chain))
    if seen is not None and seen.generation > newest:
        count.unknown()
    tables.pop(changeset.DAY, None)
    return Salvaged(tables, Position(newest, place.journal, place.records, place.chain), size, count.loss())


def _ground(
    fs: Fs, folder: Path, keys: VaultKeys, generations: list[int], journals: list[tuple[int, int]], newest: int
) -> tuple[int, changeset.Tables, int, str | None]:
    """The newest sound snapshot: its generation, content, size, and the day it was made."""
    for generation in reversed(generations):
        with contextlib.suppress(VaultDamaged), _bad_sectors_as_damage(snapshot_name(generation)):
            tables, _, size, made = read_snapshot(fs, folder, keys, generation)
            return generation, tables, size, made[:10]
    if 1 in generations or any(generation == 1 for generation, _ in journals):
        return 1, {}, 0, None
    raise VaultDamaged(part=snapshot_name(newest))


def _recovered(fs: Fs, folder: Path, keys: VaultKeys, generation: int, number: int) -> Recovered:
    try:
        with _bad_sectors_as_damage(""):
            return recover(fs, folder, keys, generation, number)
    except VaultDamaged:
        return Recovered(number)


@contextlib.contextmanager
def _bad_sectors_as_damage(part: str) -> Iterator[None]:
    """A file that the disk itself can no longer read is damaged; one that we may not read is not."""
    try:
        yield
    except VaultUnreadable as error:
        if not isinstance(error.__cause__, OSError) or error.__cause__.errno not in (errno.EIO, errno.ENOENT):
            raise
        raise VaultDamaged(part=part) from error


def _ends(
    fs: Fs, folder: Path, keys: VaultKeys, generation: int, files: dict[int, Recovered], seen: Position | None
) -> dict[int, int]:
    """How many records count in each journal file of a generation, as far as others tell: the head of a file tells it
    of the one before, the next snapshot and the mark of the last one."""
    ends = {one.after.journal: one.after.records for one in files.values() if one.after and one.after.journal}
    if seen is not None and seen.generation == generation and seen.journal and seen.journal not in ends:
        ends[seen.journal] = max(seen.records, files[seen.journal].last if seen.journal in files else 0)
    with contextlib.suppress(VaultDamaged), _bad_sectors_as_damage(""):
        after = read_places(fs, folder, keys, generation + 1)
        if after.generation == generation and after.journal:
            ends[after.journal] = after.records
    return ends


class _Count:
    """Replays records in order and counts those that should be there."""

    def __init__(self, seen: Position | None, made: str | None) -> None:
        self._loss = Loss()
        self._unmarked = seen is None
        self._day = made
        self._open = False
        """Whether something is missing since the last record that could be dated."""

    def unknown(self) -> None:
        """Nothing tells how much there was."""
        self._loss.exact = False
        self._open = True

    def file(self, file: Recovered, end: int | None, tables: changeset.Tables) -> None:
        """Make the changes of one journal file of which ``end`` records count (None: all that are there)."""
        if end is None:
            end = file.last
            if file.leftover or not file.size:  # one record at least; nothing says how many more
                end += 1
                self.unknown()
        self._loss.total += end
        for number in range(1, end + 1):
            content = file.records.get(number)
            if content is None:
                self._loss.missing += 1
                self._open = True
                continue
            day = changeset.day_of(content)
            if day is not None:
                self._close(day)
                self._day = day
            changeset.decode_into(content, tables, "")

    def loss(self) -> Loss:
        """What it came to."""
        self._close(None)
        if self._loss.missing and self._unmarked:
            self._loss.exact = False  # the end may be missing too
        return self._loss

    def _close(self, day: str | None) -> None:
        if self._open and (self._day, day) not in self._loss.days:
            self._loss.days.append((self._day, day))
        self._open = False
