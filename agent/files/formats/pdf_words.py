"""A PDF as its words by position, and the rules between them: what is needed to draw it anew, and nothing else."""

from __future__ import annotations

import ctypes
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from agent.concurrency.reader_threads import outside
from agent.files.formats.pdf_lock import PDFIUM

_APART = 0.18
"""Of the font's size: a wider gap between two signs parts two words."""
_THIN = 2.5
"""Points: a thinner shape is a rule."""
_DEEPEST = 4
_GENERATED = 1
MOST_SIGNS = 120_000
"""Of one file: a crowded page has 6,000."""
MOST_SECONDS = 10.0
"""For one file: a page of a statement takes 0.01 s."""


class Overgrown(ValueError):
    """A file with more in it than any statement has."""


@dataclass(slots=True)
class Word:
    """One word. Points from the left and from the top; ``y`` is its baseline."""

    text: str
    left: float
    right: float
    y: float
    size: float
    style: str
    """``B``, ``I``, both or neither."""


class Rule(NamedTuple):
    """A line or the frame of a box."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(slots=True)
class Page:
    """One page."""

    width: float
    height: float
    words: list[Word] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)

    def lines(self) -> list[list[Word]]:
        """The words of each line from left to right; smaller signs sit up to 3 points lower."""
        rows: list[list[Word]] = []
        for word in sorted(self.words, key=lambda word: (word.y, word.left)):
            if rows and word.y - rows[-1][0].y <= 3.0:
                rows[-1].append(word)
            else:
                rows.append([word])
        return [sorted(line, key=lambda word: word.left) for line in rows]


class _Text(Protocol):
    """The signs of a page of ``pypdfium2``, which has no types: what is used of it."""

    raw: object

    def count_chars(self) -> int: ...
    def get_charbox(self, index: int, loose: bool) -> tuple[float, float, float, float]: ...
    def close(self) -> None: ...


class _Shape(Protocol):
    """Something drawn on a page of ``pypdfium2``: left, bottom, right, top."""

    def get_bounds(self) -> tuple[float, float, float, float]: ...


class _PdfPage(Protocol):
    """A page of ``pypdfium2``."""

    def get_size(self) -> tuple[float, float]: ...
    def get_textpage(self) -> _Text: ...
    def get_objects(self, filter: list[int], max_depth: int) -> Iterable[_Shape]: ...
    def close(self) -> None: ...


@outside
def read_pages(data: bytes, most: int, *, rules: bool = True) -> list[Page]:
    """The first ``most`` pages, with their rules or the words alone.

    Raises ValueError when the file is no PDF that can be opened, Overgrown when it would take too long.
    """
    with PDFIUM:
        return _pages(data, most, rules)


def _pages(data: bytes, most: int, rules: bool) -> list[Page]:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise ValueError("not a PDF") from error
    try:
        pages, signs, until = [], MOST_SIGNS, time.monotonic() + MOST_SECONDS
        for at in range(min(len(document), most)):
            page = _page(document[at], signs, rules)
            signs -= sum(len(word.text) for word in page.words)
            if time.monotonic() > until:
                raise Overgrown("too long to read")
            pages.append(page)
        return pages
    except pypdfium2.PdfiumError as error:
        raise ValueError("a page cannot be read") from error
    finally:
        document.close()


def _page(source: _PdfPage, most_signs: int, rules: bool) -> Page:
    width, height = source.get_size()
    page = Page(width, height)
    text = source.get_textpage()
    try:
        if text.count_chars() > most_signs:
            raise Overgrown("too many signs")
        page.words = list(_words(text, height))
    finally:
        text.close()
    if rules:
        page.rules = list(_rules(source, height))
    source.close()
    return page


def _words(text: _Text, height: float) -> Iterator[Word]:
    import pypdfium2.raw as raw

    word: Word | None = None
    for at in range(text.count_chars()):
        sign = chr(raw.FPDFText_GetUnicode(text.raw, at))
        blank = sign.isspace() or not sign.isprintable() or raw.FPDFText_IsGenerated(text.raw, at) == _GENERATED
        if blank:
            if word is not None:
                yield word
            word = None
            continue
        left, _, right, _ = text.get_charbox(at, loose=True)
        x, y = ctypes.c_double(), ctypes.c_double()
        raw.FPDFText_GetCharOrigin(text.raw, at, ctypes.byref(x), ctypes.byref(y))
        size, style, base = raw.FPDFText_GetFontSize(text.raw, at), _style(text, at), height - y.value
        if word is not None and abs(base - word.y) < 0.6 and -size < left - word.right < _APART * size:
            word.text += sign
            word.right = max(word.right, right)
            continue
        if word is not None:
            yield word
        word = Word(sign, min(left, x.value), right, base, size, style)
    if word is not None:
        yield word


def _style(text: _Text, at: int) -> str:
    import pypdfium2.raw as raw

    flags = ctypes.c_int()
    length = raw.FPDFText_GetFontInfo(text.raw, at, None, 0, ctypes.byref(flags))
    buffer = ctypes.create_string_buffer(length)
    raw.FPDFText_GetFontInfo(text.raw, at, buffer, length, ctypes.byref(flags))
    name = buffer.value.decode("utf-8", "replace").lower()
    return ("B" if "bold" in name else "") + ("I" if "italic" in name or "oblique" in name else "")


def _rules(source: _PdfPage, height: float) -> Iterator[Rule]:
    import pypdfium2.raw as raw

    for shape in source.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=_DEEPEST):
        left, bottom, right, top = shape.get_bounds()
        if right - left > 4 or top - bottom > 4:
            yield Rule(left, height - top, right, height - bottom)


def is_thin(rule: Rule) -> bool:
    """A line rather than a box."""
    return rule.right - rule.left < _THIN or rule.bottom - rule.top < _THIN
