"""How long the account service goes on giving a document. Days are ISO dates of France."""

from calendar import monthrange
from datetime import date, timedelta

STATEMENT_MONTHS = 27
"""Closed months of which the service lists the statement."""
PAYMENT_DAYS = 183
"""Days for which it lists a payment, with its décompte: six months and a bit, of which the bit is not counted on."""


def listed_until(kind: str, day: date) -> date | None:
    """The last day on which the service has a document of this kind and date; None: nobody knows."""
    if kind == "releve_mensuel":
        months = day.year * 12 + day.month - 1 + STATEMENT_MONTHS
        year, month = months // 12, months % 12 + 1
        return date(year, month, monthrange(year, month)[1])
    return day + timedelta(days=PAYMENT_DAYS) if kind == "decompte" else None
