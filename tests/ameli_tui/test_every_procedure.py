"""Every procedure through the screens, by keys alone: told each mistake, filled in, seen, sent; cut off anywhere."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from agent.procedures.registry import procedures
from ameli_tui.screens.requests.fill import FillScreen
from ameli_tui.screens.requests.request import RequestScreen
from tests.agent.procedures.samples import GOOD, WORLD
from tests.ameli_tui.fake_agent import FakeAgent
from tests.ameli_tui.fake_requests import make_request
from tests.ameli_tui.opened import opened
from tests.ameli_tui.person import Person, flat
from tests.thoroughness import one_in, some_and_all

NAMES = [*procedures()]
THOROUGH = ("bank-details", "birth", "carte-vitale-loss", "contact-details", "ehic")
"""Left after every single answer; the others are left on every screen."""
_WRONG = {"nir": "1 23", "iban": "FR76 1027 8060 6100 0102 0480 101", "bic": "?", "date": "hier", "month": "13/2026",
          "phone": "12", "email": "jeanne@", "postcode": "7501", "country": "Atlantide", "money": "beaucoup",
          "integer": "deux", "name": "4"}
"""What no question of that kind takes."""


@asynccontextmanager
async def person_of(fake: FakeAgent, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Person]:
    """The screens on the household of the samples."""
    fake.asked.world = WORLD
    async with opened(fake, size=size) as driven:
        yield Person(driven)


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    """A file that the stand-in takes."""
    path = tmp_path / "piece.pdf"
    path.write_bytes(b"%PDF-1.4")
    return path


def kept(fake: FakeAgent) -> dict[str, Any]:
    """The answers that the agent keeps."""
    answers = fake.asked.requests[0]["answers"]
    assert isinstance(answers, dict)
    return answers


async def go_through(person: Person, name: str, paper: Path) -> None:
    """Fill a whole procedure in, papers too."""
    answers, papers = GOOD[name]
    await person.fill(answers)
    for one in papers:
        await person.attach(one, paper)


@pytest.mark.parametrize("name", one_in(4, NAMES))
async def test_it_is_opened_filled_in_seen_and_sent(name: str, paper: Path) -> None:
    fake = FakeAgent()
    async with person_of(fake) as person:
        await person.begin(name)
        await go_through(person, name, paper)
        await person.look()
        assert not any(one["status"] != "draft" for one in fake.asked.requests)
        await person.send()
        assert len(fake.asked.requests) == 1
        one = fake.asked.requests[0]
        assert one["status"] == ("sent" if procedures()[name].submits == "portal" else "ready")
        assert flat(one["answers"]).items() >= flat(GOOD[name][0]).items()
        assert sorted(attached["name"] for attached in one["papers"]) == sorted(GOOD[name][1])
        assert isinstance(person.driven.page, RequestScreen)


@pytest.mark.parametrize("name", one_in(4, NAMES))
async def test_everything_that_is_missing_is_told_at_once_and_nothing_leaves(name: str) -> None:
    fake = FakeAgent()
    async with person_of(fake, (100, 44)) as person:
        await person.begin(name)
        await person.driven.keys("v")
        form = person.form
        assert "Rien n'a été envoyé" in person.driven.text
        assert form.filling.errors
        steps = form.filling.steps()
        told = {row.path for at in range(len(steps)) for row in form.filling.rows(at) if row.kind == "wrong"}
        assert told == {one["field"] for one in form.filling.errors}
        for at in range(len(steps)):
            await person.driven.keys(*["p"] * form.step, *["n"] * at)
            for row in form.filling.rows(at):
                if row.kind == "wrong":
                    assert row.text[:60] in person.driven.text
        assert fake.asked.requests == []


@pytest.mark.slow
@pytest.mark.parametrize("name", THOROUGH)
async def test_a_wrong_answer_is_told_below_it_as_soon_as_it_is_given(name: str) -> None:
    fake = FakeAgent()
    tried = 0
    async with person_of(fake) as person:
        await person.begin(name)
        async for path in person.answering(GOOD[name][0]):
            row = await person.move_to(path)
            bad = _WRONG.get((row.declared or {})["kind"])
            if bad is None:
                continue
            await person.answer(path, bad)
            wrong = [one for one in person.form.rows_shown if one.kind == "wrong" and one.path == path]
            assert wrong, (path, bad)
            assert wrong[0].text[:40] in person.driven.text
            await person.answer(path, flat(GOOD[name][0])[path])
            assert not [one for one in person.form.rows_shown if one.kind == "wrong" and one.path == path]
            tried += 1
        assert tried or name in ("carte-vitale-order", "attending-doctor")
        await person.driven.keys("D")
    assert fake.asked.requests == []


async def _left_and_gone_on_with(person: Person, fake: FakeAgent, *keys: str) -> None:
    """Leave the form by these keys: the draft holds what was answered; go on with it."""
    before = person.form.filling.answers
    await person.driven.keys(*keys)
    assert len(fake.asked.requests) == 1
    assert fake.asked.requests[0]["status"] == "draft"
    assert kept(fake) == before
    await person.go_on()
    assert person.form.filling.answers == before


@pytest.mark.slow
@pytest.mark.parametrize("name", THOROUGH)
async def test_left_after_every_answer_the_draft_is_there_with_what_was_typed(name: str, paper: Path) -> None:
    fake = FakeAgent()
    async with person_of(fake) as person:
        await person.begin(name)
        ways = (("q",), ("2",), ("1",), ("q", "q"))
        at = 0
        async for path in person.answering(GOOD[name][0]):
            await _left_and_gone_on_with(person, fake, *ways[at % len(ways)])
            assert flat(kept(fake))[path] == flat(GOOD[name][0])[path]
            at += 1
        for one in GOOD[name][1]:
            await person.attach(one, paper)
            await _left_and_gone_on_with(person, fake, "q")
        await person.look()
        await person.driven.keys("G", "enter")  # kept as a draft from the last look, too
        assert fake.asked.requests[0]["status"] == "draft"
        await person.go_on()
        await person.look()
        await person.send()
        assert [one["status"] for one in fake.asked.requests] == [
            "sent" if procedures()[name].submits == "portal" else "ready"]


@pytest.mark.parametrize("name", [
    name if name == "bank-details" else pytest.param(name, marks=pytest.mark.slow) for name in NAMES])
async def test_left_on_every_screen_it_is_gone_on_with(name: str) -> None:
    fake = FakeAgent()
    async with person_of(fake) as person:
        await person.begin(name)
        steps = set()
        async for _path in person.answering(GOOD[name][0]):
            if person.form.step not in steps:
                steps.add(person.form.step)
                await _left_and_gone_on_with(person, fake, "q")
        await person.driven.keys("q")
        assert kept(fake).items() >= GOOD[name][0].items()


async def _cut_off(fake: FakeAgent, name: str, answers: int) -> bool:
    """In a program of its own: go on with the draft, answer one more question, type half of the next, and quit.

    False once there is nothing left to answer.
    """
    wanted = flat(GOOD[name][0])
    fake.asked.world = WORLD
    async with opened(fake) as driven:
        person = Person(driven)
        if answers:
            await person.go_on()
            assert flat(person.form.filling.answers) == flat(kept(fake))
        else:
            await person.begin(name)
        given = {path: value for path, value in flat(person.form.filling.answers).items()
                 if answers and wanted.get(path) == value}  # in the first round what is proposed is answered, too
        path = person.unanswered(wanted, given)
        while path is not None and path not in wanted:
            await person.add(path)
            path = person.unanswered(wanted, given)
        if path is None:
            await driven.keys("D")
            return False
        await person.answer(path, wanted[path])
        driven.typed_ahead("ctrl+q")
        await driven.wait_for(lambda: driven.left)
    assert flat(kept(fake))[path] == wanted[path]
    return True


@pytest.mark.slow
@pytest.mark.parametrize("name", THOROUGH)
async def test_the_program_left_after_every_answer_loses_none(name: str) -> None:
    fake, answers = FakeAgent(), 0
    while await _cut_off(fake, name, answers):
        answers += 1
        fake = _started_again(fake)
    assert answers
    assert flat(kept(fake)).items() >= flat(GOOD[name][0]).items()


def _started_again(fake: FakeAgent) -> FakeAgent:
    """Another process with the same vault."""
    again = FakeAgent()
    again.asked.requests, again.asked.loose = fake.asked.requests, fake.asked.loose
    return again


async def test_what_stands_in_an_open_line_or_text_is_kept_when_the_program_is_left() -> None:
    for name, path, typed in (("bank-details", "iban", "FR14 2004 1010"), ("accident-declaration", "circumstances",
                                                                            "Renversé\npar")):
        fake = FakeAgent()
        async with person_of(fake) as person:
            await person.begin(name)
            await person.move_to(path)
            await person.driven.keys("enter")
            await person.driven.type(typed)
            person.driven.typed_ahead("ctrl+q")
            await person.driven.wait_for(lambda driven=person.driven: driven.left)
        assert kept(fake)[path] == typed


@pytest.mark.parametrize("name", ["ehic", pytest.param("birth", marks=pytest.mark.slow)])
async def test_a_draft_deleted_is_gone_with_its_answers(name: str) -> None:
    fake = FakeAgent()
    async with person_of(fake) as person:
        await person.begin(name)
        await person.fill(GOOD[name][0])
        await person.driven.keys("q")
        assert len(fake.asked.requests) == 1
        await person.open_request()
        await person.driven.keys("j", "enter", "enter")
        assert fake.asked.requests == []
        assert "Rien n'a encore été demandé" in person.driven.text


@pytest.mark.parametrize("step", some_and_all(5))
async def test_each_is_completed_when_papers_are_asked_for(paper: Path, step: int) -> None:
    fake = FakeAgent()
    async with person_of(fake) as person:
        for name in NAMES[::step]:
            fake.asked.requests.insert(0, make_request(
                f"q-{name}", name, "needs_papers", reference=f"D-{name}", answers=GOOD[name][0], needs=[
                    {"paper": "identity", "label_fr": "Pièce d'identité", "label_en": "Identity",
                     "until": "2026-12-05"},
                    {"paper": "other", "label_fr": "Autre pièce", "label_en": "Other paper", "until": "2026-12-05"}]))
            person.driven.page.data_changed()
            page = await person.procedures("requests")
            page.load()
            await person.driven.settle()
            await person.open_request()
            for _need in range(2):
                row = next(at for at, one in enumerate(_choices(person)) if one[0].startswith("paper:")
                           and one[0].partition(":")[2] not in _kept(person))
                await person.driven.keys("g", *["j"] * row, "enter")
                await person.driven.keys("ctrl+u")
                await person.driven.type(str(paper))
                await person.driven.keys("enter")
            await person.driven.keys("g", "enter")
            one = fake.asked.requests[0]
            assert (one["status"], one["needs"]) == ("sent", [])
            assert [attached["name"] for attached in one["papers"]] == ["identity", "other"]
            await person.driven.keys("q")


def _request(person: Person) -> RequestScreen:
    page = person.driven.page
    assert isinstance(page, RequestScreen)
    return page


def _choices(person: Person) -> list[tuple[str, str]]:
    return _request(person).ways_on


def _kept(person: Person) -> set[str]:
    return set(_request(person).kept)


async def test_a_fault_of_our_own_keeps_what_the_form_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = FakeAgent()

    def broken(_page: FillScreen) -> None:
        raise RuntimeError("our own fault")

    with pytest.raises(RuntimeError):
        async with person_of(fake) as person:
            await person.begin("bank-details")
            await person.answer("holder_is_me", True)
            await person.move_to("iban")
            await person.driven.keys("enter")
            await person.driven.type("FR14")
            monkeypatch.setattr(FillScreen, "action_before", broken)
            await person.driven.keys("escape", "p")
    assert kept(fake) == {"holder_is_me": True}
    assert fake.asked.requests[0]["status"] == "draft"


async def test_a_draft_that_waits_is_offered_where_the_procedure_is_begun() -> None:
    fake = FakeAgent()
    async with person_of(fake) as person:
        await person.begin("ehic")
        await person.driven.keys("q", "d")
        assert "Il n’y en a pas de brouillon" in person.driven.text
        await person.driven.keys("enter")
        await person.answer("people", GOOD["ehic"][0]["people"])
        await person.driven.keys("q")
        await person.driven.until("Un brouillon du 20/11/2026 attend")
        await person.driven.keys("d")
        assert person.form.filling.answers["people"] == GOOD["ehic"][0]["people"]
        await person.driven.keys("q")
        assert len(fake.asked.requests) == 1
