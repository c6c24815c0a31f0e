"""What a service may make us keep and unpack: cookies by number and size, compressed answers by what comes out."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from http.cookiejar import Cookie, CookieJar

MOST_COOKIES = 60
"""For each host."""
COOKIE_BYTES = 4096
"""Name and value of one cookie, as browsers take it."""
COOKIES_BYTES = 7500
"""All cookies of a host: they travel in one line, and servers refuse lines of 8 KiB."""
PIECE = 256 << 10
"""Bytes unpacked in one go."""


class BoundedJar(CookieJar):
    """A cookie jar that takes no new cookie when it is full; known ones are still renewed, so that a page which sets a
    hundred more cannot push out the session's own."""

    def set_cookie(self, cookie: Cookie) -> None:
        """Keep a cookie if there is room for it."""
        size = _size(cookie)
        others = [one for one in self if one.domain == cookie.domain and (one.path, one.name) != (
            cookie.path, cookie.name)]
        if size <= COOKIE_BYTES and len(others) < MOST_COOKIES and size + sum(map(_size, others)) <= COOKIES_BYTES:
            super().set_cookie(cookie)


def _size(cookie: Cookie) -> int:
    return len(cookie.name) + len(cookie.value or "") + 3  # "=" before the value, "; " after it


class UnknownEncoding(Exception):
    """The answer is packed in a way that was not asked for."""


class Unpacker:
    """Undoes ``Content-Encoding`` a piece at a time, so that a small answer cannot become a large one unseen.

    Raises UnknownEncoding.
    """

    ACCEPTED = "gzip, deflate"
    """What is asked for."""

    def __init__(self, encoding: str) -> None:
        self._name = encoding.strip().lower()
        if self._name not in ("", "identity", "gzip", "x-gzip", "deflate"):
            raise UnknownEncoding
        self._decoder: zlib._Decompress | None = None
        self._head = b""

    @property
    def packed(self) -> bool:
        """There is something to undo."""
        return self._name not in ("", "identity")

    def feed(self, data: bytes) -> Iterator[bytes]:
        """What comes out of the next bytes, ``PIECE`` bytes at most at a time. Raises zlib.error for a damaged one."""
        if not self.packed:
            if data:
                yield data
            return
        if self._decoder is None:
            self._head = data = self._head + data
            if len(data) < 2:
                return  # the head of two bytes tells gzip, zlib and bare deflate apart
            self._decoder = zlib.decompressobj(-15 if self._name == "deflate" and not _has_head(data) else 47)
        while data and not self._decoder.eof:
            piece = self._decoder.decompress(data, PIECE)
            data = self._decoder.unconsumed_tail
            if piece:
                yield piece

    @property
    def whole(self) -> bool:
        """The end was reached."""
        return not self.packed or (self._decoder is not None and self._decoder.eof)


def _has_head(data: bytes) -> bool:
    """These bytes begin with zlib's head (or gzip's): many servers send ``deflate`` without."""
    return data[:2] == b"\x1f\x8b" or (data[0] & 15 == 8 and int.from_bytes(data[:2], "big") % 31 == 0)
