"""Two independent readings of the rules meet: the sandbox's households, priced again by the engine."""

from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal

import pytest

from agent.reimbursement import estimate, read_care
from agent.reimbursement.errors import BaseNeeded, NotPriced, UnknownAct, UnknownDate
from agent.reimbursement.nomenclature import ACTS
from agent.sandbox.generator import make_household
from agent.sandbox.model import CareLine

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
