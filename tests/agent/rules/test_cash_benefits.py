"""Cash benefits by the day on which they begin: what is paid at most and at least, and what is said of it."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.errors import AmeliError
from agent.rules import Care, Estimate, estimate, read_care
from agent.rules.errors import BaseNeeded, UnknownDate
from config.tariffs import load, sources
from tests.thoroughness import examples

_HIGH = Decimal(90_000)
_ACTS = ["IJ", "NOR-", "PRE", "POS", "PER", "ADO", "INV/1", "INV/2", "INV/3"]


def _priced(act: str, on: str, *situations: str, **body: Any) -> Estimate:
    return estimate(read_care({"act": act, "on": on, "beneficiary": {"situations": list(situations)}, **body}))


@pytest.mark.parametrize(
    ("on", "most"),
    [
        # printed: legavox.fr (2011, 2012), service-public F3053 (2020), 2c-audit.fr (2021, 2022), legisocial.fr (2023)
        ("2011-06-15", "48.43"), ("2012-02-15", "41.38"), ("2020-02-15", "45.55"), ("2021-02-15", "46.00"),
        ("2022-02-15", "47.43"), ("2023-02-15", "50.58"), ("2025-05-15", "41.47"), ("2026-02-15", "41.95"),
        # 1.8 minimum wages times 12 over 730
        ("2012-08-15", "42.18"), ("2013-02-15", "42.32"), ("2014-02-15", "42.77"), ("2015-02-15", "43.13"),
        ("2016-02-15", "43.40"), ("2017-02-15", "43.80"), ("2018-02-15", "44.34"), ("2019-02-15", "45.01"),
        ("2021-11-15", "47.03"), ("2022-06-15", "48.69"), ("2022-09-15", "49.68"), ("2023-06-15", "51.70"),
        ("2024-02-15", "52.28"), ("2024-12-15", "53.31"), ("2026-07-15", "42.97"),
        # the first month of a step has the wage of the month before
        ("2022-01-31", "47.03"), ("2026-06-30", "41.95"),
    ],
)  # fmt: skip
def test_the_highest_sick_pay_of_every_year(on: str, most: str) -> None:
    assert _priced("IJ", on, wage="9000").amo == Decimal(most)


@pytest.mark.parametrize(
    ("year", "first", "later"),
    [
        # printed: handroit.com (2016), service-public F175 (2020), legisocial.fr (2023)
        (2016, "193.23", "257.65"), (2020, "205.84", "274.46"), (2021, "205.84", "274.46"), (2022, "205.84", "274.46"),
        (2023, "220.14", "293.51"),
        # 0.834 % of the yearly ceiling
        (2014, "187.89", "250.52"), (2015, "190.35", "253.80"), (2017, "196.30", "261.73"), (2018, "198.82", "265.09"),
        (2019, "202.78", "270.38"), (2024, "232.03", "309.37"), (2025, "235.69", "314.25"), (2026, "240.49", "320.66"),
    ],
)  # fmt: skip
def test_the_highest_pay_after_a_work_accident_of_every_year(year: int, first: str, later: str) -> None:
    on = f"{year}-06-15"
    assert _priced("IJ", on, "work_accident", wage="20000").amo == Decimal(first)
    assert _priced("IJ", on, "work_accident", wage="20000", stay_day=29).amo == Decimal(later)


@pytest.mark.parametrize(("year", "first", "later"), [(2011, "176.90", "235.86"), (2013, "185.30", "247.07")])
def test_the_first_pages_cut_the_last_cent_of_the_pay_after_a_work_accident(year: int, first: str, later: str) -> None:
    for day, printed in ((1, first), (29, later)):
        paid = _priced("IJ", f"{year}-06-15", "work_accident", wage="20000", stay_day=day).amo
        assert 0 <= paid - Decimal(printed) <= Decimal("0.01")


@pytest.mark.parametrize("act", ["PRE", "POS", "PER", "ADO"])
@pytest.mark.parametrize(
    ("on", "most"),
    [
        # printed: info-tpe.fr (2012), service-public F207 (2014), bebepassion.com (2023), juritravail.com (2025),
        # lessentieldeleco.fr (2026)
        ("2012-06-15", "80.04"), ("2014-01-01", "81.27"), ("2023-06-15", "95.22"), ("2025-06-15", "101.94"),
        ("2026-06-15", "104.02"),
        # the ceiling less 21 %
        ("2013-07-15", "80.15"), ("2015-06-15", "82.33"), ("2016-06-15", "83.58"), ("2017-06-15", "84.90"),
        ("2018-06-15", "86.00"), ("2019-06-15", "87.71"), ("2020-06-15", "89.03"), ("2022-06-15", "89.03"),
        ("2024-06-15", "100.36"),
    ],
)  # fmt: skip
def test_the_highest_pay_around_a_birth_of_every_year(act: str, on: str, most: str) -> None:
    assert _priced(act, on, wage="9000").amo == Decimal(most)


def test_contributions_were_others_in_alsace_moselle_until_june_2013() -> None:
    assert _priced("PRE", "2012-06-15", "alsace_moselle", wage="9000").amo == Decimal("78.39")
    assert _priced("PRE", "2013-06-30", wage="9000").certainty == "dated"
    both = {_priced("PRE", "2013-07-01", *where, wage="9000").amo for where in ((), ("alsace_moselle",))}
    assert both == {Decimal("80.15")}


@pytest.mark.parametrize(
    ("on", "children", "day", "days", "expected"),
    [
        ("2020-02-15", 3, 31, 1, "60.73"),  # two thirds of 1.8 minimum wages
        ("2020-02-15", 2, 31, 1, "45.55"),
        ("2020-02-15", 3, 30, 1, "45.55"),
        ("2020-02-15", 3, 4, 30, "1412.04"),  # 27 days at half, 3 at two thirds
        ("2020-02-15", 3, 1, 30, "1412.04"),  # what is paid begins on the fourth day
        ("2020-05-31", 3, 31, 1, "60.73"),  # the 31st day is 30 June
        ("2020-06-01", 3, 31, 1, "45.55"),
    ],
)  # fmt: skip
def test_three_children_raised_sick_pay_from_the_31st_day_until_june_2020(
    on: str, children: int, day: int, days: int, expected: str
) -> None:
    paid = _priced("IJ", on, wage="9000", children=children, stay_day=day, quantity=days).amo
    assert paid == Decimal(expected)


@pytest.mark.parametrize(
    ("on", "expected", "certainty"),
    [
        ("2014-02-15", "9.26", "sure"), ("2025-05-15", "11.02", "sure"), ("2026-05-15", "11.12", "sure"),
        ("2020-05-15", "9.26", "doubtful"),  # between two known ones: the range says so
        ("2013-09-15", "7.79", "doubtful"),  # not known yet, and said
    ],
)  # fmt: skip
def test_pay_around_a_birth_has_a_least(on: str, expected: str, certainty: str) -> None:
    found = _priced("PRE", on, wage="300")
    assert (found.amo, found.certainty) == (Decimal(expected), certainty)
    assert (found.range is not None) == (on == "2020-05-15")


@pytest.mark.parametrize(
    ("act", "on", "wage", "expected"),
    [
        ("INV/1", "2017-06-15", "9000", "980.70"), ("INV/2", "2017-06-15", "9000", "1634.50"),
        ("INV/3", "2017-03-15", "9000", "2738.68"), ("INV/3", "2020-06-15", "100", "1418.09"),
        ("INV/3", "2020-06-15", "9000", "2839.29"), ("INV/1", "2024-06-15", "9000", "1159.20"),
        ("INV/1", "2024-06-15", "500", "328.07"), ("INV/2", "2026-01-15", "9000", "2002.50"),
        ("INV/1", "2020-06-15", "2000", "600.00"),
    ],
)  # fmt: skip
def test_invalidity_pensions_by_category_lie_between_their_least_and_their_most(
    act: str, on: str, wage: str, expected: str
) -> None:
    assert _priced(act, on, wage=wage).amo == Decimal(expected)


def test_a_least_pension_that_no_source_prints_for_the_day_gives_a_range() -> None:
    found = _priced("INV/2", "2022-05-15", wage="100")
    assert found.range is not None
    assert found.range.amo == (Decimal("292.80"), Decimal("328.07"))
    assert _priced("INV/2", "2022-05-15", wage="2000").certainty == "sure"


@pytest.mark.parametrize(
    ("act", "on", "expected", "certainty"),
    [
        ("DEATH", "2015-06-15", "3400", "sure"), ("DEATH", "2020-06-15", "3472", "sure"),
        ("DEATH", "2023-06-15", "3738", "sure"), ("DEATH", "2024-06-15", "3909.94", "sure"),
        ("DEATH", "2019-06-15", "3400", "doubtful"), ("DEATH", "2026-06-15", "3909.94", "dated"),
        ("DEATH/SELF-EMPLOYED", "2024-06-15", "9273.60", "sure"),
        ("DEATH/SELF-EMPLOYED-RETIRED", "2024-06-15", "3709.44", "sure"),
        ("DEATH/SELF-EMPLOYED", "2026-06-15", "9612.00", "dated"),
    ],
)  # fmt: skip
def test_the_death_grant_is_a_sum_once(act: str, on: str, expected: str, certainty: str) -> None:
    found = _priced(act, on)
    assert (found.amo, found.left_to_pay, found.certainty) == (Decimal(expected), 0, certainty)


@pytest.mark.parametrize("act", _ACTS)
def test_a_benefit_without_a_wage_or_before_the_tables_is_refused(act: str) -> None:
    with pytest.raises(BaseNeeded):
        _priced(act, "2026-03-15")
    with pytest.raises(UnknownDate):
        _priced(act, "2008-03-15", wage="2000")


_DAYS = st.dates(date(2012, 1, 1), date(2026, 12, 31))
_WAGES = st.decimals(0, 12_000, places=2)
_SITUATIONS = st.sampled_from([frozenset[str](), frozenset({"work_accident"}), frozenset({"maternity"})])


@given(act=st.sampled_from(_ACTS), on=_DAYS, wage=_WAGES, more=_WAGES, situations=_SITUATIONS,
       days=st.integers(1, 60), first=st.integers(1, 40), children=st.integers(0, 4))
@settings(max_examples=examples(300), deadline=None)
def test_a_higher_wage_never_pays_less_and_more_days_never_pay_less(
    act: str, on: date, wage: Decimal, more: Decimal, situations: frozenset[str], days: int, first: int, children: int,
) -> None:
    def paid(wage: Decimal, days: int) -> Decimal:
        return estimate(Care(
            act=act, on=on, wage=wage, quantity=days, stay_day=first, children=children, situations=situations)).amo

    assert paid(wage, days) <= paid(wage + more, days)
    assert paid(wage, days) <= paid(wage, days + 1)


@given(act=st.sampled_from(_ACTS), on=_DAYS, wage=_WAGES, situations=_SITUATIONS, days=st.integers(1, 60))
@settings(max_examples=examples(300), deadline=None)
def test_a_benefit_never_passes_that_of_the_highest_wage_and_every_step_names_its_source(
    act: str, on: date, wage: Decimal, situations: frozenset[str], days: int
) -> None:
    found = estimate(Care(act=act, on=on, wage=wage, quantity=days, situations=situations))
    assert 0 <= found.amo <= estimate(Care(act=act, on=on, wage=_HIGH, quantity=days, situations=situations)).amo
    assert found.price == found.amo + found.left_to_pay
    for step in found.steps[:-1]:
        assert step.source.partition(",")[0] in sources() or step.rule == "review", step
        assert step.rule in load().parameters or step.rule[0] in "RL" or step.rule == "review", step


@pytest.mark.parametrize("body", [{"children": -1}, {"children": "many"}, {"children": 31}, {"children": True}])
def test_a_number_of_children_that_is_none_is_refused(body: dict[str, Any]) -> None:
    with pytest.raises(AmeliError, match="children"):
        _priced("IJ", "2020-02-15", wage="2000", **body)


def test_after_a_work_accident_in_2011_the_net_wage_is_not_known_and_that_is_said() -> None:
    assert _priced("IJ", "2011-06-15", "work_accident", wage="2000", stay_day=29).certainty == "doubtful"
    assert _priced("IJ", "2011-06-15", "work_accident", wage="2000").certainty == "sure"
