"""Answers held against what the protocol says of them."""

from typing import Any, TypeVar

import msgspec

T = TypeVar("T")


def held_against(shape: type[T], answer: Any) -> T:
    """The answer, when it has each key of the shape with a value of its type, and no key more."""
    read = msgspec.json.Decoder(shape).decode(msgspec.json.encode(answer))
    assert read == answer, "a key that the shape does not know"  # a decoder leaves out what it does not know
    return read
