"""iCalendar: everything that has a last day. The same file as ``ameli deadlines --out``."""

from agent.files.exports.account import Account
from agent.files.exports.calendar import calendar


def make(account: Account) -> bytes:
    """The calendar."""
    return calendar(account.deadlines, account.made_at, account.lang)
