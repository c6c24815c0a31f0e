"""The words of the service with their meaning in both languages."""

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TypedDict

from agent.assistant.stemming import Lang, fold
from agent.assistant.tables import read_table
from agent.protocol.assistant import Term as Shape


@dataclass(frozen=True, slots=True)
class Term:
    """One of the service's words."""

    french: str
    english: str
    """What English speakers would call it."""
    meaning: dict[Lang, str]

    def shape(self) -> Shape:
        """As it travels."""
        return {"fr": self.french, "en": self.english, "meaning_fr": self.meaning["fr"],
                "meaning_en": self.meaning["en"]}


class _Written(TypedDict):
    """A term in ``glossary.yaml``, under its French name."""

    en: str
    fr_means: str
    en_means: str


@cache
def glossary() -> tuple[Term, ...]:
    """Every term, in the order of the French alphabet."""
    table = read_table(files("agent.assistant").joinpath("glossary.yaml"), dict[str, _Written])
    terms = (Term(name, body["en"], {"fr": body["fr_means"], "en": body["en_means"]}) for name, body in table.items())
    return tuple(sorted(terms, key=lambda term: fold(term.french)))


def look_up(text: str) -> list[Term]:
    """The terms that a text names or begins like, the closest first; all of them for an empty text."""
    wanted = fold(text).strip()
    if not wanted:
        return list(glossary())
    ranked = [(rank, term) for term in glossary() if (rank := _rank(wanted, term)) is not None]
    return [term for _rank_of, term in sorted(ranked, key=lambda pair: pair[0])]


def terms_in(text: str) -> list[Term]:
    """The terms that stand in a text of a screen as whole words, plurals too, in the order of the glossary."""
    words = fold(text)
    return [term for term, said in _patterns() if said.search(words)]


@cache
def _patterns() -> tuple[tuple[Term, re.Pattern[str]], ...]:
    def plural(name: str) -> str:
        return r"\s+".join(re.escape(word) + "[sx]?" for word in name.split())

    return tuple((term, re.compile(
        r"(?<!\w)(?:" + "|".join(plural(name) for name in (*_names(term), fold(term.english))) + r")(?!\w)"))
        for term in glossary())


def _rank(wanted: str, term: Term) -> int | None:
    names = [*_names(term), fold(term.english)]
    if wanted in names:
        return 0
    if any(name.startswith(wanted) for name in names):
        return 1
    if any(wanted in name for name in names):
        return 2
    inside = any(wanted in fold(meaning) for meaning in term.meaning.values())
    return 3 if inside and len(wanted) > 3 else None


def _names(term: Term) -> list[str]:
    """``Carte européenne (CEAM)`` is known by both names."""
    name, _open, short = fold(term.french).partition("(")
    return [one for one in (name.strip(), short.rstrip(") ")) if one]
