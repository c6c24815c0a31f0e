"""The payments in memory as columns, newest first: searching, filtering and adding up without opening a record."""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import compress, islice
from typing import NamedTuple

from agent.protocol.payments import Facets, Month, PaymentRow
from agent.store.payments.columns import Column, both, either
from agent.store.search_text import amount_words, day_words, words
from config.fold import fold


class Entry(NamedTuple):
    """What the index wants to know of one payment."""

    id: str
    day: str
    """ISO day."""
    kind: str
    cents: int
    to: str
    label: str
    beneficiaries: tuple[str, ...]
    acts: tuple[str, ...]
    """What was done."""
    document: bool
    withheld: tuple[str, ...] = ()
    """Labels of the deductions: searched like the acts, not shown with them."""


@dataclass(frozen=True, slots=True)
class Query:
    """A question about payments; ``None`` and ``""`` do not restrict. Days are ISO and inclusive."""

    search: str = ""
    since: str | None = None
    until: str | None = None
    beneficiary: str | None = None
    kind: str | None = None


EVERY = Query()
"""No question at all."""


@dataclass(frozen=True, slots=True)
class Found:
    """The rows ``start`` to ``stop``, of which ``mask`` keeps some, with their sums in cents."""

    start: int
    stop: int
    mask: bytes | None
    """``None`` keeps all."""
    total: int
    cents: int
    tiers: int


class PaymentIndex:
    """All payments as columns. Rows are ordered by day, newest first; equals keep their order of arrival."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self.ids: list[str] = []
        self._days = array("i")
        self._cents: list[int] = []  # a list of ints adds up twice as fast as an array of them
        self._tiers = bytearray()
        self._document = bytearray()
        self._kind, self._label, self._who, self._text = Column(), Column(), Column(), Column()
        self._people, self._amount_text, self._acts = Column(), Column(), Column()
        self._found: dict[Query, Found] = {}
        self._folded: dict[str, str] = {}  # not a cache of the module's: it must go when the vault is locked
        self._words: dict[str, bytes | None] = {}
        self._runs: list[tuple[str, int]] | None = None
        for entry in entries:
            self._insert(len(self.ids), entry)
        self._sort()
        self._days_in_words()  # 30 ms for ten years, not to be paid by the first search

    def __len__(self) -> int:
        return len(self.ids)

    def put(self, entry: Entry) -> None:
        """Add a payment, or bring what is known of it up to date (its day never changes: it is part of its id)."""
        self._found.clear()
        self._words.clear()
        self._runs = None
        age = _age(entry.day)
        first, last = bisect_left(self._days, age), bisect_right(self._days, age)
        for row in range(first, last):
            if self.ids[row] == entry.id:
                self._replace(row, entry)
                return
        self._insert(last, entry)

    def remove(self, key: str, day: str) -> None:
        """Take out a payment of that ISO day; one that is not there is none."""
        age = _age(day)
        for row in range(bisect_left(self._days, age), bisect_right(self._days, age)):
            if self.ids[row] == key:
                self._found.clear()
                self._words.clear()
                self._runs = None
                for rows in (self.ids, self._days, self._cents, self._tiers, self._document):
                    del rows[row]
                for column in self._all_columns():
                    column.remove(row)
                return

    def find(self, query: Query) -> Found:
        """The payments that answer ``query``. Recent answers are remembered until the next change."""
        remembered = self._found.get(query)
        if remembered is not None:
            return remembered
        if len(self._found) > 16:
            self._found.clear()
        self._found[query] = answer = self._search(query)
        return answer

    def positions(self, answer: Found, offset: int = 0, limit: int | None = None) -> list[int]:
        """Row numbers of an answer, from the ``offset``-th, at most ``limit``."""
        end = None if limit is None else offset + limit
        rows = range(answer.start, answer.stop)
        return list(rows[offset:end] if answer.mask is None else islice(compress(rows, answer.mask), offset, end))

    def row(self, row: int) -> PaymentRow:
        """One row as the screens draw it."""
        return PaymentRow(
            id=self.ids[row], paid_on=self.day(row), kind=self._kind[row], amount=euros(self._cents[row]),
            to="tiers" if self._tiers[row] else "assure", label=self._label[row],
            beneficiaries=self._who[row].replace("\n", ", "),
            document=document_of(self.ids[row]) if self._document[row] else None, acts=self._acts[row],
        )

    def offered(self) -> list[tuple[str, str, str]]:
        """Id, ISO day and label of the payments whose décompte the service offers, newest first."""
        labels, days = self._label, self._days
        return [(key, _iso(-days[row]), labels[row]) for row, key in compress(enumerate(self.ids), self._document)]

    def day(self, row: int) -> str:
        """ISO day of a row."""
        return _iso(-self._days[row])

    def months(self, answer: Found) -> list[Month]:
        """Month, euros and number of payments, newest first."""
        out: list[Month] = []
        row = answer.start
        while row < answer.stop:
            month = self.day(row)[:7]
            end = min(bisect_right(self._days, _age(month + "-01")), answer.stop)
            mask = None if answer.mask is None else answer.mask[row - answer.start : end - answer.start]
            count = end - row if mask is None else mask.count(1)
            if count:
                cents = self._cents[row:end]
                out.append((month, euros(sum(cents if mask is None else compress(cents, mask))), count))
            row = end
        return out

    def facets(self) -> Facets:
        """The values a person can filter by."""
        names = {name for who in self._who.values for name in who.split("\n") if name}
        years = {text[:4] for text, _ in self._days_in_words()}
        kinds = sorted(self._kind.values)
        return {"beneficiaries": sorted(names), "kinds": kinds, "years": sorted(years, reverse=True)}

    # -- inside ------------------------------------------------------------------------------------------------------

    def _search(self, query: Query) -> Found:
        start = bisect_left(self._days, _age(query.until)) if query.until else 0
        stop = bisect_right(self._days, _age(query.since)) if query.since else len(self.ids)
        stop = max(start, stop)
        mask: bytes | None = None
        for part in self._masks(query):
            if part is None:
                return Found(0, 0, None, 0, 0, 0)
            mask = part if mask is None else both(mask, part)
        if mask is not None and (start, stop) != (0, len(self.ids)):
            mask = mask[start:stop]
        cents = self._cents if stop - start == len(self.ids) else self._cents[start:stop]
        tiers = bytes(self._tiers[start:stop])
        if mask is None:
            return Found(start, stop, None, stop - start, sum(cents), sum(compress(cents, tiers)))
        tiers = both(mask, tiers)
        return Found(start, stop, mask, mask.count(1), sum(compress(cents, mask)), sum(compress(cents, tiers)))

    def _masks(self, query: Query) -> Iterable[bytes | None]:
        if query.kind:
            wanted = self._fold(query.kind)
            yield self._kind.mask(lambda kind: self._fold(kind) == wanted)
        if query.beneficiary:
            names = words(query.beneficiary)
            yield self._who.mask(lambda who: any(_is_person(names, name) for name in who.split("\n")))
        for word in words(query.search):
            if word not in self._words:
                if len(self._words) >= 8:
                    self._words.clear()
                self._words[word] = self._word(word)  # while a person types, only the last word is new
            yield self._words[word]

    def _word(self, word: str) -> bytes | None:
        mask = either(self._text.containing(word), self._people.containing(word))
        mask = either(mask, self._on_day(word))
        if any(sign.isdigit() for sign in word):
            mask = either(mask, self._amount_text.containing(word))
        return mask

    def _on_day(self, word: str) -> bytes | None:
        """Rows sorted by day are runs of equal days: the mask is made run by run."""
        hits = [(word in text, count) for text, count in self._days_in_words()]
        if not any(hit for hit, _ in hits):
            return None
        return b"".join([(b"\1" if hit else b"\0") * count for hit, count in hits])

    def _days_in_words(self) -> list[tuple[str, int]]:
        """Each day as a person may type it, newest first, with its number of payments."""
        if self._runs is None:
            self._runs = []
            row = 0
            while row < len(self._days):
                end = bisect_right(self._days, self._days[row], row)
                self._runs.append((_day_text(self.day(row)), end - row))
                row = end
        return self._runs

    def _insert(self, row: int, entry: Entry) -> None:
        self.ids.insert(row, entry.id)
        self._days.insert(row, _age(entry.day))
        self._cents.insert(row, entry.cents)
        self._tiers.insert(row, entry.to == "tiers")
        self._document.insert(row, entry.document)
        for column, value in self._columns(entry):
            column.insert(row, value)

    def _sort(self) -> None:
        order = sorted(range(len(self.ids)), key=self._days.__getitem__)
        self.ids = [self.ids[row] for row in order]
        self._days = array("i", map(self._days.__getitem__, order))
        self._cents = [self._cents[row] for row in order]
        self._tiers = bytearray(map(self._tiers.__getitem__, order))
        self._document = bytearray(map(self._document.__getitem__, order))
        for column in self._all_columns():
            column.reorder(order)

    def _all_columns(self) -> tuple[Column, ...]:
        return self._kind, self._label, self._who, self._people, self._text, self._amount_text, self._acts

    def _replace(self, row: int, entry: Entry) -> None:
        self._cents[row] = entry.cents
        self._tiers[row] = entry.to == "tiers"
        self._document[row] = entry.document
        for column, value in self._columns(entry):
            column.replace(row, value)

    def _fold(self, text: str) -> str:
        folded = self._folded.get(text)
        if folded is None:
            self._folded[text] = folded = fold(text)
        return folded

    def _columns(self, entry: Entry) -> tuple[tuple[Column, str], ...]:
        # Acts sorted and people apart: far fewer distinct texts to look through.
        said = sorted(map(self._fold, {*entry.acts, *entry.withheld}))
        text = "\n".join((self._fold(entry.label), *said, self._fold(entry.kind)))
        who = "\n".join(entry.beneficiaries)
        return (
            (self._kind, entry.kind), (self._label, entry.label), (self._who, who), (self._people, self._fold(who)),
            (self._text, text), (self._amount_text, amount_words(entry.cents)),
            (self._acts, ", ".join(sorted(set(entry.acts)))),
        )


def euros(cents: int) -> str:
    """``-1950`` is "-19.50"."""
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02d}"


def document_of(payment: str) -> str:
    """Id of the décompte of a payment."""
    return "d" + payment[1:]


def _is_person(wanted: list[str], name: str) -> bool:
    have = fold(name)
    return bool(have) and all(word in have for word in wanted)


@lru_cache(maxsize=16384)
def _age(day: str) -> int:
    """Days before day 0, so that the newest sorts first."""
    return -date.fromisoformat(day).toordinal()


@lru_cache(maxsize=16384)
def _iso(ordinal: int) -> str:
    return date.fromordinal(ordinal).isoformat()


@lru_cache(maxsize=16384)
def _day_text(day: str) -> str:
    return day_words(date.fromisoformat(day))
