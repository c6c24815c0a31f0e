"""Lists that narrow as one types: the line above the list, and the lists that are kept here as a whole."""

from typing import Generic, TypeVar

from ameli_tui.i18n import _, number
from ameli_tui.i18n.search_text import matches
from ameli_tui.screens.base.page import Page
from ameli_tui.terminal.safe_text import content
from ameli_tui.widgets.text_input import Field
from ameli_tui.widgets.virtual_list import Lines

Item = TypeVar("Item")


class FilterPage(Page[None]):
    """A key opens the line; Enter goes on in the list and keeps what is typed, Escape gives it up."""

    lines: Lines
    """The list; a subclass makes it."""

    def __init__(self, hint: str) -> None:
        """``hint`` stands in the line while it is empty: what can be typed."""
        super().__init__()
        self.field = Field(id="filter", label="/", hint=hint)
        self.field.display = False

    def narrowed(self) -> None:
        """What is typed has changed: show what matches it."""

    def give_up(self) -> None:
        """Back to the list, with nothing typed and the line out of sight."""
        self.set_focus(self.lines)
        self.field.set_value("")
        self.field.display = False

    def action_filter(self) -> None:
        """Type to filter."""
        self.field.display = True
        self.set_focus(self.field)

    def on_field_changed(self, message: Field.Changed) -> None:
        """Each key narrows the list."""
        if type(message) is Field.Changed:
            self.narrowed()

    def on_field_done(self, message: Field.Done) -> None:
        """Go on in the list."""
        self.set_focus(self.lines)
        self.field.display = bool(message.field.value)

    def on_field_cancelled(self, _message: Field.Cancelled) -> None:
        """Give the filter up."""
        self.give_up()
        self.narrowed()


class ListPage(FilterPage, Generic[Item]):
    """Everything there is was taken; shown is what holds the words that are typed."""

    def __init__(self, hint: str) -> None:
        super().__init__(hint)
        self.all_items: list[Item] = []
        self.items: list[Item] = []
        """Those shown, a row each."""

    def searched(self, item: Item) -> str:
        """The text of an item that typed words are looked for in."""
        return str(item)

    def summary(self) -> str:
        """How many are shown, in words."""
        return number(len(self.items))

    def nothing(self) -> str:
        """What the list says when there is nothing to show at all."""
        return _("None matches.")

    def take(self, items: list[Item], *, keep: bool = True) -> None:
        """Show these. ``keep``: the cursor stays where it is."""
        self.all_items = items
        self.narrow(keep=keep)

    def narrow(self, *, keep: bool = False) -> None:
        """Show what matches. ``keep``: the cursor stays where it is."""
        typed = self.field.value
        self.items = self.all_items
        if typed:
            self.items = [item for item in self.all_items if matches(typed, self.searched(item))]
        empty = _("None matches.") if typed else self.nothing()
        self.lines.show_rows(len(self.items), keep=keep, empty=empty)
        self.lines.border_subtitle = content(self.summary())

    def narrowed(self) -> None:
        """Show what matches, from the top."""
        self.narrow()

    @property
    def current(self) -> Item | None:
        """The item under the cursor."""
        return self.items[self.lines.cursor] if self.items else None
