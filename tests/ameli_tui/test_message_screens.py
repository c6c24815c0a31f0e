"""Messages on the screens: what must not be missed stands out, and what was written is followed."""

from typing import Any

from ameli_tui.screens.home.home import HomePage
from ameli_tui.screens.messages.message import MessageScreen
from ameli_tui.screens.messages.messages import MessagesPage
from ameli_tui.screens.messages.sent import SentScreen
from ameli_tui.screens.messages.write import WriteScreen
from ameli_tui.screens.requests.procedure import ProcedureScreen
from ameli_tui.screens.requests.request import RequestScreen
from tests.ameli_tui.fake_agent import FakeAgent
from tests.ameli_tui.fake_requests import asked_for_papers, make_request
from tests.ameli_tui.opened import opened


def arrived(fake: FakeAgent, subject: str, body: str, **more: Any) -> None:
    """One more message, the newest."""
    fake.messages.insert(0, {"id": f"new{len(fake.messages)}", "received_on": "2026-11-22", "sender": "CPAM du Val",
                             "subject": subject, "body": body, "read": False, "attachments": [], **more})


async def test_a_file_to_complete_stands_out_with_its_days_and_one_key_opens_the_request() -> None:
    fake = FakeAgent()
    fake.asked.requests.append(asked_for_papers())
    arrived(fake, "Vous avez un dossier à compléter", "Il manque à votre demande D-2026-0042 : pièce d'identité.")
    async with opened(fake) as driven:
        await driven.keys("4")
        line = next(line for line in driven.text.splitlines() if "dossier à compl" in line)
        assert "! à compléter · 12 jours" in line
        await driven.keys("o")
        assert isinstance(driven.page, RequestScreen)
        assert "12 jours (05/12/2026)" in driven.text
        await driven.keys("q", "enter")
        assert isinstance(driven.page, MessageScreen)
        assert "! À compléter · 12 jours" in driven.text
        await driven.keys("o")
        assert isinstance(driven.page, RequestScreen)


async def test_a_file_to_complete_that_no_request_of_ours_began_leads_to_the_procedure() -> None:
    fake = FakeAgent()
    arrived(fake, "Dossier incomplet", "Il manque une pièce à votre arrêt de travail.")
    async with opened(fake) as driven:
        await driven.keys("4", "o")
        assert isinstance(driven.page, ProcedureScreen)
        assert "Envoyer une pièce" in driven.text
        await driven.keys("q", "G", "o")
        assert isinstance(driven.page, MessagesPage)
        assert "aucune demande" in driven.text


async def test_an_unread_decision_is_told_on_home_until_it_is_read() -> None:
    fake = FakeAgent()
    fake.asked.requests.append(make_request("q1", "ehic", "refused", reference="D-2026-0077"))
    arrived(fake, "Votre demande est refusée", "Votre demande D-2026-0077 n'a pas pu être acceptée.")
    async with opened(fake, size=(120, 36)) as driven:
        assert "✉ Votre demande est refusée" in driven.text
        assert "! 22/11/2026" in driven.text
        await driven.keys("a")
        assert isinstance(driven.page, MessagesPage)
        assert "décision" in driven.text
        assert fake.messages[0]["read"]
        await driven.keys("1")
        assert isinstance(driven.page, HomePage)
        assert "✉" not in driven.text


async def test_what_a_deadline_tells_already_is_told_once_on_home() -> None:
    fake = FakeAgent()
    fake.asked.requests.append(asked_for_papers())
    arrived(fake, "Vous avez un dossier à compléter", "Demande D-2026-0042")
    async with opened(fake, size=(120, 36)) as driven:
        assert "◷ 12 jours" in driven.text
        assert "✉" not in driven.text


async def test_messages_written_tell_what_became_of_them_and_open_their_answer() -> None:
    fake = FakeAgent()
    sent = {"sent_at": "2026-11-20T09:00:00+00:00"}
    fake.asked.written += [
        make_request("w2", "message", "queued", answers={"subject": "Troisième", "body": "c"}),
        make_request("w1", "message", "sent", answers={"subject": "Deuxième", "body": "b"}, **sent),
        make_request("w0", "message", "sent", reference="M-2026-01", answers={"subject": "Premier", "body": "le texte"},
                     **sent)]
    arrived(fake, "Réponse à votre message : Premier", "Voici.")
    async with opened(fake) as driven:
        await driven.keys("4", "t")
        assert isinstance(driven.page, SentScreen)
        lines = {name: next(line for line in driven.text.splitlines() if name in line)
                 for name in ("Premier", "Deuxième", "Troisième")}
        assert "répondu" in lines["Premier"]
        assert "reçue par la caisse" in lines["Deuxième"]
        assert "en attente d'envoi" in lines["Troisième"]
        await driven.keys("o")
        assert "Aucune réponse" in driven.text
        await driven.keys("G")
        assert "le texte" in driven.text
        await driven.keys("enter")
        assert isinstance(driven.page, RequestScreen)
        assert "le texte" in driven.text
        await driven.keys("q", "o")
        assert isinstance(driven.page, MessageScreen)
        assert "Voici." in driven.text


async def test_one_message_is_answered_and_shows_its_files_by_keys() -> None:
    async with opened(FakeAgent()) as driven:
        await driven.keys("4", "enter")
        assert isinstance(driven.page, MessageScreen)
        await driven.keys("a")
        assert "attestation.pdf" in driven.text
        await driven.keys("q", "r")
        assert isinstance(driven.page, WriteScreen)
        assert driven.page.subject.value.replace("\xa0", " ") == "Re : Votre attestation"


async def test_nothing_written_says_so_and_n_begins() -> None:
    async with opened(FakeAgent()) as driven:
        await driven.keys("4", "t")
        assert "rien écrit" in driven.text
        await driven.keys("o", "n")
        assert isinstance(driven.page, WriteScreen)
