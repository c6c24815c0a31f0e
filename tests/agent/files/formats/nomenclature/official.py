"""Files as the fund publishes them, made from the table that comes with the program: sheets and dBase archives."""

import csv
import io
import zipfile
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

import xlsxwriter

from config import ccam
from config.ccam.table import Price, Tariff

HEADINGS = [
    "Code", "", "Texte", "Activité", "Phase", "Tarif\nSecteur 1 / adhérent OPTAM/OPTAM-CO\n(en euro)",
    "Tarif\nHors secteur 1 / hors adhérent OPTAM/OPTAM-CO\n(en euro)", "Rembt. ss Cdtions", "Accord Préalable",
    "Exo. TM", "Regroupement",
]  # fmt: skip
Row = list[object]
Change = Callable[[Tariff, Price], tuple[Decimal, Decimal]]


def as_it_is(_tariff: Tariff, price: Price) -> tuple[Decimal, Decimal]:
    """The prices of the newest table."""
    return price.ordinary, price.outside


@cache
def newest() -> dict[str, list[Tariff]]:
    """The acts of the newest table that comes with the program."""
    last = ccam.shipped().versions[-1].day
    acts: dict[str, list[Tariff]] = {}
    for tariff in ccam.shipped().tariffs():
        if tariff.prices and tariff.prices[-1].day == last:
            acts.setdefault(tariff.code, []).append(tariff)
    return acts


def rows(version: int = 82, day: str = "01/07/2026", change: Change = as_it_is) -> list[Row]:
    """The sheet: title, headings, chapters, acts with their activities, modifiers and remarks."""
    listed: list[Row] = [[f"CNAM - CCAM version {version} applicable au {day}"], HEADINGS, []]
    chapter = ""
    for code, tariffs in newest().items():
        if code[0] != chapter:
            chapter = code[0]
            listed += [[f"{ord(chapter) - 64:02}.01", "", f"CHAPITRE {chapter}"], ["", "", "Une remarque"], []]
        for number, tariff in enumerate(tariffs):
            price = tariff.prices[-1]
            cells: list[object] = ["Non pris en charge"] * 2
            if price.refunded:
                cells = [float(euros) for euros in change(tariff, price)]
            words = f"Acte {code}" if not number else "anesthésie"
            first = code if not number else "[A, J, K, T]"
            listed.append([
                first, "", words, int(tariff.activity), int(tariff.phase), *cells,
                "X" if "C" in tariff.conditions else "", "X" if "P" in tariff.conditions else "",
                tariff.exemption, tariff.group])
        listed.append(["", "", "(YYYY001)"])
    return listed


def as_csv(listed: Iterable[Sequence[object]], mark: str = ";", encoding: str = "utf-8-sig") -> bytes:
    """The sheet saved as text, with decimal commas where columns are parted by semicolons."""
    out = io.StringIO()
    comma = "," if mark != "," else "."
    csv.writer(out, delimiter=mark).writerows(
        [f"{cell:.2f}".replace(".", comma) if isinstance(cell, float) else cell for cell in row] for row in listed)
    return out.getvalue().encode(encoding, "replace")


def as_xlsx(listed: Iterable[Sequence[object]]) -> bytes:
    """The sheet as a workbook."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("CCAM")
        for number, row in enumerate(listed):
            sheet.write_row(number, 0, row)
    return out.getvalue()


def as_dbf(fields: Sequence[tuple[str, str, int, int]], records: Iterable[Sequence[object]]) -> bytes:
    """A dBase III table: fields of name, kind (C, N, D), width and decimals; texts in code page 850."""
    body = bytearray()
    count = 0
    for record in records:
        count += 1
        body += b" "
        for (_, kind, width, decimals), value in zip(fields, record, strict=True):
            if value is None:
                text = ""
            elif isinstance(value, date):
                text = f"{value:%Y%m%d}"
            else:
                text = f"{value:.{decimals}f}" if kind == "N" else str(value)
            cell = text.encode("cp850", "replace")[:width]
            body += cell.rjust(width) if kind == "N" else cell.ljust(width)
    size = 1 + sum(width for _, _, width, _ in fields)
    header = 33 + 32 * len(fields)
    out = bytearray(b"\x03\x7e\x0b\x1d" + count.to_bytes(4, "little") + header.to_bytes(2, "little")
                    + size.to_bytes(2, "little") + bytes(20))
    for name, kind, width, decimals in fields:
        out += name.encode().ljust(11, b"\0") + kind.encode() + bytes(4) + bytes([width, decimals]) + bytes(14)
    return bytes(out + b"\r" + body + b"\x1a")


PRICES = [("AAP_COD", "C", 9, 0), ("GRILLE_COD", "C", 3, 0), ("PU_BASE", "N", 10, 2), ("APDT_MODIF", "D", 8, 0)]
_FIRST = date(2005, 3, 31)


def dbase(acts: dict[str, list[Tariff]], extra: Iterable[tuple[str, str, object, date]] = ()) -> dict[str, bytes]:
    """The tables of the dBase archives: three grids, of which 1 is that of sector 1, 2 that outside, 9 another."""
    tariffs = [tariff for same in acts.values() for tariff in same]
    prices: list[Sequence[object]] = []
    for tariff in tariffs:
        phase = f"{tariff.code}{tariff.activity}{tariff.phase}"
        for price in tariff.prices:
            if price.refunded:
                prices += [[phase, "1", price.ordinary, price.day], [phase, "2", price.outside, price.day],
                           [phase, "9", price.ordinary + 7, price.day]]
    prices += [list(one) for one in extra]
    slices = [("NOM_LONG", "C", 254, 0), ("NOM_LONG0", "C", 254, 0), ("NOM_LONG1", "C", 254, 0)]
    long = "Acte " + "é" * 247 + " x"
    return {
        "R_ACTE": as_dbf(
            [("COD_ACTE", "C", 7, 0), ("NOM_COURT", "C", 70, 0), *slices, ("REMBOU_COD", "C", 1, 0),
             ("ENTENTE", "C", 1, 0), ("DT_FIN", "D", 8, 0), ("DT_MODIF", "D", 8, 0)],
            ([code, code, *words, "1" if same[0].prices[-1].refunded else "2",
              "O" if "P" in same[0].conditions else "N", None, modified]
             for code, same in acts.items()
             for words, modified in ((["Ancien", "", ""], _FIRST), ([long, "yz", ""], date(2020, 1, 1))))),
        "R_ACTE_IVITE": as_dbf(
            [("COD_AA", "C", 8, 0), ("ACTE_COD", "C", 7, 0), ("ACTIV_COD", "C", 1, 0), ("REGROU_COD", "C", 3, 0),
             ("DT_MODIF", "D", 8, 0)],
            ([tariff.code + tariff.activity, tariff.code, tariff.activity, tariff.group, _FIRST]
             for tariff in tariffs)),
        "R_ACTE_IVITE_PHASE": as_dbf(
            [("COD_AAP", "C", 9, 0), ("AA_COD", "C", 8, 0), ("PHASE_COD", "C", 1, 0), ("PU_BASE", "N", 10, 2),
             ("DT_MODIF", "D", 8, 0)],
            ([tariff.code + tariff.activity + tariff.phase, tariff.code + tariff.activity, tariff.phase,
              tariff.prices[-1].ordinary, _FIRST] for tariff in tariffs)),
        "R_PU_BASE": as_dbf(PRICES, prices),
        "R_REMBOURSEMENT": as_dbf(
            [("COD_REMBOU", "C", 1, 0), ("LIBELLE", "C", 40, 0)],
            [["1", "Pris en charge"], ["2", "Non pris en charge"], ["3", "Pris en charge sous conditions"]]),
        "R_MENU": as_dbf([("COD_MENU", "N", 6, 0)], [[1]]),
    }


def as_archives(tables: dict[str, bytes], folder: Path, version: str = "08200") -> list[Path]:
    """Three archives, as ameli.fr has them."""
    names = sorted(tables)
    paths = []
    for part in range(3):
        path = folder / f"CCAM{version}_DBF_PART{part + 1}.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in names[part::3]:
                archive.writestr(f"{name}.dbf", tables[name])
        paths.append(path)
    return paths
