"""Where a passphrase or a password comes from: a file, or a person at a terminal; never the command line."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

from agent.passphrase import LINE_ENDS
from ameli_tui.cli.errors import AnswerUnreadable, NoAnswer, PassphraseFileUnreadable, SecretNotText
from ameli_tui.files.collect import at_home

_AT_MOST = 4096
"""Bytes read of a secret's file: the wrong file (a film, a device) is refused, not loaded."""


def has_terminal() -> bool:
    """Say whether a person can be asked."""
    return sys.stdin is not None and sys.stdin.isatty()


def read_secret_file(path: Path) -> str:
    """Return the first line of the file that is not empty, without its line end. Raises PassphraseFileUnreadable.

    What else stands at its end is judged by the agent: a stray sign of a secret is refused or left, never replaced.
    """
    try:
        with at_home(path).open("rb") as file:
            raw = file.read(_AT_MOST + 1)
        line = raw.decode("utf-8-sig").lstrip(LINE_ENDS).split("\n", 1)[0].removesuffix("\r")
    except OSError as error:
        raise PassphraseFileUnreadable(path=path, reason=error.strerror or "?") from error
    except UnicodeDecodeError as error:
        raise PassphraseFileUnreadable(path=path, reason="UTF-8") from error
    if not line or len(raw) > _AT_MOST:
        raise PassphraseFileUnreadable(path=path, reason="0 < n ≤ 4096")
    return line


def passphrase_from_file(option: str | None) -> str | None:
    """Return the passphrase that ``--passphrase-file`` or ``AMELI_PASSPHRASE_FILE`` supplies, or None.

    A demo's home supplies its own: what it protects is invented.
    """
    if named := option or os.environ.get("AMELI_PASSPHRASE_FILE"):
        return read_secret_file(Path(named))
    if home := os.environ.get("AMELI_HOME"):
        from ameli_tui.cli.demo.places import DemoPlaces

        places = DemoPlaces(at_home(home).absolute())
        if places.record.exists() and places.passphrase.exists():
            return read_secret_file(places.passphrase)
    return None


def ask_secret(prompt: str) -> str:
    """Ask on the terminal without echo. The caller made sure that there is one.

    Raises NoAnswer at its end (Ctrl-D), SecretNotText.
    """
    from getpass import getpass

    try:
        typed = getpass(prompt)
        typed.encode()  # bytes that are no UTF-8 come as halves of surrogates, or not at all
    except (EOFError, OSError) as error:
        raise _unanswered() from error
    except UnicodeError:
        raise SecretNotText from None  # what it says holds what was typed
    return typed


def ask_line(prompt: str) -> str:
    """Ask on the terminal; the prompt goes to standard error, so that a redirected answer stays clean.

    Raises NoAnswer when the terminal ends instead (Ctrl-D, a closed window): an empty line is an answer.
    """
    try:
        sys.stderr.write(prompt)
        sys.stderr.flush()
    except OSError as error:  # nobody sees what is asked
        raise NoAnswer from error
    try:
        line = sys.stdin.readline()
    except OSError as error:
        raise _unanswered() from error
    except UnicodeDecodeError:
        raise AnswerUnreadable from None
    if not line:
        raise _unanswered()
    return line.strip()


def _unanswered() -> NoAnswer:
    """Go to a line of its own first: the cursor stands behind the question."""
    with suppress(OSError):
        sys.stderr.write("\n")
        sys.stderr.flush()
    return NoAnswer()
