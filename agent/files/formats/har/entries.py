"""One entry of a recording: whose it is, and of an answer of the account what may be kept.

Secrets are left out by never being decoded: of a request the reader knows method, address, the names of its headers
and whether it sent something. Cookies, header values and what was sent are skipped over in the bytes of the file.
"""

from __future__ import annotations

import binascii
import re
from base64 import b64decode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

import msgspec

from agent.account import clean_text
from agent.files.formats.har.hosts import Place, bare, place, redirect
from agent.files.formats.har.mend import mend
from agent.files.formats.har.model import Entry
from agent.files.formats.har.scanner import Piece, Why, scan_within
from config.json_value import JsonValue

_SECRET_HEADERS = {"cookie", "authorization", "proxy-authorization", "set-cookie", "set-cookie2"}
_KEPT_HEADERS = ("content-type", "content-disposition", "date", "retry-after")


UNREAD, MENDED = "_unread", "_mended"
"""Keys by which a sifted recording says what its entries were in the file."""
_PICTURE = re.compile(r"[^?#;]*\.(?:png|jpe?g|gif|svg|ico|webp|css|js|map|woff2?|ttf|eot|mp4|webm)(?:[?#;]|$)",
                      re.IGNORECASE)
_PICTURE_TYPES = ("image/", "font/", "video/", "audio/")
_OF_A_MESSAGE = "/PortailAS/messagerie/"
_CODED_PDF = "JVBERi0"
_URL_SAFE = str.maketrans("-_", "+/")
_MARKUP = re.compile(r"[\s\ufeff]*[<{\[]")
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
    mended: bool = msgspec.field(default=False, name=MENDED)


class _Sifted(msgspec.Struct):
    why: Why = msgspec.field(name=UNREAD)


class _What(msgspec.Struct):
    response: _Response


_WHERE = msgspec.json.Decoder(_Where)
_SIFTED = msgspec.json.Decoder(_Sifted)
_WHAT = msgspec.json.Decoder(_What)
_MALFORMED = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""ValidationError is one of the first."""


class Marks(msgspec.Struct, frozen=True):
    """What was taken off one exchange."""

    cookies: bool
    sent: bool
    token: bool
    mended: bool
    """Signs of it were replaced or guessed."""


class Judged(NamedTuple):
    """What an entry is."""

    number: int
    """Its place in the file, from 1."""
    where: Place | None
    """None when it was not read."""
    kept: tuple[Entry, Marks] | None = None
    """Of the account's data, and of a stand-in's."""
    why: Why | None = None
    """Why it was not read."""


def judged(pieces: Iterable[Piece]) -> Iterator[Judged]:
    """Each entry, in the order of the file. One whose end was missed gives back those that began in it."""
    swallowed = 0
    for piece in pieces:
        entry = _judge(piece._replace(number=piece.number + swallowed))
        yield entry
        if entry.why is Why.DAMAGED and piece.raw:
            for inner in scan_within(piece.raw, entry.number + 1):
                swallowed += 1
                yield _judge(inner)


def _judge(piece: Piece) -> Judged:
    if piece.why is not None:
        return Judged(piece.number, None, why=piece.why)
    try:
        try:
            return _exchange(piece.number, piece.raw)
        except _MALFORMED:
            mended = mend(piece.raw)
            return _exchange(piece.number, mended.raw, mended=mended.texts)
    except msgspec.ValidationError:
        return Judged(piece.number, None, why=_noted(piece.raw))
    except _MALFORMED:
        return Judged(piece.number, None, why=Why.DAMAGED)


def _noted(raw: bytes) -> Why:
    try:
        return _SIFTED.decode(raw).why
    except _MALFORMED:
        return Why.NO_EXCHANGE


def _exchange(number: int, raw: bytes, *, mended: bool = False) -> Judged:
    """Its answer is decoded only when it is to be kept. Raises what a decoder raises."""
    where = _WHERE.decode(raw)
    at = place(where.request.url)
    if at not in (Place.DATA, Place.LOCAL):
        return Judged(number, at)
    return Judged(number, at, _entry(where, _WHAT.decode(raw).response, mended=mended or where.mended))


def _entry(where: _Where, answer: _Response, *, mended: bool) -> tuple[Entry, Marks]:
    request = where.request
    url, token_in_url = bare(request.url)
    names = _names(request.headers)
    body, from_text = _body(answer.content)
    status = _status(answer.status)
    headers = _headers(answer, status, from_text=from_text)
    if body and _is_picture(url, headers, body):
        body = b""
    return Entry(
        method=clean_text(request.method.upper(), 20), url=url, status=status, headers=headers, body=body,
        started_at=_moment(where.startedDateTime),
    ), Marks(
        cookies=_something(request.cookies) or _something(answer.cookies)
        or bool((names | _names(answer.headers)) & _SECRET_HEADERS),
        sent=_something(request.postData),
        token=token_in_url or "_ct" in names, mended=mended,
    )


def _is_picture(url: str, headers: Mapping[str, str], body: bytes) -> bool:
    """A part of a page that says nothing of the account, by its name or type: a recording is full of them."""
    by_type = headers.get("content-type", "").lower().startswith(_PICTURE_TYPES)
    return ((by_type or _PICTURE.match(url) is not None) and not body.startswith(b"%PDF-") and _OF_A_MESSAGE not in url
            and "attachment" not in headers.get("content-disposition", "").lower())


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
    said = content.encoding is not None and str(content.encoding).strip().lower() == "base64"
    if said or content.text.startswith(_CODED_PDF):
        data = _decoded(content.text)
        if data is not None:
            cut = isinstance(content.size, int) and content.size > len(data) and data.startswith(b"%PDF-")
            return (None if cut else data), False
        if not _MARKUP.match(content.text):
            return None, False  # else a tool wrote a page as text, whatever it says beside it
    if content.text.startswith("%PDF-") and not content.text.isascii():
        return None, False  # bytes made text: what they were is lost
    return content.text.encode("utf-8", "replace"), True


def _decoded(text: str) -> bytes | None:
    """The bytes of base64 in either alphabet, with or without the signs at its end; None for what is none."""
    signs = "".join(text.split()).translate(_URL_SAFE).rstrip("=")
    try:
        return b64decode(signs + "=" * (-len(signs) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None


def _moment(text: JsonValue) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text if isinstance(text, str) else "")
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
