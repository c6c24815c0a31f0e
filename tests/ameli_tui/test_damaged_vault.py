"""The unlock screen and a vault that is damaged, or on a disk that takes no writes."""

from typing import Any

from ameli_tui.screens.agent.unlock import UnlockScreen
from ameli_tui.screens.home.home import HomePage
from tests.ameli_tui.fake_agent import FakeAgent
from tests.ameli_tui.opened import opened

LOSS = {"code": "vault_loss", "message": {"fr": "3 enregistrements sur 42 sont perdus.", "en": "3 of 42 are lost."},
        "hint": {"fr": "La prochaine synchronisation relit tout.", "en": "The next sync reads all."}}


class Damaged(FakeAgent):
    """Its vault opens with a word more."""

    def __init__(self, told: dict[str, Any]) -> None:
        super().__init__(state="locked")
        self.told = told
        self.words: list[dict[str, Any]] = []

    def _do(self, path: str, body: dict[str, Any]) -> Any:
        if path == "/v1/unlock":
            self.words.append(body)
            if not body.get("salvage"):
                raise KeyError("vault_damaged")
            return {**super()._do(path, body), **self.told}
        return super()._do(path, body)


async def test_a_damaged_vault_is_opened_on_the_persons_word_and_the_loss_is_told() -> None:
    fake = Damaged({"notices": [LOSS], "salvage": {"missing": 3, "of": 42, "at_least": False, "days": []}})
    async with opened(fake) as driven:
        await driven.type(fake.passphrase)
        await driven.keys("enter")
        await driven.until("Le coffre est abîmé")
        assert isinstance(driven.page, UnlockScreen)
        await driven.keys("enter")
        await driven.until("3 enregistrements sur 42")
        assert "relit tout" in driven.text
        fake.say("state", state="unlocked")  # what the agent tells everybody does not sweep it away
        await driven.until("3 enregistrements sur 42")
        await driven.keys("enter")
        assert isinstance(driven.page, HomePage)
    assert [bool(word.get("salvage")) for word in fake.words] == [False, True]
    assert fake.words[1]["passphrase"] == fake.passphrase


async def test_a_person_who_does_not_want_that_is_asked_again() -> None:
    fake = Damaged({})
    async with opened(fake) as driven:
        await driven.type(fake.passphrase)
        await driven.keys("enter")
        await driven.until("Le coffre est abîmé")
        await driven.keys("down", "enter")
        await driven.until("Le coffre est verrouillé")
    assert len(fake.words) == 1


async def test_when_nothing_is_missing_that_is_said_too() -> None:
    fake = Damaged({"salvage": {"missing": 0, "of": 42, "at_least": False, "days": []}})
    async with opened(fake) as driven:
        await driven.type(fake.passphrase)
        await driven.keys("enter")
        await driven.until("Le coffre est abîmé")
        await driven.keys("enter")
        await driven.until("rien ne manque")
        await driven.keys("enter")
        assert isinstance(driven.page, HomePage)
