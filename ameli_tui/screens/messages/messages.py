"""The inbox: the list, and the message under the cursor beside it or, where it is narrow, on top."""

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget

from agent.client import api_requests
from ameli_tui.i18n import _, ngettext
from ameli_tui.i18n.not_counted import empty_list
from ameli_tui.i18n.request_states import asked_words, days_left
from ameli_tui.keys import bindings
from ameli_tui.screens.base.beside_page import BesidePage
from ameli_tui.screens.base.filter_page import ListPage
from ameli_tui.screens.home.rows import message_cells
from ameli_tui.screens.messages.message import MessageScreen, answer, message_content, open_about, open_files
from ameli_tui.terminal.safe_text import content
from ameli_tui.widgets.scroll_panel import Pane
from ameli_tui.widgets.virtual_list import Cell, Lines, loading

if TYPE_CHECKING:
    from agent.protocol.deadlines import Deadline
    from agent.protocol.messages import Message, MessageWithOrigins
    from agent.protocol.origins import RecordOrigin


class MessagesPage(ListPage["Message"], BesidePage):
    """A message counts as read when it is opened, not when the cursor passes over it."""

    NAME = "messages"
    KEYS_OF: ClassVar[tuple[str, ...]] = ("messages", "list")
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("messages")]

    def __init__(self) -> None:
        super().__init__(_("words of a message…"))
        self._left: dict[str, int] = {}
        """Days left by message, or by the request that a message is about."""
        self._wanted: str | None = None
        self._origins: dict[str, list[RecordOrigin]] = {}
        """Where messages came from, of those that were opened."""
        self.lines = Lines(self._draw, id="messages", empty=loading())
        self.pane = Pane(_("Message"), id="message")

    def body(self) -> Iterable[Widget]:
        """The line to search with, then list and message."""
        yield self.field
        yield self.side_by_side()

    def on_mount(self) -> None:
        """Ask for the inbox."""
        self.lines.border_title = content(_("Messages"))
        self.set_focus(self.lines)

    def load(self) -> None:
        """Ask for the inbox, and for what has a last day."""
        self.ask(api_requests.messages(), self.got_messages, latest="messages")
        self.ask(api_requests.deadlines(), self.got_deadlines, latest="deadlines")

    def got_deadlines(self, deadlines: "list[Deadline]") -> None:
        """What has to be done by a day, for a message or for the request it is about; the nearest counts."""
        self._left = {}
        for deadline in reversed(deadlines):
            action = deadline["action"] or {}
            key = action.get("message") or action.get("request")
            if key and deadline["kind"] == "duty":
                self._left[key] = deadline["days_left"]
        self.lines.refresh()

    def got_messages(self, messages: "list[Message]") -> None:
        """Show it."""
        self._origins.clear()
        self.take(messages)

    def searched(self, message: "Message") -> str:
        """All of it."""
        return f"{message['subject']} {message['sender']} {message['body']}"

    def summary(self) -> str:
        """How many messages, and how many of them are unread."""
        said = ngettext("{n} message", "{n} messages", len(self.items)).format(n=len(self.items))
        if unread := sum(1 for message in self.items if not message["read"]):
            said += " · " + ngettext("{n} unread", "{n} unread", unread).format(n=unread)
        return said

    def nothing(self) -> str:
        """An empty inbox, or one that was not read yet."""
        return empty_list(self.ameli.status, _("The inbox is empty."))

    def narrowed(self) -> None:
        """Show what matches; the cursor stays in its row."""
        self.narrow(keep=True)

    def narrow(self, *, keep: bool = False) -> None:
        """Show what matches, and the message under the cursor; then the one that was to be opened."""
        super().narrow(keep=keep)
        self.show_current()
        if self._wanted is not None:
            wanted, self._wanted = self._wanted, None
            self.show_message(wanted)

    def show_message(self, key: str) -> None:
        """Go to a message and open it; once the list is there."""
        if self.field.value:
            self.give_up()
            self.narrowed()
        for row, message in enumerate(self.items):
            if message["id"] == key:
                self.lines.move_to(row)
                self._open()
                return
        self._wanted = key if not self.items else None

    def _draw(self, row: int, width: int) -> list[Cell] | None:
        message = self.items[row]
        return message_cells(message, width, self._days_left(message))

    def _days_left(self, message: "Message") -> str:
        about = message["about"]
        asks = about["request"] if about and asked_words(about) else None
        left = self._left.get(message["id"], self._left.get(asks) if asks else None)
        return days_left(left) if left is not None else ""

    def show_current(self) -> None:
        """Show the message under the cursor where there is room."""
        current = self.current
        self.pane.show(self._content(current) if current else content())

    def _content(self, message: "Message") -> Content:
        return message_content(message, self._days_left(message), self._origins.get(message["id"], ()))

    def on_lines_opened(self, _message: Lines.Opened) -> None:
        """Open it."""
        self._open()

    def _open(self) -> None:
        current = self.current
        if current is None:
            return
        self.ask(api_requests.message(current["id"]), self.got_message, latest="message")

    def got_message(self, message: "MessageWithOrigins") -> None:
        """It is read now."""
        self._origins[message["id"]] = message["origins"]
        fresh: Message = message
        for listed in (self.all_items, self.items):
            for row, head in enumerate(listed):
                if head["id"] == message["id"]:
                    listed[row] = {**fresh, "read": True}
        self.lines.refresh()
        self.show_current()
        if (home := self.ameli.installed("home")) is not None:
            home.stale = True  # it counts the unread
        if self.has_class("-narrow"):
            self.app.push_screen(MessageScreen(message, self._days_left(message)))
        else:
            self.set_focus(self.pane)

    # -- searching and writing ---------------------------------------------------------------------------------------

    def action_write(self) -> None:
        """Write to an adviser."""
        self.ameli.open_writing()

    def action_answer(self) -> None:
        """Write about the message under the cursor."""
        current = self.current
        if current is not None:
            answer(self.ameli, current)

    def action_sent(self) -> None:
        """What was written, and what became of it."""
        from ameli_tui.screens.messages.sent import SentScreen

        self.app.push_screen(SentScreen())

    def action_about(self) -> None:
        """Open the request that the message under the cursor is about, else the procedure that answers it."""
        current = self.current
        if current is None or not open_about(self.ameli, current):
            self.say(_("This message is about no request known here."))

    # -- files and the pager -----------------------------------------------------------------------------------------

    def action_attachments(self) -> None:
        """The files of this message."""
        current = self.current
        if current is None or not open_files(self.ameli, current):
            self.say(_("This message has no file."))

    def action_pager(self) -> None:
        """Read it in the pager."""
        from ameli_tui.files.external import page_text

        current = self.current
        if current is None:
            return
        with self.app.suspend():
            paged = page_text(self._content(current).plain, os.environ)
        self.refresh(layout=True)
        if not paged:
            self.say(_("No pager was found."))
