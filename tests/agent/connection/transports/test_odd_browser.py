"""A browser that says what nobody expects: a stand-in behind a forwarded port, over its debugging protocol."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.server import ServerConnection, serve
from websockets.http11 import Request, Response

from agent.connection.transports.browser.browser import Browser

SERVICE = "http://127.0.0.1:9"
_ANSWERS: dict[str, dict[str, Any]] = {
    "Target.createTarget": {"targetId": "T"}, "Target.attachToTarget": {"sessionId": "S"},
    "Target.getTargets": {"targetInfos": []}, "Page.navigate": {"errorText": "net::ERR_NAME_NOT_RESOLVED"},
    "Target.getTargetInfo": {"targetInfo": {"targetId": "T", "type": "page", "url": f"{SERVICE}/page"}},
}


@asynccontextmanager
async def browser_that_tells(event: dict[str, Any], tmp_path: Path) -> AsyncIterator[Browser]:
    """A browser at a forwarded port, which tells this before it answers where its tab is."""
    async def answer(link: ServerConnection) -> None:
        async for text in link:
            asked = json.loads(text)
            if asked["method"] == "Target.getTargetInfo":
                await link.send(json.dumps({"method": "Fetch.requestPaused", "sessionId": "S", "params": event}))
            await link.send(json.dumps({"id": asked["id"], "result": _ANSWERS.get(asked["method"], {})}))

    def version(link: ServerConnection, request: Request) -> Response | None:
        if request.path != "/json/version":
            return None
        port = link.local_address[1]
        return link.respond(HTTPStatus.OK, json.dumps({"webSocketDebuggerUrl": f"ws://127.0.0.1:{port}/devtools"}))

    async with serve(answer, "127.0.0.1", 0, process_request=version) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        browser = Browser(SERVICE, SERVICE, tmp_path / "profile", port=port)
        await browser.start()
        try:
            yield browser
        finally:
            await browser.close()


@pytest.mark.parametrize("event", [
    {}, {"requestId": 3, "request": {"url": "http://a"}}, {"requestId": "r", "request": "http://a"},
    {"requestId": "r", "request": {"url": SERVICE}, "responseStatusCode": "200"},
])
async def test_a_held_request_of_another_shape_ends_nothing_else(event: dict[str, Any], tmp_path: Path) -> None:
    async with browser_that_tells(event, tmp_path) as browser:
        assert await browser.address() == f"{SERVICE}/page"
        assert await browser.address() == f"{SERVICE}/page"
        assert browser.open
        assert browser.seen == []
