"""Standard streams that are full or closed, and faults nobody foresaw: a sentence and an exit code, no traceback."""

import json
import subprocess
import sys

import pytest

from ameli_tui.cli.commands import config as settings_command
from tests.commands import Done, Home, clean_environment
from tests.thoroughness import one_in

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs /dev/full")


def shell(home: Home, line: str, **env: str) -> Done:
    """Run ``ameli LINE`` through a shell, with its redirections."""
    command = f'exec "$PYTHON" -m ameli_tui {line}'
    given = clean_environment(AMELI_HOME=str(home.folder), PYTHON=sys.executable, **env)
    done = subprocess.run(["/bin/sh", "-c", command], env=given, capture_output=True, text=True, check=False,
                          timeout=60)
    return Done(done.returncode, done.stdout, done.stderr)


def is_plain(told: str) -> bool:
    """It says something, and nothing of Python's."""
    return bool(told.strip()) and not any(
        word in told for word in ("Traceback", "Exception ignored", "OSError", "AttributeError", "Errno"))


ANSWERS = ("payments", "payments --json", "config show", "completion bash", "agent logs", "agent status --json",
           "--help", "--version", "--json --version", "payments --help", "export --format csv --out -", "doctor")


@pytest.mark.parametrize("command", one_in(3, ANSWERS))
@pytest.mark.parametrize("out", [">/dev/full", ">&-", "1</dev/null"])
def test_an_answer_that_cannot_be_written_fails_with_a_sentence(command: str, out: str, demo_home: Home) -> None:
    done = shell(demo_home, f"{command} {out}")
    assert done.code == 1, done.err
    assert is_plain(done.err)
    assert done.err.startswith("The answer could not be written whole: ")
    assert len(done.err.splitlines()) == 2


@pytest.mark.parametrize("command", ["payments --json", "--help", "agent status", "config show"])
def test_nobody_to_tell_does_not_spoil_the_answer(command: str, demo_home: Home) -> None:
    whole = shell(demo_home, command)
    for err in ("2>/dev/full", "2>&-"):
        done = shell(demo_home, f"{command} {err}")
        assert (done.code, done.out) == (0, whole.out)


@pytest.mark.parametrize(("command", "code"), one_in(2, [
    ("payments", 1), ("--help", 1), ("nope", 2), ("payments --json", 1)]))
def test_with_neither_stream_the_exit_code_still_tells(command: str, code: int, demo_home: Home) -> None:
    for streams in (">&- 2>&-", ">/dev/full 2>/dev/full", "<&- >&- 2>&-"):
        done = shell(demo_home, f"{command} {streams}")
        assert (done.code, done.out, done.err) == (code, "", "")


def test_an_error_with_json_keeps_its_code_when_standard_output_is_full(demo_home: Home) -> None:
    done = shell(demo_home, "payments --since tomorrow --json >/dev/full")
    assert done.code == 2
    assert "tomorrow" in done.err.splitlines()[0]
    assert is_plain(done.err)


@pytest.mark.parametrize("command", ["payments --json", "agent status --json", "config path --json"])
def test_a_closed_standard_input_is_nothing_to_an_answer(command: str, demo_home: Home) -> None:
    assert shell(demo_home, f"{command} <&-").json == shell(demo_home, command).json


@pytest.mark.parametrize("command", one_in(3, [
    "", "setup", "login", "passphrase change", "procedures start ehic", "estimate"]))
def test_a_question_without_standard_input_is_a_sentence(command: str, empty_home: Home) -> None:
    unreachable = 'portal.base_url "http://127.0.0.1:9"', 'portal.identity_url "http://127.0.0.1:9"'
    for setting in unreachable:
        shell(empty_home, f"config set {setting}")
    done = shell(empty_home, f"{command} <&-")
    assert done.code in (1, 2, 3, 5)
    assert is_plain(done.err)


def test_care_that_never_comes_is_told_apart_from_a_closed_input(empty_home: Home) -> None:
    closed = shell(empty_home, "estimate <&-")
    assert (closed.code, closed.err.splitlines()[0]) == (1, "Standard input cannot be read: it is closed.")
    nothing = shell(empty_home, "estimate </dev/null")
    assert nothing.code == 2
    assert nothing.err.splitlines()[0] == "No description of care came: there is nothing on standard input."
    french = shell(empty_home, "estimate --json </dev/null", AMELI_LANG="fr")
    assert "entrée standard" in french.error["message"]
    for bad, said in (("{", "line 2, column 1"), ("[1,", "line 2, column 1"), ("\\377", "UTF-8")):
        done = subprocess.run(["/bin/sh", "-c", f"printf '{bad}\\n' | \"$0\" -m ameli_tui estimate", sys.executable],
                              env=clean_environment(AMELI_HOME=str(empty_home.folder)), capture_output=True, text=True,
                              check=False)
        assert done.returncode == 2
        assert said in done.stderr
        assert "Expecting" not in done.stderr and "codec" not in done.stderr


def test_a_reader_that_leaves_while_help_is_printed_is_no_failure(empty_home: Home) -> None:
    done = subprocess.run(["/bin/bash", "-c", f"set -o pipefail; {sys.executable} -m ameli_tui --help | true"],
                          env=clean_environment(AMELI_HOME=str(empty_home.folder)), capture_output=True, text=True,
                          check=False)
    assert done.returncode in (0, 141)
    assert done.stderr == ""


def test_a_file_that_is_opened_never_takes_the_place_of_a_closed_stream(empty_home: Home) -> None:
    # The agent's log, its lock and its socket must not be what others write to as standard error.
    done = shell(empty_home, "agent start <&- >&- 2>&-")
    assert done.code == 1  # nobody could be told
    assert json.loads(shell(empty_home, "agent status --json").out)["running"]
    assert shell(empty_home, "agent stop --json").json["was_running"]


def test_a_portal_that_nobody_hears_of_ends_with_a_sentence(empty_home: Home) -> None:
    done = shell(empty_home, "sandbox serve --years 1 --payments 5 >/dev/full")
    assert done.code == 1
    assert is_plain(done.err) and "address" in done.err


# -- faults of our own --------------------------------------------------------------------------------------------


class Secretive(RuntimeError):
    """A fault whose text holds what no report may hold."""


def fault(*_given: object) -> None:
    raise Secretive("2850578006048 wrote 123.45")


def test_a_fault_of_our_own_is_a_sentence_and_a_report_without_values(
        empty_home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    from ameli_tui import i18n
    from ameli_tui.__main__ import main

    monkeypatch.setenv("AMELI_HOME", str(empty_home.folder))
    monkeypatch.setattr(settings_command, "run_path", fault)
    for lang, said in (("en", "unforeseen"), ("fr", "imprévue")):
        i18n.set_lang("en" if lang == "en" else "fr")
        try:
            assert main(["config", "path", "--json"]) == 1
        finally:
            i18n.set_lang(None)
        shown = capsys.readouterr()
        assert json.loads(shown.out)["error"]["code"] == "unforeseen"
        assert said in shown.err and "Secretive" in shown.err
        assert "Traceback" not in shown.err and "2850578006048" not in shown.err
        assert "AMELI_DEBUG" in shown.err
    (report, *_more) = (empty_home.folder / "state" / "logs").glob("crash-*.txt")
    text = report.read_text()
    assert "test_streams.py" in text and "fault" in text
    assert "2850578006048" not in text and "123.45" not in text
    assert report.stat().st_mode & 0o777 == 0o600


def test_who_asks_for_it_sees_where_a_fault_lies(
        empty_home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    from ameli_tui.__main__ import main

    monkeypatch.setenv("AMELI_HOME", str(empty_home.folder))
    monkeypatch.setenv("AMELI_DEBUG", "1")
    monkeypatch.setattr(settings_command, "run_path", fault)
    assert main(["config", "path"]) == 1
    assert "Traceback" in capsys.readouterr().err


def test_a_refusal_of_the_system_names_what_it_is_about(
        empty_home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    from ameli_tui import i18n
    from ameli_tui.__main__ import main

    def refuse(*_given: object) -> None:
        raise PermissionError(13, "Permission denied", "/some/where")

    monkeypatch.setenv("AMELI_HOME", str(empty_home.folder))
    monkeypatch.setattr(settings_command, "run_path", refuse)
    i18n.set_lang("en")
    try:
        assert main(["config", "path"]) == 1
    finally:
        i18n.set_lang(None)
    shown = capsys.readouterr().err
    assert "access is denied (/some/where)" in shown
    assert "Traceback" not in shown


@pytest.mark.parametrize("missing", [
    "sys.modules['ameli_tui.cli.main'] = None",
    "import pathlib, ameli_tui.i18n as one; one.LOCALES = pathlib.Path('/dev/null')"])
def test_a_program_that_is_not_whole_says_so(missing: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("partial")
    code = f"import sys; {missing}\nfrom ameli_tui.__main__ import main; sys.exit(main(['payments']))"
    done = subprocess.run([sys.executable, "-c", code], env=clean_environment(AMELI_HOME=str(folder)),
                          capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert any(said in done.stderr for said in ("install it again", "The system refused"))
    assert "Traceback" not in done.stderr
