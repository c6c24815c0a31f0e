"""From the bytes of a HAR file to the answers that may be kept.

Secrets are left out by never being decoded: of a request the reader knows method, address, the names of its headers
and whether it sent something. Cookies, header values and what was sent are skipped over in the bytes of the file.
"""

from __future__ import annotations

import binascii
import re
import zlib
from base64 import b64decode
from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec

from agent.account import clean_text
from agent.concurrency.reader_threads import outside
from agent.files.formats.har.errors import NotARecording, TooLargeRecording
from agent.files.formats.har.hosts import Place, bare, place, redirect
from agent.files.formats.har.model import Dropped, Entry, Recording
from config.json_value import JsonValue

MOST = 128 << 20
"""Bytes of one recording, uncompressed."""
_SNIFFED = 64 << 10
_GZIP = b"\x1f\x8b\x08"
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


class _Log(msgspec.Struct):
    entries: list[msgspec.Raw]


class _Har(msgspec.Struct):
    log: _Log


_HAR = msgspec.json.Decoder(_Har)
_WHERE = msgspec.json.Decoder(_Where)
_WHAT = msgspec.json.Decoder(_What)
_BROKEN = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""ValidationError is one of the first."""


def looks_like_har(data: bytes) -> bool:
    """Whether the file begins as a recording does, compressed or not. Cheap; never raises."""
    if data.startswith(_GZIP):
        try:
            data = zlib.decompressobj(31).decompress(data[:_SNIFFED], _SNIFFED)
        except zlib.error:
            return False
    head = data[:_SNIFFED].removeprefix(b"\xef\xbb\xbf").lstrip()
    return head.startswith(b"{") and b'"log"' in head


@outside
def read_har(data: bytes) -> Recording:
    """Read a recording, compressed (gzip) or not. Raises NotARecording, TooLargeRecording.

    Where answers of the real service are in it those of this machine are left out.
    """
    try:
        raw = _HAR.decode(_plain(data).removeprefix(b"\xef\xbb\xbf")).log.entries
    except msgspec.ValidationError:
        raise _not_har("la liste des échanges manque", "the list of exchanges is missing") from None
    except _BROKEN:
        raise _not_har("il est coupé ou abîmé", "it is cut short or damaged") from None
    dropped = Dropped()
    kept: dict[Place, list[tuple[Entry, _Marks]]] = {Place.DATA: [], Place.LOCAL: []}
    for raw_entry in raw:
        _sort(raw_entry, kept, dropped)
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
    return Recording(entries=entries, dropped=dropped, local=where is Place.LOCAL)


class _Marks(msgspec.Struct, frozen=True):
    """What was taken off one exchange."""

    cookies: bool
    sent: bool
    token: bool


def _plain(data: bytes) -> bytes:
    if data.startswith(_GZIP):
        unpacker = zlib.decompressobj(31)
        try:
            data = unpacker.decompress(data, MOST + 1)
        except zlib.error:
            raise _not_har("il est coupé ou abîmé", "it is cut short or damaged") from None
    if len(data) > MOST:
        raise TooLargeRecording(megabytes=MOST >> 20)
    return data


def _not_har(why_fr: str, why_en: str) -> NotARecording:
    return NotARecording(why_fr=why_fr, why_en=why_en)


def _sort(raw: msgspec.Raw, kept: dict[Place, list[tuple[Entry, _Marks]]], dropped: Dropped) -> None:
    """Put one exchange where it belongs; its answer is decoded only when it is to be kept."""
    try:
        where = _WHERE.decode(raw)
    except _BROKEN:
        dropped.unreadable += 1
        return
    match at := place(where.request.url):
        case Place.SIGN_IN:
            dropped.sign_in += 1
        case Place.ELSEWHERE:
            dropped.elsewhere += 1
        case Place.TOKEN:
            dropped.tokens += 1
        case _:
            try:
                kept[at].append(_entry(where, _WHAT.decode(raw).response))
            except _BROKEN:
                dropped.unreadable += 1


def _entry(where: _Where, answer: _Response) -> tuple[Entry, _Marks]:
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
        token=token_in_url or "_ct" in names,
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
