"""Statements, certificates and attachments: view, read, save."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.binding import BindingType
from textual.widget import Widget

from ameli_tui.i18n import _, day, ngettext, number
from ameli_tui.i18n.not_counted import empty_list
from ameli_tui.i18n.search_text import matches
from ameli_tui.i18n.service_words import document_kind
from ameli_tui.keys import bindings
from ameli_tui.screens.base.document_actions import FilePage, Head
from ameli_tui.terminal.safe_text import content, fit, one_line
from ameli_tui.widgets.text_input import Field
from ameli_tui.widgets.virtual_list import Cell, Lines, loading

if TYPE_CHECKING:
    from agent.protocol.documents import Document

_PLACE = 12
"""Columns for where a file is."""


class DocumentsPage(FilePage):
    """Every document, newest first; those of one message when told so."""

    NAME = "documents"
    KEYS_OF: ClassVar[tuple[str, ...]] = ("documents", "list")
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("documents")]

    def __init__(self, only: list[str] | None = None) -> None:
        """``only``: ids of the documents to show; all without."""
        super().__init__()
        self._only = only
        self._all: list[Document] = []
        self._shown: list[Document] = []
        self._place = _PLACE
        self.field = Field(id="filter", label="/", hint=_("title, kind, month…"))
        self.field.display = False
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
        self.ask(self.client.api.documents, self.got_documents, latest="documents")

    def got_documents(self, documents: list[Document]) -> None:
        """Show it."""
        self._all = [one for one in documents if self._only is None or one["id"] in self._only]
        self._narrow(keep=True)

    def _narrow(self, *, keep: bool = False) -> None:
        wanted = self.field.value
        self._shown = [
            one for one in self._all
            if matches(wanted, f"{one['title']} {document_kind(one['kind'])} {day(one['date'])}")
        ]
        self._place = max([_PLACE, *(len(_where(one)[0]) for one in self._shown if one["unread"])])
        empty = _("None matches.") if wanted else empty_list(self.ameli.status, _("No document."))
        self.lines.show_rows(len(self._shown), keep=keep, empty=empty)
        count = len(self._shown)
        said = ngettext("{n} document", "{n} documents", count).format(n=number(count))
        self.lines.border_subtitle = content(said)

    def _draw(self, row: int, width: int) -> list[Cell] | None:
        one = self._shown[row]
        kind_width = 24 if width >= 92 else 0
        here, tone = _where(one)
        room = max(8, width - 12 - kind_width - self._place - 1 - 9)
        when, title = day(one["date"]), one_line(one["title"])
        cells: list[Cell] = [(fit(when, 11) + " ", "muted"), (fit(title, room), "")]
        if kind_width:
            cells.append((fit(" " + document_kind(one["kind"]), kind_width), "muted"))
        cells.append((fit(_size(one["size"]), 9, right=True), "muted"))
        cells.append((" " + fit(here, self._place), tone))
        return cells

    # -- what the person does ----------------------------------------------------------------------------------------

    def _with_document(self, then: Callable[[tuple[Head, bytes]], None], latest: str) -> None:
        if self._shown:
            self.fetch_document(self._shown[self.lines.cursor]["id"], then, latest=latest)

    def on_lines_opened(self, _message: Lines.Opened) -> None:
        """Enter reads it here."""
        self._with_document(self.read_document, "read")

    def action_show(self) -> None:
        """Open with the viewer."""
        self._with_document(self.view_document, "view")

    def action_text(self) -> None:
        """Read it here."""
        self._with_document(self.read_document, "read")

    def action_save(self) -> None:
        """Save it."""
        self._with_document(self.save_document, "save")

    def action_certificate(self) -> None:
        """The certificates that are made on demand."""
        self.ameli.open_named("certificates")

    def action_bring(self) -> None:
        """Take in files of one's own."""
        self.ameli.open_importing()

    def on_paste(self, event: events.Paste) -> None:
        """Files dropped here are meant to be taken in."""
        self.ameli.open_importing(event.text)

    def action_export(self) -> None:
        """Write everything, the documents among it, as a file of another program."""
        self.ameli.open_export()

    def action_filter(self) -> None:
        """Type to filter."""
        self.field.display = True
        self.set_focus(self.field)

    def on_field_changed(self, message: Field.Changed) -> None:
        """Each key narrows the list."""
        if type(message) is Field.Changed:
            self._narrow()

    def on_field_done(self, message: Field.Done) -> None:
        """Go on in the list."""
        self.set_focus(self.lines)
        self.field.display = bool(message.field.value)

    def on_field_cancelled(self, _message: Field.Cancelled) -> None:
        """Give the filter up."""
        self.set_focus(self.lines)
        self.field.set_value("")
        self.field.display = False
        self._narrow()


def _where(document: Document) -> tuple[str, str]:
    """Where its file is, and in which tone that is said; a statement whose lines were not taken has a mark."""
    if document["unread"]:
        return "! " + _("kept, not read"), "warn"
    return ("✓ " + _("kept here"), "good") if document["fetched"] else ("↓ " + _("to fetch"), "muted")


def _size(size: int | None) -> str:
    if size is None:
        return ""
    return _("{n} kB").format(n=number(max(1, round(size / 1000))))
