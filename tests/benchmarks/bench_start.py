"""What starting costs: ``python -m tests.benchmarks.bench_start [--runs N]``, from the project's folder.

Prints, as ratios of measures taken in turn on the same machine: the first frame of the screens against a bare Textual
program, ``ameli agent status`` against an empty Python; then memory of screens and agent, and an idle screen's bytes.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.benchmarks.terminal import Session, peak_rss_mib
from tests.commands import Home, clean_environment

_HELLO = """
from textual.app import App
from textual.widgets import Label
class Hello(App):
    def compose(self):
        yield Label("hello there")
Hello().run()
"""


def first_frame(argv: list[str], env: dict[str, str], text: str) -> tuple[float, Session]:
    """Seconds from start to a screen that holds ``text``, and the program, still running."""
    session = Session(argv, env)
    at = session.wait_for(text)
    if at is None:
        raise SystemExit(f"{argv}: {text!r} did not come:\n" + "\n".join(session.screen.display))
    return at - session.started, session


def run_time(argv: list[str], env: dict[str, str]) -> float:
    """Seconds a command takes."""
    start = time.perf_counter()
    subprocess.run(argv, env=env, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - start


def compare_frames(ameli: list[str], env: dict[str, str], text: str, runs: int) -> str:
    """The screens against a bare Textual program, with the memory and the idle bytes of the screens."""
    bare, ours, memory, idle = [], [], 0.0, 0
    for turn in range(runs + 1):
        seconds, session = first_frame([sys.executable, "-c", _HELLO], env, "hello there")
        session.close()
        mine, session = first_frame(ameli, env, text)
        if turn:  # the first turn compiles
            bare.append(seconds)
            ours.append(mine)
        if turn == runs:
            session.settle(1.0)
            memory, idle = peak_rss_mib(session.pid), session.idle_bytes(5.0)
        session.close()
    hello, screens = statistics.median(bare), statistics.median(ours)
    return (f"first frame: bare Textual {hello:.3f} s, ameli {screens:.3f} s, ratio {screens / hello:.2f}\n"
            f"screens: {memory:.1f} MiB at most, {idle} bytes in 5 idle seconds")


def compare_status(ameli: list[str], env: dict[str, str], runs: int) -> str:
    """``agent status`` against an empty Python."""
    empty, ours = [], []
    for _ in range(runs):
        empty.append(run_time([sys.executable, "-c", "pass"], env))
        ours.append(run_time([*ameli, "agent", "status"], env))
    nothing, status = statistics.median(empty), statistics.median(ours)
    return f"agent status: empty Python {nothing:.4f} s, ours {status:.4f} s, ratio {status / nothing:.2f}"


def main() -> None:
    """Measure on a demo account and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--expect", default="PHARMACIE", help="text of the first full frame")
    args = parser.parse_args()
    for name in ("PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED"):
        os.environ.pop(name, None)
    with tempfile.TemporaryDirectory(prefix="ameli-bench-") as folder:
        home = Home(Path(folder) / "home")
        ameli = [str(Path(sys.executable).with_name("ameli"))]
        env = clean_environment(AMELI_HOME=str(home.folder))
        try:
            home.json("demo", "--home", str(home.folder), "--detach", "--seed", "3", "--years", "2", timeout=120)
            print(compare_status(ameli, env, args.runs * 3))
            print(compare_frames(ameli, env, args.expect, args.runs))
            pid = home.json("agent", "status")["pid"]
            print(f"agent: {peak_rss_mib(pid):.1f} MiB at most")
        finally:
            home.run("demo", "--home", str(home.folder), "--stop")


if __name__ == "__main__":
    main()
