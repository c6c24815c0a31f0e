"""A PDF as its words by position, and the rules between them: what is needed to draw it anew, and nothing else."""

from __future__ import annotations

import ctypes
import math
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
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
    pictured: bool = False
    """A picture fills most of it: its words may have been read off that picture by a program."""

    def lines(self) -> list[list[Word]]:
        """The words of each line from left to right; smaller signs sit up to 3 points lower."""
        rows: list[list[Word]] = []
        for word in sorted(self.words, key=lambda word: (word.y, word.left)):
            if rows and word.y - rows[-1][0].y <= 3.0:
                rows[-1].append(word)
            else:
                rows.append([word])
        return [sorted(line, key=lambda word: word.left) for line in rows]


class _Sign(NamedTuple):
    """One sign; points from the left and from the bottom, as the page was drawn. Nothing: a space."""

    text: str
    box: tuple[float, float, float, float]
    """Left, bottom, right, top."""
    x: float
    y: float
    size: float
    style: str
    angle: float
    """In which direction the text runs, in radians clockwise."""


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
    def get_rotation(self) -> int: ...
    def get_textpage(self) -> _Text: ...
    def get_objects(self, filter: list[int], max_depth: int) -> Iterable[_Shape]: ...
    def close(self) -> None: ...


@outside
def read_pages(data: bytes, most: int) -> list[Page]:
    """The first ``most`` pages as they were drawn, with their rules.

    Raises ValueError when the file is no PDF that can be opened, Overgrown when it would take too long.
    """
    with PDFIUM:
        return _pages(data, most, _drawn)


@outside
def read_upright(data: bytes, most: int) -> list[Page]:
    """The words of the first ``most`` pages, turned so that they run from left to right, however a page is turned.

    Text that runs in another direction than most of its page follows as a page of its own. Raises as ``read_pages``.
    """
    with PDFIUM:
        return _pages(data, most, _upright)


def _pages(data: bytes, most: int, read: Callable[[_PdfPage, int], list[Page]]) -> list[Page]:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise ValueError("not a PDF") from error
    try:
        pages, signs, until = [], MOST_SIGNS, time.monotonic() + MOST_SECONDS
        for at in range(min(len(document), most)):
            turns = read(document[at], signs)
            signs -= sum(len(word.text) for page in turns for word in page.words)
            if time.monotonic() > until:
                raise Overgrown("too long to read")
            pages += turns
        return pages
    except pypdfium2.PdfiumError as error:
        raise ValueError("a page cannot be read") from error
    finally:
        document.close()


def _drawn(source: _PdfPage, most_signs: int) -> list[Page]:
    width, height = source.get_size()
    signs = _signs(source, most_signs)
    page = Page(width, height, list(_words(signs, _Turn(0.0, 0.0, height))), list(_rules(source, height)))
    source.close()
    return [page]


def _upright(source: _PdfPage, most_signs: int) -> list[Page]:
    width, height = source.get_size()
    if _is_on_its_side(source):
        width, height = height, width
    signs = _signs(source, most_signs)
    pictured = _is_pictured(source, width, height)
    quarters = Counter(_quarter(sign) for sign in signs if sign is not None)
    pages = []
    for quarter, _count in quarters.most_common():
        mine = [sign if sign is None or _quarter(sign) == quarter else None for sign in signs]
        turn = _turn([sign.angle for sign in mine if sign is not None], width, height)
        size = (height, width) if quarter % 2 else (width, height)
        pages.append(Page(*size, list(_words(mine, turn)), pictured=pictured))
    source.close()
    return pages or [Page(width, height, pictured=pictured)]


def _is_on_its_side(source: _PdfPage) -> bool:
    try:
        return source.get_rotation() in (90, 270)
    except KeyError as error:  # of a damaged page some releases have no rotation
        raise ValueError("a page cannot be read") from error


def _quarter(sign: _Sign) -> int:
    """The quarter turns by which a sign's text runs otherwise than from left to right."""
    return round(sign.angle / (math.pi / 2)) % 4


class _Turn(NamedTuple):
    """How places of a page become those of upright text."""

    angle: float
    left: float
    top: float
    """What the corner of the page is then, negated."""

    def place(self, x: float, y: float) -> tuple[float, float]:
        """From the left and from the top."""
        along, across = math.cos(self.angle), -math.sin(self.angle)
        return x * along + y * across + self.left, x * across - y * along + self.top


def _turn(angles: Sequence[float], width: float, height: float) -> _Turn:
    """The turn by the middle one of ``angles``: a page that was scanned askew is set straight as well."""
    bare = _Turn(sorted(angles)[len(angles) // 2], 0.0, 0.0)
    corners = [bare.place(x, y) for x in (0.0, width) for y in (0.0, height)]
    return _Turn(bare.angle, -min(x for x, _ in corners), -min(y for _, y in corners))


def _signs(source: _PdfPage, most: int) -> list[_Sign | None]:
    """Every sign of a page in the order of the file; None between words."""
    import pypdfium2.raw as raw

    text = source.get_textpage()
    try:
        if text.count_chars() > most:
            raise Overgrown("too many signs")
        signs: list[_Sign | None] = []
        for at in range(text.count_chars()):
            sign = chr(raw.FPDFText_GetUnicode(text.raw, at))
            if sign.isspace() or not sign.isprintable() or raw.FPDFText_IsGenerated(text.raw, at) == _GENERATED:
                signs.append(None)
                continue
            x, y = ctypes.c_double(), ctypes.c_double()
            raw.FPDFText_GetCharOrigin(text.raw, at, ctypes.byref(x), ctypes.byref(y))
            signs.append(_Sign(
                sign, text.get_charbox(at, loose=True), x.value, y.value, raw.FPDFText_GetFontSize(text.raw, at),
                _style(text, at), raw.FPDFText_GetCharAngle(text.raw, at)))
        return signs
    finally:
        text.close()


def _words(signs: Iterable[_Sign | None], turn: _Turn) -> Iterator[Word]:
    word: Word | None = None
    for sign in signs:
        if sign is None:
            if word is not None:
                yield word
            word = None
            continue
        x, base = turn.place(sign.x, sign.y)
        ends = [turn.place(along, across)[0] for along in sign.box[::2] for across in sign.box[1::2]]
        left, right, size = min(ends), max(ends), sign.size
        if word is not None and abs(base - word.y) < 0.6 and -size < left - word.right < _APART * size:
            word.text += sign.text
            word.right = max(word.right, right)
            continue
        if word is not None:
            yield word
        word = Word(sign.text, min(left, x), right, base, size, sign.style)
    if word is not None:
        yield word


def _is_pictured(source: _PdfPage, width: float, height: float) -> bool:
    import pypdfium2.raw as raw

    for shape in source.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=_DEEPEST):
        left, bottom, right, top = shape.get_bounds()
        if (right - left) * (top - bottom) > width * height / 2:
            return True
    return False


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
