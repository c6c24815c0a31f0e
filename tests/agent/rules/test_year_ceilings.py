"""Yearly ceilings that change inside a year: what care of after the change may still take, in the engine and the
ledger. From 1 October 2026 one source says 70 euros, the code 50."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.protocol.money import DeductionKind
from agent.rules import Used, estimate, read_care
from agent.rules.ledger import Ledger, build_ledger
from tests.agent.rules.shapes import a_line, a_payment
from tests.thoroughness import examples

_CHANGE = date(2026, 10, 1)
_KINDS: tuple[DeductionKind, DeductionKind] = ("participation", "franchise")
_ACTS = {"participation": ("G", "CONSULTATION GENERALISTE"), "franchise": ("PH7", "PHARMACIE 65 %")}


def _estimate(act: str, on: date, used: dict[str, Any], **body: Any) -> Any:
    return estimate(read_care({"act": act, "on": on.isoformat(), "price": "30", "used_this_year": used, **body}))


def _refunds(kind: str, days: list[date]) -> list[Any]:
    """One refund of 21 euros a day, of care of the day before."""
    return [
        a_payment(
            id=f"p{at:03}", paid_on=day.isoformat(), amount="21.00", deductions=[],
            lines=[a_line(id=f"l{at:03}", beneficiary="A B", act=_ACTS[kind][1], reimbursed="21.00",
                          act_date=(day - timedelta(days=1)).isoformat())])
        for at, day in enumerate(days)
    ]


def _due(ledger: Ledger) -> list[Decimal]:
    return [entry.amount for entry in ledger.entries]


@pytest.mark.parametrize("kind", _KINDS)
def test_care_refunded_after_the_change_takes_what_the_new_ceiling_leaves(kind: DeductionKind) -> None:
    used = {kind: "50"}
    assert getattr(_estimate(_ACTS[kind][0], date(2026, 9, 30), used), kind) == 0
    after = _estimate(_ACTS[kind][0], _CHANGE, used)
    assert getattr(after, kind) > 0
    assert after.certainty == "doubtful"
    assert after.range is not None
    assert after.range.amo == (after.amo, after.amo_before_deductions)
    assert getattr(_estimate(_ACTS[kind][0], _CHANGE, {kind: "70"}), kind) == 0


def test_where_both_ceilings_say_the_same_nothing_is_doubtful() -> None:
    assert _estimate("G", date(2026, 11, 2), {"participation": "20"}).certainty == "sure"
    assert _estimate("G", date(2026, 11, 2), {"participation": "70"}).certainty == "sure"


def test_the_day_of_refund_chooses_the_ceiling() -> None:
    care = date(2026, 9, 28)
    assert _estimate("G", care, {"participation": "50"}, refunded_on="2026-10-02").participation == 2
    assert _estimate("G", care, {"participation": "50"}, refunded_on="2026-09-30").participation == 0


def test_the_ledger_counts_on_to_the_new_ceiling_and_says_what_is_not_sure() -> None:
    days = [date(2026, 3, 1) + timedelta(days=at) for at in range(30)]
    later = [_CHANGE + timedelta(days=at) for at in range(15)]
    ledger = build_ledger(_refunds("participation", [*days, *later]))
    assert _due(ledger) == [Decimal(2)] * 35
    before, after = ledger.entries[:25], ledger.entries[25:]
    assert {entry.certainty for entry in before} == {"sure"}
    assert {entry.certainty for entry in after} == {"doubtful"}
    assert all(entry.refunded_on >= _CHANGE for entry in after)
    told = after[0].shape()["doubts"][0]
    assert "70,00 €" in told["text_fr"] and "50,00 €" in told["text_fr"]
    forecast = ledger.forecast()
    assert (forecast["total"], forecast["doubtful"]) == ("70.00", "20.00")
    assert "20,00 €" in forecast["text_fr"] and "€20.00" in forecast["text_en"]


@pytest.mark.parametrize(
    ("today", "ceiling", "other"),
    [(date(2026, 9, 30), "50.00", None), (_CHANGE, "70.00", "50.00"), (date(2027, 3, 1), "70.00", "50.00"),
     (None, "70.00", "50.00")],
)  # fmt: skip
def test_a_gauge_shows_the_ceiling_in_force(today: date | None, ceiling: str, other: str | None) -> None:
    shape = build_ledger(_refunds("participation", [date(2026, 3, 1)])).shape(2026, today=today)
    gauge = shape["beneficiaries"][0]["participation"]
    assert (gauge["ceiling"], gauge.get("other_ceiling")) == (ceiling, other)
    assert Decimal(gauge["left"]) == Decimal(ceiling) - 2


def test_a_year_tells_all_its_ceilings_by_the_day_from_which_each_holds() -> None:
    def told(year: int) -> list[tuple[str, str, str, str | None, str]]:
        shape = build_ledger(_refunds("participation", [date(year, 3, 1)])).shape(year)
        return [(one["kind"], one["from"], one["amount"], one["other"], one["certainty"]) for one in shape["ceilings"]]

    assert told(2025) == [(kind, "2025-01-01", "50.00", None, "sure") for kind in _KINDS]
    assert told(2024) == [(kind, "2024-01-01", "50.00", None, "sure") for kind in _KINDS]
    assert told(2026) == [
        row for kind in _KINDS
        for row in ((kind, "2026-01-01", "50.00", None, "sure"), (kind, "2026-10-01", "70.00", "50.00", "doubtful"))
    ]
    assert told(2027) == [(kind, "2027-01-01", "70.00", "50.00", "doubtful") for kind in _KINDS]


def test_a_figure_of_ones_own_stands_before_both_readings() -> None:
    days = [_CHANGE + timedelta(days=at) for at in range(40)]
    ledger = build_ledger(_refunds("participation", days), ceilings={(2026, "participation"): Decimal(60)})
    assert sum(_due(ledger)) == 60
    assert {entry.certainty for entry in ledger.entries} == {"sure"}
    gauge = ledger.shape(2026)["beneficiaries"][0]["participation"]
    assert gauge["ceiling"] == "60.00" and "other_ceiling" not in gauge


_REFUND_DAYS = st.lists(st.dates(date(2025, 11, 1), date(2027, 2, 28)), max_size=110).map(sorted)


@given(kind=st.sampled_from(_KINDS), days=_REFUND_DAYS)
@settings(max_examples=examples(60), deadline=None)
def test_no_ceiling_is_passed_on_any_day_of_a_year_in_which_it_changes(kind: DeductionKind, days: list[date]) -> None:
    ledger = build_ledger(_refunds(kind, days))
    counted: defaultdict[int, Decimal] = defaultdict(Decimal)
    doubtful: defaultdict[int, Decimal] = defaultdict(Decimal)
    for entry in ledger.entries:
        counted[entry.refunded_on.year] += entry.amount
        doubtful[entry.refunded_on.year] += entry.doubtful
        assert counted[entry.refunded_on.year] <= (70 if entry.refunded_on >= _CHANGE else 50)
        assert counted[entry.refunded_on.year] - doubtful[entry.refunded_on.year] <= 50
        assert (entry.certainty == "doubtful") == (entry.doubtful > 0)


@given(kind=st.sampled_from(_KINDS), days=_REFUND_DAYS)
@settings(max_examples=examples(25), deadline=None)
def test_the_engine_asked_day_after_day_passes_no_ceiling_and_agrees_with_the_ledger(
    kind: DeductionKind, days: list[date]
) -> None:
    days = sorted(set(days))  # one refund a day: several of one payment share a day's ceiling in the ledger
    used: defaultdict[int, Used] = defaultdict(Used)
    for day in days:
        had = used[day.year]
        found = _estimate(
            _ACTS[kind][0], day - timedelta(days=1),
            {"participation": str(had.participation), "franchise": str(had.franchise)}, refunded_on=day.isoformat())
        used[day.year] = Used(had.participation + found.participation, had.franchise + found.franchise)
        taken = getattr(used[day.year], kind)
        assert taken <= (70 if day >= _CHANGE else 50)
    due: defaultdict[int, Decimal] = defaultdict(Decimal)
    for entry in build_ledger(_refunds(kind, days)).entries:
        due[entry.refunded_on.year] += entry.amount
    assert due == {year: getattr(one, kind) for year, one in used.items() if getattr(one, kind)}
