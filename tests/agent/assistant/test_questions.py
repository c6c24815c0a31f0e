"""How often the assistant finds the subject of a question that was not written beside the guide."""

from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest

from agent.assistant import ask
from config.yaml_file import read_yaml

SETS = {
    name: read_yaml(Path(__file__).with_name(f"{name}.yaml").read_text("utf-8"))
    for name in ("questions", "questions_second")
}
QUESTIONS = [one for questions in SETS.values() for one in questions]
ASIDE = read_yaml(Path(__file__).with_name("questions_aside.yaml").read_text("utf-8"))
NOW = datetime(2026, 11, 23, 10, 0)


def _accepted(entry: dict[str, object]) -> set[str]:
    wanted = entry["intent"]
    return set(wanted) if isinstance(wanted, list) else {str(wanted)}


@pytest.mark.parametrize("name", SETS)
def test_nine_questions_in_ten_find_their_subject_and_strange_ones_none(name: str) -> None:
    missed = [(one["q"], found, one["intent"]) for one in SETS[name]
              if (found := ask(one["q"], None, NOW).intent) not in _accepted(one)]
    assert len(missed) <= len(SETS[name]) // 10, missed


@pytest.mark.parametrize("question", [one["q"] for one in QUESTIONS if one["intent"] == "unknown"])
def test_a_strange_question_is_never_answered_as_if_it_were_known(question: str) -> None:
    found = ask(question, None, NOW)
    assert found.intent == "unknown" or found.confidence < 0.5


def test_the_set_covers_both_languages_and_most_subjects() -> None:
    subjects = Counter(next(iter(_accepted(one))) for one in QUESTIONS)
    assert len(QUESTIONS) >= 200
    assert len(subjects) >= 60


def test_questions_unseen_find_their_subject_most_of_the_time() -> None:
    """The set kept aside found 114 of its 152 when first measured, 119 once strange questions were known better.

    The floor leaves three for chance. It is never reached by mending the guide for a question of this set.
    """
    answers = [(one, ask(one["q"], None, NOW)) for one in ASIDE]
    missed = [(one["q"], found.intent, one["intent"]) for one, found in answers
              if found.intent not in _accepted(one)]
    assert len(ASIDE) - len(missed) >= 111, missed
    assert not [(one["q"], found.intent) for one, found in answers
                if "unknown" in _accepted(one) and found.intent not in _accepted(one)
                and found.confidence >= 0.5]
