"""The files taken in, the newest first, and the way to take one back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.widget import Widget

from agent.client import api
from ameli_tui.files.collect import complaints, kind_name, told, undone_text
from ameli_tui.i18n import _, local_day, moment, ngettext, number
from ameli_tui.i18n.origins import short_import
from ameli_tui.keys import bindings
from ameli_tui.screens.base.page import Page
from ameli_tui.terminal.safe_text import content, fit, one_line
from ameli_tui.widgets.scroll_panel import Pane
from ameli_tui.widgets.virtual_list import Cell, Lines, loading

if TYPE_CHECKING:
    from agent.protocol.files import TakenEarlier, Undone

_LISTED = 1_000
"""Files of the list: the agent tells no more."""
_DAY, _NAME = 12, 12
"""Columns of the day, and the least of the name."""


class TakenFilesScreen(Page[None]):
    """One row a file; Enter tells what came of it, and a key takes back what it alone brought."""

    KEYS_OF: ClassVar[tuple[str, ...]] = ("taken", "list")
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("taken")]

    def __init__(self) -> None:
        super().__init__()
        self._files: list[TakenEarlier] = []
        self._widths = (0, 0, 0)
        """Columns of the name, the kind and what came of a file: as wide as the longest."""
        self.text = Pane(_("Taking a file back"), id="taken-text", focus=False)
        self.lines = Lines(self._draw, id="taken-files", empty=loading())

    def body(self) -> Iterable[Widget]:
        """What taking back means or brought, and the files."""
        yield self.text
        yield self.lines

    def on_mount(self) -> None:
        """Say what can be done here."""
        self.text.show(content(_(
            "x takes back the file under the cursor: what it alone brought goes, what another source says too stays.")))
        self.lines.border_title = content(_("Files taken in"))
        self.set_focus(self.lines)

    def load(self) -> None:
        """Ask for the list."""
        self.ask(api.taken(_LISTED), self.got_files, latest="files")

    def got_files(self, files: list[TakenEarlier]) -> None:
        """Show it; the cursor stays where it is."""
        self._files = files
        name, kind, came = (2 + max((len(text(file)) for file in files), default=0) for text in (_name, _kind, _came))
        self._widths = name, kind, came
        count = ngettext("{n} file", "{n} files", len(files)).format(n=number(len(files)))
        self.lines.border_subtitle = content(count if files else "")
        self.lines.show_rows(len(files), keep=True, empty=_("No file was taken in yet."))

    def _draw(self, row: int, width: int) -> list[Cell]:
        file = self._files[row]
        sign, tone = _sign(file)
        name, kind, came = self._widths
        name = max(_NAME, min(name, width - 3 - _DAY - kind - came))
        return [(fit(f"{sign} ", 2), tone), (fit(local_day(file["at"]), _DAY), "muted"),
                (fit(_name(file), name), ""), (fit("  " + _kind(file), kind), "muted"),
                (fit("  " + _came(file), max(2, width - 2 - _DAY - name - kind)), tone)]

    def on_lines_opened(self, message: Lines.Opened) -> None:
        """Tell all that is known of the file."""
        from ameli_tui.screens.base.text_reader import ReadingScreen

        file = self._files[message.row]
        said = [f"{kind_name(file['kind'])} ({short_import(file['id'])})", _counts(file),
                _("Taken in: {moment}").format(moment=moment(file["at"]))]
        if "undone" in file:
            said.append(_("Taken back: {moment}").format(moment=moment(file["undone"])))
        said += ["", *(f"! {text}" for text in complaints(file)), *(f"· {told(note)}" for note in file["notes"])]
        self.app.push_screen(ReadingScreen(one_line(file["name"]), "\n".join(said)))

    # -- taking back -------------------------------------------------------------------------------------------------

    def action_take_back(self) -> None:
        """Take back the file under the cursor, after a question."""
        if not self._files:
            self.say(_("There is nothing to take back."))
            return
        file = self._files[self.lines.cursor]
        if "undone" in file:
            self.say(_("This file was taken back already."))
            return
        key = file["id"]
        self.ameli.ask_first(
            _("Take {name} back?").format(name=_short(_name(file))),
            _("takes it back: what it alone brought goes, with the marks and matches on it; "
              "what another source says too stays"),
            lambda: self.ask(api.undo_import(key), self.got_undone, latest="undone"))

    def got_undone(self, undone: Undone) -> None:
        """Say what went, what stays, and what hung on it."""
        self.text.show(content("\n".join(one_line(text) for text in undone_text(undone))))
        self.load()


def _sign(file: TakenEarlier) -> tuple[str, str]:
    """A mark and a tone, as for files that are taken in just now."""
    if "undone" in file:
        return "←", "muted"
    if file["problem"] is None:
        return "✓", "good"
    return "!" if file["new"] or file["known"] else "×", "warn"


def _name(file: TakenEarlier) -> str:
    return one_line(file["name"])


def _kind(file: TakenEarlier) -> str:
    return kind_name(file["kind"])


def _came(file: TakenEarlier) -> str:
    """What came of it, or that it was taken back."""
    if "undone" in file:
        return _("taken back {day}").format(day=local_day(file["undone"]))
    if file["problem"] is not None and not file["new"] and not file["known"]:
        return _("not taken in")
    return _("{new} new · {known} known").format(new=number(file["new"]), known=number(file["known"]))


def _counts(file: TakenEarlier) -> str:
    return _("{new} new, {known} known").format(new=number(file["new"]), known=number(file["known"]))


def _short(name: str) -> str:
    return name if len(name) <= 34 else name[:33] + "…"
