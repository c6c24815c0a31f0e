"""Payments held against the transfers a bank shows: what arrived, what did not, and what nobody explains.

Sure: the transfer's reference is of the day of the payment, and the amounts are equal. Likely: equal amounts, booked
within five banking days, and nothing else it could be; or one transfer for several payments, or several for one
(``transfer_groups``). Else the person is asked. Which payments are called missing: ``never_arrived``.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from agent.protocol.money import KeptCredit
from agent.protocol.payments import PaymentDetail
from agent.rules.owed.banking_days import PATIENCE, after, banking_days
from agent.rules.owed.never_arrived import Seen, never_arrived
from agent.rules.owed.transfer_groups import Booked, Waited, apart, in_time, together

Days = tuple[date, date]
Certainty = Literal["said", "sure", "likely"]
_LATE = timedelta(days=31)
"""Days until which an equal amount may still be the payment, which the person is asked."""
_SWAP = timedelta(days=14)
"""Days between a payment and a transfer that may be it."""
_MOST_PATIENCE = 15
NONE = "none"
"""What the person says of a credit that is no payment of the account."""


@dataclass(slots=True)
class Arrived:
    """The transfer of a payment."""

    credit: str
    """Of several, the last."""
    on: date
    certainty: Certainty
    parts: tuple[str, ...] = ()
    """Where it came in several transfers, all of them."""


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
    covered: dict[str, Days] = field(default_factory=dict)
    """By missing payment: the days around it that the files cover."""
    patience: int = PATIENCE
    """Banking days within which this bank books: more than usual where it was seen to take longer."""


def find_arrivals(
    payments: Sequence[PaymentDetail], credits: Sequence[KeptCredit],
    ranges: Mapping[str, Sequence[Sequence[str]]], today: date, came: Collection[str] = (),
) -> Arrivals:
    """Match payments (the contract's shape) with credits (``agent.store.bank_credits``); pure, in any order of both.

    ``ranges``: days covered, by account; ``came``: payments that the person says have arrived.
    """
    arrivals = Arrivals()
    waited = {one["id"]: Waited(date.fromisoformat(one["paid_on"]), Decimal(one["amount"])) for one in payments
              if one["to"] == "assure" and Decimal(one["amount"]) != 0}
    paid = dict(waited)
    meant = [one for one in credits if one["payer"] in ("fund", "maybe") and one["said"] != NONE]
    booked = {one["id"]: Booked(date.fromisoformat(one["on"]), Decimal(one["amount"]),
                                date.fromisoformat(one["ordered"]) if one["ordered"] else None)
              for one in meant}
    every = dict(booked)
    fund = {one["id"] for one in meant if one["payer"] == "fund"}
    for transfer in credits:
        if transfer["said"] is not None:
            _pair(arrivals, waited, booked, transfer["said"], transfer["id"], "said")
    _surely(arrivals, waited, booked)
    _likely(arrivals, waited, booked)
    for credit, group in together(waited, booked):
        for payment in group:
            arrivals.matches[payment] = Arrived(credit, every[credit].on, "likely")
    for payment, parts in apart(waited, {key: booked[key] for key in booked if key in fund}):
        arrivals.matches[payment] = Arrived(parts[-1], every[parts[-1]].on, "likely", parts)
        for part in parts:
            del booked[part]
    _riddles(arrivals, payments, waited, booked, fund)
    arrivals.patience = _patience(arrivals, paid)
    used = {match.credit for match in arrivals.matches.values()}
    # An account of which no transfer is a payment known here may be another person's: it tells of nothing that is lost.
    own = {account for one in credits if one["id"] in used for account in one.get("accounts", ())}
    seen = [Seen(date.fromisoformat(one["on"]), tuple(own.intersection(one.get("accounts", ())))) for one in credits
            if one["payer"] == "fund" or one["id"] in used]
    covered = never_arrived({key: left.paid_on for key, left in waited.items() if left.amount > 0 and key not in came},
                            seen, ranges, today, arrivals.patience)
    perhaps = _Perhaps(_swapped(arrivals, every, booked, fund, paid), every, fund, meant)
    arrivals.covered = {key: days for key, days in covered.items()
                        if not perhaps.one_might_be(waited[key], arrivals.patience)}
    arrivals.missing = list(arrivals.covered)
    return arrivals


def _riddles(
    arrivals: Arrivals, payments: Sequence[PaymentDetail], waited: Mapping[str, Waited],
    booked: Mapping[str, Booked], fund: Collection[str],
) -> None:
    """Note the fund's transfers that are left, each with the payments it might be."""
    oldest = min((date.fromisoformat(one["paid_on"]) for one in payments), default=date.max)
    equal: defaultdict[Decimal, list[str]] = defaultdict(list)
    for payment, unpaired in waited.items():
        equal[unpaired.amount].append(payment)
    for key, credit in sorted(booked.items(), key=lambda item: (item[1].on, item[0])):
        near = sorted(payment for payment in equal.get(credit.amount, ())
                      if abs(credit.on - waited[payment].paid_on) <= _LATE)
        if key in fund and (near or (credit.ordered or credit.on - timedelta(days=7)) >= oldest):
            arrivals.unexplained.append(key)
            arrivals.candidates[key] = near


def _patience(arrivals: Arrivals, paid: Mapping[str, Waited]) -> int:
    """Banking days within which this bank books, by what was seen of it."""
    took = [banking_days(paid[key].paid_on, one.on) for key, one in arrivals.matches.items()]
    return max([PATIENCE, *(days for days in took if days <= _MOST_PATIENCE)])


def _swapped(
    arrivals: Arrivals, every: Mapping[str, Booked], booked: Mapping[str, Booked], fund: Collection[str],
    paid: Mapping[str, Waited],
) -> set[str]:
    """The transfers that are left, and those that would be if one that is left were a payment they are taken for."""
    likely = sorted((paid[key].paid_on, key) for key, match in arrivals.matches.items() if match.certainty == "likely")
    left, ahead = set(booked), list(booked)
    while ahead:
        name = ahead.pop()
        transfer = every[name]
        since = bisect_left(likely, (transfer.on - _SWAP, ""))
        for paid_on, key in likely[since:bisect_right(likely, (transfer.on, "~"))]:
            if in_time(paid_on, transfer) and (name in fund or paid[key].amount == transfer.amount):
                match = arrivals.matches[key]
                freed = {*(match.parts or (match.credit,))} - left
                left |= freed
                ahead += freed
    return left


class _Perhaps:
    """What transfers that are left may be."""

    def __init__(
        self, left: set[str], every: Mapping[str, Booked], fund: set[str], meant: Sequence[KeptCredit]
    ) -> None:
        several = {one["id"] for one in meant if len(one.get("accounts", ())) > 1}
        self._listed = sorted((every[key].on, key) for key in {*left, *several})
        self._left, self._every, self._fund = left, every, fund

    def one_might_be(self, payment: Waited, patience: int) -> bool:
        """Whether one may be this payment, part of it, or have it among others.

        An equal one that stands on several accounts may be one in two files, or one on each account.
        """
        latest = after(payment.paid_on, patience)
        for on, key in self._listed[bisect_left(self._listed, (payment.paid_on, "")):]:
            credit = self._every[key]
            if on > payment.paid_on + _LATE:
                return False
            if credit.ordered is not None and credit.ordered != payment.paid_on:
                continue
            equal = credit.amount == payment.amount
            if (equal and key in self._left) or (on <= latest and (equal or (key in self._left and key in self._fund))):
                return True
        return False


def _pair(
    arrivals: Arrivals, waited: dict[str, Waited], booked: dict[str, Booked], payment: str, credit: str,
    how: Certainty,
) -> None:
    """Take both out of what is left. One credit is never used twice here: groups take theirs at once."""
    if payment in waited and credit in booked:
        arrivals.matches[payment] = Arrived(credit, booked[credit].on, how)
        del waited[payment], booked[credit]


def _surely(arrivals: Arrivals, waited: dict[str, Waited], booked: dict[str, Booked]) -> None:
    by_order: defaultdict[tuple[date, Decimal], list[str]] = defaultdict(list)
    for key, payment in sorted(waited.items()):
        by_order[payment.paid_on, payment.amount].append(key)
    for key, credit in sorted(booked.items(), key=lambda item: (item[1].on, item[0])):
        equal = by_order.get((credit.ordered, credit.amount)) if credit.ordered else None
        if equal:
            _pair(arrivals, waited, booked, equal.pop(0), key, "sure")


def _likely(arrivals: Arrivals, waited: dict[str, Waited], booked: dict[str, Booked]) -> None:
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


def _fits(waited: Mapping[str, Waited], booked: Mapping[str, Booked]) -> dict[str, list[str]]:
    by_amount: defaultdict[Decimal, list[str]] = defaultdict(list)
    for key in sorted(waited, key=lambda key: (waited[key].paid_on, key)):
        by_amount[waited[key].amount].append(key)
    fits = {credit: [key for key in by_amount.get(one.amount, ()) if in_time(waited[key].paid_on, one)]
            for credit, one in booked.items()}
    return {credit: payments for credit, payments in fits.items() if payments}


def _in_order(
    fits: Mapping[str, list[str]], waited: Mapping[str, Waited], booked: Mapping[str, Booked]
) -> list[tuple[str, str]]:
    """Equal amounts that could all be one another: paired in the order of their days when they are as many."""
    pairs = []
    for credits, payments in _circles(fits):
        credits.sort(key=lambda key: (booked[key].on, key))
        payments.sort(key=lambda key: (waited[key].paid_on, key))
        if len(payments) == len(credits) and all(
            payment in fits[credit] for payment, credit in zip(payments, credits, strict=True)
        ):
            pairs += list(zip(payments, credits, strict=True))
    return pairs


def _circles(fits: Mapping[str, list[str]]) -> list[tuple[list[str], list[str]]]:
    """Transfers and payments that hang together by what each could be."""
    back: defaultdict[str, list[str]] = defaultdict(list)
    for credit, listed in fits.items():
        for payment in listed:
            back[payment].append(credit)
    circles, met = [], set[str]()
    for first in sorted(fits):
        if first in met:
            continue
        credits, payments, ahead = set[str](), set[str](), [first]
        while ahead:
            credit = ahead.pop()
            if credit not in credits:
                credits.add(credit)
                payments.update(fits[credit])
                ahead += [other for payment in fits[credit] for other in back[payment]]
        met |= credits
        circles.append((list(credits), list(payments)))
    return circles
