"""Moving about in an open session: redirects, screens in between, the portal's two halves, and when it has ended."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import uuid4

import msgspec

from agent.concurrency.reader_threads import aside
from agent.portal.errors import ConditionsToAccept, PortalChanged, ServerFault, SessionEnded
from agent.portal.http.client import FILE_LIMIT, Http, Reply
from agent.portal.http.csrf import Csrf
from agent.portal.http.interstitials import conditions_waiting, screen
from agent.portal.http.origins import Origin, Origins
from agent.portal.pages.html import Node, Tree, attribute, first, parse, text, whole
from agent.portal.pages.json_answers import decoded
from agent.portal.pages.selectors import MOVED, STATEMENTS_APP, TOKEN, LoginPage, SessionMarks, TokenAnswer, page_path
from agent.portal.types import PortalConfig
from config.json_value import JsonValue

HOPS = 12
"""Redirects followed for one page; the longest known way (sign-in and back) takes six."""
T = TypeVar("T")
VISITS = 3
"""Times a page is asked for: a renewed session, a screen in between, and the page itself."""
_REFRESH = re.compile(r"\s*(\d{1,6})\s*[;,]\s*url\s*=\s*['\"]?(.+?)['\"]?\s*", re.IGNORECASE | re.DOTALL)
_LONGEST_REFRESH_S = 5
"""A landing page refreshes at once; a longer delay is a time-out of the page, not a way to go."""


def new_id() -> str:
    """A random UUID."""
    return str(uuid4())


class Session:
    """The conversation with the portal, one request at a time."""

    def __init__(
        self, config: PortalConfig, http: Http, csrf: str | None = None, fresh_id: Callable[[], str] = new_id
    ) -> None:
        self.http = http
        self.origins = Origins(config.base_url, config.identity_url)
        self.csrf = Csrf(self._ask_token, csrf)
        self.conditions = False
        """New terms of use wait for the person."""
        self._parsed: tuple[Reply, Tree] | None = None
        self._app_version = config.app_version
        self._fresh_id = fresh_id

    # -- reading, in a thread ----------------------------------------------------------------------------------------

    def tree(self, reply: Reply, page: str) -> Tree:
        """The tree of an answer, made once. Call it ``aside``. Raises PortalChanged for one that is too deep."""
        if self._parsed is None or self._parsed[0] is not reply:
            self._parsed = reply, parse(reply.text, page)
        return self._parsed[1]

    async def ended(self, reply: Reply, page: str) -> bool:
        """The answer is the login form or the entrance before it."""
        if self.origins.of(reply.url) is Origin.IDENTITY:
            return True
        return await aside(lambda: self.signed_out(reply, self.tree(reply, page)))

    # -- following ---------------------------------------------------------------------------------------------------

    async def follow(self, reply: Reply, page: str, *, repeat: bool = False) -> Reply:
        """Follow 30x answers and landing pages until one that stays. Raises RedirectElsewhere, PortalChanged."""
        for _ in range(HOPS):
            target = await self._next(reply, page)
            if target is None:
                return reply
            reply = await self.http.get(target, page=page, hop=True, repeat=repeat)
        raise PortalChanged(page=page, missing="fin des redirections")

    async def _next(self, reply: Reply, page: str) -> str | None:
        if reply.redirects:
            link = reply.headers.get("location") or await aside(
                lambda: attribute(first(self.tree(reply, page), "a[href]"), "href"))
            if not link:
                raise PortalChanged(page=page, missing="adresse de la redirection")
            return self.origins.resolve(link, reply.url, page)
        if not reply.is_html or self.origins.of(reply.url, page) is not Origin.PORTAL:
            return None
        onward = await aside(lambda: _refresh(self.tree(reply, page)))
        return self.origins.resolve(onward, reply.url, page) if onward is not None else None

    def signed_out(self, reply: Reply, tree: Tree) -> bool:
        """The page is the login form or the entrance before it."""
        if self.origins.of(reply.url) is Origin.IDENTITY or SessionMarks.signed_out.find(tree) is not None:
            return True
        return is_entrance(SessionMarks.entrance.find(tree)) and SessionMarks.signed_in.find(tree) is None

    # -- legacy pages ------------------------------------------------------------------------------------------------

    async def page(self, label: str, page: str, read: Callable[[Tree], T]) -> T:
        """Open a legacy page, past the screens that may be passed, and return what ``read`` makes of it (in a thread).

        Asked again when a screen in between was shown, and when the single sign-on renewed this half of the session
        and left us at home. Raises SessionEnded, ConditionsToAccept, PasswordExpired, EmailToConfirm, PortalChanged,
        and what ``read`` raises.
        """
        reply = await self.view(self.origins.portal(page_path(label)), page)
        return await aside(lambda: read(self.tree(reply, page)))

    async def view(self, url: str, page: str) -> Reply:
        """As ``page``, for the address of a page."""
        blocked: str | None = None
        for again in range(VISITS):
            reply = await self.http.get(url, page=page)
            self.csrf.drop()
            reply = await self.follow(reply, page)
            blocked = await aside(self._viewed, reply, page)
            if blocked is None and (again or page_label(reply.url) == page_label(url)):
                return reply
        if blocked == "conditions":
            raise ConditionsToAccept
        raise PortalChanged(page=page, missing="page demandée (un écran intermédiaire revient)")

    def _viewed(self, reply: Reply, page: str) -> str | None:
        """The screen in between that an answer is, if any. Raises what keeps it from being the page."""
        tree = self.tree(reply, page)
        if self.signed_out(reply, tree):
            raise SessionEnded
        blocked = self.look(reply, tree)
        if reply.status in (401, 403):
            raise SessionEnded
        if reply.status != 200:
            raise ServerFault(status=reply.status, page=page)
        if not whole(reply.text):
            raise PortalChanged(page=page, missing="page entière")
        return blocked

    def look(self, reply: Reply, tree: Tree) -> str | None:
        """The screen in between that this page is, if any; takes note of waiting terms of use."""
        in_between = screen(reply, tree)
        if in_between == "conditions" or conditions_waiting(reply):
            self.conditions = True
        return in_between

    async def post_page(self, path: str, form: Mapping[str, str], page: str) -> Reply:
        """Post a form of a legacy page and return the page that answers. Raises SessionEnded."""
        reply = await self.follow(await self.http.post(self.origins.portal(path), form, page=page), page)
        if await self.ended(reply, page):
            raise SessionEnded
        return reply

    # -- calls with the token ----------------------------------------------------------------------------------------

    async def _ask_token(self) -> Reply:
        reply = await self.http.post(
            self.origins.portal(TOKEN), {}, page=TokenAnswer.page,
            headers={"FETCH-CSRF-TOKEN": "1", "Origin": self.origins.base, "Accept": "*/*"},
        )
        await self._check_ended(reply, TokenAnswer.page)
        return reply

    async def call(self, path: str, parameters: Mapping[str, str], page: str) -> Reply:
        """GET with the token in its header. A refused token is asked again once, then PortalChanged."""
        url = self.origins.portal(f"{path}?{urlencode(parameters)}")
        for _ in range(2):
            token = await self.csrf.get()
            reply = await self.http.get(
                url, page=page, limit=FILE_LIMIT, headers={"_ct": token, "X-Requested-With": "XMLHttpRequest",
                                                           "Accept": "*/*"},
            )
            if not await self._refused(reply, page):
                await self._check_ended(reply, page)
                if reply.status != 200:
                    raise ServerFault(status=reply.status, page=page)
                return reply
            self.csrf.drop()
        raise PortalChanged(page=page, missing="jeton _ct accepté")

    async def _refused(self, reply: Reply, page: str) -> bool:
        if reply.status in (400, 403):
            return True
        if reply.redirects:
            target = await self._next(reply, page) or ""
            return self.origins.of(target, page) is Origin.PORTAL and "error" in target.lower()
        return False

    async def _check_ended(self, reply: Reply, page: str) -> None:
        """Raise SessionEnded when the answer is a way to the login form, or the form itself; PortalChanged when it
        leads to another page of an open session."""
        if reply.redirects:
            await self._check_moved(reply, page)
            raise SessionEnded
        if reply.status == 401:
            raise SessionEnded
        if reply.is_html and await self.ended(reply, page):
            raise SessionEnded

    async def _check_moved(self, reply: Reply, page: str) -> None:
        """Raise PortalChanged when a redirect stays inside the portal and does not come to the login form: asking to
        sign in again would lead to the same place."""
        target = await self._next(reply, page) or ""  # refuses what leads elsewhere
        if self.origins.of(target, page) is not Origin.PORTAL or page_label(target) == LoginPage.label:
            return
        there = await self.follow(reply, page)
        if there.status not in (401, 403) and not await self.ended(there, page):
            raise PortalChanged(page=page, missing=MOVED)

    async def exchange(
        self, method: str, path: str, page: str, body: bytes | None = None, media_type: str = "application/json"
    ) -> Reply:
        """Any request of the open session, answered by data and not by a page. Raises SessionEnded."""
        reply = await self.http.exchange(method, self.origins.portal(path), page=page, body=body, media_type=media_type)
        await self._check_ended(reply, page)
        return reply

    # -- files -------------------------------------------------------------------------------------------------------

    async def tokened(self, fetch: Callable[[str], Awaitable[Reply]]) -> Reply:
        """A download that takes the token; a refused one (403, or a redirect to an error page) is renewed once."""
        try:
            return await fetch(await self.csrf.get())
        except ServerFault as error:
            if error.facts["status"] not in (302, 303, 403):
                raise
        self.csrf.drop()
        return await fetch(await self.csrf.get())

    async def file(self, link: str, page: str, *, from_path: str = "/PortailAS/") -> Reply:
        """Download what a link of a page leads to. Raises SessionEnded, ServerFault (an error page came instead)."""
        url = self.origins.resolve(link, self.origins.portal(from_path), page)
        return await self._download(await self.http.get(url, page=page, limit=FILE_LIMIT), page)

    async def posted_file(self, link: str, form: Mapping[str, str], page: str) -> Reply:
        """As ``file``, by posting a form."""
        url = self.origins.resolve(link, self.origins.portal("/PortailAS/appmanager/PortailAS/"), page)
        return await self._download(await self.http.post(url, form, page=page, limit=FILE_LIMIT), page)

    async def _download(self, reply: Reply, page: str) -> Reply:
        if reply.status == 401:
            raise SessionEnded
        if reply.redirects:
            target = await self._next(reply, page) or ""
            if self.origins.of(target, page) is Origin.IDENTITY:
                raise SessionEnded
            if "error" in target.lower():
                raise ServerFault(status=reply.status, page=page)
            reply = await self.follow(reply, page)
        if reply.is_html and await self.ended(reply, page):
            raise SessionEnded
        if reply.status != 200 or reply.is_html or not reply.body:
            raise ServerFault(status=reply.status, page=page)
        return reply

    # -- sub-apps ----------------------------------------------------------------------------------------------------

    async def rest(self, path: str, page: str) -> JsonValue:
        """The JSON of a REST call of the sub-apps; None for 404. Opens their half of the session when it is not.

        Raises SessionEnded, PortalChanged (400: headers, version or period; no JSON).
        """
        reply = await self._rest(path, page)
        if await self._rest_ended(reply, page):
            await self.open_subapp(page)
            reply = await self._rest(path, page)
            if await self._rest_ended(reply, page):
                await self._check_rest_moved(reply, page)
                raise SessionEnded
        if reply.status == 404:
            return None
        if reply.status == 400:
            raise PortalChanged(page=page, missing="en-têtes, version ou période acceptés (400)")
        if reply.status != 200:
            raise ServerFault(status=reply.status, page=page)
        try:
            return await aside(decoded, reply.body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise PortalChanged(page=page, missing="réponse JSON entière") from None

    async def open_subapp(self, page: str) -> None:
        """Open the session of the sub-apps by single sign-on. Raises SessionEnded when the login form comes."""
        reply = await self.follow(await self.http.get(self.origins.portal(STATEMENTS_APP), page=page), page)
        if await self.ended(reply, page):
            raise SessionEnded

    async def _rest(self, path: str, page: str) -> Reply:
        return await self.http.get(self.origins.portal(path), page=page, limit=FILE_LIMIT, headers={
            "canal": '{"canal":"PORTAIL","reduction":"ASDS_X"}',
            "x-app-name": "ASDS_X",
            "x-app-version": self._app_version,
            "x-request-engine": "Axios",
            "x-correlation-id": self._fresh_id(),
            "Accept": "application/json, text/plain, */*",
        })

    async def _rest_ended(self, reply: Reply, page: str) -> bool:
        if reply.redirects:
            await self._next(reply, page)  # refuses what leads elsewhere
            return True
        return reply.status in (401, 403) or (reply.status == 200 and reply.is_html)

    async def _check_rest_moved(self, reply: Reply, page: str) -> None:
        """Raise PortalChanged when the sub-app's half of the session was just opened and we are still sent away."""
        if reply.redirects:
            await self._check_moved(reply, page)


def _refresh(tree: Tree) -> str | None:
    """Where a landing page leads by itself, at once."""
    for node in LoginPage.landing.all(tree):
        refresh = _REFRESH.fullmatch(attribute(node, "content")[:4000])
        if attribute(node, "http-equiv").lower() == "refresh" and refresh and int(refresh[1][:9]) <= _LONGEST_REFRESH_S:
            return refresh[2]
    return None


def is_entrance(link: Node | None) -> bool:
    """The link that leads to the login form, not its twin that creates an account."""
    return link is not None and "connect" in text(link).lower()


def page_label(url: str) -> str:
    """The ``_pageLabel`` of an address."""
    return parse_qs(urlsplit(url).query).get("_pageLabel", [""])[0]
