"""Which days a file says everything of, by a plain count of single days."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from agent.files.formats.bank.model import EVER, Account, Days, days_around

FIRST = date(2026, 1, 1)
days = st.integers(0, 40).map(lambda number: FIRST + timedelta(number))
spans = st.tuples(days, st.integers(0, 9)).map(lambda one: (one[0], one[0] + timedelta(one[1])))


def single(listed: list[Days]) -> set[date]:
    return {FIRST + timedelta(n) for n in range(60) if any(a <= FIRST + timedelta(n) <= b for a, b in listed)}


@given(st.lists(spans, max_size=4), st.lists(spans | st.just(EVER) | st.tuples(st.just(date.min), days), max_size=6))
def test_covered_are_the_days_of_the_parts_without_those_of_the_gaps(parts: list[Days], gaps: list[Days]) -> None:
    covered = Account("", parts=parts, gaps=gaps).covered()
    assert single(covered) == single(parts) - single(gaps)
    assert covered == sorted(covered) and all(first <= last for first, last in covered)


@given(st.lists(days | st.none(), max_size=12))
def test_a_movement_lies_between_its_neighbours_or_anywhere(listed: list[date | None]) -> None:
    known = [day for day in listed if day is not None]
    for at, near in enumerate(days_around(listed)):
        before = [day for day in listed[:at] if day is not None]
        after = [day for day in listed[at + 1:] if day is not None]
        if known == sorted(known) != known[::-1]:
            assert near == (before[-1] if before else date.min, after[0] if after else date.max)
        elif known == sorted(known, reverse=True) != known[::-1]:
            assert near == (after[0] if after else date.min, before[-1] if before else date.max)
        else:
            assert near == EVER


def test_a_large_file_of_unread_rows_is_settled_at_once() -> None:
    many = 100_000
    gaps = [(FIRST + timedelta(n % 3_000), FIRST + timedelta(n % 3_000)) for n in range(many)]
    assert len(days_around([FIRST + timedelta(n // 2) if n % 2 else None for n in range(many)])) == many
    account = Account("", parts=[(FIRST, FIRST + timedelta(4_000))], gaps=gaps)
    assert account.covered() == [(FIRST + timedelta(3_000), FIRST + timedelta(4_000))]
