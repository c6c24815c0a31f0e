"""The key that locks asks first; before the lock nothing ends the program by surprise, and nothing is lost below it."""

import pytest

from ameli_tui.keys import KEYS, keys_for
from ameli_tui.screens.agent.setup import SetupScreen
from ameli_tui.screens.agent.unlock import UnlockScreen
from ameli_tui.screens.base.confirm import SureScreen
from ameli_tui.screens.base.text_editor import LongTextScreen
from ameli_tui.screens.home.home import HomePage
from ameli_tui.screens.messages.write import WriteScreen
from ameli_tui.screens.payments.payment import PaymentScreen
from ameli_tui.screens.requests.fill import FillScreen
from ameli_tui.screens.requests.procedure import ProcedureScreen
from tests.agent.procedures.samples import GOOD
from tests.ameli_tui.fake_agent import FakeAgent
from tests.ameli_tui.forms.test_draft import c2s_agent, first_screen
from tests.ameli_tui.opened import Driven, opened
from tests.ameli_tui.person import Person
from tests.thoroughness import one_in


def asked(driven: Driven) -> bool:
    return isinstance(driven.app.screen, SureScreen)


async def test_l_opens_what_is_under_the_cursor_like_enter() -> None:
    fake = FakeAgent()
    async with opened(fake) as driven:
        await driven.keys("l")
        assert isinstance(driven.page, PaymentScreen)
        await driven.keys("h", "2", "j", "l")
        assert isinstance(driven.page, PaymentScreen)
        await driven.keys("h", "8", "l")
        assert isinstance(driven.page, ProcedureScreen)
        await driven.keys("l")
        assert isinstance(driven.page, FillScreen)
        assert fake.state == "unlocked"


def test_wherever_enter_opens_l_does() -> None:
    for key in KEYS:
        names = key.keys.split(",")
        assert ("enter" in names) == ("l" in names) or key.where == "field", key


@pytest.mark.parametrize("page", one_in(4, "123456789"))
async def test_no_page_locks_on_l_or_on_a_single_key(page: str) -> None:
    fake = FakeAgent()
    async with opened(fake) as driven:
        await driven.keys(page)
        if page == "9":
            await driven.keys("escape")
        await driven.keys("l")
        assert fake.state == "unlocked"
        await driven.keys("q")
        await driven.keys(page)
        if page == "9":
            await driven.keys("escape")
        await driven.keys("L")
        assert asked(driven)
        assert fake.state == "unlocked"


async def test_locking_is_asked_and_enter_locks() -> None:
    fake = FakeAgent()
    async with opened(fake) as driven:
        await driven.keys("2", "L")
        assert "Verrouiller le coffre ?" in driven.text
        assert fake.state == "unlocked"
        await driven.keys("enter")
        assert isinstance(driven.page, UnlockScreen)
        assert fake.state == "locked"
        await driven.type(fake.passphrase)
        await driven.keys("enter")
        assert driven.page.NAME == "payments"


@pytest.mark.parametrize("key", one_in(4, [
    "escape", "L", "l", "q", "n", "y", "o", "space", "tab", "ctrl+q", "1", "f2"]))
async def test_any_other_key_goes_back_to_where_one_was(key: str) -> None:
    fake = FakeAgent()
    async with opened(fake) as driven:
        await driven.keys("2", "L", key)
        assert driven.page.NAME == "payments"
        await driven.keys("j")
        assert fake.state == "unlocked"
        assert not driven.left


async def test_keys_typed_ahead_answer_the_question() -> None:
    fake = FakeAgent()
    async with opened(fake) as driven:
        driven.typed_ahead("L", "enter")
        await driven.settle()
        await driven.until("Le coffre est verrouillé")
        assert fake.state == "locked"


async def test_a_question_about_a_vault_that_locks_meanwhile_is_gone() -> None:
    fake = FakeAgent()
    async with opened(fake) as driven:
        await driven.keys("2", "L")
        fake.state = "locked"
        fake.say("locked", reason="asked")
        await driven.wait_for(lambda: isinstance(driven.app.screen, UnlockScreen))
        await driven.type(fake.passphrase)
        await driven.keys("enter")
        assert driven.page.NAME == "payments"


@pytest.mark.parametrize("inside", [True, False])
async def test_escape_before_the_lock_never_ends_the_program(inside: bool) -> None:
    fake = FakeAgent(state="unlocked" if inside else "locked")
    async with opened(fake) as driven:
        if inside:
            await driven.keys("2", "L", "enter")
        for _time in range(5):
            await driven.keys("escape")
            assert isinstance(driven.page, UnlockScreen)
            assert not driven.left
        await driven.keys("h", "1", "2", "s", "colon", "question_mark", "z", "L")
        assert isinstance(driven.page, UnlockScreen)
        assert not driven.left
        await driven.keys("g", "enter")
        await driven.type(fake.passphrase)
        await driven.keys("enter")
        assert ("payments" if inside else "home") == driven.page.NAME


async def test_escape_before_the_lock_shows_the_ways_and_q_leaves() -> None:
    async with opened(FakeAgent(state="locked")) as driven:
        await driven.keys(*"quatre", "escape")
        assert "code de secours" in driven.text
        assert "q Quitter" in driven.text
        await driven.keys("q")
        assert driven.left


async def test_the_ways_lead_to_the_recovery_code_and_out() -> None:
    fake = FakeAgent(state="locked")
    async with opened(fake) as driven:
        await driven.keys("escape", "j", "enter")
        await driven.type(fake.recovery)
        await driven.keys("enter")
        assert isinstance(driven.page, HomePage)
    async with opened(FakeAgent(state="locked")) as driven:
        await driven.keys("escape", "G", "enter")
        assert driven.left


async def test_q_typed_into_the_passphrase_is_a_letter() -> None:
    fake = FakeAgent(state="locked")
    fake.passphrase = "Quelques qQlL mots"
    async with opened(fake) as driven:
        await driven.keys(*fake.passphrase.replace(" ", "_"), "ctrl+u")
        assert isinstance(driven.page, UnlockScreen)
        assert not driven.left
        await driven.type(fake.passphrase)
        await driven.keys("enter")
        assert isinstance(driven.page, HomePage)


# -- forms below the lock ----------------------------------------------------------------------------------------------


async def test_a_form_is_kept_as_a_draft_before_the_vault_locks_and_goes_on_after_it() -> None:
    fake = c2s_agent()
    async with opened(fake) as driven:
        person = Person(driven)
        await person.begin("c2s")
        path = next(iter(GOOD["c2s"][0]))
        await person.answer(path, GOOD["c2s"][0][path])
        await driven.keys("L", "enter")
        assert isinstance(driven.page, UnlockScreen)
        assert fake.state == "locked"
        assert fake.asked.requests[0]["answers"][path] == GOOD["c2s"][0][path]
        await driven.type(fake.passphrase)
        await driven.keys("enter")
        assert person.form.filling.get(path) == GOOD["c2s"][0][path]
        await person.fill(GOOD["c2s"][0])
        await driven.keys("q")
        assert len(fake.asked.requests) == 1
        assert fake.asked.requests[0]["answers"] == GOOD["c2s"][0]


async def test_a_form_kept_at_the_lock_can_still_be_left_without_a_trace() -> None:
    fake = c2s_agent()
    async with opened(fake) as driven:
        person = Person(driven)
        await person.begin("c2s")
        await first_screen(person)
        await driven.keys("L", "enter")
        await driven.type(fake.passphrase)
        await driven.keys("enter", "D")
        assert fake.asked.requests == []


async def test_leaving_before_the_lock_asks_when_a_form_below_is_not_kept() -> None:
    fake = c2s_agent()
    async with opened(fake) as driven:
        person = Person(driven)
        await person.begin("c2s")
        path = next(iter(GOOD["c2s"][0]))
        await person.answer(path, GOOD["c2s"][0][path])
        fake.state = "locked"  # by itself, after a while
        fake.say("locked", reason="asked")
        await driven.until("Le coffre est verrouillé")
        await driven.keys("escape", "q")
        assert asked(driven)
        await driven.keys("escape")
        assert not driven.left
        await driven.keys("Q")
        assert asked(driven)
        await driven.keys("enter")
        assert driven.left


async def test_a_message_being_written_is_still_there_after_the_lock() -> None:
    fake = FakeAgent()
    async with opened(fake) as driven:
        await driven.keys("4", "n", *"Question", "enter", *"Bonjour", "tab", "l", "right")
        assert isinstance(driven.page, WriteScreen)
        await driven.keys("L", "enter")
        assert isinstance(driven.page, UnlockScreen)
        await driven.type(fake.passphrase)
        await driven.keys("enter")
        page = driven.page
        assert isinstance(page, WriteScreen)
        assert (page.subject.value, page.writing.text) == ("Question", "Bonjour")
    assert fake.asked.written == []


# -- what one letter must not do ---------------------------------------------------------------------------------------


async def test_a_letter_that_opens_sends_nothing() -> None:
    fake = FakeAgent()
    async with opened(fake) as driven:
        await driven.keys("4", "n", *"Question", "enter", *"Bonjour", "tab", "g", "l", "l", "right", "right")
        assert fake.asked.written == []
        assert "Vraiment" not in driven.text
        await driven.keys("enter", "enter")
        assert len(fake.asked.written) == 1


async def test_a_form_left_without_a_trace_is_brought_back_by_z() -> None:
    fake = c2s_agent()
    async with opened(fake) as driven:
        person = Person(driven)
        await person.begin("c2s")
        await first_screen(person)
        answers = dict(person.form.filling.answers)
        await driven.keys("D")
        assert fake.asked.requests == []
        assert "z" in driven.page.key_bar.said
        await driven.keys("z")
        assert person.form.filling.answers == answers
        await driven.keys("q")
        assert [one["status"] for one in fake.asked.requests] == ["draft"]
        assert fake.asked.requests[0]["answers"] == answers


async def test_what_was_taken_from_a_form_is_given_back_by_z() -> None:
    fake = c2s_agent()
    async with opened(fake) as driven:
        person = Person(driven)
        await person.begin("c2s")
        path = next(iter(GOOD["c2s"][0]))
        await person.answer(path, GOOD["c2s"][0][path])
        await person.move_to(path)
        await driven.keys("x")
        assert person.form.filling.get(path) is None
        await driven.keys("z")
        assert person.form.filling.get(path) == GOOD["c2s"][0][path]
        await driven.keys("z")
        assert "rien" in driven.page.key_bar.said.lower()


async def test_z_takes_nothing_back_that_has_changed_since() -> None:
    fake = c2s_agent()
    async with opened(fake) as driven:
        person = Person(driven)
        await person.begin("c2s")
        path = next(iter(GOOD["c2s"][0]))
        await person.answer(path, GOOD["c2s"][0][path])
        await person.move_to(path)
        await driven.keys("x")
        await person.answer(path, GOOD["c2s"][0][path])
        held = dict(person.form.filling.answers)
        await driven.keys("z")
        assert person.form.filling.answers == held


async def test_an_anomaly_hidden_by_one_key_is_shown_again_by_another() -> None:
    fake = FakeAgent()
    async with opened(fake) as driven:
        await driven.keys("7")
        rows = [kind for kind, _one in driven.page.rows_shown]  # type: ignore[attr-defined]
        assert rows[0] == "anomaly"
        await driven.keys("g", "D", "z")
        sent = [body for _method, path, body in fake.calls if path == "/v1/owed/dismiss"]
        assert sent[0] == {"anomaly": sent[0]["anomaly"]}
        assert sent[1] == {"anomaly": sent[0]["anomaly"], "undo": True}


async def test_a_contract_forgotten_is_noted_again_by_z() -> None:
    fake = FakeAgent()
    contract = {"name": "MUTUELLE", "percent_brss": "150", "percent_optam": None, "from": None}
    fake.money.contract = dict(contract)
    async with opened(fake) as driven:
        await driven.keys("7", "c", "j", "l")
        assert fake.money.contract is None
        await driven.keys("z")
        assert fake.money.contract == contract


async def test_a_message_given_up_is_there_again_by_z() -> None:
    fake = FakeAgent()
    async with opened(fake) as driven:
        await driven.keys("4", "n", *"Question", "enter", *"Bonjour", "tab", "G", "enter")
        assert driven.page.NAME == "messages"
        await driven.keys("z")
        page = driven.page
        assert isinstance(page, WriteScreen)
        assert page.writing.text == "Bonjour"


# -- footers that say what is true -------------------------------------------------------------------------------------


async def test_the_first_question_offers_no_key_that_does_nothing() -> None:
    async with opened(FakeAgent(state="setup")) as driven:
        footer = driven.text.splitlines()[-1]
        assert "Échap" not in footer
        assert "Entrée" in footer and "q Quitter" in footer
        await driven.keys("enter")
        assert "Échap" not in driven.text.splitlines()[-1]
        await driven.keys("enter")
        assert "Échap" in driven.text.splitlines()[-1]
        await driven.keys("escape")
        assert isinstance(driven.page, SetupScreen)
        assert "Bienvenue" in driven.text


async def test_escape_at_the_recovery_code_says_why_it_stays() -> None:
    fake = FakeAgent(state="setup")
    async with opened(fake) as driven:
        await driven.keys("enter", "enter")
        await driven.type("court mais plus long cheval")
        await driven.keys("enter")
        await driven.type("court mais plus long cheval")
        await driven.keys("enter", "escape")
        assert fake.recovery in driven.text
        assert "dernier groupe" in driven.text and "maintenant" in driven.text


async def test_q_is_called_what_it_does() -> None:
    async with opened(FakeAgent(), (200, 40)) as driven:
        assert "q Quitter" in driven.text.splitlines()[-1]
        await driven.keys("2")
        assert "q Retour" in driven.text.splitlines()[-1]


def test_the_help_says_of_both_keys_what_they_do() -> None:
    words = {key.id: key.text for key in keys_for("app", "list")}
    assert "question" in words["lock"]
    assert "never out" in words["escape"]


async def test_a_long_text_is_not_lost_by_locking_in_the_middle_of_it() -> None:
    fake = c2s_agent()
    async with opened(fake) as driven:
        kept: list[str] = []
        driven.app.push_screen(LongTextScreen("Texte", "", "", kept.append))
        await driven.settle()
        await driven.keys(*"Bonjour", "tab", "l")
        assert isinstance(driven.page, LongTextScreen)
        await driven.keys("L", "enter")
        assert kept == ["Bonjour"]
