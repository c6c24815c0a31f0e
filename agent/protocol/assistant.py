"""ameliBot: an answer, the guide's subjects, the glossary."""

from typing import TypedDict


class Source(TypedDict):
    """Where an answer comes from."""

    title: str
    date: str
    """ISO day on which it was looked at."""
    certainty: str


class Action(TypedDict):
    """What can be done next."""

    name: str
    label: str
    command: str
    page: str


class Subject(TypedDict):
    """``GET /v1/guide``, one of the list."""

    intent: str
    title: str


class Answer(TypedDict):
    """``POST /v1/ask``."""

    answer: str
    intent: str
    """A subject of the guide, ``medical``, ``emergency`` or ``unknown``."""
    confidence: float
    sources: list[Source]
    actions: list[Action]
    near: list[Subject]
    """Other subjects it may have been."""


class SubjectText(TypedDict):
    """``GET /v1/guide?subject=…``."""

    intent: str
    text: str | None
    """Null when the guide has nothing on it."""


class Term(TypedDict):
    """``GET /v1/glossary``, one of the list: one of the service's words."""

    fr: str
    en: str
    meaning_fr: str
    meaning_en: str
