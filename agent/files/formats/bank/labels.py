"""Who paid, and the fund's reference, in the label that a bank shows.

The forms are those seen in public samples of several banks between 2015 and 2026; the reading of the reference (two
digits of the year, day of the year, sequence) is our own and was right to the day wherever it could be checked.
"""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Literal

from agent.files.formats.bank.payers import alone_pattern, any_of, fund_pattern, name_pattern, plain

__all__ = ["Payer", "payer_of", "plain", "reference_in"]
Payer = Literal["fund", "top_up", "maybe"]
_STAFF = re.compile(r"COMITE|\bCSE\b|\bC\.?E\.? CPAM|AMICALE|SYNDICAT|\bSALAIRES?\b|\bPAIE\b|\bPAYE\b")
"""The fund's own staff: among themselves, and what they earn."""
_OLD_AGE = re.compile(r"\bRETR(?:AITES?)?\b|\bVIEILLESSE\b|\bREVERSION\b")
_FAMILY = re.compile(r"\bALLOC\w*|\bFAMIL\w*|\bAPL\b|\bRSA\b|\bPRIME D ?ACTIVITE\b")
"""What funds with several branches pay besides health."""
_PENSION = re.compile(
    r"\b(?:AGIRC|ARRCO|RET(?:R|RAITES?)?|PENS(?:IONS?)?|RENTES?|SALAIRES?|PAIE|VIEILLESSE|REVERSION|ALLOC\w*"
    r"|CAPITAL DECES|(?<!IRP )AUTO|HABITATION|SINISTRE|EPARGNE|ASSURANCE VIE)\b")
"""What those who insure health pay besides."""
_HEALTH = re.compile(r"\b(?:SANTE|SOINS?|MUT(?:UELLES?)?|PREV(?:OYANCE)?|FRAIS MEDICAUX|COMPLEMENTAIRE)\b")
_PERHAPS = re.compile(r"\bASSURANCE MALADIE\b|\bAMELI\b|\bMUTUELLES?\b|\bCOMPLEMENTAIRE SANTE\b")
_PERSON = re.compile(
    r"(?<![A-Z0-9.])(?<!POUR )(?<!BEN )(?<!BENEF )(?<!BENEFICIAIRE )"
    r"(?:M|MR|MME|MLLE|MELLE|MONSIEUR|MADAME|MADEMOISELLE)(?:\.|\b(?!\.)) ?(?=[A-Z]{2})")
"""A title before a name, of somebody who does not receive."""
_SAID_BY = re.compile(r"/DE (.+?)(?= ?/[A-Z]|$)")
_REASON = re.compile(r"(?: |^)/?(?:MOTIF|LIBELLE|OBJET|/REF)\b.*")
_RUN = re.compile(r"\d{12,}")
_LATEST = timedelta(days=7)
"""A transfer is booked at most so long after its order."""


def payer_of(label: str, names: Iterable[str] = ()) -> Payer | None:
    """Who a credit comes from; None when it has nothing to do with health, or comes from somebody who writes of it.

    ``names``: of the person's own insurer.
    """
    text = _paid_by(plain(label).replace("_", " "))
    other = name_pattern("others").search(text)
    for which, says in (("health", _of_one), ("several", _of_several)):
        if (named := fund_pattern(which).search(text)) is not None:
            like = other is not None and other.start() <= named.start()
            return None if like or _STAFF.search(text) or _by_a_person(text, named) else says(text)
    if other is not None or _PENSION.search(text):
        return None
    if (named := name_pattern("special_schemes").search(text)) is not None:
        return None if _STAFF.search(text) or _by_a_person(text, named) else "maybe"
    if alone_pattern().fullmatch(text):
        return "top_up"
    own = any_of(tuple(name for name in names if len(plain(name)) > 2))
    named = own.search(text) or name_pattern("names").search(text)
    if named is None and _HEALTH.search(text):
        named = name_pattern("with_health").search(text)
    if named is not None:
        return None if _by_a_person(text, named) else "top_up"
    named = _PERHAPS.search(text)
    return "maybe" if named is not None and not _by_a_person(text, named) else None


def _paid_by(text: str) -> str:
    """The part of a label that names who pays, where it has one: what the payer wrote stands elsewhere."""
    if (said := _SAID_BY.search(text)) is not None:
        return said[1]
    return _REASON.sub("", text) if len(_REASON.sub("", text)) > len("VIREMENT SEPA RECU") else text


def _by_a_person(text: str, named: re.Match[str]) -> bool:
    """Whether a person's title stands before the name: who pays is that person."""
    person = _PERSON.search(text)
    return person is not None and person.start() < named.start()


def _of_one(text: str) -> Payer | None:
    """Of a fund that pays for health alone."""
    return None if _OLD_AGE.search(text) else "fund"


def _of_several(text: str) -> Payer | None:
    """Of a fund that pays pensions and family allowances too: health, unless it says otherwise."""
    if _OLD_AGE.search(text) or _FAMILY.search(text):
        return None
    return "maybe" if re.search(r"\bPENS(?:IONS?)?\b", text) and "INVALIDITE" not in text else "fund"


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
