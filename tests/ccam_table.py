"""The table of technical acts that comes with the program: shown as text, or given one more version of the fund's.

    python -m tests.ccam_table show               the text, to be looked through or compared
    python -m tests.ccam_table add CCAM_V82.xls   the official file of a newer version, as a further column
"""

import sys
from datetime import date
from pathlib import Path

from agent.files.formats.nomenclature.parsed import Parsed
from agent.files.formats.nomenclature.reading import read
from config import ccam
from config.ccam.table import Price, Table, Tariff, Version, write_table
from config.ccam.taken_in import pack

SHIPPED = Path(ccam.__file__).with_name("prices.csv.gz")
_SOURCE = "Version {version} ({day}): read from the file of ameli.fr by tests/ccam_table.py."


def with_version(table: Table, parsed: Parsed) -> str:
    """The text of ``table`` with the column of a newer version, the official words left out."""
    versions = [*table.versions, Version(parsed.source, parsed.day)]
    if sorted(versions, key=lambda version: version.day) != versions:
        raise SystemExit(f"{parsed.source} is not newer than {table.versions[-1].name}")
    lines: dict[str, tuple[Tariff, dict[date, Price]]] = {
        tariff.name: (tariff, {price.day: price for price in tariff.prices}) for tariff in table.tariffs()}
    for tariff, cells in parsed.lines:
        price = cells[0] if cells else None
        _, prices = lines.get(tariff.name, (tariff, {}))
        lines[tariff.name] = tariff, prices if price is None else {**prices, parsed.day: price}
    days = [version.day for version in versions]
    source = [*table.source.split("\n"), _SOURCE.format(version=parsed.version, day=parsed.day)]
    return write_table(
        source, versions, ((tariff, [prices.get(day) for day in days]) for tariff, prices in lines.values()), {})


def main(words: list[str]) -> None:
    """Do what the words say."""
    if words[:1] == ["add"] and len(words) > 1:
        parsed, _ = read([Path(word) for word in words[1:]], None)
        SHIPPED.write_bytes(pack(with_version(ccam.shipped(), parsed)))
    elif words == ["show"]:
        sys.stdout.write(ccam.shipped().text)
    else:
        raise SystemExit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
