"""All mistakes at once, with their paths; conditions, groups, papers; what is about to be sent, in words."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.procedures.describe import question, whole
from agent.procedures.errors import NoSuchProcedure
from agent.procedures.field_types import CHOICE, COUNTRY, DATE, GROUP, IBAN, NAME, TEXT, YES_NO
from agent.procedures.model import (
    Answers,
    Both,
    Choice,
    Field,
    Paper,
    Procedure,
    Screen,
    World,
    all_of,
    any_of,
    equals,
    filled,
    not_,
)
from agent.procedures.registry import procedure, procedures
from agent.procedures.summary import mask, notes, summary
from agent.procedures.validation import check
from agent.procedures.values import plain
from tests.agent.procedures.test_field_types import JSON
from tests.thoroughness import examples

WORLD = World(date(2026, 11, 23))


def both(text: str) -> Both:
    return Both(text, text)


def _born_before(value: Any, answers: Answers, _world: World) -> Both | None:
    return both("after the parent's") if value < answers["parent"] else None


DECLARED = Procedure(
    name="made-up", title=both("t"), who=both("w"), summary=both("s"), page=None, submits="portal", screens=(
        Screen("one", both("One"), fields=(
            Field("reason", CHOICE, both("Reason"), choices=(
                Choice("lost", both("Lost")), Choice("stolen", both("Stolen")))),
            Field("stolen_on", DATE, both("Stolen on"), when=equals("reason", "stolen"), accepts=("past",)),
            Field("report", TEXT, both("Report"), when=filled("stolen_on"), required=False),
            Field("parent", DATE, both("Parent")),
            Field("children", GROUP, both("Child"), required=False, most=3, fields=(
                Field("first_name", NAME, both("First name")),
                Field("birth_date", DATE, both("Birth date"), check=_born_before),
                Field("abroad", YES_NO, both("Abroad"), required=False),
                Field("country", COUNTRY, both("Country"), when=equals("abroad", True)),
            )),
        )),
        Screen("two", both("Two"), when=equals("reason", "stolen"), fields=(
            Field("iban", IBAN, both("IBAN"), secret=True),)),
    ),
    papers=(
        Paper("photo", both("Photo"), needed=not_(equals("reason", "stolen"))),
        Paper("identity", both("Identity"), several=2),
        Paper("extra", both("Extra"), needed=False),
    ),
)


def paths(answers: dict[str, Any], papers: tuple[str, ...] = ("identity", "photo")) -> list[str]:
    return [one.field for one in check(DECLARED, answers, papers, WORLD).errors]


def test_everything_wrong_is_told_at_once_where_it_is() -> None:
    found = check(DECLARED, {
        "reason": "stolen", "stolen_on": "2027-01-01", "parent": "1990-01-01", "raison": "x", "children": [
            {"first_name": "Léa", "birth_date": "1980-01-01", "abroad": True},
            {"first_name": "R2", "birht_date": "2020-01-01"},
        ],
    }, ["identity", "identity", "identity", "foto"], WORLD)
    assert [one.field for one in found.errors] == [
        "stolen_on", "children[0].birth_date", "children[0].country", "children[1].first_name",
        "children[1].birth_date", "children[1].birht_date", "iban", "raison", "identity", "foto"]
    told = {one.field: one for one in found.errors}
    assert "“reason”" in told["raison"].en and "« reason »" in told["raison"].fr
    assert "birth_date" in told["children[1].birht_date"].en
    assert "photo" in told["foto"].en
    assert told["iban"].json().keys() == {"field", "message_fr", "message_en"}


def test_a_question_that_is_not_asked_is_neither_demanded_nor_sent() -> None:
    found = check(DECLARED, {
        "reason": "lost", "parent": "1990-01-01", "stolen_on": "never", "report": "r", "iban": "bad",
    }, ["identity", "photo"], WORLD)
    assert found.ok
    assert plain(found.values) == {"reason": "lost", "parent": "1990-01-01"}
    assert found.ignored == ("stolen_on", "report", "iban")
    assert found.asked == ("reason", "parent", "children")


def test_an_answer_no_longer_asked_for_opens_no_other_question() -> None:
    answers = {"reason": "lost", "stolen_on": "2026-01-01", "report": "r", "parent": "1990-01-01"}
    assert "report" not in check(DECLARED, answers, [], WORLD).asked
    assert "report" in check(DECLARED, {**answers, "reason": "stolen"}, [], WORLD).asked


def test_papers_are_demanded_by_the_answers() -> None:
    assert paths({"reason": "lost", "parent": "1990-01-01"}, ()) == ["photo", "identity"]
    assert "photo" not in paths({"reason": "stolen", "parent": "1990-01-01"}, ())


def test_groups_have_their_measure() -> None:
    child = {"first_name": "Léa", "birth_date": "2020-01-01"}
    base = {"reason": "lost", "parent": "1990-01-01"}
    assert paths({**base, "children": [child] * 3}) == []
    assert paths({**base, "children": [child] * 4}) == ["children"]
    assert paths({**base, "children": "Léa"}) == ["children"]
    assert paths({**base, "children": [1]}) == ["children"]
    assert paths({**base, "children": [child] * 500}) == ["children"]


def test_conditions_combine_and_say_so() -> None:
    one, two = equals("a", True), filled("b")
    for a in (True, False):
        for b in ("x", ""):
            answers = {"a": a, "b": b}
            assert all_of(one, two).test(answers, WORLD) is (a and b == "x")
            assert any_of(one, two).test(answers, WORLD) is (a or b == "x")
            assert not_(one).test(answers, WORLD) is not a
    assert "oui" in one.words.fr and "yes" in one.words.en


@settings(max_examples=examples(60))
@given(st.dictionaries(st.sampled_from(["reason", "stolen_on", "parent", "children", "iban", "else"]), JSON),
       st.lists(st.text(max_size=8), max_size=3))
def test_no_answers_break_the_checks(answers: dict[str, Any], papers: list[str]) -> None:
    found = check(DECLARED, answers, papers, WORLD)
    assert all(one.field and one.fr and one.en for one in found.errors)
    again = check(DECLARED, plain(found.values), papers, WORLD)
    assert again.values == found.values


def test_the_summary_is_in_words_and_masks_secrets() -> None:
    found = check(DECLARED, {
        "reason": "stolen", "stolen_on": "2026-11-01", "parent": "1990-01-01", "iban": "DE89370400440532013000",
        "children": [{"first_name": "Léa", "birth_date": "2020-02-01", "abroad": True, "country": "Spain"}],
    }, ["identity"], WORLD)
    assert found.ok
    shown = {one["field"]: (one["value_fr"], one["value_en"]) for one in summary(DECLARED, found.values)}
    assert shown["iban"] == ("•••• 3000".replace(" ", ""),) * 2
    assert shown["stolen_on"] == ("01/11/2026", "2026-11-01")
    assert shown["children[0].country"] == ("Espagne", "Spain")
    assert shown["children[0].abroad"] == ("oui", "yes")
    assert mask("12") == "••••"


@pytest.mark.parametrize("name", procedures())
def test_each_procedure_declares_what_screens_and_commands_need(name: str) -> None:
    one = procedure(name)
    assert one.name == name and one.title.fr and one.title.en and one.who.fr and one.summary.en
    names = [each.name for each in one.fields] + [paper.name for paper in one.papers]
    assert len(names) == len(set(names))
    for each in one.fields:
        shown = question(each, WORLD)
        assert shown["label_fr"] and shown["label_en"] and shown["rule_fr"] and shown["rule_en"]
    assert whole(one, one.submits, WORLD)["name"] == name
    assert check(one, {}, (), WORLD).errors
    for field_name, value in ((each.name, each.example) for each in one.fields if each.example and not each.choices):
        found = check(one, {field_name: value}, (), WORLD)
        assert field_name not in {wrong.field for wrong in found.errors}, (field_name, value)


def test_the_account_is_recognised_in_the_notes() -> None:
    one = procedure("bank-details")
    found = check(one, {"holder_is_me": True, "iban": "FR1420041010050500013M02606"}, (), WORLD)
    assert {note["name"] for note in notes(one, found.values, WORLD)} >= {"fraud", "bank"}


def test_an_unknown_procedure_names_the_nearest() -> None:
    with pytest.raises(NoSuchProcedure) as caught:
        procedure("bank-detail")
    assert "bank-details" in caught.value.message("fr")
