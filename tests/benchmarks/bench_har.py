"""How long a recorded session takes to be read and kept, by its size, against decoding its JSON.

    python -m tests.benchmarks.bench_har
"""

import asyncio
import json
import os
import resource
import tempfile
import time
from base64 import b64encode
from pathlib import Path
from typing import Any

from agent.files.imports import Desk, take_file
from agent.money import Money
from tests.agent.bench import Bench
from tests.agent.files.imports.test_har import fresh, recorded
from tests.recorder import REAL

_MEGABYTES = (1, 10, 50, 100)
_PICTURE = 600_000


def filled(har: dict[str, Any], megabytes: int) -> bytes:
    """The recording among the pictures that a page has, that large."""
    entries = list(har["log"]["entries"])
    left = megabytes * 1_000_000 - len(json.dumps(har))
    for number in range(max(0, left) * 3 // 4 // _PICTURE):
        entries.append({"request": {"method": "GET", "url": f"{REAL}/PortailAS/img/{number}.png"}, "response": {
            "status": 200, "content": {"size": _PICTURE, "mimeType": "image/png", "encoding": "base64",
                                       "text": b64encode(os.urandom(_PICTURE)).decode()}}})
    return json.dumps({"log": {**har["log"], "entries": entries}}).encode()


async def _main(folder: Path) -> None:
    bench = Bench(folder)
    har = (await recorded(bench)).har()
    for megabytes in _MEGABYTES:
        data = filled(har, megabytes)
        began = time.perf_counter()
        json.loads(data)
        plain = time.perf_counter() - began
        store = fresh(bench, f"vault{megabytes}")
        began = time.perf_counter()
        taken = await take_file(Desk(store, Money(store), bench.clock), "session.har", data)
        took = time.perf_counter() - began
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(f"{len(data) / 1e6:6.1f} MB  {took:6.2f} s  {took / plain:5.1f} x json  {taken.new} new  ({most} MB)")


def main() -> None:
    """Print seconds, the ratio to decoding alone, and what the process grew to."""
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_main(Path(folder)))


if __name__ == "__main__":
    main()
