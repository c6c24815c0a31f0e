"""Tables of the assistant's words, read from their files into their shapes."""

from importlib.resources.abc import Traversable
from typing import TypeVar

import msgspec

from config.yaml_file import read_yaml

T = TypeVar("T")


def read_table(file: Traversable, shape: type[T]) -> T:
    """What a YAML file of this program holds, in ``shape``. Raises ValueError naming the file and the place."""
    try:
        return msgspec.convert(read_yaml(file.read_text(encoding="utf-8")), shape)
    except msgspec.ValidationError as error:
        raise ValueError(f"{file.name}: {error}") from error
