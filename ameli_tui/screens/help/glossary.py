"""What the service's words mean: those that stand on the screen one came from, or any other."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget

from agent.client import api
from ameli_tui.i18n import _, lang
from ameli_tui.keys import bindings
from ameli_tui.screens.base.filter_page import FilterPage
from ameli_tui.terminal.safe_text import content, fit, one_line
from ameli_tui.widgets.scroll_panel import Pane
from ameli_tui.widgets.virtual_list import Cell, Lines, loading

if TYPE_CHECKING:
    from agent.protocol.assistant import Term


class GlossaryScreen(FilterPage):
    """A list of words, and the meaning of the one under the cursor."""

    KEYS_OF: ClassVar[tuple[str, ...]] = ("words", "list")
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("words")]
    ONGOING = False

    def __init__(self, inside: str, at_hand: str = "", own: "Term | None" = None) -> None:
        """``inside``: the text whose words are wanted; ``at_hand``: the part of it under the cursor, wanted first.

        ``own``: what is under the cursor as a term of its own, before all others.
        """
        super().__init__(_("another word…"))
        self._inside = inside
        self._at_hand = at_hand
        self._own = [own] if own is not None else []
        self.terms: list[Term] = []
        self.lines = Lines(self._draw, id="terms", empty=loading())
        self.pane = Pane(_("Meaning"), id="meaning", focus=False)

    def body(self) -> Iterable[Widget]:
        """The line to look up with, the words, the meaning."""
        yield self.field
        yield self.lines
        yield self.pane

    def load(self) -> None:
        """Ask for the words of the screen one came from."""
        self.set_focus(self.lines)
        self.narrowed()

    def narrowed(self) -> None:
        """Look up what is typed, or the words of the screen one came from."""
        typed = self.field.value.strip()
        if typed:
            self.ask(lambda: (_("Words like yours"), self.client.ask(api.glossary(typed))), self.got_terms,
                     latest="terms")
        else:
            self.ask(self._of_the_screen, self.got_terms, latest="terms")

    def _of_the_screen(self) -> "tuple[str, list[Term]]":
        first, others = [*self._own, *self._words_in(self._at_hand)], self._words_in(self._inside)
        if terms := [*first, *(one for one in others if one not in first)]:
            return _("Words at the cursor, then on the screen") if first else _("Words on this screen"), terms
        return _("All words"), self.client.ask(api.glossary())

    def _words_in(self, text: str) -> "list[Term]":
        return self.client.ask(api.glossary_of(text)) if text.strip() else []

    def got_terms(self, listed: "tuple[str, list[Term]]") -> None:
        """Show them."""
        title, self.terms = listed
        self.lines.border_title = content(title)
        self.lines.show_rows(len(self.terms), empty=_("No such word in the glossary."))
        self._show()

    def _draw(self, at: int, width: int) -> list[Cell]:
        term = self.terms[at]
        room = min(width // 2, 44)
        return [(fit(one_line(term["fr"]), room) + "  ", "strong"),
                (fit(one_line(term["en"]), max(0, width - room - 2)), "muted")]

    def on_lines_moved(self, _message: Lines.Moved) -> None:
        """Another word."""
        self._show()

    def _show(self) -> None:
        self.pane.show(_meaning(self.terms[self.lines.cursor]) if self.terms else Content())

    def on_lines_opened(self, message: Lines.Opened) -> None:
        """The meaning on a screen of its own, where it is long."""
        from ameli_tui.screens.base.text_reader import ReadingScreen

        term = self.terms[message.row]
        self.app.push_screen(ReadingScreen(one_line(term["fr"]), _meaning(term).plain))


def _meaning(term: "Term") -> Content:
    return content((one_line(term["fr"]), "bold $primary"), (f"  {one_line(term['en'])}", "$text-muted"), "\n",
                   term["meaning_en" if lang() == "en" else "meaning_fr"])
