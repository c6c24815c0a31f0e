"""What watching costs while the vault is locked: ``python -m tests.benchmarks.bench_watch [--minutes N]``.

On a demo home, with the program that people get: how long `ameli lock` takes and the next `ameli agent status`, beside
an empty Python; requests of a quiet round; memory of the locked agent beside the open one; processor time of the locked
agent between rounds, over so many minutes, an hour of it in seconds.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any


def memory_mib(pid: int) -> float:
    """Resident now; the peak would count what the open vault needed."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))) / 1024


def processor_s(pid: int) -> float:
    """Seconds of processor time of the process's threads since they began; finer than the ticks of ``stat``."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((task / "schedstat").read_text(encoding="ascii").split()[0]) for task in tasks) / 1e9


class Home:
    """A demo home and its commands."""

    def __init__(self) -> None:
        folder = Path(tempfile.mkdtemp(prefix="bench-watch-"))
        self._env = {**os.environ, "AMELI_HOME": str(folder), "AMELI_LANG": "en"}
        self.facts = self.json("demo", "--home", str(folder), "--detach", "--json")
        self._phrase = folder / "phrase"
        self._phrase.write_text(self.facts["passphrase"], encoding="utf-8")

    def run(self, *words: str) -> str:
        """A command's answer."""
        done = subprocess.run([sys.executable, "-m", "ameli_tui", *words], env=self._env, check=True,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        return done.stdout

    def json(self, *words: str) -> Any:
        """A command's answer, read."""
        return json.loads(self.run(*words))

    def timed(self, *words: str) -> float:
        """Seconds that a command takes."""
        began = time.perf_counter()
        self.run(*words)
        return time.perf_counter() - began

    def unlock(self) -> None:
        """Open the vault."""
        self.run("unlock", "--passphrase-file", str(self._phrase))

    def end(self) -> None:
        """End agent and stand-in."""
        self.run("demo", "--home", self._env["AMELI_HOME"], "--stop")


def empty_python_s() -> float:
    """Seconds that a Python takes to do nothing."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", ""], check=True)
    return time.perf_counter() - began


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--minutes", type=float, default=10.0)
    minutes = arguments.parse_args().minutes
    home = Home()
    try:
        pid = home.json("agent", "status", "--json")["pid"]
        opened = memory_mib(pid)
        for turn in range(3):
            print(f"lock {home.timed('lock'):.2f} s, status {home.timed('agent', 'status'):.2f} s, "
                  f"empty Python {empty_python_s():.2f} s")
            if turn < 2:
                home.unlock()
        quiet = home.json("sync", "--json")
        print(f"a quiet round: {quiet['requests']} requests, {quiet['seconds']} s")
        time.sleep(3)
        status = home.json("agent", "status", "--json")
        assert status["locked"] and status["watching"], status
        before = processor_s(status["pid"])
        time.sleep(minutes * 60)
        spent = processor_s(status["pid"]) - before
        print(f"resident: open {opened:.1f} MiB, locked and watching {memory_mib(status['pid']):.1f} MiB")
        print(f"between rounds: {spent:.3f} s in {minutes:g} min, {spent * 60 / minutes:.3f} s an hour")
    finally:
        home.end()


if __name__ == "__main__":
    main()
