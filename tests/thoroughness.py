"""How much of a large test the fast set does: a few of its cases or examples, where the slow tests do all of them.

``pytest`` runs the fast set; ``pytest -m 'slow or not slow'`` runs everything, and every property in full.
"""

from collections.abc import Iterable

import pytest
from hypothesis import HealthCheck, settings

_FEW, _ALL = 20, 100
_LEAST = 5
"""Examples that a property tries at least."""

# How long an example takes says how busy the machine is, not whether the program is right.
for _name, _count in (("few", _FEW), ("all", _ALL)):
    settings.register_profile(_name, deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=_count)


def examples(full: int) -> int:
    """Examples that a property tries in this run, of ``full`` when everything is run."""
    part = full * settings().max_examples // _ALL
    return max(part, min(full, _LEAST))


def one_in(share: int, cases: Iterable[object]) -> list[object]:
    """Parameters of which every ``share``-th, the first included, runs in the fast set, and the others when all do."""
    return [pytest.param(*case if isinstance(case, tuple) else (case,), marks=[pytest.mark.slow] if at % share else [])
            for at, case in enumerate(cases)]


def some_and_all(step: int) -> list[object]:
    """Values of a parameter ``step``: one case in so many for the fast set, each one when everything is run."""
    return [pytest.param(step, id="some"), pytest.param(1, id="all", marks=pytest.mark.slow)]
