"""The inbox: its list, each message, its PDF and attachments."""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Mapping
from email.message import EmailMessage
from functools import partial
from hashlib import blake2b
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from agent.account import Message, clean_text
from agent.concurrency.reader_threads import aside, outside
from agent.portal.errors import PortalChanged, ServerFault
from agent.portal.http.client import Reply
from agent.portal.navigation import Session
from agent.portal.pages.html import Node, Tree, attribute, classes, every, parse, text
from agent.portal.pages.parsing import day, words
from agent.portal.pages.selectors import InboxPage
from agent.portal.types import FetchedFile, MessageRow

_UNAVAILABLE = "service momentanément indisponible"
_NOISE = "script, style, form, button, nav, header, footer, noscript, .telechargement_PJ, a.deconnexionButton"


async def list_messages(session: Session) -> list[MessageRow]:
    """The rows of the inbox as listed. One request."""
    return await session.page(InboxPage.label, InboxPage.page, read_inbox)


@outside
def read_inbox(tree: Tree) -> list[MessageRow]:
    """The rows of the inbox page, each once. Raises PortalChanged."""
    rows: dict[str, MessageRow] = {}
    for line in tree.css(InboxPage.rows):
        cells = line.css("td")
        if len(cells) < 5 or not line.css("input"):
            if InboxPage.empty.find(tree) is None and cells:
                raise PortalChanged(page=InboxPage.page, missing="colonnes du tableau")
            continue
        row = _row(line, cells)
        rows.setdefault(row.id, row)
    if not rows and InboxPage.empty.find(tree) is None:
        InboxPage.table.require(tree, InboxPage.page)
    return list(rows.values())


def _row(line: Node, cells: list[Node]) -> MessageRow:
    key = attribute(cells[0].css_first("input"), "value").strip()
    received = day(text(cells[4]))
    if not key:
        raise PortalChanged(page=InboxPage.page, missing="identifiant du message")
    if received is None:
        raise PortalChanged(page=InboxPage.page, missing="date du message")
    link = cells[4].css_first("a[href]") or line.css_first("a[href]")
    marks = classes(line)
    return MessageRow(
        id=words(key, 200), sender=text(cells[2], 300), subject=text(cells[3]), received_on=received,
        href=attribute(link, "href").strip() or None,
        read=bool(marks & {"lu", "msg_lu", "r_msg_lu", "read"}) and not marks & {"nonlu", "non_lu", "unread"},
    )


class MessagePage(NamedTuple):
    """What the page of one message shows."""

    body: str
    form: Node | None
    """What is posted to get the message as PDF."""
    links: list[str]
    """Of its attachments."""


async def fetch_message(session: Session, row: MessageRow) -> tuple[Message, list[FetchedFile]]:
    """A message with its text, its PDF and its attachments. Raises ServerFault when the service cannot show it."""
    if row.href is None:
        raise PortalChanged(page=InboxPage.message_page, missing="lien du message")
    url = session.origins.resolve(row.href, session.origins.portal("/PortailAS/appmanager/PortailAS/assure"),
                                  InboxPage.message_page)
    page = await aside(read_message, await session.view(url, InboxPage.message_page))
    files = []
    if page.form is not None:
        files.append(await _pdf(session, page.form, url))
    for number, link in enumerate(page.links, 1):
        target = session.origins.resolve(link, url, InboxPage.message_page)
        files.append(to_file(await session.tokened(partial(_attachment, session, target)), number))
    return to_message(row, page.body), files


@outside
def read_message(reply: Reply) -> MessagePage:
    """Read the page of a message. Raises PortalChanged, or ServerFault when the service cannot show it."""
    tree = parse(reply.text, InboxPage.message_page)
    form = InboxPage.form.find(tree)
    if form is None and _UNAVAILABLE in text(tree.body, 5000).lower():
        raise ServerFault(status=reply.status, page=InboxPage.message_page)
    body = read_body(tree)
    if form is None and not body:
        raise PortalChanged(page=InboxPage.message_page, missing=InboxPage.form.name)
    links = dict.fromkeys(attribute(link, "href") for link in every(tree, *InboxPage.attachments))
    return MessagePage(body, form, list(links))


def to_message(row: MessageRow, body: str) -> Message:
    """The message of a row and its page."""
    key = "m" + blake2b(f"{row.received_on}|{row.sender}|{row.subject}|{row.id}".encode(), digest_size=8).hexdigest()
    return Message(id=key, received_on=row.received_on, sender=row.sender, subject=row.subject, body=body,
                   read=row.read)


async def _attachment(session: Session, target: str, token: str) -> Reply:
    return await session.file(with_token(target, token), InboxPage.message_page)


def form_fields(form: Node) -> dict[str, str]:
    """What a form posts when it is sent as it stands."""
    return {attribute(field, "name"): attribute(field, "value") for field in form.css("input[name]")
            if attribute(field, "type").lower() not in ("submit", "button", "image")}


async def _pdf(session: Session, form: Node, url: str) -> FetchedFile:
    fields = await aside(form_fields, form)
    if InboxPage.fields[0] not in fields:
        raise PortalChanged(page=InboxPage.message_page, missing=InboxPage.fields[0])
    target = session.origins.resolve(attribute(form, "action"), url, InboxPage.message_page)

    async def fetch(token: str) -> Reply:
        return await session.posted_file(with_token(target, token), fields, InboxPage.message_page)

    return to_pdf(await session.tokened(fetch), fields)


def to_pdf(answer: Reply, fields: Mapping[str, str]) -> FetchedFile:
    """The message itself as PDF, which the form of its page asked for. Raises PortalChanged."""
    if not answer.body.startswith(b"%PDF-"):
        raise PortalChanged(page=InboxPage.message_page, missing="contenu PDF")
    return _file(answer, fields.get("nomPDF") or "message.pdf", "message", media_type="application/pdf")


def to_file(answer: Reply, number: int) -> FetchedFile:
    """The ``number``-th (from 1) attachment of a message."""
    return _file(answer, f"piece-jointe-{number}", "attachment")


def read_body(tree: Tree) -> str:
    """The message's text: its own block when it is known, else what the page's content says around the form."""
    if (block := InboxPage.body.find(tree)) is None:
        block = InboxPage.around.find(tree)
        if block is None or InboxPage.form.find(tree) is None:
            return ""
        block = parse(block.html or "").body
        if block is None:
            return ""
        for noise in block.css(_NOISE):
            noise.decompose()
    lines = [re.sub(r"[ \t\u00a0]+", " ", line).strip() for line in block.text(separator="\n").splitlines()]
    return clean_text("\n".join(line for line in lines if line))


def with_token(url: str, token: str) -> str:
    """The address with ``_ct`` in its query."""
    parts = urlsplit(url)
    query = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name != "_ct"]
    return urlunsplit(parts._replace(query=urlencode([*query, ("_ct", token)])))


def _file(answer: Reply, default: str, kind: str, *, media_type: str = "") -> FetchedFile:
    header = EmailMessage()
    header["Content-Disposition"] = re.sub(r"[\r\n]", " ", answer.headers.get("content-disposition", "")) or "inline"
    name = words(header.get_filename() or default, 120) or default
    mime = media_type or answer.media_type
    if answer.body.startswith(b"%PDF-"):
        mime = "application/pdf"
    elif mime in ("", "application/octet-stream"):
        mime = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return FetchedFile(name=name, data=answer.body, media_type=mime,
                       kind="message" if kind == "message" else "attachment")
