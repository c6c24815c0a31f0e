"""Tables of the assistant's words, read from their files by the fastest safe reader there is."""

from importlib.resources.abc import Traversable
from typing import TypeVar

import msgspec
import yaml

T = TypeVar("T")
_LOADER: type[yaml.SafeLoader | yaml.CSafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_table(file: Traversable, shape: type[T]) -> T:
    """What a YAML file of this program holds, in ``shape``. Raises ValueError naming the file and the place."""
    table = yaml.load(file.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 - a safe loader
    try:
        return msgspec.convert(table, shape)
    except msgspec.ValidationError as error:
        raise ValueError(f"{file.name}: {error}") from error
