"""PDF statements: read as words by position, masked, and drawn anew on empty pages of the same size."""

from __future__ import annotations

import re
from datetime import timedelta
from random import Random

from agent.files.anonymise import errors
from agent.files.anonymise.amounts import Row, draw
from agent.files.anonymise.care_labels import CARE, FIXED, RISK, RISKS, SICK_PAY, TITLES, drawn, is_deduction
from agent.files.anonymise.pdf_page import draw_pages, flow, natural_width
from agent.files.anonymise.pseudonyms import Disguise
from agent.files.anonymise.tokens import Edit, days, edits, read_cents, tokens, write_cents
from agent.files.anonymise.vocabulary import fold, may_stay, month_of
from agent.files.formats.pdf_words import Page, Word, read_pages

MOST_PAGES = 60
_PAGE_NUMBER = re.compile(r"Page +\d{1,3} ?/ ?\d{1,3}$", re.IGNORECASE)
_TABLE_TOTAL = re.compile(r":\s*[-\u2212]?\s?[\d .\u00a0]*,\d\d\s+euro", re.IGNORECASE)
_PERIOD = re.compile(r"\bdu (\d\d/\d\d/\d{4}) au (\d\d/\d\d/\d{4})\b")
_DAY = re.compile(r"\d\d[/. ]\d\d[/. ]\d\d(?:\d\d)?")
_AMOUNT = re.compile(r"[-+\u2212]?\d[\d.]*,\d\d")
_SHORTEST = 4
"""Letters or digits of a token that is looked for in the finished copy: shorter ones are everywhere."""


class Line:
    """The words of one line, the text they make, and what of it is replaced."""

    def __init__(self, words: list[Word], disguise: Disguise) -> None:
        self.words = words
        self.text, self.spans = _joined(words)
        self.edits = list(edits(self.text, disguise))
        self.period = _PERIOD.search(self.text)
        """Of sick pay: first and last day, and a number of days."""
        amounts = [edit for edit in self.edits if edit.kind == "amount"]
        self.row = Row(
            [read_cents(self.text[one.start:one.end]) for one in amounts],
            [int(self.text[one.start:one.end]) for one in self.edits if one.kind == "rate"],
            re.findall(r"(?<![\d/.,])\d{1,3}(?![\d/.,])", self.text[: amounts[0].start] if amounts else ""),
            total=_TABLE_TOTAL.search(self.text) is not None,
        )
        if self.period and amounts:
            self._move_period(disguise)
        self.tabular = bool(amounts) and (self.row.total or _in_columns(words, self.spans, amounts[-1]))


    def _move_period(self, disguise: Disguise) -> None:
        """A period of another length, its days counted anew where they were."""
        assert self.period is not None
        (first,), (last,) = days(self.period[1]), days(self.period[2])
        length = disguise.chance.randint(2, 14)
        end = disguise.calendar.move(first) + timedelta(days=length - 1)
        counted = str((last - first).days + 1)
        for at, edit in enumerate(self.edits):
            if edit.start == self.period.start(2):
                self.edits[at] = edit._replace(new=f"{end:%d/%m/%Y}")
            elif counted in self.row.counts and edit.start > self.period.end() and (
                    self.text[edit.start:edit.end] == counted):
                self.edits[at] = edit._replace(new=str(length))
                self.row.length = (int(counted), length)


def mask_pdf(data: bytes, name: str, chance: Random) -> bytes:
    """The copy of a PDF. Raises NotAnonymised: damaged, without text, or (never seen) a copy that still tells."""
    try:
        pages = read_pages(data, MOST_PAGES)
    except ValueError as error:
        raise errors.damaged(name) from error
    joined = [_joined(line)[0] for page in pages for line in page.lines()]
    if not joined:
        raise errors.no_text(name)
    text = "\n".join(joined)
    disguise = Disguise(chance, frozenset(tokens(text)))
    disguise.calendar.learn(days(text))
    copies = _copied(pages, disguise)
    made = draw_pages(copies)
    if _leaks(text, made):
        raise errors.leaking(name)
    return made


def _copied(pages: list[Page], disguise: Disguise) -> list[Page]:
    lines = [[Line(words, disguise) for words in page.lines()] for page in pages]
    tabular = [line for page in lines for line in page if line.tabular]
    plan = dict(zip(map(id, tabular), draw([line.row for line in tabular], disguise), strict=True))
    return [
        Page(page.width, page.height,
             [word for line in of_page for word in flow(_masked(line, plan.get(id(line)), disguise))], page.rules)
        for page, of_page in zip(pages, lines, strict=True)
    ]


def _masked(line: Line, row: Row | None, disguise: Disguise) -> list[Word]:
    """The words of a line's copy."""
    if _PAGE_NUMBER.fullmatch(line.text):
        return line.words
    if fold(" ".join(line.text.split())) in TITLES:
        return line.words
    if fold(line.text).strip() in RISKS:
        return [_like(line.words[0], RISK, line.words[-1].right)]
    if row is not None:
        line.edits = list(_planned(line, row))
    texts = _applied(line)
    if row is None or row.total:
        return [_like(word, text) for word, text in zip(line.words, texts, strict=True) if text]
    return _with_label(line, texts, disguise)


def _planned(line: Line, row: Row) -> list[Edit]:
    amounts, rates = iter(row.amounts), iter(row.rates)
    made = []
    for edit in line.edits:
        if edit.kind == "amount":
            edit = edit._replace(new=write_cents(next(amounts), line.text[edit.start:edit.end]))
        elif edit.kind == "rate":
            edit = edit._replace(new=str(next(rates)))
        made.append(edit)
    return made


def _with_label(line: Line, texts: list[str], disguise: Disguise) -> list[Word]:
    """A line of the table: what lies between its day and its first number names the care."""
    old = [word.text for word in line.words]
    start = 1 if old and _DAY.fullmatch(old[0]) else 0
    end = next((at for at in range(start, len(old))
                if _AMOUNT.fullmatch(old[at]) or _DAY.fullmatch(old[at]) or old[at][0] in "(-\u2212"
                or (old[at].lower() == "du" and at + 1 < len(old) and _DAY.fullmatch(old[at + 1]))
                or re.fullmatch(r"Sect(?:eur)?\.?[12]?", old[at], re.IGNORECASE)), len(old))
    label = " ".join(old[start:end])
    if start == end:
        return [_like(word, text) for word, text in zip(line.words, texts, strict=True) if text]
    first, room = line.words[start], (line.words[end].left if end < len(old) else line.words[end - 1].right) - 3
    fitting = [one for one in CARE if first.left + natural_width(one[0], first) <= room]
    whole = " ".join(old[start:])
    drawing = drawn(whole if is_deduction(whole) else label, fitting, disguise.chance)
    chosen, code = SICK_PAY if line.period else drawing
    made = [*(_like(line.words[at], texts[at]) for at in range(start)), _like(first, chosen, line.words[end - 1].right)]
    inside = False
    for at in range(end, len(old)):
        word, text = line.words[at], texts[at]
        if inside and old[at] != ")":
            text = code
            code = ""
        inside = old[at] == "(" or (inside and old[at] != ")")
        if bracketed := re.fullmatch(r"\(([^()]*)\)", old[at]):
            text = f"({code or drawn(bracketed[1], (), disguise.chance)[1]})"
        if text:
            made.append(_like(word, text))
    return made


def _applied(line: Line) -> list[str]:
    """The new text of each word; empty for one that a shorter part has swallowed."""
    texts = [word.text for word in line.words]
    for edit in reversed(line.edits):
        touched = [at for at, (start, end) in enumerate(line.spans) if start < edit.end and end > edit.start]
        if len(touched) == 1:
            at, (start, _) = touched[0], line.spans[touched[0]]
            texts[at] = texts[at][: edit.start - start] + edit.new + texts[at][edit.end - start:]
            continue
        parts = edit.new.split()
        first, last = line.spans[touched[0]], line.spans[touched[-1]]
        if len(parts) != len(touched):
            parts = [""] * (len(touched) - 1) + [edit.new.strip()]
        head, tail = texts[touched[0]][: max(0, edit.start - first[0])], texts[touched[-1]][edit.end - last[0]:]
        for at, part in zip(touched, parts, strict=True):
            texts[at] = part
        texts[touched[0]] = head + texts[touched[0]]
        texts[touched[-1]] += tail
    return texts


def _joined(words: list[Word]) -> tuple[str, list[tuple[int, int]]]:
    """The text of a line and where each word is in it; a wide gap is two spaces."""
    made, spans, at = "", [], 0
    for before, word in zip([None, *words], words, strict=False):
        if before is not None:
            made += "  " if word.left - before.right > 0.5 * word.size else " "
        at = len(made)
        made += word.text
        spans.append((at, len(made)))
    return made, spans


def _in_columns(words: list[Word], spans: list[tuple[int, int]], last: Edit) -> bool:
    """The line ends with its last amount, which stands apart from the words before: a row of the table."""
    return last.end >= spans[-1][1] and words[-1].left - words[0].left > 100


def _like(word: Word, text: str, right: float | None = None) -> Word:
    """Another text in the place of a word, or of all words up to ``right``."""
    return Word(text, word.left, word.right if right is None else right, word.y, word.size, word.style)


def _leaks(original: str, made: bytes) -> bool:
    """Whether a token of the original that is neither of the form nor drawn stands in the copy."""
    text = " ".join(word.text for page in read_pages(made, MOST_PAGES) for word in page.words)
    return any(not _harmless(token) for token in _pieces(original) & _pieces(text))


def _harmless(token: str) -> bool:
    """Of the form, or of the few things that inventions are made of (months, years, labels of care)."""
    year = len(token) == 4 and token.isdigit() and token[:2] in ("19", "20")
    return year or may_stay(token) or month_of(token) is not None or fold(token) in FIXED


def _pieces(text: str) -> set[str]:
    return set(re.findall(rf"[^\W_]{{{_SHORTEST},}}", text))
