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
    try:
        if args in ([], ["--no-mouse"]):
            return _screens(mouse=not args)
        if args in (["--version"], ["-V"]) and _said_version():
            return 0
        from ameli_tui.cli.main import run_command

        return run_command(args)
    except KeyboardInterrupt:  # while loading: later ones are told with a sentence
        return 130
    except Exception as error:  # noqa: BLE001 - the border of the program: told with a sentence
        return _failed(error)


def _screens(mouse: bool) -> int:
    if None in (sys.stdin, sys.stdout, sys.stderr):
        from ameli_tui.cli.standard_streams import fill_closed_streams

        fill_closed_streams()
    from ameli_tui.app.start import DEMO, run

    code = run(mouse=mouse)
    if code == DEMO:
        from ameli_tui.cli.main import run_command

        return run_command(["demo"])
    return code


def _failed(error: Exception) -> int:
    """Tell what broke before a command or the screens could tell it themselves."""
    try:
        from ameli_tui.cli.main import tell_unforeseen

        return tell_unforeseen(error)
    except Exception as missing:  # noqa: BLE001 - so much of it is missing that it cannot even say so nicely
        if sys.stderr is not None:
            message = "ameli : installation incomplète, réinstallez-la / incomplete, install it again"
            sys.stderr.write(f"{message}: {missing}\n")
        return 1


def _said_version() -> bool:
    """Print the version; False when standard output takes nothing, which the long way round tells."""
    from agent import VERSION

    try:
        sys.stdout.write(f"ameli-tui {VERSION}\n")
        sys.stdout.flush()
    except (OSError, AttributeError):  # full; closed
        return False
    return True


def _close_to_others() -> None:
    """Have nothing imported from the current folder, from beside the script or from ``PYTHONPATH``."""
    # Our own folder first, so that this one import is ours already.
    sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))  # noqa: PTH100, PTH120
    from config.python_process import trust_own_places_only

    del sys.path[0]
    trust_own_places_only()


if __name__ == "__main__":
    sys.exit(main())
