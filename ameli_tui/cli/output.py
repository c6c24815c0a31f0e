"""What every command says and how: one JSON document, or plain text for a person; problems and progress aside."""

from __future__ import annotations

import json
import os
import re
import sys

from agent.errors import AmeliError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import TextIO

    from agent.client.client import Problem
    from agent.protocol import problems
    from ameli_tui.i18n import Lang

_UNSAFE_IN_JSON = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
"""``json`` escapes C0 only; these steer a terminal as well. They can stand inside JSON strings alone."""


def to_json(document: object) -> str:
    """Return the document as JSON text that no terminal obeys: a list one item a line, anything else indented."""
    if isinstance(document, list):
        # Indenting is done in Python and takes ten times as long: a long list stays quick, and grep finds whole items.
        text = "[" + ",".join("\n" + json.dumps(item, ensure_ascii=False) for item in document) + "\n]"
    else:
        text = json.dumps(document, ensure_ascii=False, indent=2)
    return _UNSAFE_IN_JSON.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def one_line(text: object) -> str:
    """Return text from outside as one harmless line; ``None`` becomes nothing."""
    line = "" if text is None else str(text)
    if line.isprintable():  # most cells of a long table: nothing to clean
        return line
    from agent.account.clean_text import clean_text

    return " ".join(clean_text(line).split())


def problem_text(problem: problems.Problem, lang: Lang) -> str:
    """Return one sentence from a problem as the agent tells it."""
    return one_line(problem["message"][lang])


class Output:
    """Standard output for the answer, standard error for everything else."""

    def __init__(self, as_json: bool, stdout: TextIO | None = None, stderr: TextIO | None = None) -> None:
        """``as_json``: the answer is one JSON document and nothing else reaches standard output."""
        self.as_json = as_json
        self.stdout = sys.stdout if stdout is None else stdout
        self.stderr = sys.stderr if stderr is None else stderr
        self._progress_width = 0
        self._deaf = False
        """Standard error takes nothing: there is nobody to tell, and the answer and the exit code still count."""
        self._next_line_s = 0.0

    def answer(self, document: object, text: Callable[[], str]) -> None:
        """Give the command's answer: the document with ``--json``, else what ``text()`` returns.

        Raises AnswerNotWritten when standard output is full or closed, ReaderGone when its reader has left.
        """
        self._end_progress()
        shown = to_json(document) if self.as_json else text()
        try:
            self.stdout.write(shown if shown.endswith("\n") or not shown else shown + "\n")
            self.stdout.flush()
        except OSError as error:
            raise not_written(error) from error

    def raw(self, data: bytes) -> None:
        """Give a file's bytes as the answer. Raises AnswerNotWritten, ReaderGone."""
        self._end_progress()
        try:
            self.stdout.flush()
            self.stdout.buffer.write(data)
            self.stdout.buffer.flush()
        except OSError as error:
            raise not_written(error) from error

    def finish(self) -> None:
        """Write out what others (argparse) left on standard output. Raises AnswerNotWritten, ReaderGone."""
        from ameli_tui.cli.standard_streams import let_go

        self._end_progress()
        error = let_go(self.stdout)
        if error is not None:
            raise not_written(error) from error

    def say(self, text: str) -> None:
        """Tell the person something that is not the answer."""
        self._end_progress()
        self._tell(text + "\n")

    def progress(self, text: str) -> None:
        """Show how far it is: in place on a terminal, else nothing (a log wants no ticking)."""
        if self.stderr.isatty():
            line = text[: max(20, _columns(self.stderr) - 1)]
            self._tell("\r" + line.ljust(self._progress_width))
            self._progress_width = len(line)

    def waiting(self, text: str, seconds: float) -> None:
        """Say that an answer takes long: in place on a terminal, else a line now and then."""
        if self.stderr.isatty():
            self.progress(text)
        elif seconds >= self._next_line_s:
            self._next_line_s = seconds * 2
            self.say(text)

    def _end_progress(self) -> None:
        if self._progress_width:
            self._tell("\r" + " " * self._progress_width + "\r")
            self._progress_width = 0

    def _tell(self, text: str) -> None:
        if self._deaf:
            return
        try:
            self.stderr.write(text)
            self.stderr.flush()
        except OSError:
            self._deaf = True

    def failure(self, problem: AmeliError | Problem, lang: str) -> None:
        """Tell what went wrong: one sentence and the hint on standard error, a document as well with ``--json``."""
        message, hint = problem.message(lang), problem.hint(lang)
        text = one_line(message) + ("\n" + one_line(hint) if hint else "")
        if self.as_json and problem.code != "output":
            try:
                self.answer({"error": {"code": problem.code, "message": message, "hint": hint}}, str)
            except AmeliError as unwritten:
                text += "\n" + one_line(unwritten.message(lang))
            except ReaderGone:
                self.as_json = False  # no document: the sentence below, and the exit code, say it
        self.say(text)


class ReaderGone(Exception):
    """Who reads standard output (``| head``) has enough."""


def not_written(error: OSError) -> Exception:
    """What to raise for a standard output that refused: AnswerNotWritten, or ReaderGone."""
    from agent.errors.system_errors import why
    from ameli_tui.cli.errors import AnswerNotWritten

    if isinstance(error, BrokenPipeError):
        return ReaderGone()
    why_fr, why_en = why(error)
    return AnswerNotWritten(why_fr=why_fr, why_en=why_en)


def _columns(stream: TextIO) -> int:
    try:
        return os.get_terminal_size(stream.fileno()).columns
    except OSError:
        return 80


def table(heads: Sequence[str], rows: Iterable[Sequence[object]], right: Sequence[int] = ()) -> str:
    """Return rows as aligned plain columns under their heads; columns numbered in ``right`` are flush right."""
    lines = [[one_line(cell) for cell in row] for row in rows]
    widths = [max(len(head), *(len(line[n]) for line in lines)) if lines else len(head) for n, head in enumerate(heads)]

    def draw(cells: Sequence[str]) -> str:
        drawn = (c.rjust(widths[n]) if n in right else c.ljust(widths[n]) for n, c in enumerate(cells))
        return "  ".join(drawn).rstrip()

    return "\n".join([draw(heads), draw(["-" * width for width in widths]), *map(draw, lines)])


def why_no_json(error: Exception) -> str:
    """Why a text could not be read as JSON, in the person's words."""
    from ameli_tui.i18n import _

    if isinstance(error, json.JSONDecodeError):
        return _("it is not JSON (line {line}, column {column})").format(line=error.lineno, column=error.colno)
    if isinstance(error, UnicodeDecodeError):
        return _("it is not UTF-8")
    return _("it is not JSON that can be read")


def facts(pairs: Iterable[tuple[str, object]]) -> str:
    """Return labelled facts, one a line, the values aligned; a pair without a value is left out."""
    shown = [(one_line(label), one_line(value)) for label, value in pairs if value not in (None, "", [], ())]
    width = max((len(label) for label, _ in shown), default=0)
    return "\n".join(f"{label.ljust(width)}  {value}" for label, value in shown)
