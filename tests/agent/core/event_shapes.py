"""Holding an event against the shape of its kind."""

from collections.abc import Mapping
from typing import get_args, get_type_hints

import msgspec

from agent.protocol import events

SHAPES = {
    kind.name: get_args(get_type_hints(events)[written])[0]
    for written, kind in vars(events).items() if isinstance(kind, events.Kind)
}
"""The shape of each kind's data, by the kind's name."""


def check_event(name: str, data: Mapping[str, object]) -> None:
    """The kind is known, each promised key is there and of its kind, and no other."""
    written = msgspec.json.encode(data)
    read = msgspec.json.Decoder(SHAPES[name]).decode(written)
    assert read == msgspec.json.decode(written), f"{name}: more than its shape says"
