"""Drafts kept between two screens: there whatever ends the program, once, and gone when the person says so."""

from typing import Any

from ameli_tui.screens.requests.procedure import ProcedureScreen
from tests.agent.procedures.samples import GOOD, WORLD
from tests.ameli_tui.fake_agent import FakeAgent
from tests.ameli_tui.fake_requests import make_request
from tests.ameli_tui.opened import opened
from tests.ameli_tui.person import Person

_FIRST = {"kind": "first", "benefit": "none"}
"""Answers of the first screen of the C2S."""


def c2s_agent(*requests: dict[str, Any]) -> FakeAgent:
    fake = FakeAgent()
    fake.asked.world = WORLD
    fake.asked.requests += requests
    return fake


async def first_screen(person: Person) -> None:
    """Answer the first screen and turn to the next."""
    for path, value in _FIRST.items():
        await person.answer(path, value)
    before = person.form.step
    await person.driven.keys("n")
    assert person.form.step == before + 1


async def test_a_program_killed_on_the_next_screen_leaves_the_draft_of_those_before() -> None:
    fake = c2s_agent()
    async with opened(fake) as driven:  # ended without leaving the form
        person = Person(driven)
        await person.begin("c2s")
        await first_screen(person)
    (one,) = fake.asked.requests
    assert one["status"] == "draft"
    assert one["answers"].items() >= _FIRST.items()


async def test_turning_back_and_forth_and_leaving_makes_one_request() -> None:
    fake = c2s_agent()
    async with opened(fake) as driven:
        person = Person(driven)
        await person.begin("c2s")
        await first_screen(person)
        await driven.keys("p", "n", "p", "n")
        fake.delay["/v1/procedures/c2s"] = 0.4
        await person.answer("applicant", "DUPONT Pierre")
        driven.typed_ahead("n", "q")  # left while the draft is still being kept
        await driven.settle()
        assert len(fake.asked.requests) == 1
        assert fake.asked.requests[0]["answers"]["applicant"] == "DUPONT Pierre"
        writes = [path for method, path, _ in fake.calls if (method, path) == ("POST", "/v1/procedures/c2s")]
        assert len(writes) == 3


async def test_leaving_without_a_trace_takes_back_what_was_kept_between_screens() -> None:
    fake = c2s_agent()
    async with opened(fake) as driven:
        person = Person(driven)
        await person.begin("c2s")
        await first_screen(person)
        assert len(fake.asked.requests) == 1
        await driven.keys("D")
        assert isinstance(driven.page, ProcedureScreen)
        assert fake.asked.requests == []


async def test_a_draft_gone_on_with_and_left_without_a_trace_is_as_it_was() -> None:
    before = {"kind": "renewal", "ends_on": "2027-02-01"}
    fake = c2s_agent(make_request("q1", "c2s", "draft", answers=dict(before)))
    async with opened(fake) as driven:
        person = Person(driven)
        await person.go_on()
        await first_screen(person)
        assert fake.asked.requests[0]["answers"]["kind"] == "first"
        await driven.keys("D")
        assert [(one["id"], one["answers"]) for one in fake.asked.requests] == [("q1", before)]


async def test_files_attached_can_be_taken_back_until_the_form_is_left(tmp_path: Any) -> None:
    paper = tmp_path / "piece.pdf"
    paper.write_bytes(b"%PDF-1.4")
    fake = c2s_agent()
    async with opened(fake) as driven:
        person = Person(driven)
        await person.begin("c2s")
        await person.fill(GOOD["c2s"][0])
        await person.attach("tax_notice", paper)
        await driven.keys("p", "n")
        assert fake.asked.requests[0]["papers"] == []
        await person.move_to("tax_notice", "paper")
        await driven.keys("x")
        assert person.form.filling.papers() == []
        await person.attach("tax_notice", paper)
        await driven.keys("q")
        assert [one["name"] for one in fake.asked.requests[0]["papers"]] == ["tax_notice"]
