"""The headings over a person's care: ``pour ZOE né(e) le 02/08/1955``, and what resembles one."""

import re
import unicodedata
from datetime import date

from agent.account import clean_text
from agent.files.formats.statements.cells import as_day
from agent.files.formats.statements.model import Patient

_BORN = r"n[ée] ?(?:\( ?e ?\)|e)?(?: le)? ?"
_DAY = r"(?P<day>\d\d(?P<part>[/ .])\d\d(?P=part)(?:\d{4}|\d\d))"
_PERSON = re.compile(rf"\bpour (.+?)[ ,]+{_BORN}{_DAY}$", re.IGNORECASE)
_BORN_ALONE = re.compile(rf"{_BORN}{_DAY}", re.IGNORECASE)
_RESEMBLES = re.compile(r"(?:^|\s)n(?:é|[ée] ?\( ?e ?\)|[ée]e)(?: le| en)? ?\d", re.IGNORECASE)
_CENTURY = 100


def heading(text: str, before: Patient | None, by: date | None) -> Patient | None:
    """Whose care follows the line ``text``; None when it is no heading that can be read.

    ``before`` is the person of the heading above, which a birth date alone on its line completes; ``by`` a day on
    which everybody was born.
    """
    text = " ".join(unicodedata.normalize("NFC", text).split())
    if (person := _PERSON.search(text)) is not None:
        return Patient(clean_text(person[1], 100), _birth(person["day"], by))
    first, *names = text.split() or [""]
    if first.lower() == "pour" and names and all(_is_name(word) for word in names):
        return Patient(clean_text(" ".join(names), 100), None)
    born = _BORN_ALONE.fullmatch(text)
    return before._replace(born=_birth(born["day"], by)) if born and before and before.born is None else None


def resembles_heading(text: str) -> bool:
    """Whether a line speaks of a birth: unread, the care under it would be given to the person above."""
    return _RESEMBLES.search(unicodedata.normalize("NFC", text)) is not None


def _is_name(word: str) -> bool:
    return word[0].isupper() and re.sub("[-'’]", "", word).isalpha()


def _birth(text: str, by: date | None) -> date | None:
    """A birth date; of a year of two figures that may be of either century, nothing."""
    day = as_day(text)
    if day is None or re.search(r"\d{4}$", text):
        return day
    if by is None or day <= by:
        return None
    return as_day(f"{text[:-2]}{day.year - _CENTURY}")
