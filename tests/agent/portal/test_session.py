"""An open session: when it has ended, what renews it without the person, and what a visit costs."""

from collections.abc import Callable

import httpx
import pytest

from agent.portal import Portal, errors
from tests.agent.portal.world import CONFIG, World
from tests.agent.sandbox.household import NIR, PASSWORD, TODAY
from tests.agent.sandbox.visitor import Clock

Make = Callable[..., World]
ACTIONS: dict[str, Callable[[Portal], object]] = {
    "window": lambda portal: portal.payment_window(),
    "payments": lambda portal: portal.payments(),
    "statements": lambda portal: portal.statements(),
    "inbox": lambda portal: portal.inbox(),
    "profile": lambda portal: portal.profile(),
    "attestation": lambda portal: portal.attestation(),
}


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("rest", ["redirect", "401"])
async def test_an_ended_session_is_recognised_everywhere(world: Make, action: str, rest: str) -> None:
    at = world(expired_rest=rest)
    portal = await at.signed_in()
    at.expire()
    with pytest.raises(errors.SessionEnded):
        await ACTIONS[action](portal)  # type: ignore[misc]


async def test_a_session_that_ends_between_list_and_details_is_recognised(world: Make) -> None:
    at = world()
    portal = await at.signed_in()
    rows = await portal.payments()
    refs = await portal.statements()
    at.expire()
    with pytest.raises(errors.SessionEnded):
        await portal.payment(rows[0], 0)
    with pytest.raises(errors.SessionEnded):
        await portal.payment_pdf(rows[0])
    with pytest.raises(errors.SessionEnded):
        await portal.statement_pdf(refs[0])


async def test_after_signing_in_again_the_same_object_goes_on(world: Make, clock: Clock) -> None:
    at = world(session_seconds=60)
    portal = await at.signed_in()
    rows = await portal.payments()
    clock.seconds += 61
    with pytest.raises(errors.SessionEnded):
        await portal.payment(rows[0], 0)
    await portal.sign_in(NIR, PASSWORD, None)
    assert (await portal.payment(rows[0], 0)).lines
    assert await portal.statements("202610")


async def test_single_sign_on_reopens_either_half_without_the_password(world: Make) -> None:
    at = world()
    portal = await at.signed_in()
    await portal.statements("202610")
    at.sandbox.service.sessions.clear()
    at.sandbox.service.sub_sessions.clear()
    assert await portal.payments()
    assert await portal.statements("202610")
    assert len(at.posts()) == 1


async def test_a_repeat_visit_with_nothing_new_is_cheap(world: Make) -> None:
    at = world(ct="strict")
    first = await at.signed_in()
    await first.payments()
    await first.statements()
    portal = at.portal(first.session())
    oldest, newest = await portal.payment_window()
    await portal.payments(oldest.replace(day=9), newest)
    assert portal.requests == 3
    await portal.statements("202610")
    assert portal.requests == 4
    await portal.inbox()
    assert portal.requests == 5
    assert portal.requests == len(at.wire.sent) - first.requests


async def test_requests_come_one_at_a_time_with_a_pause(world: Make) -> None:
    at = world()
    at.config = type(at.config)(base_url=at.config.base_url, identity_url=at.config.identity_url, pause_s=1.5)
    portal = at.portal()
    await portal.sign_in(NIR, PASSWORD, None)
    await portal.payments()
    await portal.inbox()
    assert set(at.pauses) == {1.5}
    assert len(at.pauses) == 5  # password, payments page, token, list, inbox: all but the very first and the redirects


async def test_the_session_fits_in_json_and_hides_in_its_text(world: Make) -> None:
    import msgspec

    from agent.portal import PortalSession

    portal = await world(otp=True).signed_in()
    kept = portal.session()
    again = msgspec.convert(msgspec.json.decode(msgspec.json.encode(kept)), PortalSession)
    assert again == kept
    assert kept.trusted_device
    for secret in (kept.trusted_device, *(cookie["value"] for cookie in kept.cookies)):
        assert secret not in repr(kept)


async def test_proxies_and_netrc_of_the_environment_are_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.invalid:1")
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.invalid:1")
    from agent.portal import PortalConfig

    portal = Portal(PortalConfig())
    client = portal._http._client
    assert not client.trust_env
    assert client._mounts == {}
    transport = client._transport.inner  # type: ignore[attr-defined]
    assert isinstance(transport, httpx.AsyncHTTPTransport)
    import ssl
    context = transport._pool._ssl_context
    assert context is not None
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    await portal.close()


@pytest.mark.parametrize("answer", [
    httpx.Response(401), httpx.Response(403), httpx.Response(200, html="<p>Bonjour</p>"),
    httpx.Response(302, headers={"location": "http://localhost:8081/oauth2/authorize"}),
    httpx.Response(307, headers={"location": "http://localhost:8081/oauth2/authorize"}),
])
@pytest.mark.parametrize("reopens", [True, False])
async def test_every_answer_that_means_the_end_reopens_the_sub_app_once(answer: httpx.Response, reopens: bool) -> None:
    asked: list[str] = []

    def service(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        if "/rest/" in request.url.path:
            if reopens and "/compte/aspm/releves-mensuels" in asked:
                return httpx.Response(200, json={"rubriquesMensuelles": []})
            return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)
        return httpx.Response(200, html="<div id=app></div>")

    portal = Portal(CONFIG, transport=httpx.MockTransport(service), today=lambda: TODAY)
    if reopens:
        assert await portal.statements("202610") == []
    else:
        with pytest.raises(errors.SessionEnded):
            await portal.statements("202610")
    assert len(asked) == 3


@pytest.mark.parametrize("answer", [
    httpx.Response(401), httpx.Response(403), httpx.Response(302, headers={"location": "http://localhost:8081/x"}),
    httpx.Response(200, html='<input id="connexioncompte_2nir_as">'),
    httpx.Response(200, html='<a id="id_r_cnx_btn_code">Connectez-vous</a>'),
])
async def test_every_answer_of_a_page_that_means_the_end_is_recognised(answer: httpx.Response) -> None:
    def service(request: httpx.Request) -> httpx.Response:
        if request.url.port == 8081:
            return httpx.Response(200, html="<form></form>")
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)

    with pytest.raises(errors.SessionEnded):
        await Portal(CONFIG, transport=httpx.MockTransport(service)).inbox()
