"""How long a recorded session takes to be read and kept, by its size, and what the process that reads it grows to.

    python -m tests.benchmarks.bench_har [MEGABYTES...]

Each size is a file on the disk, and a process of its own that reads it as the agent does what arrives. 1 GB must stay
within 300 MiB.
"""

import asyncio
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from base64 import b64encode
from functools import partial
from pathlib import Path
from typing import Any

from agent.files.formats.har.plain_text import CHUNK
from agent.files.imports import Desk, take_file
from agent.files.imports.har.large import SIFTED_FROM, small_recording
from agent.money import Money
from tests.agent.bench import Bench
from tests.agent.files.imports.test_har import fresh, recorded
from tests.recorder import REAL

_MEGABYTES = (1, 10, 50, 100, 1_000)
_PICTURE = 600_000
_PAGE = "<p class=\"advert\">Texte d'une page étrangère</p>\n" * 400


def write_filled(har: dict[str, Any], megabytes: int, path: Path) -> None:
    """The recording among the pictures and pages of others that a browser notes, that large."""
    own = [json.dumps(entry) for entry in har["log"]["entries"]]
    picture = b64encode(os.urandom(_PICTURE)).decode()
    with path.open("w") as file:
        file.write('{"log": {"version": "1.2", "creator": {"name": "x", "version": "1"}, "entries": [')
        file.write(", ".join(own))
        number = 0
        while file.tell() < megabytes * 1_000_000:
            number += 1
            file.write(", " + json.dumps(_answer(f"{REAL}/PortailAS/img/{number}.png", "image/png", picture, "base64")))
            file.write(", " + json.dumps(_answer("https://example.org/", "text/html", _PAGE)))
        file.write("]}}")


def _answer(url: str, kind: str, text: str, encoding: str | None = None) -> dict[str, Any]:
    return {"request": {"method": "GET", "url": url}, "response": {
        "status": 200, "content": {"size": len(text), "mimeType": kind, "encoding": encoding, "text": text}}}


def _received(path: Path) -> bytes:
    if path.stat().st_size <= SIFTED_FROM:
        return path.read_bytes()
    with path.open("rb") as file:
        return bytes(small_recording(iter(partial(file.read, CHUNK), b"")))


async def _read(path: Path, folder: Path) -> None:
    """In a process of its own: one file."""
    bench = Bench(folder)
    store = fresh(bench)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    began = time.perf_counter()
    data = await asyncio.to_thread(_received, path)
    taken = await take_file(Desk(store, Money(store), bench.clock), "session.har", data)
    took = time.perf_counter() - began
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    size = path.stat().st_size / 1e6
    print(f"{size:7.1f} MB  {took:6.2f} s  {size / took:6.1f} MB/s  {taken.new} new  ({most} MiB, {before} before)",
          flush=True)


def main() -> None:
    """Print seconds, speed, and what the process grew to."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if sys.argv[1:2] == ["--one"]:
            asyncio.run(_read(Path(sys.argv[2]), folder))
            return
        har = asyncio.run(recorded(Bench(folder / "account"))).har()
        for megabytes in map(int, sys.argv[1:] or _MEGABYTES):
            path = folder / "session.har"
            write_filled(har, megabytes, path)
            subprocess.run([sys.executable, "-m", __spec__.name, "--one", str(path)], check=True)


if __name__ == "__main__":
    main()
