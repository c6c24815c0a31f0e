"""Reading a vault's newest state from its files. Reads only."""

from dataclasses import dataclass, field
from pathlib import Path

from agent.vault.changeset import DAY, Tables
from agent.vault.errors import VaultDamaged, VaultOlder, VaultUnreadable
from agent.vault.fs import Fs, reading
from agent.vault.journal import JournalReader, journal_name, journal_numbers
from agent.vault.keys import VaultKeys
from agent.vault.position import Position
from agent.vault.salvage import Loss, salvage
from agent.vault.snapshot import read_snapshot, snapshot_generation, snapshot_name


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
    loss: Loss | None = None
    """What is missing, when damaged files were passed over; None when nothing had to be."""
    day: str | None = None
    """The day (ISO, UTC) that was named last."""
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
        self.position, self.torn, self.day = reader.position, self.torn or reader.torn, reader.day or self.day


def load(fs: Fs, folder: Path, keys: VaultKeys) -> Loaded:
    """Return the newest generation's state. Raises `VaultDamaged`, `VaultNewer`, `VaultUnreadable`."""
    names = _names(fs, folder)
    generations = sorted(generation for name in names if (generation := snapshot_generation(name)) is not None)
    if not generations:
        raise VaultDamaged(part=snapshot_name(1))
    newest = max(generations[-1], *(numbers[0] for name in names if (numbers := journal_numbers(name))), 0)
    if newest != generations[-1]:  # a journal's snapshot is on the disk before it
        raise VaultDamaged(part=snapshot_name(newest))
    loaded = _snapshot(fs, folder, keys, newest)
    _replay_all(loaded, _journals(fs, folder, keys, names, newest))
    loaded.tables.pop(DAY, None)
    return loaded


def load_what_is_left(fs: Fs, folder: Path, keys: VaultKeys, seen: Position | None) -> Loaded:
    """As `load`, and when that cannot be, or ends before the mark ``seen``: all that can be proved, with the loss."""
    try:
        loaded = load(fs, folder, keys)
        check_fresh(loaded, seen)
        return loaded
    except (VaultDamaged, VaultUnreadable, VaultOlder):
        salvaged = salvage(fs, folder, keys, _names(fs, folder), seen)
    return Loaded(salvaged.tables, salvaged.position, salvaged.snapshot_size, loss=salvaged.loss)


def _names(fs: Fs, folder: Path) -> list[str]:
    with reading("vault"):
        return fs.names(folder)


def check_fresh(loaded: Loaded, seen: Position | None) -> None:
    """Raise `VaultOlder` when this machine has already seen another, or a later, state than was loaded."""
    if seen is None or loaded.position.generation > seen.generation:
        return
    chain = loaded.chains.get((seen.journal, seen.records), seen.chain)
    if not loaded.position.reached(seen) or chain != seen.chain:
        raise VaultOlder


def _snapshot(fs: Fs, folder: Path, keys: VaultKeys, generation: int) -> Loaded:
    tables, position, size, made = read_snapshot(fs, folder, keys, generation)
    return Loaded(tables, position, size, day=made[:10], chains={(0, 0): position.chain})


def _journals(fs: Fs, folder: Path, keys: VaultKeys, names: list[str], generation: int) -> list[JournalReader]:
    numbered = (journal_numbers(name) for name in names)
    numbers = sorted(numbers[1] for numbers in numbered if numbers and numbers[0] == generation)
    for expected, number in enumerate(numbers, start=1):
        if number != expected:
            raise VaultDamaged(part=journal_name(generation, expected))
    return [JournalReader(fs, folder, keys, generation, number) for number in numbers]


def _replay_all(loaded: Loaded, readers: list[JournalReader]) -> None:
    for index, reader in enumerate(readers, start=1):
        loaded.replay(reader, readers[index].after if index < len(readers) else None)
