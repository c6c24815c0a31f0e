"""The one question after a sign-in, on a terminal: may the agent sign in while locked."""

from typing import Any

import pytest

from tests.ameli_tui.cli.site import PASSPHRASE, Site
from tests.ameli_tui.cli.test_end_of_input import typed
from tests.thoroughness import one_in

QUESTION = "May the agent sign in while locked? It then holds your password in its memory, not your history."
OVER_SSH = {"SSH_CONNECTION": "192.0.2.1 50000 192.0.2.2 22"}


def watch(site: Site) -> Any:
    """What the agent does while locked, as scripts read it."""
    return site.home.json("agent", "status")["watch"]


@pytest.mark.parametrize(("answer", "env", "expected", "hint"), one_in(3, [
    (b"\n", {}, "locked", "[Y/n]"), (b"\n", OVER_SSH, "never", "[y/N]"), (b"n\n", {}, "never", "[Y/n]"),
    (b"oui\n", OVER_SSH, "locked", "[y/N]"),
]))
def test_the_answer_is_kept_and_yes_is_preselected_on_a_machine_of_ones_own(
    answer: bytes, env: dict[str, str], expected: str, hint: str, site: Site
) -> None:
    site.set(otp=False)
    code, shown = typed(site.home, site.login(), [(QUESTION, answer)], **env)
    assert code == 0
    assert f"{QUESTION} {hint}" in shown
    assert (watch(site)["sign_in"], watch(site)["asked"]) == (expected, True)
    code, shown = typed(site.home, ["login"], [], **env)
    assert code == 0
    assert QUESTION not in shown
    assert site.home.json("lock")["access"] == ("sign_in" if expected == "locked" else "session")


@pytest.mark.slow
def test_it_is_asked_in_french_again_until_it_is_understood(site: Site) -> None:
    site.set(otp=False)
    question = "L'agent peut-il se connecter quand le coffre est verrouillé"
    code, shown = typed(site.home, site.login(), [(question, b"peut-etre\n"), (question, b"non\n")], AMELI_LANG="fr")
    assert code == 0
    assert shown.replace("’", "'").count(question) == 2
    assert (watch(site)["sign_in"], watch(site)["asked"]) == ("never", True)


@pytest.mark.slow
def test_a_question_that_is_left_unanswered_means_no_and_comes_again(site: Site) -> None:
    site.set(otp=False)
    code, shown = typed(site.home, site.login(), [(QUESTION, b"\x04")])
    assert code == 0
    assert "Signed in." in shown
    assert (watch(site)["sign_in"], watch(site)["asked"]) == ("never", False)
    _code, shown = typed(site.home, ["login"], [(QUESTION, b"y\n")])
    assert QUESTION in shown
    assert watch(site)["sign_in"] == "locked"


@pytest.mark.slow
def test_who_answered_with_the_command_or_watches_never_is_not_asked(site: Site) -> None:
    site.set(otp=False)
    _code, shown = typed(site.home, site.login("--sign-in-while-locked", "no"), [])
    assert QUESTION not in shown
    assert (watch(site)["sign_in"], watch(site)["asked"]) == ("never", True)
    site.home.json("config", "set", "agent.sign_in_asked", "false")
    site.home.json("config", "set", "agent.watch", "unlocked")
    _code, shown = typed(site.home, ["login"], [])
    assert QUESTION not in shown


@pytest.mark.slow
def test_signing_in_with_a_locked_vault_asks_for_the_passphrase_first(site: Site) -> None:
    site.set(otp=False)
    site.home.json("lock")
    code, shown = typed(
        site.home, site.login("--sign-in-while-locked", "no"), [("Passphrase:", f"{PASSPHRASE}\n".encode())])
    assert code == 0
    assert "signing in needs it open" in shown
    assert shown.rstrip().endswith("Signed in.")
