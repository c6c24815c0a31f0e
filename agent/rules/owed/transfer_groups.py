"""One transfer for several payments, several transfers for one payment: taken where only one way adds up.

A payment below zero (the fund takes something back) lessens the transfer of others. What differs only in which of
equal twins it takes is one way.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations
from typing import NamedTuple

from agent.rules.owed.banking_days import PATIENCE, after

_MOST_OF_A_DAY = 6
_MOST = 4
"""Parts that are looked for, of one day and of several."""
_NEAR = 12
"""Beyond so many that could be parts, sums that fit by chance are too many."""
_SPAN = 14
"""Days that so many banking days as a transfer may take never exceed."""
_ZERO = Decimal(0)


class Waited(NamedTuple):
    """A payment to the person."""

    paid_on: date
    amount: Decimal


class Booked(NamedTuple):
    """A transfer; ``ordered`` is the day in its reference."""

    on: date
    amount: Decimal
    ordered: date | None


def in_time(paid_on: date, credit: Booked) -> bool:
    """Whether a transfer may be of a payment of that day."""
    if credit.ordered is not None and credit.ordered != paid_on:
        return False
    return paid_on <= credit.on <= after(paid_on, PATIENCE)


def together(waited: dict[str, Waited], booked: dict[str, Booked]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each transfer that is several payments, of one day rather than of several; they are taken out of both."""
    of_day: defaultdict[date, list[str]] = defaultdict(list)
    for key in sorted(waited):
        of_day[waited[key].paid_on].append(key)
    for credit in sorted(booked, key=lambda key: (booked[key].on, key)):
        transfer = booked[credit]
        near = [key for ago in range(_SPAN, -1, -1) for key in of_day.get(transfer.on - timedelta(days=ago), ())
                if key in waited and in_time(waited[key].paid_on, transfer)]
        amounts = {key: waited[key].amount for key in near}
        days = sorted({waited[key].paid_on for key in near})
        ways = {tuple((day, amounts[key]) for key in group): group for day in days
                for group in _sums([key for key in near if waited[key].paid_on == day], amounts, transfer.amount,
                                   _MOST_OF_A_DAY)}
        ways = ways or {tuple((waited[key].paid_on, amounts[key]) for key in group): group
                        for group in _sums(near, amounts, transfer.amount, _MOST)}
        if len(ways) == 1:
            [group] = ways.values()
            for payment in group:
                del waited[payment]
            del booked[credit]
            yield credit, group


def apart(waited: dict[str, Waited], booked: dict[str, Booked]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each payment that came in several transfers, these in the order of their days; taken out of both."""
    of_day: defaultdict[date, list[str]] = defaultdict(list)
    for credit in sorted(booked):
        of_day[booked[credit].on].append(credit)
    for key in sorted(waited, key=lambda key: (waited[key].paid_on, key)):
        payment = waited[key]
        near = [credit for later in range(_SPAN + 1) for credit in of_day.get(payment.paid_on + timedelta(later), ())
                if credit in booked and in_time(payment.paid_on, booked[credit])]
        amounts = {credit: booked[credit].amount for credit in near}
        ways = {tuple((booked[credit].on, amounts[credit]) for credit in parts): parts
                for parts in _sums(near, amounts, payment.amount, _MOST)}
        if len(ways) == 1:
            [parts] = ways.values()
            for credit in parts:
                del booked[credit]
            del waited[key]
            yield key, parts


def _sums(
    keys: Sequence[str], amounts: Mapping[str, Decimal], total: Decimal, most: int
) -> Iterator[tuple[str, ...]]:
    if len(keys) > _NEAR:
        return
    for size in range(2, min(most, len(keys)) + 1):
        for group in combinations(keys, size):
            if sum((amounts[key] for key in group), _ZERO) == total:
                yield group
