"""How much processor time it takes to explain 100,000 acts, ledger included, against one plain pass over them.

    python -m tests.benchmarks.bench_explain
"""

import json
import time
from decimal import Decimal

from agent.core.memory import be_frugal
from agent.rules import TopUp
from agent.rules.explain import Explainer
from agent.rules.ledger import build_ledger
from tests.agent.rules.shapes import household

_ACTS = 100_000


def main() -> None:
    """Print seconds and the ratio to a pass that only reads the payments, in a process set up as the agent's is."""
    be_frugal()
    payments, persons = household(seed=1, years=10, payments=60_000)
    acts = sum(len(one["lines"]) for one in payments)
    while acts < _ACTS:
        more, _persons = household(seed=acts % 97, years=10, payments=60_000)
        payments += [{**one, "id": f"{one['id']}-{acts}"} for one in more]
        acts = sum(len(one["lines"]) for one in payments)
    text = json.dumps(payments)

    began = time.process_time()
    json.loads(text)
    plain = time.process_time() - began

    began = time.process_time()
    ledger = build_ledger(payments, persons)
    laid = time.process_time() - began

    began = time.process_time()
    explainer = Explainer(ledger, persons, top_up=TopUp(Decimal(100)))
    for one in payments:
        explainer.explain(one)
    explained = time.process_time() - began

    scale = _ACTS / acts
    print(f"{acts} acts: ledger {laid:.2f} s, explanations {explained:.2f} s, reading them {plain:.2f} s")
    print(f"per 100,000 acts: {(laid + explained) * scale:.2f} s, {(laid + explained) / plain:.1f} x reading them")


if __name__ == "__main__":
    main()
