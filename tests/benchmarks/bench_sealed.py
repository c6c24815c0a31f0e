"""What sealing costs: ``python -m tests.benchmarks.bench_sealed [--payments N] [--size N]``.

N new payments sealed in rounds of ``size``, then opened and applied, beside applying the same batches directly, in
alternation: milliseconds of processor time (medians), and in brackets those that pass (the least, flushes of the real
disk included). 10,000 payments are known before. The goal of the ratio is 1.5.
"""

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from agent.account.batch import Batch
from agent.store import Store
from agent.store.apply import apply
from agent.vault.fs import RealFs
from agent.vault.inbox import Inbox
from agent.watch.merging import merge
from agent.watch.sealing import Sealer, begin_epoch
from tests.agent.store.helpers import new_vault, reopen
from tests.benchmarks.bench_apply import batches
from tests.benchmarks.bench_filter import invent

_RUNS = 5


class Cost(NamedTuple):
    """Milliseconds."""

    processor: float
    passed: float


def timed(work: Callable[[], object]) -> Cost:
    """What doing it costs."""
    processor, passed = time.process_time(), time.perf_counter()
    work()
    return Cost((time.process_time() - processor) * 1000, (time.perf_counter() - passed) * 1000)


def shown(costs: Sequence[Cost]) -> str:
    """The costs of several runs, in short."""
    median, least = statistics.median(cost.processor for cost in costs), min(cost.passed for cost in costs)
    return f"{median:.1f} ({least:.1f}) ms"


def measure(before: Sequence[Batch], told: Sequence[Batch]) -> tuple[Cost, Cost, Cost, int]:
    """What it costs to seal, to open and apply, to apply directly; and bytes on the disk."""
    folder = Path(tempfile.mkdtemp()) / "vault"
    vault = new_vault(folder)
    for batch in before:
        apply(Store(vault), batch)
    sealer = Sealer(begin_epoch(vault, Store(vault)), Inbox(RealFs(), folder), os.urandom)
    sealing = timed(lambda: [sealer.seal([batch]) for batch in told])
    size = sum(path.stat().st_size for path in (folder / "inbox").iterdir())
    vault = reopen(vault, folder)
    store = Store(vault)
    _ = store.payments.index
    opening = timed(lambda: merge(vault, store))
    assert len(store.payments) == sum(len(batch.payments) for batch in (*before, *told))
    vault.lock()

    folder = Path(tempfile.mkdtemp()) / "vault"
    vault = new_vault(folder)
    for batch in before:
        apply(Store(vault), batch)
    vault = reopen(vault, folder)
    store = Store(vault)
    _ = store.payments.index
    direct = timed(lambda: [apply(store, batch) for batch in told])
    vault.lock()
    return sealing, opening, direct, size


def main() -> None:
    """Measure and print medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--payments", type=int, default=1_000)
    parser.add_argument("--size", type=int, default=25)
    given = parser.parse_args()
    payments = invent(10_000 + given.payments)
    before = batches(payments[given.payments:], 1_000)
    runs = [measure(before, batches(payments[:given.payments], given.size)) for _ in range(_RUNS)]
    sealing, opening, direct = [run[0] for run in runs], [run[1] for run in runs], [run[2] for run in runs]
    ratio = statistics.median(ours.processor / theirs.processor for ours, theirs in zip(opening, direct, strict=True))
    passed = min(cost.passed for cost in opening) / min(cost.passed for cost in direct)
    print(f"{given.payments} payments in rounds of {given.size}: seal {shown(sealing)}, {runs[0][3] / 1024:.0f} KiB;"
          f" open and apply {shown(opening)}, apply directly {shown(direct)}, ratio {ratio:.2f} ({passed:.2f})")


if __name__ == "__main__":
    main()
