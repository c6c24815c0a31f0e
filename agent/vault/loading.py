"""Reading a vault's newest state from its files. Reads only."""

import contextlib
from dataclasses import dataclass, field
from pathlib import Path

from agent.vault.changes import Tables
from agent.vault.errors import VaultDamaged, VaultOlder
from agent.vault.fs import Fs, reading
from agent.vault.journal import JournalReader, journal_name, journal_numbers
from agent.vault.keys import VaultKeys
from agent.vault.position import Position
from agent.vault.snapshot import read_places, read_snapshot, snapshot_generation, snapshot_name


@dataclass(slots=True)
class Loaded:
    """What was read, and how far it reaches."""

    tables: Tables = field(repr=False)  # a traceback that prints it must not print the data
    position: Position
    snapshot_size: int
    """In bytes, as the next."""
    journal_size: int = 0
    torn: bool = False
    """Whether the last record was cut by a power failure: it had not been acknowledged."""
    salvaged: bool = False
    """Whether damaged files were passed over: the newest state that the others prove."""
    chains: dict[tuple[int, int], bytes] = field(default_factory=dict)
    """The chain value after each record of this generation, by journal and record number."""

    def replay(self, reader: JournalReader, until: Position | None) -> None:
        """Add a journal's changes. Raises `VaultDamaged`; the records before the damage are added then."""
        if reader.after != self.position:
            raise VaultDamaged(part=reader.name)
        self.journal_size += reader.size
        for position in reader.replay(self.tables, until):
            self.position = position
            self.chains[position.journal, position.records] = position.chain
        self.position, self.torn = reader.position, self.torn or reader.torn


def load(fs: Fs, folder: Path, keys: VaultKeys, *, salvage: bool = False) -> Loaded:
    """Return the newest generation's state.

    ``salvage``: instead of refusing damaged files, return the newest state that the undamaged ones prove. Raises
    `VaultDamaged`, `VaultNewer`, `VaultUnreadable`.
    """
    with reading("vault"):
        names = fs.names(folder)
    generations = sorted(found for name in names if (found := snapshot_generation(name)) is not None)
    if not generations:
        raise VaultDamaged(part=snapshot_name(1))
    newest = max(generations[-1], *(numbers[0] for name in names if (numbers := journal_numbers(name))), 0)
    try:
        if newest != generations[-1]:  # a journal's snapshot is on the disk before it
            raise VaultDamaged(part=snapshot_name(newest))
        loaded = _snapshot(fs, folder, keys, newest)
        _replay_all(loaded, _journals(fs, folder, keys, names, newest))
        return loaded
    except VaultDamaged:
        if not salvage:
            raise
    return _salvage(fs, folder, keys, names, generations, newest)


def check_fresh(loaded: Loaded, seen: Position | None) -> None:
    """Raise `VaultOlder` when this machine has already seen another, or a later, state than was loaded."""
    if seen is None or loaded.position.generation > seen.generation:
        return
    known = loaded.chains.get((seen.journal, seen.records), seen.chain)
    if not loaded.position.reached(seen) or known != seen.chain:
        raise VaultOlder


def _snapshot(fs: Fs, folder: Path, keys: VaultKeys, generation: int) -> Loaded:
    tables, position, size = read_snapshot(fs, folder, keys, generation)
    return Loaded(tables, position, size, chains={(0, 0): position.chain})


def _journals(fs: Fs, folder: Path, keys: VaultKeys, names: list[str], generation: int) -> list[JournalReader]:
    found = (journal_numbers(name) for name in names)
    numbers = sorted(numbers[1] for numbers in found if numbers and numbers[0] == generation)
    for expected, number in enumerate(numbers, start=1):
        if number != expected:
            raise VaultDamaged(part=journal_name(generation, expected))
    return [JournalReader(fs, folder, keys, generation, number) for number in numbers]


def _replay_all(loaded: Loaded, readers: list[JournalReader]) -> None:
    for index, reader in enumerate(readers, start=1):
        loaded.replay(reader, readers[index].after if index < len(readers) else None)


def _salvage(fs: Fs, folder: Path, keys: VaultKeys, names: list[str], generations: list[int], newest: int) -> Loaded:
    """Begin at the newest sound snapshot and go on as far as the journals are sound, into later generations too.

    A snapshot says the same as the one before it and all that one's journals: so one with a sound head loses nothing.
    """
    loaded: Loaded | None = None
    for start in reversed(generations):
        with contextlib.suppress(VaultDamaged):
            loaded = _snapshot(fs, folder, keys, start)
            break
    if loaded is None:
        raise VaultDamaged(part=snapshot_name(newest))
    with contextlib.suppress(VaultDamaged):
        for generation in range(loaded.position.generation, newest + 1):
            if generation > loaded.position.generation:
                if snapshot_name(generation) not in names:
                    break
                here, after = read_places(fs, folder, keys, generation)
                if after != loaded.position:
                    break
                loaded.position = here
            _replay_all(loaded, _journals(fs, folder, keys, names, generation))
    loaded.salvaged = True
    loaded.position = Position(newest, loaded.position.journal, loaded.position.records, loaded.position.chain)
    return loaded
