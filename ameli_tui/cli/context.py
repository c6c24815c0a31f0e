"""What a command is run with."""

from __future__ import annotations

from functools import cached_property

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace

    from ameli_tui.cli.agent_access import Door
    from ameli_tui.cli.output import Output
    from config.paths import Paths


class Context:
    """What a command works with: its arguments, where it answers, and the way to the agent."""

    def __init__(self, args: Namespace, out: Output) -> None:
        self.args = args
        """Each command reads them through a view of its own, which says what they are."""
        self.out = out

    @property
    def passphrase_file(self) -> str | None:
        """The file that opens the vault, when one was named."""
        given: str | None = self.args.passphrase_file
        return given

    @cached_property
    def paths(self) -> Paths:
        """The folders of this installation."""
        from config.paths import find_paths

        return find_paths()

    @cached_property
    def door(self) -> Door:
        """The agent, started and unlocked as needed."""
        from ameli_tui.cli.agent_access import Door

        return Door(self.paths, self.out, self.passphrase_file)
