"""Messages written to an adviser: what became of each, and its text beside the list or, where it is narrow, below."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget

from agent.client import api_requests
from ameli_tui.i18n import _, day, in_words, moment, ngettext
from ameli_tui.i18n.request_states import written_state
from ameli_tui.keys import bindings
from ameli_tui.screens.base.beside_page import BesidePage
from ameli_tui.terminal.safe_text import Part, content, fit, one_line
from ameli_tui.widgets.scroll_panel import Pane
from ameli_tui.widgets.virtual_list import Cell, Lines, loading

if TYPE_CHECKING:
    from agent.protocol.requests import Written

_STATE_WIDTH = 24


class SentScreen(BesidePage):
    """Enter shows one with its history, where one that waits can be taken back; a key opens the answer."""

    KEYS_OF: ClassVar[tuple[str, ...]] = ("sent", "list")
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("sent")]

    def __init__(self) -> None:
        super().__init__()
        self.written: list[Written] = []
        self.lines = Lines(self._draw, id="sent", empty=loading())
        self.pane = Pane(_("Message"), id="sent-text")

    def body(self) -> Iterable[Widget]:
        """The list and the text."""
        yield self.side_by_side()

    def on_mount(self) -> None:
        """Begin in the list."""
        self.lines.border_title = content(_("Messages you wrote"))
        self.set_focus(self.lines)

    def load(self) -> None:
        """Ask for what was written."""
        self.ask(api_requests.written_messages(), self.got_written, latest="written")

    def got_written(self, written: "list[Written]") -> None:
        """Show it."""
        self.written = written
        self.lines.show_rows(len(written), keep=True, empty=_("You have written nothing yet: n begins a message."))
        said = ngettext("{n} message", "{n} messages", len(written)).format(n=len(written)) if written else ""
        waiting = sum(1 for one in written if one["status"] == "queued")
        if waiting:
            said += " · " + ngettext("{n} waits to be sent", "{n} wait to be sent", waiting).format(n=waiting)
        self.lines.border_subtitle = content(said)
        self.show_current()

    def _draw(self, at: int, width: int) -> list[Cell]:
        message = self.written[at]
        subject = one_line(message["answers"].get("subject"))
        tone = "good" if message["answered"] else "warn" if message["status"] in ("queued", "refused") else "muted"
        return [(fit(day(message["created_at"][:10]), 11) + " ", "muted"),
                (fit(subject, max(8, width - 12 - _STATE_WIDTH - 1)) + " ", ""),
                (fit(written_state(message), _STATE_WIDTH), tone)]

    @property
    def _current(self) -> "Written | None":
        return self.written[self.lines.cursor] if self.written else None

    def show_current(self) -> None:
        """Its text."""
        current = self._current
        self.pane.show(written_content(current) if current else content())

    def on_lines_opened(self, message: Lines.Opened) -> None:
        """One with its history."""
        self.ameli.open_request(self.written[message.row]["id"])

    def action_answer(self) -> None:
        """Open the answer among the messages."""
        current = self._current
        if current is None or not current["answered"]:
            self.say(_("No answer has come yet."))
        else:
            self.ameli.open_message(current["answered"])

    def action_write(self) -> None:
        """Write another one."""
        self.ameli.open_writing()


def written_content(message: "Written") -> Content:
    """Subject, state, files, history and text of a message that was written."""
    said = message["answers"]
    parts: list[Part] = [(one_line(said.get("subject")), "bold"), "\n",
                         (written_state(message).capitalize(), "$primary")]
    if message["reference"]:
        parts += [" · ", _("reference {reference}").format(reference=one_line(message["reference"]))]
    parts.append("\n")
    if message["answered"]:
        parts += [(_("o opens the answer"), "$accent"), "\n"]
    parts += [f"+ {one_line(paper['filename'])}\n" for paper in message["papers"]]
    parts += ["\n", str(said.get("body") or "").strip(), "\n\n"]
    for step in reversed(message["history"]):
        parts += [(f"{moment(step['at'])}  ", "$text-muted"), one_line(in_words(step, "text")), "\n"]
    return content(*parts)

