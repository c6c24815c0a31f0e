"""Choosing a file to attach: a path to type, with the files that continue it below."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.widget import Widget

from agent.client import api_requests
from agent.client.client import Problem
from ameli_tui.files.collect import at_home
from ameli_tui.forms.paper_words import paper_words
from ameli_tui.i18n import _, in_words, lang, number
from ameli_tui.i18n.search_text import fold
from ameli_tui.screens.base.page import Page
from ameli_tui.terminal.safe_text import Part, content, fit, is_harmful, one_line
from ameli_tui.widgets.scroll_panel import Pane
from ameli_tui.widgets.text_input import Field
from ameli_tui.widgets.virtual_list import Cell, Lines

if TYPE_CHECKING:
    from agent.protocol.procedures import Paper
    from agent.protocol.requests import TakenPaper

_MOST = 11 << 20
"""Bytes read of one file: the agent takes no more."""
_SHOWN = 200
"""Files listed of one folder."""


class AttachScreen(Page["TakenPaper"]):
    """The result is the file as the agent keeps it, or None."""

    KEYS_OF: ClassVar[tuple[str, ...]] = ("field",)
    ONGOING = False

    def __init__(self, title: str, paper: "Paper | None", about: dict[str, str]) -> None:
        """``paper``: its declaration, if there is one. ``about``: what the agent is told beside the bytes."""
        super().__init__()
        self._about = about
        self._paper = paper
        self._found: list[Path] = []
        self.text = Pane(one_line(title), id="attach-text", focus=False)
        self.line = Field(id="attach-line", classes="form-field", label=_("File"), longest=2000)
        self.lines = Lines(self._draw, id="attach-files", empty=_("No file begins like this."))

    def body(self) -> Iterable[Widget]:
        """What is wanted, the path, and the files that continue it."""
        yield self.text
        yield self.line
        yield self.lines

    def load(self) -> None:
        """Begin in the person's folder."""
        self._say_wanted([])
        self.line.set_value("~/")
        self._list()
        self.set_focus(self.line)

    def _say_wanted(self, words: list[Part]) -> None:
        parts: list[Part] = list(words)
        if self._paper is not None:
            parts += [paper_words(self._paper), "\n", in_words(self._paper, "help"), "\n"]
        parts.append((_("Type a path; Tab goes to the list, Enter there goes on with what it holds."), "$text-muted"))
        self.text.show(content(*parts))

    def _list(self) -> None:
        self._found = continuations(self.line.value)
        self.lines.show_rows(len(self._found))

    def _draw(self, at: int, width: int) -> list[Cell]:
        path = self._found[at]
        return [(fit(one_line(path.name) + ("/" if path.is_dir() else ""), width - 12), ""),
                (fit(_size(path), 12, right=True), "muted")]

    def on_field_changed(self, message: Field.Changed) -> None:
        """The list follows."""
        if type(message) is Field.Changed:
            if self.line.value.startswith("~//"):  # a whole path was put after the folder we began in
                self.line.set_value(self.line.value[2:])
            self._list()

    def on_field_done(self, _message: Field.Done) -> None:
        """A file is brought to the agent; a folder opens. What has one way to go on is completed."""
        path = at_home(self.line.value.strip())
        self._take(self._found[0] if len(self._found) == 1 and not path.exists() else path)

    def on_lines_opened(self, message: Lines.Opened) -> None:
        """Take what the list offers."""
        self._take(self._found[message.row])

    def _take(self, path: Path) -> None:
        if path.is_dir():
            self.line.set_value(f"{path}/")
            self._list()
            self.set_focus(self.line)
            return
        try:
            with path.open("rb") as file:
                data = file.read(_MOST + 1)
        except OSError as error:
            self._tell(_("{path} cannot be read: {reason}").format(path=path, reason=why_unreadable(error)))
            return
        if len(data) > _MOST:
            self._tell(_("This file is too large: {n} MB at most.").format(n=_MOST >> 20))
            return
        self.line.set_value(str(path))
        self.say(_("Checking the file…"), seconds=60)
        about = {**self._about, "filename": path.name}
        self.ask(api_requests.take_paper(data, **about), self.got_kept, latest="kept")

    def got_kept(self, kept: "TakenPaper") -> None:
        """It will do; what to look at is said where one goes back to."""
        self.dismiss(kept)
        if notes := kept["notes"]:
            self.ameli.say(one_line(" ".join(in_words(one, "text") for one in notes)), "$warning", 20)

    def refused(self, name: str, problem: Problem) -> None:
        """It will not do: say why, above the path."""
        self.say("")
        self._tell(f"{problem.message(lang())} {problem.hint(lang())}")

    def _tell(self, text: str) -> None:
        self._say_wanted([(f"! {text}", "bold $error"), "\n"])
        self.set_focus(self.line)

    def on_field_cancelled(self, _message: Field.Cancelled) -> None:
        """Attach nothing."""
        self.dismiss(None)

    def stepped_back(self, *, out: bool) -> bool:
        """From the list back to the path."""
        if self.focused is self.lines:
            self.set_focus(self.line)
            return True
        self.dismiss(None)
        return True


def continuations(typed: str) -> list[Path]:
    """The files and folders whose path begins like ``typed``, folders first; hidden ones only when asked for."""
    text = os.path.expanduser(typed)  # noqa: PTH111 - a Path would drop the last slash
    folder, begun = os.path.split(text)
    begun_so = []
    try:
        with os.scandir(folder or ".") as entries:
            for entry in entries:
                if fold(entry.name).startswith(fold(begun)) and (
                        begun.startswith(".") or not entry.name.startswith(".")) and not is_harmful(entry.name):
                    begun_so.append((not entry.is_dir(), fold(entry.name), Path(entry.path)))
    except OSError:
        return []  # no such folder, or it is closed to us: there is nothing to offer
    return [path for _file, _name, path in sorted(begun_so)[:_SHOWN]]


def why_unreadable(error: OSError) -> str:
    """Why a file could not be opened, in the person's words."""
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return _("there is no such file")
    return _("it is not yours to read") if isinstance(error, PermissionError) else str(error.strerror or error)


def _size(path: Path) -> str:
    try:
        return _("{n} kB").format(n=number(max(1, round(path.stat().st_size / 1000)))) if path.is_file() else ""
    except OSError:
        return "?"
