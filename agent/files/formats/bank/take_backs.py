"""Transfers that a bank or the fund took back: both movements go, for nothing stayed on the account."""

import re
from collections.abc import Sequence
from datetime import timedelta

from agent.files.formats.bank.labels import payer_of, plain
from agent.files.formats.bank.model import Line

_TAKEN_BACK = re.compile(
    r"\b(?:ANNUL\w*|REJET\w*|EXTOURNE\w*|CONTRE ?-?PASS\w*|RETOUR|RAPPEL|REPRISE|RECALL|REVERSAL|CORRECTION)\b")
"""A debit that says so of itself. One that does not is what a person pays back: the transfer stays."""
_WITHIN = timedelta(days=31)


def without_taken_back(lines: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """The movements of one account without transfers that an equal debit takes back, and these transfers.

    The debit names the fund and comes on the same day or within a month; the last equal transfer before it goes.
    """
    gone = set[int]()
    taken_back = []
    backs = [place for place, line in enumerate(lines)
             if line.amount < 0 and _TAKEN_BACK.search(plain(line.label)) and payer_of(line.label) == "fund"]
    for back in sorted(backs, key=lambda place: (lines[place].on, place)):
        debit = lines[back]
        equal = [place for place, line in enumerate(lines)
                 if line.amount == -debit.amount and place not in gone
                 and timedelta() <= debit.on - line.on <= _WITHIN and payer_of(line.label) == "fund"]
        if equal:
            last = max(equal, key=lambda place: (lines[place].on, place))
            gone |= {last, back}
            taken_back.append(lines[last])
    return [line for place, line in enumerate(lines) if place not in gone], taken_back
