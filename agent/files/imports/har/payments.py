"""Lists and details of payments, put together: the whole list ranks equal payments, as a sync does."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from itertools import count

import msgspec

from agent.files.formats.har import Entry
from agent.files.imports.har.model import Found, Group, Member
from agent.files.imports.har.urls import Key, asked, key, leads_to
from agent.files.imports.ownership import Span
from agent.portal.errors import PortalChanged
from agent.portal.http.client import Reply
from agent.portal.pages.parsing import words
from agent.portal.pages.payment_detail import Detail, read_detail
from agent.portal.pages.payments import read_list
from agent.portal.pages.selectors import DetailPage, PaymentsPage
from agent.portal.types import PaymentRow

Equal = tuple[date, str, Decimal]
_EVERYBODY = ("", "tout_selectionner")


class _List(msgspec.Struct):
    """The rows of one day, kind and amount in one recorded list."""

    rows: list[PaymentRow]
    whole: bool


class _Asked(msgspec.Struct):
    """A recorded detail, and what was asked."""

    ref: str
    kind: str
    group: str
    index: str
    detail: Detail


class Payments:
    """Collects the answers, then makes groups of equal payments of them."""

    def __init__(self, recorded: Found) -> None:
        self._found = recorded
        self._lists: defaultdict[Equal, list[_List]] = defaultdict(list)
        self._details: dict[tuple[str, str], _Asked] = {}
        self._files: dict[Key, bytes] = {}
        self._by_ref: dict[str, Key] = {}
        self._places: dict[str, int] = {}
        self._counter = count()

    def listed(self, entry: Entry, reply: Reply) -> None:
        """Take in a list. Raises PortalChanged."""
        whole = asked(entry.url)[1].get("Beneficiaire", "") in _EVERYBODY
        equal: defaultdict[Equal, dict[str, PaymentRow]] = defaultdict(dict)
        for row in read_list(reply):
            self._places[row.ref] = next(self._counter)
            equal[row.paid_on, row.kind, row.amount].setdefault(row.ref, row)
        if whole and equal:
            days = [day for day, _, _ in equal]
            # A list that was cut may show a part of its oldest day.
            self._found.spans.append(Span(min(days) + timedelta(1), max(days), frozenset(
                kind for _, kind, _ in equal)))
        for equals, rows in equal.items():
            self._lists[equals].append(_List(list(rows.values()), whole))

    def detail(self, entry: Entry, reply: Reply) -> None:
        """Take in a detail. Raises PortalChanged."""
        query = asked(entry.url)[1]
        kind = query.get("naturePaiement", "")
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,80}", kind):
            raise PortalChanged(page=DetailPage.page, missing="référence du paiement (onclick)")
        ref = words(query.get("idPaiement"), 2000)
        self._details[ref, kind] = _Asked(
            ref, kind, query.get("indexGroupe", ""), query.get("indexPaiement", ""), read_detail(reply.text, ""))

    def file(self, entry: Entry, reply: Reply) -> None:
        """Take in a décompte. Raises PortalChanged."""
        if not reply.body.startswith(b"%PDF-"):
            raise PortalChanged(page=PaymentsPage.page, missing="contenu PDF")
        self._files[key(entry.url)] = reply.body

    def put_together(self) -> None:
        """Fill ``found.groups``, and ``found.papers`` with the décomptes of unknown payments."""
        groups = {one: self._group(one, lists) for one, lists in self._lists.items()}
        left = dict(self._details)
        for group in groups.values():
            for member in group.members:
                opened = left.pop((member.row.ref, member.row.kind), None)
                if opened is not None:
                    self._found.attempt(partial(_join, member, opened.detail))
        for opened in left.values():
            self._found.attempt(partial(self._place, opened, groups))
        self._by_ref = {value: one for one in self._files for name, value in one[1] if name == "idPaiement"}
        for group in groups.values():
            for member in group.members:
                self._attach_pdf(member)
        self._found.groups = list(groups.values())
        self._found.papers += self._files.values()

    def _group(self, equal: Equal, lists: list[_List]) -> Group:
        """The list that shows most decides; a later one over an earlier, a whole one over one person's."""
        best = lists[0]
        for listing in lists[1:]:
            if (listing.whole, len(listing.rows)) >= (best.whole, len(best.rows)):
                best = listing
        rows = {row.ref: row for row in best.rows}
        if not best.whole:  # one person's payments beside another's
            for listing in lists:
                for row in listing.rows:
                    rows.setdefault(row.ref, row)
        self._rename(best, lists)
        return Group(*equal, [Member(row, at=self._places[row.ref]) for row in rows.values()], best.whole)

    def _rename(self, best: _List, lists: list[_List]) -> None:
        """References change from list to list at times; the order of equal payments does not."""
        for listing in lists:
            if len(listing.rows) != len(best.rows) or listing.whole != best.whole:
                continue
            for old, row in zip(listing.rows, best.rows, strict=True):
                asked_then = self._details.get((old.ref, old.kind))
                if old.ref != row.ref and asked_then is not None:
                    self._details.setdefault((row.ref, row.kind), asked_then)
                    del self._details[old.ref, old.kind]

    def _place(self, opened: _Asked, groups: dict[Equal, Group]) -> None:
        """A detail whose row is in no list: an equal payment without detail is it, else it is one of its own."""
        detail = opened.detail
        if detail.paid_on is None:
            raise PortalChanged(page=DetailPage.page, missing=DetailPage.heading.name)
        equal = (detail.paid_on, opened.kind, detail.amount)
        group = groups.setdefault(equal, Group(*equal, [], whole=False))
        free = [member for member in group.members if member.detail is None]
        if free:
            same = [member for member in free if (member.row.group, member.row.index) == (opened.group, opened.index)]
            (same or free)[0].detail = detail
        elif not group.whole:
            row = PaymentRow(
                paid_on=detail.paid_on, kind=opened.kind, amount=detail.amount, ref=opened.ref, group=opened.group,
                index=opened.index, label="",
            )
            group.members.append(Member(row, listed=False, detail=detail, at=next(self._counter)))

    def _attach_pdf(self, member: Member) -> None:
        links = [member.row.pdf_href, member.detail.pdf_href if member.detail else None]
        for address in (meant for link in links if link for meant in leads_to(link)):
            member.pdf = member.pdf or self._files.pop(address, None)
        if member.pdf is None:  # the link was on neither: the reference in the file's address tells
            member.pdf = self._files.pop(self._by_ref.get(member.row.ref, ("", ())), None)


def _join(member: Member, detail: Detail) -> None:
    if detail.amount != member.row.amount:
        raise PortalChanged(page=DetailPage.page, missing="montant de la liste")
    member.detail = detail
