"""JSON as anybody may have written it: what a value can be before its shape is known.

For what strangers write (a recording, a page of the service, a file of settings). What this program writes itself has
shapes of its own, in ``agent/protocol/`` and beside whoever keeps it.
"""

from collections.abc import Mapping
from typing import TypeAlias, Union

JsonValue: TypeAlias = Union[bool, int, float, str, "list[JsonValue]", "dict[str, JsonValue]", None]
JsonObject: TypeAlias = dict[str, JsonValue]
ReadOnlyJsonObject: TypeAlias = Mapping[str, JsonValue]
