"""Answers in JSON, within bounds."""

from __future__ import annotations

from typing import Any

import msgspec

from agent.concurrency.reader_threads import outside

MOST_PARTS = 2_000_000
"""Values of one answer: in memory they take fifty times their bytes."""


@outside
def decoded(body: bytes, shape: Any = Any) -> Any:
    """The value of a JSON text, of the type ``shape``. Call it ``aside``.

    Raises msgspec.DecodeError (also for one of too many parts), UnicodeDecodeError, RecursionError.
    """
    if body.count(b",") + body.count(b"[") + body.count(b"{") > MOST_PARTS:
        raise msgspec.DecodeError("too many parts")
    return msgspec.json.decode(body, type=shape)
