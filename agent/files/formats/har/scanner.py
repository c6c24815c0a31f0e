"""Cuts the entries of a recording apart, over its bytes alone, so that a damaged entry costs itself and no other.

JSON as a whole is not asked to be right: strings and brackets are followed, the rest is left to whoever reads the
entries. What is buffered is bounded by one entry, whatever the size of the file. Where brackets do not fit, or a quote
too many turned text and structure round, reading goes on where the next entry begins: the mark of a beginning holds a
bare quote, which no JSON string can.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from enum import Enum
from typing import NamedTuple

from agent.files.formats.har.head import NoList, list_start

MOST_OF_ENTRY = 32 << 20
"""Bytes of one entry: a page or statement of the service has some 100 kB."""
_DEEPEST = 200
_OVERLAP = 256
"""Bytes of a chunk in which a mark may lie that goes on in the next."""
_REREAD = 1 << 30
"""Bytes gone over again after damage, in one file."""
_BRACKETS = 10_000_000
"""Of one file that are followed one by one, some 2 µs each: 1 GB of a browser's has 3 million."""

_FLAT = rb'[^"{}\[\]]++|"[^"\\]{0,300}+(?:\\.[^"\\]{0,300}+){0,8}+"'
_PLAIN = re.compile(rb"(?:" + _FLAT + rb"|\{(?:" + _FLAT + rb")*+\}|\[(?:" + _FLAT + rb")*+\])*+", re.DOTALL)
"""All up to the next bracket that matters or the next long string: short strings, and objects and lists without others
in them, are passed over whole."""
_BACKSLASH = b"\\"[0]
_TEXT = re.compile(rb'(?:[^"\\]++|\\.)*+', re.DOTALL)
_GAP, _SPACE, _NOTHING = re.compile(rb"[\s,]*+"), re.compile(rb"\s*+"), re.compile(rb"[\s\x00]*+")
_SCALAR = re.compile(rb'[^\s,\[\]{}"]*+')
_BEGINNING = re.compile(
    rb',\s*(?=\{\s*"(?:startedDateTime|pageref|_(?:initiator|connectionId|fromCache|priority|resourceType'
    rb'|securityState|serverPort))"\s*:)')
"""How browsers begin an entry, and nothing in one."""
_GOES_ON = re.compile(rb'\s*(?:\}|,\s*"(?:[^"\\]++|\\.)*+"\s*:)', re.DOTALL)
"""What may follow the list."""
_QUOTE, _OPENING, _CLOSING = b'"'[0], b"{[", b"}]"


class Why(Enum):
    """Why an entry is not whole."""

    DAMAGED = "damaged"
    TOO_LARGE = "too_large"
    TOO_DEEP = "too_deep"
    CUT = "cut"
    NO_EXCHANGE = "no_exchange"
    """Whole, and no exchange: told apart by whoever reads it."""


class Piece(NamedTuple):
    """One entry."""

    number: int
    """Its place in the list, from 1."""
    raw: bytes
    """As it is written; empty where it is not whole."""
    why: Why | None = None
    """None when its brackets are whole."""


class _Astray(Exception):
    """Strings and brackets cannot be followed any further from here."""


class _Ended(Exception):
    """The file ended in the middle."""


class Scanner:
    """Iterate over it once for the entries of ``chunks``, cut anywhere; then ask ``cut``."""

    def __init__(self, chunks: Iterable[bytes | memoryview], most: int = MOST_OF_ENTRY) -> None:
        self.found = False
        """There is a list of entries."""
        self.cut = False
        """The file ends before its end."""
        self._chunks = iter(chunks)
        self._most = most
        self._buffer = bytearray()
        self._at = 0
        self._start = 0
        """From here on the buffer is needed."""
        self._keeping = self._large = False
        """What is followed is an entry, to be kept whole; or one that is too large, whose end alone is sought."""
        self._number = 0
        self._reread = self._brackets = 0

    def __iter__(self) -> Iterator[Piece]:
        while self._find_list():
            self.found = True
            yield from self._list()
            self._start = self._at = self._skip(_NOTHING)
            if self._at == len(self._buffer) or self.cut:
                return

    def _find_list(self) -> bool:
        ended = False
        while True:
            try:
                start = list_start(self._buffer[self._at:] if self._at else self._buffer, ended=ended)
            except NoList as none:
                self.cut = self.cut or (none.cut and not self.found)
                return False
            if start is not None:
                self._at += start
                self._start = self._at
                return True
            ended = not self._pull()

    def _list(self) -> Iterator[Piece]:
        """Entries up to the end of the file or of the list, whichever is first."""
        while True:
            self._start = self._at = self._skip(_GAP)
            if self._at == len(self._buffer):
                self.cut = True
                return
            if self._buffer[self._at] in _CLOSING:
                if self._close_list():
                    return
                self._number += 1
                yield Piece(self._number, b"", Why.DAMAGED)
                continue
            self._number += 1
            piece, goes_on = self._entry()
            yield piece
            if not goes_on:
                return

    def _entry(self) -> tuple[Piece, bool]:
        """The entry that begins here, and whether another may follow."""
        self._keeping, self._large = True, False
        try:
            why = self._value()
            if why is None and self._ends_well():
                with memoryview(self._buffer) as seen:
                    return Piece(self._number, bytes(seen[self._start: self._at])), True
            if why is not None:
                return Piece(self._number, b"", why), True
            raise _Astray
        except _Astray:
            why = Why.TOO_LARGE if self._large else Why.DAMAGED
            return Piece(self._number, b"", why), self._go_on()
        except _Ended:
            if not self._large and self._next_beginning(self._start + 1):
                return Piece(self._number, b"", Why.DAMAGED), True
            self.cut = True
            return Piece(self._number, b"", Why.TOO_LARGE if self._large else Why.CUT), False
        finally:
            self._keeping = self._large = False

    def _ends_well(self) -> bool:
        """Whether what follows an entry may follow one."""
        at = self._skip(_SPACE)
        return at == len(self._buffer) or self._buffer[at] in b",]{"

    def _value(self) -> Why | None:
        """Follow the value that begins here to its end. Raises _Astray, _Ended."""
        sign = self._buffer[self._at]
        if sign == _QUOTE:
            self._at += 1
            self._text()
            return None
        if sign in _OPENING:
            self._at += 1
            return self._nested(bytearray([sign]))
        while True:
            match = _SCALAR.match(self._buffer, self._at)
            self._at = match.end() if match else self._at
            if self._at < len(self._buffer):
                return None
            self._need()

    def _nested(self, opened: bytearray) -> Why | None:
        """Follow what is open to its end. Raises _Astray, _Ended."""
        deeper, most = 0, len(opened)
        while opened:
            match = _PLAIN.match(self._buffer, self._at)
            self._at = match.end() if match else self._at
            if self._at == len(self._buffer):
                self._need()
                continue
            sign = self._buffer[self._at]
            self._at += 1
            self._brackets += 1
            if self._brackets > _BRACKETS:
                raise _Astray
            if sign == _QUOTE:
                self._text()
            elif sign in _OPENING:
                most = max(most, len(opened) + deeper + 1)
                if len(opened) < _DEEPEST:
                    opened.append(sign)
                else:
                    deeper += 1
            elif deeper:
                deeper -= 1
            elif _CLOSING[_OPENING.index(opened.pop())] != sign:
                raise _Astray
        return Why.TOO_LARGE if self._large else Why.TOO_DEEP if most > _DEEPEST else None

    def _text(self) -> None:
        """Go to the end of the string that is open. Raises _Astray, _Ended."""
        while True:
            buffer, at = self._buffer, self._at
            # A picture has no escape: it is passed over ten times as fast as an expression goes from sign to sign
            quote = buffer.find(b'"', at)
            if quote == at or (quote > at and buffer[quote - 1] != _BACKSLASH):
                self._at = quote + 1
                return
            if quote < 0 and buffer[-1] != _BACKSLASH:
                self._at = len(buffer)
            elif (match := _TEXT.match(buffer, at)) is not None:
                self._at = match.end()
            if self._at >= len(buffer) - (buffer[-1] == _BACKSLASH):
                self._need()

    def _need(self) -> None:
        """Have more to follow; let go of an entry that is too large. Raises _Astray, _Ended."""
        if self._keeping and len(self._buffer) - self._start > self._most:
            if _BEGINNING.search(self._buffer, self._start + 1):
                raise _Astray
            self._keeping, self._large = False, True
        elif self._large and _BEGINNING.search(self._buffer, self._start):
            raise _Astray
        if not self._keeping:
            self._start = max(self._start, self._at - _OVERLAP)
        if not self._pull():
            raise _Ended

    def _close_list(self) -> bool:
        """Follow the file to its end; False when the list was closed by damage and goes on after all."""
        opened = bytearray(b"{{" if self._buffer[self._at] == b"]"[0] else b"{")
        self._at += 1
        try:
            if len(opened) == 2:
                self._start = self._at
                while _GOES_ON.match(self._buffer, self._at) is None:
                    if len(self._buffer) - self._at > 1 << 16:
                        raise _Astray
                    if not self._pull():
                        if self._skip(_NOTHING) < len(self._buffer):
                            raise _Astray
                        raise _Ended
            self._nested(opened)
        except _Ended:
            self.cut = True
        except _Astray:
            return not self._go_on()
        return True

    # -- after damage ------------------------------------------------------------------------------------------------

    def _go_on(self) -> bool:
        """Look for the next beginning in the buffer and in what comes; False when the file ends before."""
        ahead = self._start
        while not self._next_beginning(ahead):
            if self._spent():
                self.cut = True
                return False
            self._start = self._at = max(self._start, len(self._buffer) - _OVERLAP)
            if not self._pull():
                self.cut = not bytes(self._buffer[-_OVERLAP:]).rstrip(b" \r\n\t\0").endswith(b"}")
                return False
            ahead = self._start
        return True

    def _spent(self) -> bool:
        """Whether the file was made to take long: its rest is given up, and told as cut."""
        return self._reread > _REREAD or self._brackets > _BRACKETS

    def _next_beginning(self, ahead: int) -> bool:
        if self._spent():
            return False
        match = _BEGINNING.search(self._buffer, ahead)
        if match is None:
            return False
        self._reread += max(0, self._at - match.end())
        self._at = self._start = match.end()
        return True

    # -- bytes -------------------------------------------------------------------------------------------------------

    def _skip(self, what: re.Pattern[bytes]) -> int:
        """Where ``what`` ends, however many chunks it takes."""
        at = self._at
        while True:
            match = what.match(self._buffer, at)
            at = match.end() if match else at
            before = self._start
            if at < len(self._buffer) or not self._pull():
                return at
            at -= before - self._start

    def _pull(self) -> bool:
        """Add a chunk to the buffer, drop what is before ``_start``; False at the end of the file."""
        chunk = next(self._chunks, None)
        if chunk is None:
            return False
        del self._buffer[:self._start]
        self._at -= self._start
        self._start = 0
        self._buffer += chunk
        return True


def scan_within(raw: bytes, first: int) -> Iterator[Piece]:
    """The entries that begin inside one that cannot be read, the first of them having the number ``first``."""
    begins = _BEGINNING.search(raw)
    if begins is None:
        return
    inner = Scanner([b'{"log":{"entries":[', memoryview(raw)[begins.end():]])
    for piece in inner:
        yield piece._replace(number=first + piece.number - 1,
                             why=Why.DAMAGED if piece.why is Why.CUT else piece.why)
