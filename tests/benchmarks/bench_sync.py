"""What the sync costs over plain reading, by hand: ``python -m tests.benchmarks.bench_sync [years]``.

1. The first sync of ten years, against a plain httpx loop that asks the same addresses and throws the answers away.
2. The repeat sync with nothing new: at most 6 requests.

The sandbox runs in its own process and both sides talk to it over real sockets.
"""

import asyncio
import json
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path

import httpx

from agent.connection import Connection
from agent.store import Store
from agent.sync import SyncResult
from agent.vault import KdfCost, Vault
from config.clock import today
from config.settings import PortalSettings

COMMAND = (sys.executable, "-m", "agent.sandbox", "--otp", "off", "--window-months", "0", "--seed", "3", "--years")
ROUNDS = 3
refused: list[str] = []
"""Addresses the plain loop was refused: there should be next to none."""


@dataclass
class Recorder(httpx.AsyncBaseTransport):
    """Passes requests on and remembers them."""

    inner: httpx.AsyncHTTPTransport
    asked: list[httpx.Request] = field(default_factory=list)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        return await self.inner.handle_async_request(request)

    async def aclose(self) -> None:
        return


async def first_sync(service: dict[str, str], recorder: Recorder) -> tuple[Connection, SyncResult, Store, float]:
    """Sign in, then sync into a fresh vault; seconds of the sync alone."""
    folder = Path(tempfile.mkdtemp(prefix="bench-sync-")) / "vault"
    vault, _ = Vault.create(folder, "bench", kdf_cost=KdfCost(8 * 1024, 1, 1))
    store = Store(vault)
    settings = PortalSettings(base_url=service["base_url"], identity_url=service["identity_url"], pause_s=0)
    connection = Connection(settings, store, transport=recorder)
    await connection.login(service["nir"], service["password"])
    recorder.asked.clear()
    start = time.perf_counter()
    result = await connection.sync()
    return connection, result, store, time.perf_counter() - start


async def plain_loop(asked: list[httpx.Request]) -> float:
    """Ask the same addresses in the same session, one at a time; the one-use token is the only thing read."""
    token = ""
    client = httpx.AsyncClient(timeout=60, trust_env=False)
    for request in asked:
        for name, cookie in SimpleCookie(request.headers.get("cookie", "")).items():
            client.cookies.set(name, cookie.value, domain=request.url.host)
    left_out = ("host", "content-length", "cookie")
    calls = [
        (request.method, str(request.url), {k: v for k, v in request.headers.items() if k not in left_out},
         request.content if request.method == "POST" else None)
        for request in asked
    ]
    start = time.perf_counter()
    async with client:
        for method, url, headers, content in calls:
            if "_ct" in headers:
                headers["_ct"] = token
            url = re.sub(r"(?<=[?&])_ct=[^&]*", f"_ct={token}", url)
            answer = await client.request(method, url, headers=headers, content=content)
            if url.endswith("JavaScriptServlet"):
                token = answer.text.partition(":")[2].strip()
            refused.extend([url] if answer.status_code != 200 else [])
    return time.perf_counter() - start


async def main(years: int) -> None:
    """Run both and print."""
    process = subprocess.Popen([*COMMAND, str(years)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        service = json.loads(process.stdout.readline())
        syncs, loops = [], []
        for _ in range(ROUNDS):  # the first round warms the sandbox up: it draws each PDF once
            recorder = Recorder(httpx.AsyncHTTPTransport())
            connection, result, store, seconds = await first_sync(service, recorder)
            syncs.append(seconds)
            asked = list(recorder.asked)
            loops.append(await plain_loop(asked))
        repeat = await connection.sync()
        payments, documents = store.payments.found(), store.documents.all()
        print(f"{years} years, {len(payments)} payments, {len(documents)} documents, {today()}")
        print(f"first sync  {min(syncs):6.2f} s  {result.requests} requests, {len(result.problems)} problems")
        print(f"plain loop  {min(loops):6.2f} s  {len(asked)} requests, {len(refused)} refused in all rounds")
        print(f"ratio       {min(syncs) / min(loops):6.2f}  (best of {ROUNDS} rounds each)")
        print(f"repeat sync {repeat.seconds:6.2f} s  {repeat.requests} requests, new {repeat.new}")
    finally:
        process.terminate()
        process.wait()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 10))
