"""Reading a vault's newest state from its files. Reads only."""

from dataclasses import dataclass
from pathlib import Path

from agent.vault.changes import Tables
from agent.vault.errors import VaultDamaged, VaultOlder
from agent.vault.fs import Fs, reading
from agent.vault.journal import JournalReader, journal_name, journal_numbers
from agent.vault.keys import VaultKeys
from agent.vault.position import Position
from agent.vault.snapshot import read_snapshot, snapshot_generation, snapshot_name


@dataclass(slots=True)
class Loaded:
    """What was read: the tables, the place of the last transaction, sizes in bytes, and whether a record was cut."""

    tables: Tables
    position: Position
    snapshot_size: int
    journal_size: int
    torn: bool


def load(fs: Fs, folder: Path, keys: VaultKeys) -> Loaded:
    """Return the newest generation's state. Raises `VaultDamaged`, `VaultNewer`, `VaultUnreadable`."""
    with reading("vault"):
        names = fs.names(folder)
    generations = [found for name in names if (found := snapshot_generation(name)) is not None]
    if not generations:
        raise VaultDamaged(part=snapshot_name(1))
    generation = max(generations)
    tables, position, _, size = read_snapshot(fs, folder, keys, generation)
    files = _journals(fs, folder, keys, names, generation)
    torn = False
    if files and files[0].after != position:
        raise VaultDamaged(part=files[0].name)
    for index, reader in enumerate(files, start=1):
        reader.replay(tables, files[index].after if index < len(files) else None)
        position, torn = reader.position, torn or reader.torn
    return Loaded(tables, position, size, sum(reader.size for reader in files), torn)


def check_fresh(position: Position, seen: Position | None, *, accept_older: bool) -> None:
    """Raise `VaultOlder` when this machine has already seen a later state than ``position``."""
    if accept_older or seen is None:
        return
    if not position.reached(seen) or ((position.generation, position.journal, position.records) == (
        seen.generation, seen.journal, seen.records) and position.chain != seen.chain):  # fmt: skip
        raise VaultOlder


def _journals(fs: Fs, folder: Path, keys: VaultKeys, names: list[str], generation: int) -> list[JournalReader]:
    found = (journal_numbers(name) for name in names)
    numbers = sorted(numbers[1] for numbers in found if numbers and numbers[0] == generation)
    if numbers != list(range(1, len(numbers) + 1)):
        missing = next(n for n in range(1, len(numbers) + 1) if n not in numbers)
        raise VaultDamaged(part=journal_name(generation, missing))
    return [JournalReader(fs, folder, keys, generation, number) for number in numbers]
