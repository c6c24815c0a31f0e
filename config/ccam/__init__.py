"""The classification of technical acts (CCAM): what every act of doctors and dentists costs by the fund's tables.

``prices.csv.gz`` has the codes and prices of three versions of the fund's table, without its sentences; ``table`` says
its form, ``steps.yaml`` on which days prices changed between them. Newer versions, and the sentences, are those that a
person took in (``taken_in``). Everything is read when the first code is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache, lru_cache
from importlib.resources import files

from config.ccam.history import history, steps
from config.ccam.table import CODE, Price, Table, Tariff, Version
from config.ccam.taken_in import taken_in, unpack
from config.tariffs import Parameter

__all__ = [
    "CODE", "PREFIX", "Price", "Table", "Tariff", "Version", "days", "find", "forget", "names", "near",
    "official_words", "parameter", "review", "shipped", "tables",
]  # fmt: skip

PREFIX = "ccam."
"""How the names of these parameters begin."""
_OUTSIDE = ":outside"
_A_DAY = timedelta(days=1)


@cache
def shipped() -> Table:
    """The table that comes with the program."""
    return unpack(files(__name__).joinpath("prices.csv.gz").read_bytes())


def tables() -> tuple[Table, ...]:
    """Every table: the one that comes with the program, then those taken in, the newest last."""
    return shipped(), *taken_in().tables


def find(code: str) -> tuple[Tariff, ...]:
    """The tariffs of an act, one for each activity and phase; none where there is no such code."""
    if not taken_in().tables:
        return _merged(shipped().find(code), (shipped(),))
    return _merged((tariff for table in tables() for tariff in table.find(code)), tables())


def near(code: str) -> list[str]:
    """Codes that begin alike."""
    return tables()[-1].near(code)


def official_words(code: str) -> str:
    """The fund's own words for an act, in French; nothing where no table with them was taken in."""
    return next((words for table in reversed(tables()) if (words := table.words(code))), "")


@lru_cache(4096)
def parameter(name: str) -> Parameter:
    """The price through time of ``ccam.JKHD001``, ``ccam.HHFA001/4`` or, outside sector 1, ``ccam.JKHD001:outside``.

    Raises KeyError where no table has a price of it."""
    written = name.removeprefix(PREFIX)
    tariff_name, outside = written.removesuffix(_OUTSIDE), written.endswith(_OUTSIDE)
    for tariff in find(tariff_name.partition("/")[0]):
        if tariff.name == tariff_name:
            through_time = history(name, tariff, (tariff_name, tariff_name), outside=outside)
            if through_time is not None:
                return through_time
    raise KeyError(name)


def names(tariff: Tariff) -> tuple[str, str]:
    """The parameters of a tariff's price in sector 1 and outside of it; they are one where the prices are the same."""
    ordinary = PREFIX + tariff.name
    apart = any(price.ordinary != price.outside for price in tariff.prices)
    return ordinary, ordinary + _OUTSIDE if apart else ordinary


def days() -> set[date]:
    """Every day on which a price may change, or what is known of it."""
    taken = {day for table in taken_in().tables for day in table.days()}
    return steps().days() | taken | {day + _A_DAY for day in taken}


def review() -> date:
    """The day by which the tables must be looked at again."""
    return steps().review


def forget() -> None:
    """Read the folder once more: a table was taken in."""
    taken_in.cache_clear()
    parameter.cache_clear()


def _merged(tariffs: Iterable[Tariff], read: tuple[Table, ...]) -> tuple[Tariff, ...]:
    """One tariff for each activity and phase, of what the tables say of it, oldest first."""
    listed: dict[str, list[Tariff]] = {}
    for tariff in tariffs:
        listed.setdefault(tariff.name, []).append(tariff)
    versions = sorted({version.day for table in read for version in table.versions})
    return tuple(_one(same, versions) for same in listed.values())


def _one(same: list[Tariff], versions: list[date]) -> Tariff:
    newest = same[-1]
    prices = {(price.day, price.began): price for tariff in same for price in tariff.prices}
    last = max((day for day, began in prices if not began), default=None)
    begun = [day for day, began in prices if began]
    first = min(begun, default=date.max)
    # A table that tells when prices began knows all of them since the first: what others read meanwhile adds nothing.
    kept = {day: price for (day, began), price in prices.items() if began or not first <= day <= max(begun)}
    gone = [day for day in versions if last is not None and day > last and not begun]
    return Tariff(
        newest.code, newest.activity, newest.phase, newest.group, newest.exemption, newest.conditions,
        tuple(kept[day] for day in sorted(kept)), gone[0] - _A_DAY if gone else None)
