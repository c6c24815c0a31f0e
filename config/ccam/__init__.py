"""The classification of technical acts (CCAM): what every act of doctors and dentists costs by the fund's tables.

``prices.csv.gz`` has the codes and prices of three versions of the fund's table, without its sentences; ``table`` says
its form, ``steps.yaml`` on which days prices changed between them. It is read when the first code is asked for.
"""

from __future__ import annotations

import zlib
from datetime import date
from functools import cache, lru_cache
from importlib.resources import files

from config.ccam.history import history, steps
from config.ccam.table import CODE, Price, Table, Tariff, Version
from config.tariffs import Parameter

__all__ = ["CODE", "PREFIX", "Price", "Table", "Tariff", "Version", "days", "find", "near", "parameter", "review"]

PREFIX = "ccam."
"""How the names of these parameters begin."""
_OUTSIDE = ":outside"
_GZIP = 31
"""What zlib calls a gzip file of any window."""


@cache
def shipped() -> Table:
    """The table that comes with the program."""
    packed = files(__name__).joinpath("prices.csv.gz").read_bytes()
    return Table(zlib.decompress(packed, _GZIP).decode())


def find(code: str) -> tuple[Tariff, ...]:
    """The tariffs of an act, one for each activity and phase; none where there is no such code."""
    return shipped().find(code)


def near(code: str) -> list[str]:
    """Codes that begin alike."""
    return shipped().near(code)


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
    apart = any(price is not None and price.ordinary != price.outside for price in tariff.prices)
    return ordinary, ordinary + _OUTSIDE if apart else ordinary


def days() -> set[date]:
    """Every day on which a price may change, or what is known of it."""
    return steps().days()


def review() -> date:
    """The day by which the tables must be looked at again."""
    return steps().review
