"""A line to type in. Textual's ``Input`` costs a tenth of a start and blinks; this shows what is typed."""

from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import var
from textual.widget import Widget

from agent.passphrase import without_line_ends
from ameli_tui.i18n import _
from ameli_tui.keys import bindings
from ameli_tui.terminal.safe_text import content
from ameli_tui.widgets.pasted_text import ends_line, in_one_line, is_text

if TYPE_CHECKING:
    from textual import events


class Field(Widget, can_focus=True, inherit_bindings=False):
    """One line of text. A secret is shown as dots, taken to the letter, and never leaves through a message's repr."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("field")]
    value: var[str] = var("")
    """What was typed."""

    class Changed(Message):
        """Something was typed or erased."""

        def __init__(self, field: "Field") -> None:
            super().__init__()
            self.field = field

        @property
        def control(self) -> "Field":
            """The field it is about."""
            return self.field

    class Done(Changed):
        """Enter."""

    class Cancelled(Changed):
        """Escape."""

    def __init__(
        self, *, id: str | None = None, classes: str | None = None, label: str = "", hint: str = "",
        secret: bool = False, longest: int = 400,
    ) -> None:
        """``label`` stands before the line, ``hint`` in it while it is empty; ``secret`` shows dots."""
        super().__init__(id=id, classes=classes)
        self.label = label
        self.hint = hint
        self.secret = secret
        self._longest = longest
        self._at = 0
        self._ended = ""
        """A line end that came as a key, while nothing was typed after it."""

    def ask(self, label: str, *, secret: bool = False, hint: str = "", value: str = "") -> None:
        """Ask for something else from now on."""
        self.label, self.secret, self.hint = label, secret, hint
        self.set_value(value)

    def set_value(self, value: str) -> None:
        """Put a text into the line, the cursor after it."""
        self._at, self._ended = len(value), ""
        self.value = value
        self.refresh()

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Letters typed here are text, not commands."""
        return is_text(character, secret=self.secret)

    def render(self) -> Content:
        """Label, text and cursor, scrolled so that the cursor is in sight."""
        label = f"{self.label} " if self.label else ""
        shown = "•" * len(self.value) if self.secret else self.value
        room = max(4, self.content_size.width - len(label) - 1)
        start = max(0, self._at - room)
        before, under = shown[start : self._at], shown[self._at : self._at + 1]
        after = shown[self._at + 1 : start + room]
        if not self.has_focus:
            said = (shown[start : start + room], "") if shown else (self.hint, "$text-muted")
            return content((label, "bold"), said)
        if not shown:
            return content((label, "bold"), (self.hint[:1] or " ", "reverse"), (self.hint[1:], "$text-muted"))
        return content((label, "bold"), before, (under or " ", "reverse"), after)

    def on_key(self, event: "events.Key") -> None:
        """Type, erase, move, end. Keys typed ahead were sent here before the focus went on: they go on as well."""
        other = self.screen.focused
        if other is not self:
            if isinstance(other, Field):
                other.on_key(event)
            return
        if event.key in ("enter", "escape"):
            self._ended = ""
            event.stop()
            event.prevent_default()
            self.action_done() if event.key == "enter" else self.action_cancel()
            return
        text, at = self.value, self._at
        if ends_line(event.character):
            # At the end of what is pasted it counts for nothing; before more text it is part of it.
            self._ended = (event.character or "") if text else ""
        elif event.character is not None and is_text(event.character, secret=self.secret):
            between = self._ended if self.secret else " " if self._ended else ""
            text, at = text[:at] + between + event.character + text[at:], at + len(between) + 1
        elif event.key == "backspace":
            text, at = text[: max(0, at - 1)] + text[at:], max(0, at - 1)
        elif event.key == "delete":
            text = text[:at] + text[at + 1 :]
        elif event.key in ("left", "right", "home", "end"):
            at = {"left": max(0, at - 1), "right": min(len(text), at + 1), "home": 0, "end": len(text)}[event.key]
        else:
            return
        event.stop()
        event.prevent_default()
        if not ends_line(event.character):
            self._ended = ""
        self._change(text, at)

    def on_paste(self, event: "events.Paste") -> None:
        """Take a pasted text, without the line ends around it; its spaces stay, they may belong to a passphrase."""
        event.stop()
        if isinstance(other := self.screen.focused, Field) and other is not self:
            other.on_paste(event)  # sent here before the focus went on, as keys are
            return
        pasted = without_line_ends(event.text) if self.secret else in_one_line(event.text)
        self._ended = ""
        self._change(self.value[: self._at] + pasted + self.value[self._at :], self._at + len(pasted))

    def _change(self, text: str, at: int) -> None:
        if len(text) > self._longest:
            if (say := getattr(self.screen, "say", None)) is not None:
                say(_("Too long: this line takes {n} characters at most.").format(n=self._longest), "bold $warning")
            return
        changed = text != self.value
        self._at = at
        self.value = text
        self.refresh()
        if changed:
            self.post_message(self.Changed(self))

    def action_done(self) -> None:
        """Enter was pressed."""
        self._end(self.Done(self))

    def action_cancel(self) -> None:
        """Escape was pressed."""
        self._end(self.Cancelled(self))

    def _end(self, message: Message) -> None:
        # Not posted: what was typed after Enter must already find the focus where Enter moved it.
        handler = getattr(self.screen, message.handler_name, None)
        if handler is not None:
            handler(message)

    def action_erase(self) -> None:
        """Empty the line."""
        self._change("", 0)
