"""What is asked on a terminal, and what is never shown on one."""

import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.commands import Home, clean_environment, make_vault

PASSPHRASE = "quatre mots pris au hasard"


def converse(
    home: Home, args: list[str], answers: list[tuple[str, str]], module: str = "ameli_tui", **more: str
) -> tuple[int, str]:
    """Run ``ameli ARGS`` on a terminal, answering each prompt that holds a text; exit code and all that was shown."""
    master, slave = os.openpty()
    env = clean_environment(AMELI_HOME=str(home.folder), TERM="xterm", **more)
    with subprocess.Popen([sys.executable, "-m", module, *args], stdin=slave, stdout=slave, stderr=slave,
                          start_new_session=True, env=env) as run:
        os.close(slave)
        shown, seen, until = "", 0, time.monotonic() + 40
        waiting = list(answers)
        while time.monotonic() < until:
            if not select.select([master], [], [], 0.2)[0]:
                continue
            try:
                chunk = os.read(master, 4096)
            except OSError:
                break
            if not chunk:
                break
            shown += chunk.decode(errors="replace")
            if waiting and waiting[0][0] in shown[seen:]:
                seen = len(shown)
                answer = waiting.pop(0)[1]
                if answer == "^C":
                    os.kill(run.pid, signal.SIGINT)
                else:
                    os.write(master, answer.encode(errors="surrogateescape") + b"\n")
        os.close(master)
        return run.wait(), shown


@pytest.fixture
def vault_home(empty_home: Home, tmp_path: Path) -> Home:
    (tmp_path / "passphrase").write_text(PASSPHRASE, encoding="utf-8")
    make_vault(empty_home, PASSPHRASE)
    return empty_home


def test_setup_asks_twice_and_shows_neither(empty_home: Home) -> None:
    code, shown = converse(empty_home, ["setup"], [("New passphrase", PASSPHRASE), ("same again", PASSPHRASE)])
    assert code == 0
    assert PASSPHRASE not in shown
    assert "recovery code" in shown


def test_setup_typed_two_ways_makes_nothing(empty_home: Home) -> None:
    code, _shown = converse(empty_home, ["setup"], [("New passphrase", PASSPHRASE), ("same again", "another one here")])
    assert code == 1
    assert not (empty_home.folder / "data").exists()


def test_a_command_asks_for_the_passphrase_up_to_three_times(vault_home: Home) -> None:
    said = [("Passphrase:", "not this one"), ("Passphrase:", PASSPHRASE)]
    code, shown = converse(vault_home, ["messages", "sent"], said)
    assert code == 0
    assert "That is not the passphrase." in shown
    assert "You have written nothing yet." in shown
    vault_home.json("lock")
    code, shown = converse(vault_home, ["unlock"], [("Passphrase:", "wrong one here")] * 3)
    assert code == 3


def test_ctrl_c_at_a_prompt_leaves_quietly_with_130(vault_home: Home) -> None:
    code, shown = converse(vault_home, ["unlock"], [("Passphrase:", "^C")])
    assert code == 130
    assert "Traceback" not in shown


@pytest.mark.slow
def test_login_asks_for_number_and_password(vault_home: Home, tmp_path: Path) -> None:
    vault_home.json("config", "set", "portal.base_url", "http://127.0.0.1:9")
    vault_home.json("config", "set", "portal.identity_url", "http://127.0.0.1:9")
    vault_home.json("agent", "restart")
    vault_home.json("unlock", "--passphrase-file", str(tmp_path / "passphrase"))
    code, shown = converse(vault_home, ["login"], [("number", "2850578006048"), ("Password", "a password")])
    assert code == 4
    assert "a password" not in shown


def test_a_passphrase_that_cannot_be_typed_again_is_refused_before_it_is_asked_for_twice(empty_home: Home) -> None:
    code, shown = converse(empty_home, ["setup"], [("New passphrase", "quatre mots\tpris au hasard")])
    assert code == 1
    assert "U+0009" in shown and "same again" not in shown
    assert not (empty_home.folder / "data").exists()


def test_bytes_that_are_no_text_are_refused_in_words(vault_home: Home) -> None:
    code, shown = converse(vault_home, ["unlock"], [("Passphrase:", "\udce9t\udce9")])
    assert code == 1
    assert "UTF-8" in shown and "Traceback" not in shown
