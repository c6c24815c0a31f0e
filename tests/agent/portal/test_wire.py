"""Over real sockets: cut answers, certificates, slow servers."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from agent.portal import Portal, PortalConfig, errors


@asynccontextmanager
async def serving(answer: bytes, *, tls: ssl.SSLContext | None = None, hang: bool = False) -> AsyncIterator[int]:
    """A server that says the same to everybody and closes."""
    over = asyncio.Event()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await writer.drain()
        if hang:
            await over.wait()
        writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        over.set()
        server.close()


async def _ask(base: str, timeout_s: float = 5.0) -> tuple[Portal, errors.Unreachable]:
    async def sleep(seconds: float) -> None:
        return None

    portal = Portal(PortalConfig(base_url=base, identity_url=base, pause_s=0, timeout_s=timeout_s), sleep=sleep)
    with pytest.raises(errors.Unreachable) as caught:
        await portal.inbox()
    await portal.close()
    return portal, caught.value


@pytest.mark.parametrize("answer", [
    b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n<html>",
    b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n<html\r\n", b"nonsense\r\n\r\n",
    b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 5\r\n\r\nhello",
])
async def test_an_answer_cut_on_the_way_is_asked_again_twice(answer: bytes) -> None:
    async with serving(answer) as port:
        portal, error = await _ask(f"http://127.0.0.1:{port}")
    assert error.reason == "dropped"
    assert portal.requests == 3


async def test_nobody_there_is_unreachable() -> None:
    async with serving(b"") as port:
        pass
    _, error = await _ask(f"http://127.0.0.1:{port}")
    assert error.reason == "connect"


async def test_a_server_that_never_finishes_is_given_up_and_not_asked_again() -> None:
    async with serving(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n<", hang=True) as port:
        portal, error = await _ask(f"http://127.0.0.1:{port}", timeout_s=0.1)
    assert error.reason == "timeout"
    assert portal.requests == 1


async def test_a_certificate_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    async with serving(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n", tls=_self_signed(tmp_path)) as port:
        portal, error = await _ask(f"https://127.0.0.1:{port}")
    assert error.reason == "tls"
    assert "certificat" in error.message("fr")
    assert portal.requests == 1


def _self_signed(folder: Path) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "both.pem"
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM) + key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context
