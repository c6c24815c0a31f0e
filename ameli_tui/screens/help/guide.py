"""The subjects that ameliBot knows, to browse and read."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.widget import Widget

from agent.client import api
from ameli_tui.i18n import _, lang, ngettext
from ameli_tui.keys import bindings
from ameli_tui.screens.base.filter_page import ListPage
from ameli_tui.screens.base.page import Page
from ameli_tui.terminal.safe_text import content, fit, one_line
from ameli_tui.widgets.virtual_list import Cell, Lines, loading

if TYPE_CHECKING:
    from agent.protocol.assistant import Subject


def read_subject(page: Page[None], intent: str, title: str) -> None:
    """Ask for the text on a subject, and show it on a screen of its own."""
    def get() -> tuple[str, str]:
        answer = page.client.ask(api.guide_text(intent, lang()))
        return one_line(title), (answer["text"] or _("The guide has nothing on this."))

    def show(subject: tuple[str, str]) -> None:
        from ameli_tui.screens.base.text_reader import ReadingScreen

        page.app.push_screen(ReadingScreen(*subject))

    page.ask(get, show, latest="subject")


class GuideScreen(ListPage["Subject"]):
    """A list that narrows as one types; Enter reads."""

    KEYS_OF: ClassVar[tuple[str, ...]] = ("words", "list")
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("words")]
    ONGOING = False

    def __init__(self, first: Sequence[str] = ()) -> None:
        """``first``: subjects to offer before the others."""
        super().__init__(_("words of a subject…"))
        self._first = {name: at for at, name in enumerate(first)}
        self.lines = Lines(self._draw, id="guide", empty=loading())

    def body(self) -> Iterable[Widget]:
        """The line to narrow with, and the list."""
        yield self.field
        yield self.lines

    def load(self) -> None:
        """Ask for the subjects."""
        self.lines.border_title = content(_("The guide"))
        self.set_focus(self.lines)
        self.ask(api.guide(lang()), self.got_guide, latest="guide")

    def got_guide(self, subjects: "list[Subject]") -> None:
        """Show them."""
        last = len(self._first)
        self.take(sorted(subjects, key=lambda subject: self._first.get(subject["intent"], last)), keep=False)

    def searched(self, subject: "Subject") -> str:
        """Its title."""
        return subject["title"]

    def summary(self) -> str:
        """How many subjects."""
        return ngettext("{n} subject", "{n} subjects", len(self.items)).format(n=len(self.items))

    def _draw(self, at: int, width: int) -> list[Cell]:
        subject = self.items[at]
        return [(fit(one_line(subject["title"]), width), "strong" if subject["intent"] in self._first else "")]

    def on_lines_opened(self, message: Lines.Opened) -> None:
        """Read it."""
        subject = self.items[message.row]
        read_subject(self, subject["intent"], subject["title"])
