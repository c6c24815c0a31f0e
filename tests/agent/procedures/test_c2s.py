"""The C2S: ceilings and contributions against printed tables and a public calculator's cases, and what always holds."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.procedures.c2s_ceilings import Ceiling, ceiling
from agent.procedures.c2s_entitlement import (
    Income,
    Person,
    assess,
    contribution,
    counted,
    housing_sum,
    months,
    renewal,
)

NOW = date(2026, 11, 23)
ADULT = Person("A", date(1980, 5, 5))
CHILD = Person("B", date(2015, 5, 5))
amounts = st.decimals("0", "5000", places=2)


def income(yearly: str | Decimal, kind: str = "wages") -> Income:
    """A year's sum in the first month."""
    return Income(kind, (Decimal(yearly), *[Decimal(0)] * 11))


@pytest.mark.parametrize(("day", "people", "free", "paid"), [
    (date(2025, 3, 31), 1, 10166, 13724), (date(2025, 3, 31), 2, 15249, 20586), (date(2025, 3, 31), 3, 18298, 24703),
    (date(2025, 3, 31), 4, 21348, 28820), (date(2025, 3, 31), 6, 29480, 39800),
    (date(2025, 4, 1), 1, 10339, 13957), (date(2025, 4, 1), 2, 15508, 20936), (date(2025, 4, 1), 3, 18609, 25123),
    (date(2025, 4, 1), 4, 21711, 29311), (date(2025, 4, 1), 5, 25846, 34894),
])
def test_ceilings_are_those_printed(day: date, people: int, free: int, paid: int) -> None:
    assert ceiling(people, day) == Ceiling(Decimal(free), True, "C2S-PRESS")
    assert ceiling(people, day, paid=True).amount == paid


@pytest.mark.parametrize(("day", "people", "free", "paid"), [
    (date(2025, 3, 31), 1, 11315, 15275), (date(2025, 3, 31), 2, 16972, 22912), (date(2025, 3, 31), 3, 20366, 27494),
    (date(2025, 3, 31), 4, 23760, 32077), (date(2025, 3, 31), 5, 28286, 38187),
    (date(2025, 4, 1), 2, 17260, 23301), (date(2026, 3, 31), 3, 20712, 27962), (date(2025, 4, 1), 4, 24164, 32622),
    (date(2025, 4, 1), 6, 33370, 45050),
    (date(2022, 4, 1), 1, 10243, 13828), (date(2020, 4, 1), 1, 10053, 13571),
])
def test_overseas_ceilings_are_those_printed(day: date, people: int, free: int, paid: int) -> None:
    assert ceiling(people, day, overseas=True).amount == free
    assert ceiling(people, day, overseas=True, paid=True).amount == paid


@pytest.mark.parametrize(("people", "expected"), [(1, 9032), (2, 13548), (3, 16258), (4, 18967), (5, 22580)])
def test_the_free_ceilings_of_2020_are_those_of_the_state_medical_aid(people: int, expected: int) -> None:
    assert ceiling(people, date(2020, 4, 1)).amount == expected


@pytest.mark.parametrize(("day", "free", "paid"), [
    (date(2016, 4, 1), 8653, 11682), (date(2019, 4, 1), 8951, 12084), (date(2020, 4, 1), 9032, 12193),
    (date(2021, 4, 1), 9041, 12205), (date(2022, 4, 1), 9203, 12424), (date(2022, 7, 1), 9571, 12921),
    (date(2023, 4, 1), 9719, 13121),
])
def test_the_ceilings_of_one_person_since_2016(day: date, free: int, paid: int) -> None:
    assert ceiling(1, day) == Ceiling(Decimal(free), True, ceiling(1, day).source)
    assert ceiling(1, day, paid=True).amount == paid


def test_a_ceiling_that_sources_print_differently_has_both_figures_and_nothing_is_concluded_between_them() -> None:
    day = date(2025, 12, 1)
    assert ceiling(1, day, paid=True) == Ceiling(Decimal(13957), True, "C2S-PRESS", Decimal(13958))
    assert [assess([ADULT], [income(sum_)], "rent", day).status for sum_ in ("13957", "13957.50", "13958.01")] == [
        "paid", "unsure", "none"]
    overseas = ceiling(1, day, overseas=True)
    assert (overseas.least, overseas.most, overseas.certain) == (11507, 11568, False)
    told = " ".join(step.text.en for step in assess([ADULT], [], "rent", day).steps)
    assert "€13958 in another source" in told


def test_after_the_last_printed_year_a_ceiling_is_an_estimate() -> None:
    assert not ceiling(1, date(2027, 4, 1)).certain
    assert ceiling(1, date(2027, 4, 1)).amount == ceiling(1, date(2027, 3, 31)).amount


@pytest.mark.parametrize(("day", "people", "paid", "expected", "margin"), [
    # openfisca-france, tests/formulas/cs: cmu.yaml and css.yaml
    (date(2018, 1, 1), 4, False, "18318", "0"), (date(2018, 4, 1), 1, False, "8810", "0.5"),
    (date(2018, 4, 1), 1, True, "11894", "0.5"), (date(2019, 11, 1), 1, False, "8950.96", "1"),
    (date(2019, 11, 1), 1, True, "12083.81", "1"), (date(2019, 11, 1), 2, False, "13426.44", "1"),
    (date(2019, 11, 1), 2, True, "18125.69", "2"), (date(2019, 11, 1), 5, False, "22377.40", "1"),
    (date(2019, 11, 1), 5, True, "30209.49", "2"),
])
def test_ceilings_agree_with_a_public_calculator(
    day: date, people: int, paid: bool, expected: str, margin: str,
) -> None:
    assert abs(ceiling(people, day, paid=paid).amount - Decimal(expected)) <= Decimal(margin)


def test_children_in_alternating_custody_count_for_half_from_the_eldest_on() -> None:
    # openfisca-france: four children, three of them half the time, one parent: 8723 × 1.9.
    assert ceiling(5, date(2018, 1, 1), shared=(1, 2, 4)).amount == 16574
    children = [Person("1", date(2010, 1, 1), True), Person("2", date(2010, 10, 1), True),
                Person("3", date(2011, 8, 1)), Person("4", date(2012, 4, 1), True)]
    assert assess([ADULT, *children], [], "rent", date(2018, 1, 1)).free.amount == 16574


def test_the_housing_aid_of_ten_people_counts_as_for_three() -> None:
    # openfisca-france: 155.83 a month in January 2016 within 5 %; the tables begin four months later.
    assert abs(housing_sum(11, "aid", date(2016, 4, 1), Decimal(300)) / 12 - Decimal("155.83")) < Decimal("7.8")
    assert housing_sum(11, "aid", date(2016, 4, 1), Decimal(50)) == 600
    assert housing_sum(11, "aid", NOW, Decimal(1000)) == housing_sum(3, "aid", NOW)


def test_housing_is_a_share_of_the_rsa() -> None:
    assert housing_sum(1, "owner", NOW) == Decimal("938.43")
    assert housing_sum(2, "free", NOW) == Decimal("1642.26")
    assert housing_sum(1, "rent", NOW) == 0


@pytest.mark.parametrize(("yearly", "people"), [("833.33", 1), ("583.33", 2), ("1000", 2)])
def test_resources_are_the_sum_of_twelve_months(yearly: str, people: int) -> None:
    # openfisca-france, css.yaml: one, two and five people: 10000, 14000, 24000.
    members = [Person(str(number), date(1980, 1, 1)) for number in range(people)]
    found = assess(members, [Income("wages", (Decimal(yearly),) * 12)] * people, "rent", date(2019, 11, 1))
    assert abs(found.resources - {("833.33", 1): 10000, ("583.33", 2): 14000, ("1000", 2): 24000}[yearly, people]) < 1


def test_a_disabled_adults_allowance_counts_less_each_month() -> None:
    # openfisca-france, css_abattement_aah.yaml: eleven months of 1068 count for 11000.
    months_paid = tuple([Decimal(1068)] * 11 + [Decimal(0)])
    assert counted(Income("aah", months_paid), date(2023, 11, 1)) == 11000


@pytest.mark.parametrize("day", [date(2018, 4, 1)])
def test_wages_under_the_ceiling_give_the_free_cover_and_over_it_the_paid_one(day: date) -> None:
    # openfisca-france, cmu.yaml and acs.yaml: 8810 of wages or less is free; 11894 or less is paid.
    wages = [1384, 0, 531, 985, 1100, 750, 1250, 500, 1500, 810]
    free = Income("wages", tuple(Decimal(one) for one in [*wages, 0, 0]))
    paid = Income("wages", tuple(Decimal(one) for one in [*wages, 1000, 190]))
    one = [Person("A", date(1992, 1, 1))]
    assert assess(one, [free], "rent", day).status == "free"
    assert assess(one, [paid], "rent", date(2019, 11, 1)).status == "paid"


@pytest.mark.parametrize(("age", "general", "local"), [
    (29, "8", "2.80"), (30, "14", "4.90"), (49, "14", "4.90"), (50, "21", "7.30"), (59, "21", "7.30"),
    (60, "25", "8.70"), (69, "25", "8.70"), (70, "30", "10.50"),
])
def test_the_contribution_follows_the_age_on_the_first_of_january(age: int, general: str, local: str) -> None:
    born = date(2026 - age, 1, 1)
    assert contribution(born, NOW) == Decimal(general)
    assert contribution(born, NOW, alsace_moselle=True) == Decimal(local)
    assert contribution(date(2026 - age, 1, 2), NOW) <= Decimal(general)


def test_a_newborn_of_this_year_pays_the_first_price() -> None:
    assert contribution(date(2026, 6, 1), NOW) == 8


def test_an_application_in_april_takes_march_to_february() -> None:
    found = months(date(2026, 4, 17))
    assert (found[0], found[-1], len(found)) == (date(2025, 3, 1), date(2026, 2, 1), 12)


def test_near_an_estimated_ceiling_nothing_is_concluded() -> None:
    assert assess([ADULT], [income("10400")], "rent", NOW).status == "unsure"
    assert assess([ADULT], [income("10000")], "rent", NOW).status == "free"
    assert assess([ADULT], [income("12000")], "rent", NOW).status == "paid"
    assert assess([ADULT], [income("15000")], "rent", NOW).status == "none"
    assert not assess([ADULT], [], "rent", NOW).certain


def test_near_a_printed_ceiling_it_is_concluded() -> None:
    day = date(2025, 12, 1)
    assert assess([ADULT], [income("10339")], "rent", day).status == "free"
    assert assess([ADULT], [income("10339.01")], "rent", day).status == "paid"
    assert assess([ADULT], [income("13958.01")], "rent", day).status == "none"


def test_the_rsa_gives_the_free_cover_by_itself() -> None:
    found = assess([ADULT], [income("50000")], "rent", NOW, rsa=True)
    assert found.status == "free"
    assert found.contribution == 0


def test_steps_lead_to_the_result_in_both_languages() -> None:
    found = assess([ADULT, CHILD], [income("17000"), income("900", "maintenance_paid")], "owner", date(2025, 12, 1))
    assert found.status == "paid"
    assert found.resources == Decimal("17000") - 900 + housing_sum(2, "owner", date(2025, 12, 1))
    assert found.contribution == 22
    for step in found.steps:
        told = step.json()
        assert told["text_fr"]
        assert told["text_en"]
        assert told["source"]


def test_the_renewal_window_is_four_to_two_months_before_the_end() -> None:
    window = renewal(date(2027, 4, 30), NOW)
    assert (window.opens, window.closes) == (date(2026, 12, 30), date(2027, 2, 28))
    assert window.state(date(2026, 12, 29)) == "early"
    assert window.state(date(2026, 12, 30)) == "open"
    assert window.state(date(2027, 3, 1)) == "late"
    assert window.state(date(2027, 5, 1)) == "over"


def test_an_empty_household_or_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="one person"):
        ceiling(0, NOW)
    with pytest.raises(ValueError, match="unknown kind"):
        counted(Income("lottery", ()), NOW)


@given(people=st.integers(1, 12), paid=st.booleans(), overseas=st.booleans(),
       day=st.dates(date(2017, 4, 1), date(2027, 12, 31)))
def test_one_person_more_never_lowers_the_ceiling(people: int, paid: bool, overseas: bool, day: date) -> None:
    less = ceiling(people, day, paid=paid, overseas=overseas).amount
    assert less < ceiling(people + 1, day, paid=paid, overseas=overseas).amount
    assert ceiling(people, day).amount <= ceiling(people, day, paid=True).amount
    assert ceiling(people, day, paid=paid).amount <= ceiling(people, day, paid=paid, overseas=True).amount


@given(first=amounts, more=amounts, day=st.dates(date(2024, 4, 1), date(2027, 12, 31)))
def test_more_resources_never_give_a_better_cover(first: Decimal, more: Decimal, day: date) -> None:
    order = {"free": 0, "unsure": 1, "paid": 2, "none": 3}
    low = assess([ADULT], [Income("wages", (first,) * 12)], "rent", day)
    high = assess([ADULT], [Income("wages", (first + more,) * 12)], "rent", day)
    assert low.resources <= high.resources
    if "unsure" not in (low.status, high.status):
        assert order[low.status] <= order[high.status]


@given(given_=amounts, aid=amounts, people=st.integers(1, 8))
def test_housing_aid_counts_for_no_more_than_the_flat_sum_nor_than_itself(
    given_: Decimal, aid: Decimal, people: int,
) -> None:
    found = housing_sum(people, "aid", NOW, aid)
    assert found <= housing_sum(people, "aid", NOW)
    assert found <= aid * 12
    assert counted(Income("rsa", (given_,) * 12), NOW) == 0
