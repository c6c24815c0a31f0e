"""iCalendar: everything that has a last day. The same file as ``ameli deadlines --out``."""

from agent.exchange.calendar import calendar
from agent.exchange.exports.data import Account


def make(account: Account) -> bytes:
    """The calendar."""
    return calendar(account.deadlines, account.made_at, account.lang)
