"""Questions about health itself: an emergency is answered before anything else, advice only by a professional.

What is looked for stands in ``health.yaml``: whole words and expressions, never pieces of words. A word alone, such as
"seizure" or "prendre", says nothing; an emergency is an expression of something that happens to somebody, and advice
is asked for where a complaint or a medicine stands beside a question about it. Money, rights and papers are ours.
"""

import difflib
import re
from functools import cache
from importlib.resources import files
from typing import Literal

from agent.assistant.stemming import fold
from agent.assistant.tables import read_table

Urgent = Literal["emergency", "distress"]

_PIECE = re.compile(r"[a-z0-9%]+")
_WRITTEN_OUT = {
    "jai": "j ai", "chui": "je suis", "chuis": "je suis", "jsuis": "je suis", "jsui": "je suis", "shuis": "je suis",
    "jvx": "je veux", "jveux": "je veux", "jveu": "je veux", "jve": "je veux", "veu": "veux", "jpeux": "je peux",
    "jpe": "je peux", "jdois": "je dois", "jcrois": "je crois", "jarrive": "j arrive",
    "narrive": "n arrive", "arive": "arrive", "arrrive": "arrive", "jarive": "j arrive", "cest": "c est", "ct": "c est",
    "pa": "pas", "plu": "plus", "bb": "bebe", "bcp": "beaucoup", "tro": "trop", "koi": "quoi",
    "ke": "que", "kel": "quel", "fo": "faut", "ds": "dans", "kan": "quand", "tt": "tout",
    "im": "i m", "ive": "i ve", "hes": "he s", "shes": "she s", "cant": "can t", "cnt": "can t", "dont": "don t",
    "wont": "won t", "isnt": "isn t", "doesnt": "doesn t", "arent": "aren t", "didnt": "didn t", "wanna": "want to",
    "shld": "should", "shud": "should", "cld": "could", "ur": "your", "u": "you", "hav": "have", "ther": "there",
    "hart": "heart", "atack": "attack", "attak": "attack", "brith": "breathe", "breath": "breathe",
    "breth": "breathe", "breathin": "breathing",
    "suicid": "suicide", "jpeu": "je peux",
}  # fmt: skip
"""What people type for want of time, written out."""
_OFTEN_MISTYPED = (
    "respirer", "poitrine", "inconscient", "inconsciente", "hemorragie", "convulsions", "infarctus", "cardiaque",
    "overdose", "suicider", "suicide", "suicidal", "unconscious", "breathing", "bleeding", "seizure", "paracetamol",
    "doliprane", "fievre", "medicament", "medicaments", "comprimes", "antibiotics", "antibiotiques", "attack",
    "swallowed", "avale", "saigne", "evanoui", "etouffe", "stroke", "heart", "connaissance",
)  # fmt: skip
"""Words of an emergency that a shaking hand writes otherwise."""
_EVERYDAY = {"back", "head", "period", "cold", "spots", "rouge", "sick", "foot", "feet", "drug", "drugs"}
"""Words of the body that people use for other things as well."""
_LIKE = 0.86
_SHORTEST = 6
"""Letters of a word below which one letter makes another word of it."""
_UPPER_STROKE = re.compile(r"\bA\.?V\.?C\.?\b")
"""The stroke in capitals; in small letters the same three are a hurried "avec"."""


def emergency(question: str) -> Urgent | None:
    """Whether somebody is in danger now: ``emergency`` for the ambulance, ``distress`` for thoughts of suicide."""
    text = _plain(question)
    if _found("distress", text):
        return "distress"
    if _found("now", text):
        return "emergency"
    if _found("said", text) and not _found("ours", text) and not _found("past", text):
        return "emergency"
    return None


def asks_advice(question: str) -> bool:
    """Whether only a doctor or a pharmacist may answer: a complaint or a medicine, and a question about it."""
    text = _plain(question)
    if _found("ours", text):
        return False
    return _found("direct", text) or (_found("body", text) and (_found("advice", text) or _found("complaint", text)))


def tells_of_illness(question: str) -> bool:
    """Whether two complaints or medicines are named and nothing that is ours: advice is likely what is asked for."""
    text = _plain(question)
    named = {found[0] for found in _pattern("body").finditer(text)} - _EVERYDAY
    return len(named) > 1 and not _found("ours", text)


def _plain(question: str) -> str:
    """The words alone, written out and mended, one space apart; what is only a figure of speech is taken away."""
    question = _UPPER_STROKE.sub("un avc", question)
    words = " ".join(_WRITTEN_OUT.get(word, word) for word in _PIECE.findall(fold(question)))
    words = re.sub(r"\bg (?=\w)", "j ai ", words)
    words = " ".join(_mended(word) for word in words.split())
    return _pattern("figurative").sub(" ", words)


def _mended(word: str) -> str:
    if len(word) < _SHORTEST or word in _OFTEN_MISTYPED or word.isdigit():
        return word
    near = difflib.get_close_matches(word, _OFTEN_MISTYPED, 1, _LIKE)
    return near[0] if near and near[0][0] == word[0] and not word.startswith(near[0]) else word


def _found(group: str, text: str) -> bool:
    return _pattern(group).search(text) is not None


@cache
def _pattern(group: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(_groups()[group])})(?!\w)")


@cache
def _groups() -> dict[str, list[str]]:
    return read_table(files("agent.assistant").joinpath("health.yaml"), dict[str, list[str]])
