"""How long each export of 10,000 payments takes and how large it is, against writing them as plain JSON.

    python -m tests.benchmarks.bench_exports
"""

import json
import resource
import time

from agent.files.exports import FORMATS, make
from tests.agent.files.exports.accounts import account
from tests.agent.rules.shapes import household

_PAYMENTS = 10_000


def main() -> None:
    """Print seconds, the ratio to plain JSON, megabytes, and what the process grew to."""
    payments, _persons = household(seed=1, years=10, payments=_PAYMENTS)
    one = account(payments[:_PAYMENTS])
    began = time.perf_counter()
    json.dumps(payments)
    plain = time.perf_counter() - began
    for name in FORMATS:
        began = time.perf_counter()
        size = len(make(name, one))
        took = time.perf_counter() - began
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(f"{name:10} {took:6.2f} s  {took / plain:6.1f} x JSON  {size / 1e6:6.1f} MB  (process {most} MB)")


if __name__ == "__main__":
    main()
