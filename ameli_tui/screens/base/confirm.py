"""One question before something that one key should not do: Enter says yes, whatever else goes back."""

from collections.abc import Iterable

from textual import events
from textual.screen import ModalScreen
from textual.widget import Widget

from ameli_tui.i18n import _
from ameli_tui.terminal.safe_text import content
from ameli_tui.widgets.scroll_panel import Pane


class SureScreen(ModalScreen[bool], inherit_bindings=False):
    """The result is True after Enter, else False. It lies over the screen that is asked about."""

    AUTO_FOCUS = None

    def __init__(self, question: str, yes: str) -> None:
        """``yes``: what Enter will do."""
        super().__init__()
        self.question = Pane(question, id="sure", focus=False)
        self._yes = yes

    def compose(self) -> Iterable[Widget]:
        """The question, and how to answer it."""
        yield self.question

    def on_mount(self) -> None:
        """Ask."""
        self.question.show(content(
            (_("Enter"), "bold $accent"), f" {self._yes}\n", (_("Any other key"), "bold $accent"), " ", _("goes back")))

    def on_key(self, event: events.Key) -> None:
        """One key answers."""
        event.stop()
        event.prevent_default()
        self.answer(event.key == "enter")

    def on_paste(self, event: events.Paste) -> None:
        """A paste is no answer."""
        event.stop()
        self.answer(False)

    def on_click(self, _event: events.Click) -> None:
        """Nor is a click."""
        self.answer(False)

    def answer(self, sure: bool) -> None:
        """Close the question, once."""
        if self.is_current:
            self.dismiss(sure)
