"""ameliBot, the glossary, writing to an adviser, and what has a last day, as a person uses them."""

import subprocess
import sys

from agent.assistant.actions import known
from ameli_tui.screens.base.text_reader import ReadingScreen
from ameli_tui.screens.help.ask import AskPage
from ameli_tui.screens.help.glossary import GlossaryScreen
from ameli_tui.screens.help.guide import GuideScreen
from ameli_tui.screens.help.visible_terms import words_in_sight
from ameli_tui.screens.messages.write import WriteScreen
from ameli_tui.screens.requests.procedure import ProcedureScreen
from ameli_tui.screens.requests.request import RequestScreen
from tests.ameli_tui.fake_agent import FakeAgent
from tests.ameli_tui.fake_requests import asked_for_papers
from tests.ameli_tui.opened import opened

NEW = ("ask", "attach", "fill", "fill_text", "glossary", "guide", "long_text", "procedure", "procedures", "request",
       "summary", "write")


async def test_a_question_is_answered_above_and_its_action_leads_there() -> None:
    async with opened(FakeAgent()) as driven:
        await driven.keys("ç")
        assert isinstance(driven.page, AskPage)
        await driven.keys(*"J'ai perdu ma carte Vitale", "enter")
        assert "> J'ai perdu ma carte Vitale" in driven.text
        assert "→ Déclarer la perte" in driven.text
        await driven.keys("escape", "enter")
        assert isinstance(driven.page, ProcedureScreen)


async def test_newer_answers_stand_above_older_ones_and_sources_are_named() -> None:
    async with opened(FakeAgent(), size=(120, 60)) as driven:
        await driven.keys("9")
        await driven.type("c2s ?")
        await driven.keys("enter")
        await driven.type("carte européenne ?")
        await driven.keys("enter")
        assert driven.text.index("> carte européenne") < driven.text.index("> c2s")


async def test_the_guide_is_browsed_narrowed_and_read() -> None:
    async with opened(FakeAgent()) as driven:
        await driven.keys("9", "escape", "i")
        assert isinstance(driven.page, GuideScreen)
        await driven.keys("slash", *"c2s", "enter", "enter")
        assert isinstance(driven.page, ReadingScreen)
        assert "C2S" in driven.text


async def test_a_question_without_an_agent_to_answer_says_why() -> None:
    fake = FakeAgent()
    fake.refuse["/v1/ask"] = "unreachable"
    async with opened(fake) as driven:
        await driven.keys("9", *"pourquoi", "enter")
        assert "! Le service est injoignable." in driven.text


async def test_one_key_tells_what_the_words_of_a_screen_mean_and_of_any_other_word() -> None:
    fake = FakeAgent()
    async with opened(fake) as driven:
        await driven.keys("2", "m")
        assert isinstance(driven.page, GlossaryScreen)
        assert "Mots de cet écran" in driven.text
        assert "Tiers" in driven.text
        await driven.keys("slash", *"franchise")
        assert "Mots proches du vôtre" in driven.text
        assert "ranchise" in driven.text
        await driven.keys("escape", "q")
        assert driven.page.NAME == "payments"


async def test_the_glossary_opens_while_a_line_is_typed_in_and_never_sends_what_was_typed() -> None:
    fake = FakeAgent()
    async with opened(fake) as driven:
        await driven.keys("9", *"mon secret", "f4")
        assert isinstance(driven.page, GlossaryScreen)
        asked = [query["in"] for _, path, query in fake.calls if path == "/v1/glossary" and "in" in query]
        assert not any("secret" in one for one in asked)
        await driven.keys("q")
        assert driven.app.focused is not None


async def test_the_words_of_a_screen_stay_within_what_a_request_may_carry() -> None:
    async with opened(FakeAgent(500), size=(200, 200)) as driven:
        await driven.keys("2")
        assert 100 < len(words_in_sight(driven.page)) <= 4000


async def test_messages_are_searched_in_their_texts_too() -> None:
    fake = FakeAgent()
    fake.messages[2]["body"] = "un mot rare"
    async with opened(fake) as driven:
        await driven.keys("4", "slash", *"rare", "enter")
        assert "Rappel" in driven.text
        assert "Bienvenue" not in driven.text
        await driven.keys("slash", "escape")
        assert "Bienvenue" in driven.text


async def test_a_message_is_written_and_sent_only_when_asked_twice() -> None:
    fake = FakeAgent()
    async with opened(fake) as driven:
        await driven.keys("4", "n", *"Question", "enter", *"Bonjour", "enter", *"Merci", "tab", "enter")
        assert fake.asked.written == []
        assert "Vraiment" in driven.text
        await driven.keys("enter")
        assert fake.asked.written[0]["answers"] == {"subject": "Question", "body": "Bonjour\nMerci", "papers": []}
        assert driven.page.NAME == "messages"
        assert "MSG-1" in driven.text


async def test_an_answer_names_its_message_and_what_is_left_unsent_is_there_again() -> None:
    fake = FakeAgent()
    async with opened(fake) as driven:
        await driven.keys("4", "r", *"Oui. ")
        page = driven.page
        assert isinstance(page, WriteScreen)
        assert page.subject.value == "Re\xa0: Votre attestation"
        await driven.keys("escape", "2", "4", "n")
        page = driven.page
        assert isinstance(page, WriteScreen)
        assert page.writing.text.startswith("Oui. ")
        await driven.keys("escape", "G", "enter", "n")
        page = driven.page
        assert isinstance(page, WriteScreen)
        assert page.writing.text == ""
    assert fake.asked.written == []


async def test_home_tells_what_has_a_last_day_and_a_leads_there() -> None:
    fake = FakeAgent()
    fake.asked.requests.append(asked_for_papers())
    async with opened(fake) as driven:
        assert "12 jours Pièce à envoyer" in driven.text
        assert "1 demande : pièces demandées" in driven.text
        await driven.keys("a")
        assert isinstance(driven.page, RequestScreen)


async def test_the_calendar_is_saved() -> None:
    fake = FakeAgent()
    async with opened(fake) as driven:
        await driven.keys("8", "e")
        assert "ameli.ics" in driven.text


def test_the_first_frame_loads_none_of_these_screens() -> None:
    code = "import sys, ameli_tui.app.app, ameli_tui.screens.home.home; print(' '.join(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {f"ameli_tui.screens.{name}" for name in NEW} & set(loaded)
    assert "textual.widgets._text_area" not in loaded


async def test_on_every_visit_to_amelibot_what_is_typed_is_a_question() -> None:
    fake = FakeAgent()
    async with opened(fake) as driven:
        for away in (["escape", "1"], ["escape", "h"], ["escape", "m", "escape"], ["escape", "question_mark", "q"],
                     ["escape", "i", "escape"], ["escape", "colon", "escape"], ["escape", "u", "escape"]):
            await driven.keys(*([] if driven.page.NAME == "ask" else ["9"]), *away)
            await driven.keys(*([] if driven.page.NAME == "ask" else ["9"]), *"help l L q")
            page = driven.page
            assert isinstance(page, AskPage), away
            assert page.line.value == "help l L q", away
            await driven.keys("ctrl+u")
        assert fake.state == "unlocked"
        await driven.keys(*"relle", "enter")
        assert [body["question"] for _method, path, body in fake.calls if path == "/v1/ask"] == ["relle"]


async def test_a_question_typed_ahead_of_the_second_visit_is_whole() -> None:
    fake = FakeAgent()
    async with opened(fake) as driven:
        await driven.keys("9", "escape", "1")
        for key in "9help":
            driven.app.simulate_key(key)
        await driven.settle()
        page = driven.page
        assert isinstance(page, AskPage)
        assert page.line.value == "help"
        assert fake.state == "unlocked"


async def test_every_action_that_amelibot_offers_leads_to_its_screen() -> None:
    screens = {
        "payments": "PaymentsPage", "explain": "PaymentsPage", "ledger": "LedgerPage", "owed": "OwedPage",
        "year": "YearScreen", "estimate": "EstimateScreen", "coverage": "ContractScreen",
        "documents": "DocumentsPage", "attestation": "CertificatesScreen", "messages": "MessagesPage",
        "message": "WriteScreen", "profile": "AgentPage", "sync": "HomePage", "doctor": "AgentPage",
        "login": "LoginScreen", "requests": "ProceduresPage", "deadlines": "ProceduresPage", "guide": "GuideScreen",
        "newcomer": "NewcomerScreen", "bank-details": "ProcedureScreen"}
    async with opened(FakeAgent()) as driven:
        for action, screen in screens.items():
            assert known(action)
            driven.app.action_page("ask")
            driven.app.jump(action)
            await driven.settle()
            assert type(driven.page).__name__ == screen, action


async def test_a_screen_is_not_opened_on_top_of_itself() -> None:
    async with opened(FakeAgent()) as driven:
        for _again in range(2):
            await driven.keys("u")
            assert len(driven.app.screen_stack) == 2
