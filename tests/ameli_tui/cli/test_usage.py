"""Wrong usage, help, version: what works without an agent."""

import pytest

from agent import VERSION
from ameli_tui.cli.registry import commands
from tests.commands import Home


def test_the_version_is_said(empty_home: Home) -> None:
    done = empty_home.run("--version")
    assert (done.code, done.out, done.err) == (0, f"ameli-tui {VERSION}\n", "")


def test_the_version_comes_as_json_too(empty_home: Home) -> None:
    assert empty_home.json("--version") == {"version": VERSION}


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_every_command_teaches_in_both_languages(lang: str, capsys: pytest.CaptureFixture[str]) -> None:
    from ameli_tui import i18n
    from ameli_tui.__main__ import main

    i18n.set_lang("fr" if lang == "fr" else "en")
    try:
        for name in commands():
            assert main([name, "--help"]) == 0
            said = capsys.readouterr().out
            assert f"ameli {name}" in said
            assert ("options courantes" if lang == "fr" else "common options") in said
            assert said.startswith("usage")
        assert main(["--help"]) == 0
        said = capsys.readouterr().out
        assert all(f"  {name} " in said for name in commands())
    finally:
        i18n.set_lang(None)


def test_an_unknown_command_names_the_nearest_one(empty_home: Home) -> None:
    done = empty_home.run("paymnts")
    assert done.code == 2
    assert done.out == ""
    assert done.err.splitlines()[0] == "There is no command “paymnts”. Did you mean “payments”?"


def test_wrong_usage_with_json_is_a_document(empty_home: Home) -> None:
    done = empty_home.run("--json", "payments", "--since", "yesterday")
    assert done.code == 2
    assert done.error["code"] == "usage"
    assert "yesterday" in done.error["message"]
    assert set(done.error) == {"code", "message", "hint"}
    assert done.err.startswith(done.error["message"])


@pytest.mark.parametrize("args", [
    ("payments", "--limit", "-1"), ("payments", "--until", "2026-02-30"), ("documents", "get"), ("agent",),
    ("agent", "dance"), ("demo", "--detach"), ("demo", "--stop"), ("attestation",),
    ("payments", "--sinc", "2026-01-01"),
    ("completion", "powershell"), ("--json",),
])
def test_wrong_usage_exits_2_with_one_clear_sentence(args: tuple[str, ...], empty_home: Home) -> None:
    done = empty_home.run(*args)
    assert done.code == 2
    assert "Traceback" not in done.err
    assert done.err.splitlines()[0].endswith((".", "?", ")"))
    assert len(done.err.splitlines()) == 2


def test_wrong_usage_starts_no_agent(empty_home: Home) -> None:
    empty_home.run("payments", "--limit", "many")
    assert not empty_home.folder.exists()


@pytest.mark.parametrize("args", [("payments",), ("sandbox", "serve"), ("demo", "--home", "/nowhere", "--detach")])
def test_a_day_that_is_none_is_refused_before_anything_starts(args: tuple[str, ...], empty_home: Home) -> None:
    done = empty_home.run(*args, AMELI_TODAY="2026-13-01")
    assert (done.code, done.err.splitlines()[0]) == (2, "AMELI_TODAY: “2026-13-01” is not a day like 2026-11-23.")
    assert not empty_home.folder.exists()


def test_the_screens_are_refused_without_a_terminal(empty_home: Home) -> None:
    done = empty_home.run()
    assert done.code == 2
    assert "terminal" in done.err


def test_french_speaks_french_down_to_argparse(empty_home: Home) -> None:
    done = empty_home.run("documents", "get", AMELI_LANG="fr")
    assert "obligatoires" in done.err


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_knows_every_command(shell: str, empty_home: Home) -> None:
    script = empty_home.run("completion", shell).out
    assert all(name in script for name in commands())
    assert empty_home.json("completion", shell)["script"].strip() == script.strip()


def test_a_changed_setting_says_from_when_on_it_counts(empty_home: Home) -> None:
    for key, value, said in (
            ("theme", "dark", "screens are opened again"), ("agent.lock_after_min", "3", "from now on"),
            ("sync.every_h", "12", "from now on"), ("portal.transport", "browser", "next unlocking"),
            ("portal.timeout_s", "20", "from now on"), ("export.naming", "{date}_{title}", "from now on"),
            ("lang", "en", "from now on")):
        assert said in empty_home.run("config", "set", key, value).err


def test_settings_are_shown_changed_and_checked(empty_home: Home) -> None:
    assert empty_home.json("config", "show")["agent"]["lock_after_min"] == 15.0
    changed = empty_home.json("config", "set", "agent.lock_after_min", "3")
    assert changed == {"key": "agent.lock_after_min", "value": 3.0}
    assert empty_home.json("config", "set", "lang", "en")["value"] == "en"
    assert empty_home.json("config", "show")["agent"]["lock_after_min"] == 3.0
    settings = empty_home.json("config", "path")["settings"]
    assert settings.startswith(str(empty_home.folder))
    wrong = empty_home.run("config", "set", "agent.lock_afer_min", "3", "--json")
    assert (wrong.code, wrong.error["code"]) == (1, "settings")
    assert "agent.lock_after_min" in wrong.error["message"]
    assert empty_home.run("config", "set", "sync.every_h", "soon").code == 1
    assert empty_home.json("config", "show")["sync"]["every_h"] == 6.0


def test_a_broken_settings_file_is_named_not_shown_as_a_traceback(empty_home: Home) -> None:
    path = empty_home.folder / "config" / "settings.toml"
    path.parent.mkdir(parents=True)
    path.write_text("[agent]\nlock_after = 3\n")
    done = empty_home.run("config", "show")
    assert done.code == 1
    assert str(path) in done.err
    assert "lock_after_min" in done.err


def test_status_without_an_agent_is_an_answer_and_starts_none(empty_home: Home) -> None:
    status = empty_home.json("agent", "status")
    assert status == {"running": False, "pid": None, "version": VERSION, "locked": True, "last_sync": None,
                      "next_sync": None, "portal": None, "pending": 0, "problems": [], "watching": False, "sealed": 0,
                      "polls_while_locked": 0, "needs": None}
    assert not empty_home.folder.exists()
    assert empty_home.json("agent", "stop") == {"running": False, "was_running": False}
    assert empty_home.json("agent", "logs") == {"lines": []}
