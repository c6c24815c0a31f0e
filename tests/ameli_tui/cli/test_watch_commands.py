"""What commands say and do of an account that is watched while the vault is locked."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.ameli_tui.cli.site import Site
from tests.commands import Home
from tests.thoroughness import one_in


def status(home: Home) -> Any:
    """The agent's, as scripts read it."""
    return home.json("agent", "status")


def test_lock_says_that_watching_goes_on_and_with_what(site: Site) -> None:
    site.sign_in()
    said = site.home.run("lock").out
    assert "The account is watched all the same; the next look is on" in said
    assert "the open session only" in said
    assert site.home.json("lock") == {
        "state": "locked", "watching": True, "next_sync": status(site.home)["next_sync"], "access": "session",
        "why_not": None}


@pytest.mark.slow
def test_lock_says_that_the_agent_may_sign_in(site: Site) -> None:
    site.sign_in("--sign-in-while-locked", "yes")
    assert "The agent may sign in by itself." in site.home.run("lock").out
    assert (status(site.home)["watching"], status(site.home)["watch"]["access"]) == (True, "sign_in")


@pytest.mark.slow
def test_lock_all_forgets_the_account(site: Site) -> None:
    site.sign_in()
    done = site.home.run("lock", "--all")
    assert "Nothing is watched while the vault is locked." in done.out
    now = status(site.home)
    assert (now["watching"], now["watch"]["access"], now["next_sync"]) == (False, "none", None)
    assert "can go on" in site.home.run("agent", "status").out
    assert site.home.run("sync", "--json").error["code"] == "locked"


@pytest.mark.slow
def test_lock_all_forgets_also_what_was_kept_when_the_vault_was_locked(site: Site) -> None:
    site.sign_in()
    assert site.home.json("lock")["watching"] is True
    assert site.home.json("lock", "--all")["why_not"] == "all"
    assert status(site.home)["watching"] is False


@pytest.mark.parametrize(("setting", "code", "word"), one_in(3, [
    (("agent.watch", "unlocked"), "setting", "agent.watch"),
    (("portal.transport", "browser"), "browser", "your browser's window"),
    (("portal.transport", "recorded"), "recorded", "A recorded session"),
    (("sync.automatic", "false"), "not_automatic", "sync.automatic"),
]))
@pytest.mark.slow
def test_lock_says_why_nothing_is_watched(setting: tuple[str, str], code: str, word: str, site: Site) -> None:
    site.sign_in()
    site.home.json("lock")
    site.home.json("config", "set", *setting)
    site.unlock()
    assert word in site.home.run("agent", "status").out
    answer = site.home.json("lock")
    assert (answer["watching"], answer["why_not"]) == (False, code)
    assert word in site.home.run("lock").out
    assert word in site.home.run("agent", "status").out


@pytest.mark.slow
def test_lock_says_that_nobody_has_signed_in(site: Site) -> None:
    assert "ameli login" in site.home.run("agent", "status").out
    said = site.home.run("lock").out
    assert "Nothing is watched" in said
    assert "ameli login" in said


def test_lock_without_an_agent_says_so(empty_home: Home) -> None:
    assert empty_home.json("lock")["why_not"] == "no_agent"


def test_what_is_new_is_sealed_counted_and_there_after_unlocking(site: Site) -> None:
    site.sign_in()
    known = {payment["id"] for payment in site.home.json("payments")}
    site.home.json("lock")
    site.news(payments=2, messages=1)
    looked = site.home.json("sync")
    assert (looked["new"]["payments"], looked["new"]["messages"], looked["sealed"]) == (2, 1, 3)
    again = site.home.run("sync").out
    assert again.startswith("Nothing new was seen.\n3 wait for unlocking")
    assert "payment" not in again
    said = site.home.run("agent", "status").out
    assert "2 looks" in said
    assert "3 new things" in said
    opened = site.home.run("unlock", "--passphrase-file", site.passphrase_file)
    assert "3 new things were seen while the vault was locked." in opened.out
    assert len({payment["id"] for payment in site.home.json("payments")} - known) == 2
    now = status(site.home)
    assert (now["sealed"], now["polls_while_locked"]) == (0, 2)
    assert "seen_while_locked" not in site.unlock()


@pytest.mark.slow
def test_unlocking_tells_scripts_how_much_was_seen(site: Site) -> None:
    site.sign_in()
    site.home.json("lock")
    site.news(payments=1)
    site.home.json("sync")
    assert site.unlock()["seen_while_locked"] == 1


@pytest.mark.slow
def test_a_full_sync_of_a_locked_vault_says_what_it_does_instead(site: Site) -> None:
    site.sign_in()
    site.home.json("lock")
    done = site.home.run("sync", "--full")
    assert done.code == 0
    assert "only what is new is looked for" in done.err


def test_a_session_that_ended_exits_5_and_is_told_with_its_cure(site: Site) -> None:
    site.sign_in()
    site.home.json("lock")
    site.expire()
    for _time in range(2):
        done = site.home.run("sync", "--json")
        assert (done.code, done.error["code"]) == (5, "sign_in_not_allowed")
    now = status(site.home)
    assert (now["watching"], now["needs"], now["next_sync"]) == (False, "sign_in_not_allowed", None)
    said = site.home.run("agent", "status").out
    assert "no: it waits for you" in said
    assert "ameli config set agent.sign_in locked" in said
    locked = site.home.run("lock")
    assert "The account session has ended" in locked.out
    site.unlock()
    assert site.home.json("sync")["problems"] == []


@pytest.mark.slow
def test_an_agent_that_may_sign_in_waits_an_hour_after_the_last_time(site: Site) -> None:
    site.sign_in("--sign-in-while-locked", "yes")
    site.home.json("lock")
    site.expire()
    done = site.home.run("sync", "--json")
    assert (done.code, done.error["code"]) == (4, "sign_in_too_soon")
    now = status(site.home)
    assert (now["watching"], now["needs"], now["watch"]["access"]) == (True, None, "sign_in")


@pytest.mark.slow
def test_a_permission_that_is_taken_back_while_locked_is_gone_at_once(site: Site) -> None:
    site.sign_in("--sign-in-while-locked", "yes")
    assert site.home.json("lock")["access"] == "sign_in"
    done = site.home.run("config", "set", "agent.sign_in", "never")
    assert "from now on" in done.err
    assert status(site.home)["watch"]["access"] == "session"
    site.home.json("config", "set", "agent.sign_in", "locked")
    assert status(site.home)["watch"]["access"] == "session"
    site.home.json("config", "set", "agent.watch", "unlocked")
    assert status(site.home)["watching"] is False


@pytest.mark.slow
def test_a_service_that_is_gone_exits_4_while_locked(site: Site) -> None:
    site.sign_in()
    site.home.json("lock")
    site.end()
    done = site.home.run("sync", "--json")
    assert (done.code, done.error["code"]) == (4, "unreachable")
    assert status(site.home)["watching"] is True


@pytest.mark.slow
def test_a_locked_vault_that_is_not_watched_exits_3(site: Site) -> None:
    site.home.json("lock")
    done = site.home.run("sync", "--json")
    assert (done.code, done.error["code"]) == (3, "locked")


@pytest.mark.slow
def test_signing_in_opens_a_locked_vault_and_without_a_passphrase_exits_3(site: Site) -> None:
    site.set(otp=False)
    site.home.json("lock")
    done = site.home.run(*site.login(), "--json")
    assert (done.code, done.error["code"]) == (3, "locked")
    assert "ameli unlock" in done.error["hint"]
    assert site.home.json("--passphrase-file", site.passphrase_file, *site.login()) == {"state": "signed_in"}
    assert status(site.home)["locked"] is False


def test_setting_who_may_sign_in_answers_the_question(site: Site) -> None:
    site.sign_in()
    before = status(site.home)["watch"]
    assert (before["sign_in"], before["asked"]) == ("never", False)
    assert "not asked yet" in site.home.run("agent", "status").out
    done = site.home.run("config", "set", "agent.sign_in", "never")
    assert "from now on" in done.err
    assert status(site.home)["watch"]["asked"] is True
    assert "not asked yet" not in site.home.run("agent", "status").out
    done = site.home.run("config", "set", "agent.sign_in", "locked")
    assert "from the next locking on" in done.err
    assert site.home.json("lock")["access"] == "sign_in"


@pytest.mark.slow
def test_an_answer_given_with_the_command_outlasts_the_wait_for_a_code(site: Site) -> None:
    asked = site.home.run(*site.login("--sign-in-while-locked", "yes"), "--json")
    assert (asked.code, asked.error["code"]) == (5, "code_needed")
    site.home.json("login", "--otp", site.code())
    assert status(site.home)["watch"] | {"access": None} == {
        "allowed": "always", "sign_in": "locked", "asked": True, "access": None, "since": None, "reminders": False}
    assert site.home.json("lock")["access"] == "sign_in"


@pytest.mark.slow
def test_without_a_terminal_nothing_is_asked_and_the_answer_stays_no(site: Site) -> None:
    site.set(otp=False)
    done = site.home.run(*site.login(), stdin="y\n")
    assert (done.code, done.complaints) == (0, "")
    watch = status(site.home)["watch"]
    assert (watch["sign_in"], watch["asked"]) == ("never", False)
    assert site.home.json("lock")["access"] == "session"


@pytest.mark.slow
def test_a_settings_file_with_faults_is_no_place_for_the_answer(site: Site) -> None:
    file = Path(site.home.json("config", "path")["settings"])
    before = file.read_text(encoding="utf-8")
    file.write_text(f"{before}\n[notify]\ndetail = 'all'\n", encoding="utf-8")
    done = site.home.run(*site.login("--sign-in-while-locked", "yes"), "--json")
    assert (done.code, done.error["code"]) == (1, "settings")
    assert json.loads(done.out)["error"]["message"]
    assert "sign_in" not in file.read_text(encoding="utf-8")
