"""Who paid, and the fund's reference, in the label that a bank shows.

The forms are those seen in public samples of several banks between 2015 and 2026; the reading of the reference (two
digits of the year, day of the year, sequence) is our own and was right to the day wherever it could be checked.
"""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Literal

import yaml

from config.fold import fold

Payer = Literal["fund", "top_up", "maybe"]
_FUND = re.compile(
    r"(?:\b|(?<=\bVIR)|(?<=\bSEPA))(?:CPAM|C\.? ?P\.? ?A\.? ?M\b|CGSS\d*\b|CCSS\d*\b|CSSM\d*\b|CAISSE PRIM(?:AIRE)?\b"
    r"|CAISSE (?:GENERALE|COMMUNE) DE SECURITE SOCIALE|CAISSE DE SECURITE SOCIALE DE MAYOTTE)")
_STAFF = re.compile(r"COMITE|\bCSE\b|\bC\.?E\.? CPAM|AMICALE|SYNDICAT")
"""The fund's own staff, who pay among themselves."""
_PENSION = re.compile(r"\b(?:AGIRC|ARRCO|RETRAITES?|PENSIONS?|RENTES?|SALAIRES?)\b")
"""What groups that insure health pay besides."""
_ALAN = re.compile(
    r"(?:(?:VIR(?:EMENT)?|SEPA|RECU|INST(?:ANTANE)?|EN VOTRE FAVEUR|/?DE|:)\s+)*"
    r"ALAN(?:\s+(?:REMB\w*|SANTE|[A-Z]*\d\S*))*")
"""An insurer whose name is a first name: it is meant where nothing else stands beside it."""
_PERHAPS = re.compile(r"\bASSURANCE MALADIE\b|\bAMELI\b|\bMUTUELLES?\b|\bCOMPLEMENTAIRE SANTE\b")
_NOT_THE_FUND = re.compile(r"\b(?:CAF|MSA|CNMSS|CRAMIF|CARSAT|URSSAF|CPAM77COMITE|FRANCE TRAVAIL)\b")
_RUN = re.compile(r"\d{12,}")
_LATEST = timedelta(days=7)
"""A transfer is booked at most so long after its order."""


def plain(text: str) -> str:
    """Capitals without accents, single spaces."""
    return " ".join(fold(text).upper().split())


@cache
def insurers() -> tuple[str, ...]:
    """Names of complementary insurers as banks print them, in capitals without accents."""
    text = files("config").joinpath("insurers.yaml").read_text(encoding="utf-8")
    return tuple(plain(name) for name in yaml.safe_load(text)["names"])


def payer_of(label: str, names: Iterable[str] = ()) -> Payer | None:
    """Who a credit comes from; None when it has nothing to do with health.

    ``names``: of the person's own insurer.
    """
    text = plain(label)
    if _FUND.search(text):
        return None if _STAFF.search(text) else "fund"
    if _PENSION.search(text):
        return None
    if _ALAN.fullmatch(text):
        return "top_up"
    own = [plain(name) for name in names]
    if any(_named(name, text) for name in own if len(name) > 2) or any(_named(name, text) for name in insurers()):
        return "top_up"
    if _NOT_THE_FUND.search(text):
        return None
    return "maybe" if _PERHAPS.search(text) else None


def _named(name: str, text: str) -> bool:
    """Whether a name stands in a text, its words apart or together; ``MNT 120,00`` is an amount and no name."""
    words = re.escape(name).replace(r"\ ", " ?")
    return re.search(rf"(?<![A-Z0-9]){words}(?![A-Z0-9])(?![ :=]*\d+[.,]\d\d)", text) is not None


def reference_in(label: str, booked: date) -> date | None:
    """The day of the payment order in a label, however the bank cut or repeated the reference; None without one."""
    for run in _RUN.findall(label):
        day = _order_day(run)
        if day is not None and timedelta() <= booked - day <= _LATEST:
            return day
    return None


def _order_day(digits: str) -> date | None:
    number = int(digits[2:5])
    year = 2000 + int(digits[:2])
    if not 1 <= number <= 366:
        return None
    day = date(year, 1, 1) + timedelta(days=number - 1)
    return day if day.year == year else None
