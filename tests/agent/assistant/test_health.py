"""Questions about health itself reach a professional, and questions about money and papers are never taken for them."""

import time
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.assistant import ask
from agent.assistant.guide import topics
from agent.assistant.stemming import LANGS
from config.yaml_file import read_yaml
from tests.thoroughness import examples, some_and_all

NOW = datetime(2026, 11, 23, 10, 0)
_GUARDED = {"emergency", "medical"}


def _read(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = read_yaml(Path(__file__).with_name(f"{name}.yaml").read_text("utf-8"))
    return found


PLAIN, HEALTH = _read("plain_questions"), _read("health_questions")
_DISTRESS = [
    "je veux mourir", "je vais me suicider", "j'ai envie d'en finir", "I want to kill myself", "i wanna die",
    "jveu mourir", "je pense au suicide", "mon frère menace de se tuer",
]


@pytest.mark.parametrize("entry", PLAIN, ids=lambda entry: entry["q"][:50])
def test_a_question_about_account_money_or_papers_is_none_of_health(entry: dict[str, Any]) -> None:
    intent = ask(entry["q"], None, NOW).intent
    assert intent not in _GUARDED
    assert intent in entry.get("meant", [intent])


@pytest.mark.parametrize("entry", HEALTH, ids=lambda entry: entry["q"][:50])
def test_a_question_about_health_reaches_a_professional(entry: dict[str, Any]) -> None:
    answer = ask(entry["q"], None, NOW)
    assert answer.intent == entry["kind"]
    assert "15" in answer.text and "112" in answer.text


def test_the_sets_are_large_and_in_both_languages() -> None:
    assert len(PLAIN) >= 200 and len(HEALTH) >= 250
    assert sum(entry["kind"] == "emergency" for entry in HEALTH) >= 100
    assert len({entry["q"] for entry in PLAIN + HEALTH}) == len(PLAIN) + len(HEALTH)


@pytest.mark.parametrize("question", _DISTRESS)
@pytest.mark.parametrize("lang", LANGS)
def test_thoughts_of_suicide_are_told_first_of_the_line_that_listens(question: str, lang: Any) -> None:
    answer = ask(question, None, NOW, lang)
    assert answer.intent == "emergency"
    assert answer.text.index("3114") < answer.text.index("112")


@pytest.mark.parametrize("step", some_and_all(8))
def test_no_subject_of_the_guide_is_hidden_behind_the_guard(step: int) -> None:
    phrasings = [phrase for topic in topics().values() for lang in LANGS
                 for phrase in (*topic.ask[lang], topic.title[lang])]
    assert [phrase for phrase in phrasings[::step] if ask(phrase, None, NOW).intent in _GUARDED] == []


@pytest.mark.parametrize("entry", [entry for entry in HEALTH if entry["kind"] == "emergency"],
                         ids=lambda entry: entry["q"][:50])
def test_an_emergency_is_heard_in_capitals_without_accents_and_among_other_words(entry: dict[str, Any]) -> None:
    typed = entry["q"].replace("’", "'")
    for said in (typed.upper(), f"bonjour, {typed} !!! merci", f"  hello...{typed}???"):
        assert ask(said, None, NOW).intent == "emergency", said


@given(st.text(alphabet="abcdeimnoprstuv éàç'?!.,0123456789", max_size=120))
@settings(max_examples=examples(300), deadline=None)
def test_any_text_is_answered(text: str) -> None:
    assert ask(text, None, NOW).intent


@pytest.mark.parametrize("word", ["arrive ", "je ", "plus ", "a ", "the pills ", "my chest ", "9", "mal de la ", "de "])
def test_a_long_question_is_weighed_at_once(word: str) -> None:
    start = time.process_time()
    ask(word * 400, None, NOW)
    assert time.process_time() - start < 2
