"""The countries by their ISO 3166 code: ``config/countries.yaml``, read once, when a country is first met."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

import yaml

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@cache
def countries() -> Mapping[str, tuple[str, str]]:
    """Code to French and English name."""
    text = files("config").joinpath("countries.yaml").read_text(encoding="utf-8")
    table: dict[str, list[str]] = yaml.load(text, Loader=_LOADER)  # noqa: S506
    return MappingProxyType({code: (french, english) for code, (french, english) in table.items()})
