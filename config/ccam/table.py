"""The table of technical acts as a text: one line a tariff, and what was read of it on which day.

A header of lines that begin with ``#`` says where it was read; the last of them names the columns. A line is
``code;activity;phase;group;exemption;conditions`` and a cell for each day of the columns: ``14.52`` or, where the
price outside sector 1 and OPTAM is another, ``14.52/13.66``; ``NR`` when the fund pays nothing; ``=`` for the same as
on the day before; nothing when the act was not listed. A cell ``2025-01-01:14.52/13.66`` says that a price began on
that day, which the dBase files tell of each. Lines stand by code. Behind them ``@CODE;TEXT`` says what an act is, where
the official words were taken in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

CODE = re.compile(r"[A-Z]{4}[0-9]{3}")
_PRICE = re.compile(r"[0-9]{1,6}(?:\.[0-9]{1,2})?")
_VERSION = re.compile(r"[A-Z0-9-]{1,20}")
_FIELDS = ("code", "activity", "phase", "group", "exemption", "conditions")
_FORMS = (CODE, re.compile(r"[0-9]"), re.compile(r"[0-9]"), re.compile(r"[A-Z0-9]{0,3}"), re.compile(r"[0-9-]{0,5}"),
          re.compile(r"[CP]{0,2}"))  # fmt: skip
_NEAR = 12
"""Codes named where one is unknown, at most."""


@dataclass(frozen=True, slots=True)
class Version:
    """One state of the fund's table."""

    name: str
    """Its source, as the tables of the law name it: ``CCAM-V81``."""
    day: date
    """From which it applied."""


@dataclass(frozen=True, slots=True)
class Price:
    """Euros on a day. Nothing is paid back of an act that is listed as not refunded: then it is 0."""

    day: date
    ordinary: Decimal
    """In sector 1 and with OPTAM."""
    outside: Decimal
    """Outside sector 1 and OPTAM."""
    source: str
    began: bool = False
    """The price began on the day; else it was read for it."""
    refunded: bool = True

    def same(self, other: Price) -> bool:
        """Whether it says the same, whatever the day."""
        return (self.ordinary, self.outside, self.refunded) == (other.ordinary, other.outside, other.refunded)


@dataclass(frozen=True, slots=True)
class Tariff:
    """The tariff of one activity and phase of an act: 1 is the surgeon or doctor, 4 the anaesthetist; phase 0 all."""

    code: str
    activity: str
    phase: str
    group: str
    """What the fund's statements print for it: ADC surgery, ATM technical, ADI imaging, SDE dental care..."""
    exemption: str
    """The fund's class for costly acts: 1 counted with the others, 2 by itself, 5 none."""
    conditions: str
    """``C``: paid back under conditions only; ``P``: after the fund's prior agreement."""
    prices: tuple[Price, ...]
    """By day, oldest first; none for days on which the act was not listed."""
    ended: date | None = None
    """The last day before a table that does not list it any more; None: it is listed."""

    @property
    def name(self) -> str:
        """The code with what is not its ordinary activity and phase: ``HHFA001``, ``HHFA001/4``, ``HHFA001/4/1``."""
        behind = f"/{self.activity}/{self.phase}" if self.phase != "0" else f"/{self.activity}"
        return self.code if (self.activity, self.phase) == ("1", "0") else self.code + behind


class Table:
    """The tariffs of a text in the form above. A line is read when it is asked for."""

    def __init__(self, text: str) -> None:
        """Raises ValueError where the header is not of the form above."""
        lines = text[: text.find("\n", text.rfind("\n#") + 1)].split("\n")
        header = [line.lstrip("# ") for line in lines if line.startswith("#")]
        columns = header[-1].split(";") if header else []
        if tuple(columns[: len(_FIELDS)]) != _FIELDS or len(columns) == len(_FIELDS):
            raise ValueError("no table of technical acts: its columns are not named")
        self.source = "\n".join(header[:-1])
        """Where it was read, in words."""
        self.versions = tuple(_version(column) for column in columns[len(_FIELDS):])
        """Oldest first."""
        self._text = "\n" + text.rstrip("\n") + "\n"

    @property
    def text(self) -> str:
        """It, in the form above."""
        return self._text[1:]

    def find(self, code: str) -> tuple[Tariff, ...]:
        """The tariffs of an act; none where the table has no such code."""
        first = self._text.find(f"\n{code};")
        if first < 0:
            return ()
        tariffs, start = [], first + 1
        while self._text.startswith(f"{code};", start):
            end = self._text.find("\n", start)
            tariffs.append(self._tariff(self._text[start:end]))
            start = end + 1
        return tuple(tariffs)

    def tariffs(self) -> Iterator[Tariff]:
        """Every tariff, by code: for whoever wants them all."""
        for line in self._text.split("\n"):
            if line[:1].isalpha():
                yield self._tariff(line)

    def words(self, code: str) -> str:
        """The official words for an act, in French; nothing where they were not taken in."""
        first = self._text.find(f"\n@{code};")
        return "" if first < 0 else self._text[first + len(code) + 3: self._text.find("\n", first + 1)]

    def near(self, code: str) -> list[str]:
        """Codes that begin as ``code`` does, for whoever mistyped one."""
        for letters in (6, 5, 4, 3, 2):
            alike = re.findall(rf"\n({re.escape(code[:letters])}[A-Z0-9]*);", self._text)
            if alike:
                return list(dict.fromkeys(alike))[:_NEAR]
        return []

    def codes(self) -> list[str]:
        """Every code of the table."""
        return list(dict.fromkeys(re.findall(r"\n([A-Z]{4}[0-9]{3});", self._text)))

    def count_words(self) -> int:
        """How many acts have their official words."""
        return self._text.count("\n@")

    def days(self) -> set[date]:
        """Every day of its columns, and those on which a price began."""
        begun = set(re.findall(r";([0-9]{4}-[0-9]{2}-[0-9]{2}):", self._text))
        return {version.day for version in self.versions} | {date.fromisoformat(day) for day in begun}

    def check(self) -> None:
        """Read every line. Raises ValueError for one that is not of the form above."""
        for line in self._text.strip("\n").split("\n"):
            if line.startswith("#"):
                continue
            if line.startswith("@"):
                code, mark, words = line[1:].partition(";")
                if not CODE.fullmatch(code) or not mark or not words:
                    raise ValueError(f"{line[:40]!r} are no words of an act")
                continue
            fields = line.split(";")
            if len(fields) <= len(_FIELDS) or not all(
                form.fullmatch(field) for form, field in zip(_FORMS, fields, strict=False)
            ):
                raise ValueError(f"{line[:40]!r} is no tariff")
            self._tariff(line)

    def _tariff(self, line: str) -> Tariff:
        code, activity, phase, group, exemption, conditions, *cells = line.split(";")
        prices = tuple(price for price in read_cells(cells, self.versions) if price is not None)
        return Tariff(code, activity, phase, group, exemption, conditions, prices)


def write_table(
    source: Sequence[str], versions: Sequence[Version], lines: Iterable[tuple[Tariff, Sequence[Price | None]]],
    words: Mapping[str, str],
) -> str:
    """The text of a table: where it was read, its columns, each tariff with its cells, and the official words."""
    columns = (f"{version.day} {version.name}" for version in versions)
    header = [*(f"# {line}" for line in source), "# " + ";".join((*_FIELDS, *columns))]
    rows = sorted(
        (tariff.code, tariff.activity, tariff.phase, tariff.group, tariff.exemption, tariff.conditions,
         *write_cells(cells))
        for tariff, cells in lines)  # fmt: skip
    said = (f"@{code};{text}" for code, text in sorted(words.items()))
    return "\n".join((*header, *(";".join(row) for row in rows), *said)) + "\n"


def read_cells(cells: Sequence[str], versions: Sequence[Version]) -> tuple[Price | None, ...]:
    """The prices of a line, by day. Raises ValueError for a cell that is none."""
    prices: list[Price | None] = []
    for place, cell in enumerate(cells):
        if ":" in cell:
            day, _, price = cell.partition(":")
            prices.append(_price(price, date.fromisoformat(day), versions[-1].name, began=True))
            continue
        if place >= len(versions):
            raise ValueError(f"{cell[:20]!r} has no day")
        version = versions[place]
        if cell == "=":
            before = prices[-1] if prices else None
            if before is None:
                raise ValueError("the same as what, when there is nothing before?")
            prices.append(
                Price(version.day, before.ordinary, before.outside, version.name, refunded=before.refunded))
        else:
            prices.append(_price(cell, version.day, version.name, began=False) if cell else None)
    return tuple(prices)


def write_cells(prices: Iterable[Price | None]) -> list[str]:
    """The cells that ``read_cells`` reads."""
    cells: list[str] = []
    before: Price | None = None
    for price in prices:
        if price is not None and before is not None and not price.began and price.same(before):
            cells.append("=")
        else:
            cells.append("" if price is None else _cell(price))
        before = price
    return cells


def _cell(price: Price) -> str:
    euros = str(price.ordinary) + ("" if price.ordinary == price.outside else f"/{price.outside}")
    return (f"{price.day}:" if price.began else "") + (euros if price.refunded else "NR")


def _price(cell: str, day: date, source: str, *, began: bool) -> Price:
    if cell == "NR":
        return Price(day, Decimal(0), Decimal(0), source, began, refunded=False)
    ordinary, apart, outside = cell.partition("/")
    if not _PRICE.fullmatch(ordinary) or (apart and not _PRICE.fullmatch(outside)):
        raise ValueError(f"{cell[:20]!r} is no price")
    return Price(day, Decimal(ordinary), Decimal(outside or ordinary), source, began)


def _version(column: str) -> Version:
    day, _, name = column.partition(" ")
    if not _VERSION.fullmatch(name):
        raise ValueError(f"{column[:40]!r} names no version")
    return Version(name, date.fromisoformat(day))
