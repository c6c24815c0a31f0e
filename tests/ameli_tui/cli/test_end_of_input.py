"""A terminal that ends where an answer is awaited: Ctrl-D, bytes that are no text, a window that is closed."""

import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path
from select import select

import pytest

from ameli_tui.cli import secret_input as secret
from ameli_tui.cli.errors import AnswerUnreadable, NoAnswer
from tests.ameli_tui.cli.test_prompts import PASSPHRASE
from tests.commands import Home, clean_environment, make_vault
from tests.thoroughness import one_in


def typed(
    home: Home, args: list[str], answers: list[tuple[str, bytes]], deadline: float = 40, **more: str
) -> tuple[int, str]:
    """Run ``ameli ARGS`` on a terminal, typing these bytes at the prompts named; exit code and all that was shown.

    ``more``: of the environment.
    """
    env = clean_environment(AMELI_HOME=str(home.folder), TERM="xterm", **more)
    master, slave = pty.openpty()
    with subprocess.Popen([sys.executable, "-m", "ameli_tui", *args], stdin=slave, stdout=slave, stderr=slave,
                          start_new_session=True, env=env,
                          preexec_fn=lambda: _take_terminal(slave)) as run:
        os.close(slave)
        shown, seen, end, waiting = "", 0, time.monotonic() + deadline, list(answers)
        while time.monotonic() < end:
            if not select([master], [], [], 0.2)[0]:
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
                os.write(master, waiting.pop(0)[1])
        os.close(master)
        if run.poll() is None and time.monotonic() >= end:
            run.kill()
        return run.wait(), shown


def _take_terminal(slave: int) -> None:
    """Make it the process's own, as it is for a person: ``/dev/tty`` leads to it."""
    import fcntl
    import termios

    fcntl.ioctl(slave, termios.TIOCSCTTY, 0)


@pytest.fixture
def locked_home(empty_home: Home, tmp_path: Path) -> Home:
    """A home with a closed vault, whose account is nowhere."""
    (tmp_path / "passphrase").write_text(PASSPHRASE, encoding="utf-8")
    make_vault(empty_home, PASSPHRASE)
    for key in ("portal.base_url", "portal.identity_url"):
        empty_home.json("config", "set", key, "http://127.0.0.1:9")
    return empty_home


END = b"\x04"
SECRET = PASSPHRASE.encode() + b"\n"


def is_one_sentence(shown: str) -> bool:
    return "No answer was given" in shown and "Traceback" not in shown and "Error" not in shown


@pytest.mark.parametrize(("args", "answers"), one_in(4, [
    (["unlock"], [("Passphrase:", END)]),
    (["unlock"], [("Passphrase:", b"not this one\n"), ("Passphrase:", END)]),
    (["payments"], [("Passphrase:", END)]),
    (["passphrase", "recovery"], [("Passphrase:", END)]),
    (["passphrase", "change"], [("Present passphrase", END)]),
    (["passphrase", "change"], [("Present passphrase", SECRET), ("New passphrase", END)]),
    (["passphrase", "change"], [("Present passphrase", SECRET), ("New passphrase", SECRET), ("same again", END)]),
    (["unlock", "--recovery-code"], [("Recovery code", END)]),
    (["login"], [("Passphrase:", SECRET), ("number", END)]),
    (["login"], [("Passphrase:", SECRET), ("number", b"2850578006048\n"), ("Password", END)]),
    (["procedures", "start", "ehic"], [("Passphrase:", SECRET), (": ", END)]),
]))
def test_the_end_of_input_at_any_question_is_one_sentence(
        args: list[str], answers: list[tuple[str, bytes]], locked_home: Home) -> None:
    code, shown = typed(locked_home, args, answers)
    assert code == 1, shown
    assert is_one_sentence(shown)
    assert PASSPHRASE not in shown


def test_the_end_of_input_while_the_vault_is_made_makes_none(empty_home: Home) -> None:
    for answers in ([("New passphrase", END)], [("New passphrase", SECRET), ("same again", END)]):
        code, shown = typed(empty_home, ["setup"], answers)
        assert code == 1 and is_one_sentence(shown)
    assert not (empty_home.folder / "data").exists()


def test_with_json_it_is_a_document_too(locked_home: Home) -> None:
    _code, shown = typed(locked_home, ["unlock", "--json"], [("Passphrase:", END)])
    assert '"code": "no_answer"' in shown


def test_bytes_that_are_no_text_are_refused_and_not_shown(locked_home: Home) -> None:
    code, shown = typed(locked_home, ["unlock"], [("Passphrase:", b"caf\xe9 noir\n")])
    assert code == 1, shown
    assert "UTF-8" in shown and "0xe9" not in shown and "Traceback" not in shown


class Ended:
    """A standard input that ends, or a terminal that has gone."""

    def __init__(self, error: Exception | None = None, text: str = "") -> None:
        self.error, self.text = error, text
        self.asked = 0

    def readline(self) -> str:
        """A line, the end, or the system's refusal."""
        self.asked += 1
        assert self.asked < 5, "asked again and again at the end of its input"
        if self.error is not None:
            raise self.error
        return self.text


@pytest.mark.parametrize("stdin", [Ended(), Ended(OSError(5, "Input/output error"))])
def test_an_end_is_not_an_empty_answer(stdin: Ended, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", stdin)
    with pytest.raises(NoAnswer):
        secret.ask_line("? ")


def test_an_empty_line_is_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", Ended(text="\n"))
    assert secret.ask_line("? ") == ""
    monkeypatch.setattr("sys.stdin", Ended(text=" yes"))  # Ctrl-D twice behind a word
    assert secret.ask_line("? ") == "yes"
    monkeypatch.setattr("sys.stdin", Ended(UnicodeDecodeError("utf-8", b"\xe9", 0, 1, "odd")))
    with pytest.raises(AnswerUnreadable):
        secret.ask_line("? ")


def test_questions_of_a_procedure_end_with_their_input(demo_home: Home) -> None:
    code, shown = typed(demo_home, ["procedures", "start", "ehic"], [(": ", END)])
    assert code == 1 and is_one_sentence(shown)


def test_a_closed_window_ends_the_command(locked_home: Home) -> None:
    master, slave = pty.openpty()
    env = clean_environment(AMELI_HOME=str(locked_home.folder), TERM="xterm")
    with subprocess.Popen([sys.executable, "-m", "ameli_tui", "unlock", "--recovery-code"], stdin=slave, stdout=slave,
                          stderr=slave, env=env, start_new_session=True, preexec_fn=lambda: signal.signal(
                              signal.SIGHUP, signal.SIG_IGN)) as run:
        os.close(slave)
        shown = b""
        while b"Recovery code" not in shown:
            shown += os.read(master, 4096)
        os.close(master)
        assert run.wait(20) == 1
