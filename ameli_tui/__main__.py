"""Where ``ameli`` begins. It decides from the command line alone, so that a command never pays for the screens."""

# No ``from __future__``: even that is a module, and could be somebody else's until the search path is our own.
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def main(argv: "Sequence[str] | None" = None) -> int:
    """Run ``ameli`` with these arguments (default: the process's own) and return its exit code.

    No argument opens the screens (``--no-mouse``: leaving the mouse to the terminal); anything else is a command.
    """
    if argv is None:
        _close_to_others()
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


def _close_to_others() -> None:
    """Have nothing imported from the current folder, from beside the script or from ``PYTHONPATH``."""
    # Our own folder first, so that this one import is ours already.
    sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))  # noqa: PTH100, PTH120
    from config.python_process import trust_own_places_only

    del sys.path[0]
    trust_own_places_only()


if __name__ == "__main__":
    sys.exit(main())
