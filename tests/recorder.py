"""A stand-in for the browser's recorder: a conversation with the sandbox written down as a HAR 1.2 file."""

import json
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import httpx

Browser = Literal["chromium", "firefox", "safari"]
REAL, REAL_IDENTITY = "https://assure.ameli.fr", "https://ameliconnect.ameli.fr"
_TEXT = ("text/", "application/json", "application/javascript")


class Recorder(httpx.AsyncBaseTransport):
    """Passes requests on and notes them with their answers, secrets and all, as a browser does."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self._inner = inner
        self._moment = datetime(2026, 11, 23, 10, tzinfo=UTC)
        self.exchanges: list[tuple[httpx.Request, httpx.Response, datetime]] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        answer = await self._inner.handle_async_request(request)
        await answer.aread()
        self._moment += timedelta(seconds=1)
        self.exchanges.append((request, answer, self._moment))
        return answer

    def har(
        self, browser: Browser = "chromium", *, base: str = "http://127.0.0.1:8080",
        identity: str = "http://localhost:8081", real: bool = True,
    ) -> dict[str, Any]:
        """The recording; with ``real`` under the addresses of the real service, as a person would record it."""
        entries = [_entry(browser, *exchange) for exchange in self.exchanges]
        har: dict[str, Any] = {"log": {
            "version": "1.2", "creator": {"name": browser, "version": "1"}, "pages": [], "entries": entries}}
        if not real:
            return har
        text = json.dumps(har)
        for ours, theirs in ((base, REAL), (identity, REAL_IDENTITY)):
            text = text.replace(ours, theirs)
        return dict(json.loads(text))


def _entry(browser: Browser, request: httpx.Request, answer: httpx.Response, moment: datetime) -> dict[str, Any]:
    sent = request.content
    entry: dict[str, Any] = {
        "startedDateTime": moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"), "time": 12.5,
        "request": {
            "method": request.method, "url": str(request.url), "httpVersion": "HTTP/1.1",
            "headers": [{"name": name, "value": value} for name, value in request.headers.items()],
            "cookies": _cookies(request.headers.get("cookie", "")),
            "queryString": [{"name": name, "value": value} for name, value in request.url.params.multi_items()],
            "headersSize": -1, "bodySize": len(sent),
        },
        "response": {
            "status": answer.status_code, "statusText": answer.reason_phrase, "httpVersion": "HTTP/1.1",
            "headers": [{"name": name, "value": value} for name, value in answer.headers.multi_items()],
            "cookies": [one for line in answer.headers.get_list("set-cookie") for one in _cookies(line)[:1]],
            "content": _content(browser, answer), "redirectURL": answer.headers.get("location", ""),
            "headersSize": -1, "bodySize": len(answer.content),
        },
        "cache": {}, "timings": {"send": 0, "wait": 12, "receive": 0.5},
    }
    if sent:
        entry["request"]["postData"] = {
            "mimeType": request.headers.get("content-type", ""), "text": sent.decode("utf-8", "replace"), "params": []}
    if browser == "chromium":
        entry |= {"_initiator": {"type": "script"}, "_priority": "High", "_resourceType": "document", "connection": "1"}
        entry["response"]["_transferSize"] = len(answer.content)
        entry["response"]["_error"] = None
    if browser == "firefox":
        entry |= {"pageref": "page_1", "serverIPAddress": "127.0.0.1", "_securityState": "secure"}
    return entry


def _content(browser: Browser, answer: httpx.Response) -> dict[str, Any]:
    kind = answer.headers.get("content-type", "")
    content: dict[str, Any] = {"size": len(answer.content), "mimeType": kind}
    if not answer.content:
        return content if browser == "firefox" else content | {"text": ""}
    if kind.startswith(_TEXT) and browser != "safari":
        return content | {"text": answer.content.decode("utf-8", "replace")}
    return content | {"text": b64encode(answer.content).decode(), "encoding": "base64"}


def _cookies(line: str) -> list[dict[str, str]]:
    pairs = (part.strip().partition("=") for part in line.split(";") if part.strip())
    return [{"name": name, "value": value} for name, _, value in pairs]
