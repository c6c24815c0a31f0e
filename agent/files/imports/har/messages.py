"""The inbox and the messages that were opened while recording, with their files."""

from __future__ import annotations

import msgspec

from agent.files.formats.har import Entry
from agent.files.imports.har.model import Found, Opened
from agent.files.imports.har.urls import Key, asked, key, leads_to
from agent.portal.errors import PortalChanged
from agent.portal.http.client import Reply
from agent.portal.pages.html import attribute, parse, whole
from agent.portal.pages.inbox import MessagePage, form_fields, read_inbox, read_message, to_file, to_message, to_pdf
from agent.portal.pages.selectors import InboxPage
from agent.portal.types import FetchedFile, MessageRow


class _Page(msgspec.Struct):
    url: str
    page: MessagePage
    pdf: Reply | None = None


class Messages:
    """Collects the answers, then ties pages to rows and files to pages."""

    def __init__(self, recorded: Found) -> None:
        self._found = recorded
        self._rows: dict[str, MessageRow] = {}
        self._pages: list[_Page] = []
        self._files: dict[Key, Reply] = {}

    def page(self, entry: Entry, reply: Reply) -> None:
        """Take in the inbox or one message: both have the same label. Raises PortalChanged, ServerFault."""
        if not whole(reply.text):
            raise PortalChanged(page=InboxPage.page, missing="page entière")
        tree = parse(reply.text)
        if InboxPage.table.find(tree) is not None or InboxPage.empty.find(tree) is not None:
            listed = {row.id: row for row in read_inbox(tree)}
            self._rows = listed | {name: row for name, row in self._rows.items() if name not in listed}
        elif asked(entry.url)[1].get("idMessage") or "_windowLabel" in asked(entry.url)[1]:
            self._pages.append(_Page(entry.url, read_message(reply)))
        else:
            read_inbox(tree)

    def file(self, entry: Entry, reply: Reply) -> None:
        """Take in a file: what a form asked for belongs to the page that was open, what a link led to, to that link."""
        if entry.method != "POST":
            self._files[key(entry.url)] = reply
            return
        for page in reversed(self._pages):
            form = page.page.form
            if form is not None and key(entry.url) in leads_to(attribute(form, "action"), page.url):
                page.pdf = page.pdf or reply
                return

    def put_together(self) -> None:
        """Fill ``found.inbox`` and ``found.opened``."""
        rows = sorted(self._rows.values(), key=lambda row: row.received_on, reverse=True)
        self._found.inbox = rows
        by_link = {link: row for row in rows if row.href for link in leads_to(row.href)}
        for page in self._pages:
            row = by_link.get(key(page.url)) or self._rows.get(asked(page.url)[1].get("idMessage", ""))
            if row is None:
                self._found.unlisted += 1
                continue
            earlier = self._found.opened.get(row.id)
            files = self._opened(page)
            if earlier is not None:  # opened twice: what one page lacks the other may have
                files = [mine or theirs for mine, theirs in zip(files, earlier.files, strict=False)]
            self._found.opened[row.id] = Opened(row, to_message(row, page.page.body), files)

    def _opened(self, page: _Page) -> list[FetchedFile | None]:
        files: list[FetchedFile | None] = []
        if page.page.form is not None:
            files.append(self._pdf(page))
        for number, link in enumerate(page.page.links, 1):
            reply = next((self._files[one] for one in leads_to(link, page.url) if one in self._files), None)
            files.append(to_file(reply, number) if reply is not None and reply.body and not reply.is_html else None)
        return files

    def _pdf(self, page: _Page) -> FetchedFile | None:
        files: list[FetchedFile] = []
        if page.pdf is not None and page.page.form is not None:
            reply, fields = page.pdf, form_fields(page.page.form)
            self._found.attempt(lambda: files.append(to_pdf(reply, fields)))
        return files[0] if files else None
