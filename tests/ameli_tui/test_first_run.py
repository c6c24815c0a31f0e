"""The first run, the lock and the sign-in on the screens; and what is chosen there is kept."""

from ameli_tui.screens.agent.login import LoginScreen
from ameli_tui.screens.agent.setup import SetupScreen
from ameli_tui.screens.agent.unlock import UnlockScreen
from ameli_tui.screens.home.home import HomePage
from ameli_tui.screens.payments.payments import PaymentsPage
from tests.ameli_tui.fake_agent import FakeAgent
from tests.ameli_tui.opened import opened


async def test_locked_meanwhile_leads_to_the_unlock_screen_and_back() -> None:
    fake = FakeAgent()
    async with opened(fake) as driven:
        await driven.keys("2")
        fake.state = "locked"
        fake.say("locked", reason="asked")
        await driven.until("Le coffre est verrouillé")
        assert "DURAND" not in driven.text
        await driven.type("pas la bonne")
        await driven.keys("enter")
        assert "Phrase secrète incorrecte" in driven.text
        await driven.type(fake.passphrase)
        await driven.keys("enter")
        assert isinstance(driven.page, PaymentsPage)
        assert "DURAND" in driven.text


async def test_nothing_behind_the_lock_can_be_reached() -> None:
    async with opened(FakeAgent(state="locked")) as driven:
        assert isinstance(driven.page, UnlockScreen)
        driven.app.set_focus(None)
        for key in ("1", "2", "question_mark", "colon", "s", "q", "h"):
            await driven.keys(key)
            assert isinstance(driven.page, UnlockScreen)


async def test_the_recovery_code_opens_the_vault_too() -> None:
    fake = FakeAgent(state="locked")
    async with opened(fake) as driven:
        await driven.keys("f3")
        await driven.type(fake.recovery)
        await driven.keys("enter")
        assert isinstance(driven.page, HomePage)
        assert "Centre dentaire" in driven.text


async def test_the_first_run_leads_from_language_to_the_account() -> None:
    fake = FakeAgent(state="setup")
    fake.account, fake.ask_code = False, True
    async with opened(fake) as driven:
        assert isinstance(driven.page, SetupScreen)
        await driven.keys("enter")
        assert 'lang = "fr"' in (driven.home / "config" / "settings.toml").read_text()
        await driven.keys("enter")
        await driven.type("court")
        assert "Trop courte" in driven.text
        await driven.type(" mais plus long cheval")
        assert "Solide" in driven.text
        await driven.keys("enter")
        await driven.type("autre")
        await driven.keys("enter")
        assert "pas identiques" in driven.text
        await driven.type("court mais plus long cheval")
        await driven.keys("enter")
        assert fake.passphrase == "court mais plus long cheval"
        assert fake.recovery in driven.text
        await driven.type("XXXXX")
        await driven.keys("enter")
        assert "dernier groupe" in driven.text
        assert isinstance(driven.page, SetupScreen)
        await driven.type("pqrst")
        await driven.keys("enter")
        assert "Importer des fichiers" in driven.text
        await driven.keys("enter")
        assert isinstance(driven.page, LoginScreen)
        await driven.type("2 69 05 49 588 157")
        await driven.keys("enter")
        await driven.type("mot de passe")
        await driven.keys("enter")
        assert "Garder le mot de passe" in driven.text
        await driven.keys("enter")
        assert "Un code vous a été envoyé" in driven.text
        await driven.type("123456")
        await driven.keys("enter")
        assert isinstance(driven.page, HomePage)
        sent = [body for _, path, body in fake.calls if path == "/v1/login"]
        assert sent[0]["nir"] == "2690549588157"
        assert sent[0]["keep_password"] is True
        assert sent[1] == {"otp": "123456", "remember": True}
        assert fake.recovery not in driven.text


async def test_the_language_is_asked_for_once_and_can_be_changed() -> None:
    async with opened(FakeAgent(state="setup")) as driven:
        await driven.keys("j", "enter")
        assert "Welcome" in driven.text
        assert 'lang = "en"' in (driven.home / "config" / "settings.toml").read_text()
        driven.page.load()  # as when the program is opened again
        await driven.settle()
        assert "Welcome" in driven.text
        await driven.keys("j", "j", "enter", "k", "enter")
        assert "Bienvenue" in driven.text


async def test_the_demo_is_offered_on_the_first_run() -> None:
    async with opened(FakeAgent(state="setup")) as driven:
        await driven.keys("enter")
        await driven.keys("j", "enter")
        assert driven.app.return_value == "demo"


async def test_colours_chosen_in_the_palette_are_kept() -> None:
    async with opened(FakeAgent()) as driven:
        await driven.keys("colon")
        driven.typed_ahead(*"ansi-light")
        await driven.until("ansi-light")
        driven.typed_ahead("down", "enter")
        await driven.wait_for(lambda: driven.app.theme == "ansi-light")
        await driven.settle()
        assert (driven.home / "config" / "settings.toml").read_text().strip() == 'theme = "ansi-light"'
        driven.app.choose_colours("ameli-dark")
        await driven.settle()
        assert 'theme = "ameli-dark"' in (driven.home / "config" / "settings.toml").read_text()


async def test_colours_that_cannot_be_kept_say_why() -> None:
    async with opened(FakeAgent()) as driven:
        (driven.home / "config").mkdir(parents=True)
        (driven.home / "config" / "settings.toml").write_text("nonsense = 1")
        driven.app.choose_colours("ameli-light")
        await driven.settle()
        assert "nonsense" in driven.text


async def test_home_knows_of_the_account_as_soon_as_it_is_signed_in() -> None:
    fake = FakeAgent()
    fake.account = False
    async with opened(fake) as driven:
        assert "Aucun compte" in driven.text
        await driven.keys("a")
        fake.delay["/v1/home"] = fake.delay["/v1/status"] = 0.6
        await driven.type("2 69 05 49 588 157")
        await driven.keys("enter")
        await driven.type("mot de passe")
        await driven.keys("enter")
        driven.typed_ahead("enter")
        await driven.wait_for(lambda: isinstance(driven.page, HomePage))
        await driven.pilot.pause()
        assert "Aucun compte" not in driven.text
        await driven.settle()
        assert "Aucun compte" not in driven.text
