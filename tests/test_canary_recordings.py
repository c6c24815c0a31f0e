"""A recorded session holds every secret there is: none of them comes through, whatever the file is like."""

import asyncio
import json
from collections.abc import Iterator

import httpx
import pytest

from agent.portal import CodeAnswer, Portal, PortalConfig
from tests.recorder import Recorder
from tests.test_canaries import NIR, PASSPHRASE, PASSWORD, SECRETS, _Life, _watch_session, life

__all__ = ["life"]


async def _conversation(one: _Life) -> Recorder:
    """Sign in with number, password and code, and open everything."""
    sandbox = one.service.sandbox
    recorder = Recorder(httpx.AsyncHTTPTransport())
    config = PortalConfig(base_url=sandbox.base_url, identity_url=sandbox.identity_url, pause_s=0)
    portal = Portal(config, transport=recorder)

    async def code(*_told: object) -> CodeAnswer:
        return CodeAnswer(one.service.code)

    await portal.sign_in(NIR, PASSWORD, code)
    for row in await portal.payments():
        await portal.payment(row, 0)
        await portal.payment_pdf(row)
    for ref in await portal.statements():
        await portal.statement_pdf(ref)
    for message in await portal.inbox():
        await portal.message(message)
    await portal.profile()
    one.watch.add("token", portal.session().csrf or "")
    await recorder.aclose()
    return recorder


def _kept(one: _Life) -> Iterator[bytes]:
    """Everything that came into the vault."""
    for path in ("/v1/payments", "/v1/messages", "/v1/profile", "/v1/documents", "/v1/imports", "/v1/runs"):
        yield one.client.bytes(path)
    for document in one.client.get("/v1/documents"):
        if document["fetched"]:
            yield one.client.bytes(f"/v1/documents/{document['id']}/content")


@pytest.mark.slow
def test_nothing_of_a_recording_is_left_but_the_account(life: _Life) -> None:
    life.run("setup", "--passphrase-file", life.secret_file(PASSPHRASE), "--json", shows_data=True)
    life.listen()
    sandbox = life.service.sandbox
    recorder = asyncio.run(_conversation(life))
    _watch_session(life)
    mailed = life.service.code
    life.watch.add("one-time code", mailed)
    har = json.dumps(recorder.har(base=sandbox.base_url, identity=sandbox.identity_url))
    assert "Kanari%2BMot" in har
    whole = life.folder / "session.har"
    whole.write_text(har)

    for at, code in ((0.3, 1), (0.6, 0), (0.99, 0)):  # of what is cut the entries before are read, if they are any use
        cut = life.folder / f"cut-{at}.har"
        cut.write_text(har[: int(len(har) * at)])
        life.run("import", str(cut), code=code)
    garbled = life.folder / "garbled.har"
    garbled.write_text(har.replace("blocParMois", "x").replace("tableauPrestation", "y").replace("</ul>", ""))
    life.home.run("import", str(garbled), "--json")
    life.look("import")
    life.run("import", str(whole))
    life.run("import", str(whole), "--json")

    service = sandbox.service
    credentials = [PASSWORD, mailed, *service.sessions, *service.sub_sessions, *service.single_sign_on,
                   *service.trusted]
    found = b"\n".join(_kept(life))
    assert SECRETS["label"].encode() in found and SECRETS["file"].encode() in found
    assert not [one for one in credentials if one.encode() in found]
    life.run("agent", "logs", "--lines", "1000")
    life.run("agent", "status")
    life.run("agent", "stop")
    life.watch.silent("the stream of events", b"\n".join(life.events))
