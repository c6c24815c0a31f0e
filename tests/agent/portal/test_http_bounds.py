"""What a hostile service could make us keep, send and unpack."""

import gzip
import zlib
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.portal import Portal, PortalConfig, PortalSession, errors
from agent.portal.http.bounds import COOKIES_BYTES, MOST_COOKIES, PIECE, Unpacker
from agent.portal.http.client import PAGE_LIMIT
from tests.agent.portal.test_wire import serving

BASE = "http://127.0.0.1:8080"
PAGE = b"<html><body>" + b"<p>Bonjour</p>" * 300 + b"</body></html>"


def portal_over(answer: Any, session: PortalSession | None = None) -> Portal:
    async def sleep(seconds: float) -> None:
        return None

    return Portal(PortalConfig(base_url=BASE, identity_url=BASE, pause_s=0), transport=httpx.MockTransport(answer),
                  session=session, sleep=sleep)


def cookie_line(request: httpx.Request) -> int:
    return len(request.headers.get("cookie", ""))


async def test_ninety_cookies_of_nine_hundred_bytes_make_no_request_too_long() -> None:
    sent: list[int] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(cookie_line(request))
        if sent[-1] > 8190:
            return httpx.Response(431)
        noise = [("set-cookie", f"bruit{number}={'x' * 900}; Path=/") for number in range(90)]
        return httpx.Response(200, headers=[("set-cookie", "JSESSIONID=vraie; Path=/"), *noise], html="<p>rien</p>")

    portal = portal_over(answer)
    for _ in range(3):
        with pytest.raises(errors.PortalChanged):
            await portal.inbox()
    assert len(sent) >= 3
    assert max(sent) <= COOKIES_BYTES
    kept = portal.session().cookies
    assert "vraie" in [cookie["value"] for cookie in kept], "what came first stays"
    assert len(kept) <= MOST_COOKIES


async def test_cookies_kept_from_before_are_bounded_too() -> None:
    kept = [{"name": f"c{number}", "value": "x" * 900, "domain": "127.0.0.1", "path": "/"} for number in range(90)]
    portal = portal_over(lambda request: httpx.Response(200), PortalSession(cookies=kept))
    assert sum(len(cookie["value"]) for cookie in portal.session().cookies) <= COOKIES_BYTES


async def test_a_known_cookie_is_renewed_though_the_jar_is_full() -> None:
    turn = 0

    def answer(request: httpx.Request) -> httpx.Response:
        nonlocal turn
        turn += 1
        noise = [("set-cookie", f"n{number}=1; Path=/") for number in range(MOST_COOKIES + 40)]
        return httpx.Response(200, headers=[("set-cookie", f"JSESSIONID=tour{turn}; Path=/"), *noise], html="<p></p>")

    portal = portal_over(answer)
    for _ in range(2):
        with pytest.raises(errors.PortalChanged):
            await portal.inbox()
    values = [cookie["value"] for cookie in portal.session().cookies]
    assert f"tour{turn}" in values
    assert len(values) == MOST_COOKIES


@pytest.mark.parametrize("status", [431, 494])
async def test_a_header_too_large_for_the_service_ends_the_session(status: int) -> None:
    portal = portal_over(lambda request: httpx.Response(status))
    with pytest.raises(errors.SessionEnded):
        await portal.inbox()
    assert portal.requests == 1


def packed(data: bytes, encoding: str) -> bytes:
    if encoding == "gzip":
        return gzip.compress(data)
    if encoding == "deflate":
        return zlib.compress(data)
    raw = zlib.compressobj(wbits=-15)
    return raw.compress(data) + raw.flush()


@pytest.mark.parametrize(("encoding", "name"), [("gzip", "gzip"), ("deflate", "deflate"), ("raw", "deflate")])
@given(data=st.binary(max_size=3000), cut=st.integers(1, 400))
def test_what_was_packed_comes_out_whole_whatever_the_pieces(data: bytes, encoding: str, name: str, cut: int) -> None:
    sent = packed(data, encoding)
    unpacker = Unpacker(name)
    found = b"".join(piece for at in range(0, len(sent), cut) for piece in unpacker.feed(sent[at : at + cut]))
    assert found == data
    assert unpacker.whole


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "raw"])
def test_a_small_answer_never_becomes_a_large_piece(encoding: str) -> None:
    sent = packed(bytes(64 << 20), encoding)
    assert len(sent) < 100_000
    unpacker = Unpacker("gzip" if encoding == "gzip" else "deflate")
    assert all(len(piece) <= PIECE for piece in unpacker.feed(sent))


async def test_a_page_of_zeros_in_gzip_is_refused_at_the_bound() -> None:
    body = gzip.compress(bytes(PAGE_LIMIT + (32 << 20)))
    head = b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: %d\r\n\r\n" % len(body)
    async with serving(head + body) as port:
        base = f"http://127.0.0.1:{port}"
        portal = Portal(PortalConfig(base_url=base, identity_url=base, pause_s=0))
        with pytest.raises(errors.PortalChanged, match="reasonable size"):
            await portal.inbox()
        await portal.close()


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip"])
async def test_an_encoding_that_was_not_asked_for_is_not_understood(encoding: str) -> None:
    head = b"HTTP/1.1 200 OK\r\ncontent-encoding: %s\r\ncontent-length: %d\r\n\r\n" % (encoding.encode(), len(PAGE))
    async with serving(head + PAGE) as port:
        base = f"http://127.0.0.1:{port}"
        portal = Portal(PortalConfig(base_url=base, identity_url=base, pause_s=0))
        with pytest.raises(errors.PortalChanged):
            await portal.inbox()
        await portal.close()
