"""The connector's public face: one object, one method for each thing the account can be asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, date, datetime
from itertools import count
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from agent.account import Message, Payment, Profile, payment_id
from agent.concurrency.reader_threads import aside
from agent.portal.changes.page_watch import Watch, reads
from agent.portal.errors import NoDocument, PortalChanged
from agent.portal.http.client import TRUSTED_DEVICE, Http, Reply
from agent.portal.navigation import Session, new_id
from agent.portal.pages.attestation import fetch_attestation
from agent.portal.pages.certificates import Wanted, fetch_certificate
from agent.portal.pages.desk import Desk
from agent.portal.pages.inbox import fetch_message, list_messages
from agent.portal.pages.payment_detail import fetch_detail, to_payment
from agent.portal.pages.payments import list_payments, payment_window
from agent.portal.pages.profile import fetch_profile
from agent.portal.pages.selectors import (
    AttestationPage,
    CertificatePages,
    DetailPage,
    InboxPage,
    LoginPage,
    LogoutPage,
    PaymentsPage,
    ProfilePage,
    StatementsPage,
    TokenAnswer,
    page_path,
)
from agent.portal.pages.statements import fetch_statement, list_statements
from agent.portal.sign_in import AskCode, SignIn
from agent.portal.types import FetchedFile, MessageRow, PaymentRow, PortalConfig, PortalSession, StatementRef

if TYPE_CHECKING:
    import httpx


class Portal:
    """The account service, politely: one request at a time, each with a pause before it.

    Every method raises the errors of ``agent.portal.errors``; after SessionEnded the caller may sign in once and go on.

    Example::

        portal = Portal(PortalConfig(), session=kept)
        oldest, newest = await portal.payment_window()
        for row in await portal.payments(oldest, newest): ...
    """

    def __init__(
        self, config: PortalConfig, *, transport: httpx.AsyncBaseTransport | None = None,
        session: PortalSession | None = None, today: Callable[[], date] = date.today,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep, fresh_id: Callable[[], str] = new_id,
    ) -> None:
        kept = session or PortalSession()
        self._http = Http(config, transport, sleep)
        self._http.put_cookies(kept.cookies)
        self._session = Session(config, self._http, kept.csrf, fresh_id)
        self._identity_host = urlsplit(config.identity_url).hostname or ""
        self._trusted = kept.trusted_device
        self._put_trusted()
        self.watch = Watch()
        self._today = today
        self._window: tuple[date, date] | None = None
        self._stamps: Iterator[int] = count(int(datetime.combine(today(), datetime.min.time(), UTC).timestamp() * 1000))

    @property
    def requests(self) -> int:
        """HTTP requests made so far."""
        return self._http.requests

    @property
    def last(self) -> Reply | None:
        """The newest answer."""
        return self._http.last

    def session(self) -> PortalSession:
        """The open session, to be kept and handed to the next ``Portal``."""
        return PortalSession(
            cookies=self._http.cookies(), trusted_device=self._http.received.get(TRUSTED_DEVICE, self._trusted),
            csrf=self._session.csrf.token,
        )

    @reads(LoginPage.page)
    async def sign_in(self, nir: str, password: str, ask_code: AskCode | None) -> None:
        """Open a session.

        ``ask_code`` gets what the service says about the code and gives the person's answer; it is asked again, twice
        at most, when the code is refused. Without it a wanted code raises CodeNeeded before any is sent.
        """
        sign_in = SignIn(self._session, nir, password, ask_code)
        self._trusted = self.session().trusted_device
        self._http.clear_cookies()
        self._put_trusted()
        self._session.csrf.drop()
        self._window = None
        await sign_in()

    @reads(LogoutPage.page)
    async def sign_out(self) -> None:
        """End the session at the service and here; the trusted device stays trusted."""
        reply = await self._http.get(self._session.origins.portal(page_path(LogoutPage.label)), page=LogoutPage.page)
        reply = await self._session.follow(reply, LogoutPage.page)
        over = await self._session.ended(reply, LogoutPage.page) or await aside(
            lambda: LogoutPage.done.find(self._session.tree(reply, LogoutPage.page)) is not None)
        self._trusted = self.session().trusted_device
        self._http.clear_cookies()
        self._put_trusted()
        self._session.csrf.drop()
        if not over:
            raise PortalChanged(page=LogoutPage.page, missing=LogoutPage.done.name)

    @reads(PaymentsPage.page)
    async def payment_window(self) -> tuple[date, date]:
        """The oldest and the newest day of which the service lists payments."""
        self._window = await payment_window(self._session)
        return self._window

    def assume_window(self, oldest: date, newest: date) -> None:
        """Go on without the page that tells which days are listed: the list itself may still read."""
        self._window = oldest, newest

    @reads(PaymentsPage.list_page, TokenAnswer.page)
    async def payments(self, since: date | None = None, until: date | None = None) -> list[PaymentRow]:
        """The rows paid from ``since`` to ``until`` (both included), newest first, within what the service lists."""
        oldest, newest = self._window or await self.payment_window()
        return await list_payments(
            self._session, max(since or oldest, oldest), min(until or newest, newest), self._stamps
        )

    @reads(DetailPage.page)
    async def payment(self, row: PaymentRow, rank: int) -> Payment:
        """The whole payment of a row; ``rank`` counts from 0 among rows of the same day, kind and amount."""
        await self._on_payments()
        key = payment_id(row.paid_on, row.kind, row.amount, rank)
        detail = await fetch_detail(self._session, row, key, next(self._stamps))
        if detail.missing:
            await self.watch.bad(PortalChanged(page=DetailPage.page, missing=detail.missing[0]), self.last)
        return to_payment(row, rank, detail)

    async def payment_pdf(self, row: PaymentRow) -> bytes:
        """The décompte of a payment. Raises NoDocument when neither the row nor the detail has a link."""
        link = row.pdf_href
        if link is None:
            await self._on_payments()
            link = (await fetch_detail(self._session, row, "", next(self._stamps))).pdf_href
        if link is None:
            raise NoDocument
        answer = await self._session.file(link, PaymentsPage.page)
        if not answer.body.startswith(b"%PDF-"):
            raise PortalChanged(page=PaymentsPage.page, missing="contenu PDF")
        return answer.body

    @reads(StatementsPage.page)
    async def statements(self, since: str | None = None) -> list[StatementRef]:
        """The monthly statements, newest first: all that are kept, or from the month ``since`` (``YYYYMM``) on."""
        return await list_statements(self._session, self._today(), since)

    @reads(StatementsPage.file_page)
    async def statement_pdf(self, ref: StatementRef) -> bytes:
        """The PDF of a monthly statement."""
        return await fetch_statement(self._session, ref)

    @reads(InboxPage.page)
    async def inbox(self) -> list[MessageRow]:
        """The rows of the inbox, as listed."""
        return await list_messages(self._session)

    @reads(InboxPage.message_page)
    async def message(self, row: MessageRow) -> tuple[Message, list[FetchedFile]]:
        """A message with its text; its PDF and attachments."""
        return await fetch_message(self._session, row)

    @reads(ProfilePage.page)
    async def profile(self) -> Profile:
        """The person and the family."""
        return await fetch_profile(self._session)

    @reads(AttestationPage.page)
    async def attestation(self, beneficiary: str | None = None) -> bytes:
        """The entitlement certificate as PDF, of one person or (None) of the family."""
        return await fetch_attestation(self._session, beneficiary)

    @reads(CertificatePages.page)
    async def certificate(self, wanted: Wanted) -> bytes:
        """Another certificate as PDF. Raises CertificateByHand where the service gives it to people only."""
        return await fetch_certificate(self._session, wanted)

    @property
    def desk(self) -> Desk:
        """Where requests are sent, if this portal has such a place."""
        return Desk(self._session)

    async def close(self) -> None:
        """Close the connections; the session stays open at the service."""
        await self._http.close()

    async def _on_payments(self) -> None:
        """Details are asked from the payments page, as a person would."""
        if self._window is None:
            await self.payment_window()

    def _put_trusted(self) -> None:
        if self._trusted:
            self._http.put_cookie(TRUSTED_DEVICE, self._trusted, self._identity_host)


