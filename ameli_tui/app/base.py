"""Textual's program with its gaps closed: what it draws, repaints, copies and says when it fails."""

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import RenderableType
from textual import events
from textual.app import App
from textual.filter import LineFilter
from textual.screen import Screen

from agent.passphrase import without_line_ends
from ameli_tui.i18n import _, lang
from ameli_tui.terminal.crash_report import write_crash_report
from ameli_tui.terminal.repaint import Repaint
from ameli_tui.terminal.textual_fixes import NoControls

if TYPE_CHECKING:
    from config.paths import Paths


class ShieldedApp(App[str], inherit_bindings=False):
    """The base of the program. ``say`` tells the person something."""

    def __init__(self, paths: "Paths") -> None:
        self._no_controls = NoControls()
        self._repaint = Repaint()
        super().__init__()
        # What there is to say stands in the bottom line: no layers above the screens, to be laid out with each.
        self._disable_notifications = self._disable_tooltips = True
        self.paths = paths
        self.greeting = ""
        """What is said first, once the first screen is shown."""

    def say(self, text: str, style: str = "", seconds: float = 8.0) -> None:
        """Say something for a while."""

    async def on_event(self, event: events.Event) -> None:
        """A paste with a line end around it is what would have been typed, in whichever widget, Textual's own too."""
        if isinstance(event, events.Paste):
            event.text = without_line_ends(event.text)
        await super().on_event(event)

    def copy_to_clipboard(self, text: str) -> None:
        """Send a text to the clipboard of the terminal, through tmux and screen as well."""
        from ameli_tui.terminal.clipboard import osc52
        from ameli_tui.terminal.safe_text import clean

        self._clipboard = text
        if self._driver is not None:
            self._driver.write(osc52(clean(text), os.environ))
            self.say(_("Sent to the terminal's clipboard."))

    rings = True
    """Whether anything is told in the terminal at all."""
    may_ring = True
    """Once a sync: it says that there is something, not how much."""

    def tell_in_terminal(self, *, tried: bool) -> None:
        """Tell that something is new, outside what is drawn, as the settings say.

        ``tried``: nothing is, the person tries whether they are told; that is done at any hour, and counts for nothing.
        """
        if not self.rings or not (tried or self.may_ring):
            return
        self.may_ring &= tried
        from ameli_tui.terminal.notice import BELL, notice
        from config import clock
        from config.quiet_hours import is_quiet
        from config.settings import NotifySettings, SettingsError, load_settings

        try:
            wanted = load_settings(self.paths.settings).notify
        except (SettingsError, OSError):  # the agent says what is wrong with them
            wanted = NotifySettings()
        quiet = not tried and is_quiet(clock.now().astimezone().hour, wanted.quiet_from, wanted.quiet_until)
        sequence = "" if quiet else notice(wanted.terminal, "ameli", _("There is something new."), os.environ)
        if sequence == BELL:
            self.bell()
        elif sequence and self._driver is not None and not self.is_headless:
            self._driver.write(sequence)

    def save_picture(self) -> None:
        """Save the screen as SVG for its owner alone: it shows health data."""
        from datetime import datetime
        from pathlib import Path

        from agent.errors import AmeliError
        from ameli_tui.files.external import write_private

        path = Path.home() / f"ameli-{datetime.now():%Y%m%d-%H%M%S}.svg"
        try:
            write_private(path, self.export_screenshot().encode())
        except AmeliError as error:
            self.say(f"{error.message(lang())} {error.hint(lang())}", "bold $error")
        else:
            self.say(_("Saved: {path}").format(path=path), "bold $success", 20)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Textual's own, and the one that lets no control sign through."""
        return [*super().get_line_filters(), self._no_controls]

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        sends = self._running and not self._closed and not self._batch_count
        if sends and not self.is_headless and self._driver is not None and renderable is not None:
            update = self._repaint.thinned(renderable, self.size)
            super()._display(screen, update)  # type: ignore[arg-type]  # Textual's own updates are no renderables
        else:
            super()._display(screen, renderable)

    def _resume_signal(self) -> None:
        self._repaint.forget()
        super()._resume_signal()

    def action_redraw(self) -> None:
        """Draw the screen anew, when something else has written on it."""
        self._repaint.forget()
        self.screen.refresh(layout=True)

    def _fatal_error(self) -> None:
        """End after a failure of our own: a report without any value in it, and where it lies."""
        import sys

        from rich.text import Text

        error = sys.exc_info()[1] or self._exception
        path = write_crash_report(self.paths.logs, error) if error is not None else None
        name = type(error).__name__ if error is not None else "?"
        message = _("ameli has met a fault of its own ({name}) and ends.").format(name=name)
        where = _("The report holds no personal data: {path}").format(path=path) if path else ""
        self._exit_renderables.clear()
        self._exit_renderables.append(Text(f"{message}\n{where}".rstrip()))
        self._close_messages_no_wait()
