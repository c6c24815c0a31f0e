"""From a command line to an exit code: the one place where a command's errors are told and mapped."""

from __future__ import annotations

import os
import sys
from functools import cached_property

from agent.errors import AmeliError
from ameli_tui.cli.errors import Interrupted, WrongUsage
from ameli_tui.cli.output import Output

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence

    from agent.client import Problem
    from ameli_tui.cli.door import Door
    from config.paths import Paths

_DIED_OF_PIPE = 141
"""What a shell shows for a program that SIGPIPE (13) ended."""


class Context:
    """What a command works with: its arguments, where it answers, and the way to the agent."""

    def __init__(self, args: Namespace, out: Output) -> None:
        self.args = args
        self.out = out

    @cached_property
    def paths(self) -> Paths:
        """The folders of this installation."""
        from config.paths import find_paths

        return find_paths()

    @cached_property
    def door(self) -> Door:
        """The agent, started and unlocked as needed."""
        from ameli_tui.cli.door import Door

        return Door(self.paths, self.out, self.args.passphrase_file)


def run_command(argv: Sequence[str]) -> int:
    """Run one command and return its exit code. Nothing expected is ever shown as a traceback."""
    for stream in (sys.stdout, sys.stderr):
        # The contract says UTF-8 whatever the environment's locale; a pipe in a test has no such method.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    out = Output(as_json="--json" in argv)
    try:
        return _run(argv, out)
    except BrokenPipeError:
        # The reader (`| head`) has enough. Python would complain again when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _DIED_OF_PIPE
    except KeyboardInterrupt:
        return _tell(Interrupted(), out)
    except AmeliError as error:
        return _tell(error, out)


def _run(argv: Sequence[str], out: Output) -> int:
    from ameli_tui.cli.parser import build_parser, command_word, nearest_command
    from ameli_tui.cli.registry import commands

    word = command_word(argv)
    if word is not None and word not in commands():
        raise WrongUsage(reason=nearest_command(word), prog="ameli")
    try:
        args = build_parser(only=word if word else "").parse_args(argv)
    except SystemExit as done:  # --help
        return int(done.code or 0)
    if args.version:
        from agent import VERSION

        out.answer({"version": VERSION}, lambda: f"ameli-tui {VERSION}")
        return 0
    if args.command is None:
        from ameli_tui.cli.screens import need_terminal, open_screens

        need_terminal("ameli")
        return open_screens(mouse=not args.no_mouse)
    from agent.client import Problem  # not at the top: --help and wrong usage need no agent

    try:
        return args.run(Context(args, out)) or 0
    except Problem as problem:
        return _tell(problem, out)


def _tell(error: AmeliError | Problem, out: Output) -> int:
    from ameli_tui.i18n import lang

    out.failure(error, lang())
    return error.exit_code

