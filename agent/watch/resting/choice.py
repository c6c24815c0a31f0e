"""What a person chooses to survive a restart: tried before it counts, and taken back where what it was for fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from agent.watch.resting.resting import Resting, keeper_of
from agent.watch.resting.ticket_file import TicketFile
from config.settings import load_settings, save_settings

if TYPE_CHECKING:
    from config.paths import Paths
    from config.settings import Survive


class Choice:
    """Of one home. Whoever asks for it has made sure that no agent takes up the settings meanwhile."""

    def __init__(self, paths: Paths) -> None:
        """Raises SettingsError."""
        self._paths = paths
        self._before = load_settings(paths.settings)
        self._after = self._before

    @property
    def survive(self) -> Survive:
        """What is chosen."""
        return self._after.agent.survive

    def make(self, survive: Survive) -> None:
        """Have this chosen, once whoever is to keep the key has kept one; a ticket under another key rests no longer.

        Raises KeyUnavailable, TicketNotKept, SettingsError, OSError of the settings: then all is as before.
        """
        after = msgspec.structs.replace(
            self._before, agent=msgspec.structs.replace(self._before.agent, survive=survive))
        Resting.of(self._paths, after.agent).prepare()
        if survive != self._before.agent.survive:
            TicketFile(self._paths.watch_ticket).forget()
            save_settings(self._paths.settings, after)
        self._after = after

    def take_back(self) -> None:
        """Choose what was chosen before, and forget the key that was made for the other. Raises as `make`."""
        if self.survive != self._before.agent.survive:
            save_settings(self._paths.settings, self._before)
            self._forget_key(self._after.agent.survive)
            self._after = self._before

    def settle(self) -> None:
        """It is for good: the key of what was chosen before is forgotten. Raises KeyUnavailable."""
        if self.survive != self._before.agent.survive:
            self._forget_key(self._before.agent.survive)
            self._before = self._after

    def end(self) -> None:
        """Have nothing rest: ticket and key are forgotten, and nothing is chosen.

        Raises KeyUnavailable, TicketNotKept: then it stays chosen, so that it can be tried again; OSError.
        """
        Resting.of(self._paths, self._before.agent).forget()
        self.make("no")

    def _forget_key(self, survive: Survive) -> None:
        agent = msgspec.structs.replace(self._before.agent, survive=survive)
        if (keeper := keeper_of(self._paths, agent)) is not None:
            keeper.forget()
