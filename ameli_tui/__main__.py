"""Where ``ameli`` begins. It decides from the command line alone, so that a command never pays for the screens."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run ``ameli`` with these arguments (default: the process's own) and return its exit code.

    No argument opens the screens (``--no-mouse``: leaving the mouse to the terminal); anything else is a command.
    """
    args = list(sys.argv[1:] if argv is None else argv)
    if args in ([], ["--no-mouse"]):
        from ameli_tui.start import run

        return run(mouse=not args)
    if args in (["--version"], ["-V"]):
        from agent import VERSION

        sys.stdout.write(f"ameli-tui {VERSION}\n")
        return 0
    try:
        from ameli_tui.cli.entry import run_command

        return run_command(args)
    except KeyboardInterrupt:  # while loading: later ones are told with a sentence
        return 130


if __name__ == "__main__":
    sys.exit(main())
