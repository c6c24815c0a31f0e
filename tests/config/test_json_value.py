"""JSON of strangers as a part of shapes that are our own."""

import msgspec
import pytest

from config.json_value import JsonObject, JsonValue


class Letter(msgspec.Struct):
    """Our own outside, a stranger's inside."""

    body: JsonObject
    extra: JsonValue = None


def test_a_shape_may_hold_json_of_any_shape() -> None:
    letter = Letter({"a": [1, {"b": None}], "c": "d"}, extra=[True, 1.5])
    assert msgspec.json.decode(msgspec.json.encode(letter), type=Letter) == letter


def test_an_object_is_still_an_object() -> None:
    with pytest.raises(msgspec.ValidationError, match=r"body"):
        msgspec.json.decode(b'{"body": [1]}', type=Letter)
