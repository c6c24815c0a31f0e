"""The bytes of a recording as UTF-8, chunk by chunk: unpacked where it is compressed, whatever it is written in."""

from __future__ import annotations

import codecs
import zlib
from collections.abc import Iterable, Iterator

from agent.files.formats.har.errors import TooLargeRecording

MOST = 2 << 30
"""Bytes of one recording, unpacked: half an hour of browsing with every picture is some 200 MB."""
CHUNK = 1 << 20
_GZIP = b"\x1f\x8b\x08"
_GUESSED = 4
_MARKED = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""Byte order marks, the longer first."""


def chunks_of(data: bytes) -> Iterator[memoryview]:
    """What is in memory already, without copying it."""
    view = memoryview(data)
    return (view[at: at + CHUNK] for at in range(0, len(view), CHUNK))


def plain_text(chunks: Iterable[bytes | memoryview], most: int = MOST) -> Iterator[bytes | memoryview]:
    """The text in UTF-8, without its mark. Damage ends it early. Raises TooLargeRecording beyond ``most`` bytes."""
    return _decoded(_bounded(_unpacked(chunks), most))


def head_text(data: bytes, most: int) -> bytes:
    """The first ``most`` bytes or so of a file that begins like ``data``; empty where it cannot be unpacked."""
    head = bytearray()
    for chunk in plain_text([data[:most]]):
        head += chunk[:most]
        if len(head) >= most:
            break
    return bytes(head)


def _bounded(chunks: Iterable[bytes | memoryview], most: int) -> Iterator[bytes | memoryview]:
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > most:
            raise TooLargeRecording(megabytes=most >> 20)
        yield chunk


def _unpacked(chunks: Iterable[bytes | memoryview]) -> Iterator[bytes | memoryview]:
    ahead = iter(chunks)
    first = _at_least(ahead, len(_GZIP))
    if not first.startswith(_GZIP):
        yield first
        yield from ahead
        return
    unpacker = zlib.decompressobj(31)
    packed: bytes | memoryview | None = first
    try:
        while packed is not None:
            while packed:
                if unpacker.eof:  # another packed file behind it is the same text going on
                    unpacker = zlib.decompressobj(31)
                yield unpacker.decompress(packed, CHUNK)
                packed = unpacker.unconsumed_tail or unpacker.unused_data
            packed = next(ahead, None)
    except zlib.error:
        return  # damaged: what came before is read, and the text ends in its middle


def _decoded(chunks: Iterable[bytes | memoryview]) -> Iterator[bytes | memoryview]:
    ahead = iter(chunks)
    first = _at_least(ahead, _GUESSED)
    coding, mark = _coding(first)
    if coding == "utf-8":
        yield first[mark:]
        yield from ahead
        return
    # Half a sign in it stays half a sign: whoever reads the entries tells of it
    decoder = codecs.getincrementaldecoder(coding)("surrogatepass")
    try:
        yield decoder.decode(first[mark:]).encode("utf-8", "surrogatepass")
        for chunk in ahead:
            yield decoder.decode(bytes(chunk)).encode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return  # damaged, as above


def _coding(first: bytes) -> tuple[str, int]:
    """How a file that begins like this is written, and the length of its mark."""
    for mark, coding in _MARKED:
        if first.startswith(mark):
            return coding, len(mark)
    zeros = [at for at, byte in enumerate(first[:_GUESSED]) if not byte]
    return {(1, 2, 3): "utf-32-le", (0, 1, 2): "utf-32-be", (1, 3): "utf-16-le", (0, 2): "utf-16-be"}.get(
        tuple(zeros), "utf-8"), 0


def _at_least(ahead: Iterator[bytes | memoryview], size: int) -> bytes:
    first = b""
    while len(first) < size and (chunk := next(ahead, None)) is not None:
        first += chunk
    return first
