"""The command line's grammar, built for the one command that is used: the others would cost time for nothing."""

from __future__ import annotations

import argparse
import os
import sys
from importlib import import_module

from ameli_tui.cli.errors import WrongUsage
from ameli_tui.cli.registry import GROUPS, N_, commands
from ameli_tui.i18n import _, ngettext

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import NoReturn, TypedDict, Unpack

    from _typeshed import SupportsWrite

    from ameli_tui.cli.context import Context

    class ParserOptions(TypedDict, total=False):
        """What a parser is made with; argparse itself passes some of its own to those of sub-commands."""

        prog: str | None
        usage: str | None
        description: str | None
        epilog: str | None
        formatter_class: type[argparse.HelpFormatter]

ARGPARSE_TEXTS = (
    N_("usage: "), N_("options"), N_("positional arguments"), N_("show this help message and exit"),
    N_("unrecognized arguments: %s"), N_("the following arguments are required: %s"), N_("expected one argument"),
    N_("expected at least one argument"), N_("not allowed with argument %s"),
    N_("one of the arguments %s is required"), N_("invalid %(type)s value: %(value)r"),
    N_("invalid choice: %(value)r (choose from %(choices)s)"), N_("argument %(argument_name)s: %(message)s"),
    N_("ignored explicit argument %r"),
)
"""What argparse says in English by itself; it looks the translations up through the two names replaced below."""


class Layout(argparse.RawDescriptionHelpFormatter):
    """Help as wide as the terminal. argparse makes one with each argument it is given, and would import shutil."""

    def __init__(self, prog: str) -> None:
        try:
            width = os.get_terminal_size().columns
        except OSError:
            width = 80
        super().__init__(prog, width=width - 2, max_help_position=28)


class Parser(argparse.ArgumentParser):
    """argparse with the house's manners: no abbreviations, examples kept as written, errors raised."""

    def __init__(self, **options: Unpack[ParserOptions]) -> None:
        options.setdefault("formatter_class", Layout)
        super().__init__(**options, allow_abbrev=False)

    def error(self, message: str) -> NoReturn:
        """Raise WrongUsage instead of printing and leaving."""
        reason = message[:1].upper() + message[1:]
        raise WrongUsage(reason=reason if reason.endswith((".", "?", "!")) else reason + ".", prog=self.prog)

    def _print_message(self, message: str, file: SupportsWrite[str] | None = None) -> None:
        """Print the help; argparse's own would say nothing of an output that is full or closed."""
        try:
            (file or sys.stdout).write(message)
        except OSError as error:
            from ameli_tui.cli.output import not_written

            raise not_written(error) from error

    def actions(self, dest: str = "action", required: bool = False) -> argparse._SubParsersAction[Parser]:
        """Return the place for this command's own sub-commands."""
        return self.add_subparsers(prog=self.prog, dest=dest, required=required, metavar=dest.upper(),
                                   title=_("actions"))


def add_common(parser: argparse.ArgumentParser, default: str | None = argparse.SUPPRESS) -> None:
    """Add the options that every command takes, before or after its name."""
    group = parser.add_argument_group(_("common options"))
    group.add_argument("--json", action="store_true", default=default or False,
                       help=_("answer with one JSON document, for scripts"))
    group.add_argument("--passphrase-file", metavar="FILE", default=default,
                       help=_("file whose first line unlocks the vault, when a command needs it unlocked"))


def add_action(
    actions: argparse._SubParsersAction[Parser], name: str, summary: str, run: Callable[[Context], int | None],
    example: str = "",
) -> Parser:
    """Add one sub-command with its common options and return its parser."""
    parser = actions.add_parser(name, help=summary, description=summary, epilog=_example(example))
    add_common(parser)
    parser.set_defaults(run=run)
    return parser


def _example(example: str) -> str | None:
    return _("example:\n  {command}").format(command=example) if example else None


def describe(parser: argparse.ArgumentParser, text: str, example: str = "") -> None:
    """Give a command its longer explanation and an example to copy."""
    parser.description = text
    parser.epilog = _example(example)


def command_word(argv: Sequence[str]) -> str | None:
    """Return the first word that is not an option: the command."""
    skip = False
    for word in argv:
        if skip:
            skip = False
        elif word == "--passphrase-file":
            skip = True
        elif not word.startswith("-"):
            return word
    return None


def build_parser(only: str | None) -> Parser:
    """Return the parser of the whole program, or of one command alone."""
    speak_our_language()
    about = _("Your French health-insurance account in the terminal. Without a command, the screens open.")
    parser = Parser(prog="ameli", usage=_("ameli [COMMAND] [OPTIONS]"), epilog=_overview(), description=about)
    parser.add_argument("-V", "--version", action="store_true", help=_("print the version and leave"))
    parser.add_argument("--no-mouse", action="store_true", help=_("screens that leave the mouse to the terminal"))
    add_common(parser, default=None)
    # The overview below lists the commands by subject; argparse's own list would repeat them. Completion needs it.
    places = parser.add_subparsers(prog="ameli", dest="command", metavar="COMMAND",
                                   help=None if only is None else argparse.SUPPRESS)
    for name, command in commands().items():
        if only in (None, name):
            summary = _(command.summary)
            inner = places.add_parser(name, help=summary, description=summary[:1].upper() + summary[1:] + ".")
            add_common(inner)
            module = import_module(f"ameli_tui.cli.commands.{command.module}")
            getattr(module, f"configure_{name}")(inner)
    return parser


def speak_our_language() -> None:
    """Make argparse look its own texts up in our catalogues."""
    setattr(argparse, "_", _)  # noqa: B010 - a name mypy does not know
    setattr(argparse, "ngettext", ngettext)  # noqa: B010


def nearest_command(word: str) -> str:
    """Return the sentence for a command that does not exist, naming the nearest one."""
    from config.nearest import nearest

    if near := nearest(word, commands()):
        return _("There is no command “{word}”. Did you mean “{near}”?").format(word=word, near=near)
    return _("There is no command “{word}”.").format(word=word)


def _overview() -> str:
    lines = []
    for title, group in GROUPS:
        lines.append(f"{_(title)}:")
        lines += [f"  {name:<14}{_(command.summary)}" for name, command in group.items()]
        lines.append("")
    lines.append(_("`ameli COMMAND --help` explains one command. Exit codes: 0 done, 1 failed, 2 wrong usage,\n"
                   "3 locked or wrong passphrase, 4 service unreachable, 5 a person is needed."))
    return "\n".join(lines)


def check_words(args: argparse.Namespace) -> None:
    """Refuse words that are no text: a terminal of another encoding typed them. Names of files may be any bytes."""
    for name, value in vars(args).items():
        words = value if isinstance(value, list) else [value]
        if name not in _OF_FILES and any(isinstance(word, str) and not _is_text(word) for word in words):
            raise WrongUsage(reason=_("What was given for “{name}” is not UTF-8.").format(name=name),
                             prog=f"ameli {args.command}")


_OF_FILES = ("answers", "attach", "body", "home", "json_input", "new_passphrase_file", "out", "passphrase_file",
             "password_file")


def _is_text(word: str) -> bool:
    return not any("\ud800" <= sign <= "\udfff" for sign in word)
