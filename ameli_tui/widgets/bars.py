"""The line at the top (screens and state) and the line at the bottom (keys, or what was just said)."""

from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.content import Content
from textual.widget import Widget

from ameli_tui.i18n import N_, _
from ameli_tui.keys import keys_for, shown
from ameli_tui.terminal.safe_text import Part, content, fit, one_line

if TYPE_CHECKING:
    from textual import events

TABS = (
    ("home", N_("Overview")), ("payments", N_("Payments")), ("documents", N_("Documents")),
    ("messages", N_("Messages")), ("agent", N_("Agent")), ("ledger", N_("Ledger")), ("owed", N_("Owed")),
    ("procedures", N_("Requests")), ("ask", "ameliBot"),
)


_MOST_STATE = 16
"""Cells that the titles leave to how things stand."""


class TopBar(Widget):
    """Name, numbered screens, and how things stand; a click on a screen's name goes there."""

    def __init__(self, here: str, *, tabs: bool = True) -> None:
        """``here``: the tab this bar stands above; another word marks none. ``tabs``: whether there are any."""
        super().__init__()
        self._tabs = TABS if tabs else ()
        self._here = here
        self._state: tuple[str, str] = ("", "")
        self._spots: list[tuple[int, int, str]] = []

    def show_state(self, text: str, style: str) -> None:
        """Say at the right how things stand."""
        if (text, style) != self._state:
            self._state = (one_line(text), style)
            self.refresh()

    def render(self) -> Content:
        """The whole line. A narrow one drops the words of the state before those of the screens."""
        room = self.size.width
        parts: list[Part] = [(" ameli ", "bold $primary")]
        at = 7
        self._spots.clear()
        titles = self._titles(room - at - min(cell_len(self._state[0]), _MOST_STATE) - 1)
        for number, (name, _title) in enumerate(self._tabs, 1):
            text = f" {number} {titles[name]} " if titles[name] else f" {number} "
            parts.append((text, "bold reverse" if name == self._here else ""))
            self._spots.append((at, at + len(text), name))
            at += len(text)
        state, style = self._state
        left = room - at - 1
        if left > 0:
            parts.append((fit(state, left, right=True), style))
        return content(*parts)

    def _titles(self, room: int) -> dict[str, str]:
        """The titles by screen: whole where there is room, else cut alike but for the screen the person is on."""
        whole = {name: _(title) for name, title in self._tabs}
        longest = max((len(title) for title in whole.values()), default=0)
        for most in range(longest, 1, -1):
            cut = {name: title if name == self._here or len(title) <= most else _shortened(title, most)
                   for name, title in whole.items()}
            if sum(len(title) + 4 for title in cut.values()) <= room:
                return cut
        return {name: title if name == self._here else "" for name, title in whole.items()}

    def on_click(self, event: "events.Click") -> None:
        """Go to the screen whose name was clicked."""
        for start, end, name in self._spots:
            if start <= event.x < end:
                self.app.run_worker(self.app.run_action(f"page('{name}')"))


def _shortened(title: str, most: int) -> str:
    """A title in at most so many cells; the dot goes first where two letters are all there is room for."""
    return title[: most - 1].rstrip() + "." if most > 2 else title[:most]


class KeyBar(Widget):
    """The keys that matter here; for a while, what the program has to say."""

    def __init__(self, *where: str) -> None:
        """``where``: the parts of the key table whose hints are shown."""
        super().__init__()
        self._where = where
        self._said: tuple[str, str] | None = None

    def turn(self, *where: str) -> None:
        """Show the hints of other parts of the key table."""
        if where != self._where:
            self._where = where
            self.refresh()

    def say(self, text: str, style: str = "") -> None:
        """Show a sentence instead of the keys; ``""`` brings the keys back."""
        said = (one_line(text), style) if text else None
        if said != self._said:
            self._said = said
            self.refresh()

    @property
    def said(self) -> str:
        """The sentence shown now."""
        return self._said[0] if self._said else ""

    def render(self) -> Content:
        """Keys and their meaning, as many as fit."""
        if self._said is not None:
            return content((" " + self._said[0], self._said[1] or "bold"))
        parts: list[Part] = []
        left = self.size.width
        for key in keys_for(*self._where):
            if not key.hint:
                continue
            ends = key.id == "back" and "home" in self._where  # there is nowhere to go back to
            name, hint = " " + shown(key.keys.split(",")[0]), f" {_('Leave') if ends else _(key.hint)} "
            left -= len(name) + len(hint)
            if left < 0:
                break
            parts += [(name, "bold $accent"), (hint, "$text-muted")]
        return content(*parts)
