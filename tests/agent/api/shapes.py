"""Holding an answer against the shape that both ends agreed on: no key forgotten, none extra, each of its kind."""

import json
from types import UnionType
from typing import Any, NotRequired, Required, TypeVar, Union, get_args, get_origin, get_type_hints, is_typeddict

import msgspec
import orjson

from agent.protocol.problems import Problem

T = TypeVar("T")
_OPEN = (Problem,)
"""Shapes beside whose keys the facts of an error may stand."""


def check_shape(answer: Any, shape: Any) -> None:
    """Raise msgspec.ValidationError or AssertionError, with the place, when an answer is not as the shape says."""
    msgspec.json.Decoder(shape).decode(orjson.dumps(answer))
    if told := _extra(answer, shape, "$"):
        raise AssertionError(f"keys that the shape does not have: {', '.join(told)}")


def _extra(answer: Any, shape: Any, place: str) -> list[str]:
    origin, arguments = get_origin(shape), get_args(shape)
    if origin in (Required, NotRequired):
        return _extra(answer, arguments[0], place)
    if origin in (Union, UnionType):
        found = [_extra(answer, one, place) for one in arguments if _may_be(answer, one)]
        return min(found, key=len, default=[])
    if is_typeddict(shape) and isinstance(answer, dict):
        hints = get_type_hints(shape)
        told = [] if shape in _OPEN else [f"{place}.{name}" for name in answer if name not in hints]
        return told + [one for name, value in answer.items() if name in hints
                       for one in _extra(value, hints[name], f"{place}.{name}")]
    if origin is list and isinstance(answer, list):
        return [one for at, value in enumerate(answer) for one in _extra(value, arguments[0], f"{place}[{at}]")]
    if origin is dict and isinstance(answer, dict):
        return [one for name, value in answer.items() for one in _extra(value, arguments[1], f"{place}.{name}")]
    return []


def _may_be(answer: Any, shape: Any) -> bool:
    try:
        msgspec.convert(answer, shape)
    except msgspec.ValidationError:
        return False
    return True


def held_against(shape: type[T], answer: Any) -> T:
    """The answer read by its shape, when it has each key of it with a value of its type, and no key more."""
    read = msgspec.json.Decoder(shape).decode(msgspec.json.encode(answer))
    # A decoder leaves out what the shape does not know. Written again: rows are tuples once they are read.
    assert json.loads(msgspec.json.encode(read)) == answer, "a key that the shape does not know"
    return read
