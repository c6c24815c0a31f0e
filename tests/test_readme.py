"""The README's examples are run as they stand."""

import re
import shlex
from pathlib import Path

import pytest

from ameli_tui.cli.parser import build_parser
from tests.commands import Home

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
_HOME = "/tmp/ameli-demo"


def examples() -> list[list[str]]:
    """The ``ameli …`` lines of the README's shell blocks, as words."""
    blocks = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines()]
    return [shlex.split(line)[1:] for line in lines if line.startswith("ameli ")]


def test_there_are_examples() -> None:
    assert len(examples()) > 10


@pytest.mark.parametrize("words", examples(), ids=" ".join)
def test_every_example_is_good_usage(words: list[str]) -> None:
    assert build_parser(None).parse_args(words).command == words[0]


@pytest.mark.parametrize("words", [
    words for words in examples() if words[0] not in ("demo", "setup", "login")], ids=" ".join)
def test_every_example_works_on_the_demo(words: list[str], demo_home: Home, tmp_path: Path) -> None:
    words = [word.replace(_HOME, str(tmp_path)) for word in words]
    done = demo_home.run(*words)
    assert (done.code, done.complaints) == (0, "")
    assert done.out


def test_the_demo_example_leads_from_start_to_stop() -> None:
    demos = [words for words in examples() if words[0] == "demo"]
    assert ["--detach" in words for words in demos] == [True, False]
    assert ["--stop" in words for words in demos] == [False, True]


def test_the_two_commands_are_true() -> None:
    installed = "python3 -m venv .venv && .venv/bin/pip install -q -c .ci/constraints.txt"
    assert f"{installed} . && .venv/bin/ameli demo" in README
    assert f"{installed} -e '.[test]' && .venv/bin/pytest\n" in README
    guard = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    everything = ".venv/bin/pytest -m 'slow or not slow'"
    assert everything in README and guard.rstrip().endswith(everything)
    assert "bash .ci/run" in README
    assert (ROOT / ".ci" / "run").exists()


def test_the_picture_is_a_screen() -> None:
    picture = README.split("```text\n", 1)[1].split("```", 1)[0].splitlines()
    assert len(picture) > 15
    assert all(len(line) <= 100 for line in picture)
