"""Certificates on demand: sick pay over a period, tax statement of a year, provisional European certificate.

The real service shows them on pages whose requests nobody has published: there the person is sent to the page. A
stand-in gives them under the same address as it takes requests (see ``procedures``).
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlencode

import msgspec

from agent.concurrency.reader_threads import aside
from agent.portal.errors import (
    CertificateByHand,
    CertificateRefused,
    ConditionsToAccept,
    NothingToCertify,
    PortalChanged,
    ServerFault,
    SessionEnded,
    UnknownBeneficiary,
)
from agent.portal.http.client import FILE_LIMIT
from agent.portal.pages.json_answers import decoded_as
from agent.portal.pages.parsing import quotable
from agent.portal.pages.selectors import CertificatePages
from config.addresses import is_real_service

if TYPE_CHECKING:
    from agent.portal.http.client import Reply
    from agent.portal.navigation import Session

Kind = Literal["ij", "fiscal", "ceam"]


class Wanted(msgspec.Struct, frozen=True):
    """A certificate: ``ij`` of the days from ``since`` to ``until``, ``fiscal`` of a ``year``, ``ceam`` of a ``person``
    (first or full name; None: the insured person)."""

    kind: Kind
    since: date | None = None
    until: date | None = None
    year: int | None = None
    person: str | None = None

    def query(self) -> str:
        """As the address asks for it."""
        given = {
            "since": self.since and self.since.isoformat(), "until": self.until and self.until.isoformat(),
            "year": self.year, "person": self.person,
        }
        return urlencode({name: value for name, value in given.items() if value is not None})


class _Reason(msgspec.Struct):
    code: str = ""
    message: str = ""


class _Reasons(msgspec.Struct):
    errors: tuple[_Reason, ...] = ()


def check_offered(base_url: str, wanted: Wanted) -> None:
    """Raise CertificateByHand for the service that is known to give none to programs."""
    if is_real_service(base_url):
        raise _by_hand(wanted)


async def fetch_certificate(session: Session, wanted: Wanted) -> bytes:
    """The certificate as PDF, made today. One request; none to the real service.

    Raises CertificateByHand, NothingToCertify, CertificateRefused, UnknownBeneficiary, ConditionsToAccept,
    SessionEnded, ServerFault, PortalChanged.
    """
    check_offered(session.origins.base, wanted)
    address = f"{CertificatePages.path}{CertificatePages.names[wanted.kind]}?{wanted.query()}"
    reply = await session.http.get(session.origins.portal(address), page=CertificatePages.page, limit=FILE_LIMIT,
                                   headers={"Accept": "application/pdf, application/json"})
    reply = await session.follow(reply, CertificatePages.page)
    if reply.is_html:
        await aside(_check_page, session, reply)
    if reply.status == 401:
        raise SessionEnded
    if reply.status == 200:
        if not reply.body.startswith(b"%PDF-"):
            raise PortalChanged(page=CertificatePages.page, missing="contenu PDF")
        return reply.body
    raise await aside(_refusal, wanted, reply)


def _check_page(session: Session, reply: Reply) -> None:
    """Raise what a page that came instead of a file stands for."""
    tree = session.tree(reply, CertificatePages.page)
    if session.signed_out(reply, tree):
        raise SessionEnded
    if session.look(reply, tree) == "conditions":
        raise ConditionsToAccept


def _refusal(wanted: Wanted, reply: Reply) -> Exception:
    try:
        reasons = decoded_as(reply.body, _Reasons).errors
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        reasons = ()
    if reply.status == 404:
        # Without a reason there is no such service at this address.
        return NothingToCertify(text=_said(reasons)) if reasons else _by_hand(wanted)
    if reply.status != 422 or not reasons:
        return ServerFault(status=reply.status, page=CertificatePages.page)
    if any(one.code == "unknown_person" for one in reasons):
        return UnknownBeneficiary()
    return CertificateRefused(text=_said(reasons))


def _said(reasons: tuple[_Reason, ...]) -> str:
    return quotable(reasons[0].message.rstrip("."))


def _by_hand(wanted: Wanted) -> CertificateByHand:
    return CertificateByHand(document=CertificatePages.by_hand[wanted.kind])
