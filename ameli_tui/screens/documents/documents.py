"""Statements, certificates and attachments: view, read, save."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.widget import Widget

from agent.client import api
from ameli_tui.i18n import _, day, ngettext, number
from ameli_tui.i18n.not_counted import empty_list
from ameli_tui.i18n.service_words import document_kind
from ameli_tui.keys import bindings
from ameli_tui.screens.base.bring_files import BringsFiles
from ameli_tui.screens.base.document_actions import FileListPage, Head
from ameli_tui.screens.base.filter_page import ListPage
from ameli_tui.terminal.safe_text import content, fit, one_line
from ameli_tui.widgets.virtual_list import Cell, Lines, loading

if TYPE_CHECKING:
    from agent.protocol.documents import Document

_PLACE = 12
"""Columns for where a file is."""


class DocumentsPage(ListPage["Document"], FileListPage, BringsFiles):
    """Every document, newest first; those of one message when told so."""

    NAME = "documents"
    KEYS_OF: ClassVar[tuple[str, ...]] = ("documents", "list")
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("documents")]

    def __init__(self, only: list[str] | None = None) -> None:
        """``only``: ids of the documents to show; all without."""
        super().__init__(_("title, kind, month…"))
        self._only = only
        self._place = _PLACE
        self.lines = Lines(self._draw, id="documents", empty=loading())

    def body(self) -> Iterable[Widget]:
        """The line to filter with, and the list."""
        yield self.field
        yield self.lines

    def on_mount(self) -> None:
        """Ask for the documents."""
        self.lines.border_title = content(_("Documents"))
        self.set_focus(self.field if self.field.display else self.lines)

    def load(self) -> None:
        """Ask for the list."""
        self.ask(api.documents(), self.got_documents, latest="documents")

    def got_documents(self, documents: list[Document]) -> None:
        """Show it."""
        self.take([document for document in documents if self._only is None or document["id"] in self._only])

    def searched(self, document: Document) -> str:
        """Title, kind and day."""
        return f"{document['title']} {document_kind(document['kind'])} {day(document['date'])}"

    def summary(self) -> str:
        """How many documents."""
        count = len(self.items)
        return ngettext("{n} document", "{n} documents", count).format(n=number(count))

    def nothing(self) -> str:
        """No document, or none read yet."""
        return empty_list(self.ameli.status, _("No document."))

    def narrow(self, *, keep: bool = False) -> None:
        """Show what matches; the last column is as wide as its longest text."""
        super().narrow(keep=keep)
        self._place = max([_PLACE, *(len(_where(document)[0]) for document in self.items if document["unread"])])

    def _draw(self, row: int, width: int) -> list[Cell] | None:
        document = self.items[row]
        kind_width = 24 if width >= 92 else 0
        here, tone = _where(document)
        room = max(8, width - 12 - kind_width - self._place - 1 - 9)
        when, title = day(document["date"]), one_line(document["title"])
        cells: list[Cell] = [(fit(when, 11) + " ", "muted"), (fit(title, room), "")]
        if kind_width:
            cells.append((fit(" " + document_kind(document["kind"]), kind_width), "muted"))
        cells.append((fit(_size(document["size"]), 9, right=True), "muted"))
        cells.append((" " + fit(here, self._place), tone))
        return cells

    # -- what the person does ----------------------------------------------------------------------------------------

    def fetch_current(self, then: Callable[[tuple[Head, bytes]], None], *, latest: str) -> None:
        """Get the document under the cursor."""
        if (document := self.current) is not None:
            self.fetch_document(document["id"], then, latest=latest)

    def action_certificate(self) -> None:
        """The certificates that are made on demand."""
        self.ameli.open_named("certificates")


def _where(document: Document) -> tuple[str, str]:
    """Where its file is, and in which tone that is said; a statement whose lines were not taken has a mark."""
    if document["unread"]:
        return "! " + _("kept, not read"), "warn"
    return ("✓ " + _("kept here"), "good") if document["fetched"] else ("↓ " + _("to fetch"), "muted")


def _size(size: int | None) -> str:
    if size is None:
        return ""
    return _("{n} kB").format(n=number(max(1, round(size / 1000))))
