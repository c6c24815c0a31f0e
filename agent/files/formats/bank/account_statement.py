"""Statements whose format names every part: their movements, proven by the balances and counts that stand around them.

An opening balance and the movements make the closing one, and the statement after it opens with that. Where they do
not, movements are missing or misread: the days are not held to be covered, and the person is told.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from agent.files.formats.bank.errors import BankFileUnreadable
from agent.files.formats.bank.model import EVER, Account, Days, Line, Unread, Why, days_around, first_rows

MOST_MOVEMENTS = 200_000
"""Of one file."""
MOST_STATEMENTS = 20_000
"""Of one file: fifty years of one a day."""
NO_DAY = Why("sa date est illisible", "its day cannot be read")
NO_AMOUNT = Why("son montant est illisible", "its amount cannot be read")
NO_CURRENCY = Why("sa monnaie n'est pas connue", "its currency is not known")
NO_SIDE = Why("rien ne dit si la somme est entrée ou sortie", "nothing says whether the sum came or left")
CUT = Why("elle est coupée", "it is cut short and could not be read")
_A_DAY = timedelta(days=1)
_FAR = timedelta(days=400)
_YEARS = range(1980, 2101)
_CENT = Decimal("0.01")
_SILENT = timedelta(days=62)
"""A file is not believed to cover more days than this without a movement, before its first and after its last."""


class Balance(NamedTuple):
    """What was on the account at the end of a day, in euros."""

    on: date
    amount: Decimal


class _Met(NamedTuple):
    """One movement, or why it could not be read; of a movement in another currency neither."""

    on: date | None
    line: Line | None = None
    unread: Unread | None = None


@dataclass(slots=True)
class AccountStatement:
    """One statement of one account, as a file tells it."""

    name: str = ""
    """The account's number; empty where the file names none."""
    opening: Balance | None = None
    closing: Balance | None = None
    since: date | None = None
    until: date | None = None
    """First and last day, as far as the file says."""
    announced: int | None = None
    """How many movements it says to have."""
    skipped: int = 0
    """Movements that did not take place yet: they count among the announced."""
    met: list[_Met] = field(default_factory=list)

    def add(self, on: date, amount: Decimal, label: str) -> None:
        """A movement, in euros."""
        self.met.append(_Met(on, Line(on, amount.quantize(_CENT), label)))

    def miss(self, row: int, why: Why, on: date | None = None) -> None:
        """A movement that cannot be read, of the day ``on`` where that much is known."""
        self.met.append(_Met(on, unread=Unread(row, why)))

    def leave(self, on: date) -> None:
        """A movement in another currency than the euro."""
        self.met.append(_Met(on))

    @property
    def whole(self) -> bool:
        """Whether every movement was read, so that the balances can judge."""
        return all(one.line is not None for one in self.met)

    @property
    def moved(self) -> Decimal:
        """What came less what left."""
        return sum((one.line.amount for one in self.met if one.line is not None), Decimal(0))

    @property
    def span(self) -> Days | None:
        """The days it speaks of, its movements' own included; None when nothing tells."""
        days = [one.on for one in self.met if one.on is not None]
        if self.opening is None or self.closing is None:
            days = _together(days)
        since = self.since or (self.opening.on + _A_DAY if self.opening else None)
        until = self.until or (self.closing.on if self.closing else None)
        if self.closing is None or self.opening is None:
            if not days:
                return None
            since = max(since, min(days) - _SILENT) if since else None
            until = min(until, max(days) + _SILENT) if until else None
        first, last = min(filter(None, [since, *days]), default=None), max(filter(None, [until, *days]), default=None)
        return (first, last) if first is not None and last is not None and first <= last else None

    @property
    def adds_up(self) -> bool:
        """Whether balances and count fit its movements, as far as they are there."""
        if self.announced is not None and self.announced != len(self.met) + self.skipped:
            return False
        if self.opening is None or self.closing is None or not self.whole:
            return True
        return self.opening.amount + self.moved == self.closing.amount


def bank_day(day: date) -> date | None:
    """``day``, or None where no bank's file speaks of it: some write 1900 or 1970 for none."""
    return day if day.year in _YEARS else None


def _together(days: Sequence[date]) -> list[date]:
    """The days without those that stand far from most others: one that was mistyped makes no file cover years."""
    groups: list[list[date]] = []
    for day in sorted(days):
        if groups and day - groups[-1][-1] <= _FAR:
            groups[-1].append(day)
        else:
            groups.append([day])
    return max(groups, key=len, default=[])


def accounts_of(statements: Sequence[AccountStatement]) -> list[Account]:
    """The accounts of a file, each with all its statements. Raises BankFileUnreadable where most is unread."""
    together: dict[str, list[AccountStatement]] = {}
    for at, statement in enumerate(statements):
        together.setdefault(statement.name or f" {at}", []).append(statement)
    accounts = [_account(parts) for parts in together.values()]
    unread = [one for account in accounts for one in account.unread]
    read = sum(len(account.lines) + account.foreign for account in accounts)
    if len(unread) > read:
        rows, count = first_rows(unread), len(unread) + read
        raise BankFileUnreadable(why_fr=f"{len(unread)} mouvements sur {count} sont illisibles ({rows.fr})",
                                 why_en=f"{len(unread)} movements of {count} cannot be read ({rows.en})")
    return accounts


def too_many() -> BankFileUnreadable:
    """What is told of a file that never ends."""
    return BankFileUnreadable(why_fr="il a trop de lignes", why_en="it has too many lines")


def _account(parts: Sequence[AccountStatement]) -> Account:
    account = Account(parts[0].name)
    for part in parts:
        around = days_around([one.on if one.unread is None else None for one in part.met])
        for met, near in zip(part.met, around, strict=True):
            if met.line is not None:
                account.lines.append(met.line)
            elif met.unread is None:
                account.foreign += 1
            else:
                account.unread.append(met.unread)
                account.gaps.append((met.on, met.on) if met.on is not None else near)
        if (span := part.span) is not None:
            account.parts.append(span)
        if not part.adds_up:
            _break(account, [span or EVER])
    _break(account, _between(account, parts))
    return account


def _between(account: Account, parts: Sequence[AccountStatement]) -> Iterable[Days]:
    """Join statements that follow each other by their balances; where the balances differ, movements are missing."""
    dated = sorted((part for part in parts if part.opening and part.closing), key=lambda part: (
        part.opening.on if part.opening else date.min, part.closing.on if part.closing else date.min))
    for before, after in pairwise(dated):
        if before.closing is None or after.opening is None:
            continue
        first, last = sorted((before.closing.on, after.opening.on))
        if before.closing.amount != after.opening.amount:
            yield first, last
        elif (older := before.span) is not None and (newer := after.span) is not None and older[1] < newer[0]:
            account.parts.append((older[1], newer[0]))


def _break(account: Account, spans: Iterable[Days]) -> None:
    for days in list(spans):
        account.broken.append(days)
        account.gaps.append(days)
