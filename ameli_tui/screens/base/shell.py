"""The program around the screens, as they know it: what it holds, where it leads, what it says."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from textual.screen import Screen
from textual.widget import Widget

if TYPE_CHECKING:
    from agent.client.client import Client, Problem
    from agent.protocol.process import Status
    from ameli_tui.screens.base.confirm import Also
    from config.paths import Paths


class Reloaded(Protocol):
    """A screen that is loaded anew when it is shown next, once ``stale`` is set."""

    stale: bool

    def data_changed(self) -> None:
        """Load now, or when next shown."""


class Shell(Protocol):
    """Everything that a screen may ask of the program. ``ameli_tui.app`` is one."""

    paths: "Paths"
    client: "Client"
    status: "Status"
    """The agent's last status."""
    progress: tuple[str, int, int] | None
    """Step, done and total of the sync that runs."""
    unsent: tuple[str, str]
    """Subject and text of a message that was left before it was sent."""

    # -- what holds for all screens --

    def say(self, text: str, style: str = "", seconds: float = 8.0) -> None:
        """Say something at the bottom of the screen."""

    def state_line(self) -> tuple[str, str]:
        """How things stand, in words with a sign, and the colour that goes with it."""

    def met(self, problem: "Problem", page: Reloaded) -> bool:
        """Deal with a refusal that concerns the whole program; False leaves it to the screen."""

    def take_status(self, status: "Status") -> None:
        """Remember the agent's status."""

    def ask_first(
        self, question: str, yes: str, then: Callable[[], object], *, also: "Also | None" = None
    ) -> None:
        """Do something only after Enter, or what ``also`` says after its key; any other key goes back. ``yes``: what
        Enter does, in words."""

    def offer_undo(self, said: str, undo: Callable[[], object], *, on: Widget | None = None) -> None:
        """Say what was done, and that one key takes it back. ``on``: only while this screen is open."""

    def leave_gate(self) -> None:
        """End the program before the lock; ask first when a form below holds what cannot be kept."""

    def gate_passed(self, seen: int = 0) -> None:
        """The vault is open: back to where the person was, or home. ``seen``: new things of the time it was locked."""

    def keep_agent_settings(self, said: str = "", **chosen: str | bool) -> None:
        """Write settings of the agent's own (``watch``, ``sign_in``, ``sign_in_asked``), and have it take them up;
        ``said`` is told then."""

    def start_sync(self, *, full: bool) -> None:
        """Ask for a sync; its events tell how it goes."""

    def keep_draft(self, keep: Callable[[], object], again: Callable[[], Screen[None]]) -> None:
        """Keep, in a thread, what a form that is being closed holds. Where that is refused, ``again`` makes it anew."""

    def drop_draft(self, undo: Callable[[], object], again: Callable[[], Screen[None]]) -> None:
        """Take back, in a thread, what a form that was left without a trace has kept; ``again`` makes it anew."""

    def copy_to_clipboard(self, text: str) -> None:
        """Send a text to the clipboard of the terminal."""

    # -- where it leads --

    def push_screen(self, screen: Screen[None]) -> object:
        """Show a screen on top."""

    def action_page(self, name: str) -> None:
        """Show one of the numbered screens."""

    def action_step_back(self) -> None:
        """Close what lies on top, or go home."""

    def close_top(self) -> None:
        """Close what lies on top, once it has put away what it holds."""

    def installed(self, name: str) -> Reloaded | None:
        """A numbered screen if it was visited, else None."""

    def jump(self, action: str) -> None:
        """Go where an action that ameliBot offers is done."""

    def open_named(self, name: str) -> None:
        """Show, on top, a screen that needs nothing but its name (``sign_in``, ``newcomer``, ``certificates``…)."""

    def open_payment(self, payment: str) -> None:
        """Show one payment on top."""

    def open_why(self, payment: str) -> None:
        """Show why a payment is what it is, on top."""

    def open_message(self, message: str) -> None:
        """Show one message among the others."""

    def open_procedure(self, name: str) -> None:
        """Show what a procedure is and needs, on top."""

    def open_importing(self, pasted: str | None = None) -> None:
        """Take in files of the person's own, on top."""

    def open_export(self, what: str | None = None, year: int | None = None) -> None:
        """Write a file for another program, on top."""

    def open_request(self, request: str) -> None:
        """Show one request with its history, on top."""

    def open_writing(self, subject: str = "", body: str = "") -> None:
        """Write to an adviser, on top."""
