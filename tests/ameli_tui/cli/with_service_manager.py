"""``python -m tests.ameli_tui.cli.with_service_manager ARGS``: ``ameli ARGS`` where a user's systemd seems to run.

What it is asked goes to the file MANAGER_CALLS; what contains MANAGER_REFUSES is refused. No service is started.
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from unittest.mock import patch

from ameli_tui.__main__ import main


def manage(command: Sequence[str]) -> str | None:
    """Note a command; refuse it when it is to be refused."""
    with Path(os.environ["MANAGER_CALLS"]).open("a", encoding="utf-8") as calls:
        calls.write(" ".join(command) + "\n")
    return "Failed to connect to bus" if os.environ.get("MANAGER_REFUSES", "\0") in " ".join(command) else None


if __name__ == "__main__":
    with patch("agent.client.service_manager._manager", lambda: "systemd"), \
            patch("agent.client.service_unit.run_command", manage), \
            patch("agent.client.service_unit.ask_manager", lambda command: None):
        sys.exit(main())
