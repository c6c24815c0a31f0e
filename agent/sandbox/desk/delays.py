"""Published delays and sizes, from the dated tables; a day before the first known value takes that one."""

from calendar import monthrange
from datetime import date

from config.tariffs import load


def published(name: str, day: date) -> int:
    """The number of ``procedures.<name>`` in force on that day, in its unit."""
    parameter = load().parameter(f"procedures.{name}")
    return int(parameter.on(max(day, parameter.history[0].since)).value)


def months_later(start: date, months: int) -> date:
    """The same day so many months later, or the last one of that month."""
    index = start.year * 12 + start.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(start.day, monthrange(year, month)[1]))
