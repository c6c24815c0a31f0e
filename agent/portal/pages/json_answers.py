"""Answers in JSON, within bounds."""

from __future__ import annotations

from typing import TypeVar

import msgspec

from agent.concurrency.reader_threads import outside
from config.json_value import JsonValue

T = TypeVar("T")

MOST_PARTS = 2_000_000
"""Values of one answer: in memory they take fifty times their bytes."""


@outside
def decoded(body: bytes) -> JsonValue:
    """The value of a JSON text, whatever it is. Call it ``aside``.

    Raises msgspec.DecodeError (also for one of too many parts), UnicodeDecodeError, RecursionError.
    """
    _check_parts(body)
    value: JsonValue = msgspec.json.decode(body)
    return value


@outside
def decoded_as(body: bytes, shape: type[T]) -> T:
    """The value of a JSON text, of the type ``shape``. Call it ``aside``. Raises as `decoded`."""
    _check_parts(body)
    return msgspec.json.decode(body, type=shape)


def _check_parts(body: bytes) -> None:
    if body.count(b",") + body.count(b"[") + body.count(b"{") > MOST_PARTS:
        raise msgspec.DecodeError("too many parts")
