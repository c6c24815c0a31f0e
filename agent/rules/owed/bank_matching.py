"""Payments held against the transfers a bank shows: what arrived, what did not, and what nobody explains.

Sure: the transfer's reference is of the day of the payment, and the amounts are equal. Likely: equal amounts, booked
within five banking days, and nothing else it could be; or one transfer for several payments of a day. Else the
person is asked. A payment is called missing only when the files cover those days of an account the fund pays to.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from itertools import combinations
from typing import Literal

from agent.protocol.money import KeptCredit
from agent.protocol.payments import PaymentDetail

Certainty = Literal["said", "sure", "likely"]
PATIENCE = 5
"""Banking days within which a transfer is booked."""
_MOST_TOGETHER = 4
"""Payments of one day that one transfer may stand for."""
_A_DAY = timedelta(days=1)
NONE = "none"
"""What the person says of a credit that is no payment of the account."""


@dataclass(slots=True)
class Arrived:
    """The transfer of a payment."""

    credit: str
    on: date
    certainty: Certainty


@dataclass(slots=True)
class Arrivals:
    """What the bank files say of the payments."""

    matches: dict[str, Arrived] = field(default_factory=dict)
    """By payment."""
    missing: list[str] = field(default_factory=list)
    """Payments that should have arrived by the days covered, and that no unexplained credit can be."""
    unexplained: list[str] = field(default_factory=list)
    """Credits of the fund that no payment explains."""
    candidates: dict[str, list[str]] = field(default_factory=dict)
    """By unexplained credit: the payments it might be."""


def find_arrivals(
    payments: Sequence[PaymentDetail], credits: Sequence[KeptCredit],
    ranges: Mapping[str, Sequence[Sequence[str]]], today: date,
) -> Arrivals:
    """Match payments (the contract's shape) with credits (``agent.store.bank_credits``); pure, in any order of both.

    ``ranges``: days covered, by account.
    """
    arrivals = Arrivals()
    waited = {one["id"]: _Waited(date.fromisoformat(one["paid_on"]), Decimal(one["amount"])) for one in payments
              if one["to"] == "assure" and Decimal(one["amount"]) > 0}
    booked = {one["id"]: _Booked(date.fromisoformat(one["on"]), Decimal(one["amount"]),
                                 date.fromisoformat(one["ordered"]) if one["ordered"] else None)
              for one in credits if one["payer"] in ("fund", "maybe") and one["said"] != NONE}
    fund = {one["id"] for one in credits if one["payer"] == "fund" and one["said"] != NONE}
    for transfer in credits:
        if transfer["said"] is not None:
            _pair(arrivals, waited, booked, transfer["said"], transfer["id"], "said")
    _surely(arrivals, waited, booked)
    _likely(arrivals, waited, booked)
    _together(arrivals, waited, booked)
    oldest = min((date.fromisoformat(one["paid_on"]) for one in payments), default=date.max)
    equal: defaultdict[Decimal, list[str]] = defaultdict(list)
    for payment, unpaired in waited.items():
        equal[unpaired.amount].append(payment)
    for key, credit in sorted(booked.items(), key=lambda item: (item[1].on, item[0])):
        near = sorted(payment for payment in equal.get(credit.amount, ())
                      if abs((credit.on - waited[payment].paid_on).days) <= 31)
        if key in fund and (near or (credit.ordered or credit.on - 7 * _A_DAY) >= oldest):
            arrivals.unexplained.append(key)
            arrivals.candidates[key] = near
    covered = _covered(ranges, credits)
    perhaps = {payment for credit, listed in arrivals.candidates.items() for payment in listed
               if _in_time(waited[payment].paid_on, booked[credit])}
    for key, left in sorted(waited.items(), key=lambda item: (item[1].paid_on, item[0])):
        latest = _after(left.paid_on, PATIENCE)
        shown = latest <= today and any(first <= left.paid_on and latest <= last for first, last in covered)
        if shown and key not in perhaps:
            arrivals.missing.append(key)
    return arrivals


@dataclass(frozen=True, slots=True)
class _Waited:
    paid_on: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class _Booked:
    on: date
    amount: Decimal
    ordered: date | None


def _pair(
    arrivals: Arrivals, waited: dict[str, _Waited], booked: dict[str, _Booked], payment: str, credit: str,
    how: Certainty,
) -> None:
    """Take both out of what is left. One credit is never used twice here: groups take theirs at once."""
    if payment in waited and credit in booked:
        arrivals.matches[payment] = Arrived(credit, booked[credit].on, how)
        del waited[payment], booked[credit]


def _surely(arrivals: Arrivals, waited: dict[str, _Waited], booked: dict[str, _Booked]) -> None:
    by_order: defaultdict[tuple[date, Decimal], list[str]] = defaultdict(list)
    for key, payment in sorted(waited.items()):
        by_order[payment.paid_on, payment.amount].append(key)
    for key, credit in sorted(booked.items(), key=lambda item: (item[1].on, item[0])):
        equal = by_order.get((credit.ordered, credit.amount)) if credit.ordered else None
        if equal:
            _pair(arrivals, waited, booked, equal.pop(0), key, "sure")


def _likely(arrivals: Arrivals, waited: dict[str, _Waited], booked: dict[str, _Booked]) -> None:
    """Pairs that are each other's only possibility, until there are no more; then as many of each, in their order."""
    while True:
        fits = _fits(waited, booked)
        back: defaultdict[str, list[str]] = defaultdict(list)
        for credit, payments in fits.items():
            for payment in payments:
                back[payment].append(credit)
        sole = [(payments[0], credit) for credit, payments in fits.items()
                if len(payments) == 1 and len(back[payments[0]]) == 1]
        sole = sole or _in_order(fits, waited, booked)
        if not sole:
            return
        for payment, credit in sole:
            _pair(arrivals, waited, booked, payment, credit, "likely")


def _fits(waited: Mapping[str, _Waited], booked: Mapping[str, _Booked]) -> dict[str, list[str]]:
    by_amount: defaultdict[Decimal, list[str]] = defaultdict(list)
    for key in sorted(waited, key=lambda key: (waited[key].paid_on, key)):
        by_amount[waited[key].amount].append(key)
    fits = {credit: [key for key in by_amount.get(one.amount, ()) if _in_time(waited[key].paid_on, one)]
            for credit, one in booked.items()}
    return {credit: payments for credit, payments in fits.items() if payments}


def _in_order(
    fits: Mapping[str, list[str]], waited: Mapping[str, _Waited], booked: Mapping[str, _Booked]
) -> list[tuple[str, str]]:
    """Equal amounts that could all be one another: paired in the order of their days when they are as many."""
    groups: defaultdict[Decimal, list[str]] = defaultdict(list)
    for credit in sorted(fits, key=lambda key: (booked[key].on, key)):
        groups[booked[credit].amount].append(credit)
    pairs = []
    for credits in groups.values():
        payments = sorted({one for credit in credits for one in fits[credit]},
                          key=lambda key: (waited[key].paid_on, key))
        if len(payments) == len(credits) and all(
            payment in fits[credit] for payment, credit in zip(payments, credits, strict=True)
        ):
            pairs += list(zip(payments, credits, strict=True))
    return pairs


def _together(arrivals: Arrivals, waited: dict[str, _Waited], booked: dict[str, _Booked]) -> None:
    """One transfer for several payments of one day."""
    by_day: defaultdict[date, list[str]] = defaultdict(list)
    for key in sorted(waited):
        by_day[waited[key].paid_on].append(key)
    for credit in sorted(booked, key=lambda key: (booked[key].on, key)):
        transfer = booked[credit]
        sums = [group for day, keys in by_day.items() if _in_time(day, transfer)
                for size in range(2, min(_MOST_TOGETHER, len(keys)) + 1) for group in combinations(keys, size)
                if all(key in waited for key in group)
                and sum((waited[key].amount for key in group), Decimal(0)) == transfer.amount]
        if len(sums) == 1:
            for payment in sums[0]:
                arrivals.matches[payment] = Arrived(credit, transfer.on, "likely")
                del waited[payment]
            del booked[credit]


def _in_time(paid_on: date, credit: _Booked) -> bool:
    if credit.ordered is not None and credit.ordered != paid_on:
        return False
    return paid_on <= credit.on <= _after(paid_on, PATIENCE)


def _covered(
    ranges: Mapping[str, Sequence[Sequence[str]]], credits: Iterable[KeptCredit]
) -> list[tuple[date, date]]:
    """The days covered of accounts on which the fund pays: what another account shows says nothing of them."""
    paid: defaultdict[str, list[date]] = defaultdict(list)
    for transfer in credits:
        if transfer["payer"] == "fund":
            for account in transfer.get("accounts", ()):
                paid[account].append(date.fromisoformat(transfer["on"]))
    spans = sorted(
        (first, last) for account, listed in ranges.items()
        for first, last in ((date.fromisoformat(one), date.fromisoformat(other)) for one, other in listed)
        if any(first <= day <= last for day in paid[account]))
    joined: list[tuple[date, date]] = []
    for first, last in spans:
        if joined and first <= joined[-1][1] + _A_DAY:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return joined


@lru_cache(4096)
def _after(day: date, banking_days: int) -> date:
    """The day so many banking days later."""
    while banking_days:
        day += _A_DAY
        banking_days -= is_banking_day(day)
    return day


@lru_cache(4096)
def is_banking_day(day: date) -> bool:
    """Whether banks settle transfers: not at week-ends, nor on the closing days of the euro's settlement system."""
    if day.weekday() >= 5 or (day.month, day.day) in {(1, 1), (5, 1), (12, 25), (12, 26)}:
        return False
    from dateutil.easter import easter  # 5 ms, and only where bank files were read

    sunday = easter(day.year)
    return day not in (sunday - 2 * _A_DAY, sunday + _A_DAY)
