"""Before the data: locking is asked once more, forms keep what they hold, and nothing behind the lock is reached."""

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from agent.client import api
from agent.client.client import Client, Problem
from ameli_tui.app.navigation import GoingApp
from ameli_tui.backend.calls import Asker
from ameli_tui.i18n import _
from ameli_tui.i18n.watch_words import seen_while_locked
from ameli_tui.i18n.watching import goes_on_when_locked
from ameli_tui.screens.base.confirm import Also
from ameli_tui.screens.base.page import Page
from ameli_tui.widgets.virtual_list import Lines

if TYPE_CHECKING:
    from agent.protocol.process import Status

_BEHIND_THE_GATE = frozenset({
    "page", "keys_help", "command_palette", "sync", "lock", "undo", "copy", "back", "step_back", "newcomer"})
_BACK = frozenset({"back", "step_back"})


class LockingApp(GoingApp, inherit_bindings=False):
    """What is done on the way to the lock, and what is left to do there."""

    client: Client
    asker: Asker
    status: "Status"

    _seen = ""
    """What was told after unlocking, until the sync that follows has ended: its end is no reason to forget it."""

    def _raise_gate(self, code: str) -> None:
        """Put the screen for this state of the vault before the data; the program knows how."""

    def _ask_status(self) -> None:
        """Ask the agent how everything goes; the program remembers it."""

    def action_lock(self) -> None:
        """Ask whether to lock the vault; on Enter lock it, on another key have the agent forget all it watches with."""
        stays = _("locks it; the account is still watched") if goes_on_when_locked(self.status) else _("locks it")
        self.ask_first(_("Lock the vault?"), stays, self._lock, also=Also(
            "A", _("locks it and forgets everything: nothing is watched"), partial(self._lock, everything=True)))

    def _lock(self, *, everything: bool = False) -> None:
        """Have forms keep their answers as drafts, then close the vault; the forms stay open below the lock."""
        pages = [one for one in reversed(self.screen_stack) if isinstance(one, Page)]
        keeps = [keep for page in pages if (keep := page.before_locking()) is not None]
        self.asker.ask(lambda: _keep_and_close(keeps, self.client, everything=everything),
                       lambda _locked: self._ask_status(), latest="lock")
        self._raise_gate("locked")

    def say_seen(self, count: int) -> None:
        """Say, once, how many new things were seen while the vault was locked."""
        self._seen = seen_while_locked(count) if count else ""
        if self._seen:
            self.say(self._seen, "bold $success", 20)

    def say_done(self, text: str, style: str, seconds: float) -> None:
        """Say how a sync ended, beside what was told after unlocking."""
        seen, self._seen = self._seen, ""
        if seen and style:
            self.say(f"{seen} {text}", style, 20)
        elif seen:
            self.say(seen, "bold $success", 20)
        else:
            self.say(text, style, seconds)

    def keep_agent_settings(self, said: str = "", **chosen: str | bool) -> None:
        """Write settings of the agent's own (``watch``, ``sign_in``, ``sign_in_asked``), and have it take them up;
        ``said`` is told then."""
        from ameli_tui.backend.save_setting import keep_agent_settings

        path, client = self.paths.settings, self.client
        self.asker.ask(lambda: keep_agent_settings(path, client, **chosen),
                       lambda _kept: self.say(said, "bold $success"), latest="agent-settings")

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


def _keep_and_close(keeps: list[Callable[[], object]], client: Client, *, everything: bool) -> object:
    """In a thread. A draft that is refused stays in its form on the screen: the vault closes all the same."""
    for keep in keeps:
        with suppress(Problem):
            keep()
    return client.ask(api.lock(everything=everything))
