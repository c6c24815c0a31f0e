"""Flat amounts of a top-up contract: euros it adds to its percentage on glasses, teeth and hearing aids."""

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from agent.rules.codes.nomenclature import Kind
from agent.rules.dated_tables import Law

if TYPE_CHECKING:
    from agent.rules.explain.line import Line

_ZERO = Decimal(0)
_LIMITS = {"frame": "optics.frame_limit", "hearing": "hearing.class_2_limit"}
"""The most that a responsible contract gives on the item, the fund's part included (R871-2)."""


def flat_share(line: "Line", flat: Mapping[str, Decimal], left: Decimal) -> Decimal:
    """Euros the contract's flat amount adds on a line of which ``left`` is not paid yet."""
    name = _item(line)
    if line.on is None or left <= 0 or not flat.get(name):
        return _ZERO
    share = min(flat[name], left)
    limit = Law.of(line.act, line.on).value_or_none(_LIMITS[name]) if name in _LIMITS else None
    if limit is None or line.paid is None:
        return share
    given = line.paid - left
    return max(_ZERO, min(share, limit - given))


def _item(line: "Line") -> str:
    """The contract's name of what the line is, or nothing."""
    code, label = line.found.main or "", line.act.upper()
    if line.found.kind is Kind.PROSTHESIS:
        return "dental"
    if code.startswith("AUD"):
        return "hearing"
    if code.startswith("OPT"):
        return "frame" if "MONTURE" in label else "lenses" if "VERRE" in label else ""
    return ""
