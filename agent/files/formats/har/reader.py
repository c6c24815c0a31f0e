"""From the bytes of a HAR file to the answers that may be kept.

Secrets are left out by never being decoded: of a request the reader knows method, address, the names of its headers
and whether it sent something. Cookies, header values and what was sent are skipped over in the bytes of the file.

Entries are cut apart first and read one by one: one that cannot be read is counted, with its place and the reason.
"""

from __future__ import annotations

import binascii
import re
from base64 import b64decode
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

import msgspec

from agent.account import clean_text
from agent.concurrency.reader_threads import outside
from agent.files.formats.har.errors import NotARecording
from agent.files.formats.har.hosts import Place, bare, place, redirect
from agent.files.formats.har.mend import mend
from agent.files.formats.har.model import Dropped, Entry, Recording, Unread
from agent.files.formats.har.plain_text import chunks_of, head_text, plain_text
from agent.files.formats.har.scanner import Piece, Scanner, Why, scan_within
from config.json_value import JsonValue

_SNIFFED = 64 << 10
_TOLD = 100
"""Unread entries that are named; the others are counted."""
_SECRET_HEADERS = {"cookie", "authorization", "proxy-authorization", "set-cookie", "set-cookie2"}
_KEPT_HEADERS = ("content-type", "content-disposition", "date", "retry-after")


_MARKUP = re.compile(r"\s*[<{\[]")
"""How pages and data begin: no base64 does."""
_NOTHING = (b"null", b"[]", b"{}", b'""')


class _Name(msgspec.Struct):
    name: JsonValue = ""


class _Header(msgspec.Struct):
    name: JsonValue = ""
    value: JsonValue = ""


class _Request(msgspec.Struct):
    url: str
    method: str = "GET"
    headers: list[_Name] | None = None
    cookies: msgspec.Raw = msgspec.Raw(_NOTHING[0])
    postData: msgspec.Raw = msgspec.Raw(_NOTHING[0])  # noqa: N815 - as HAR names it


class _Content(msgspec.Struct):
    mimeType: JsonValue = None  # noqa: N815 - as HAR names it
    text: str | None = None
    encoding: JsonValue = None
    size: JsonValue = None


class _Response(msgspec.Struct):
    status: JsonValue = 0
    headers: list[_Header] | None = None
    cookies: msgspec.Raw = msgspec.Raw(_NOTHING[0])
    content: _Content | None = None
    redirectURL: JsonValue = None  # noqa: N815 - as HAR names it


class _Where(msgspec.Struct):
    request: _Request
    startedDateTime: JsonValue = None  # noqa: N815 - as HAR names it


class _What(msgspec.Struct):
    response: _Response


_WHERE = msgspec.json.Decoder(_Where)
_WHAT = msgspec.json.Decoder(_What)
_MALFORMED = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""ValidationError is one of the first."""


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


class _Marks(msgspec.Struct, frozen=True):
    """What was taken off one exchange."""

    cookies: bool
    sent: bool
    token: bool
    mended: bool


def _not_har(why_fr: str, why_en: str) -> NotARecording:
    return NotARecording(why_fr=why_fr, why_en=why_en)


class _Reading:
    """One pass over the entries of a file."""

    def __init__(self) -> None:
        self._kept: dict[Place, list[tuple[Entry, _Marks]]] = {Place.DATA: [], Place.LOCAL: []}
        self._dropped = Dropped()
        self._unread: list[Unread] = []
        self._exchanges = 0
        self._swallowed = 0
        """Entries that began in others, whose end was missed: those behind them have their numbers after them."""

    def read(self, chunks: Iterable[bytes | memoryview]) -> Recording:
        """All that may be kept."""
        scanner = Scanner(plain_text(chunks))
        last = 0
        for piece in scanner:
            self._one(piece._replace(number=piece.number + self._swallowed))
            last = piece.number + self._swallowed
        if scanner.cut and not self._exchanges:
            raise _not_har("il est coupé ou abîmé", "it is cut short or damaged")
        if not scanner.found:
            raise _not_har("la liste des échanges manque", "the list of exchanges is missing")
        return self._recording(last if scanner.cut else None)

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

    def _one(self, piece: Piece) -> None:
        if piece.why is not None:
            self._leave(piece.number, piece.why)
            return
        try:
            try:
                self._sort(piece.raw)
            except _MALFORMED:
                mended = mend(piece.raw)
                self._sort(mended.raw, mended=mended.texts)
        except msgspec.ValidationError:
            self._leave(piece.number, Why.NO_EXCHANGE)
        except _MALFORMED:
            self._leave(piece.number, Why.DAMAGED)
            for inner in scan_within(piece.raw, piece.number + 1):
                self._swallowed += 1
                self._one(inner)

    def _leave(self, number: int, why: Why) -> None:
        self._dropped.unreadable += 1
        if len(self._unread) < _TOLD:
            self._unread.append(Unread(number, why))

    def _sort(self, raw: bytes, *, mended: bool = False) -> None:
        """Put one exchange where it belongs; its answer is decoded only when it is to be kept."""
        where = _WHERE.decode(raw)
        match at := place(where.request.url):
            case Place.SIGN_IN:
                self._dropped.sign_in += 1
            case Place.ELSEWHERE:
                self._dropped.elsewhere += 1
            case Place.TOKEN:
                self._dropped.tokens += 1
            case _:
                self._kept[at].append(_entry(where, _WHAT.decode(raw).response, mended=mended))
        self._exchanges += 1


def _entry(where: _Where, answer: _Response, *, mended: bool) -> tuple[Entry, _Marks]:
    request = where.request
    url, token_in_url = bare(request.url)
    names = _names(request.headers)
    body, from_text = _body(answer.content)
    status = _status(answer.status)
    return Entry(
        method=clean_text(request.method.upper(), 20), url=url, status=status,
        headers=_headers(answer, status, from_text=from_text), body=body, started_at=_moment(where.startedDateTime),
    ), _Marks(
        cookies=_something(request.cookies) or _something(answer.cookies)
        or bool((names | _names(answer.headers)) & _SECRET_HEADERS),
        sent=_something(request.postData),
        token=token_in_url or "_ct" in names, mended=mended,
    )


def _status(written: JsonValue) -> int:
    """The status as a number; some tools write it as text or with decimals."""
    try:
        status = int(written) if isinstance(written, (str, int, float)) else 0
    except (ValueError, OverflowError):
        return 0
    return status if 100 <= status <= 999 else 0


def _names(headers: Sequence[_Name | _Header] | None) -> set[str]:
    return {header.name.lower() for header in headers or () if isinstance(header.name, str)}


def _something(raw: msgspec.Raw) -> bool:
    return bytes(raw).strip() not in _NOTHING


def _headers(answer: _Response, status: int, *, from_text: bool) -> dict[str, str]:
    sent = {header.name.lower(): header.value for header in reversed(answer.headers or ())
            if isinstance(header.name, str) and isinstance(header.value, str)}
    kept = {name: clean_text(sent[name], 500) for name in _KEPT_HEADERS if name in sent}
    told_type = answer.content.mimeType if answer.content is not None else None
    if "content-type" not in kept and isinstance(told_type, str) and told_type:
        kept["content-type"] = clean_text(told_type, 500)
    if from_text and "content-type" in kept:
        # The browser decoded the text already: what it was sent in no longer matters.
        kept["content-type"] = kept["content-type"].partition(";")[0].strip() + "; charset=utf-8"
    leads = sent.get("location") or answer.redirectURL
    if 300 <= status < 400 and isinstance(leads, str) and (link := redirect(leads)):
        kept["location"] = clean_text(link, 4000)
    return kept


def _body(content: _Content | None) -> tuple[bytes | None, bool]:
    """The bytes of an answer, and whether they were written as text; None when they were not recorded."""
    if content is None or content.text is None or (not content.text and content.size not in (0, None)):
        return None, False
    if content.encoding is not None and str(content.encoding).strip().lower() == "base64":
        try:
            return b64decode("".join(content.text.split()), validate=True), False
        except (binascii.Error, ValueError):
            if not _MARKUP.match(content.text):
                return None, False  # else a tool wrote a page as text, whatever it says beside it
    if content.text.startswith("%PDF-") and not content.text.isascii():
        return None, False  # bytes made text: what they were is lost
    return content.text.encode("utf-8", "replace"), True


def _moment(text: JsonValue) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text if isinstance(text, str) else "")
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
