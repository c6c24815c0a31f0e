"""Two independent readings of the rules meet: the sandbox's households, priced again by the engine."""

import random
from collections import Counter, defaultdict
from datetime import date, timedelta
from decimal import Decimal

import pytest

from agent.rules import Care, TopUp, Used, estimate, read_care
from agent.rules.codes.nomenclature import ACTS
from agent.rules.errors import BaseNeeded, NotPriced, UnknownAct, UnknownDate
from agent.sandbox.generator import make_household
from agent.sandbox.generator.care import live
from agent.sandbox.generator.deductions import Counters
from agent.sandbox.generator.household import make_family
from agent.sandbox.generator.sick_leave import net_allowance
from agent.sandbox.model import CareLine
from config.tariffs import load, value
from tests.agent.rules.second_view import KINDS, Line, nurse_visit, read
from tests.thoroughness import one_in

TODAY = date(2026, 11, 23)


def _care(line: CareLine, **more: object) -> dict[str, object]:
    situations = ["maternity"] if line.risk == "maternité" else ["ald"] if line.rate == 100 else []
    person = {"birth_date": line.person.birth_date.isoformat(), "situations": situations}
    return {"act": line.code, "on": line.act_date.isoformat(), "price": str(line.paid), "beneficiary": person, **more}


@pytest.mark.parametrize("seed", range(8))
def test_households_priced_again_agree_act_by_act(seed: int) -> None:
    refused: Counter[str] = Counter()
    priced = 0
    for payment in make_household(seed, TODAY, 10).payments:
        for line in payment.lines:
            try:
                result = estimate(read_care(_care(line, base=str(line.base), coordinated=line.rate != 30)))
            except (UnknownAct, UnknownDate, BaseNeeded, NotPriced) as refusal:
                refused[f"{line.code} {refusal.code}"] += 1
                continue
            priced += 1
            assert result.amo_before_deductions == line.reimbursed, (line, result)
            assert result.rate == line.rate
    assert priced > 20
    assert not [name for name in refused if name.split()[0] in ACTS], refused


@pytest.mark.parametrize("seed", range(8))
def test_consultations_of_households_stand_on_the_tariff_of_their_day(seed: int) -> None:
    seen = 0
    for payment in make_household(seed, TODAY, 10).payments:
        for line in payment.lines:
            if line.code not in {"G", "TCG", "G+MEG"} or line.paid != line.base:
                continue
            seen += 1
            assert estimate(read_care(_care(line, coordinated=line.rate != 30))).base == line.base, line
    assert seen > 3


@pytest.mark.parametrize("seed", range(8))
def test_what_households_have_withheld_on_a_line_is_never_above_what_the_engine_finds_due(seed: int) -> None:
    compared = 0
    for payment in make_household(seed, TODAY, 10).payments:
        withheld: defaultdict[tuple[int, date], Decimal] = defaultdict(Decimal)
        for deduction in payment.deductions:
            if deduction.code in {"PFH", "FRH"}:
                withheld[id(deduction.person), deduction.act_date] -= deduction.amount
        due: defaultdict[tuple[int, date], Decimal] = defaultdict(Decimal)
        known = {(id(line.person), line.act_date) for line in payment.lines if line.code in ACTS}
        for line in payment.lines:
            if line.code in ACTS:
                # The number of boxes or sessions is not on the line: four is the most that the households bill.
                care = _care(line, base=str(line.base), coordinated=line.rate != 30, quantity=4)
                result = estimate(read_care(care))
                due[id(line.person), line.act_date] += result.participation + result.franchise
        for place in known & set(withheld):
            compared += 1
            assert withheld[place] <= due[place], (payment, place)
    assert compared


@pytest.mark.slow
@pytest.mark.parametrize("start", range(0, 160, 20))
def test_many_households_priced_again_agree_act_by_act(start: int) -> None:
    priced = 0
    for seed in range(start, start + 20):
        for payment in make_household(seed, TODAY, 10).payments:
            for line in payment.lines:
                care = _care(line, base=str(line.base), coordinated=line.rate != 30)
                result = estimate(read_care(care))
                priced += 1
                assert result.amo_before_deductions == line.reimbursed, (seed, line)
                assert result.rate == line.rate, (seed, line)
    assert priced > 8_000


def _year_of_care(seed: int, density: float) -> tuple[Counter[str], int]:
    """A dense life charged by both views: by person, year and kind, what the engine takes less what the other does."""
    rng = random.Random(seed)
    family = make_family(rng, seed, TODAY)
    theirs = Counters(family)
    year: defaultdict[tuple[int, int, str], Decimal] = defaultdict(Decimal)
    day: defaultdict[tuple[object, ...], Decimal] = defaultdict(Decimal)
    apart: Counter[str] = Counter()
    acts = 0
    for visit in live(rng, family, date(2020, 1, 1), TODAY, density):
        refunded = visit.day + timedelta(days=6)
        for act in visit.acts:
            line, who = act.line, id(act.line.person)
            maternity = family.in_maternity(line.person, line.act_date)
            on_day = (who, line.act_date, act.professional if act.due == "participation" else act.due)
            least = value("participation_forfaitaire.amount", line.act_date)
            if act.due == "participation" and line.reimbursed < least:
                continue  # what becomes of a participation larger than its refund is not settled
            result = estimate(
                Care(
                    act=line.code,
                    on=line.act_date,
                    base=line.base,
                    price=line.paid,
                    coordinated=line.rate != 30,
                    birth_date=line.person.birth_date,
                    situations=frozenset({"maternity"} if maternity else {"ald"} if line.rate == 100 else ()),
                    refunded_on=refunded,
                    used_this_year=Used(year[who, refunded.year, "pf"], year[who, refunded.year, "fr"]),
                    used_same_day=Used(day[on_day], day[on_day]),
                )
            )
            ours = result.participation + result.franchise
            kind = "pf" if act.due == "participation" else "fr"
            year[who, refunded.year, kind] += ours
            day[on_day] += ours
            acts += 1
            charged = theirs.charge(act, refunded, visit.third_party)
            gap = ours + (charged.amount if charged else 0)
            if gap:
                apart[f"{refunded.year} {kind} {gap}"] += 1
    assert all(taken <= (70 if place[1] == 2026 else 50) for place, taken in year.items())
    return apart, acts


@pytest.mark.parametrize("seed", one_in(4, [0, 1, 3, 6]))
def test_deductions_of_years_with_their_ceilings_agree(seed: int) -> None:
    apart, acts = _year_of_care(seed, 6.0)
    assert acts > 1_200
    # A ceiling of 50 that an odd number of participations of 1 EUR leaves at 49: the households take nothing more.
    assert not [gap for gap in apart if gap != "2024 pf 1"], apart


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(7, 27))
def test_deductions_of_many_years_with_their_ceilings_agree(seed: int) -> None:
    apart, _ = _year_of_care(seed, 10.0)
    assert not [gap for gap in apart if gap != "2024 pf 1"], apart


SITUATIONS = ("", "", "ald", "maternity", "c2s", "ame", "alsace_moselle", "work_accident", "pension_invalidity")


def _random_line(rng: random.Random) -> Line:
    base = Decimal(rng.randrange(100, 30_000)) / 100
    price = base + Decimal(rng.choice((0, 0, 0, 12, 85)))
    kind = rng.choice(sorted(KINDS))
    situation = rng.choice(SITUATIONS)
    if situation == "ame" and kind == "medicine_weak":
        situation = ""  # not paid: nothing to compare
    return Line(
        kind=kind,
        on=date(2012, 1, 1) + timedelta(days=rng.randrange((TODAY - date(2012, 1, 1)).days)),
        base=base,
        price=price,
        age=rng.choice((1, 9, 15, 16, 17, 30, 66)),
        situation=situation,
        coordinated=rng.random() < 0.7,
        costly_stay=rng.random() < 0.4,
        percent=rng.choice((None, None, 100, 150, 300)),
    )


def _agree(seed: int, count: int) -> None:
    rng = random.Random(seed)
    for _ in range(count):
        line = _random_line(rng)
        born = date(line.on.year - line.age, 1, 1)
        result = estimate(
            Care(
                act=KINDS[line.kind],
                on=line.on,
                base=line.base,
                price=line.price,
                coordinated=line.coordinated,
                birth_date=born,
                situations=frozenset({line.situation} - {""}),
                top_up=None if line.percent is None else TopUp(Decimal(line.percent)),
                heavy_act=line.costly_stay,
            )
        )
        mine = (result.amo_before_deductions, result.participation, result.franchise, result.pat, result.amc)
        view = read(line)
        assert mine == (view.before, view.participation, view.franchise, view.pat, view.amc), (line, view, result)


def test_thousands_of_lines_in_every_situation_agree() -> None:
    _agree(0, 6_000)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1, 11))
def test_tens_of_thousands_of_lines_in_every_situation_agree(seed: int) -> None:
    _agree(seed, 20_000)


def test_acts_of_a_nurse_in_one_visit_come_to_the_same_base() -> None:
    rng = random.Random(7)
    for _ in range(1_500):
        on = date(2011, 6, 1) + timedelta(days=rng.randrange((TODAY - date(2011, 6, 1)).days))
        acts = rng.choices(("1", "1", "1.5", "2", "2", "2.4", "3", "3.05", "4", "5.1"), k=rng.randint(1, 5))
        result = estimate(Care(act="+".join(f"AMI{one}" for one in acts), on=on))
        assert result.base == nurse_visit([Decimal(one) for one in acts], on), (on, acts, result)


def test_sick_pay_of_both_views_agrees_to_the_cent_that_one_cuts() -> None:
    rng = random.Random(5)
    for _ in range(300):
        start = date(2012, 2, 1) + timedelta(days=rng.randrange(5_400))
        wage = rng.randrange(1_400, 4_000)
        gross = estimate(Care(act="IJ", on=start, wage=Decimal(wage))).amo
        kept = gross * (1 - value("sick_pay.contributions", start) / 100)
        assert 0 <= kept - net_allowance(load(), wage, start) < Decimal("0.02")
