"""The payments page and its list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

import msgspec

from agent.concurrency.reader_threads import aside, outside
from agent.portal.errors import PortalChanged
from agent.portal.http.client import Reply
from agent.portal.navigation import Session
from agent.portal.pages.html import Node, Tree, attribute, classes, first, parse, text
from agent.portal.pages.json_answers import decoded
from agent.portal.pages.parsing import amount, day, month_year, row_day, words
from agent.portal.pages.selectors import PAYMENTS, PaymentsPage
from agent.portal.types import PaymentRow

WINDOW = timedelta(days=214)
"""Longest period asked at once: the service shows six months and a bit, which makes one request of a usual window."""
BATCH = 250
"""Rows parsed at once."""
_ENTRY = re.compile(r"<li\b", re.IGNORECASE)
_QUOTED = re.compile(r"'((?:[^'\\]|\\.)*)'")


async def payment_window(session: Session) -> tuple[date, date]:
    """The oldest and newest day the service lists. Views the page: one request. Raises PortalChanged."""
    return await session.page(PaymentsPage.label, PaymentsPage.page, read_window)


@outside
def read_window(tree: Tree) -> tuple[date, date]:
    """The oldest and newest day of the payments page. Raises PortalChanged."""
    oldest = day(attribute(PaymentsPage.start.require(tree, PaymentsPage.page), "data-mindate"))
    newest = day(attribute(PaymentsPage.end.require(tree, PaymentsPage.page), "data-maxdate"))
    if oldest is None:
        raise PortalChanged(page=PaymentsPage.page, missing=PaymentsPage.start.name)
    if newest is None or newest < oldest:
        raise PortalChanged(page=PaymentsPage.page, missing=PaymentsPage.end.name)
    return oldest, newest


async def list_payments(session: Session, since: date, until: date, stamp: Iterator[int]) -> list[PaymentRow]:
    """The rows paid from ``since`` to ``until``, newest first, each once. One request per six months."""
    rows: dict[tuple[object, ...], PaymentRow] = {}
    for start, end in windows(since, until):
        reply = await session.call(PAYMENTS, {
            "actionEvt": "afficherPaiementsComplementaires",
            "DateDebut": f"{start:%d/%m/%Y}",
            "DateFin": f"{end:%d/%m/%Y}",
            "Beneficiaire": "tout_selectionner",
            "afficherReleves": "false",
            "afficherIJ": "true",
            "afficherPT": "false",
            "afficherInva": "false",
            "afficherRentes": "false",
            "afficherRS": "false",
            "indexPaiement": "",
            "idNotif": "",
            "idNoCache": str(next(stamp)),
        }, PaymentsPage.list_page)
        for row in await aside(read_list, reply):
            if start <= row.paid_on <= end:
                rows.setdefault((row.paid_on, row.kind, row.amount, row.ref), row)
    return sorted(rows.values(), key=lambda row: row.paid_on, reverse=True)


def windows(since: date, until: date) -> list[tuple[date, date]]:
    """Periods of at most ``WINDOW`` that cover the days from ``since`` to ``until``, newest first, without overlap."""
    periods = []
    end = until
    while end >= since:
        start = max(since, end - WINDOW)
        periods.append((start, end))
        end = start - timedelta(days=1)
    return periods


@outside
def read_list(reply: Reply) -> list[PaymentRow]:
    """The rows of an answer, newest first, whichever way the service turns them. Raises PortalChanged."""
    return _newest_first([row for batch in read_batches(reply) for row in batch])


def read_batches(reply: Reply) -> Iterator[list[PaymentRow]]:
    """The rows as they stand, a batch at a time: JSON with ``tableauPaiement``, or the HTML itself.

    The tree of a list of 10,000 rows takes 80 MiB and 0.6 s; batches keep both small.
    """
    page = PaymentsPage.list_page
    content = _html(reply)
    if not content.strip():
        return
    starts = [match.start() for match in _ENTRY.finditer(content)]
    if content.count("<ul") > content.count("</ul") or len(starts) > content.count("</li"):
        raise PortalChanged(page=page, missing="fin de la liste (réponse coupée)")
    head = parse(content[: starts[0]] if starts else content, page)
    if PaymentsPage.table.find(head) is None:
        if not starts and PaymentsPage.nothing in text(head.body, 2000).lower():
            return
        PaymentsPage.table.require(head, page)
    header: tuple[int, int] | None = None
    for at in range(0, len(starts), BATCH):
        end = starts[at + BATCH] if at + BATCH < len(starts) else len(content)
        rows, header = _entries(parse(content[starts[at]:end], page), header)
        yield rows


def _html(reply: Reply) -> str:
    if reply.body[:64].lstrip()[:1] not in (b"{", b"["):
        return reply.text
    page = PaymentsPage.list_page
    try:
        answer = decoded(reply.body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise PortalChanged(page=page, missing="réponse JSON entière") from None
    table = answer.get(PaymentsPage.list_key) if isinstance(answer, dict) else None
    if not isinstance(table, str):
        raise PortalChanged(page=page, missing=PaymentsPage.list_key)
    return table


def _entries(part: Tree, header: tuple[int, int] | None) -> tuple[list[PaymentRow], tuple[int, int] | None]:
    """The rows of a part of the list that begins under the month ``header``; with the month it ends under."""
    rows = []
    for entry in part.css(PaymentsPage.entries):
        marks = classes(entry)
        if PaymentsPage.header in marks:
            header = month_year(text(PaymentsPage.header_month.find(entry) or entry))
            if header is None:
                raise PortalChanged(page=PaymentsPage.list_page, missing=PaymentsPage.header_month.name)
        elif (onclick := _onclick(entry)) is not None:
            rows.append(_row(entry, onclick, header))
        elif PaymentsPage.row in marks:
            raise PortalChanged(page=PaymentsPage.list_page, missing="référence du paiement (onclick)")
    return rows, header


def _newest_first(rows: list[PaymentRow]) -> list[PaymentRow]:
    """Equal payments are told apart by their place: it must not depend on the order shown."""
    return rows[::-1] if rows and rows[0].paid_on < rows[-1].paid_on else rows


def _onclick(entry: Node) -> str | None:
    for node in (entry, *entry.css("[onclick]")):
        if PaymentsPage.call in (value := attribute(node, "onclick")):
            return value
    return None


def _row(entry: Node, onclick: str, header: tuple[int, int] | None) -> PaymentRow:
    page = PaymentsPage.list_page
    arguments = _QUOTED.findall(onclick[onclick.index(PaymentsPage.call):])
    if len(arguments) < 4 or not arguments[0] or not re.fullmatch(r"[A-Za-z0-9_-]{1,80}", arguments[1]):
        raise PortalChanged(page=page, missing="référence du paiement (onclick)")
    paid_on = row_day(text(PaymentsPage.day.find(entry)), text(PaymentsPage.month.find(entry)), header)
    if paid_on is None:
        part = PaymentsPage.header_month if header is None else PaymentsPage.day
        raise PortalChanged(page=page, missing=part.name)
    value = amount(text(PaymentsPage.amount.find(entry)))
    if value is None:
        raise PortalChanged(page=page, missing=PaymentsPage.amount.name)
    return PaymentRow(
        paid_on=paid_on, kind=arguments[1], label=text(PaymentsPage.name.find(entry), 300), amount=value,
        ref=words(arguments[0], 2000), group=words(arguments[2], 20), index=words(arguments[3], 20),
        pdf_href=attribute(first(entry, *PaymentsPage.pdf), "href").strip() or None,
    )
