"""The agent's log: small, private, and without anything that names a person or opens a door."""

import io
import logging
import os
import re
from logging.handlers import RotatingFileHandler
from pathlib import Path

from agent.errors.system_errors import FULL, READ_ONLY

_GAP = "[ \u00a0.-]?"
_NIR = rf"\b[1-478](?:{_GAP}\d){{4}}{_GAP}\d[\dABab](?:{_GAP}\d){{6}}(?:{_GAP}\d{{2}})?\b"
_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?i)\b((?:set-)?cookie|(?:proxy-)?authorization|x-csrf\S*)([\"']?\s*[:=]\s*).*"), r"\1\2[hidden]"),
    (
        re.compile(r"(?i)(pass(?:word|phrase)|mot de passe|secret|token|otp|code)([\"']?\s*[:=]\s*)[^\s,}]+"),
        r"\1\2[hidden]",
    ),
    (re.compile(r"(https?://)[^\s/@]+@"), r"\1[hidden]@"),
    (re.compile(r"(https?://[^\s?\"']+)\?[^\s\"']+"), r"\1?[query]"),
    (re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+"), "[mail]"),
    (re.compile(r"\b[A-Z]{2}\d{2}(?:[ \u00a0]?[0-9A-Z]{4}){3,7}(?:[ \u00a0]?[0-9A-Z]{1,4})?\b"), "[iban]"),
    (re.compile(_NIR), "[nir]"),
    (re.compile(r"\d{6,}"), "[digits]"),
    (re.compile(r"[A-Za-z0-9_+=-]{40,}"), "[token]"),
)
_NOISY = ("httpx", "httpcore", "apscheduler", "h11", "asyncio", "pypdfium2", "PIL", "fontTools")
_LEVELS = {logging.CRITICAL: 2, logging.ERROR: 3, logging.WARNING: 4, logging.INFO: 6, logging.DEBUG: 7}
_MAX_BYTES = 512 * 1024


def redact(text: str) -> str:
    """Return ``text`` without identifiers, codes, cookies, tokens, addresses and queries."""
    for rule, instead in _RULES:
        text = rule.sub(instead, text)
    return text


class RedactingFormatter(logging.Formatter):
    """Formats a record, traceback included, then hides what must not be kept. The moment stays readable."""

    def __init__(self, journal: bool = False) -> None:
        """``journal``: the level goes before each line, as systemd reads it, and the moment is left to it."""
        super().__init__("%(levelname)s %(name)s: %(message)s")
        self._journal = journal

    def format(self, record: logging.LogRecord) -> str:
        """The whole record as text."""
        record.exc_text = None  # another handler's text may be there, not hidden
        lines = redact(super().format(record))
        record.exc_text = None
        if self._journal:
            level = _LEVELS.get(record.levelno, 6)
            return "\n".join(f"<{level}>{line}" for line in lines.splitlines())
        return f"{self.formatTime(record, '%Y-%m-%dT%H:%M:%S')} {lines}"


class PrivateFile(RotatingFileHandler):
    """A rotating file that only its owner can read, from its first byte."""

    def _open(self) -> io.TextIOWrapper:
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
        handle = os.open(self.baseFilename, flags, 0o600)
        return os.fdopen(handle, "a", encoding="utf-8")


def set_up(folder: Path, foreground: bool, environ: dict[str, str], level: int = logging.INFO) -> None:
    """Send the process's log to ``folder``/agent.log; nowhere when that disk takes no writes.

    ``foreground``: also to standard error, for the person who watches, or as the journal wants it.
    """
    root = logging.getLogger()
    for handler in root.handlers[:]:
        root.removeHandler(handler)
    root.setLevel(level)
    logging.raiseExceptions = False  # its report would print a record's raw arguments
    for name in _NOISY:
        logging.getLogger(name).setLevel(logging.WARNING)
    root.addHandler(_file(folder))
    if foreground:
        stream = logging.StreamHandler()
        stream.setFormatter(RedactingFormatter(journal="JOURNAL_STREAM" in environ))
        root.addHandler(stream)


def _file(folder: Path) -> logging.Handler:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = PrivateFile(folder / "agent.log", maxBytes=_MAX_BYTES, backupCount=3, delay=False)
    except OSError as error:
        if error.errno not in FULL | READ_ONLY:
            raise
        return logging.NullHandler()
    file.setFormatter(RedactingFormatter())
    return file


def tail(folder: Path, lines: int) -> list[str]:
    """The newest lines of the log, oldest first."""
    newest: list[str] = []
    for name in ("agent.log", "agent.log.1"):
        try:
            text = (folder / name).read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            break
        newest = text.splitlines() + newest
        if len(newest) >= lines:
            break
    return newest[-lines:] if lines > 0 else []
