"""The inbox: the list, and the message under the cursor beside it or, where it is narrow, on top."""

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.containers import Horizontal
from textual.widget import Widget

from ameli_tui.i18n import _, ngettext
from ameli_tui.i18n.not_counted import empty_list
from ameli_tui.i18n.request_states import asked_words, days_left
from ameli_tui.i18n.search_text import matches
from ameli_tui.keys import bindings
from ameli_tui.screens.base.page import Page
from ameli_tui.screens.home.rows import message_cells
from ameli_tui.screens.messages.message import MessageScreen, answer, message_content, open_about, open_files
from ameli_tui.terminal.safe_text import content
from ameli_tui.widgets.scroll_panel import Pane
from ameli_tui.widgets.text_input import Field
from ameli_tui.widgets.virtual_list import Cell, Lines, loading

if TYPE_CHECKING:
    from agent.protocol.deadlines import Deadline
    from agent.protocol.messages import Message


class MessagesPage(Page[None]):
    """A message counts as read when it is opened, not when the cursor passes over it."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]  # noqa: RUF012 - as Textual declares it
    NAME = "messages"
    KEYS_OF: ClassVar[tuple[str, ...]] = ("messages", "list")
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("messages")]

    def __init__(self) -> None:
        super().__init__()
        self._all: list[Message] = []
        self._messages: list[Message] = []
        """Those shown: all, or those that hold the words looked for."""
        self._left: dict[str, int] = {}
        """Days left by message, or by the request that a message is about."""
        self._wanted: str | None = None
        self.field = Field(id="filter", label="/", hint=_("words of a message…"))
        self.field.display = False
        self.lines = Lines(self._draw, id="messages", empty=loading())
        self.pane = Pane(_("Message"), id="message")

    def body(self) -> Iterable[Widget]:
        """The line to search with, then list and message."""
        yield self.field
        with Horizontal(id="messages-body"):
            yield self.lines
            yield self.pane

    def on_mount(self) -> None:
        """Ask for the inbox."""
        self.lines.border_title = content(_("Messages"))
        self.set_focus(self.lines)

    def load(self) -> None:
        """Ask for the inbox, and for what has a last day."""
        self.ask(self.client.api.messages, self.got_messages, latest="messages")
        self.ask(self.client.api.deadlines, self.got_deadlines, latest="deadlines")

    def got_deadlines(self, found: "list[Deadline]") -> None:
        """What has to be done by a day, for a message or for the request it is about; the nearest counts."""
        self._left = {}
        for one in reversed(found):
            action = one["action"] or {}
            key = action.get("message") or action.get("request")
            if key and one["kind"] == "duty":
                self._left[key] = one["days_left"]
        self.lines.refresh()

    def got_messages(self, messages: "list[Message]") -> None:
        """Show it."""
        self._all = messages
        self._narrow()

    def _narrow(self) -> None:
        typed = self.field.value
        messages = self._messages = [one for one in self._all if matches(typed, _searched(one))] if typed else self._all
        empty = _("None matches.") if typed else empty_list(self.ameli.status, _("The inbox is empty."))
        self.lines.show_rows(len(messages), keep=True, empty=empty)
        unread = sum(1 for one in messages if not one["read"])
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
        if self.field.value:
            self.on_field_cancelled()
        for row, one in enumerate(self._messages):
            if one["id"] == key:
                self.lines.move_to(row)
                self._open()
                return
        self._wanted = key if not self._messages else None

    def _draw(self, row: int, width: int) -> list[Cell] | None:
        one = self._messages[row]
        return message_cells(one, width, self._days_left(one))

    def _days_left(self, message: "Message") -> str:
        about = message["about"]
        asks = about["request"] if about and asked_words(about) else None
        left = self._left.get(message["id"], self._left.get(asks) if asks else None)
        return days_left(left) if left is not None else ""

    @property
    def _current(self) -> "Message | None":
        return self._messages[self.lines.cursor] if self._messages else None

    def on_lines_moved(self, _message: Lines.Moved) -> None:
        """Show the message under the cursor where there is room."""
        self._show()

    def _show(self) -> None:
        current = self._current
        self.pane.show(message_content(current, self._days_left(current)) if current else content())

    def on_lines_opened(self, _message: Lines.Opened) -> None:
        """Open it."""
        self._open()

    def _open(self) -> None:
        current = self._current
        if current is None:
            return
        self.ask(lambda: self.client.api.message(current["id"]), self.got_message, latest="message")

    def got_message(self, message: "Message") -> None:
        """It is read now."""
        for listed in (self._all, self._messages):
            for row, one in enumerate(listed):
                if one["id"] == message["id"]:
                    listed[row] = {**message, "read": True}
        self.lines.refresh()
        self._show()
        home = self.ameli.installed("home")
        if isinstance(home, Page):
            home.stale = True  # it counts the unread
        if self.has_class("-narrow"):
            self.app.push_screen(MessageScreen(message, self._days_left(message)))
        else:
            self.set_focus(self.pane)

    # -- searching and writing ---------------------------------------------------------------------------------------

    def action_search(self) -> None:
        """Type to search."""
        self.field.display = True
        self.set_focus(self.field)

    def on_field_changed(self, message: Field.Changed) -> None:
        """Each key narrows the list."""
        if type(message) is Field.Changed:
            self._narrow()

    def on_field_done(self, message: Field.Done) -> None:
        """Go on in the list."""
        self.set_focus(self.lines)
        self.field.display = bool(message.field.value)

    def on_field_cancelled(self, _message: Field.Cancelled | None = None) -> None:
        """Show them all again."""
        self.set_focus(self.lines)
        self.field.set_value("")
        self.field.display = False
        self._narrow()

    def action_write(self) -> None:
        """Write to an adviser."""
        self.ameli.open_writing()

    def action_answer(self) -> None:
        """Write about the message under the cursor."""
        current = self._current
        if current is not None:
            answer(self.ameli, current)

    def action_sent(self) -> None:
        """What was written, and what became of it."""
        from ameli_tui.screens.messages.sent import SentScreen

        self.app.push_screen(SentScreen())

    def action_about(self) -> None:
        """Open the request that the message under the cursor is about, else the procedure that answers it."""
        current = self._current
        if current is None or not open_about(self.ameli, current):
            self.say(_("This message is about no request known here."))

    # -- files and the pager -----------------------------------------------------------------------------------------

    def action_attachments(self) -> None:
        """The files of this message."""
        current = self._current
        if current is None or not open_files(self.ameli, current):
            self.say(_("This message has no file."))

    def action_pager(self) -> None:
        """Read it in the pager."""
        from ameli_tui.files.external import page_text

        current = self._current
        if current is None:
            return
        with self.app.suspend():
            paged = page_text(message_content(current).plain, os.environ)
        self.refresh(layout=True)
        if not paged:
            self.say(_("No pager was found."))


def _searched(message: "Message") -> str:
    return f"{message['subject']} {message['sender']} {message['body']}"

