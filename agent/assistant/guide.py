"""The guide: subjects with the ways people ask for them and what to answer, amounts filled in from the dated tables."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from agent.assistant.stemming import LANGS, Lang
from config.tariffs import load

_HOLE = re.compile(r"\{([a-z0-9_]+\.[a-z0-9_]+)\}")
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


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


@cache
def topics() -> dict[str, Topic]:
    """Every subject by id. Raises ValueError naming the file and the subject when one is not of the form."""
    found: dict[str, Topic] = {}
    phrasings = {name: said for _file, table in _tables("phrasings") for name, said in table.items()}
    for file, table in _tables("guide"):
        checked = table.pop("checked")
        for name, body in table.items():
            if name in found:
                raise ValueError(f"{file}: {name} stands twice in the guide")
            found[name] = _topic(name, body, checked, phrasings.pop(name, {}))
    if phrasings:
        raise ValueError(f"phrasings of subjects that the guide does not have: {', '.join(phrasings)}")
    return found


def _tables(folder: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for file in sorted(files("agent.assistant").joinpath(folder).iterdir(), key=lambda item: item.name):
        if file.name.endswith(".yaml"):
            yield file.name, yaml.load(file.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 - a safe loader


def _topic(name: str, body: dict[str, Any], checked: date, more: dict[str, str]) -> Topic:
    """``more``: further phrasings, one a line."""
    try:
        own = bool(body.get("own", False))
        say = body.get("say") or {"fr": "", "en": ""}
        return Topic(
            name,
            {"fr": body["title"]["fr"], "en": body["title"]["en"]},
            {lang: (*body["ask"][lang], *more.get(lang, "").splitlines()) for lang in LANGS},
            {"fr": say["fr"].strip(), "en": say["en"].strip()},
            tuple(body.get("sources", ())),
            checked,
            body["certainty"],
            tuple(body.get("actions", ())),
            own,
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"the guide's subject {name} lacks {error}") from error


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
