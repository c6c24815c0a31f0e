"""The short codes of the national nomenclature as people write them, and what stands behind each."""

import difflib
import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from agent.errors import AmeliError
from agent.rules.codes.act import Act, Costly, Family, Kind
from agent.rules.codes.aliases import plain_code
from agent.rules.codes.catalogue import catalogue
from agent.rules.codes.ccam import nearest, technical_act
from agent.rules.errors import UnknownAct, UnlikeAnyAct

__all__ = ["ACTS", "Act", "Billed", "Costly", "Family", "Kind", "find_act", "forget", "read_acts", "variants"]

ACTS = catalogue()
"""Every code the engine knows but for the technical acts of the CCAM, which are read when one is asked for. A slash
names one act among those that share a code."""
_COEFFICIENT = re.compile(r"^([A-Z]+(?:/[A-Z0-9-]*[A-Z])?) ?(\d{1,4}(?:[.,]\d{1,2})?)(?: ?(/) ?2)?$")
_OTHER_SIGNS = str.maketrans({"\u2212": "-", "\u2013": "-", "\u2010": "-", "\u2011": "-", "\u00a0": " "})
_ENDS_IN_PLUS = re.compile(r"\b(NOR|MAJ|MIT)\+(?=\s*(?:\+|$))")


@dataclass(frozen=True, slots=True)
class Billed:
    """An act with the coefficient it is billed with."""

    act: Act
    coefficient: Decimal | None = None
    halved: bool = False
    """Written as the half of its coefficient: a second act of the session (``AMI 2 + AMI 1/2``)."""


@lru_cache(4096)
def read_acts(text: str) -> tuple[Billed, ...]:
    """The acts of codes joined by ``+``. Raises UnknownAct naming the nearest codes."""
    text = _ENDS_IN_PLUS.sub(r"\1PLUS", text.translate(_OTHER_SIGNS))
    return tuple(_read(code.strip().replace("PLUS", "+")) for code in text.split("+"))


def _read(code: str) -> Billed:
    code = plain_code(code)
    act = ACTS.get(code) or ACTS.get(code.replace(",", ".").replace(" ", ""))  # "SF 7,5" is a code of its own
    if act is not None:
        return Billed(act)
    multiple = _COEFFICIENT.match(code)
    key = plain_code(multiple[1]) if multiple else ""
    if multiple and key in ACTS and ACTS[key].key:
        return Billed(ACTS[key], Decimal(multiple[2].replace(",", ".")), multiple[3] is not None)
    if (technical := technical_act(code)) is not None:
        return Billed(technical)
    near = nearest(code) or difflib.get_close_matches(code, ACTS, 3, 0.5)
    raise UnknownAct(act=code[:20], nearest=", ".join(near)) if near else UnlikeAnyAct(act=code[:20])


def forget() -> None:
    """Read the tables once more: a person took another one in."""
    technical_act.cache_clear()
    read_acts.cache_clear()


def find_act(code: str) -> Act | None:
    """The act of one code, with or without a coefficient; None where it means none or several."""
    try:
        billed = read_acts(code)
    except AmeliError:
        return None
    return billed[0].act if len(billed) == 1 else None


def variants(code: str) -> list[str]:
    """The named acts of a code that covers several."""
    return [known for known in ACTS if known.startswith(code.partition("/")[0] + "/")]

