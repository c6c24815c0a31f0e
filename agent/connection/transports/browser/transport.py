"""The connector's requests made by a page of the service itself, so that they are the browser's own."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

import httpx
import msgspec

from agent.connection.transports.browser.browser import Browser, Seen
from agent.connection.transports.browser.cdp import CommandFailed

_NOT_OURS = {"host", "user-agent", "cookie", "connection", "accept-encoding", "content-length", "origin", "referer",
             "accept-language", "transfer-encoding"}
"""Headers that the browser sets itself."""
_NOT_THEIRS = {"content-encoding", "content-length", "transfer-encoding", "set-cookie", "connection"}
"""Headers of an answer that no longer hold, or are the browser's to keep."""
_FETCH = """(async () => {
  const asked = %s;
  const sent = {method: asked.method, headers: asked.headers, credentials: "include", redirect: "manual",
                cache: "no-store"};
  if (asked.body !== null) sent.body = Uint8Array.from(atob(asked.body), sign => sign.charCodeAt(0));
  let answer;
  try { answer = await fetch(asked.url, sent); } catch (error) { return {failed: true}; }
  if (answer.type === "opaqueredirect") return {redirect: true};
  const bytes = new Uint8Array(await answer.arrayBuffer());
  let text = "";
  for (let at = 0; at < bytes.length; at += 32768) text += String.fromCharCode(...bytes.subarray(at, at + 32768));
  return {status: answer.status, headers: [...answer.headers], body: btoa(text)};
})()"""


class _Answer(msgspec.Struct):
    """What the script of ours gives back when the page could fetch it."""

    status: int
    headers: list[tuple[str, str]]
    body: str
    """Base64."""


class BrowserTransport(httpx.AsyncBaseTransport):
    """Sends one request after the other through the browser's tab.

    An address of the portal is fetched from inside a page of the portal, redirects handed back. An address of the
    identity host is opened in the tab, since pages may not fetch it: where the tab ends up is the answer.
    """

    def __init__(self, browser: Browser) -> None:
        self._browser = browser

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer one request. Raises BrowserGone and what ``Browser.start`` raises; httpx's own errors for the rest."""
        await self._browser.start()
        url = str(request.url)
        try:
            if _origin(url) != _origin(self._browser.base_url):
                return await self._opened(url, request)
            if not await self._stand_on_the_portal():
                return httpx.Response(401, request=request)
            return await self._fetched(url, request)
        except CommandFailed as error:
            raise httpx.RemoteProtocolError("the page refused", request=request) from error
        except TimeoutError as error:
            raise httpx.ReadTimeout("the page took too long", request=request) from error

    async def _stand_on_the_portal(self) -> bool:
        """Have the tab on a page of the portal; False while it is the person's and elsewhere."""
        if _origin(await self._browser.address()) != _origin(self._browser.base_url):
            if self._browser.persons:
                return False
            await self._browser.go(self._browser.base_url + "/")
        return True

    async def _fetched(self, url: str, request: httpx.Request) -> httpx.Response:
        body = await request.aread()
        fetch = {
            "url": url, "method": request.method,
            "headers": {name: value for name, value in request.headers.items()
                        if name not in _NOT_OURS and not name.startswith("sec-")},
            "body": base64.b64encode(body).decode() if body else None,
        }
        self._browser.seen.clear()
        limits: Mapping[str, float | None] = request.extensions.get("timeout") or {}
        value = await self._browser.run(_FETCH % json.dumps(fetch), timeout_s=(limits.get("read") or 30.0) * 2)
        if not isinstance(value, dict) or value.get("failed"):
            raise httpx.ConnectError("the page could not fetch it", request=request)
        if value.get("redirect"):
            seen = self._seen(url)
            if seen is None:
                raise httpx.RemoteProtocolError("a redirect without its address", request=request)
            return httpx.Response(seen.status, headers=_headers(seen.headers.items()), request=request)
        try:
            answer = msgspec.convert(value, _Answer)
            data = base64.b64decode(answer.body, validate=True)
        except ValueError as error:  # no base64, or of another shape
            raise httpx.RemoteProtocolError("an answer that is not whole", request=request) from error
        return httpx.Response(answer.status, headers=_headers(answer.headers), content=data, request=request)

    def _seen(self, url: str) -> Seen | None:
        return next((one for one in reversed(self._browser.seen) if one.url == url and 300 <= one.status < 400), None)

    async def _opened(self, url: str, request: httpx.Request) -> httpx.Response:
        if request.method != "GET":
            raise httpx.UnsupportedProtocol("only the person signs in here", request=request)
        if self._browser.persons:
            return httpx.Response(401, request=request)
        where = await self._browser.go(url)
        if _origin(where) == _origin(self._browser.base_url):
            return httpx.Response(302, headers={"location": where}, request=request)
        # What stands on the identity host's page is never looked at: that the tab stayed there says it all.
        return httpx.Response(200, headers={"content-type": "text/html"}, content=b"<html></html>", request=request)


def _headers(given: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(name, value) for name, value in given if name.lower() not in _NOT_THEIRS]


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    port = f":{parts.port}" if parts.port and parts.port != {"http": 80, "https": 443}.get(parts.scheme) else ""
    return parts.scheme, f"{(parts.hostname or '').lower()}{port}"
