"""What a sync of the payments does, decided from what is known: which days to list, which details to fetch. No I/O."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from agent.account.known import KnownPayments
    from agent.account.sync_notes import PaymentsNote

OVERLAP = timedelta(days=45)
"""How far back a repeat sync looks again: payments are booked late, and one request covers months."""
SLACK = timedelta(days=31)
"""A window of "six months" slides unevenly."""


class ListedSoFar(msgspec.Struct, frozen=True, kw_only=True):
    """Where the payments stand, as kept between two runs. ``oldest`` and ``until`` are known together."""

    oldest: date | None = None
    """First day that the service listed."""
    until: date | None = None
    """Last day that was listed."""
    left_since: date | None = None
    """Day of the oldest payment whose detail is still to be had."""
    failed_on: date | None = None
    """Day of the last run that could not read a detail: by itself the program asks again once a day."""

    @classmethod
    def read(cls, note: PaymentsNote | None) -> ListedSoFar:
        """From the vault; nothing yet, and notes of older versions, are read too."""
        return msgspec.convert(note or {}, cls)

    def note(self) -> PaymentsNote:
        """As the vault keeps it: ISO days."""
        note: PaymentsNote = msgspec.to_builtins(self)
        return note

    def slid(self, newest: date) -> date | None:
        """The first day of the window by the time its last one is ``newest``; None before the first list."""
        if self.oldest is None or self.until is None:
            return None
        return self.oldest + (newest - self.until)


def usual_window(so_far: ListedSoFar, today: date, length: timedelta) -> tuple[date, date]:
    """The days that the service should list today, when its own page does not tell; ``length`` of a first list."""
    return so_far.slid(today) or today - length, today


def expected_oldest(so_far: ListedSoFar, oldest: date, newest: date) -> date:
    """The oldest day the service should list: its window slides with the days, it does not shrink."""
    slid = so_far.slid(newest)
    return slid if slid is not None and oldest - slid > SLACK else oldest


def missed(so_far: ListedSoFar, oldest: date, newest: date) -> date | None:
    """The day since which payments are not listed any more: nobody looked for longer than the service looks back."""
    if so_far.until is None or so_far.until >= oldest or expected_oldest(so_far, oldest, newest) != oldest:
        return None
    return so_far.until


def list_from(so_far: ListedSoFar, *, full: bool, retry: bool) -> date:
    """First day to list: the overlap, or further back to what is still incomplete."""
    if full or so_far.until is None:
        return date.min
    again = so_far.until - OVERLAP
    return min(again, so_far.left_since) if retry and so_far.left_since is not None else again


def to_fetch(
    listed: Mapping[str, Hashable], complete: KnownPayments, *, full: bool, retry: bool,
) -> list[str]:
    """The ids whose detail is asked for, in the order of the list. ``complete`` holds those known before it.

    ``listed`` has what equal payments share (day, kind and amount). Equals are told apart by their place in the list:
    where one of them is new, it may stand above those known, which then have other ids. All of them are asked for.
    """
    wanted = [key for key in listed if full or key not in complete or (retry and not complete[key])]
    moved = {listed[key] for key in wanted}
    return [key for key, equal in listed.items() if equal in moved]


def listed_until(so_far: ListedSoFar, oldest: date, newest: date, *, shrunk: bool) -> tuple[date, date]:
    """The days to remember as listed.

    After a list that lost rows the next one looks back as far as this one did, while that costs no more than usual:
    rows that stay away for weeks are gone for good.
    """
    if shrunk and so_far.oldest is not None and so_far.until is not None and newest - so_far.until <= OVERLAP:
        return so_far.oldest, so_far.until
    return oldest, newest


def still_left(so_far: ListedSoFar, *, full: bool, retry: bool, shrunk: bool) -> date | None:
    """What is left from before: without a retry, or on a list that lost rows, it may not be listed."""
    return so_far.left_since if shrunk or not (retry or full) else None


def oldest_left(days: Collection[date], before: date | None) -> date | None:
    """Day of the oldest payment still incomplete, among ``days`` and what is left from before."""
    return min([*days, before] if before is not None else days, default=None)
