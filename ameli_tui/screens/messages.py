"""The inbox: the list, and the message under the cursor beside it or, where it is narrow, on top."""

import os
from collections.abc import Iterable
from typing import Any, ClassVar
from urllib.parse import quote

from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget

from ameli_tui.i18n import _, day, ngettext
from ameli_tui.keys import bindings
from ameli_tui.screens.page import Page
from ameli_tui.screens.rows import message_cells
from ameli_tui.widgets.lines import Cell, Lines, loading
from ameli_tui.widgets.pane import Pane
from ameli_tui.widgets.safe import content, one_line


class MessagesPage(Page):
    """A message counts as read when it is opened, not when the cursor passes over it."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]  # noqa: RUF012 - as Textual declares it
    NAME = "messages"
    KEYS_OF: ClassVar[tuple[str, ...]] = ("messages", "list")
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("messages")]

    def __init__(self) -> None:
        super().__init__()
        self._messages: list[dict[str, Any]] = []
        self._wanted: str | None = None
        self.lines = Lines(self._draw, id="messages", empty=loading())
        self.pane = Pane(_("Message"), id="message")

    def body(self) -> Iterable[Widget]:
        """List and message."""
        with Horizontal(id="messages-body"):
            yield self.lines
            yield self.pane

    def on_mount(self) -> None:
        """Ask for the inbox."""
        self.lines.border_title = content(_("Messages"))
        self.set_focus(self.lines)

    def load(self) -> None:
        """Ask for the inbox."""
        self.ask("messages", lambda: self.client.get("/v1/messages"))

    def got_messages(self, messages: list[dict[str, Any]]) -> None:
        """Show it."""
        self._messages = messages
        self.lines.show_rows(len(messages), keep=True, empty=_("The inbox is empty."))
        unread = sum(1 for one in messages if not one.get("read"))
        said = ngettext("{n} message", "{n} messages", len(messages)).format(n=len(messages))
        if unread:
            said += " · " + ngettext("{n} unread", "{n} unread", unread).format(n=unread)
        self.lines.border_subtitle = content(said)
        self._show()
        if self._wanted is not None:
            wanted, self._wanted = self._wanted, None
            self.show_message(wanted)

    def show_message(self, key: str) -> None:
        """Go to a message and open it; once the list is there."""
        for row, one in enumerate(self._messages):
            if one["id"] == key:
                self.lines.move_to(row)
                self._open()
                return
        self._wanted = key if not self._messages else None

    def _draw(self, row: int, width: int) -> list[Cell] | None:
        return message_cells(self._messages[row], width)

    @property
    def _current(self) -> dict[str, Any] | None:
        return self._messages[self.lines.cursor] if self._messages else None

    def on_lines_moved(self, _message: Lines.Moved) -> None:
        """Show the message under the cursor where there is room."""
        self._show()

    def _show(self) -> None:
        current = self._current
        self.pane.show(message_content(current) if current else content())

    def on_lines_opened(self, _message: Lines.Opened) -> None:
        """Open it."""
        self._open()

    def _open(self) -> None:
        current = self._current
        if current is None:
            return
        key = quote(current["id"], safe="")
        self.ask("message", lambda: self.client.get(f"/v1/messages/{key}"))

    def got_message(self, message: dict[str, Any]) -> None:
        """It is read now."""
        for row, one in enumerate(self._messages):
            if one["id"] == message["id"]:
                self._messages[row] = {**message, "read": True}
        self.lines.refresh()
        self._show()
        home = self.ameli.installed("home")
        if isinstance(home, Page):
            home.stale = True  # it counts the unread
        if self.has_class("-narrow"):
            from ameli_tui.screens.reading import ReadingScreen

            self.app.push_screen(ReadingScreen(one_line(message.get("subject")), message_content(message).plain))
        else:
            self.set_focus(self.pane)

    def action_attachments(self) -> None:
        """The files of this message."""
        current = self._current
        files = list((current or {}).get("attachments") or ())
        if not files:
            self.say(_("This message has no file."))
            return
        from ameli_tui.screens.documents import DocumentsPage

        self.app.push_screen(DocumentsPage(files))

    def action_pager(self) -> None:
        """Read it in the pager."""
        from ameli_tui.outside import page_text

        current = self._current
        if current is None:
            return
        with self.app.suspend():
            paged = page_text(message_content(current).plain, os.environ)
        self.refresh(layout=True)
        if not paged:
            self.say(_("No pager was found."))


def message_content(message: dict[str, Any]) -> Content:
    """Head and text of a message."""
    files = message.get("attachments") or ()
    tail = ngettext("{n} file: press a", "{n} files: press a", len(files)).format(n=len(files)) if files else ""
    return content(
        (one_line(message.get("subject")), "bold"), "\n",
        (f"{day(message.get('received_on'))} · {one_line(message.get('sender'))}", "$text-muted"), "\n",
        (f"+ {tail}\n" if tail else "", "$accent"), "\n", str(message.get("body") or ""),
    )
