"""The tables as the engine reads them: each set of tables answers for itself, and steps are equal as they hash."""

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from agent.rules.dated_tables import Law
from agent.rules.pricing.steps import Step
from config.tariffs import Entry, Parameter, Tariffs, load

_NAME = "participation_forfaitaire.amount"
_A_DAY, _ANOTHER = date(2025, 3, 1), date(2025, 6, 1)


def _what_if(amount: str) -> Tariffs:
    """The built-in tables with another participation."""
    entry = Entry(date(2005, 1, 1), Decimal(amount), "TEST", "one", "TEST, 2005-01-01")
    own = Parameter(_NAME, "What if", "EUR", (entry,))
    return Tariffs({**load().parameters, _NAME: own}, load().reviews)


def test_other_tables_on_another_day_do_not_change_what_the_built_in_ones_say() -> None:
    theirs = Law("C", _A_DAY, _what_if("99")).at(_ANOTHER)
    assert theirs.value(_NAME) == 99
    assert Law.of("C", _ANOTHER).value(_NAME) == 2
    assert theirs.at(_A_DAY).value(_NAME) == 99


def test_the_built_in_tables_read_first_do_not_answer_for_others() -> None:
    assert Law.of("C", _ANOTHER).value(_NAME) == 2
    assert Law("C", _A_DAY, _what_if("7")).at(_ANOTHER).value(_NAME) == 7


_AMOUNTS = st.decimals(-50, 50, places=4)
_STEPS = st.builds(
    Step, st.sampled_from(["x", "Base : {0}."]), st.sampled_from(["x", "Base: {0}."]), _AMOUNTS,
    st.sampled_from(["r", "s"]), st.just("s"), st.sampled_from([Decimal("1.001"), Decimal("1.004"), Decimal(2)]),
)  # fmt: skip


@given(_STEPS, _STEPS)
def test_equal_steps_have_equal_hashes(one: Step, other: Step) -> None:
    if one == other:
        assert hash(one) == hash(other)


def test_steps_that_differ_below_the_cent_are_one_in_a_set() -> None:
    first, second = (Step("x", "x", Decimal(amount), "r", "s") for amount in ("1.001", "1.002"))
    assert first == second
    assert len({first, second}) == 1
