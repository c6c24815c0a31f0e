"""What is given with a call, read into the Struct that the call declares. Mistakes name the field, never what it held.

A body is an object of JSON, a query a line of texts; fields that a Struct does not have are passed over. Where a day
is wanted, or in a query a number or yes or no, an empty text counts as nothing given.
"""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Generic, NamedTuple, TypeVar

import msgspec
import orjson

from agent.core.refusals import BadRequest
from config.json_value import JsonObject, JsonValue

G = TypeVar("G", bound="Given")
Text = Annotated[str, msgspec.Meta(min_length=1)]
"""A text that must not be empty."""
Count = Annotated[int, msgspec.Meta(ge=0, lt=1_000_000_000)]
"""A number that is not negative."""


class Day(date):
    """A day, as ISO text on the wire in any of its forms."""


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """Base of what the calls take. It may hold a passphrase, so it never shows what it holds."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"


class Nothing(Given, frozen=True):
    """Of a call that takes nothing."""


class Upload(NamedTuple, Generic[G]):
    """A file's bytes, and what the query says of it."""

    query: G
    data: bytearray


class _Said(NamedTuple):
    fr: str
    en: str


def body_of(kind: type[G], body: bytes | bytearray) -> G:
    """The body, read. Raises BadRequest."""
    return _read(kind, object_of(body), strict=True)


def object_of(body: bytes | bytearray) -> JsonObject:
    """A body as an object of any shape, {} without one. Raises BadRequest."""
    if not body:
        return {}
    try:
        value: JsonValue = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise BadRequest(what="the body is not JSON", fr="le corps n'est pas du JSON") from None  # its cause quotes it
    if not isinstance(value, dict):
        raise BadRequest(what="the body is not a JSON object", fr="le corps n'est pas un objet JSON")
    return value


def query_of(kind: type[G], query: Mapping[str, str]) -> G:
    """The query, read. Raises BadRequest."""
    return _read(kind, {**query}, strict=False)


def _read(kind: type[G], given: JsonObject, *, strict: bool) -> G:
    unless_empty = _DAYS if strict else _NO_TEXTS
    for field in msgspec.structs.fields(kind):
        if given.get(field.encode_name) == "" and field.type in unless_empty:
            del given[field.encode_name]
    try:
        return msgspec.convert(given, kind, strict=strict, dec_hook=_decoded)
    except msgspec.ValidationError:
        pass  # its words may hold the value: ours are made from the declaration alone
    for field in msgspec.structs.fields(kind):
        value = given.get(field.encode_name)
        if field.required and value in (None, ""):
            raise _bad(field.encode_name, _Said("manque", "is missing"))
        if field.encode_name not in given:
            continue
        try:
            msgspec.convert(value, field.type, strict=strict, dec_hook=_decoded)
        except msgspec.ValidationError:
            raise _bad(field.encode_name, _wanted(field.type)) from None
    raise BadRequest(what="it is not as the call wants it", fr="elle n'est pas comme il faut")


_DAYS = (Day | None,)
_NO_TEXTS = (Count, Count | None, Day | None, bool)


def _bad(name: str, why: _Said) -> BadRequest:
    return BadRequest(what=f"“{name}” {why.en}", fr=f"« {name} » {why.fr}")


def _decoded(kind: type, value: object) -> object:
    """What msgspec does not read by itself: days, and ``JsonValue``, which is anything."""
    return Day.fromisoformat(value) if kind is Day and isinstance(value, str) else value


def _wanted(declared: object) -> _Said:
    """What a field is not, by its declaration."""
    from msgspec import inspect

    kind = inspect.type_info(declared)
    if isinstance(kind, inspect.UnionType):
        kind = next(one for one in kind.types if not isinstance(one, inspect.NoneType))
    if isinstance(kind, inspect.CustomType):
        return _Said("n'est pas un jour comme 2026-11-23", "is not a day such as 2026-11-23")
    if isinstance(kind, inspect.LiteralType):
        words = ", ".join(map(str, kind.values))
        return _Said(f"n'est pas l'un de ces mots : {words}", f"is none of these words: {words}")
    if isinstance(kind, inspect.DictType):
        if isinstance(kind.value_type, inspect.StrType):
            return _Said("n'est pas un objet de textes", "is not an object of texts")
        return _Said("n'est pas un objet", "is not an object")
    return _WANTED.get(type(kind).__name__, _Said("n'est pas comme il faut", "is not as the call wants it"))


_WANTED = {
    "StrType": _Said("n'est pas un texte", "is not a text"),
    "BoolType": _Said("n'est ni vrai ni faux", "is neither true nor false"),
    "IntType": _Said("n'est pas un nombre", "is not a number"),
    "ListType": _Said("n'est pas une liste de textes", "is not a list of texts"),
}
