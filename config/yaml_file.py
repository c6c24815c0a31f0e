"""Reading the YAML that comes with the program."""

from __future__ import annotations

import yaml

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import date
    from typing import TypeAlias

    YamlValue: TypeAlias = bool | int | float | str | date | "list[YamlValue]" | "dict[str, YamlValue]" | None
    YamlTable: TypeAlias = dict[str, YamlValue]

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml's where PyYAML was built with it: eight times as fast."""


def read_yaml(text: str) -> YamlValue:
    """What a document says, of whatever shape. Raises yaml.YAMLError."""
    value: YamlValue = yaml.load(text, Loader=_LOADER)  # noqa: S506 - a safe loader
    return value


def as_table(value: YamlValue) -> YamlTable:
    """The value, if it is a table. Raises ValueError."""
    if not isinstance(value, dict):
        raise ValueError(f"{value!r} is no table")
    return value
