"""What is spoilt together, and the tests that ought to notice."""

from __future__ import annotations

from typing import NamedTuple


class Group(NamedTuple):
    """Files of the product and arguments for pytest."""

    files: tuple[str, ...]
    tests: tuple[str, ...]
    """The quickest first, where that matters: a mutant is done with at the first failure."""


GROUPS = {
    "vault": Group(
        ("agent/vault/journal.py", "agent/vault/loading.py"),
        ("tests/agent/vault", "--ignore=tests/agent/vault/test_kill.py", "--ignore=tests/agent/vault/test_fuzz.py")),
    "csv_file": Group(
        tuple(f"agent/files/formats/bank/{name}.py" for name in ("csv_file", "layout", "table")),
        ("tests/agent/files/formats/bank/test_one_more.py", "tests/agent/files/formats/bank",
         "tests/agent/files/imports/test_bank_file.py")),
    "outbox": Group(
        ("agent/requests/outbox.py",),
        ("tests/agent/requests/test_visit.py", "tests/agent/requests/test_taken_back_meanwhile.py",
         "tests/agent/requests/test_later_stages.py", "tests/agent/requests/test_outbox.py")),
    "sync/payments": Group(
        ("agent/sync/steps/payments.py", "agent/sync/steps/payments_plan.py"),
        ("tests/agent/sync/steps", "tests/agent/sync/test_sync.py")),
    "rules": Group(
        ("agent/rules/pricing/engine.py", "agent/rules/pricing/deductions.py"),
        ("tests/agent/rules/test_estimates_in_figures.py", "tests/agent/rules")),
    "scheduler/plan": Group(("agent/sync/scheduler/plan.py",), ("tests/agent/sync/scheduler",)),
}
"""A file that does not exist is left out."""
