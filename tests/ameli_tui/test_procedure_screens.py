"""Asking the fund for something on the screens: filled in, checked, seen, sent, followed."""

from pathlib import Path

import pytest

from agent.procedures.registry import procedures
from ameli_tui.screens.base.save_as import SaveScreen
from ameli_tui.screens.base.text_editor import LongTextScreen
from ameli_tui.screens.requests.attach import AttachScreen, continuations
from ameli_tui.screens.requests.fill import FillScreen
from ameli_tui.screens.requests.procedure import ProcedureScreen
from ameli_tui.screens.requests.procedures import ProceduresPage
from ameli_tui.screens.requests.request import RequestScreen
from ameli_tui.screens.requests.summary import SummaryScreen
from tests.ameli_tui.fake_agent import FakeAgent
from tests.ameli_tui.fake_requests import asked_for_papers, make_request
from tests.ameli_tui.opened import Driven, opened
from tests.thoroughness import some_and_all

IBAN = "FR14 2004 1010 0505 0001 3M02 606"


def posts(fake: FakeAgent) -> list[str]:
    """What the agent was asked to do, without the checks."""
    return [path for method, path, _ in fake.calls if method == "POST" and not path.endswith("/check")]


async def begin(driven: Driven, title: str) -> None:
    """Open a procedure by its title and begin it."""
    await driven.keys("8")
    page = driven.page
    assert isinstance(page, ProceduresPage)
    row = next(at for at, one in enumerate(page.offered) if title in one["title_fr"])
    await driven.keys("g", *["j"] * row, "enter")
    assert isinstance(driven.page, ProcedureScreen)
    await driven.keys("enter")
    assert isinstance(driven.page, FillScreen)


async def bank_details(driven: Driven) -> None:
    """A form of bank details, filled in up to its papers."""
    await begin(driven, "coordonnées bancaires")
    await driven.keys("enter", "enter")  # the account is in my name: yes
    await driven.keys("enter")
    await driven.type(IBAN)
    await driven.keys("enter", "escape")


async def test_the_lists_tell_what_was_asked_for_with_its_days_left_and_what_can_be() -> None:
    fake = FakeAgent()
    fake.asked.requests.append(asked_for_papers())
    async with opened(fake) as driven:
        await driven.keys("underscore")
        line = next(line for line in driven.text.splitlines() if "20/11/2026" in line)
        assert "pièces demandées" in line
        assert "12 jours" in line
        assert "Changer mes coordonnées bancaires" in driven.text
        await driven.keys("tab", "enter")
        assert isinstance(driven.page, RequestScreen)


async def test_a_procedure_tells_papers_delays_and_what_to_do_if_it_does_not_work() -> None:
    async with opened(FakeAgent(), size=(100, 60)) as driven:
        await driven.keys("8", "j", "j", "enter")
        for said in ("Pièces", "Délais", "Étapes", "Ensuite", "Si cela ne marche pas", "PDF, JPEG, PNG, 10 Mo"):
            assert said in driven.text


async def test_a_form_is_filled_in_checked_seen_and_sent_once() -> None:
    fake = FakeAgent()
    async with opened(fake) as driven:
        await bank_details(driven)
        assert "••••" in driven.text
        assert IBAN not in driven.text
        await driven.keys("v")
        assert isinstance(driven.page, SummaryScreen)
        assert posts(fake) == []  # nothing leaves before the summary was seen
        assert "Envoyer maintenant à la caisse" in driven.text
        await driven.keys("k", "enter")
        assert posts(fake) == ["/v1/procedures/bank-details", "/v1/requests/q0/send"]
        assert isinstance(driven.page, RequestScreen)
        assert "D-2026-0001" in driven.text
        assert fake.asked.requests[0]["answers"] == {"holder_is_me": True, "iban": IBAN}
        await driven.keys("enter")  # one too many leads back
        assert isinstance(driven.page, ProcedureScreen)


async def test_an_answer_opens_the_questions_that_hang_on_it() -> None:
    async with opened(FakeAgent()) as driven:
        await begin(driven, "coordonnées bancaires")
        assert "Titulaire" not in driven.text
        await driven.keys("enter", "j", "enter")  # not in my name
        line = next(line for line in driven.text.splitlines() if "Titulaire du compte" in line)
        assert "▌" in line  # and the cursor is on it


async def test_every_mistake_stands_beside_its_answer_at_once() -> None:
    fake = FakeAgent()
    async with opened(fake) as driven:
        await begin(driven, "coordonnées bancaires")
        await driven.keys("j", "enter")
        await driven.type("FR14 2004")
        await driven.keys("enter")
        await driven.type("X")
        await driven.keys("enter")
        lines = driven.text.splitlines()
        wrong = [at for at, line in enumerate(lines) if line[1:].lstrip(" ▌").startswith("! ")]
        assert "IBAN" in lines[wrong[0] - 1]
        assert "BIC" in lines[wrong[1] - 1]
        await driven.keys("v")
        assert isinstance(driven.page, FillScreen)
        assert driven.text.count("! ") >= 3  # what is missing, too
        assert "Rien n'a été envoyé" in driven.text
        assert posts(fake) == []


async def test_letters_typed_after_enter_go_to_the_next_question_and_are_no_commands() -> None:
    async with opened(FakeAgent()) as driven:
        await begin(driven, "coordonnées bancaires")
        await driven.keys("enter", "j", "enter")  # the account is in another name
        page = driven.page
        assert isinstance(page, FillScreen)
        await driven.keys("enter", *"Ql q", "enter", *"q0", "escape")
        assert page is driven.page
        assert page.filling.answers["holder"] == "Ql q"
        assert "iban" not in page.filling.answers


async def test_leaving_keeps_a_draft_that_can_be_gone_on_with_and_deleted() -> None:
    fake = FakeAgent()
    async with opened(fake) as driven:
        await bank_details(driven)
        await driven.keys("q")
        assert "Gardé en brouillon" in driven.text
        assert [one["status"] for one in fake.asked.requests] == ["draft"]
        await driven.keys("8")
        await driven.keys("shift+tab", "enter")
        await driven.keys("enter")
        page = driven.page
        assert isinstance(page, FillScreen)
        assert page.filling.answers["iban"] == IBAN
        await driven.keys("v", "k", "enter")
        assert [one["status"] for one in fake.asked.requests] == ["sent"]
        assert posts(fake).count("/v1/procedures/bank-details") == 1  # nothing changed: no draft kept again


async def test_a_digit_keeps_the_draft_as_well_and_leaving_untouched_keeps_none() -> None:
    fake = FakeAgent()
    async with opened(fake) as driven:
        await begin(driven, "coordonnées bancaires")
        await driven.keys("q")
        assert posts(fake) == []
        await driven.keys("1")
        await bank_details(driven)
        await driven.keys("2")
        assert posts(fake) == ["/v1/procedures/bank-details"]
        assert driven.page.NAME == "payments"


async def test_a_draft_is_deleted_only_when_asked_twice() -> None:
    fake = FakeAgent()
    fake.asked.requests.append(make_request("q9", "bank-details", "draft"))
    async with opened(fake) as driven:
        await driven.keys("8", "shift+tab", "enter", "j", "enter")
        assert "Vraiment" in driven.text
        assert posts(fake) == []
        await driven.keys("enter")
        assert fake.asked.requests == []
        assert isinstance(driven.page, ProceduresPage)
        assert "Rien n'a encore été demandé" in driven.text


async def test_a_form_can_be_left_without_a_trace() -> None:
    fake = FakeAgent()
    async with opened(fake) as driven:
        await bank_details(driven)
        await driven.keys("D")
        assert isinstance(driven.page, ProcedureScreen)
        assert posts(fake) == []


async def test_what_the_agent_could_not_keep_is_there_again() -> None:
    fake = FakeAgent()
    async with opened(fake) as driven:
        await bank_details(driven)
        fake.refuse["/v1/procedures/bank-details"] = "unreachable"
        await driven.keys("q")
        page = driven.page
        assert isinstance(page, FillScreen)
        assert page.filling.answers["iban"] == IBAN
        del fake.refuse["/v1/procedures/bank-details"]
        await driven.keys("q")
        assert [one["status"] for one in fake.asked.requests] == ["draft"]


async def test_leaving_the_program_keeps_the_draft_first() -> None:
    fake = FakeAgent()
    async with opened(fake) as driven:
        await bank_details(driven)
        driven.typed_ahead("Q")
        await driven.wait_for(lambda: driven.left)
        assert [one["status"] for one in fake.asked.requests] == ["draft"]


async def test_a_lost_answer_never_makes_a_second_request() -> None:
    fake = FakeAgent()
    async with opened(fake) as driven:
        await bank_details(driven)
        await driven.keys("v")
        fake.refuse["/v1/requests/q0/send"] = "unreachable"
        await driven.keys("k", "enter")
        assert isinstance(driven.page, SummaryScreen)
        assert "injoignable" in driven.text
        fake.asked.requests[0]["status"] = "sent"  # it had arrived
        del fake.refuse["/v1/requests/q0/send"]
        await driven.keys("enter")
        assert isinstance(driven.page, RequestScreen)
        assert len(fake.asked.requests) == 1


async def test_groups_grow_and_shrink_and_say_where_they_are_wrong() -> None:
    fake = FakeAgent()
    async with opened(fake, size=(100, 40)) as driven:
        await begin(driven, "nouveau-né")
        page = driven.page
        assert isinstance(page, FillScreen)
        assert page.filling.answers["children"] == [{}]
        add = next(at for at, row in enumerate(page.rows_shown) if row.kind == "add")
        page.rows.move_to(add)
        await driven.keys("enter")
        assert len(page.filling.answers["children"]) == 2
        await driven.keys("enter")
        await driven.type("Zoé")
        await driven.keys("enter", "escape", "v")
        assert page.filling.answers["children"][1] == {"first_names": "Zoé"}
        assert {one["field"] for one in page.filling.errors} >= {"children[0].first_names", "children[1].last_name"}
        await driven.keys(*["p"] * page.step)
        page.rows.move_to(next(at for at, row in enumerate(page.rows_shown) if row.path == "children[0]"))
        await driven.keys("x")
        assert page.filling.answers["children"] == [{"first_names": "Zoé"}]


async def test_typing_goes_on_through_a_group_and_out_of_it() -> None:
    async with opened(FakeAgent()) as driven:
        await begin(driven, "nouveau-né")
        await driven.keys("enter", "enter", *"Zoé", "enter", *"DURAND", "enter", *"20/11/2026", "enter", *"75", "enter")
        page = driven.page
        assert isinstance(page, FillScreen)
        assert page.filling.answers["children"] == [{
            "first_names": "Zoé", "last_name": "DURAND", "birth_date": "20/11/2026", "birth_departement": "75"}]
        assert page.editing is not None
        assert "[" not in page.editing.path


async def test_several_people_are_ticked_and_a_secret_field_stays_masked() -> None:
    async with opened(FakeAgent()) as driven:
        await begin(driven, "carte européenne")
        await driven.keys("enter", "enter", "j", "enter")
        assert "[x] CAMILLE DURAND" in driven.text
        assert "[x] NOE DURAND" in driven.text
        await driven.keys("k", "enter", "G", "enter")
        page = driven.page
        assert isinstance(page, FillScreen)
        assert page.filling.answers["people"] == ["NOE DURAND"]


async def test_a_paper_is_chosen_by_path_and_one_that_will_not_do_says_why(tmp_path: Path) -> None:
    for name in ("rib.pdf", "rib.txt", ".hidden"):
        (tmp_path / name).write_bytes(b"%PDF-1.4")
    fake = FakeAgent()
    async with opened(fake) as driven:
        await bank_details(driven)
        await driven.keys("n", "enter")
        assert isinstance(driven.page, AttachScreen)
        await driven.type(f"{tmp_path}/r")
        assert "rib.txt" in driven.text
        assert "hidden" not in driven.text
        await driven.keys("tab", "j", "enter")
        assert "pas accepté" in driven.text
        assert isinstance(driven.page, AttachScreen)
        await driven.keys("tab", "g", "enter")
        assert isinstance(driven.page, FillScreen)
        assert "rib.pdf" in driven.text
        await driven.keys("v")
        assert "rib.pdf" in driven.text
        await driven.keys("k", "enter")
        assert [one["filename"] for one in fake.asked.requests[0]["papers"]] == ["rib.pdf"]


def test_paths_continue_like_in_a_shell(tmp_path: Path) -> None:
    (tmp_path / "Bilan").mkdir()
    for name in ("bulletin.pdf", ".caché", "autre.png", "bad\x1b[31m.pdf"):
        (tmp_path / name).touch()
    assert [one.name for one in continuations(f"{tmp_path}/b")] == ["Bilan", "bulletin.pdf"]
    assert [one.name for one in continuations(f"{tmp_path}/.")] == [".caché"]
    assert continuations(f"{tmp_path}/none/x") == []


async def test_papers_asked_for_are_attached_and_sent(tmp_path: Path) -> None:
    (tmp_path / "carte.pdf").write_bytes(b"%PDF-1.4")
    fake = FakeAgent()
    fake.asked.requests.append(asked_for_papers())
    async with opened(fake) as driven:
        await driven.keys("8", "shift+tab", "enter")
        assert "12 jours (05/12/2026)" in driven.text
        await driven.keys("enter")
        await driven.type(f"{tmp_path}/carte.pdf")
        await driven.keys("enter")
        assert "Envoyer les pièces" in driven.text
        assert posts(fake) == ["/v1/papers"]
        await driven.keys("enter")
        assert posts(fake)[1:] == ["/v1/requests/q-card/complete"]
        assert "Les pièces sont parties" in driven.text


async def test_what_the_service_does_not_take_becomes_a_file_to_send(tmp_path: Path) -> None:
    fake = FakeAgent()
    fake.asked.submits = "handoff"
    async with opened(fake) as driven:
        await bank_details(driven)
        await driven.keys("v")
        assert "Préparer le dossier à envoyer" in driven.text
        await driven.keys("k", "enter")
        assert "as_info_perso_page" in driven.text
        await driven.keys("j", "enter")
        assert isinstance(driven.page, SaveScreen)
        target = tmp_path / "dossier.pdf"
        driven.page.fields[0].set_value(str(target))
        await driven.keys("enter")
        assert target.read_bytes() == fake.document_data
        await driven.keys("j", "enter", "enter", "enter")
        assert fake.asked.requests[0]["status"] == "handed_over"


async def test_a_refused_file_says_why() -> None:
    fake = FakeAgent()
    fake.asked.requests.append(make_request("q9", "bank-details", "sent"))
    fake.refuse["/v1/requests/q9/dossier"] = "not_found"
    async with opened(fake) as driven:
        await driven.keys("8", "shift+tab", "enter", "g", "enter")
        assert "Introuvable" in driven.text


async def test_a_long_text_is_written_in_lines() -> None:
    async with opened(FakeAgent()) as driven:
        await begin(driven, "accident")
        page = driven.page
        assert isinstance(page, FillScreen)
        row = next(at for at, row in enumerate(page.rows_shown) if row.path == "circumstances")
        page.rows.move_to(row)
        await driven.keys("enter")
        assert isinstance(driven.page, LongTextScreen)
        await driven.keys(*"un", "enter", *"deux", "tab", "enter")
        assert page is driven.page
        assert page.filling.answers["circumstances"] == "un\ndeux"


@pytest.mark.parametrize("step", some_and_all(4))
async def test_every_procedure_can_be_walked_through_screen_by_screen(step: int) -> None:
    fake = FakeAgent()
    async with opened(fake) as driven:
        for name in [*procedures()][::step]:
            driven.app.open_procedure(name)
            await driven.settle()
            await driven.keys("a")
            page = driven.page
            assert isinstance(page, FillScreen)
            for _step in range(len(page.filling.steps()) - 1):
                before = page.step
                await driven.keys("n")
                assert page.step == before + 1
            await driven.keys("v", "D", "q")
    assert posts(fake) == []


