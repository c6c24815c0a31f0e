"""The program of the screens: which screen is shown, what the agent said, and what holds for all of them."""

import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.binding import BindingType
from textual.screen import Screen

from agent.client import api
from agent.client.client import AgentOutdated, Client, NotRunning, Problem
from agent.protocol.events import LOCKED, NOTICE_TEST, STATE, SYNC_DONE, SYNC_PROGRESS, SYNC_STARTED
from ameli_tui.app.locking import LockingApp
from ameli_tui.app.state_line import state_words
from ameli_tui.app.themes import OUR_THEMES, choose_theme
from ameli_tui.backend.calls import Answered, Asker, Broke, Refused, no_more
from ameli_tui.backend.events import BACK, DATA_EVENTS, GONE, NEWS, STATUS_EVENTS, AgentSaid, Listener
from ameli_tui.i18n import _, lang
from ameli_tui.i18n.service_words import sync_done
from ameli_tui.keys import bindings
from ameli_tui.screens.base.confirm import SureScreen
from ameli_tui.screens.base.page import Page
from ameli_tui.screens.base.shell import Reloaded
from ameli_tui.widgets.text_input import Field
from config.screen import screen_of

if TYPE_CHECKING:
    from textual.app import SystemCommand

    from agent.client.control import StartResult
    from agent.protocol.events import SyncEnded
    from agent.protocol.process import Status
    from ameli_tui.app.opening import Opening
    from config.paths import Paths

_LAST_WAIT_S = 3.0
"""How long a fault of our own waits for the agent to keep what forms hold."""


class AmeliApp(LockingApp, inherit_bindings=False):
    """The screens of one home. ``run()`` returns what to do next (``"demo"``), or None."""

    TITLE = "ameli"
    CSS_PATH = "styles.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("app")]
    ENABLE_COMMAND_PALETTE = True
    COMMAND_PALETTE_BINDING = "ctrl+p"

    def __init__(
        self, paths: "Paths", client: Client, opening: "Opening", theme: str = "auto", rings: bool = True
    ) -> None:
        """``opening``: the answer to the request sent before Textual was loaded. ``theme``, ``rings``: settings."""
        super().__init__(paths)
        self.client = client
        self.status: Status = {}  # type: ignore[typeddict-item]  # until the agent has answered: readers use get
        """The agent's last status."""
        self.progress: tuple[str, int, int] | None = None
        """Step, done and total of the sync that runs."""
        self._opening = opening
        self.asker = Asker(self)
        self._listener = Listener(self, client)
        self._agent = "running"
        self._interrupted = self._leaving = False
        self._again: Callable[[], Screen[None]] | None = None
        self.rings = rings
        self._failed: SyncEnded | None = None  # a sync whose reason comes with the next status
        for ours in OUR_THEMES:
            self.register_theme(ours)
        chosen = choose_theme(theme, self.console.color_system, os.environ)
        self.theme = chosen if self.get_theme(chosen) else "ameli-dark"

    @property
    def busy(self) -> bool:
        """Whether an answer is awaited: by the program itself, or by a screen that lies on another or is shown."""
        return self.asker.busy or any(page.busy for page in self.screen_stack if isinstance(page, Page))

    # -- the first screen --------------------------------------------------------------------------------------------

    def get_default_screen(self) -> Screen[None]:
        """The first screen, by what the agent has answered: home with its data, or unlocking, or setting up."""
        screen = self._first_screen()
        # Textual gives every screen this but its default one, and then cannot switch away from it.
        screen._push_result_callback(screen, None)
        return screen

    def _first_screen(self) -> Page[None]:
        from ameli_tui.screens.home.home import HomePage

        data, problem = self._opening.result()
        if isinstance(problem, Problem) and (gate := self._gate(problem.code)) is not None:
            return gate
        if data is not None and (status := data.get("status")):
            self.take_status(status)
        if isinstance(problem, NotRunning | AgentOutdated):
            self._agent = "starting"
        home = HomePage(data)
        self.install_screen(home, "home")
        return home

    def on_mount(self) -> None:
        """Everything that the first frame does not need begins after it."""
        self.call_after_refresh(self.begin)

    def begin(self) -> None:
        """What begins after the first frame: the agent's events, signals, a look at the settings."""
        if not self.is_headless:
            from ameli_tui.app.signals import leave_on_signals

            leave_on_signals(self.action_quit, lambda: self._exit, self.paths)
        self.say(self.greeting, seconds=30)
        if self._agent == "starting":
            self._start_agent()
        self._listener.start()
        from ameli_tui.backend.save_setting import look_at_settings

        self.asker.ask(lambda: look_at_settings(self.paths.settings), no_more, latest="settings")

    def on_unmount(self) -> None:
        """Leaving."""
        self._listener.stop()

    def _start_agent(self) -> None:
        from agent.client.control import ready_agent

        self._agent = "starting"
        self.say(_("Starting the agent…"), seconds=30)
        self._show_state()
        self.asker.ask(lambda: ready_agent(self.paths), self._started, latest="start")

    # -- gates: unlocking and setting up -------------------------------------------------------------------------------

    def _gate(self, code: str) -> Page[None] | None:
        if code == "locked":
            from ameli_tui.screens.agent.unlock import UnlockScreen

            return UnlockScreen()
        if code == "no_vault":
            from ameli_tui.screens.agent.setup import SetupScreen

            return SetupScreen()
        return None

    def met(self, problem: Problem, page: Reloaded) -> bool:
        """Deal with a refusal that concerns the whole program; False leaves it to the screen."""
        if isinstance(problem, NotRunning | AgentOutdated):
            page.stale = True
            if self._agent != "starting":
                self._start_agent()
            return True
        if problem.code in ("locked", "no_vault"):
            page.stale = True
            self._raise_gate(problem.code)
            return True
        return False

    def _raise_gate(self, code: str) -> None:
        if not self.gated and (gate := self._gate(code)) is not None:
            if isinstance(self.screen, SureScreen):
                self.pop_screen()  # a question about what is locked now
            self._undo = None
            for page in self._pages():
                page.stale = True
            self.progress = None
            self.push_screen(gate)

    def gate_passed(self, seen: int = 0) -> None:
        """The vault is open: back to where the person was, or home. ``seen``: new things of the time it was locked."""
        while self.gated and not getattr(self.screen, "GATE", False):
            self.pop_screen()
        if len(self.screen_stack) > 1:
            self.pop_screen()
        else:
            self.action_page("home")
        self.say_seen(seen)
        self._ask_status()

    def _ask_status(self) -> None:
        self.asker.ask(lambda: self.client.ask(api.status()), self.take_status, latest="status")

    def _pages(self) -> list[Page[object]]:
        return [one for one in {*self._installed_screens.values(), *self.screen_stack} if isinstance(one, Page)]

    # -- what the agent says -------------------------------------------------------------------------------------------

    def on_answered(self, message: Answered) -> None:
        """Answers to the program's own questions."""
        if self.asker.close(message):
            message.hand_over()

    def _draft_kept(self, _done: object) -> None:
        self.say(_("Kept as a draft: it stands among your requests."), "bold $success")
        self._drafts_changed()

    def _drafts_changed(self, _done: object = None) -> None:
        if (page := self.installed("procedures")) is not None:
            page.data_changed()
        if self._leaving:
            self.exit()

    def _started(self, result: "StartResult") -> None:
        if result.ok:
            self._agent = "running"
            self.say(_("The agent was of an older version; it has been started again.") if result.replaced else
                     _("The agent was not running; it has been started."))
            for page in self._pages():
                page.data_changed()
        else:
            self._agent, why = "gone", result.reason.get(lang()) or ""
            self.say(_("The agent could not be started: {reason}").format(reason=why), "bold $error", 30)
        self._show_state()

    def on_refused(self, message: Refused) -> None:
        """A refusal of one of the program's own questions."""
        if self.asker.close(message) and self.screen_stack:  # else the program ends
            if message.name == "draft" and self._again is not None:
                self._leaving = False
                self.push_screen(self._again())
            self._told_problem(message.problem)

    def _told_problem(self, problem: Problem) -> None:
        page = self.screen
        if not (isinstance(page, Page) and self.met(problem, page)):
            self.say(f"{problem.message(lang())} {problem.hint(lang())}", "bold $error", 20)

    def on_broke(self, message: Broke) -> None:
        """A thread of ours failed: end as for any other failure."""
        raise message.error

    def on_agent_said(self, message: AgentSaid) -> None:
        """Keep up with the agent."""
        kind, gone, back = message.kind, message.of(GONE) is not None, message.of(BACK) is not None
        state, done = message.of(STATE), message.of(SYNC_DONE)
        if gone and self._agent == "running":
            self._agent = "gone"
        elif message.of(SYNC_STARTED) is not None:
            self.progress = ("", 0, 0)
            self.may_ring = True
        elif (progress := message.of(SYNC_PROGRESS)) is not None:
            self.progress = (progress["step"], progress["done"], progress["total"])
        elif message.of(LOCKED) is not None or (state is not None and state["state"] == "locked"):
            self._raise_gate("locked")
        if (tried := message.of(NOTICE_TEST) is not None) or kind in NEWS:
            self.tell_in_terminal(tried=tried)
        if done is not None:
            self.progress = None
            self.say_done(*sync_done(done))
            self._failed = done if done["failed"] else None
        if not gone and self._agent == "gone":
            self._agent = "running"
        if (back or kind in DATA_EVENTS) and not self.gated:
            for page in self._pages():
                page.data_changed()
        if back or kind in DATA_EVENTS | STATUS_EVENTS:
            self._ask_status()
        if isinstance(self.screen, Page) and hasattr(self.screen, "agent_said"):
            self.screen.agent_said(message)
        self._show_state()

    def take_status(self, status: "Status") -> None:
        """Remember the agent's status."""
        self.status = status
        if not status.get("syncing"):
            self.progress = None
        elif self.progress is None:
            self.progress = ("", 0, 0)
        self._agent = "running"
        if self.is_running and self.screen_stack:
            if self._failed and status.get("problems"):
                self.say(*sync_done(self._failed, status["problems"]))
                self._failed = None
            self._show_state()

    def state_line(self) -> tuple[str, str]:
        """How things stand, in words with a sign, and the colour that goes with it."""
        return state_words(self._agent, self.status, self.progress, gated=self.gated)

    def _show_state(self) -> None:
        if isinstance(self.screen, Page):
            self.screen.show_state()

    def say(self, text: str, style: str = "", seconds: float = 8.0) -> None:
        """Say something at the bottom of the screen."""
        if isinstance(self.screen, Page):
            self.screen.say(text, style, seconds)

    # -- what the person does ------------------------------------------------------------------------------------------

    def on_key(self, event: events.Key) -> None:
        """What was typed ahead of a question answers it; letters typed ahead of a line to type in belong to it."""
        if isinstance(self.screen, SureScreen):
            self.screen.on_key(event)
        elif isinstance(self.focused, Field) and self.focused.check_consume_key(event.key, event.character):
            event.prevent_default()
            self.focused.on_key(event)

    def action_interrupt(self) -> None:
        """Copy the selection; without one the second press leaves."""
        if selected := self.screen.get_selected_text():
            self.copy_to_clipboard(selected)
        elif self._interrupted:
            self.exit()
        else:
            self._interrupted = True
            self.say(_("Press Ctrl+C again to leave."), seconds=3)
            self.set_timer(3, lambda: setattr(self, "_interrupted", False))

    def action_sync(self) -> None:
        """Ask the agent to look for news now."""
        self.start_sync(full=False)

    def start_sync(self, *, full: bool) -> None:
        """Ask for a sync; its events tell how it goes."""
        self.progress = self.progress or ("", 0, 0)
        self._show_state()
        call = api.begin_sync(full=full, screen=screen_of(os.environ))
        self.asker.ask(lambda: self.client.ask(call), lambda _begun: self.say(_("The sync has begun.")), latest="sync")

    def keep_draft(self, keep: Callable[[], object], again: Callable[[], Screen[None]]) -> None:
        """Keep, in a thread, what a form that is being closed holds. Where that is refused, ``again`` makes it anew."""
        self._again = again
        self.asker.ask(keep, self._draft_kept, latest="draft")

    def drop_draft(self, undo: Callable[[], object], again: Callable[[], Screen[None]]) -> None:
        """Take back, in a thread, what a form that was left without a trace has kept; ``again`` makes it anew."""
        self.offer_undo(_("Left without keeping a draft."), lambda: self.push_screen(again()))
        self.asker.ask(undo, self._drafts_changed, latest="dropped")

    def choose_colours(self, theme: str) -> None:
        """Change the colours, and keep them for the next time."""
        from ameli_tui.backend.save_setting import keep_setting

        self.theme = theme
        self.asker.ask(lambda: keep_setting(self.paths.settings, theme=theme), no_more, latest="colours")

    def action_glossary(self) -> None:
        """Show what the words on the screen mean."""
        from ameli_tui.screens.help.glossary import GlossaryScreen
        from ameli_tui.screens.help.visible_terms import words_at_hand, words_in_sight

        page = self.screen
        if isinstance(page, Page) and not isinstance(page, GlossaryScreen):
            self.push_screen(GlossaryScreen(words_in_sight(page), words_at_hand(page), page.term_at_hand()))

    def action_newcomer(self) -> None:
        """Show where a newcomer stands."""
        self.open_named("newcomer")

    def action_keys_help(self) -> None:
        """Show the keys of the screen that is there."""
        from ameli_tui.screens.help.keys_help import HelpScreen

        if isinstance(self.screen, Page) and not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen(self.screen))

    def _fatal_error(self) -> None:
        for page in self._pages():
            # It may be this very form that failed: the report tells of the fault, not of what could not be kept.
            with suppress(Exception):
                page.last_wish(_LAST_WAIT_S)
        super()._fatal_error()

    async def action_quit(self) -> None:
        """Leave; what a form holds is kept first."""
        if self.gated:
            self.leave_gate()
            return
        while len(self.screen_stack) > 1:
            self.close_top()
        if self.asker.busy_with("draft") or self.asker.busy_with("dropped"):
            self._leaving = True
        else:
            self.exit()

    def action_command_palette(self) -> None:
        """Search for a command."""
        from ameli_tui.app.palette import Palette, is_open

        if not self.gated and not is_open(self):
            self.push_screen(Palette())

    def get_system_commands(self, screen: Screen[object]) -> "Iterable[SystemCommand]":
        """What the palette offers, in the person's language."""
        from ameli_tui.app.palette import commands

        return commands(self, screen, self.choose_colours)
