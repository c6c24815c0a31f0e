"""The engine against a second reading of cash benefits, of costly acts and of the C2S, which shares nothing with it."""

import random
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest

from agent.rules import Care, Estimate, estimate
from config.tariffs import load
from tests.agent.rules import benefits_view as view
from tests.agent.rules.benefits_view import Stoppage

_FIRST, _LAST = date(2012, 1, 1), date(2026, 11, 23)
_ZERO = Decimal(0)


def _day(rng: random.Random, first: date = _FIRST) -> date:
    return first + timedelta(days=rng.randrange((_LAST - first).days))


def _wage(rng: random.Random) -> Decimal:
    return Decimal(rng.choice((rng.randrange(0, 200_000), rng.randrange(100_000, 900_000)))) / 100


def _stoppage(rng: random.Random, first: date) -> Stoppage:
    return Stoppage(_day(rng, first), _wage(rng), rng.randint(1, 45), rng.randint(1, 40), rng.randrange(5))


def _priced(act: str, one: Stoppage, *situations: str) -> Estimate:
    return estimate(Care(
        act=act, on=one.on, wage=one.wage, quantity=one.days, stay_day=one.first, children=one.children,
        situations=frozenset(situations)))


def _each(seed: int, count: int, first: date, agree: Callable[[Stoppage], None]) -> None:
    rng = random.Random(seed)
    for _ in range(count):
        agree(_stoppage(rng, first))


def test_sick_pay_of_every_wage_day_and_family_agrees() -> None:
    def agree(one: Stoppage) -> None:
        assert _priced("IJ", one).amo == view.sickness(one), one

    _each(1, 2_500, date(2011, 1, 1), agree)


def test_pay_after_a_work_accident_agrees() -> None:
    def agree(one: Stoppage) -> None:
        assert _priced("IJ", one, "work_accident").amo == view.accident(one), one

    _each(2, 2_500, _FIRST, agree)


@pytest.mark.parametrize("act", ["PRE", "POS", "PER", "ADO"])
def test_pay_around_a_birth_agrees(act: str) -> None:
    def agree(one: Stoppage) -> None:
        reading = load().parameter("sick_pay.maternity_least").reading(one.on)
        assert _priced(act, one).amo == view.birth(one, _ZERO if reading is None else reading.entry.value), one

    _each(3, 800, _FIRST, agree)


def test_invalidity_pensions_agree() -> None:
    rng = random.Random(4)
    for _ in range(1_500):
        on, wage, category = _day(rng), _wage(rng), rng.randint(1, 3)
        least, helper = (load().value(f"invalidity.{name}", on) for name in ("least", "third_person"))
        found = estimate(Care(act=f"INV/{category}", on=on, wage=wage)).amo
        assert found == view.pension(on, wage, category, least, helper), (on, wage, category)


def test_the_flat_share_of_costly_acts_and_stays_and_the_c2s_agree() -> None:
    rng = random.Random(5)
    for _ in range(3_000):
        on, base = _day(rng, date(2007, 1, 1)), Decimal(rng.randrange(100, 60_000)) / 100
        stay, in_it, c2s = rng.random() < 0.4, rng.random() < 0.5, rng.random() < 0.3
        found = estimate(Care(
            act="PJ" if stay else "ADC", on=on, base=base, price=base, heavy_act=in_it, birth_date=date(1970, 1, 1),
            situations=frozenset({"c2s"} if c2s else ())))
        told = found.amo_before_deductions, found.pat, found.amc
        assert told == view.costly(on, base, stay=stay, in_it=in_it, c2s=c2s), (on, base, stay, in_it, c2s)
