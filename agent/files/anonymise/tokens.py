"""Texts masked token by token: days, months, amounts, rates, numbers and words, each in the form it had."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import NamedTuple

from agent.files.anonymise.pseudonyms import Disguise
from agent.files.anonymise.vocabulary import CAPITALS, LETTERS, SHORT, SPELT, fold, like, may_stay, month_of

_SPACE = "[ \\t\u00a0\u2009\u202f]"
_TOKEN = re.compile(
    r"(?P<nir>(?<!\w)[12378]\s?\d{2}\s?\d{2}\s?(?:\d{2}|2[ABab])\s?\d{3}\s?\d{3}"
    rf"(?:{_SPACE}?\d{{2}})?(?![\w/]))"
    r"|(?P<mixed>(?<![^\W_])(?=[^\W_]*\d)(?=[^\W_]*[^\W\d_])[^\W_]+)"
    r"|(?P<dmy>(?<!\d)\d{1,2}[/.-]\d{1,2}[/.-](?:\d{4}|\d{2})(?!\d))"
    r"|(?P<iso>(?<!\d)\d{4}-\d{2}-\d{2}(?!\d))"
    r"|(?P<ymd>(?<!\d)(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?=\D|\d{6}\D|\d{6}$|$))"
    r"|(?P<ym>(?<!\d)(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?!\d))"
    rf"|(?P<amount>(?<![\w,.])(?:[-+\u2212]{_SPACE}?)?\d{{1,3}}(?:[ .\u00a0\u2009\u202f]\d{{3}})*[.,]\d{{2}}"
    r"(?!\d|[.,]\d)"
    r"|(?<![\w,.])[-+\u2212]?\d{4,9}[.,]\d{2}(?!\d))"
    rf"|(?P<rate>(?<!\d)(?:100|\d{{1,2}})(?={_SPACE}?%))"
    rf"|(?P<spelt>(?P<name>[^\W\d_]{{3,9}})(?P<gap>\.?{_SPACE}+)(?P<year>(?:19|20)\d{{2}})(?!\d))"
    r"|(?P<reference>(?<!\d)\d{12,13}(?!\d))"
    r"|(?P<word>[^\W\d_]+)"
    r"|(?P<digits>\d+)"
)
_BIRTH = re.compile(r"n[ée](?:\(?e\)?)?\s+le\s*:?\s*$|naissance\W*$", re.IGNORECASE)
_REFERRED = re.compile(r"r[ée]f\.?\s+\d{4}\s+$", re.IGNORECASE)
_KIND = re.compile(r"[A-Z]+(?:_[A-Z]+)+")
_NUMBERED = re.compile(r"([^\W\d_]+)\d{1,2}")
"""A word of the form with a small number: ``Sect1``."""


class Edit(NamedTuple):
    """A part of a text and what stands for it."""

    start: int
    end: int
    new: str
    kind: str = ""
    """``amount`` and ``rate``, which a table may choose to fit together."""


def mask(text: str, disguise: Disguise, *, keep_numbers: bool = False, free: bool = False) -> str:
    """The text with everything of the person replaced.

    ``keep_numbers``: numbers of one or two digits stay. ``free``: the text is somebody's own words, of which not even
    those of the form stay.
    """
    made, at = [], 0
    for edit in edits(text, disguise, keep_numbers=keep_numbers, free=free):
        made += [text[at:edit.start], edit.new]
        at = edit.end
    return "".join([*made, text[at:]])


def edits(text: str, disguise: Disguise, *, keep_numbers: bool = False, free: bool = False) -> Iterator[Edit]:
    """What ``mask`` replaces, from left to right; parts that stay are not told."""
    own = free or _somebodys(text)
    stays = _in_tables if free else _in_capitals if own else may_stay
    for token in _TOKEN.finditer(text):
        yield from _edit(text, token, _Mask(disguise, keep_numbers, stays, disguise.blur if own else disguise.word))


class _Mask(NamedTuple):
    """How one text is masked."""

    disguise: Disguise
    keep_numbers: bool
    stays: Callable[[str], bool]
    word: Callable[[str], str]


def _somebodys(text: str) -> bool:
    """Words that are not the form's outnumber those that are: the sentence is about one person, or unknown to us."""
    if _KIND.fullmatch(text):  # INDEMNITE_JOURNALIERE_ASSURE tells of an illness by its length alone
        return not all(word in CAPITALS for word in LETTERS.findall(text))
    spoken = [word for word in LETTERS.findall(text) if not word.isupper() and month_of(word) is None]
    strange = sum(not may_stay(word) for word in spoken)
    return strange >= 2 and strange * 2 >= len(spoken)


def _edit(text: str, token: re.Match[str], how: _Mask) -> Iterator[Edit]:
    disguise, keep_numbers, stays, _ = how
    kind, start, end = token.lastgroup or "", token.start(), token.end()
    whole = token[0]
    if token["spelt"] is not None:
        named = month_of(token["name"])
        if named is None:
            yield from _word(token["name"], start, how)
            yield Edit(token.start("year"), token.end("year"), disguise.digits(token["year"]))
            return
        year, month = disguise.calendar.month(int(token["year"]), named[0] + 1)
        yield Edit(start, token.end("name"), _named(month - 1, token["name"], short=named[1]))
        yield Edit(token.start("year"), token.end("year"), str(year))
        return
    if kind in ("dmy", "iso", "ymd"):
        day = _day(whole)
        if day is None:
            yield Edit(start, end, "".join(disguise.digits(part) if part.isdigit() else part
                                           for part in re.split(r"(\D+)", whole)))
            return
        birth = _BIRTH.search(text[max(0, start - 24):start]) is not None
        yield Edit(start, end, _written(disguise.calendar.move(day, birth=birth), whole))
    elif kind == "ym":
        year, month = disguise.calendar.month(int(whole[:4]), int(whole[4:]))
        yield Edit(start, end, f"{year:04d}{month:02d}")
    elif kind == "reference" or (whole.isdigit() and _REFERRED.search(text[max(0, start - 24):start])):
        yield Edit(start, end, _reference(whole, disguise))
    elif kind == "nir":
        drawn = iter(disguise.nir())
        yield Edit(start, end, "".join(next(drawn) if sign.isalnum() else sign for sign in whole))
    elif kind == "amount":
        yield Edit(start, end, write_cents(disguise.cents(read_cents(whole)), whole), kind)
    elif kind == "rate":
        yield Edit(start, end, disguise.rate(), kind)
    elif kind == "word":
        yield from _word(whole, start, how)
    elif kind == "mixed":
        if not ((numbered := _NUMBERED.fullmatch(whole)) and stays(numbered[1])):
            yield Edit(start, end, disguise.word(whole))
    elif not (keep_numbers and len(whole) <= 2):
        yield Edit(start, end, disguise.digits(whole))


def _in_tables(word: str) -> bool:
    """What the service itself writes among a person's data: it tells one kind of line from another."""
    return fold(word) in ("participation", "forfaitaire")


def _in_capitals(word: str) -> bool:
    return word in CAPITALS


def _word(word: str, start: int, how: _Mask) -> Iterator[Edit]:
    named = month_of(word)
    if named is not None:
        yield Edit(start, start + len(word), _named(how.disguise.calendar.month_name(named[0]), word, short=named[1]))
    elif not how.stays(word):
        yield Edit(start, start + len(word), how.word(word))


def _named(month: int, old: str, *, short: bool) -> str:
    return like((SHORT if short else SPELT)[month], old)


def _reference(whole: str, disguise: Disguise) -> str:
    """A reference begins with the year and the day of the year of its payment: it moves with it."""
    try:
        day = date.fromordinal(date(2000 + int(whole[:2]), 1, 1).toordinal() + int(whole[2:5]) - 1)
    except ValueError:
        return disguise.digits(whole)
    moved = disguise.calendar.move(day)
    return f"{moved:%y%j}{disguise.digits(whole[5:])}"


def days(text: str) -> Iterator[date]:
    """Every day that the text names in figures."""
    for token in _TOKEN.finditer(text):
        if token.lastgroup in ("dmy", "iso", "ymd") and (day := _day(token[0])) is not None:
            yield day


def tokens(text: str) -> Iterator[str]:
    """Everything that an invention must not equal, in lower case: words, numbers, amounts, days."""
    for token in _TOKEN.finditer(text):
        yield token[0].strip().casefold()
    for word in re.findall(r"[^\W_]+", text):
        yield word.casefold()


def _day(text: str) -> date | None:
    parts = re.findall(r"\d+", text) if not text.isdigit() else [text[:4], text[4:6], text[6:]]
    if len(parts[0]) == 4:
        year, month, day = parts
    else:
        day, month, year = parts
    try:
        return date(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day))
    except ValueError:
        return None


def _written(day: date, like_this: str) -> str:
    if like_this.isdigit():
        return f"{day:%Y%m%d}"
    first, _month, last = re.split(r"\D", like_this)
    if len(first) == 4:
        return f"{day:%Y-%m-%d}"
    sign = like_this[len(first)]
    return f"{day.day:02d}{sign}{day.month:02d}{sign}{f'{day:%Y}' if len(last) == 4 else f'{day:%y}'}"


def read_cents(text: str) -> int:
    """``- 1 234,50`` in cents."""
    digits = re.sub(r"\D", "", text)
    return int(digits) * (-1 if text.lstrip()[:1] in "-\u2212" else 1)


def write_cents(cents: int, like_this: str) -> str:
    """An amount with the sign, the spaces and the comma of another."""
    sign = re.match(r"[-+\u2212]?[ \t\u00a0\u2009\u202f]?", like_this)
    whole, part = divmod(abs(cents), 100)
    comma = like_this[-3]
    group = re.search(r"\d([ .\u00a0\u2009\u202f])\d{3}", like_this)
    digits = f"{whole:,}".replace(",", group[1]) if group else str(whole)
    return f"{sign[0] if sign else ''}{digits}{comma}{part:02d}"
