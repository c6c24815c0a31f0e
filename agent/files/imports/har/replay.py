"""From recorded answers to what they say: each goes to the parser that reads it during a sync."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from agent.files.formats.har import Dropped, Entry, Recording
from agent.files.formats.pdf_damage import is_damaged_pdf
from agent.files.imports.har.messages import Messages
from agent.files.imports.har.model import Found
from agent.files.imports.har.payments import Payments
from agent.files.imports.har.statements import Statements
from agent.files.imports.har.urls import asked
from agent.portal.errors import PortalChanged, ServerFault
from agent.portal.http.client import Reply, judge
from agent.portal.pages.html import Tree, parse, whole
from agent.portal.pages.profile import read_profile
from agent.portal.pages.selectors import (
    ASSURE,
    PAYMENTS,
    STATEMENTS_REST,
    DetailPage,
    InboxPage,
    PaymentsPage,
    ProfilePage,
    SessionMarks,
)
from agent.portal.pages.statements import PAGE

_LISTS = ("afficherPaiementsComplementaires", "Rechercher")
_DETAIL = "chargerDetailPaiements"
_REDIRECTS = (301, 302, 303, 307, 308)
_Reader = Callable[[Entry, Reply], None]


def read_pages(recording: Recording) -> Found:
    """Read every answer; what is not understood is in ``problems``, by name. Pure; raises nothing."""
    return _Pages(recording).read()


def is_read(entry: Entry) -> bool:
    """Whether an answer is of a page, or is a file, that is read here."""
    return _Pages(Recording(entries=[], dropped=Dropped())).reader(entry) is not None


class _Pages:
    """One pass over the answers in order of time, then what must be put together."""

    def __init__(self, recording: Recording) -> None:
        self._entries = recording.entries
        self._found = Found(recording.dropped, recording.local, bool(recording.entries or recording.dropped.sign_in),
                            unread=recording.unread, cut_after=recording.cut_after, mended=recording.mended)
        self._payments = Payments(self._found)
        self._statements = Statements(self._found)
        self._messages = Messages(self._found)

    def read(self) -> Found:
        self._found.recorded_at = max(
            (entry.started_at for entry in self._entries if entry.started_at and entry.started_at.tzinfo), default=None)
        for entry in self._entries:
            page = self.reader(entry)
            if page is None:
                continue
            if entry.body is None:
                self._found.unrecorded += entry.status not in (0, *_REDIRECTS)
                continue
            if entry.body.startswith(b"%PDF-") and is_damaged_pdf(entry.body):
                self._found.damaged += 1
                continue
            self._found.attempt(partial(self._read, entry, *page))
        self._payments.put_together()
        self._statements.put_together()
        self._messages.put_together()
        return self._found

    def reader(self, entry: Entry) -> tuple[str, _Reader] | None:
        """The page and who reads it; None for what a sync would not ask for (scripts, images, other pages)."""
        path, query = asked(entry.url)
        label = query.get("_pageLabel") if path == ASSURE else None
        if path == PAYMENTS and query.get("actionEvt") in _LISTS:
            return PaymentsPage.list_page, self._payments.listed
        if path == PAYMENTS and query.get("actionEvt") == _DETAIL:
            return DetailPage.page, self._payments.detail
        if path == f"{STATEMENTS_REST}/home":
            return PAGE, self._statements.home
        if path.startswith(f"{STATEMENTS_REST}/pdf/"):
            return PAGE, self._statements.document
        if label == InboxPage.label:
            return InboxPage.page, self._messages.page
        if label in ProfilePage.labels:
            return ProfilePage.page, self._profile
        return self._file(entry, path)

    def _file(self, entry: Entry, path: str) -> tuple[str, _Reader] | None:
        """A downloaded file; which payment, month or message it belongs to is found when all is read."""
        pdf = (entry.body or b"").startswith(b"%PDF-")
        if not path.startswith("/PortailAS/"):
            return (InboxPage.message_page, self._paper) if pdf else None
        if "ReleveMensuel" in path:
            return PAGE, self._statements.file
        if path.endswith(".dopdf"):
            return PaymentsPage.page, self._payments.file
        named = "attachment" in entry.headers.get("content-disposition", "").lower()
        if named or path.startswith("/PortailAS/messagerie/") or pdf:
            return InboxPage.message_page, self._messages.file
        return None

    def _paper(self, _entry: Entry, reply: Reply) -> None:
        self._found.papers.append(reply.body)

    def _read(self, entry: Entry, page: str, reader: _Reader) -> None:
        reply = Reply(entry.status, entry.url, entry.headers, entry.body or b"")
        judge(reply, page)
        if entry.status in (0, *_REDIRECTS):
            return  # cut, or the browser went on elsewhere: that is an entry of its own
        if entry.status in (401, 403) or (reply.is_html and _signed_out(parse(reply.text))):
            self._found.signed_out += 1
            return
        if entry.status not in (200, 304):
            raise ServerFault(status=entry.status, page=page)
        reader(entry, reply)

    def _profile(self, entry: Entry, reply: Reply) -> None:
        if not whole(reply.text):
            raise PortalChanged(page=ProfilePage.page, missing="page entière")
        self._found.profile = read_profile(parse(reply.text))
        self._found.numbers.add(self._found.profile.nir)
        self._found.profile_on = entry.started_at.date() if entry.started_at else None


def _signed_out(tree: Tree) -> bool:
    return SessionMarks.signed_out.find(tree) is not None and SessionMarks.signed_in.find(tree) is None
