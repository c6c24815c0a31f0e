"""What goes wrong on the way: each thing is one typed error, and nothing is asked again that should not be."""

from collections.abc import AsyncIterator, Callable
from contextlib import suppress

import httpx
import pytest

from agent.errors import AmeliError
from agent.portal import Portal, PortalConfig, errors
from agent.portal.http.client import PAGE_LIMIT
from tests.agent.portal.world import CONFIG, World
from tests.agent.sandbox.household import NIR, PASSWORD

Make = Callable[..., World]
READS: dict[str, Callable[[Portal], object]] = {
    "payments": lambda portal: portal.payments(),
    "statements": lambda portal: portal.statements(),
    "inbox": lambda portal: portal.inbox(),
    "profile": lambda portal: portal.profile(),
    "attestation": lambda portal: portal.attestation(),
}


async def _fails(portal: Portal, read: str) -> AmeliError:
    with pytest.raises(AmeliError) as caught:
        await READS[read](portal)  # type: ignore[misc]
    return caught.value


@pytest.mark.parametrize("read", READS)
@pytest.mark.parametrize(("fault", "error"), [
    ("429", errors.TooManyRequests), ("503", errors.ServerFault), ("500", errors.ServerFault),
    ("redirect", errors.RedirectElsewhere), ("drop", errors.Unreachable),
])
async def test_a_fault_of_transport_is_told_as_such(world: Make, read: str, fault: str, error: type) -> None:
    at = world()
    portal = await at.signed_in()
    at.faults(fault)
    assert isinstance(await _fails(portal, read), error)


@pytest.mark.parametrize("read", READS)
async def test_a_dropped_or_failing_get_is_repeated_twice_and_no_more(world: Make, read: str) -> None:
    for fault in ("drop", "502"):
        at = world()
        portal = await at.signed_in()
        at.faults(fault)
        mark = len(at.wire.sent)
        await _fails(portal, read)
        assert len(at.wire.sent) - mark in (3, 6)  # the personal details have two addresses
        assert len(at.pauses) >= 2


@pytest.mark.parametrize("read", READS)
@pytest.mark.parametrize("fault", ["429", "redirect"])
async def test_what_will_not_pass_is_asked_once(world: Make, read: str, fault: str) -> None:
    at = world()
    portal = await at.signed_in()
    at.faults(fault)
    mark = len(at.wire.sent)
    await _fails(portal, read)
    assert len(at.wire.sent) - mark <= 2


@pytest.mark.parametrize("read", READS)
@pytest.mark.parametrize("status", [200, 403])
async def test_the_firewall_is_recognised_by_its_words_and_never_asked_again(
    world: Make, read: str, status: int
) -> None:
    at = world()
    portal = await at.signed_in()
    at.sandbox.options.update({"waf": "on", "waf_status": status})
    mark = len(at.wire.sent)
    assert isinstance(await _fails(portal, read), errors.Blocked)
    assert len(at.wire.sent) - mark == 1


@pytest.mark.parametrize("read", ["payments", "inbox", "profile", "attestation"])
async def test_an_outage_is_recognised(world: Make, read: str) -> None:
    at = world()
    portal = await at.signed_in()
    at.sandbox.options.update({"outage": True})
    assert isinstance(await _fails(portal, read), errors.Outage)


@pytest.mark.parametrize("fault", ["markup", "truncate=paiements.do", "malformed=paiements.do"])
async def test_a_list_that_changed_or_is_cut_is_not_taken_for_an_empty_one(world: Make, fault: str) -> None:
    at = world()
    portal = await at.signed_in()
    await portal.payment_window()
    at.faults(fault)
    error = await _fails(portal, "payments")
    assert isinstance(error, errors.PortalChanged | errors.Unreachable), error
    if isinstance(error, errors.PortalChanged):
        assert error.page
        assert error.missing
        assert error.page in error.message("fr")
        assert error.missing in error.message("fr")
        assert error.message("en") != error.message("fr")


@pytest.mark.parametrize(("read", "fault"), [
    ("statements", "markup"), ("statements", "malformed"), ("statements", "truncate=/rest/"), ("inbox", "markup"),
    ("profile", "markup"),
])
async def test_every_changed_page_is_named(world: Make, read: str, fault: str) -> None:
    at = world()
    portal = await at.signed_in()
    await portal.statements("202610")
    at.faults(fault)
    error = await _fails(portal, read)
    assert isinstance(error, errors.PortalChanged | errors.Unreachable | errors.SessionEnded), error


@pytest.mark.parametrize("html", ["2019", "2018"])
@pytest.mark.parametrize("fault", ["truncate=Detail", "truncate=paiements.do", "malformed=paiements.do"])
async def test_a_cut_or_spoilt_detail_is_never_half_read(world: Make, html: str, fault: str) -> None:
    at = world(html=html)
    portal = await at.signed_in()
    rows = await portal.payments()
    whole = [await portal.payment(row, 0) for row in rows]
    at.faults(fault)
    for row, before in zip(rows, whole, strict=True):
        try:
            assert await portal.payment(row, 0) == before
        except (errors.PortalChanged, errors.Unreachable):
            continue


@pytest.mark.parametrize("fault", ["drop", "502", "truncate", "redirect", "429", "malformed", "markup"])
async def test_the_password_is_posted_at_most_once_whatever_happens(world: Make, fault: str) -> None:
    at = world()
    at.faults(f"{fault}=/oauth2/authorize" if fault not in ("502", "429") else f"{fault}=1@/oauth2/authorize")
    with suppress(AmeliError):
        await at.portal().sign_in(NIR, PASSWORD, at.person())
    assert len(at.posts()) <= 1


async def test_a_sign_in_whose_answer_is_lost_is_not_repeated(world: Make) -> None:
    at = world()
    inner = at.wire.inner

    class LosesAnswers(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            answer = await inner.handle_async_request(request)
            if request.method == "POST":
                raise httpx.ReadError("gone")
            return answer

    at.wire.inner = LosesAnswers()
    with pytest.raises(errors.Unreachable):
        await at.portal().sign_in(NIR, PASSWORD, None)
    assert len(at.posts()) == 1


# -- the door to the network ------------------------------------------------------------------------------------------


def _portal(answer: Callable[[httpx.Request], httpx.Response], config: PortalConfig = CONFIG) -> Portal:
    async def sleep(seconds: float) -> None:
        return None

    return Portal(config, transport=httpx.MockTransport(answer), sleep=sleep)


async def test_retry_after_is_read_in_seconds_or_as_a_date() -> None:
    for header, wait in (("120", 120.0), ("Wed, 21 Oct 2026 07:30:00 GMT", 120.0), ("soon", 600.0), ("", 600.0),
                         ("²", 600.0), ("9" * 6000, 86_400.0)):
        answer = httpx.Response(429, headers=[
            (b"retry-after", header.encode("latin-1")), (b"date", b"Wed, 21 Oct 2026 07:28:00 GMT")])
        with pytest.raises(errors.TooManyRequests) as slow:
            await _portal(lambda _, answer=answer: answer).inbox()  # type: ignore[misc]
        assert slow.value.retry_after == wait
        assert slow.value.exit_code == 4


async def test_an_endless_page_is_cut_off() -> None:
    async def flood() -> AsyncIterator[bytes]:
        for _ in range(PAGE_LIMIT // 65536 + 5):
            yield b" " * 65536

    with pytest.raises(errors.PortalChanged) as changed:
        await _portal(lambda _: httpx.Response(200, content=flood())).inbox()
    assert "taille" in changed.value.missing


async def test_endless_redirects_end() -> None:
    portal = _portal(lambda request: httpx.Response(302, headers={"location": str(request.url) + "1"}))
    with pytest.raises(errors.PortalChanged):
        await portal.inbox()
    assert portal.requests < 20


@pytest.mark.parametrize("link", [
    "http://evil.example/", "//evil.example/x", "http://127.0.0.1:8080.evil.example/", "http://127.0.0.1:9999/",
    "https://127.0.0.1:8080/", "javascript:alert(1)", "file:///etc/passwd", "http://127.0.0.1:8080@evil.example/",
    "http://[::1", "http://127.0.0.1:99999999/",
])
async def test_redirects_elsewhere_are_refused_without_a_request(link: str) -> None:
    portal = _portal(lambda _: httpx.Response(302, headers={"location": link}))
    with pytest.raises(errors.RedirectElsewhere):
        await portal.inbox()
    assert portal.requests == 1


@pytest.mark.parametrize("failure", [
    httpx.ConnectError("x"), httpx.ReadTimeout("x"), httpx.RemoteProtocolError("x"), httpx.ConnectTimeout("x"),
    httpx.DecodingError("x"), httpx.WriteError("x"),
])
async def test_every_failure_of_the_network_is_unreachable(failure: Exception) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        raise failure

    portal = _portal(answer)
    with pytest.raises(errors.Unreachable) as gone:
        await portal.inbox()
    assert portal.requests == (1 if "Timeout" in type(failure).__name__ else 3)
    assert gone.value.message("fr") != gone.value.message("en")


async def test_a_short_body_is_a_cut_connection() -> None:
    answer = httpx.Response(200, headers={"content-length": "100", "content-type": "text/html"}, stream=_Bytes(b"<p>"))
    with pytest.raises(errors.Unreachable):
        await _portal(lambda _: answer).inbox()


@pytest.mark.parametrize("announced", ["²", "9" * 6000])
async def test_a_length_that_is_no_number_breaks_nothing(announced: str) -> None:
    answer = httpx.Response(200, headers=[(b"content-length", announced.encode("latin-1"))], stream=_Bytes(b"<p>"))
    with pytest.raises(AmeliError):
        await _portal(lambda _: answer).inbox()


async def test_a_landing_page_that_waits_for_ever_leads_nowhere() -> None:
    wait = "9" * 6000
    page = f'<div class="wlp-bighorn-window-content"><meta http-equiv="refresh" content="{wait}; url=/x"></div>'
    portal = _portal(lambda _: httpx.Response(200, html=page))
    with pytest.raises(AmeliError):
        await portal.inbox()
    assert portal.requests == 1


class _Bytes(httpx.AsyncByteStream):
    def __init__(self, data: bytes) -> None:
        self.data = data

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self.data
