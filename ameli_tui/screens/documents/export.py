"""Everything as a file of another program: what to write, of which year, and where to."""

from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from agent.client import api
from agent.errors import AmeliError
from agent.protocol.export_formats import DOCUMENTS, EXPORT_FORMATS
from ameli_tui.files.collect import at_home
from ameli_tui.i18n import _, lang, ngettext, spoken
from ameli_tui.screens.base.step_form import Ask, Choice, FormScreen
from ameli_tui.terminal.safe_text import one_line

if TYPE_CHECKING:
    from agent.client.client import Problem
    from agent.protocol.documents import NamedDocument

_SUFFIXES = {known.name: known.suffix for known in EXPORT_FORMATS}
_DAMAGED = ("document_lost", "document_damaged")
"""Codes of what is said of one damaged document: the others are written all the same."""


class ExportScreen(FormScreen[Path]):
    """First what, then of which year and where to; the result is the file's path, or None."""

    KEYS_OF: ClassVar[tuple[str, ...]] = ("field",)

    def __init__(self, what: str | None = None, year: int | None = None) -> None:
        """``what``: the name of one of ``EXPORT_FORMATS``, asked for without it; ``year``: proposed."""
        super().__init__()
        self._what = what
        self._year = year
        self._path = Path()
        self._missing = 0

    def load(self) -> None:
        """Ask what to write, or begin with where to."""
        if self._what is not None:
            self.chosen(self._what)
            return
        text = _("What shall be written? The file is not encrypted: keep it where only you can read.")
        choices = [Choice(known.name, spoken(known.fr, known.en)) for known in EXPORT_FORMATS]
        self.show(_("Export"), [text], choices=choices)

    def chosen(self, choice: str) -> None:
        """Ask for the year, or for the names of documents, and where to."""
        self._what = choice
        year = self._year
        if choice == "report" and year is None:
            from config.clock import today

            year = today().year
        if choice == DOCUMENTS:
            text = _("How shall the files be named? A slash makes folders. Fields: date, year, month, day, kind, "
                     "title, id, payment, message.")
            first = Ask(_("Names"), value=self._naming())
        else:
            text = _("Of which year? Empty: of all.")
            first = Ask(_("Year"), value=str(year or ""))
        name = f"ameli-{year}" if year and choice != DOCUMENTS else "ameli"
        self.show(_("Export"), [text, "\n", _("A file that exists is left alone; the new one is for your eyes only.")],
                  asks=[first, Ask(_("File"), value=str(_downloads() / f"{name}.{_SUFFIXES[choice]}"))])

    def _naming(self) -> str:
        """The template of the settings; none when they cannot be read, and the agent then says why."""
        from config.settings import SettingsError, load_settings

        try:
            return load_settings(self.ameli.paths.settings).export.naming
        except SettingsError:
            return ""

    def submitted(self, values: list[str]) -> None:
        """Ask the agent for it."""
        first, where = (value.strip() for value in values)
        try:
            self._path = at_home(where).absolute()
        except RuntimeError:  # the home of nobody: a name like any other
            self._path = Path(where).absolute()
        if os.path.lexists(self._path):
            self.tell("! " + _("The file {path} exists already.").format(path=self._path), "bold $error")
            return
        self.tell(_("Writing…"))
        if (what := self._what) is None:
            return
        if what == DOCUMENTS:
            self.ask(lambda: self._zip(first), self.got_export, latest="export")
            return
        if first and not (first.isascii() and first.isdigit() and len(first) == 4):
            self.tell("! " + _("A year has four digits."), "bold $error")
            return
        self.ask(api.export(what, year=first or None, lang=lang()), self.got_export, latest="export")

    def _zip(self, naming: str) -> bytes:
        """In a thread: the documents kept, as one zip file. What is not kept is counted and not fetched."""
        from agent.client.client import Problem
        from ameli_tui.files.document_archive import fill_zip

        listed = self.client.ask(api.export_documents(naming or None, lang=lang()))["documents"]
        self._missing = sum(not one["fetched"] for one in listed)

        def read(document: NamedDocument) -> bytes | None:
            try:
                return self.client.ask(api.document_bytes(document["id"])) if document["fetched"] else None
            except Problem as problem:
                if problem.code not in _DAMAGED:
                    raise
                self._missing += 1
                return None

        made = BytesIO()
        fill_zip(made, listed, read)
        return made.getvalue()

    def got_export(self, data: bytes) -> None:
        """Write it."""
        from ameli_tui.files.external import write_private

        try:
            write_private(self._path, data)
        except AmeliError as error:
            self.tell(f"! {error.message(lang())} {error.hint(lang())}", "bold $error")
            return
        self.dismiss(self._path)

    def refused(self, name: str, problem: Problem) -> None:
        """Say why, below what was typed."""
        if name != "export":
            super().refused(name, problem)
            return
        self.tell(f"! {one_line(problem.message(lang()))} {one_line(problem.hint(lang()))}", "bold $error")

    def outcome(self, path: Path) -> str:
        """What the screen below says of the file that was written."""
        home = Path.home()
        short = Path("~", path.relative_to(home)) if path.is_relative_to(home) else path
        said = _("Saved: {path}").format(path=one_line(short))
        if self._missing:
            more = ngettext("{n} document is not fetched yet", "{n} documents are not fetched yet", self._missing)
            said = f"{more.format(n=self._missing)} · {said}"  # the path may be longer than the line
        return said

    def cancelled(self) -> None:
        """Write nothing."""
        self.dismiss(None)


def _downloads() -> Path:
    downloads = Path.home() / "Downloads"
    return downloads if downloads.is_dir() else Path.home()
