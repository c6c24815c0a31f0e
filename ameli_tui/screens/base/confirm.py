"""One question before something that one key should not do: Enter says yes, whatever else goes back."""

from collections.abc import Callable, Iterable
from typing import Literal, NamedTuple

from textual import events
from textual.screen import ModalScreen
from textual.widget import Widget

from ameli_tui.i18n import _
from ameli_tui.terminal.safe_text import Part, content
from ameli_tui.widgets.scroll_panel import Pane

Answer = Literal["yes", "also", "no"]


class Also(NamedTuple):
    """Another answer that does something."""

    key: str
    """A letter."""
    what: str
    """What it will do, in words."""
    then: Callable[[], object]


class SureScreen(ModalScreen[Answer], inherit_bindings=False):
    """The result is ``yes`` after Enter, ``also`` after the key of the other answer, else ``no``. It lies over the
    screen that is asked about."""

    AUTO_FOCUS = None

    def __init__(self, question: str, yes: str, also: Also | None = None) -> None:
        """``yes``: what Enter will do."""
        super().__init__()
        self.question = Pane(question, id="sure", focus=False)
        self._yes = yes
        self._also = also

    def compose(self) -> Iterable[Widget]:
        """The question, and how to answer it."""
        yield self.question

    def on_mount(self) -> None:
        """Ask."""
        parts: list[Part] = [(_("Enter"), "bold $accent"), f" {self._yes}\n"]
        if self._also is not None:
            parts += [(self._also.key, "bold $accent"), f" {self._also.what}\n"]
        self.question.show(content(*parts, (_("Any other key"), "bold $accent"), " ", _("goes back")))

    def on_key(self, event: events.Key) -> None:
        """One key answers."""
        event.stop()
        event.prevent_default()
        self.answer("yes" if event.key == "enter" else
                    "also" if self._also is not None and event.character == self._also.key else "no")

    def on_paste(self, event: events.Paste) -> None:
        """A paste is no answer."""
        event.stop()
        self.answer("no")

    def on_click(self, _event: events.Click) -> None:
        """Nor is a click."""
        self.answer("no")

    def answer(self, answer: Answer) -> None:
        """Close the question, once."""
        if self.is_current:
            self.dismiss(answer)
