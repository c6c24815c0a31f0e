"""Where tables of the fund that a person took in are kept: told by whoever knows the home, read where they are used.

Nothing else is imported here: the agent tells it at its start, and most agents never price anything.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

SUFFIX = ".csv.gz"
"""How the files in it are called: ``ccam-v82.csv.gz``."""
_folder: Path | None = None


def keep_in(folder: Path | None) -> None:
    """Tables lie in ``folder`` from now on; None: there are none."""
    global _folder
    _folder = folder


def kept_in() -> Path | None:
    """The folder, or None where nobody told one."""
    return _folder
