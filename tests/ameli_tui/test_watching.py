"""What the screens say of watching while the vault is locked, and how a person chooses it."""

import tomllib
from typing import Any, Literal

import pytest

from agent.watch.errors import SignInNotAllowed
from ameli_tui.screens.agent.login import LoginScreen
from ameli_tui.screens.agent.unlock import UnlockScreen
from ameli_tui.screens.home.home import HomePage
from tests.ameli_tui.fake_agent import FakeAgent
from tests.ameli_tui.opened import Driven, opened, same_as_stored

LANGS: list[Literal["fr", "en"]] = ["fr", "en"]


def watched(*, sealed: int = 0, polls: int = 0) -> FakeAgent:
    fake = FakeAgent(state="locked")
    fake.sealed, fake.polls = sealed, polls
    return fake


def waiting(sealed: int = 0) -> FakeAgent:
    """Locked, and no look any more before a person does something."""
    fake = watched(sealed=sealed, polls=4)
    fake.watching, fake.need = False, dict(SignInNotAllowed().problem())
    fake.watch["access"] = "none"
    return fake


def settings(driven: Driven) -> dict[str, Any]:
    return tomllib.loads((driven.home / "config" / "settings.toml").read_text())


def reloads(fake: FakeAgent) -> int:
    return sum(path == "/v1/reload" for _method, path, _body in fake.calls)


# -- before the lock ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 60)], ids=lambda size: f"{size[0]}x{size[1]}")
async def test_the_lock_says_what_is_watched_and_what_waits(
    size: tuple[int, int], lang: Literal["fr", "en"]
) -> None:
    name = f"{size[0]}x{size[1]}-{lang}.txt"
    async with opened(watched(sealed=3, polls=12), size=size, lang=lang) as driven:
        same_as_stored(f"unlock-watching-{name}", driven.text)
    async with opened(waiting(sealed=3), size=size, lang=lang) as driven:
        same_as_stored(f"unlock-needed-{name}", driven.text)
        assert ("3 nouveautés" if lang == "fr" else "3 new things") in driven.text


@pytest.mark.parametrize(("change", "said"), [
    ({"allowed": "unlocked"}, "agent.watch"), ({}, "Après un déverrouillage"),
    ({"since": "2026-11-23T09:30:00+00:00"}, "sync.automatic")])
async def test_the_lock_says_why_nothing_is_watched(change: dict[str, Any], said: str) -> None:
    fake = watched()
    fake.forget()
    fake.watch.update(change)
    async with opened(fake) as driven:
        assert "Rien n'est surveillé" in driven.text
        assert said in driven.text
        assert "ne surveille pas" in driven.text.splitlines()[0]


async def test_what_is_sealed_while_one_looks_shows_as_a_count_and_nothing_else() -> None:
    fake = watched()
    async with opened(fake, lang="en") as driven:
        assert "wait for you" not in driven.text
        assert "0 looks" in driven.text
        fake.sealed, fake.polls = 2, 1
        fake.say("sync_done", failed=False, new={"payments": 2}, changed=0, problems=0)
        await driven.until("2 new things wait for you.")
        assert "1 look since" in driven.text
        assert "payment" not in driven.text


async def test_a_status_that_changes_takes_nothing_from_what_is_being_typed() -> None:
    fake = watched()
    async with opened(fake) as driven:
        await driven.keys(*"quatre")
        page = driven.page
        assert isinstance(page, UnlockScreen)
        fake.sealed = 1
        fake.say("sync_done", failed=False, new={"payments": 1}, changed=0, problems=0)
        await driven.until("1 nouveauté vous attend.")
        assert page.fields[0].value == "quatre"
        assert page.focused is page.fields[0]


async def test_the_status_is_asked_again_when_the_events_come_back() -> None:
    fake = watched()
    async with opened(fake, lang="en") as driven:
        await driven.wait_for(lambda: fake.listeners == 1)
        fake.sealed = 4
        fake.cut()
        await driven.until("4 new things wait for you.")


async def test_the_ways_in_leave_what_is_watched_in_sight_and_a_damaged_vault_takes_its_room() -> None:
    fake = watched(sealed=2)
    async with opened(fake) as driven:
        await driven.keys("escape")
        assert "2 nouveautés vous attendent." in driven.text
        await driven.keys("j", "enter")
        assert "2 nouveautés vous attendent." in driven.text
        fake.refuse["/v1/unlock"] = "vault_damaged"
        await driven.type(fake.recovery)
        await driven.keys("enter")
        assert "nouveautés" not in driven.text
        await driven.keys("j", "enter")
        assert "2 nouveautés vous attendent." in driven.text


# -- unlocking ---------------------------------------------------------------------------------------------------------


async def test_what_was_seen_while_locked_is_told_once_after_unlocking() -> None:
    fake = watched()
    async with opened(fake, lang="en") as driven:
        fake.sealed = 3  # sealed a moment ago, its event is still under way
        await driven.type(fake.passphrase)
        await driven.keys("enter")
        assert isinstance(driven.page, HomePage)
        await driven.until("3 new things were seen while the vault was locked.")
        fake.say("sync_started", trigger="unlock", full=False)
        fake.say("sync_done", failed=False, new={}, changed=0, problems=0)
        await driven.wait_for(lambda: driven.app.progress is None)
        await driven.settle()
        assert "3 new things were seen while the vault was locked." in driven.text
        fake.say("sync_done", failed=False, new={}, changed=0, problems=0)
        await driven.until("Nothing new.")
        assert "were seen" not in driven.text


async def test_a_sync_that_fails_after_unlocking_is_told_beside_what_was_seen() -> None:
    fake = watched(sealed=1)
    async with opened(fake, size=(120, 36), lang="en") as driven:
        await driven.type(fake.passphrase)
        await driven.keys("enter")
        fake.say("sync_done", failed=True, new={})
        await driven.until("1 new thing was seen while the vault was locked. The sync failed.")


async def test_nothing_is_told_where_nothing_was_seen() -> None:
    fake = watched()
    async with opened(fake, lang="en") as driven:
        await driven.type(fake.passphrase)
        await driven.keys("enter")
        assert "were seen" not in driven.text and "was seen" not in driven.text


async def test_opened_by_another_program_the_screens_tell_it_too() -> None:
    fake = watched(sealed=2)
    async with opened(fake, lang="en") as driven:
        assert "2 new things wait for you." in driven.text
        fake.delay["/v1/status"] = 0.5  # what the agent says now comes later than its event
        fake.state = "unlocked"
        fake.say("state", state="unlocked")
        await driven.until("2 new things were seen while the vault was locked.")


# -- locking -----------------------------------------------------------------------------------------------------------


async def test_locking_says_that_the_account_is_still_watched_and_enter_keeps_it_so() -> None:
    fake = FakeAgent()
    async with opened(fake, lang="en") as driven:
        await driven.keys("L")
        assert "the account is still watched" in driven.text
        await driven.keys("enter")
        assert ("POST", "/v1/lock", {}) in fake.calls
        assert "The account is watched while the vault is locked." in driven.text


async def test_one_key_locks_and_has_everything_forgotten() -> None:
    fake = FakeAgent()
    async with opened(fake, lang="en") as driven:
        await driven.keys("2", "L")
        assert "nothing is watched" in driven.text
        await driven.keys("A")
        assert ("POST", "/v1/lock", {"all": True}) in fake.calls
        assert isinstance(driven.page, UnlockScreen)
        assert "Nothing is watched while the vault is locked." in driven.text


async def test_the_key_that_forgets_everything_does_nothing_elsewhere() -> None:
    fake = FakeAgent()
    async with opened(fake) as driven:
        await driven.keys("A", "L", "a", "A")
        assert fake.state == "unlocked"


@pytest.mark.parametrize("change", [{"allowed": "unlocked"}, None])
async def test_locking_promises_no_watching_where_there_is_none(change: dict[str, Any] | None) -> None:
    fake = FakeAgent()
    if change is None:
        fake.watching = False
    else:
        fake.watch.update(change)
    async with opened(fake, lang="en") as driven:
        await driven.keys("L")
        assert "locks it" in driven.text
        assert "still watched" not in driven.text


# -- choosing ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=lambda size: f"{size[0]}x{size[1]}")
async def test_the_choice_of_watching_looks_as_stored(size: tuple[int, int], lang: Literal["fr", "en"]) -> None:
    async with opened(FakeAgent(), size=size, lang=lang) as driven:
        await driven.keys("5", "w")
        same_as_stored(f"watching-{size[0]}x{size[1]}-{lang}.txt", driven.text)


@pytest.mark.parametrize(("keys", "kept"), [
    (("k", "enter"), {"sign_in": "locked", "sign_in_asked": True}), (("enter",), {"sign_in_asked": True}),
    (("j", "enter"), {"watch": "unlocked", "sign_in_asked": True})])
async def test_a_choice_of_watching_is_written_and_taken_up(keys: tuple[str, ...], kept: dict[str, Any]) -> None:
    fake = FakeAgent()
    async with opened(fake) as driven:
        await driven.keys("5", "w", *keys)
        assert settings(driven) == {"agent": kept}
        assert reloads(fake) == 1
        assert driven.page.NAME == "agent"
        assert "dès le prochain verrouillage" in driven.text


async def test_the_choice_begins_at_what_holds_and_escape_changes_nothing() -> None:
    fake = FakeAgent()
    fake.watch["sign_in"] = "locked"
    async with opened(fake, lang="en") as driven:
        await driven.keys("5", "w")
        assert "✓ Watch, and sign in" in driven.text
        await driven.keys("escape")
        assert driven.page.NAME == "agent"
        assert not (driven.home / "config" / "settings.toml").exists()


async def test_a_choice_that_cannot_be_written_says_why() -> None:
    fake = FakeAgent()
    async with opened(fake) as driven:
        (driven.home / "config").mkdir(parents=True)
        (driven.home / "config" / "settings.toml").write_text("nonsense = 1")
        await driven.keys("5", "w", "enter")
        assert "nonsense" in driven.text
        assert "verrouillage" not in driven.text.splitlines()[-1]


@pytest.mark.parametrize(("change", "said"), [
    ({"asked": False}, "not asked yet: it may not"), ({}, "it may not: it has the open session only"),
    ({"sign_in": "locked"}, "it may: it then holds your password"),
    ({"allowed": "unlocked"}, "only while the vault is open")])
async def test_the_agents_screen_says_what_is_watched_and_with_what(change: dict[str, Any], said: str) -> None:
    fake = FakeAgent()
    fake.watch.update(change)
    async with opened(fake, lang="en") as driven:
        await driven.keys("5")
        assert said in driven.text


async def test_the_agents_screen_says_how_often_the_locked_agent_looked() -> None:
    fake = FakeAgent()
    fake.polls = 7
    async with opened(fake, lang="en") as driven:
        await driven.keys("5")
        assert "7 looks" in driven.text


# -- signing in --------------------------------------------------------------------------------------------------------


async def sign_in(driven: Driven) -> None:
    """Up to the question whether the password is to be kept."""
    await driven.keys("5", "c")
    await driven.type("2 69 05 49 588 157")
    await driven.keys("enter")
    await driven.type("mot de passe")
    await driven.keys("enter")


@pytest.mark.parametrize(("over_ssh", "sign"), [(False, "locked"), (True, "never")])
async def test_the_first_sign_in_asks_whether_the_locked_agent_may(
    over_ssh: bool, sign: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if over_ssh:
        monkeypatch.setenv("SSH_CONNECTION", "192.0.2.1 50000 192.0.2.2 22")
    else:
        monkeypatch.delenv("SSH_CONNECTION", raising=False)
    fake = FakeAgent()
    fake.watch["asked"] = False
    async with opened(fake) as driven:
        await sign_in(driven)
        await driven.keys("enter")
        assert "L'agent peut-il se connecter" in driven.text
        assert not any(path == "/v1/login" for _method, path, _body in fake.calls)
        await driven.keys("enter")
        sent = [body for _method, path, body in fake.calls if path == "/v1/login"]
        assert [body["keep_password"] for body in sent] == [True]
        kept = {"sign_in": sign, "sign_in_asked": True} if sign == "locked" else {"sign_in_asked": True}
        assert settings(driven) == {"agent": kept}
        assert reloads(fake) == 1


async def test_the_question_is_not_asked_again_nor_without_a_password_to_keep() -> None:
    fake = FakeAgent()
    async with opened(fake) as driven:
        await sign_in(driven)
        await driven.keys("enter")
        assert not isinstance(driven.page, LoginScreen)
        fake.watch["asked"] = False
        fake.say("settings_changed", later=[])
        await driven.wait_for(lambda: not driven.app.status["watch"]["asked"])
        await sign_in(driven)
        await driven.keys("j", "enter")
        assert not isinstance(driven.page, LoginScreen)
        assert not (driven.home / "config" / "settings.toml").exists()
        assert [body["keep_password"] for _m, path, body in fake.calls if path == "/v1/login"] == [True, False]


async def test_the_word_on_signing_in_is_kept_only_once_the_account_is_connected() -> None:
    fake = FakeAgent()
    fake.watch["asked"], fake.ask_code = False, True
    async with opened(fake) as driven:
        await sign_in(driven)
        await driven.keys("enter", "enter")
        assert "Un code vous a été envoyé" in driven.text
        assert not (driven.home / "config" / "settings.toml").exists()
        await driven.type("123456")
        await driven.keys("enter")
        assert settings(driven)["agent"]["sign_in_asked"] is True
