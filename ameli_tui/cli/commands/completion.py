"""Completion for the person's shell."""

from __future__ import annotations

from ameli_tui.cli.context import Context
from ameli_tui.cli.parser import Parser, build_parser, describe
from ameli_tui.i18n import _

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    class CompletionArgs(Protocol):
        """The arguments of ``ameli completion``."""

        shell: str


def configure_completion(parser: Parser) -> None:
    """Add ``ameli completion``."""
    describe(parser, _("Print a script that completes `ameli` in your shell. Put it where the shell looks for it:\n"
                       "  bash: ameli completion bash > ~/.local/share/bash-completion/completions/ameli\n"
                       "  zsh:  ameli completion zsh > a folder of $fpath, in a file named _ameli\n"
                       "  fish: ameli completion fish > ~/.config/fish/completions/ameli.fish"))
    parser.add_argument("shell", choices=("bash", "zsh", "fish"), help=_("your shell"))
    parser.set_defaults(run=run_completion)


def run_completion(context: Context) -> None:
    """Print the script."""
    import shtab

    args: CompletionArgs = context.args
    shell = args.shell
    script = shtab.complete(build_parser(only=None), shell=shell)
    context.out.answer({"shell": shell, "script": script}, lambda: script)
