"""Files of the person's own, taken in: chosen by path or dropped on the terminal, then each told what became of it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.binding import BindingType
from textual.widget import Widget

from agent.client import api
from agent.client.client import Problem
from ameli_tui.files.bring import MOST, OverMost, bring
from ameli_tui.files.collect import (
    as_text,
    asks_whose,
    complaints,
    dropped,
    expand,
    is_read_here,
    kind_name,
    notes,
    refused,
    there,
    told,
    whose_asked,
)
from ameli_tui.i18n import _, lang, moment, ngettext, number
from ameli_tui.keys import bindings
from ameli_tui.screens.base.page import Page
from ameli_tui.screens.requests.attach import continuations, why_unreadable
from ameli_tui.terminal.safe_text import Part, content, fit, one_line
from ameli_tui.widgets.pasted_text import in_one_line
from ameli_tui.widgets.scroll_panel import Pane
from ameli_tui.widgets.text_input import Field
from ameli_tui.widgets.virtual_list import Cell, Lines

if TYPE_CHECKING:
    from agent.protocol.files import Taken, TakenEarlier
    from agent.protocol.process import Status

_LARGE = 64 << 20
_SHOWN = 3
"""Files that are named: of a folder that may be taken as a whole, and of those taken in last."""


class ImportScreen(Page[None]):
    """A path, what it may become below, and after that the files with what came of each."""

    KEYS_OF: ClassVar[tuple[str, ...]] = ("field", "import")
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("import")]
    ONGOING = False

    def __init__(self, pasted: str = "") -> None:
        """``pasted``: paths to begin with, as the terminal gave them."""
        super().__init__()
        self._pasted = pasted
        self._found: list[Path] = []
        self._whole: list[Path] = []
        """The files of the folder that is typed: the first row takes them all."""
        self._aside: list[tuple[Path, Taken]] = []
        """Files of the watched folder that wait for the person to say whose they are: the first rows."""
        self._asked: Path | None = None
        self._shown: Path | None = None
        self._columns = ""
        """Those of the file that was looked at, as the person said them."""
        self._waiting: list[Path] = []
        self._total = 0
        self._earlier: list[str] = []
        self._done: list[tuple[Path, Taken]] = []
        self.text = Pane(_("Import files of your own"), id="import-text", focus=False)
        self.line = Field(id="import-line", classes="form-field", label=_("File or folder"), longest=20_000)
        self.lines = Lines(self._draw, id="import-files", empty=_("No file begins like this."))

    def body(self) -> Iterable[Widget]:
        """What can be taken in, the path, and the list."""
        yield self.text
        yield self.line
        yield self.lines

    def load(self) -> None:
        """Begin where downloads land."""
        self._explain()
        self.line.hint = _start()
        self.line.set_value(in_one_line(self._pasted).strip())
        self._list()
        self.set_focus(self.line)
        self.ask(api.status(), self.got_status, latest="status")

    def got_status(self, status: Status) -> None:
        """Offer the files that were put aside until the person says whose they are."""
        self._aside = [(Path(path), refused(problem)) for problem in status["problems"]
                       if asks_whose(problem) and (path := problem.get("path"))]
        if self._choosing and self._aside:
            self._list()

    def on_screen_resume(self) -> None:
        """Ask for the files taken in: one of them may have been taken back meanwhile."""
        self.ask(api.taken(_SHOWN), self.got_earlier, latest="earlier")

    def action_taken(self) -> None:
        """The files taken in."""
        from ameli_tui.screens.documents.taken_files import TakenFilesScreen

        if not self._waiting:
            self.app.push_screen(TakenFilesScreen())

    def got_earlier(self, records: list[TakenEarlier]) -> None:
        """Tell which files were taken in before."""
        self._earlier = [f"{one_line(file['name'])} ({_came_to(file)})" for file in records]
        if self._choosing and self._earlier:
            self._explain()

    def _explain(self, *first: Part) -> None:
        parts: list[Part] = [*first, ("\n" if first else ""), _(
            "Statements and single payments (PDF), a recorded browser session (HAR), bank statements "
            "(OFX, CSV, camt.053, MT940, QIF, XLSX, ODS). "
            "What is known already is completed, never lost.")]
        for hint in (
            _("Type a path, or drop files here; Tab: the list; Enter shows one file before it counts, or opens."),
            _("For a HAR: F12 in your browser, Network, keep the log; sign in, open each payment; save all as HAR."),
        ):
            parts += ["\n", (hint, "$text-muted")]
        if self._earlier:
            parts += ["\n", (_("Taken in last: {names}. F3 lists all, and takes one back.").format(
                names=", ".join(self._earlier)), "$text-muted")]
        self.text.show(content(*parts))

    # -- choosing ----------------------------------------------------------------------------------------------------

    @property
    def _choosing(self) -> bool:
        return not self._done and not self._waiting

    def _list(self) -> None:
        typed = self.line.value or self.line.hint
        # A folder whose name is no text could be shown, but not typed on from.
        self._found = [path for path in continuations(typed) if as_text(path.name) == path.name or path.is_file()]
        self._whole = [path for path in self._found if is_read_here(path.name) and path.is_file()]
        if not typed.endswith("/") or len(self._whole) < 2:
            self._whole = []
        self.lines.border_title = content("")
        self.lines.show_rows(len(self._aside) + len(self._found) + bool(self._whole))

    def _draw(self, row: int, width: int) -> list[Cell]:
        if not self._choosing:
            return self._draw_done(row, width)
        if row < len(self._aside):
            text = _("? {name}: whose is it? Enter answers").format(name=one_line(as_text(self._aside[row][0].name)))
            return [(fit(text, width), "warn")]
        row -= len(self._aside)
        if self._whole and row == 0:
            names = ", ".join(one_line(as_text(path.name)) for path in self._whole[:_SHOWN])
            more = "…" if len(self._whole) > _SHOWN else ""
            all_of_it = _("» All {n} files of this folder: {names}").format(n=len(self._whole), names=names + more)
            return [(fit(all_of_it, width), "strong")]
        path = self._found[row - bool(self._whole)]
        return [(fit(one_line(as_text(path.name)) + ("/" if path.is_dir() else ""), width), "")]

    def on_field_changed(self, message: Field.Changed) -> None:
        """The list follows what is typed."""
        if type(message) is Field.Changed and not self._waiting:
            if self._done:
                self._done = []
                self._explain()
            self._list()

    def on_paste(self, event: events.Paste) -> None:
        """Files dropped on the screen are meant for the path, wherever the focus is."""
        if self.focused is not self.line and not self._waiting:
            self.set_focus(self.line)
            self.line.on_paste(event)

    def on_field_done(self, _message: Field.Done) -> None:
        """Take the files named or dropped; a folder opens. What has one way to go on is completed."""
        if self._waiting:
            return
        paths = dropped(self.line.value)
        if len(paths) == 1 and not there(paths[0]) and len(self._found) == 1:
            paths = self._found[:1]
        if not paths:
            self.set_focus(self.lines)
        elif len(paths) == 1 and there(paths[0]) and paths[0].is_dir():
            self._open(paths[0])
        else:
            self._take(paths)

    def on_lines_opened(self, message: Lines.Opened) -> None:
        """Take what the list offers; of a file that was taken, tell everything."""
        row = message.row - len(self._aside)
        if not self._choosing:
            path, taken = self._done[message.row]
            self._question(path, taken) if whose_asked(taken) else self._tell(path, taken)
        elif row < 0:
            self._question(*self._aside[message.row])
        elif self._whole and row == 0:
            self._take(self._whole)
        else:
            path = self._found[row - bool(self._whole)]
            self._open(path) if path.is_dir() else self._take([path])

    def _open(self, folder: Path) -> None:
        self.line.set_value(f"{folder}/")
        self._list()
        self.set_focus(self.line)

    # -- taking in ---------------------------------------------------------------------------------------------------

    def _take(self, paths: list[Path]) -> None:
        """Take files in; one alone is looked at first."""
        from ameli_tui.screens.documents.preview import PreviewScreen

        if len(paths) == 1 and _is_looked_at(paths[0]):
            self._shown = paths[0]
            self.app.push_screen(PreviewScreen(paths[0]), self._previewed)
        else:
            self._begin(paths)

    def _previewed(self, columns: str | None) -> None:
        if columns is not None and self._shown is not None:
            self._columns = columns
            self._begin([self._shown])

    def _begin(self, paths: list[Path]) -> None:
        self._done, self._waiting = [], expand(paths)
        self._total = len(self._waiting)
        self.lines.show_rows(0, empty=_("Reading…"))
        self._next()

    def _next(self) -> None:
        if not self._waiting:
            self._finished()
            return
        path = self._waiting[0]
        at = len(self._done) + 1
        self.text.show(content((_("{done} of {total}: {name}").format(
            done=number(at), total=number(self._total), name=one_line(as_text(path.name))), "bold"), "\n",
            _bar(at - 1, self._total), "\n", (_("Escape stops after this file."), "$text-muted")))
        self.ask(lambda: self._bring(path), self.got_taken, latest="taken")

    def _bring(self, path: Path, mine: str | None = None) -> Taken:
        """In a thread: a file's bytes go to the agent; what cannot be read is told like any other problem."""
        try:
            columns = self._columns if path == self._shown else ""
            return bring(self.client.ask, path, mine, columns or None)
        except OSError as error:
            return _not_brought(why_unreadable(error))
        except OverMost:
            return _not_brought(_("This file is too large: {n} MB at most.").format(n=MOST >> 20), _(
                "Record the session in parts, or export a shorter period: several files can be imported."))

    def _question(self, path: Path, taken: Taken) -> None:
        """Ask whose a file is."""
        from ameli_tui.screens.documents.ownership import WhoseScreen

        self._asked = path
        said = "\n".join(told(problem["message"]) for problem in taken["problems"])
        self.app.push_screen(WhoseScreen(one_line(as_text(path.name)), said), self._answered)

    def _answered(self, mine: str | None) -> None:
        path = self._asked
        if mine is not None and path is not None:
            self.ask(lambda: (path, self._bring(path, mine)), self.got_said, latest="said")

    def got_said(self, done: tuple[Path, Taken]) -> None:
        """What the answer led to stands in the file's row."""
        path, taken = done
        self._aside = [one for one in self._aside if one[0] != path]
        self._done = [one for one in self._done if one[0] != path] + [(path, taken)]
        self._finished()

    def got_taken(self, taken: Taken) -> None:
        """One file more."""
        if self._waiting:
            self._done.append((self._waiting.pop(0), taken))
            self.lines.show_rows(len(self._done), keep=True)
            self._next()

    def refused(self, name: str, problem: Problem) -> None:
        """The agent is gone or locked: stop here, and say so."""
        self._waiting = []
        self._finished((f"! {problem.message(lang())} {problem.hint(lang())}", "bold $error"))

    def _finished(self, *first: Part) -> None:
        self.line.set_value("")
        if not self._done:
            self._explain(*first)
            self._list()
            self.set_focus(self.line)
            return
        new = sum(one["new"] for _path, one in self._done)
        wrong = sum(one["problem"] is not None for _path, one in self._done)
        said = ngettext("{n} new item.", "{n} new items.", new).format(n=number(new)) if new else _("Nothing new.")
        parts: list[Part] = [*first, (said, "bold $success" if new else "bold")]
        if wrong:
            files = ngettext("{n} file with a problem: Enter tells.", "{n} files with problems: Enter tells.", wrong)
            parts += ["  ", ("! " + files.format(n=number(wrong)), "bold $warning")]
        for note in notes([(one_line(as_text(path.name)), one) for path, one in self._done]):
            parts += ["\n", ("· " + note, "")]
        self.text.show(content(*parts))
        self.lines.border_title = content(_("Files taken in"))
        self.lines.show_rows(len(self._done))
        self.set_focus(self.lines)

    def _draw_done(self, row: int, width: int) -> list[Cell]:
        path, taken = self._done[row]
        wrong = taken["problem"] is not None
        sign = "?" if whose_asked(taken) else ("!" if taken["new"] or taken["known"] else "×") if wrong else "✓"
        tone = "warn" if wrong else "good"
        counts = _("{new} new, {known} known").format(new=number(taken["new"]), known=number(taken["known"]))
        why = one_line(complaints(taken)[0]) if wrong else counts
        name_width = max(12, min(34, width // 3))
        kind_width = 20 if width >= 90 else 0
        return [(fit(f"{sign} ", 2), tone), (fit(one_line(as_text(path.name)), name_width), ""),
                (fit("  " + kind_name(taken["kind"]), kind_width), "muted"),
                (fit("  " + why, max(8, width - 2 - name_width - kind_width)), tone if wrong else "muted")]

    def _tell(self, path: Path, taken: Taken) -> None:
        from ameli_tui.screens.base.text_reader import ReadingScreen

        counts = _("{new} new, {known} known").format(new=number(taken["new"]), known=number(taken["known"]))
        said = [kind_name(taken["kind"]), counts, "", *(f"! {text}" for text in complaints(taken)), "",
                *(f"· {told(note)}" for note in taken["notes"])]
        self.app.push_screen(ReadingScreen(one_line(as_text(path.name)), "\n".join(said)))

    # -- leaving -----------------------------------------------------------------------------------------------------

    def on_field_cancelled(self, _message: Field.Cancelled) -> None:
        """Stop, or leave."""
        if not self.stepped_back(out=False):
            self.ameli.close_top()

    def stepped_back(self, *, out: bool) -> bool:
        """While files wait, stop; from the list go back to the path."""
        if self._waiting:
            del self._waiting[1:]
            self._total = len(self._done) + 1
            return True
        if self.focused is self.lines and not out:
            self.set_focus(self.line)
            return True
        return False


def _is_looked_at(path: Path) -> bool:
    """Whether a file is shown before it counts: not one that would be read for long twice."""
    try:
        return path.is_file() and path.stat().st_size <= _LARGE
    except (OSError, ValueError):
        return False  # it is told by taking it in


def _not_brought(why: str, hint: str = "") -> Taken:
    """What a file is told as that could not be read here. ``why``, ``hint``: in the language of the screens."""
    return refused({"code": "unread", "exit": 1, "message": {"fr": why, "en": why}, "hint": {"fr": hint, "en": hint}})


def _came_to(file: TakenEarlier) -> str:
    """When a file was taken in, or that it was not, or is no more."""
    if "undone" in file:
        return _("taken back")
    nothing = file["problem"] is not None and not file["new"] and not file["known"]
    return _("not taken in") if nothing else moment(file["at"])


def _start() -> str:
    return "~/Downloads/" if Path("~/Downloads").expanduser().is_dir() else "~/"


def _bar(done: int, total: int) -> str:
    from ameli_tui.screens.agent.agent import progress_bar

    return progress_bar(done, total, 40)
