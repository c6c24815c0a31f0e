"""The log keeps what helps and nothing that names a person."""

import logging
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.core.logs import RedactingFormatter, redact, set_up, tail


@pytest.mark.parametrize("secret", [
    "1850578006084", "185057800608436", "1 85 05 78 006 084 36", "2 99 12 2A 123 456", "1.85.05.78.006.084",
    "FR7630006000011234567890189", "FR76 3000 6000 0112 3456 7890 189", "418223",
    "jeanne.dupont@example.fr", "dGhpcyBpcyBhIHNlc3Npb24gdG9rZW4gb2YgNDggYnl0ZXM",
])
def test_identifiers_codes_and_tokens_are_hidden(secret: str) -> None:
    for text in (f"seen {secret}", f"({secret})", f"'{secret}',"):
        assert secret not in redact(text)


@pytest.mark.parametrize("line", [
    "Set-Cookie: JSESSIONID=hunter2; Path=/", "Cookie: a=hunter2", "Authorization: Bearer hunter2",
    "password=hunter2", '"passphrase": "hunter2"', "otp = hunter2", "mot de passe : hunter2",
    "GET https://x.test/page?lmhidden=hunter2 200", "https://user:hunter2@x.test/",
])
def test_headers_fields_and_queries_are_hidden(line: str) -> None:
    assert "hunter2" not in redact(line)


@pytest.mark.parametrize("line", [
    "sync done: 42 requests, 1 problems", "unlocked", "page statements: missing table of months",
    "GET https://assure.ameli.fr/paiements 200", "started 2026-11-23T05:33:09",
])
def test_plain_facts_stay(line: str) -> None:
    assert redact(line) == line


def _failing(password: str) -> None:
    raise ValueError("value 1850578006084 refused")


def test_tracebacks_show_no_locals_and_are_redacted_too() -> None:
    secret = " ".join(["correct", "horse"])
    try:
        _failing(secret)
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, __file__, 1, "failed", (), sys.exc_info())
    text = RedactingFormatter().format(record)
    assert "_failing" in text and "ValueError" in text
    assert secret not in text and "1850578006084" not in text


def test_the_journal_gets_levels_on_every_line() -> None:
    record = logging.LogRecord("x", logging.WARNING, __file__, 1, "one\ntwo", (), None)
    assert RedactingFormatter(journal=True).format(record) == "<4>WARNING x: one\n<4>two"


@pytest.fixture
def _root() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    for handler in root.handlers:
        handler.close()
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.mark.usefixtures("_root")
def test_the_file_is_private_rotates_and_can_be_read_back(tmp_path: Path) -> None:
    folder = tmp_path / "logs"
    set_up(folder, foreground=False, environ={})
    for number in range(12_000):
        logging.getLogger("agent.test").info("line %s of the log, long enough to fill the file", number)
    files = sorted(folder.iterdir())
    assert [file.name for file in files][:2] == ["agent.log", "agent.log.1"]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert sum(file.stat().st_size for file in files) < 4 * 513 * 1024
    shown = tail(folder, 3)
    assert len(shown) == 3 and "line 11999 " in shown[-1]
    assert tail(folder, 0) == [] and tail(tmp_path / "none", 5) == []


@pytest.mark.usefixtures("_root")
def test_libraries_that_log_requests_are_kept_quiet(tmp_path: Path) -> None:
    set_up(tmp_path / "logs", foreground=False, environ={})
    logging.getLogger("httpx").info("GET https://x/?nir=1850578006084")
    logging.getLogger("httpcore.http11").debug("Set-Cookie: a=b")
    assert tail(tmp_path / "logs", 10) == []
