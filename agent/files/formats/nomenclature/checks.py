"""Whether a version is whole and plausible, held against the table that comes with the program; then packed."""

from decimal import Decimal

from agent.files.formats.nomenclature.errors import Refusal
from agent.files.formats.nomenclature.parsed import Parsed
from config import ccam
from config.ccam.table import Price, Tariff, Version, write_table
from config.ccam.taken_in import pack

_WHOLE = Decimal("0.9")
"""Of the acts that were listed last, the share that a version must list: an act that it lacks counts as ended."""
_LIKELY = Decimal("0.95")
_MOST_TIMES = Decimal(3)
"""A price that is that many times the one known is another column's, for all but a few acts."""


def packed(parsed: Parsed) -> bytes:
    """The version as it is kept. Raises Refusal where it is not whole, or its prices are unlikely ones."""
    codes = {tariff.code for tariff, _ in parsed.lines}
    day = ccam.shipped().versions[-1].day
    last = {tariff.name: tariff for tariff in ccam.shipped().tariffs()
            if any(price.day == day for price in tariff.prices)}
    wanted = {tariff.code for tariff in last.values()}
    there, of = len(wanted & codes), len(wanted)
    if there < _WHOLE * of:
        raise Refusal(
            f"il n'a que {there} des {of} actes connus", f"it has {there} of the {of} known acts only",
            "Donnez la table entière, non une partie", "Give the whole table, not a part of it")
    if not _likely(parsed, last):
        raise Refusal(
            "ses prix sont trop loin de ceux connus : une colonne est peut-être prise pour une autre",
            "its prices are too far from those known: a column may be taken for another")
    source = [f"The fund's table of technical acts, version {parsed.version}, taken in from its {parsed.kind} files."]
    return pack(write_table(source, [Version(parsed.source, parsed.day)], parsed.lines, parsed.words))


def _likely(parsed: Parsed, listed: dict[str, Tariff]) -> bool:
    both = far = 0
    for tariff, cells in parsed.lines:
        before, now = listed.get(tariff.name), _last(cells)
        if before is None or now is None or not before.prices:
            continue
        euros = before.prices[-1].ordinary
        if euros and now.ordinary:
            both += 1
            far += not 1 / _MOST_TIMES <= now.ordinary / euros <= _MOST_TIMES
    return both > 0 and far <= (1 - _LIKELY) * both


def _last(cells: list[Price | None]) -> Price | None:
    return max((price for price in cells if price is not None and price.refunded), key=lambda price: price.day,
               default=None)
