"""A file before it counts: what was understood of it and what would be new; then it is taken in, or left."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.content import Content
from textual.widget import Widget

from agent.client.client import Problem
from ameli_tui.files.bring import MOST, OverMost, look, not_looked_at
from ameli_tui.files.collect import as_text, whose_asked
from ameli_tui.files.preview import preview_text
from ameli_tui.i18n import _, lang
from ameli_tui.screens.base.page import Page
from ameli_tui.screens.requests.attach import why_unreadable
from ameli_tui.terminal.safe_text import content, fit, one_line
from ameli_tui.widgets.scroll_panel import Pane
from ameli_tui.widgets.text_input import Field
from ameli_tui.widgets.virtual_list import Cell, Lines

if TYPE_CHECKING:
    from agent.protocol.files import Preview

_IMPORT, _COLUMNS, _LEAVE = "import", "columns", "leave"


class PreviewScreen(Page[str]):
    """Enter takes the file in; the result is the columns as the person said them (empty: none), or None."""

    KEYS_OF: ClassVar[tuple[str, ...]] = ("list",)
    ONGOING = False

    def __init__(self, path: Path) -> None:
        """``path`` of one file."""
        super().__init__()
        self._path = path
        self._columns = ""
        self._rows: list[tuple[str, str]] = []
        self.text = Pane(one_line(as_text(path.name)), id="preview-text")
        self.line = Field(id="preview-columns", classes="form-field", label=_("Columns"),
                          hint="day=1,label=2,amount=4")
        self.lines = Lines(self._draw, id="preview-answers")

    def body(self) -> Iterable[Widget]:
        """What was understood, the columns where they are said, and what may be done."""
        yield self.text
        yield self.line
        yield self.lines

    def load(self) -> None:
        """Look at the file."""
        self.line.display = False
        self.lines.border_title = content(_("Nothing is kept yet"))
        self.set_focus(self.lines)
        self._look()

    def _look(self) -> None:
        self.text.show(content(_("Reading…")))
        self.ask(self._looked_at, self.got_preview, latest="preview")

    def _looked_at(self) -> "Preview":
        """In a thread."""
        try:
            return look(self.client.ask, self._path, self._columns or None)
        except OSError as error:
            return _untold(why_unreadable(error))
        except OverMost:
            return _untold(_("This file is too large: {n} MB at most.").format(n=MOST >> 20), _(
                "Record the session in parts, or export a shorter period: several files can be imported."))

    def got_preview(self, shown: "Preview") -> None:
        """Show it, with the cursor on what fits best."""
        def text(width: int) -> Content:
            return content("\n".join(preview_text(shown, width)))

        self.text.show(text)
        may_import = shown["problem"] is None or bool(shown["new"] or shown["known"]) or whose_asked(shown)
        self._rows = [*([(_IMPORT, _("Import it"))] if may_import else []),
                      *([(_COLUMNS, _("Say which column is which"))] if shown["table"] is not None else []),
                      (_LEAVE, _("Leave it"))]
        self.lines.show_rows(len(self._rows))
        self.lines.move_to(0)

    def refused(self, name: str, problem: Problem) -> None:
        """The columns are not said rightly, or the agent does not answer."""
        self.text.show(content((f"! {problem.message(lang())} {problem.hint(lang())}", "bold $error")))
        self._rows = [(_COLUMNS, _("Say which column is which")), (_LEAVE, _("Leave it"))]
        self.lines.show_rows(len(self._rows))
        self.lines.move_to(0)

    def _draw(self, row: int, width: int) -> list[Cell]:
        return [(fit(self._rows[row][1], width), "strong" if self._rows[row][0] == _IMPORT else "")]

    def on_lines_opened(self, message: Lines.Opened) -> None:
        """Do it."""
        chosen = self._rows[message.row][0]
        if chosen == _IMPORT:
            self.dismiss(self._columns)
        elif chosen == _LEAVE:
            self.dismiss(None)
        else:
            self.line.display = True
            self.line.set_value(self._columns)
            self.set_focus(self.line)

    def on_field_done(self, _message: Field.Done) -> None:
        """Look at the file anew in these columns."""
        self._columns = self.line.value.strip()
        self._close_line()
        self._look()

    def on_field_cancelled(self, _message: Field.Cancelled) -> None:
        """The columns stay as they were."""
        self._close_line()

    def _close_line(self) -> None:
        self.line.display = False
        self.set_focus(self.lines)


def _untold(why: str, hint: str = "") -> "Preview":
    """What is told of a file that could not be read here, in the language of the screens."""
    return not_looked_at({"code": "unread", "exit": 1, "message": {"fr": why, "en": why},
                          "hint": {"fr": hint, "en": hint}})
