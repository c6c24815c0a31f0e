"""What is wrong with the snapshots and journals of a vault: of the newest generation and those before it."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

from agent.vault.errors import VaultDamaged
from agent.vault.findings import Finding, Kind
from agent.vault.folder import generation_of
from agent.vault.journal import journal_name, journal_numbers
from agent.vault.position import Position
from agent.vault.proving import Prover
from agent.vault.snapshot import snapshot_name

Watch = Callable[[Kind, str], AbstractContextManager[list[Finding]]]
"""Around the reading of a file, of which it notes what is wrong."""


def wrong_in_generations(prover: Prover, names: list[str], place: Position, watch: Watch) -> Iterator[Finding]:
    """Read every snapshot and journal up to ``place``, in a folder of these ``names``."""
    yield from _wrong(prover, names, place.generation, place, watch)
    before = {number for name in names if (number := generation_of(name)) is not None and number < place.generation}
    if place.generation > 1:
        before.add(place.generation - 1)
    for generation in sorted(before):
        for finding in _wrong(prover, names, generation, None, watch):
            # Of generations that are no longer kept some files may be left: a cut came while they were removed.
            if finding.how != "missing" or generation == place.generation - 1:
                yield finding


def _wrong(
    prover: Prover, names: list[str], generation: int, end: Position | None, watch: Watch
) -> Iterator[Finding]:
    """One generation; ``end``: where it ends, None for a spare one, whose end the next snapshot tells."""
    spare = end is None
    place: Position | None = None
    if end is None:
        end = _told_by_next(prover, generation)
    with watch("spare" if spare else "snapshot", snapshot_name(generation)) as findings:
        place = prover.snapshot(generation).place
        if end is not None and not end.journal and end != place:
            raise VaultDamaged(part=snapshot_name(generation))
    yield from findings
    last = end.journal if end is not None else max(
        (numbers[1] for name in names if (numbers := journal_numbers(name)) and numbers[0] == generation), default=0)
    for number in range(1, last + 1):
        until = end if number == last else _told_by_journal(prover, generation, number + 1)
        before, place = place, None
        with watch("spare" if spare else "journal", journal_name(generation, number)) as findings:
            if before not in (None, prover.continues(generation, number)):
                raise VaultDamaged(part=journal_name(generation, number))
            place = prover.journal(generation, number, until)
        yield from findings


def _told_by_next(prover: Prover, generation: int) -> Position | None:
    """Where a generation ends, as the next snapshot says; None when that one is not there or says another."""
    try:
        after = prover.made_after(generation + 1)
    except (VaultDamaged, OSError):
        return None
    return after if after.generation == generation else None


def _told_by_journal(prover: Prover, generation: int, number: int) -> Position | None:
    try:
        after = prover.continues(generation, number)
    except (VaultDamaged, OSError):
        return None
    return after if (after.generation, after.journal) == (generation, number - 1) else None
