"""Which payments never arrived: said only of days that files cover, of an account that the fund paid at that time.

The fund pays one account, and another one once the person says so. A day is told of by the account that it paid last
before and by the one it paid next. Before the first transfer seen, or after the last, one payment may be lost; several
tell that the fund paid another account, whose file was not read.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from agent.rules.owed.banking_days import after

Days = tuple[date, date]
_A_DAY = timedelta(days=1)


class Seen(NamedTuple):
    """A transfer of the fund, and the accounts that show it."""

    on: date
    accounts: tuple[str, ...]


def never_arrived(
    waited: Mapping[str, date], seen: Sequence[Seen], ranges: Mapping[str, Sequence[Sequence[str]]], today: date,
    patience: int,
) -> dict[str, Days]:
    """Those of the payments without a transfer (id to day) that are lost, oldest first, each with the days covered
    around it. ``patience``: banking days to wait.
    """
    spans = {account: [(date.fromisoformat(first), date.fromisoformat(last)) for first, last in listed]
             for account, listed in ranges.items()}
    transfers = sorted((transfer for transfer in seen if transfer.accounts), key=lambda transfer: transfer.on)
    days = [transfer.on for transfer in transfers]
    lost: defaultdict[tuple[bool, bool], dict[str, Days]] = defaultdict(dict)
    for key, day in sorted(waited.items(), key=lambda item: (item[1], item[0])):
        latest = after(day, patience)
        place = bisect_right(days, day)
        before, behind = transfers[place - 1:place] if place else [], transfers[place:place + 1]
        around = _covered(spans, before, behind, day, latest) if latest <= today else None
        if around is not None:
            lost[bool(before), bool(behind)][key] = around
    return {key: around for sides, listed in lost.items() if all(sides) or len(listed) == 1
            for key, around in listed.items()}


def _covered(
    spans: Mapping[str, Sequence[Days]], before: Sequence[Seen], behind: Sequence[Seen], day: date, latest: date
) -> Days | None:
    """The days around that the files of the account paid at that time cover, if they cover all until ``latest``."""
    sides = [{account for one in side for account in one.accounts} for side in (before, behind) if side]
    if not sides:
        return None
    if len(sides) == 2 and not sides[0] & sides[1] and _beside(spans, *sides):
        around = [_around(spans, side, day, latest) for side in sides]
    else:
        around = [_around(spans, set().union(*sides), day, latest)]
    whole = [one for one in around if one is not None]
    return (max(first for first, _ in whole), min(last for _, last in whole)) if len(whole) == len(around) else None


def _beside(spans: Mapping[str, Sequence[Days]], some: set[str], others: set[str]) -> bool:
    """Whether files of both tell of the same days: two accounts then, and not one whose files name none."""
    return any(first <= end and begin <= last for one in some for first, last in spans.get(one, ())
               for other in others for begin, end in spans.get(other, ()))


def _around(spans: Mapping[str, Sequence[Days]], accounts: set[str], day: date, latest: date) -> Days | None:
    joined: list[Days] = []
    for first, last in sorted(span for account in accounts for span in spans.get(account, ())):
        if joined and first <= joined[-1][1] + _A_DAY:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return next((span for span in joined if span[0] <= day and latest <= span[1]), None)
