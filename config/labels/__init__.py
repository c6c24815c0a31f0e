"""What the service prints beside an act, as data: words of its labels with the code of the nomenclature they mean.

``acts.yaml`` has ``labels``, tried from the top: ``words`` (all must be in the label, a ``*`` stands for any ending),
``code`` (or ``codes`` when the words fit several), ``kind`` when no single code says it, ``also`` for codes that share
the words and are told apart by their base, ``with`` for supplements billed in the same base; and ``other_codes``,
codes that are printed but not priced, with their kind. ``ccam.yaml`` says what technical acts are.
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import msgspec

from config.yaml_file import read_yaml


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


class _Entry(msgspec.Struct, forbid_unknown_fields=True):
    """One entry of ``labels`` as the file has it."""

    words: tuple[str, ...]
    code: str = ""
    codes: tuple[str, ...] = ()
    kind: str = ""
    also: tuple[str, ...] = ()
    supplements: tuple[str, ...] = msgspec.field(default=(), name="with")


class _Table(msgspec.Struct, forbid_unknown_fields=True):
    """The file."""

    labels: tuple[_Entry, ...]
    other_codes: dict[str, str]


@cache
def load() -> Labels:
    """Read the table once. Raises ValueError when an entry says neither code nor kind."""
    text = files(__name__).joinpath("acts.yaml").read_text(encoding="utf-8")
    table = msgspec.convert(read_yaml(text), _Table)
    return Labels(tuple(_label(entry) for entry in table.labels), table.other_codes)


def _label(entry: _Entry) -> Label:
    codes = entry.codes or ((entry.code,) if entry.code else ())
    if not codes and not entry.kind:
        raise ValueError(f"labels/acts.yaml: {' '.join(entry.words)} says neither code nor kind")
    return Label(entry.words, codes, entry.kind, entry.also, entry.supplements)


@dataclass(frozen=True, slots=True)
class ActWords:
    """What a technical act is, in this program's own words."""

    fr: str
    en: str
    part: str
    """The part of ``ccam.yaml`` in which it stands: ``x_ray``, ``dental_care``..."""


@cache
def technical_acts() -> dict[str, ActWords]:
    """The technical acts that people meet, by their code; read when one is asked for."""
    text = files(__name__).joinpath("ccam.yaml").read_text(encoding="utf-8")
    table = msgspec.convert(read_yaml(text), dict[str, dict[str, tuple[str, str]]])
    return {code: ActWords(*words, part) for part, acts in table.items() for code, words in acts.items()}


def _has(words: frozenset[str], word: str) -> bool:
    if word.endswith("*"):
        return any(given.startswith(word[:-1]) for given in words)
    return word in words
