"""The countries by their ISO 3166 code: ``config/countries.yaml``, read once, when a country is first met."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

import msgspec

from config.yaml_file import read_yaml


@cache
def countries() -> Mapping[str, tuple[str, str]]:
    """Code to French and English name."""
    text = files("config").joinpath("countries.yaml").read_text(encoding="utf-8")
    return MappingProxyType(msgspec.convert(read_yaml(text), dict[str, tuple[str, str]]))
