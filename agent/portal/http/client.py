"""The only door to the network, and the only module that imports httpx.

One request at a time, with a pause before each; redirects are handed back, not followed; sizes and times are capped;
proxies and credentials of the environment are ignored; only GETs without side effects are ever repeated.
"""

from __future__ import annotations

import asyncio
import logging
import ssl
import sys
import zlib
from collections.abc import Awaitable, Callable, Mapping
from functools import cache
from http.cookiejar import Cookie
from urllib.parse import urlencode

import msgspec

if "httpx" not in sys.modules and "click" not in sys.modules:
    # httpx imports its command line (click, rich, pygments: 90 ms, 6 MiB) whenever click is installed. A blocked
    # `httpx._main` is the ImportError that httpx itself is written to expect.
    sys.modules["httpx._main"] = None  # type: ignore[assignment]
    import httpx

    del sys.modules["httpx._main"]
else:
    import httpx

from agent.portal.errors import (
    Blocked,
    Outage,
    PortalChanged,
    ServerFault,
    SessionEnded,
    TooManyRequests,
    Unreachable,
)
from agent.portal.http.bounds import BoundedJar, UnknownEncoding, Unpacker
from agent.portal.pages.selectors import OUTAGE_PAGE
from agent.portal.types import PortalConfig
from config.json_value import JsonObject

# httpcore asks for sniffio several times per request, and a module that is missing is looked for on disk each time
# (0.3 ms per request). It is needed for other event loops than asyncio only.
sys.modules.setdefault("sniffio", None)  # type: ignore[arg-type]

# At INFO httpx logs whole addresses, at DEBUG httpcore logs cookies.
for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)

PAGE_LIMIT = 8 << 20
"""Bytes of one page."""
FILE_LIMIT = 40 << 20
"""Bytes of one file or list."""
REPEATS = 2
"""How often a GET is repeated after a dropped connection or an answer 5xx."""
_LOCATION = "x-kept-location"
_FIREWALL = (b"request rejected", b"your support id")
_FIREWALL_SIZE = 32 << 10
TRUSTED_DEVICE = "trustConnect0"
"""Cookie that proves a trusted device; a new value comes with each sign-in and ends the old one."""
TOO_MUCH_SENT = (431, 494)
"""The header, which is mostly cookies, is too large for the service."""
DEFAULT_WAIT_S = 600.0
"""Wait after a 429 that does not say how long."""
_LONGEST_WAIT_S = 86_400.0


class Reply(msgspec.Struct, frozen=True):
    """One answer. ``url`` is the address asked."""

    status: int
    url: str
    headers: Mapping[str, str]
    body: bytes

    def __repr__(self) -> str:
        return f"Reply({self.status}, {len(self.body)} bytes)"

    @property
    def media_type(self) -> str:
        """``text/html`` and the like, without parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def is_html(self) -> bool:
        """The answer is, or looks like, an HTML page."""
        if self.media_type:
            return self.media_type in ("text/html", "application/xhtml+xml")
        return self.body.lstrip()[:1] == b"<"

    @property
    def redirects(self) -> bool:
        """A 30x that leads somewhere."""
        return self.status in (301, 302, 303, 307, 308)

    @property
    def text(self) -> str:
        """The body as text: UTF-8 (or the announced Latin-1), unreadable bytes replaced."""
        charset = self.headers.get("content-type", "").lower().partition("charset=")[2].strip(" \"';")
        latin = charset in ("iso-8859-1", "iso-8859-15", "latin-1", "windows-1252")
        return self.body.decode("cp1252" if latin else "utf-8", "replace")


@cache
def _trust() -> ssl.SSLContext:
    """The authorities whose certificates count, read once: it takes 50 ms. Nothing of a conversation stays in it."""
    return httpx.create_ssl_context(trust_env=False)


class Http:
    """The conversation: counts requests, keeps the cookies, pauses between requests."""

    def __init__(
        self, config: PortalConfig, transport: httpx.AsyncBaseTransport | None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.requests = 0
        self._config = config
        self._sleep = sleep
        self._client = httpx.AsyncClient(
            transport=_Plain(transport or httpx.AsyncHTTPTransport(verify=_trust(), trust_env=False)),
            timeout=httpx.Timeout(config.timeout_s), follow_redirects=False, trust_env=False, cookies=BoundedJar(),
            headers={
                "User-Agent": config.user_agent,
                "Accept": "text/html,application/xhtml+xml,*/*;q=0.8",
                "Accept-Language": "fr-FR,fr;q=0.9",
                "Accept-Encoding": Unpacker.ACCEPTED,
            },
        )
        self._closes = transport is None
        self._turn = asyncio.Lock()
        self.last: Reply | None = None
        """The newest answer, until the next request: what a parser could not read can be looked at."""
        self.received: dict[str, str] = {}
        """Newest value of each watched cookie as the service sent it, whatever its path and dates."""

    async def get(
        self, url: str, *, page: str, headers: Mapping[str, str] | None = None, repeat: bool = True,
        hop: bool = False, limit: int = PAGE_LIMIT,
    ) -> Reply:
        """GET an address. ``page`` names it in errors; ``hop`` is a redirect followed: no pause before it.

        Raises Unreachable, Outage, Blocked, TooManyRequests, ServerFault, PortalChanged (too large).
        """
        tries = 1 + (REPEATS if repeat else 0)
        for attempt in range(1, tries + 1):
            try:
                return await self._send("GET", url, None, headers, page, hop=hop, limit=limit)
            except (Unreachable, ServerFault) as error:
                # Told to wait, a service is not asked again at once.
                useless = error.retry_after if isinstance(error, ServerFault) else error.reason in ("timeout", "tls")
                if attempt == tries or useless:
                    raise
                await self._sleep(self._config.pause_s * 2 * attempt)
        raise AssertionError("unreachable")

    async def post(
        self, url: str, form: Mapping[str, str], *, page: str, headers: Mapping[str, str] | None = None,
        limit: int = PAGE_LIMIT,
    ) -> Reply:
        """POST a form, once. Raises as ``get`` does."""
        return await self._send("POST", url, urlencode(form).encode(), {
            **(headers or {}), "Content-Type": "application/x-www-form-urlencoded",
        }, page, hop=False, limit=limit)

    async def exchange(
        self, method: str, url: str, *, page: str, body: bytes | None = None, media_type: str = "application/json",
    ) -> Reply:
        """Make any request, once, with a body of that type or none. Raises as ``get`` does."""
        headers = {"Accept": "application/json"} | ({} if body is None else {"Content-Type": media_type})
        return await self._send(method, url, body, headers, page, hop=False, limit=FILE_LIMIT)

    async def _send(
        self, method: str, url: str, content: bytes | None, headers: Mapping[str, str] | None, page: str, *,
        hop: bool, limit: int,
    ) -> Reply:
        sent = dict(headers or {})
        async with self._turn:
            if self.requests and not hop and self._config.pause_s > 0:
                await self._sleep(self._config.pause_s)
            self.requests += 1
            self.last = None
            self.last = reply = await self._guarded(method, url, content, sent, page, limit)
        judge(reply, page)
        return reply

    async def _guarded(
        self, method: str, url: str, content: bytes | None, headers: Mapping[str, str], page: str, limit: int
    ) -> Reply:
        """One exchange, its failures told in our own words."""
        try:
            async with asyncio.timeout(self._config.timeout_s * 4):
                return await self._exchange(method, url, content, headers, page, limit)
        except (TimeoutError, httpx.TimeoutException):
            raise Unreachable(reason="timeout") from None
        except httpx.ConnectError as error:
            # `from None`, here and below: httpx puts addresses, and with them identifiers, in its texts.
            raise Unreachable(reason="tls" if "CERTIFICATE" in str(error) else "connect") from None
        except httpx.InvalidURL:
            raise PortalChanged(page=page, missing="adresse valide") from None
        except (httpx.HTTPError, httpx.StreamError, OSError):
            raise Unreachable(reason="dropped") from None
        except UnknownEncoding:
            raise PortalChanged(page=page, missing="contenu dans un codage demandé") from None
        except zlib.error:
            raise Unreachable(reason="dropped") from None

    async def _exchange(
        self, method: str, url: str, content: bytes | None, headers: Mapping[str, str], page: str, limit: int
    ) -> Reply:
        body = bytearray()
        received = 0
        async with self._client.stream(method, url, content=content, headers=headers) as response:
            # A transport of ours may hand over an answer that it has whole, and unpacked.
            unpacker = Unpacker("" if response.is_stream_consumed else response.headers.get("content-encoding", ""))
            async for chunk in response.aiter_bytes() if response.is_stream_consumed else response.aiter_raw():
                received += len(chunk)
                for piece in unpacker.feed(chunk):
                    body += piece
                    if len(body) > limit:
                        raise PortalChanged(page=page, missing="taille raisonnable")
                    if unpacker.packed:
                        await asyncio.sleep(0)
            self._watch(response.headers.get_list("set-cookie"))
            announced = response.headers.get("content-length", "")
            handed = response.is_stream_consumed and "content-encoding" in response.headers
            complete = not (announced.isascii() and announced.isdigit()) or handed or int(announced[:18]) == received
            if not complete or (received and not unpacker.whole):
                raise Unreachable(reason="dropped")
            return Reply(response.status_code, url, _kept(response.headers), bytes(body))

    # -- cookies -----------------------------------------------------------------------------------------------------

    def cookies(self) -> list[JsonObject]:
        """The cookies as plain values, without the trusted device's proof: it is kept apart."""
        return [{name: getattr(cookie, name) for name in _COOKIE} for cookie in self._client.cookies.jar
                if cookie.name != TRUSTED_DEVICE]

    def put_cookies(self, cookies: list[JsonObject]) -> None:
        """Put cookies back that ``cookies`` gave; one that cannot be one is left out."""
        for kept in cookies:
            if (cookie := _cookie(kept)) is not None:
                self._client.cookies.jar.set_cookie(cookie)

    def put_cookie(self, name: str, value: str, host: str) -> None:
        """Set one cookie for a host, all paths."""
        domain = host if "." in host or ":" in host else f"{host}.local"  # as http.cookiejar names dotless hosts
        self.put_cookies([{"name": name, "value": value, "domain": domain, "path": "/"}])

    def _watch(self, lines: list[str]) -> None:
        for line in lines:
            name, _, value = line.partition(";")[0].partition("=")
            if name.strip() == TRUSTED_DEVICE and value.strip(' "'):
                self.received[TRUSTED_DEVICE] = value.strip(' "')

    def clear_cookies(self) -> None:
        """Forget every cookie."""
        self._client.cookies.clear()

    async def close(self) -> None:
        """Close the connections. A transport that was handed in stays its owner's."""
        if self._closes:
            await self._client.aclose()


_COOKIE = ("name", "value", "domain", "domain_specified", "domain_initial_dot", "path", "path_specified", "secure",
           "expires")


def _cookie(kept: JsonObject) -> Cookie | None:
    name, value, domain, path = (kept.get(part) for part in ("name", "value", "domain", "path"))
    if not (isinstance(name, str) and isinstance(value, str) and isinstance(domain, str) and isinstance(path, str)):
        return None
    expires = kept.get("expires")
    return Cookie(
        version=0, name=name, value=value, port=None, port_specified=False, domain=domain,
        domain_specified=bool(kept.get("domain_specified")), domain_initial_dot=bool(kept.get("domain_initial_dot")),
        path=path, path_specified=bool(kept.get("path_specified", True)), secure=bool(kept.get("secure")),
        expires=expires if isinstance(expires, int) else None, discard=expires is None, comment=None,
        comment_url=None, rest={}, rfc2109=False,
    )


class _Plain(httpx.AsyncBaseTransport):
    """Hides ``Location`` from httpx: it prepares the next request of redirects that it is told not to follow, and fails
    on addresses that we would refuse with a reason."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self.inner = inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await self.inner.handle_async_request(request)
        if "location" in response.headers:
            response.headers[_LOCATION] = response.headers.pop("location")
        return response

    async def aclose(self) -> None:
        await self.inner.aclose()


def _kept(headers: httpx.Headers) -> dict[str, str]:
    wanted = ("content-type", "content-disposition", "retry-after", "date")
    kept = {name: headers[name] for name in wanted if name in headers}
    return kept | ({"location": headers[_LOCATION]} if _LOCATION in headers else {})


def judge(reply: Reply, page: str) -> None:
    """Raise for the answers that mean the same on every page."""
    if (reply.is_html or reply.status == 403) and len(reply.body) <= _FIREWALL_SIZE:
        lower = reply.body.lower()
        if any(mark in lower for mark in _FIREWALL):
            raise Blocked
    if reply.status == 429:
        raise TooManyRequests(retry_after=DEFAULT_WAIT_S if (wait := wanted_wait(reply)) is None else wait)
    if OUTAGE_PAGE in reply.url or OUTAGE_PAGE in reply.headers.get("location", ""):
        raise Outage
    if reply.status in TOO_MUCH_SENT:
        raise SessionEnded  # what we send along is the session: signing in again begins a new one
    if reply.status >= 500:
        raise ServerFault(status=reply.status, page=page, retry_after=wanted_wait(reply))


def wanted_wait(reply: Reply) -> float | None:
    """Seconds that the service asks to wait (``Retry-After``, a number or a date), a day at most; None: not said."""
    text = reply.headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:9]), _LONGEST_WAIT_S)
    from email.utils import parsedate_to_datetime

    try:
        wait = (parsedate_to_datetime(text) - parsedate_to_datetime(reply.headers.get("date", ""))).total_seconds()
    except (TypeError, ValueError, OverflowError):
        return None
    return min(max(wait, 0.0), _LONGEST_WAIT_S)
