"""Before the data: locking is asked once more, forms keep what they hold, and nothing behind the lock is reached."""

from collections.abc import Callable
from contextlib import suppress

from agent.client import api
from agent.client.client import Client, Problem
from ameli_tui.app.navigation import GoingApp
from ameli_tui.backend.calls import Asker, no_more
from ameli_tui.i18n import _
from ameli_tui.screens.base.page import Page
from ameli_tui.widgets.virtual_list import Lines

_BEHIND_THE_GATE = frozenset({
    "page", "keys_help", "command_palette", "sync", "lock", "undo", "copy", "back", "step_back", "newcomer"})
_BACK = frozenset({"back", "step_back"})


class LockingApp(GoingApp, inherit_bindings=False):
    """What is done on the way to the lock, and what is left to do there."""

    client: Client
    asker: Asker

    def _raise_gate(self, code: str) -> None:
        """Put the screen for this state of the vault before the data; the program knows how."""

    def action_lock(self) -> None:
        """Ask whether to lock the vault; on Enter lock it."""
        self.ask_first(_("Lock the vault?"), _("locks it"), self._lock)

    def _lock(self) -> None:
        """Have forms keep their answers as drafts, then close the vault; the forms stay open below the lock."""
        pages = [one for one in reversed(self.screen_stack) if isinstance(one, Page)]
        keeps = [keep for page in pages if (keep := page.before_locking()) is not None]
        self.asker.ask(lambda: _keep_and_close(keeps, self.client), no_more, latest="lock")
        self._raise_gate("locked")

    def leave_gate(self) -> None:
        """End the program before the lock; ask when a form below holds what cannot be kept while it is locked."""
        if any(isinstance(page, Page) and page.holds_unkept() for page in self.screen_stack):
            self.ask_first(
                _("What you were filling in is not kept. Leave?"), _("leaves, and it is lost"), self.exit)
        else:
            self.exit()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Before the data there is only leaving, and the glossary, which leads back there."""
        if self.gated and action in _BEHIND_THE_GATE:
            out = action == "back" and isinstance(self.focused, Lines)  # no line takes the letter
            return action in _BACK and (out or not getattr(self.screen, "GATE", False))
        return super().check_action(action, parameters)


def _keep_and_close(keeps: list[Callable[[], object]], client: Client) -> object:
    """In a thread. A draft that is refused stays in its form on the screen: the vault closes all the same."""
    for keep in keeps:
        with suppress(Problem):
            keep()
    return client.ask(api.lock())
