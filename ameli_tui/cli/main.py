"""From a command line to an exit code: the one place where a command's errors are told and mapped."""

from __future__ import annotations

import os
import sys

from agent.errors import AmeliError
from ameli_tui.cli.errors import Interrupted, WrongUsage
from ameli_tui.cli.output import Output, ReaderGone
from ameli_tui.cli.standard_streams import fill_closed_streams, let_go
from ameli_tui.i18n import unknown_language

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from agent.client.client import Problem

_DIED_OF_PIPE = 141
"""What a shell shows for a program that SIGPIPE (13) ended."""


def run_command(argv: Sequence[str]) -> int:
    """Run one command and return its exit code. Nothing is ever shown as a traceback, and nothing fails in silence."""
    fill_closed_streams()
    for stream in (sys.stdout, sys.stderr):
        # The contract says UTF-8 whatever the environment's locale; a pipe in a test has no such method.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    out = Output(as_json="--json" in argv)
    try:
        if language := unknown_language():
            out.say(language)
        code = _run(argv, out)
        out.finish()
    except ReaderGone:
        code = _DIED_OF_PIPE
    except KeyboardInterrupt:
        code = _tell(Interrupted(), out)
    except AmeliError as error:
        code = _tell(error, out)
    except Exception as error:  # noqa: BLE001 - the border of a command: told with a sentence, kept as a report
        code = _tell(_unforeseen(error, out), out)
    for stream in (out.stdout, out.stderr):
        let_go(stream)  # what failed is told above
    return code


def _run(argv: Sequence[str], out: Output) -> int:
    from ameli_tui.cli.parser import build_parser, check_words, command_word, nearest_command
    from ameli_tui.cli.registry import commands

    word = command_word(argv)
    if word is not None and word not in commands():
        raise WrongUsage(reason=nearest_command(word), prog="ameli")
    try:
        args = build_parser(only=word if word else "").parse_args(argv)
    except SystemExit as done:  # --help
        return int(done.code or 0)
    if str(getattr(args, "out", None)) == "-" and out.as_json:
        raise WrongUsage(reason=_two_answers(), prog=f"ameli {args.command}")
    check_words(args)
    if args.version:
        from agent import VERSION

        out.answer({"version": VERSION}, lambda: f"ameli-tui {VERSION}")
        return 0
    if args.command is None:
        from ameli_tui.app.start import DEMO
        from ameli_tui.cli.open_screens import need_terminal, open_screens

        need_terminal("ameli")
        code = open_screens(mouse=not args.no_mouse)
        return run_command(["demo"]) if code == DEMO else code
    from agent.client.client import Problem  # not at the top: --help and wrong usage need no agent
    from ameli_tui.cli.context import Context

    try:
        return args.run(Context(args, out)) or 0
    except Problem as problem:
        return _tell(problem, out)


def _two_answers() -> str:
    from ameli_tui.i18n import _

    return _("--out - and --json do not go together: both would be on standard output.")


def tell_unforeseen(error: Exception) -> int:
    """Tell an error that broke the program while it was loaded; the exit code."""
    fill_closed_streams()
    out = Output(as_json=False)
    return _tell(_unforeseen(error, out), out)


def _unforeseen(error: Exception, out: Output) -> AmeliError | Problem:
    """What a person is told of an error that no command expects."""
    import traceback

    from agent.client.client import Problem
    from ameli_tui.cli.errors import FolderGone, SystemRefused, Unforeseen
    from ameli_tui.terminal.crash_report import write_crash_report

    if isinstance(error, Problem):
        return error
    if os.environ.get("AMELI_DEBUG"):
        out.say("".join(traceback.format_exception(error)).rstrip())
    if isinstance(error, FileNotFoundError) and not _stands_somewhere():
        return FolderGone()
    if isinstance(error, OSError):
        from agent.errors.system_errors import why, writing_cure

        (why_fr, why_en), (cure_fr, cure_en) = why(error), writing_cure(error)
        return SystemRefused(why_fr=why_fr, why_en=why_en, cure_fr=cure_fr, cure_en=cure_en,
                             place=f" ({error.filename})" if error.filename else "")
    from config.paths import find_paths

    try:
        report = write_crash_report(find_paths().logs, error)
    except RuntimeError:  # nobody knows this person's home folder
        report = None
    return Unforeseen(name=type(error).__name__,
                      where_fr=f", et le compte rendu, sans donnée de vous, est dans {report}" if report else "",
                      where_en=f", and the report, with no data of yours, is {report}" if report else "")


def _stands_somewhere() -> bool:
    try:
        os.getcwd()  # noqa: PTH109
    except FileNotFoundError:
        return False
    return True


def _tell(error: AmeliError | Problem, out: Output) -> int:
    from ameli_tui.i18n import lang

    out.failure(error, lang())
    return error.exit_code

