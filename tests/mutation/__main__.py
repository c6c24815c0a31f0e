"""``python -m tests.mutation GROUP ...``: draw mutants by a fixed seed, run the tests on each, list who survives.

The tree is copied first: nothing here is ever changed. Exit code 1 when too many survive.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tests.mutation.groups import GROUPS, Group
from tests.mutation.mutants import Mutant, mutants

ROOT = Path(__file__).parents[2]
MUTANTS = 40
"""A group."""
A_LINE = 2
"""Mutants of one line at most."""
SEED = 12
LEAST = 0.85
"""Share of the mutants that has to be noticed."""


def drawn(root: Path, group: Group, count: int, seed: int) -> list[Mutant]:
    """The mutants that are tried, by file and line: the same ones for the same source and seed."""
    found = [mutant for file in group.files if (root / file).exists()
             for mutant in mutants(file, (root / file).read_text(encoding="utf-8"))]
    random.Random(seed).shuffle(found)
    lines: Counter[tuple[str, int]] = Counter()
    chosen: list[Mutant] = []
    for mutant in found:
        lines[mutant.file, mutant.line] += 1
        if lines[mutant.file, mutant.line] <= A_LINE and len(chosen) < count:
            chosen.append(mutant)
    return sorted(chosen, key=lambda mutant: (mutant.file, mutant.line))


def passes(tree: Path, tests: Sequence[str], timeout_s: float) -> bool:
    """Whether all of the tests pass in a tree, within the time."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-n0", "-p", "no:cacheprovider", "--hypothesis-seed=0",
               "--hypothesis-profile=all", "--no-header", *tests]
    # Compiled files are told by size and second: a mutant of the same size would run as the one before.
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(tree)}
    run = subprocess.Popen(command, cwd=tree, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                           start_new_session=True)
    try:
        return run.wait(timeout_s) == 0
    except subprocess.TimeoutExpired:
        os.killpg(run.pid, signal.SIGKILL)
        run.wait()
        return False


def tried(root: Path, name: str, count: int, seed: int) -> float:
    """Try one group, printing as it goes; returns the share that was noticed."""
    group = GROUPS[name]
    with tempfile.TemporaryDirectory(prefix="mutation-") as folder:
        tree = Path(folder) / "tree"
        shutil.copytree(root, tree, ignore=shutil.ignore_patterns(".*", "__pycache__", "dist", "build"))
        started = time.monotonic()
        if not passes(tree, group.tests, 3600):
            raise SystemExit(f"{name}: its tests fail without any change")
        timeout_s = 30 + 4 * (time.monotonic() - started)
        chosen = drawn(root, group, count, seed)
        survived = 0
        for mutant in chosen:
            path = tree / mutant.file
            whole = path.read_text(encoding="utf-8")
            path.write_text(mutant.source, encoding="utf-8")
            noticed = not passes(tree, group.tests, timeout_s)
            path.write_text(whole, encoding="utf-8")
            survived += not noticed
            print(f"{'killed  ' if noticed else 'SURVIVED'} {mutant.file}:{mutant.line}  {mutant.change}", flush=True)
    killed = len(chosen) - survived
    print(f"{name}: {killed} of {len(chosen)} killed ({killed / max(1, len(chosen)):.0%})", flush=True)
    return killed / max(1, len(chosen))


def main() -> int:
    """Run the groups named on the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("groups", nargs="+", choices=[*GROUPS, "all"], metavar="GROUP",
                        help=f"{', '.join(GROUPS)}, all")
    parser.add_argument("--mutants", type=int, default=MUTANTS, help="how many a group (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--root", type=Path, default=ROOT, help="the tree to try (default: this one)")
    chosen = parser.parse_args()
    names = list(GROUPS) if "all" in chosen.groups else chosen.groups
    shares = [tried(chosen.root.resolve(), name, chosen.mutants, chosen.seed) for name in names]
    return int(min(shares) < LEAST)


if __name__ == "__main__":
    sys.exit(main())
