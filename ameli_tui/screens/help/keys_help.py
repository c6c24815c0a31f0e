"""The keys of the screen one came from, straight from the table of keys."""

from collections.abc import Iterable
from typing import ClassVar

from textual.content import Content
from textual.widget import Widget

from ameli_tui.i18n import N_, _
from ameli_tui.keys import keys_for, shown
from ameli_tui.screens.base.page import Page
from ameli_tui.terminal.safe_text import Part, content, fit
from ameli_tui.widgets.scroll_panel import Pane

_THIS = N_("This screen")
_PARTS = {"list": N_("Lists"), "text": N_("Texts"), "field": N_("Typing"), "app": N_("Everywhere")}


class HelpScreen(Page[None]):
    """Never stale: made from what is bound."""

    KEYS_OF: ClassVar[tuple[str, ...]] = ("text",)
    ONGOING = False

    def __init__(self, of: Page[object]) -> None:
        """``of``: the screen whose keys are wanted."""
        super().__init__()
        self._of = of.KEYS_OF
        self.pane = Pane(_("Keys"), id="help")

    def body(self) -> Iterable[Widget]:
        """The list."""
        yield self.pane

    def on_mount(self) -> None:
        """Show it."""
        self.pane.show(lambda width: keys_content((*self._of, "app"), width))
        self.set_focus(self.pane)


def keys_content(where: tuple[str, ...], width: int) -> Content:
    """The keys of these parts, group by group; two columns where there is room."""
    parts: list[Part] = []
    columns = 2 if width >= 100 else 1
    column = width // columns
    for part in where:
        keys = keys_for(part)
        if not keys:
            continue
        parts += [(_(_PARTS.get(part, _THIS)), "bold $primary"), "\n"]
        for at, key in enumerate(keys):
            names = "  ".join(shown(name) for name in key.keys.split(","))
            text = _(key.text)
            parts += [("  " + fit(names, 20), "bold $accent"), fit(text, max(8, column - 23))]
            parts.append("\n" if at % columns == columns - 1 or at == len(keys) - 1 else " ")
        parts.append("\n")
    parts.append((_("Every screen has a command that says the same in plain text: ameli --help"), "$text-muted"))
    return content(*parts)
