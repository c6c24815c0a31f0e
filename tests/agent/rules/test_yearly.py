"""A year of care adds up, whichever way it is cut."""

from decimal import Decimal

from agent.rules.yearly import year_view
from tests.agent.rules.test_ledger import account


def test_persons_kinds_and_months_each_make_the_whole_year():
    shapes, _persons, _truth = account(3)
    view = year_view(shapes, 2026)
    for part in ("by_person", "by_kind"):
        assert sum(Decimal(one["spent"]) for one in view[part]) == Decimal(view["spent"])
    assert sum(Decimal(month[2]) for month in view["months"]) == Decimal(view["reimbursed"])
    assert "other" not in {one["kind"] for one in view["by_kind"]}
