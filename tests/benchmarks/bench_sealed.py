"""What sealing costs: ``python -m tests.benchmarks.bench_sealed [--payments N] [--size N]``.

N new payments sealed in rounds of ``size``, then opened and applied, beside applying the same batches directly; on the
real disk, flushes included, in alternation, medians. 10,000 payments are known before. The goal of the ratio is 1.5.
"""

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

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


def timed(work: Callable[[], object]) -> float:
    """Milliseconds that pass."""
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def measure(before: Sequence[Batch], told: Sequence[Batch]) -> tuple[float, float, float, int]:
    """Milliseconds to seal, to open and apply, to apply directly; and bytes on the disk."""
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
    sealing, opening, direct, size = (statistics.median(times) for times in zip(*runs, strict=True))
    print(f"{given.payments} payments in rounds of {given.size}: seal {sealing:.1f} ms, {size / 1024:.0f} KiB; open and"
          f" apply {opening:.1f} ms, apply directly {direct:.1f} ms, ratio {opening / direct:.2f}")


if __name__ == "__main__":
    main()
