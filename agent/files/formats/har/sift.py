"""A large recording made small as it comes: the account's answers, and of everything else that it was there.

What comes out is a recording too, that reads as the whole one does: the same answers, counts and numbers of entries,
without the pictures and without the password, the cookies and all else that is not kept anyway.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterable

import msgspec

from agent.concurrency.reader_threads import outside
from agent.files.formats.har.entries import MENDED, UNREAD, Judged, Marks, judged
from agent.files.formats.har.errors import TooLargeRecording
from agent.files.formats.har.hosts import DATA_HOST, TOKEN_PATH, Place
from agent.files.formats.har.model import Entry
from agent.files.formats.har.plain_text import plain_text
from agent.files.formats.har.scanner import Scanner
from config.json_value import JsonObject, JsonValue

SIFTED_FROM = 16 << 20
"""Bytes from which a recording is sifted before it is taken in, whichever way it comes."""
MOST_KEPT = 128 << 20
"""Bytes of what comes out."""
_SIGN_IN_HOST = "ameliconnect.ameli.fr"
_ELSEWHERE: dict[Place, JsonObject] = {
    Place.SIGN_IN: {"request": {"url": f"https://{_SIGN_IN_HOST}/"}},
    Place.TOKEN: {"request": {"url": f"https://{DATA_HOST}{TOKEN_PATH}"}},
    Place.ELSEWHERE: {"request": {"url": ""}},
}


@outside
def sift(chunks: Iterable[bytes | memoryview], is_read: Callable[[Entry], bool] = lambda _: True) -> bytearray:
    """The small recording. Raises TooLargeRecording; what is no recording comes out as none.

    ``is_read``: whether the content of an answer is of use.
    """
    scanner = Scanner(plain_text(chunks))
    sifted = bytearray(b'{"log":{"entries":[')
    for number, entry in enumerate(judged(scanner)):
        sifted += b",\n" if number else b"\n"
        sifted += msgspec.json.encode(_told(entry, is_read))
        if len(sifted) > MOST_KEPT:
            raise TooLargeRecording(megabytes=MOST_KEPT >> 20)
    if not scanner.found:
        return bytearray(b'{"log":' if scanner.cut else b'{"log":{}}')
    if not scanner.cut:
        sifted += b"]}}"
    return sifted


def _told(entry: Judged, is_read: Callable[[Entry], bool]) -> JsonObject:
    if entry.kept is not None:
        answer, marks = entry.kept
        if answer.body and not is_read(answer):
            answer = msgspec.structs.replace(answer, body=b"")
        return _answer(answer, marks)
    if entry.where is not None:
        return _ELSEWHERE[entry.where]
    return {UNREAD: entry.why.value if entry.why is not None else ""}


def _answer(entry: Entry, marks: Marks) -> JsonObject:
    names: list[JsonValue] = [{"name": name} for name, there in (("cookie", marks.cookies), ("_ct", marks.token))
                              if there]
    request: JsonObject = {"method": entry.method, "url": entry.url, "headers": names}
    if marks.sent:
        request["postData"] = {"text": "."}
    response: JsonObject = {
        "status": entry.status,
        "headers": [{"name": name, "value": value} for name, value in entry.headers.items()],
        "content": {"size": 1} if entry.body is None else {
            "size": len(entry.body), "encoding": "base64", "text": b64encode(entry.body).decode()},
    }
    at = entry.started_at.isoformat() if entry.started_at is not None else None
    return {"startedDateTime": at, "request": request, "response": response, **({MENDED: True} if marks.mended else {})}
