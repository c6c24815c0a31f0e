"""The fund's dBase files, which tell of every price the day on which it began, by grid of tariffs.

Which grid is that of sector 1 and which is that outside of it is not read from a label but proved: a grid is taken when
its prices are those of the table that comes with the program, on the days of both.
"""

import struct
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from agent.account.clean_text import clean_text
from agent.files.formats.bounds import sane_day
from agent.files.formats.nomenclature.errors import Refusal, damaged
from agent.files.formats.nomenclature.parsed import MOST_WORDS, Parsed
from config import ccam
from config.ccam.table import CODE, Price, Tariff
from config.fold import fold

WANTED = frozenset({"R_ACTE", "R_ACTE_IVITE", "R_ACTE_IVITE_PHASE", "R_PU_BASE"})
"""The tables that are needed."""
HELPFUL = frozenset({"R_REMBOURSEMENT"})
"""Tables that are read where they are there."""
_CODE_PAGE = "cp850"
_CENT = Decimal("0.01")
_MOST_EUROS = Decimal(100_000)
_MOST_PRICES = 4_000_000
_AGREEING = Decimal("0.9")
"""Of the prices that both have, the share that must be the same in a grid."""
_A_DAY = timedelta(days=1)
_MANY = 500
"""Acts from which on going through the whole table is faster than looking each up."""

_History = dict[date, Decimal]
_Grids = dict[str, dict[str, _History]]
"""Prices by day, of each phase (``HHFA00110``), of each grid."""


_Record = dict[str, object]
"""The wanted fields of a row, those that the table has: the library's own rows cost minutes where many are held."""
_NAME = tuple(f"NOM_LONG{part}" for part in ("", *"0123456789ABCDE"))


def read_dbase(tables: Mapping[str, Path], version: str) -> Parsed:
    """The table of version ``version`` in these files. Raises Refusal."""
    absent = sorted(WANTED - set(tables))
    if absent:
        raise Refusal(
            f"il manque des tables : {', '.join(absent)}", f"tables are missing: {', '.join(absent)}",
            "Donnez ensemble les trois archives d'une même version", "Give the three archives of one version together")
    grids = _prices(tables["R_PU_BASE"])
    newest = max((day for grid in grids.values() for prices in grid.values() for day in prices), default=None)
    if newest is None:
        raise damaged()
    ordinary, outside = _proved(grids)
    parsed = Parsed(version, newest, "dbase")
    acts = _acts(tables["R_ACTE"], _labels(tables.get("R_REMBOURSEMENT")))
    activities = _newest(tables["R_ACTE_IVITE"], "COD_AA", "REGROU_COD")
    groups = {_text(row, "COD_AA"): _text(row, "REGROU_COD") for row in activities}
    shipped = {tariff.name: tariff for tariff in _shipped(set(acts))}
    for row in _newest(tables["R_ACTE_IVITE_PHASE"], "COD_AAP"):
        phase = _text(row, "COD_AAP")
        act = acts.get(phase[:7])
        if act is None or len(phase) != 9 or not phase[7:].isdigit():
            continue
        group = groups.get(phase[:8], "")[:3]
        tariff = Tariff(phase[:7], phase[7], phase[8], group if group.isalnum() else "", "", act.conditions, ())
        before = shipped.get(tariff.name)
        exemption = before.exemption if before is not None else ""
        tariff = Tariff(tariff.code, tariff.activity, tariff.phase, tariff.group, exemption, tariff.conditions, ())
        cells = _cells(ordinary.get(phase, {}), outside.get(phase, {}), act, parsed)
        if any(cells):
            parsed.lines.append((tariff, cells))
            parsed.words.setdefault(tariff.code, act.words)
    return parsed


class _Act:
    """What R_ACTE says of an act."""

    __slots__ = ("conditions", "ended", "refunded", "words")

    def __init__(self, words: str, ended: date | None, refund: str, agreement: bool) -> None:
        self.words = words
        self.ended = ended
        self.refunded = "non" not in refund
        self.conditions = ("C" if "condition" in refund else "") + ("P" if agreement else "")


def _cells(ordinary: _History, outside: _History, act: _Act, parsed: Parsed) -> list[Price | None]:
    """The price of the version's day, then every price with the day on which it began."""
    begun: list[Price | None] = []
    last: tuple[Decimal, Decimal] | None = None
    for day in sorted({*ordinary, *outside}):
        first = _of_day(ordinary, day)
        pair = (first, _of_day(outside, day, first))
        if first is not None and pair != last and pair[1] is not None:
            begun.append(Price(day, first, pair[1], parsed.source, began=True, refunded=act.refunded))
            last = first, pair[1]
    if act.ended is not None and act.ended < parsed.day and begun:
        begun.append(Price(act.ended + _A_DAY, Decimal(0), Decimal(0), parsed.source, began=True, refunded=False))
        return [None, *begun]
    now = begun[-1] if begun else None
    today = None if now is None else Price(
        parsed.day, now.ordinary, now.outside, parsed.source, refunded=now.refunded)
    return [today, *begun]


def _of_day(prices: _History, day: date, otherwise: Decimal | None = None) -> Decimal | None:
    begun = [one for one in prices if one <= day]
    return prices[max(begun)] if begun else otherwise


def _prices(path: Path) -> _Grids:
    grids: _Grids = defaultdict(lambda: defaultdict(dict))
    for count, row in enumerate(_rows(path, "AAP_COD", "GRILLE_COD", "PU_BASE", "APDT_MODIF")):
        if count > _MOST_PRICES:
            raise Refusal(f"il a plus de {_MOST_PRICES} prix", f"it has more than {_MOST_PRICES} prices")
        phase, day, euros = _text(row, "AAP_COD"), _date(row, "APDT_MODIF"), _euros(row, "PU_BASE")
        if CODE.match(phase) and len(phase) == 9 and day is not None and euros is not None:
            grids[_text(row, "GRILLE_COD")][phase][day] = euros
    return grids


def _proved(grids: _Grids) -> tuple[dict[str, _History], dict[str, _History]]:
    """The grid of sector 1 and the one outside of it: those whose prices agree with the table known."""
    inside: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    apart: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for tariff in _shipped({phase[:7] for phases in grids.values() for phase in phases}):
        phase = f"{tariff.code}{tariff.activity}{tariff.phase}"
        there = [(grid, phases[phase]) for grid, phases in grids.items() if phase in phases]
        for price in tariff.prices if there else ():
            for grid, prices in there:
                euros = _of_day(prices, price.day)
                if euros is None or not price.refunded:
                    continue
                for counted, expected in ((inside, price.ordinary), (apart, price.outside)):
                    if counted is inside or price.ordinary != price.outside:
                        counted[grid][0] += euros == expected
                        counted[grid][1] += 1
    best = [max(counted, key=lambda grid: counted[grid][0], default="") for counted in (inside, apart)]
    for grid, counted in zip(best, (inside, apart), strict=True):
        agreeing, all_of_them = counted[grid] if grid else (0, 0)
        if not all_of_them or agreeing < _AGREEING * all_of_them:
            raise Refusal(
                "aucune de ses grilles n'a les prix connus : la grille du secteur 1, ou celle hors secteur 1, n'est pas"
                " reconnue",
                "none of its grids has the prices that are known: the grid of sector 1, or that outside of it, is not"
                " recognised")
    return grids[best[0]], grids[best[1]]


def _shipped(codes: set[str]) -> Iterator[Tariff]:
    """What the table that comes with the program has of these acts."""
    if len(codes) > _MANY:
        return (tariff for tariff in ccam.shipped().tariffs() if tariff.code in codes)
    return (tariff for code in codes for tariff in ccam.shipped().find(code))


def _acts(path: Path, refunds: Mapping[str, str]) -> dict[str, _Act]:
    acts = {}
    for row in _newest(path, "COD_ACTE", "NOM_COURT", *_NAME, "REMBOU_COD", "ENTENTE", "DT_FIN"):
        code = _text(row, "COD_ACTE")
        if CODE.fullmatch(code):
            refund = refunds.get(_text(row, "REMBOU_COD"), "")
            acts[code] = _Act(_words(row), _end(row), refund, _text(row, "ENTENTE") == "O")
    return acts


def _words(row: _Record) -> str:
    """Slices of 254 characters, cut anywhere: glued before they are trimmed."""
    slices = [str(row.get(name) or "") for name in _NAME]
    return clean_text(" ".join("".join(slices).split()) or _text(row, "NOM_COURT"), MOST_WORDS)


def _end(row: _Record) -> date | None:
    """A day far off says that there is none."""
    day = _date(row, "DT_FIN")
    return day if day is not None and 2000 < day.year < 2099 else None


def _labels(path: Path | None) -> dict[str, str]:
    if path is None:
        return {}
    return {_text(row, "COD_REMBOU"): fold(_text(row, "LIBELLE")) for row in _rows(path, "COD_REMBOU", "LIBELLE")}


def _newest(path: Path, key: str, *fields: str) -> list[_Record]:
    """Of rows kept for every change, the last of each."""
    last: dict[str, tuple[date, _Record]] = {}
    for row in _rows(path, key, *fields, "DT_MODIF"):
        day = _date(row, "DT_MODIF") or date.min
        name = _text(row, key)
        if name not in last or day >= last[name][0]:
            last[name] = day, row
    return [row for _, row in last.values()]


def _rows(path: Path, *fields: str) -> Iterator[_Record]:
    """The rows of a table that are not struck out, their ``fields`` alone. Raises Refusal."""
    import dbf  # whoever takes no dBase table in does not load it

    try:
        table = dbf.Table(str(path), codepage=_CODE_PAGE, unicode_errors="replace")
        table.open(dbf.READ_ONLY)
        with table:
            there = [field for field in fields if field in table.field_names]
            for row in table:
                if not dbf.is_deleted(row):
                    yield {field: row[field] for field in there}
    except (dbf.DbfError, OSError, ValueError, TypeError, KeyError, IndexError, ArithmeticError, struct.error):
        raise damaged() from None


def _text(row: _Record, name: str) -> str:
    value = row.get(name)
    return "" if value is None else str(value).strip().removesuffix(".0")


def _date(row: _Record, name: str) -> date | None:
    value = row.get(name)
    if isinstance(value, date):
        return sane_day(value)
    text = _text(row, name)
    try:
        return sane_day(date(int(text[:4]), int(text[4:6]), int(text[6:8]))) if len(text) == 8 else None
    except ValueError:
        return None


def _euros(row: _Record, name: str) -> Decimal | None:
    try:
        amount = Decimal(str(row.get(name))).quantize(_CENT)
    except ArithmeticError:
        return None
    return amount if 0 <= amount < _MOST_EUROS else None
