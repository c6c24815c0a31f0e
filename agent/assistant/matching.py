"""Which subject a question is about, and how sure that is: weighted words and pairs against known phrasings."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from agent.assistant.guide import Topic, topics
from agent.assistant.stemming import Lang, pairs, stems
from agent.assistant.tables import read_table

Vector = dict[str, float]
_PAIR = 0.7
"""Weight of a pair of words beside that of a word: order matters, but less than the subject."""
_TITLE = 0.85
"""A title is a weaker example than a question."""
_STRANGE = 0.6
"""Confidence lost when all of the words are strange to the guide: the question is then about something else."""


@dataclass(frozen=True, slots=True)
class Match:
    """One subject and how well it fits, 0 to 1."""

    topic: Topic
    confidence: float


class Matcher:
    """The subjects in one language, ready for questions."""

    def __init__(self, subjects: Mapping[str, Topic], lang: Lang, elsewhere: Iterable[str] = ()) -> None:
        """``elsewhere``: what people ask others; a question nearest to that is nobody's subject here."""
        self._lang: Lang = lang
        phrases = [
            (topic, weight, stems(text, lang))
            for topic in subjects.values()
            for weight, text in [(_TITLE, topic.title[lang]), *((1.0, ask) for ask in topic.ask[lang])]
        ]
        inside: dict[str, set[str]] = {}
        for topic, _weight, words in phrases:
            for feature in {*words, *pairs(words)}:
                inside.setdefault(feature, set()).add(topic.id)
        number = len(subjects)
        self._rarity = {feature: math.log(1 + number / len(where)) for feature, where in inside.items()}
        others = [words for text in elsewhere if (words := stems(text, lang))]
        self._words = frozenset(feature for feature in inside if " " not in feature)
        self._unknown = math.log(1 + number)
        self._phrases = [(topic, weight, self._vector(found)) for topic, weight, found in phrases if found]
        self._elsewhere = [self._vector(found) for found in others]

    def best(self, question: str, most: int = 3) -> list[Match]:
        """The subjects that fit best, best first."""
        words = stems(question, self._lang, self._words)
        wanted = self._vector(words)
        if not wanted:
            return []
        scores: dict[str, tuple[float, Topic]] = {}
        for topic, weight, phrase in self._phrases:
            score = weight * _likeness(wanted, phrase)
            if score > scores.get(topic.id, (0.0, topic))[0]:
                scores[topic.id] = (score, topic)
        best = max((score for score, _topic in scores.values()), default=0.0)
        if best < max((_likeness(wanted, phrase) for phrase in self._elsewhere), default=0.0):
            return []
        strange = sum(word not in self._words for word in words) / len(words)
        doubt = 1 - _STRANGE * strange
        ranked = sorted(scores.values(), key=lambda scored: (-scored[0], scored[1].id))[:most]
        return [Match(topic, round(min(1.0, score * doubt), 3)) for score, topic in ranked]

    def _vector(self, words: list[str]) -> Vector:
        counts = Counter(words)
        vector = {word: self._rarity.get(word, self._unknown) * (1 + math.log(n)) for word, n in counts.items()}
        vector |= {pair: _PAIR * self._rarity[pair] for pair in pairs(words) if pair in self._rarity}
        length = math.sqrt(sum(value * value for value in vector.values()))
        return {feature: value / length for feature, value in vector.items()} if length else {}


def _likeness(vector: Vector, other: Vector) -> float:
    small, large = (vector, other) if len(vector) < len(other) else (other, vector)
    return sum(value * large[feature] for feature, value in small.items() if feature in large)


@cache
def matcher(lang: Lang) -> Matcher:
    """The whole guide in one language."""
    table = read_table(files("agent.assistant").joinpath("elsewhere.yaml"), dict[Lang, list[str]])
    return Matcher(topics(), lang, table[lang])


def covered(question: str, words: Iterable[str], lang: Lang) -> bool:
    """Whether one of ``words`` (as people write them) is in the question, by stem."""
    in_question = set(stems(question, lang))
    return any(set(stems(word, lang)) <= in_question for word in words)
