"""Writing to an adviser: subject, text, attachments; sent like a request, once."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual.widget import Widget

from agent.client import api_requests
from ameli_tui.i18n import _, lang
from ameli_tui.i18n.request_states import state_name
from ameli_tui.screens.base.page import Page
from ameli_tui.screens.base.text_editor import Writing
from ameli_tui.terminal.safe_text import content, fit, one_line
from ameli_tui.widgets.text_input import Field
from ameli_tui.widgets.virtual_list import Cell, Lines

if TYPE_CHECKING:
    from agent.client.client import Problem
    from agent.protocol.requests import Done, MessageBody, TakenPaper

_MOST_FILES = 5
"""The agent takes no more with one message."""


class WriteScreen(Page[None]):
    """Enter leads from the subject to the text, Tab from the text to what to do with it."""

    KEYS_OF: ClassVar[tuple[str, ...]] = ("field",)
    ONGOING = False

    def __init__(self, subject: str = "", body: str = "") -> None:
        """``subject``, ``body``: what to begin with, as for an answer."""
        super().__init__()
        self.subject = Field(id="write-subject", classes="form-field", label=_("Subject"), longest=200)
        self.subject.set_value(one_line(subject, 200))
        self.writing = Writing(body, id="write-text")
        self._files: list[TakenPaper] = []
        self._sending = self._sure = self._over = False
        self._choices: list[tuple[str, str]] = []
        self.choices = Lines(self._draw, id="write-do", acts=True)

    def body(self) -> Iterable[Widget]:
        """Subject, text, what to do."""
        yield self.subject
        yield self.writing
        yield self.choices

    def load(self) -> None:
        """Begin with what is missing."""
        self.writing.border_title = content(_("Your message to the fund"))
        self.writing.border_subtitle = content(_("Tab leads out of the text"))
        self._offer()
        self.set_focus(self.writing if self.subject.value else self.subject)

    def _offer(self) -> None:
        out = [("send", _("Send it")), ("attach", _("Attach a file"))]
        out += [(f"drop:{one['id']}", _("Take away: {file}").format(file=one_line(one["filename"])))
                for one in self._files]
        self._choices = [*out, ("leave", _("Leave without sending"))]
        self.choices.styles.height = min(6, len(self._choices)) + 2
        self.choices.show_rows(len(self._choices), keep=True)

    def _draw(self, at: int, width: int) -> list[Cell]:
        name, words = self._choices[at]
        if self._sure and name == "send":
            words = _("Really? Enter once more: {what}").format(what=words)
        return [(fit(words, width), "strong" if name == "send" else "")]

    def on_lines_moved(self, _message: Lines.Moved) -> None:
        """Another choice: what was asked twice is no longer sure."""
        if self._sure:
            self._sure = False
            self.choices.refresh()

    def on_field_done(self, _message: Field.Done) -> None:
        """From the subject to the text."""
        self.set_focus(self.writing)

    def on_field_cancelled(self, _message: Field.Cancelled) -> None:
        """From the subject to what to do."""
        self.set_focus(self.choices)

    def stepped_back(self, *, out: bool) -> bool:
        """Out of the text first; while it is being sent there is no way back."""
        if self.focused is not self.choices:
            self.set_focus(self.choices)
            return True
        return self._sending

    def holds_unkept(self) -> bool:
        """A text that was not sent."""
        return not self._over and bool(self.writing.text.strip())

    def leave(self) -> None:
        """What was written is there again the next time, unless it was sent or given up."""
        kept = not self._over and self.writing.text.strip()
        self.ameli.unsent = (self.subject.value, self.writing.text) if kept else ("", "")

    def on_lines_opened(self, message: Lines.Opened) -> None:
        """Do what was chosen."""
        name = self._choices[message.row][0]
        if self._sending:
            return
        if name == "leave":
            subject, text = self.subject.value, self.writing.text
            self._over = True
            self.ameli.close_top()
            if text.strip():
                self.ameli.offer_undo(
                    _("Left without sending."), lambda: self.ameli.push_screen(WriteScreen(subject, text)))
        elif name == "attach":
            self._attach_file()
        elif name.startswith("drop:"):
            self._files = [one for one in self._files if one["id"] != name.partition(":")[2]]
            self._offer()
        elif not self.subject.value.strip() or not self.writing.text.strip():
            self.say(_("A message needs a subject and a text."), "bold $warning")
        elif not self._sure:
            self._sure = True
            self.choices.refresh()
        else:
            self._send()

    def _attach_file(self) -> None:
        from ameli_tui.screens.requests.attach import AttachScreen

        def attached(kept: "TakenPaper | None") -> None:
            if kept is not None:
                self._files.append(kept)
                self._offer()

        if len(self._files) >= _MOST_FILES:
            self.say(_("There can be no more of these."))
        else:
            self.app.push_screen(AttachScreen(_("Attachment"), None, {"paper": "attachment"}), attached)

    def _send(self) -> None:
        self._sending = True
        body: MessageBody = {"subject": self.subject.value, "body": self.writing.written(),
                             "papers": [one["id"] for one in self._files]}
        self.say(_("Sending…"), seconds=120)
        self.ask(api_requests.write_message(body), self.got_sent, latest="sent")

    def got_sent(self, done: "Done") -> None:
        """It left, or waits."""
        self._over = True
        self.ameli.close_top()
        if problem := done.get("problem"):
            self.ameli.say(_("Waits to be sent.") + f" {problem['message'][lang()]}", "bold $warning", 20)
        else:
            said = f"{state_name(done['status']).capitalize()} · {one_line(done['reference'])}"
            self.ameli.say(said, "bold $success", 20)

    def refused(self, name: str, problem: "Problem") -> None:
        """Say why. After a lost answer nothing is sent again by one key: it may have left."""
        self._sending = self._sure = False
        self.choices.refresh()
        super().refused(name, problem)
