"""Whether an answer is exactly what its shape promises."""

import json
from typing import Any

import msgspec


def assert_exact(shape: Any, answer: object) -> None:
    """Every key that ``shape`` promises is there with its type, and no other: reading leaves out what it knows not."""
    read = msgspec.json.Decoder(shape).decode(json.dumps(answer))
    assert read == answer
