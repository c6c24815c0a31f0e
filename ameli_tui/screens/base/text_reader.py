"""A text to read, on a screen of its own."""

import os
from collections.abc import Iterable
from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget

from ameli_tui.i18n import _
from ameli_tui.keys import bindings
from ameli_tui.screens.base.page import Page
from ameli_tui.terminal.safe_text import content, long_content
from ameli_tui.widgets.scroll_panel import Pane


class ReadingScreen(Page[None]):
    """Title and text; ``v`` hands the text to the person's pager."""

    KEYS_OF: ClassVar[tuple[str, ...]] = ("reading", "text")
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("reading")]
    ONGOING = False

    def __init__(self, title: str, text: str, note: str = "") -> None:
        """``note``: what is said of the text, quietly above it."""
        super().__init__()
        self._text = text
        self._note = note
        self.pane = Pane(title, id="reading")

    def body(self) -> Iterable[Widget]:
        """The text."""
        yield self.pane

    def on_mount(self) -> None:
        """Show it."""
        above = content((f"{self._note}\n\n", "$text-muted")) if self._note else content()
        self.pane.show(Content.assemble(above, long_content(self._text)))
        self.set_focus(self.pane)

    def action_pager(self) -> None:
        """Read it in the pager."""
        from ameli_tui.files.external import page_text

        with self.app.suspend():
            paged = page_text(self._text, os.environ)
        self.refresh(layout=True)
        if not paged:
            self.say(_("No pager was found."))
