"""What the one writer costs: ``python -m tests.benchmarks.bench_apply [--payments N]``.

``apply`` of N payments, in one batch and in batches of 25, beside putting the same finished records into the vault's
table; then the same with a statement's word on each, which makes equals be looked for. Ratios, of processor time.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from agent.account import Payment
from agent.account.batch import Batch, PaymentRead
from agent.store import Store
from agent.store.apply import apply
from tests.agent.store.helpers import new_store
from tests.benchmarks.bench_filter import invent

_AT = "2026-11-23T12:00:00.000000+00:00"
_RUNS = 9


def timed(work: Callable[[], object]) -> float:
    """Milliseconds of processor time."""
    start = time.process_time()
    work()
    return (time.process_time() - start) * 1000


def fresh() -> Store:
    """A store over a new vault, which opens in a moment."""
    return new_store(Path(tempfile.mkdtemp()) / "vault")


def batches(payments: list[Payment], size: int, *, papers: bool = False) -> list[Batch]:
    """The payments as a sync brings them, or as statements print them."""
    reads = [PaymentRead(payment=msgspec.structs.replace(payment, id="") if papers else payment, ranked=not papers,
                         number=number) for number, payment in enumerate(payments)]
    return [Batch(way="statement" if papers else "sync", source="paper" if papers else "", at=_AT,
                  payments=tuple(reads[at:at + size])) for at in range(0, len(reads), size)]


def put(records: list[tuple[str, object]], size: int) -> float:
    """The same records put into the table, as the floor."""
    store = fresh()

    def write() -> None:
        for at in range(0, len(records), size):
            with store.step():
                for key, record in records[at:at + size]:
                    store.vault.db.table("payments").put(key, record)

    return timed(write)


def measure(payments: list[Payment], size: int, *, papers: bool) -> tuple[float, float]:
    """Apply in batches of ``size``, and the floor beside it."""
    store, told = fresh(), batches(payments, size, papers=papers)
    cost = timed(lambda: [apply(store, batch) for batch in told])
    return cost, put(list(store.payments.table.items()), size)


def main() -> None:
    """Measure in alternation and print medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--payments", type=int, default=1_000)
    payments = invent(parser.parse_args().payments)
    for papers in (False, True):
        for size in (len(payments), 25):
            pairs = [measure(payments, size, papers=papers) for _ in range(_RUNS)]
            applied, floor = (statistics.median(one) for one in zip(*pairs, strict=True))
            print(f"{'statements' if papers else 'sync':>10}, batches of {size:>5}: apply {applied:7.1f} ms,"
                  f" bare puts {floor:7.1f} ms, ratio {applied / floor:.2f}")


if __name__ == "__main__":
    main()
