"""From a question to the stems that are compared: no accents, no capitals, no small words, near misses mended."""

import difflib
import re
import unicodedata
from collections.abc import Collection
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import Literal, Protocol

from agent.assistant.tables import read_table
from config import fold as text_fold

Lang = Literal["fr", "en"]
LANGS: tuple[Lang, ...] = ("fr", "en")


_WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)?")
_ELISION = re.compile(r"\b(?:l|d|j|m|t|s|n|c|qu|jusqu|lorsqu|puisqu)'")
_EXPRESSIONS: dict[Lang, dict[str, str]] = {
    "fr": {
        r"\b(?:mon|ma|mes)\b": "mien",
        r"\bou (?:en )?(?:est|sont|suis)\b": "ouest",
        r"\b(?:en |depuis |pendant )?combien de temps\b|\bquand\b|\ben combien de jours\b": "delai",
        r"\b(?:me|nous) (?:doit|doivent)\b|\bdoit on\b": "creance",
        r"\bje dois (?:encore )?(?:de l )?(?:argent|combien)\b|\bdois je (?:encore|de)\b": "dette",
        r"\betats unis\b": "etranger",
        r"\broyaume uni\b": "europe",
        r"\bne (\w+) (?:pas|plus)\b": r"\1 panne",
        r"\bsecurite sociale\b|\bassurance maladie\b": "secu",
    },
    "en": {
        r"\bmy\b": "mine",
        r"\bwhere(?: is| are|'s)\b": "whereis",
        r"\bhow long\b|\bhow many days\b|\bwhen\b": "delay",
        r"\bhow much\b": "price",
        r"\bowe[sd]? (?:to )?me\b|\bis (?:still )?owed\b": "credit",
        r"\bi (?:still )?owe\b": "debt",
        r"\bunited states\b": "abroad",
        r"\bunited kingdom\b": "europe",
        r"\b(?:does not|doesn't|not|cannot|can't|can not)\b": "nope",
    },
}
"""Expressions that mean more than their words, which alone are too small to count."""
_SUM = re.compile(r"\d+(?:[.,]\d+)?\s*(?:eur|euros?|e)\b|\beuros? \d+(?:[.,]\d+)?|\b\d+[.,]\d\d\b")
"""A sum of money: which one does not tell the subject."""
_ALIKE = 0.88
"""How like a known stem a mistyped one must be; below it "recette" would be taken for "recent"."""


def fold(text: str) -> str:
    """As for a search, and signs of money as words: ``Où l’œil : 19 €`` is ``ou l'oeil : 19  euros ``."""
    return text_fold.fold(text.replace("€", " euros "))


def guess_language(question: str) -> Lang:
    """French unless the small words are rather English."""
    words = _WORD.findall(_ELISION.sub(" ", fold(question)))
    french = sum(word in _listed("telling", "fr") for word in words)
    english = sum(word in _listed("telling", "en") for word in words)
    accented = any(unicodedata.combining(mark) for mark in unicodedata.normalize("NFKD", question))
    return "en" if english > french and not accented else "fr"


class _Stemmer(Protocol):
    """A stemmer of ``snowballstemmer``, which has no types: what is used of it."""

    def stemWord(self, word: str) -> str: ...  # noqa: N802 - as the library names it


@cache
def _stemmer(lang: Lang) -> _Stemmer:
    import snowballstemmer  # 20 ms, and only for a question

    stemmer: _Stemmer = snowballstemmer.stemmer("french" if lang == "fr" else "english")
    return stemmer


@cache
def _synonyms() -> dict[str, dict[str, str]]:
    """Word to the first of its group, by language."""
    groups = read_table(files("agent.assistant").joinpath("synonyms.yaml"), dict[str, list[list[str]]])
    return {lang: {word: group[0] for group in of for word in group} for lang, of in groups.items()}


@cache
def _listed(what: str, lang: Lang) -> frozenset[str]:
    listed = read_table(files("agent.assistant").joinpath("small_words.yaml"), dict[str, dict[str, list[str]]])
    return frozenset(listed[lang][what])


@lru_cache(4096)
def stem(word: str, lang: Lang) -> str:
    """The stem of a folded word."""
    return _stemmer(lang).stemWord(word)


def stems(text: str, lang: Lang, vocabulary: Collection[str] = ()) -> list[str]:
    """The stems of a text in order, small words left out.

    ``vocabulary``: stems of the guide; a word of five letters or more that is none of them becomes the nearest one, so
    that a typing error still finds its subject.
    """
    folded = _SUM.sub(" montant ", _ELISION.sub(" ", fold(text).replace("-", " ")))
    for pattern, word in _EXPRESSIONS[lang].items():
        folded = re.sub(pattern, f" {word} ", folded)
    same, small = _synonyms()[lang], _listed("small", lang)
    words = (same.get(word, word) for word in _WORD.findall(folded))
    in_order = [stem(word.partition("'")[0], lang) for word in words if word not in small]
    return [_mended(one, vocabulary) for one in in_order if one]


def _mended(word: str, vocabulary: Collection[str]) -> str:
    if not vocabulary or word in vocabulary or len(word) < 5 or word.isdigit():
        return word
    near = difflib.get_close_matches(word, vocabulary, 1, _ALIKE)
    return near[0] if near and near[0][0] == word[0] else word


def pairs(words: list[str]) -> list[str]:
    """Neighbouring stems: what tells "card lost" from "card ordered"."""
    return [f"{first} {second}" for first, second in pairwise(words)]
