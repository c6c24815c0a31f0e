"""The entitlement certificate (attestation de droits), made by the service on the day it is asked for."""

from __future__ import annotations

from agent.concurrency.reader_threads import aside
from agent.portal.errors import ConditionsToAccept, PortalChanged, ServerFault, UnknownBeneficiary
from agent.portal.http.client import Reply
from agent.portal.navigation import Session
from agent.portal.pages.html import Tree, attribute, text
from agent.portal.pages.selectors import AttestationPage
from config.fold import fold


async def fetch_attestation(session: Session, beneficiary: str | None) -> bytes:
    """The certificate of one person, or of the whole family. Four requests.

    Raises UnknownBeneficiary, ConditionsToAccept (new terms are to be accepted first), PortalChanged.
    """
    who = await session.page(
        AttestationPage.label, AttestationPage.page,
        lambda home: AttestationPage.family if beneficiary is None else find_person(home, beneficiary))
    token = await session.csrf.get()
    reply = await session.post_page(f"{AttestationPage.action}&{token}", {
        "attDroitsAccueilidBeneficiaire": who, **dict(AttestationPage.fields), "_ct": token,
    }, AttestationPage.page)
    blocked, link = await aside(_made, session, reply)
    session.csrf.drop()
    if link is None:
        if blocked == "conditions" or session.conditions:
            raise ConditionsToAccept
        if reply.status != 200:
            raise ServerFault(status=reply.status, page=AttestationPage.page)
        raise PortalChanged(page=AttestationPage.page, missing=AttestationPage.pdf.name)
    answer = await session.file(link, AttestationPage.page)
    if not answer.body.startswith(b"%PDF-"):
        raise PortalChanged(page=AttestationPage.page, missing="contenu PDF")
    return answer.body


def _made(session: Session, reply: Reply) -> tuple[str | None, str | None]:
    """The screen in between that the answer is, and the link to the PDF, if it has one."""
    tree = session.tree(reply, AttestationPage.page)
    link = AttestationPage.pdf.find(tree)
    return session.look(reply, tree), None if link is None else attribute(link, "href")


def find_person(home: Tree, name: str) -> str:
    """The value of the selector's entry for a person, by first or full name. Raises UnknownBeneficiary."""
    wanted = set(fold(name).split())
    people = AttestationPage.people.require(home, AttestationPage.page)
    listed = [(set(fold(text(option)).split()), attribute(option, "value")) for option in people.css("option")]
    if not listed:
        raise PortalChanged(page=AttestationPage.page, missing=AttestationPage.people.name)
    near = [(said != wanted, value) for said, value in listed
            if value not in ("", AttestationPage.family) and said and wanted and (wanted <= said or said <= wanted)]
    if not near:
        raise UnknownBeneficiary
    return min(near)[1]
