"""A file to take in, while it arrives: a large recording is sifted on the way, so that it is never held whole."""

from __future__ import annotations

import asyncio
import queue
from collections.abc import Iterator

from agent.concurrency.reader_threads import aside
from agent.files.formats.har import looks_like_har
from agent.files.imports.errors import TooLargeFile
from agent.files.imports.har.large import SIFTED_FROM, small_recording

_HEAD = 64 << 10
_PIECE = 1 << 20
_AHEAD = 8
"""Pieces that wait to be read."""


class _Feed:
    """Pieces from the loop to the thread that reads them, a few ahead."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._pieces: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._room = asyncio.Semaphore(_AHEAD)

    async def put(self, piece: bytes) -> None:
        """Wait for room, then add it."""
        await self._room.acquire()
        self._pieces.put(piece)

    def end(self) -> None:
        """Nothing more comes."""
        self._pieces.put(None)

    def __iter__(self) -> Iterator[bytes]:
        while (piece := self._pieces.get()) is not None:
            self._loop.call_soon_threadsafe(self._room.release)
            yield piece


class IncomingFile:
    """What arrives of one file, of a size that was announced."""

    def __init__(self, size: int, most: int) -> None:
        """``most``: bytes of a file that is held whole."""
        self._size, self._most = size, most
        self._data = bytearray()
        self._looked = size <= SIFTED_FROM
        self._feed: _Feed | None = None
        self._sifting: asyncio.Future[bytearray] | None = None

    @property
    def sifted(self) -> bool:
        """It is not held whole."""
        return self._sifting is not None

    async def add(self, data: bytes) -> None:
        """Take what came. Raises TooLargeFile, TooLargeRecording."""
        self._data += data
        if not self._looked and len(self._data) >= _HEAD:
            self._looked = True
            if await aside(looks_like_har, bytes(self._data[:_HEAD])):
                self._feed = _Feed()
                self._sifting = asyncio.ensure_future(aside(small_recording, self._feed))
        if self._sifting is not None:
            if len(self._data) >= _PIECE:
                await self._pass_on(self._sifting)
        elif self._looked and max(self._size, len(self._data)) > self._most:
            raise TooLargeFile(megabytes=self._most >> 20)

    async def whole(self) -> bytearray:
        """All of it has come: the file, or what is kept of it. Raises TooLargeRecording."""
        if self._sifting is None:
            return self._data
        await self._pass_on(self._sifting)
        self.leave()
        return await self._sifting

    def leave(self) -> None:
        """Nothing more comes."""
        if self._feed is not None:
            self._feed.end()

    async def _pass_on(self, sifting: asyncio.Future[bytearray]) -> None:
        assert self._feed is not None
        piece = bytes(self._data)
        self._data.clear()
        put = asyncio.ensure_future(self._feed.put(piece))
        either: list[asyncio.Future[None] | asyncio.Future[bytearray]] = [put, sifting]
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        if sifting.done():  # refused; or nothing of the file is left to read
            put.cancel()
            sifting.result()
