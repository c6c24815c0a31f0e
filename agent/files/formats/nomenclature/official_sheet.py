"""The fund's table as a sheet: a title with version and day, a row of headings, and one row for each tariff.

The code of an act stands on its first row alone; the next rows hold its modifiers in brackets, its other activities
(4 is anaesthesia) and phases, or remarks. Rows of chapters have a number in place of a code and no price.
"""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation

from agent.account.clean_text import clean_text
from agent.files.formats.bounds import sane_day
from agent.files.formats.nomenclature.errors import Refusal
from agent.files.formats.nomenclature.parsed import MOST_UNREAD, MOST_WORDS, Parsed, Unread
from agent.files.formats.nomenclature.sheet import Row
from config.ccam.table import CODE, Price, Tariff
from config.fold import fold

_HEADINGS = {
    "code": ("code",), "words": ("texte",), "activity": ("activite",), "phase": ("phase",),
    "ordinary": ("tarif", "secteur 1"), "outside": ("tarif", "hors"), "conditional": ("rem", "s"),
    "agreement": ("accord",), "exemption": ("exo",), "group": ("regroupement",),
}
"""What the folded heading of a column must hold, each part of it."""
_NEEDED = ("code", "words", "activity", "phase", "ordinary", "outside", "group")
_TITLE_ROWS = 20
"""Rows among which title and headings are looked for."""
_VERSION = re.compile(r"\bv(?:ersion)?[ _n°]*0*([0-9]{1,3})\b")
_IN_NAME = re.compile(r"v(?:ersion)?[ _-]*0*([0-9]{1,3})(?![0-9])")
_DAY = re.compile(r"\b([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})\b")
_CENT = Decimal("0.01")
_MOST_EUROS = Decimal(100_000)
_DIGIT = re.compile(r"([0-9])(?:\.0+)?")
_GROUP, _EXEMPTION = re.compile(r"[A-Z0-9]{0,3}"), re.compile(r"[0-9-]{0,5}")


def read_sheet(rows: Sequence[Row], name: str, day: date | None) -> Parsed:
    """The version in ``rows`` of the file ``name``; ``day`` is the first day, where its title does not tell it.

    Raises Refusal where it is not laid out as above."""
    place, columns = _headings(rows)
    title = " ".join(" ".join(row) for row in rows[:place])
    parsed = Parsed(_version(fold(title), fold(name)), day or _day(title), "sheet")
    code = ""
    for number, row in enumerate(rows[place + 1:], place + 2):
        cells = {field: _cell(row, column) for field, column in columns.items()}
        if CODE.fullmatch(cells["code"]):
            code = cells["code"]
            parsed.words.setdefault(code, clean_text(cells["words"].replace("\n", " "), MOST_WORDS))
        elif cells["code"] and not cells["code"].startswith("["):
            code = ""  # a chapter
        if code and cells["activity"]:
            _read_row(parsed, code, cells, number)
    return parsed


def _read_row(parsed: Parsed, code: str, cells: dict[str, str], number: int) -> None:
    activity, phase = (_DIGIT.fullmatch(cells[field]) for field in ("activity", "phase"))
    group, exemption = cells["group"].upper(), _whole(cells.get("exemption", "")).replace(" ", "")
    try:
        if activity is None or phase is None or not _GROUP.fullmatch(group) or not _EXEMPTION.fullmatch(exemption):
            raise ValueError("activity, phase, group or class")
        price = _price(cells["ordinary"], cells["outside"], parsed)
    except ValueError:
        if len(parsed.unread) < MOST_UNREAD:
            parsed.unread.append(Unread(
                number, "une case n'a pas la forme attendue", "a cell is not of the form that is expected"))
        return
    conditions = ("C" if cells.get("conditional") else "") + ("P" if cells.get("agreement") else "")
    tariff = Tariff(code, activity[1], phase[1], group, exemption, conditions, ())
    if any((one.code, one.activity, one.phase) == (code, activity[1], phase[1]) for one, _ in parsed.lines[-8:]):
        parsed.unread.append(Unread(number, "cette activité est déjà donnée", "this activity is there already"))
        return
    parsed.lines.append((tariff, [price]))


def _price(ordinary: str, outside: str, parsed: Parsed) -> Price | None:
    if not ordinary and not outside:
        return None
    if any("non pris" in fold(cell) for cell in (ordinary, outside)):
        return Price(parsed.day, Decimal(0), Decimal(0), parsed.source, refunded=False)
    first = _euros(ordinary or outside)
    return Price(parsed.day, first, _euros(outside) if outside else first, parsed.source)


def _euros(cell: str) -> Decimal:
    """Raises ValueError."""
    text = re.sub(r"[\s\u00a0\u202f€]", "", cell).replace(",", ".")
    try:
        amount = Decimal(text)
    except InvalidOperation:
        raise ValueError(f"{text[:20]!r} is no amount") from None
    if not amount.is_finite() or not 0 <= amount < _MOST_EUROS:
        raise ValueError(f"{text[:20]!r} is no tariff")
    return amount.quantize(_CENT)


def _headings(rows: Sequence[Row]) -> tuple[int, dict[str, int]]:
    """The row of headings, and the column of each."""
    missing: list[str] = list(_NEEDED)
    for place, row in enumerate(rows[:_TITLE_ROWS]):
        folded = [fold(" ".join(cell.split())) for cell in row]
        columns: dict[str, int] = {}
        for field, parts in _HEADINGS.items():
            fits = [column for column, heading in enumerate(folded) if all(part in heading for part in parts)]
            if field == "ordinary":
                fits = [column for column in fits if "hors" not in folded[column]]
            if fits:
                columns[field] = fits[0]
        absent = [field for field in _NEEDED if field not in columns]
        if not absent:
            return place, columns
        missing = min(missing, absent, key=len)
    named = ", ".join("/".join(_HEADINGS[field]) for field in missing)
    raise Refusal(
        f"ses colonnes ne sont pas celles de la table de la CCAM ; manquent : {named}",
        f"its columns are not those of the table of the CCAM; missing: {named}")


def _version(title: str, name: str) -> str:
    version = _VERSION.search(title) or _IN_NAME.search(name)
    if version is None:
        raise Refusal(
            "ni son titre ni son nom ne disent sa version", "neither its title nor its name tells its version",
            "Nommez le fichier comme ameli.fr, CCAM_V82.xls", "Name the file as ameli.fr does, CCAM_V82.xls")
    return version[1]


def _day(title: str) -> date:
    written = _DAY.search(title)
    day = None
    if written is not None:
        try:
            day = sane_day(date(int(written[3]), int(written[2]), int(written[1])))
        except ValueError:
            day = None
    if day is None:
        raise Refusal(
            "son titre ne dit pas de quel jour elle s'applique", "its title does not tell from which day it applies",
            "Dites ce jour : --from 2026-07-01", "Tell that day: --from 2026-07-01")
    return day


def _cell(row: Row, column: int) -> str:
    return row[column].strip() if column < len(row) else ""


def _whole(cell: str) -> str:
    """``1.0``, as a workbook has numbers, is ``1``."""
    return cell.removesuffix(".0")
