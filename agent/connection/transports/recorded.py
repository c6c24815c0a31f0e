"""Answers from a recorded session (HAR): what was not recorded is not there, and nothing leaves the machine."""

from __future__ import annotations

from collections import defaultdict
from urllib.parse import parse_qsl

import httpx

from agent.files.formats.har import Entry, Recording

_FICKLE = {"_ct", "idNoCache"}
"""Parameters that never are the same twice."""
_TOKENS = "/PortailAS/JavaScriptServlet"
_WHOLE = 200
_MADE_UP = b"_ct:recorded"


class RecordedTransport(httpx.AsyncBaseTransport):
    """Answers each request as the recording was answered; asked again, it gives the next answer recorded, then the
    last one. Tokens were taken out of the recording, so one is made up. Anything else is 404."""

    def __init__(self, recording: Recording) -> None:
        self._answers: defaultdict[tuple[str, str, tuple[tuple[str, str], ...]], list[Entry]] = defaultdict(list)
        for entry in recording.entries:
            self._answers[_key(entry.method, httpx.URL(entry.url))].append(entry)
        for key, entries in self._answers.items():
            # On the way to an answer a browser is sent round by the sign-in, which is not in the recording.
            self._answers[key] = [one for one in entries if one.status == _WHOLE and one.body is not None] or entries

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer one request."""
        if request.url.path == _TOKENS and request.method == "POST":
            return httpx.Response(200, content=_MADE_UP, headers={"content-type": "text/plain"}, request=request)
        recorded = self._answers.get(_key(request.method, request.url))
        if not recorded:
            return httpx.Response(404, request=request)
        entry = recorded.pop(0) if len(recorded) > 1 else recorded[0]
        if entry.body is None:
            return httpx.Response(404, request=request)
        return httpx.Response(entry.status, headers=dict(entry.headers), content=entry.body, request=request)


def _key(method: str, url: httpx.URL) -> tuple[str, str, tuple[tuple[str, str], ...]]:
    pairs = parse_qsl(url.query.decode("ascii", "replace"), keep_blank_values=True)
    return method.upper(), url.path, tuple(sorted(pair for pair in pairs if pair[0] not in _FICKLE))
