"""The guide holds together: every subject in both languages, amounts from the tables, actions that exist."""

from datetime import date, datetime

import pytest

from agent.assistant import ask, glossary, look_up
from agent.assistant.actions import known
from agent.assistant.answer import subjects
from agent.assistant.glossary import terms_in
from agent.assistant.guide import spoken, topics
from agent.assistant.personal_answers import amounts_in, intents
from agent.assistant.referrals import lines
from tests.thoroughness import some_and_all

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 10, 0)


@pytest.mark.parametrize("topic", topics().values(), ids=lambda topic: topic.id)
def test_a_subject_is_whole_in_both_languages(topic) -> None:
    for lang in ("fr", "en"):
        assert topic.title[lang]
        assert len(topic.ask[lang]) >= 2
        assert topic.own or topic.say[lang]
        if topic.say[lang]:
            said = topic.text(lang, TODAY)
            assert "{" not in said
            assert "}" not in said
    assert all(known(name) for name in topic.actions)
    assert not topic.own or topic.id in intents()
    assert topic.sources or topic.certainty == "ours"
    assert topic.checked <= TODAY


@pytest.mark.parametrize("step", some_and_all(5))
@pytest.mark.parametrize(("lang", "most"), [("fr", 6), ("en", 2)])
def test_nearly_every_phrasing_of_the_guide_finds_its_own_subject(lang: str, most: int, step: int) -> None:
    missed = [(topic.id, phrase, found) for topic in [*topics().values()][::step] for phrase in topic.ask[lang]
              if (found := ask(phrase, None, NOW, lang).intent) not in (topic.id, "medical")]
    assert len(missed) <= most, missed


def test_amounts_follow_the_day() -> None:
    text = topics()["participation-forfaitaire"]
    assert "2 €" in text.text("fr", TODAY)
    assert "€1 " in text.text("en", date(2024, 1, 1))


def test_values_are_spoken_in_the_language() -> None:
    from decimal import Decimal

    assert spoken(Decimal("1867.02"), "EUR", "fr") == "1\u202f867,02 €"
    assert spoken(Decimal("0.50"), "EUR", "en") == "€0.50"
    assert spoken(Decimal("91.25"), "times", "fr") == "91,25"


def test_an_answer_says_its_sources_and_how_sure_they_are() -> None:
    found = ask("c'est quoi la franchise médicale", None, NOW).shape()
    assert found["intent"] == "franchise-medicale"
    assert found["sources"][0]["date"] == "2026-11-23"
    assert {action["name"] for action in found["actions"]} == {"ledger"}


def test_the_answer_can_be_in_the_other_language() -> None:
    found = ask("j'ai perdu ma carte vitale", None, NOW, "en")
    assert found.intent == "carte-vitale-loss"
    assert "Report it at once" in found.text


def test_an_unknown_question_names_who_answers_and_whether_they_are_there() -> None:
    day = ask("quelle est la couleur du cheval blanc", None, NOW).text
    night = ask("quelle est la couleur du cheval blanc", None, NOW.replace(hour=23)).text
    assert "36 46" in day
    assert "ouvert en ce moment" in day
    assert "fermé en ce moment" in night


def test_nobody_answers_at_the_week_end() -> None:
    assert not lines()["fund"].open_at(datetime(2026, 11, 22, 10, 0))
    assert lines()["english"].open_at(datetime(2026, 11, 23, 17, 15))


@pytest.mark.parametrize("question", ["", "   ", "?", "\x1b[2J", "é" * 5000, "0" * 400, "\u202e\u0000"])
def test_no_question_breaks_it(question: str) -> None:
    assert ask(question, None, NOW).intent == "unknown"


def test_money_questions_about_health_are_ours_and_health_questions_are_not() -> None:
    assert ask("remboursement d'un médicament contre le mal de tête", None, NOW).intent != "medical"
    assert ask("quel médicament prendre contre le mal de tête", None, NOW).intent == "medical"


def test_amounts_are_found_in_questions() -> None:
    found = amounts_in("pourquoi 19 € et pas 1 234,50 euros ? €15")
    assert [str(amount) for amount in found] == ["19", "1234.50", "15"]


def test_the_glossary_is_searched_in_both_languages() -> None:
    assert look_up("PF")[0].french.startswith("Participation forfaitaire")
    assert look_up("co-payment")[0].french == "Ticket modérateur"
    assert [term.french for term in terms_in("le ticket modérateur et le tiers payant")] == [
        "Ticket modérateur", "Tiers", "Tiers payant"]
    assert len(glossary()) > 40
    assert look_up("zzzz") == []


def test_every_subject_is_listed_once() -> None:
    names = [one["intent"] for one in subjects("fr")]
    assert len(names) == len(set(names)) == len(topics())


def test_an_amount_that_is_only_the_latest_known_is_told_with_its_day() -> None:
    dental = topics()["dental"]
    assert "last known value, of 2024-12-31" in dental.text("en", date(2026, 11, 23))
    assert "dernière valeur connue, au 31/12/2024" in dental.text("fr", date(2026, 11, 23))
    assert "last known" not in dental.text("en", date(2024, 12, 1))
