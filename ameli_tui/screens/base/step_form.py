"""A screen that asks for something, step by step: a text, up to two lines to type in, or a choice."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from textual.containers import Vertical
from textual.widget import Widget

from ameli_tui.screens.base.page import Page, R
from ameli_tui.terminal.safe_text import Part, content, fit
from ameli_tui.widgets.scroll_panel import Pane
from ameli_tui.widgets.text_input import Field
from ameli_tui.widgets.virtual_list import Cell, Lines


class Ask(NamedTuple):
    """A line to type in."""

    label: str
    secret: bool = False
    hint: str = ""
    value: str = ""


class Choice(NamedTuple):
    """One of several ways to go on."""

    id: str
    text: str


class FormScreen(Page[R]):
    """``show`` sets a step; ``submitted`` takes what was typed, ``chosen`` what was picked."""

    ONGOING = False

    def __init__(self) -> None:
        super().__init__()
        self.text = Pane("", id="form-text", focus=False)
        self.fields = (Field(classes="form-field"), Field(classes="form-field"))
        self.choices = Lines(self._draw_choice, id="form-choices")
        self.told = Pane("", id="form-told", focus=False)
        self._choices: Sequence[Choice] = ()
        self._asked = 0

    def body(self) -> Iterable[Widget]:
        """Text, lines, choices, and what there is to say about them."""
        with Vertical(id="form"):
            yield self.text
            yield self.fields[0]
            yield self.fields[1]
            yield self.choices
            yield self.told
            yield from self.below()

    def below(self) -> Iterable[Widget]:
        """What else stands below."""
        return ()

    def show(
        self, title: str, parts: Sequence[Part], *, asks: Sequence[Ask] = (), choices: Sequence[Choice] = ()
    ) -> None:
        """Set a step: what it says, and what it asks for."""
        self.text.retitle(title)
        self.text.show(content(*parts))
        self._asked = len(asks)
        for field, ask in zip(self.fields, (*asks, Ask(""), Ask("")), strict=False):
            field.ask(ask.label, secret=ask.secret, hint=ask.hint, value=ask.value)
            field.display = bool(ask.label)
        self._choices = choices
        self.choices.display = bool(choices)
        self.choices.styles.height = len(choices) + 2
        self.choices.show_rows(len(choices))
        self.tell("")
        self.set_focus(self.fields[0] if asks else self.choices if choices else None)

    def tell(self, text: str, style: str = "") -> None:
        """Say something about what was typed."""
        self.told.display = bool(text)
        self.told.show(content((text, style)))

    def _draw_choice(self, row: int, width: int) -> list[Cell] | None:
        return [(fit(self._choices[row].text, width), "")]

    def on_field_done(self, message: Field.Done) -> None:
        """Enter goes to the next line; from the last one it submits."""
        at = self.fields.index(message.field)
        if at + 1 < self._asked:
            self.set_focus(self.fields[at + 1])
        else:
            self.submitted([field.value for field in self.fields[: self._asked]])

    def on_field_cancelled(self, _message: Field.Cancelled) -> None:
        """Escape leaves the screen."""
        self.cancelled()

    def on_field_changed(self, message: Field.Changed) -> None:
        """A letter more or less."""
        if type(message) is Field.Changed:
            self.typed(message.field)

    def on_lines_opened(self, message: Lines.Opened) -> None:
        """A choice was made."""
        self.chosen(self._choices[message.row].id)

    def submitted(self, values: list[str]) -> None:
        """What was typed, line by line."""

    def chosen(self, choice: str) -> None:
        """The id of what was picked."""

    def typed(self, field: Field) -> None:
        """A line changed."""

    def cancelled(self) -> None:
        """The person does not want to."""
        self.ameli.action_step_back()
