"""A copy serves to mend a reader: ours reads it as it reads the original, with other content."""

from datetime import date
from typing import Any

import pytest

from agent.files.anonymise import anonymise
from agent.files.formats.statements.model import Statement
from agent.files.formats.statements.reader import read_statement
from agent.sandbox.generator import make_household
from agent.sandbox.pdf import make_pdf_payment, make_pdf_statement
from tests.thoroughness import examples, one_in

TODAY = date(2026, 11, 23)


def shape(statement: Statement) -> list[Any]:
    """What a statement is made of, without what it says."""
    people: dict[object, int] = {}
    head = [statement.kind, len(statement.doubts), bool(statement.nir), bool(statement.holder), bool(statement.top_up)]
    return [*head, [
        (one.to, one.reference is None, [
            (people.setdefault(line.patient, len(people)), line.act_date is None, line.code is None, line.rate is None,
             line.paid == line.base) for line in one.lines],
         [(cut.act_date is None, cut.amount < 0) for cut in one.deductions],
         [(part.end - part.start).days >= 0 and part.days is not None for part in one.allowances],
         sum([line.refunded for line in one.lines] + [cut.amount for cut in one.deductions]
             + [part.amount for part in one.allowances]) == one.amount) for one in statement.payments]]


@pytest.mark.parametrize("seed", one_in(4, range(4)))
def test_our_reader_finds_the_same_structure_in_the_copy(seed: int) -> None:
    house = make_household(seed, TODAY, 2)
    for payment in house.payments[:: max(1, len(house.payments) // examples(14))]:
        for made in (make_pdf_payment(house, payment), make_pdf_statement(house, payment.paid_on)):
            original, copy = read_statement("a.pdf", made), read_statement("b.pdf", anonymise(made).data)
            assert shape(copy) == shape(original)
            assert copy.holder != original.holder
            assert copy.nir != original.nir
            assert {one.paid_on for one in copy.payments}.isdisjoint(one.paid_on for one in original.payments)
            assert [one.amount for one in copy.payments] != [one.amount for one in original.payments] or not (
                copy.payments)
