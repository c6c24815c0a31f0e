"""From the bytes of a HAR file to the answers that may be kept.

Entries are cut apart first and read one by one: one that cannot be read is counted, with its place and the reason.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from agent.concurrency.reader_threads import outside
from agent.files.formats.har.entries import Judged, Marks, judged
from agent.files.formats.har.errors import NotARecording
from agent.files.formats.har.hosts import Place
from agent.files.formats.har.model import Dropped, Entry, Recording, Unread
from agent.files.formats.har.plain_text import chunks_of, head_text, plain_text
from agent.files.formats.har.scanner import Scanner

_SNIFFED = 64 << 10
_TOLD = 100
"""Unread entries that are named; the others are counted."""


def looks_like_har(data: bytes) -> bool:
    """Whether the file begins as a recording does, compressed or not. Cheap; never raises."""
    head = head_text(data[:_SNIFFED], _SNIFFED).lstrip()
    return head.startswith(b"{") and b'"log"' in head


@outside
def read_har(data: bytes) -> Recording:
    """Read a recording, compressed (gzip) or not. Raises NotARecording, TooLargeRecording.

    Where answers of the real service are in it those of this machine are left out.
    """
    return _Reading().read(chunks_of(data))


class _Reading:
    """One pass over the entries of a file."""

    def __init__(self) -> None:
        self._kept: dict[Place, list[tuple[Entry, Marks]]] = {Place.DATA: [], Place.LOCAL: []}
        self._dropped = Dropped()
        self._unread: list[Unread] = []
        self._last = self._exchanges = 0

    def read(self, chunks: Iterable[bytes | memoryview]) -> Recording:
        """All that may be kept. Raises NotARecording, TooLargeRecording."""
        scanner = Scanner(plain_text(chunks))
        for entry in judged(scanner):
            self._sort(entry)
        if scanner.cut and not self._exchanges:
            raise NotARecording(why_fr="il est coupé ou abîmé", why_en="it is cut short or damaged")
        if not scanner.found:
            raise NotARecording(why_fr="la liste des échanges manque", why_en="the list of exchanges is missing")
        return self._recording(self._last if scanner.cut else None)

    def _sort(self, entry: Judged) -> None:
        """Put one exchange where it belongs."""
        self._last = entry.number
        self._exchanges += entry.where is not None
        match entry.where:
            case None:
                self._leave(entry)
            case Place.SIGN_IN:
                self._dropped.sign_in += 1
            case Place.ELSEWHERE:
                self._dropped.elsewhere += 1
            case Place.TOKEN:
                self._dropped.tokens += 1
            case at if entry.kept is not None:
                self._kept[at].append(entry.kept)

    def _leave(self, entry: Judged) -> None:
        self._dropped.unreadable += 1
        if entry.why is not None and len(self._unread) < _TOLD:
            self._unread.append(Unread(entry.number, entry.why))

    def _recording(self, cut_after: int | None) -> Recording:
        kept, dropped = self._kept, self._dropped
        where = Place.DATA if kept[Place.DATA] or not kept[Place.LOCAL] else Place.LOCAL
        if where is Place.DATA:
            dropped.elsewhere += len(kept[Place.LOCAL])
        for _, marks in kept[where]:
            dropped.cookies += marks.cookies
            dropped.bodies += marks.sent
            dropped.tokens += marks.token
        entries = [entry for entry, _ in kept[where]]
        if all(entry.started_at is not None for entry in entries):
            entries.sort(key=lambda entry: entry.started_at or datetime.min.replace(tzinfo=UTC))
        return Recording(entries=entries, dropped=dropped, local=where is Place.LOCAL, unread=self._unread,
                         cut_after=cut_after, mended=sum(marks.mended for _, marks in kept[where]))
