"""The state of a form: whatever is answered, its rows can be drawn, and what is put is there."""

from collections.abc import Mapping
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from agent.procedures.describe import whole
from agent.procedures.registry import procedure, procedures
from agent.procedures.summary import notes
from agent.procedures.validation import check
from ameli_tui.forms.answers import PAPERS, Filling, shown
from ameli_tui.screens.requests.fill_text import help_content, row_cells
from tests.agent.procedures.samples import GOOD
from tests.ameli_tui.fake_requests import WORLD

DECLARED = {name: whole(one, "portal", WORLD) for name, one in procedures().items()}


def checked(filling: Filling) -> Filling:
    """What the agent would say."""
    found = check(procedure(filling.declared["name"]), filling.answers, filling.papers(), WORLD)
    told = notes(procedure(filling.declared["name"]), found.values, WORLD) if found.answered else []
    filling.take({"errors": [one.json() for one in found.errors], "asked": found.asked, "notes": told})
    return filling


def fields(filling: Filling) -> list[tuple[str, Mapping[str, Any]]]:
    """Every question in sight, with its path."""
    return [(row.path, row.declared) for at in range(len(filling.steps())) for row in filling.rows(at)
            if row.kind == "field" and row.declared is not None]


def _answer(data: st.DataObject, one: Mapping[str, Any]) -> Any:
    known = [choice["value"] for choice in one["choices"]]
    if one["kind"] == "yes_no":
        return data.draw(st.booleans())
    if one["kind"] in ("choices", "people"):
        return data.draw(st.lists(st.sampled_from(known), unique=True))
    return data.draw(st.sampled_from(known) if known else st.sampled_from(["", one["example"], "é\x1b[31m", "9" * 50]))


@given(name=st.sampled_from(sorted(DECLARED)), data=st.data())
def test_any_answers_leave_a_form_that_can_be_drawn(name: str, data: st.DataObject) -> None:
    filling = Filling(DECLARED[name], {})
    filling.propose()
    checked(filling)
    filling.show_all = data.draw(st.booleans())
    for _turn in range(data.draw(st.integers(0, 6))):
        path, one = data.draw(st.sampled_from(fields(filling)), label="question")
        value = _answer(data, one)
        filling.put(path, value)
        assert filling.get(path) == (None if value in ("", []) else value)
        checked(filling)
    for at in range(len(filling.steps())):
        rows = filling.rows(at)
        assert rows[-1].kind == "go"
        for row in rows:
            for width in (78, 138):
                cells = row_cells(row, width)
                assert "\x1b" not in "".join(text for text, _tone in cells)
            assert "\x1b" not in help_content(row, []).plain


@given(name=st.sampled_from(sorted(DECLARED)))
def test_every_mistake_has_a_row(name: str) -> None:
    filling = checked(Filling(DECLARED[name], {}))
    filling.show_all = True
    rows = [row for at in range(len(filling.steps())) for row in filling.rows(at)]
    wrong = {row.path for row in rows if row.kind == "wrong"}
    assert wrong == {one["field"] for one in filling.errors}
    if filling.errors:
        first = filling.first_wrong()
        assert first is not None
        assert first[1] in wrong


def test_what_is_missing_is_told_in_the_end_and_what_is_wrong_at_once() -> None:
    filling = checked(Filling(DECLARED["bank-details"], {}))
    assert not any(row.kind == "wrong" for row in filling.rows(0))
    filling.put("iban", "FR14")
    assert [row.path for row in checked(filling).rows(0) if row.kind == "wrong"] == ["iban"]


def test_an_item_taken_away_takes_its_answers_along() -> None:
    filling = Filling(DECLARED["birth"], {"children": [{"first_names": "A"}, {"first_names": "B"}]})
    filling.drop_item("children[0]")
    assert filling.get("children[0].first_names") == "B"
    assert filling.get("children[1].first_names") is None


def test_papers_take_the_place_of_the_oldest_and_of_those_of_a_draft() -> None:
    declared = DECLARED["carte-vitale-order"]
    filling = Filling(declared, {}, kept=[{"name": "identity", "filename": "old.pdf"}])
    for number in range(3):
        filling.attach({"id": f"f{number}", "name": "identity", "filename": f"{number}.pdf"})
    assert [one["id"] for one in filling.fresh] == ["f1", "f2"]  # two sides, no more
    assert filling.papers() == ["identity", "identity"]
    assert filling.detach("identity")
    assert filling.detach("identity")
    assert not filling.detach("identity")
    assert filling.papers() == ["identity"]
    assert checked(filling).steps()[-1].name == PAPERS


def test_a_secret_shows_its_end_only() -> None:
    one = next(field for field in DECLARED["bank-details"]["fields"] if field["name"] == "iban")
    assert shown(one, "FR1420041010050500013M02606") == "••••2606"
    assert shown(one, "FR14") == "••••"


def test_the_c2s_form_says_what_its_answers_come_to_before_a_paper_is_attached() -> None:
    answers, papers = GOOD["c2s"]
    filling = Filling(DECLARED["c2s"], {**answers, "applicant": WORLD.people[0], "household": [], "resources": []})
    assert papers and not filling.papers()
    told = [row.text for row in checked(filling).rows(0) if row.kind == "note"]
    assert told and "C2S" in told[0]
    filling.put("postcode", "")
    assert not [row for row in checked(filling).rows(0) if row.kind == "note"]
