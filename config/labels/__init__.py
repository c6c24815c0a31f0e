"""What the service prints beside an act, as data: words of its labels with the code of the nomenclature they mean.

``acts.yaml`` has ``labels``, tried from the top: ``words`` (all must be in the label, a ``*`` stands for any ending),
``code`` (or ``codes`` when the words fit several), ``kind`` when no single code says it, ``also`` for codes that share
the words and are told apart by their base, ``with`` for supplements billed in the same base; and ``other_codes``,
codes that are printed but not priced, with their kind.
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@dataclass(frozen=True, slots=True)
class Label:
    """Words of a label and what they mean."""

    words: tuple[str, ...]
    codes: tuple[str, ...]
    """The code, or several between which the words do not choose."""
    kind: str = ""
    also: tuple[str, ...] = ()
    supplements: tuple[str, ...] = ()

    def fits(self, words: frozenset[str]) -> bool:
        """Whether a label made of these words (upper case, no accents) is meant."""
        return all(_has(words, word) for word in self.words)


@dataclass(frozen=True, slots=True)
class Labels:
    """The whole table."""

    labels: tuple[Label, ...]
    other_codes: dict[str, str]


@cache
def load() -> Labels:
    """Read the table once. Raises ValueError when an entry says neither code nor kind."""
    table = yaml.load(files(__name__).joinpath("acts.yaml").read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506
    return Labels(tuple(_label(entry) for entry in table["labels"]), dict(table["other_codes"]))


def _label(entry: dict[str, Any]) -> Label:
    codes = tuple(entry.get("codes") or ([entry["code"]] if "code" in entry else ()))
    if not codes and "kind" not in entry:
        raise ValueError(f"labels/acts.yaml: {entry} says neither code nor kind")
    return Label(
        tuple(entry["words"]),
        codes,
        entry.get("kind", ""),
        tuple(entry.get("also", ())),
        tuple(entry.get("with", ())),
    )


def _has(words: frozenset[str], word: str) -> bool:
    if word.endswith("*"):
        return any(given.startswith(word[:-1]) for given in words)
    return word in words


_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
