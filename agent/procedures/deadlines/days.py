"""Days counted as the law counts them: delays by name from the dated tables, months to the same day of another one."""

from calendar import monthrange
from datetime import date, timedelta
from decimal import Decimal

from config.tariffs import load

_HOURS = 24


def months_after(day: date, months: int) -> date:
    """The same day ``months`` later (earlier when negative); the month's last day where there is no such day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def after(day: date, delay: str, times: int = 1, *, on: date | None = None) -> date:
    """The day on which the delay called ``delay`` (``procedures.<name>``) that starts on ``day`` ends.

    ``times`` -1 counts backwards. ``on``: the day whose law counts, ``day`` itself by default. Raises UnknownTariff,
    and ValueError for a parameter that is no delay.
    """
    unit, count = load().parameter(delay).unit, int(load().value(delay, on or day)) * times
    if unit == "hours":
        count, unit = -(-count // _HOURS), "days"  # over on the day in which the last hour falls
    if unit == "days":
        return day + timedelta(days=count)
    if unit in ("months", "years"):
        return months_after(day, count * (12 if unit == "years" else 1))
    raise ValueError(f"{delay} is counted in {unit}: it is no delay")


def amount(delay: str, day: date) -> int:
    """The number of a delay or an age in force on ``day``, in its unit."""
    return int(load().value(delay, day))


def words(delay: str, day: date) -> tuple[str, str]:
    """A delay in French and in English: ``("21 jours", "21 days")``."""
    count, unit = load().value(delay, day), load().parameter(delay).unit
    french = {"days": "jour", "months": "mois", "years": "an", "hours": "heure", "minutes": "minute", "age": "an"}[unit]
    english = {"age": "year"}.get(unit, unit.removesuffix("s"))
    many = count > Decimal(1)
    return (f"{count} {french}{'s' if many and french != 'mois' else ''}", f"{count} {english}{'s' if many else ''}")


def age_on(born: date, day: date) -> int:
    """Completed years of age on ``day``."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
