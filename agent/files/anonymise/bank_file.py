"""Banks' files: OFX keeps its tags and CSV its columns; accounts, names, amounts and days are masked."""

from __future__ import annotations

import csv
import re

from agent.files.anonymise.pseudonyms import Disguise
from agent.files.anonymise.tokens import mask
from agent.files.anonymise.vocabulary import fold

_TAG = re.compile(r"<(/?)([A-Za-z0-9.]{1,40})>([^<\r\n]*)")
_PLAIN = re.compile(r"[A-Z]{2,14}")
_ENUMERATED = frozenset({"TRNTYPE", "CURDEF", "CURSYM", "SEVERITY", "LANGUAGE", "ACCTTYPE", "CODE", "STATUS"})
_HEAD = re.compile(r"^(OFXHEADER|DATA|VERSION|SECURITY|ENCODING|CHARSET|COMPRESSION):[A-Z0-9.-]{1,12}$", re.MULTILINE)
_COLUMNS = ("date", "libelle", "montant", "debit", "credit", "label", "amount", "valeur", "operation")
_LOOKED_AT = 30
"""Lines among which the row of column names is looked for."""


def mask_ofx(text: str, disguise: Disguise) -> str:
    """An OFX file, SGML or XML, with the same elements in the same order."""
    head = "".join(f"{found[0]}\n" for found in _HEAD.finditer(text))
    made = []
    for tag in _TAG.finditer(text):
        slash, name, value = tag.groups()
        kept = value.strip()
        if not (name.upper() in _ENUMERATED and (_PLAIN.fullmatch(kept) or (kept.isdigit() and len(kept) <= 5))):
            kept = mask(kept, disguise)
        made.append(f"<{slash}{name}>{kept}\n")
    return f"{head}\n{''.join(made)}"


def mask_csv(text: str, disguise: Disguise) -> str:
    """A CSV file with the same separators, quotes and line ends; the names of the columns stay."""
    lines = text.splitlines(keepends=True)
    names = next((at for at, line in enumerate(lines[:_LOOKED_AT]) if is_head(line)), None)
    return "".join(_head(line, disguise) if at == names else mask(line, disguise) for at, line in enumerate(lines))


def is_head(line: str) -> bool:
    """The row of column names: no number in it, and two columns that every bank has."""
    names = {name for name in _COLUMNS if re.search(rf"\b{name}", fold(line))}
    return len(names) >= 2 and not re.search(r"\d{3,}", line) and len(_cells(line)) >= 3


def _cells(line: str) -> list[str]:
    return max((next(csv.reader([line], delimiter=sign), []) for sign in ";,\t|"), key=len)


def _head(line: str, disguise: Disguise) -> str:
    """Columns are named in words of the form, or in lower case; a capital name is a person's."""
    def word(match: re.Match[str]) -> str:
        return match[0] if match[0].islower() or not match[0].isupper() else mask(match[0], disguise)

    return re.sub(r"[^\W_]+", word, line)
