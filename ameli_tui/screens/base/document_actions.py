"""What can be done with a document, wherever one is met: view, read, save."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

from agent.client import api
from agent.errors import AmeliError
from ameli_tui.i18n import _, lang
from ameli_tui.i18n.origins import origins_line
from ameli_tui.screens.base.page import Page
from ameli_tui.terminal.safe_text import clean, one_line
from ameli_tui.widgets.virtual_list import Lines

if TYPE_CHECKING:
    from agent.protocol.documents import DocumentWithOrigins
    from agent.protocol.origins import RecordOrigin


class Head(TypedDict):
    """What a document is called, as a file and to the person, and where its file came from."""

    filename: str
    title: str
    origins: list[RecordOrigin]


class FilePage(Page[None]):
    """A screen on which documents can be opened."""

    def fetch_document(self, key: str, then: Callable[[tuple[Head, bytes]], None], *, latest: str) -> None:
        """Get a document's head and bytes for ``then``; the agent fetches it from the service if need be."""
        def get() -> tuple[DocumentWithOrigins, bytes]:
            data = self.client.ask(api.document_bytes(key))  # first: where it came from is known once it is kept
            return self.client.ask(api.document(key)), data

        self.say(_("Fetching the document…"), seconds=120)
        self.ask(get, then, latest=latest)

    def view_document(self, document: tuple[Head, bytes]) -> None:
        """Open it with the desktop's viewer, or say where it lies."""
        from ameli_tui.files.external import keep_for_viewer, open_in, viewer

        head, data = document
        try:
            path = keep_for_viewer(self.ameli.paths, head["filename"] or "document.pdf", data)
            command = viewer(os.environ)
            if command:
                open_in(command, path)
        except AmeliError as error:
            self.say(f"{error.message(lang())} {error.hint(lang())}", "bold $error", 20)
            return
        if command:
            self.say(_("Opened with the desktop's viewer."))
        else:
            self.say(_("No desktop here. Until you leave it lies at {path}").format(path=path), seconds=60)

    def read_document(self, document: tuple[Head, bytes]) -> None:
        """Show its text."""
        head, data = document
        self.say("")

        def extract() -> tuple[Head, str]:
            from ameli_tui.files.external import document_text

            return head, document_text(data)

        self.ask(extract, self.got_extracted, latest="extracted")

    def got_extracted(self, extract: tuple[Head, str]) -> None:
        """Show the text on a screen of its own."""
        from ameli_tui.screens.base.text_reader import ReadingScreen

        head, text = extract
        self.app.push_screen(ReadingScreen(
            one_line(head["title"]), clean(text, 400_000) or _("This document holds no text."),
            one_line(origins_line(head["origins"]))))

    def save_document(self, document: tuple[Head, bytes]) -> None:
        """Ask where to, then write it."""
        from ameli_tui.screens.base.save_as import SaveScreen

        head, data = document
        self.say("")
        self.app.push_screen(SaveScreen(head["filename"] or "document.pdf", data), self._saved)

    def _saved(self, path: Path | None) -> None:
        if path is not None:
            self.say(_("Saved: {path}").format(path=path), "bold $success", 20)


class FileListPage(FilePage):
    """A list of documents: one key each reads, views and saves the one under the cursor."""

    def fetch_current(self, then: Callable[[tuple[Head, bytes]], None], *, latest: str) -> None:
        """Get head and bytes of the document under the cursor for ``then``; a subclass knows which."""

    def on_lines_opened(self, _message: Lines.Opened) -> None:
        """Enter reads it here."""
        self.action_text()

    def action_text(self) -> None:
        """Read it here."""
        self.fetch_current(self.read_document, latest="read")

    def action_show(self) -> None:
        """Open with the viewer."""
        self.fetch_current(self.view_document, latest="view")

    def action_save(self) -> None:
        """Save it."""
        self.fetch_current(self.save_document, latest="save")
