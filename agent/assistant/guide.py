"""The guide: subjects with the ways people ask for them and what to answer, amounts filled in from the dated tables."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

import msgspec

from agent.assistant.stemming import LANGS, Lang
from agent.assistant.tables import read_table
from config.tariffs import load

_HOLE = re.compile(r"\{([a-z0-9_]+\.[a-z0-9_]+)\}")


@dataclass(frozen=True, slots=True)
class Topic:
    """One subject of the guide."""

    id: str
    """The intent."""
    title: dict[Lang, str]
    ask: dict[Lang, tuple[str, ...]]
    """How people ask for it."""
    say: dict[Lang, str]
    """The answer; ``{franchise.drug_box}`` stands for a value of the tables. Empty where the person's data answer."""
    sources: tuple[str, ...]
    checked: date
    """Day on which the text was last held against its sources."""
    certainty: str
    """``law``, ``official``, ``reported`` or ``ours`` (how this program works)."""
    actions: tuple[str, ...]
    own: bool
    """Whether the answer comes from the person's data first."""

    def text(self, lang: Lang, today: date) -> str:
        """The answer on that day. Raises UnknownTariff for a value that the tables do not have."""
        return _HOLE.sub(lambda hole: _amount(hole[1], lang, today), self.say[lang])


class _Texts(msgspec.Struct):
    fr: str
    en: str


class _Phrasings(msgspec.Struct):
    fr: list[str]
    en: list[str]


class _Written(msgspec.Struct, forbid_unknown_fields=True):
    """A subject as its file has it."""

    title: _Texts
    ask: _Phrasings
    certainty: str
    say: _Texts = msgspec.field(default_factory=lambda: _Texts("", ""))
    sources: list[str] = []
    actions: list[str] = []
    own: bool = False


@cache
def topics() -> dict[str, Topic]:
    """Every subject by id. Raises ValueError naming the file and the subject when one is not of the form."""
    topics_by_id: dict[str, Topic] = {}
    phrasings = {name: phrases for file in _files("phrasings")
                 for name, phrases in read_table(file, dict[str, dict[Lang, str]]).items()}
    for file in _files("guide"):
        table = read_table(file, dict[str, object])
        checked = msgspec.convert(table.pop("checked"), date)
        for name, body in table.items():
            if name in topics_by_id:
                raise ValueError(f"{file.name}: {name} stands twice in the guide")
            try:
                written = msgspec.convert(body, _Written)
            except msgspec.ValidationError as error:
                raise ValueError(f"{file.name}: {name}: {error}") from error
            topics_by_id[name] = _topic(name, written, checked, phrasings.pop(name, {}))
    if phrasings:
        raise ValueError(f"phrasings of subjects that the guide does not have: {', '.join(phrasings)}")
    return topics_by_id


def _files(folder: str) -> list[Traversable]:
    """The tables of a folder, in the order of their names."""
    listed = files("agent.assistant").joinpath(folder).iterdir()
    return sorted((file for file in listed if file.name.endswith(".yaml")), key=lambda file: file.name)


def _topic(name: str, written: _Written, checked: date, more: dict[Lang, str]) -> Topic:
    """``more``: further phrasings, one a line."""
    ask: dict[Lang, list[str]] = {"fr": written.ask.fr, "en": written.ask.en}
    return Topic(
        name,
        {"fr": written.title.fr, "en": written.title.en},
        {lang: (*ask[lang], *more.get(lang, "").splitlines()) for lang in LANGS},
        {"fr": written.say.fr.strip(), "en": written.say.en.strip()},
        tuple(written.sources), checked, written.certainty, tuple(written.actions), written.own,
    )


def _amount(name: str, lang: Lang, today: date) -> str:
    parameter = load().parameter(name)
    said = spoken(parameter.on(today).value, parameter.unit, lang)
    if (until := parameter.outdated(today)) is None:
        return said
    return f"{said} (dernière valeur connue, au {until:%d/%m/%Y})" if lang == "fr" else (
        f"{said} (last known value, of {until.isoformat()})")


def spoken(value: Decimal, unit: str, lang: Lang) -> str:
    """A value of the tables in words: ``0,50 €``, ``€0.50``, ``70 %``, ``25``."""
    whole = value == value.to_integral_value()
    number = f"{value:,.0f}" if whole else f"{value:,.2f}" if unit == "EUR" else f"{value:,}"
    if lang == "fr":
        number = number.replace(",", "\u202f").replace(".", ",")
    if unit == "EUR":
        return f"{number} €" if lang == "fr" else f"€{number}"
    if unit == "percent":
        return f"{number} %" if lang == "fr" else f"{number}%"
    return number
