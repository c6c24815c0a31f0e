"""JSON as anybody may have written it: what a value can be before its shape is known.

For what strangers write (a recording, a page of the service, a file of settings). What this program writes itself has
shapes of its own, in ``agent/protocol/`` and beside whoever keeps it.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TypeAlias

    JsonValue: TypeAlias = bool | int | float | str | "list[JsonValue]" | "dict[str, JsonValue]" | None
    JsonObject: TypeAlias = dict[str, JsonValue]
    ReadOnlyJsonObject: TypeAlias = Mapping[str, JsonValue]
else:  # as msgspec reads them, which follows no type that holds itself: what comes out of JSON is of these types anyway
    JsonValue, JsonObject, ReadOnlyJsonObject = object, dict, dict
