"""The body of a request while it arrives, within its bounds."""

import asyncio

from agent.api.incoming_file import IncomingFile
from agent.api.limits import Limits

_PAPERS, _IMPORTS = b"/v1/papers?", (b"/v1/import?", b"/v1/import/preview?")
"""Calls whose body is a file."""


class BodyTooLarge(Exception):
    """More than such a call brings."""


class RequestBody:
    """What one request brings."""

    def __init__(self, limits: type[Limits], limit: asyncio.Timeout) -> None:
        """``limit``: until when all of it must be there."""
        self._limits, self._limit = limits, limit
        self._most = limits.body
        self._data = bytearray()
        self._file: IncomingFile | None = None

    def begin(self, target: bytes, declared: int) -> None:
        """What the head says. Raises BodyTooLarge."""
        if target.startswith(_IMPORTS):
            self._most = self._limits.recorded
            self._file = IncomingFile(declared, self._limits.imported)
        elif target.startswith(_PAPERS):
            self._most = self._limits.file
        if declared > self._most:
            raise BodyTooLarge

    async def add(self, data: bytes) -> None:
        """Take a part. Raises BodyTooLarge, and AmeliError for a file that is too large."""
        if self._file is not None:
            await self._file.add(data)
            if self._file.sifted:
                self._limit.reschedule(asyncio.get_running_loop().time() + self._limits.receive_s)
            return
        self._data += data
        if len(self._data) > self._most:
            self._data[:] = bytes(len(self._data))
            raise BodyTooLarge

    async def whole(self) -> bytearray:
        """All of it has come. Raises AmeliError for a file that is too large."""
        return self._data if self._file is None else await self._file.whole()

    def leave(self) -> None:
        """Nothing more comes."""
        if self._file is not None:
            self._file.leave()
