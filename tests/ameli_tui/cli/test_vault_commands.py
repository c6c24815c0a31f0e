"""The vault's and the agent's commands, in a home that knows no account."""

from pathlib import Path

import pytest

from agent import VERSION
from tests.commands import Home, make_vault
from tests.thoroughness import one_in

PASSPHRASE = "quatre mots pris au hasard"


@pytest.fixture
def passphrase_file(tmp_path: Path) -> str:
    file = tmp_path / "passphrase"
    file.write_text(f"{PASSPHRASE}\nsecond line, ignored\n", encoding="utf-8")
    return str(file)


@pytest.fixture
def vault_home(empty_home: Home, passphrase_file: str) -> Home:
    code = make_vault(empty_home, PASSPHRASE)
    empty_home.json("unlock", "--passphrase-file", passphrase_file)
    return Home(empty_home.folder, {"recovery_code": code})


def test_a_command_starts_the_agent_and_says_so_on_standard_error(empty_home: Home) -> None:
    done = empty_home.run("payments", "--json")
    assert (done.code, done.error["code"]) == (3, "no_vault")
    assert "Starting the agent" in done.err
    assert empty_home.json("agent", "status")["running"] is True
    assert "Starting" not in empty_home.run("agent", "start").err


def test_setup_gives_a_recovery_code_and_an_open_vault(empty_home: Home, passphrase_file: str) -> None:
    assert len(empty_home.json("setup", "--passphrase-file", passphrase_file)["recovery_code"]) > 20
    status = empty_home.json("agent", "status")
    assert status["locked"] is False
    assert status["version"] == VERSION
    assert empty_home.json("deadlines") == []


def test_setting_up_twice_is_refused(vault_home: Home, passphrase_file: str) -> None:
    done = vault_home.run("setup", "--json", "--passphrase-file", passphrase_file)
    assert (done.code, done.error["code"]) == (1, "vault_exists")


def test_a_locked_vault_exits_3_without_a_prompt(vault_home: Home) -> None:
    assert vault_home.json("lock")["state"] == "locked"
    done = vault_home.run("payments", "--json")
    assert (done.code, done.error["code"]) == (3, "locked")
    assert "--passphrase-file" in done.error["hint"]
    assert "Passphrase:" not in done.err


def test_the_passphrase_file_opens_a_locked_vault_on_the_way(vault_home: Home, passphrase_file: str) -> None:
    vault_home.run("lock")
    assert vault_home.json("--passphrase-file", passphrase_file, "deadlines") == []
    vault_home.run("lock")
    assert vault_home.json("deadlines", AMELI_PASSPHRASE_FILE=passphrase_file) == []
    vault_home.run("agent", "stop")
    assert vault_home.json("deadlines", AMELI_PASSPHRASE_FILE=passphrase_file) == []


def test_a_wrong_passphrase_exits_3(vault_home: Home, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_text("cinq mots pris au hasard\n", encoding="utf-8")
    vault_home.run("lock")
    done = vault_home.run("unlock", "--json", "--passphrase-file", str(wrong))
    assert (done.code, done.error["code"]) == (3, "wrong_passphrase")
    assert vault_home.json("agent", "status")["locked"] is True


@pytest.mark.parametrize("content", [None, b"", b"\n", b"\xff\xfe", b"x" * 5000])
def test_a_passphrase_file_that_holds_none_exits_3(content: bytes | None, empty_home: Home, tmp_path: Path) -> None:
    file = tmp_path / "passphrase"
    if content is not None:
        file.write_bytes(content)
    done = empty_home.run("setup", "--json", "--passphrase-file", str(file))
    assert (done.code, done.error["code"]) == (3, "passphrase_file")


def test_the_passphrase_changes_and_the_old_one_opens_nothing(
    vault_home: Home, passphrase_file: str, tmp_path: Path
) -> None:
    new = tmp_path / "new"
    new.write_text("une tout autre phrase\n", encoding="utf-8")
    vault_home.json("passphrase", "change", "--passphrase-file", passphrase_file, "--new-passphrase-file", str(new))
    vault_home.run("lock")
    assert vault_home.run("unlock", "--passphrase-file", passphrase_file).code == 3
    assert vault_home.json("unlock", "--passphrase-file", str(new)) == {"state": "unlocked"}


def test_a_new_recovery_code_replaces_the_old_one(vault_home: Home, passphrase_file: str) -> None:
    answer = vault_home.json("passphrase", "recovery", "--passphrase-file", passphrase_file)
    assert answer["recovery_code"] != vault_home.details["recovery_code"]


def test_without_a_terminal_nothing_is_asked(empty_home: Home) -> None:
    done = empty_home.run("setup", "--json", stdin="a\na\n")
    assert (done.code, done.error["code"]) == (5, "person_needed")


def test_login_without_a_number_exits_5(vault_home: Home) -> None:
    done = vault_home.run("login", "--json")
    assert (done.code, done.error["code"]) == (5, "person_needed")


def test_the_agent_is_started_again_and_stopped(empty_home: Home) -> None:
    first = empty_home.json("agent", "start")
    second = empty_home.json("agent", "restart")
    assert first["pid"] != second["pid"]
    assert empty_home.json("agent", "stop") == {"running": False, "was_running": True}
    assert empty_home.json("agent", "status")["running"] is False
    assert any("serves" in line for line in empty_home.json("agent", "logs")["lines"])


def test_the_agent_runs_in_the_foreground_until_interrupted(empty_home: Home) -> None:
    import signal
    import subprocess
    import sys

    from tests.commands import clean_environment

    with subprocess.Popen([sys.executable, "-m", "ameli_tui", "agent", "run"], stderr=subprocess.PIPE, text=True,
                          env=clean_environment(AMELI_HOME=str(empty_home.folder))) as agent:
        assert agent.stderr
        assert "serves" in agent.stderr.readline()
        second = empty_home.run("agent", "run", "--json")
        assert (second.code, second.error["code"]) == (1, "already_running")
        agent.send_signal(signal.SIGINT)
        assert "Traceback" not in agent.stderr.read()
    assert agent.returncode == 0


def test_doctor_names_what_is_wrong_with_its_cure(empty_home: Home) -> None:
    answer = empty_home.json("doctor")
    assert answer["ok"] is False
    agent = next(check for check in answer["checks"] if check["name"] == "agent")
    cure = "Start it: `ameli agent start`."
    assert agent == {"name": "agent", "ok": False, "text": "no agent is running", "cure": cure, "details": []}
    assert "!!  no agent is running" in empty_home.run("doctor").out


def test_errors_speak_the_chosen_language(empty_home: Home) -> None:
    done = empty_home.run("payments", AMELI_LANG="fr")
    assert "coffre" in done.err.splitlines()[-2]
    assert "ameli" in done.err.splitlines()[-1]


@pytest.mark.parametrize("content", one_in(4, [
    f"{PASSPHRASE}\r\n", f"{PASSPHRASE}\r", f"\n{PASSPHRASE}\r\r\n", f"\ufeff{PASSPHRASE}\u2028\nanother"]))
def test_a_passphrase_file_gives_what_would_be_typed(content: str, empty_home: Home, tmp_path: Path) -> None:
    one, typed = tmp_path / "one", tmp_path / "typed"
    one.write_bytes(content.encode())
    typed.write_bytes(PASSPHRASE.encode())
    empty_home.json("setup", "--passphrase-file", str(one))
    for file in (typed, one):
        empty_home.json("lock")
        assert empty_home.json("unlock", "--passphrase-file", str(file)) == {"state": "unlocked"}


@pytest.mark.parametrize("sign", one_in(3, ["\t", "\r", "\x85", "\ufffd", "\u200b", "\xa0"]), ids=ascii)
def test_a_new_passphrase_from_a_file_is_refused_for_what_cannot_be_typed(
    sign: str, vault_home: Home, passphrase_file: str, tmp_path: Path
) -> None:
    new = tmp_path / "new"
    new.write_bytes(f"quatre autres{sign}mots\n".encode())
    done = vault_home.run(
        "passphrase", "change", "--json", "--passphrase-file", passphrase_file, "--new-passphrase-file", str(new))
    assert (done.code, done.error["code"]) == (1, "untypable_passphrase")
    assert f"U+{ord(sign):04X}" in done.error["message"]
    assert vault_home.json("unlock", "--passphrase-file", passphrase_file) == {"state": "unlocked"}


def test_a_vault_of_an_earlier_paste_opens_and_says_how_to_mend_it(
    empty_home: Home, passphrase_file: str, tmp_path: Path
) -> None:
    from agent.vault import Vault
    from config.paths import find_paths

    paths = find_paths({"AMELI_HOME": str(empty_home.folder), "HOME": "/nowhere"})
    Vault.create(paths.vault, PASSPHRASE + "\ufffd", high_water=paths.high_water)[0].lock()
    done = empty_home.run("unlock", "--json", "--passphrase-file", passphrase_file)
    assert done.code == 0
    assert "ameli passphrase change" in done.err
    empty_home.run("passphrase", "change", "--passphrase-file", passphrase_file, "--new-passphrase-file",
                   passphrase_file)
    empty_home.json("lock")
    done = empty_home.run("unlock", "--json", "--passphrase-file", passphrase_file)
    assert (done.code, done.complaints) == (0, "")
