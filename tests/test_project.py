"""Rules of the project as a whole: what stands in the tree, and that what is said of it is true."""

import ast
import os
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from agent import VERSION
from ameli_tui.cli.registry import commands
from tests.empty_words import lasting
from tests.import_circles import circles

ROOT = Path(__file__).parents[1]
PACKAGES = ("agent", "ameli_tui", "config")
LONGEST = 400
"""Lines of a file with one subject."""


def tracked() -> list[Path]:
    """Files of the repository that are there; without git, those of the packages."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode == 0:
        return [path for name in listed.stdout.splitlines() if (path := ROOT / name).is_file()]
    return [path for folder in (*PACKAGES, "tests") for path in (ROOT / folder).rglob("*.py")]


def sources() -> list[Path]:
    """Our modules, tests aside."""
    return [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]


def test_the_tree_holds_what_it_should_and_nothing_else() -> None:
    at_top = {path.relative_to(ROOT).parts[0] for path in tracked()}
    asked = {"pyproject.toml", "README.md", "CHANGELOG.md", "LICENSE", "agent", "ameli_tui", "config", "tests"}
    assert asked <= at_top
    assert all(name.startswith(".") for name in at_top - asked)


def test_no_file_has_two_subjects() -> None:
    long = {str(path.relative_to(ROOT)): count for path in [*sources(), *(ROOT / "tests").rglob("*.py")]
            if (count := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST}
    assert not long


def test_no_import_leads_round_in_a_circle() -> None:
    assert circles() == []


def test_the_tree_is_a_table_of_contents() -> None:
    for package, most in (("agent", 26), ("ameli_tui", 14)):
        names = {path.name for path in (ROOT / package).iterdir()} - {"__pycache__", "py.typed"}
        assert len(names) <= most


def test_nothing_is_left_unfinished() -> None:
    # Spelled in two halves, or this file would find itself.
    words = re.compile(r"\b(?:TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b|NotImplemented" r"Error")
    found = [f"{path.relative_to(ROOT)}: {hit[0]}" for path in tracked() if path.suffix == ".py"
             for hit in [words.search(path.read_text(encoding="utf-8"))] if hit]
    assert not found


def test_no_path_of_a_machine_and_no_registry_is_named() -> None:
    machine = r"(?<![\w.-])/(?:ro" r"ot|home/[a-z]+|works" r"pace)/"
    named = re.compile(machine + r"|pypi\.(?:o" r"rg|python)|files\.python" r"hosted")
    found = [f"{path.relative_to(ROOT)}: {hit[0]}" for path in tracked() if path.suffix in {".py", ".toml", ".md", ""}
             for hit in [named.search(path.read_text(encoding="utf-8", errors="replace"))] if hit]
    assert not found


def test_every_public_thing_says_what_it_is_for() -> None:
    mute = []
    for path in sources():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if not ast.get_docstring(tree) and tree.body:
            mute.append(str(path.relative_to(ROOT)))
        for node in tree.body:
            named = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
            if named and not node.name.startswith("_") and not ast.get_docstring(node):
                mute.append(f"{path.relative_to(ROOT)}: {node.name}")
    assert not mute


def test_nothing_parses_markup_or_swallows_errors() -> None:
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "markup":
                assert isinstance(node.value, ast.Constant), path
                assert node.value.value is False, path
            if isinstance(node, ast.ExceptHandler):
                broad = node.type is None or (isinstance(node.type, ast.Name) and node.type.id == "Exception")
                silent = all(isinstance(step, ast.Pass) for step in node.body)
                assert not (broad and silent), f"{path}:{node.lineno}"


def test_catching_everything_says_why() -> None:
    broad = re.compile(r"^\s*except( Exception)?( as \w+)?:\s*$", re.MULTILINE)
    assert [str(path) for path in sources() if broad.search(path.read_text(encoding="utf-8"))] == []


def test_values_are_named_for_what_they_hold() -> None:
    vague = [f"{path.relative_to(ROOT)}:{line}: {name}" for path in sources()
             for line, name in lasting(path.read_text(encoding="utf-8"))]
    assert vague == []


def test_a_name_that_says_nothing_is_seen_wherever_it_lasts() -> None:
    source = """
class Shape:
    known: int
    found = 1

    def told(self, one, *, asked=lambda known: known):
        for found in [told for told in one]:
            with open(found) as told:
                self.found = {one: known for one, known in told}
        try:
            return [at for at in one if (asked := at)]
        except ValueError as known:
            raise
        match one:
            case [found, *told]:
                return Shape(found=found)
"""
    assert lasting(source) == [
        (6, "asked"), (6, "known"), (6, "one"), (7, "found"), (8, "told"), (11, "asked"), (12, "known"), (15, "found"),
        (15, "told")]


def test_the_version_is_said_once() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == VERSION
    assert f"## {VERSION}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_guard_is_a_program() -> None:
    guard = ROOT / ".ci" / "run"
    assert guard.stat().st_mode & 0o111
    assert guard.read_text(encoding="utf-8").startswith("#!/usr/bin/env bash")
    assert "set -eu" in guard.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", commands())
def test_the_readme_tells_every_command(name: str) -> None:
    assert f"ameli {name}" in (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.xdist_group("kept-together")
def test_the_tests_of_a_group_are_kept_together(request: pytest.FixtureRequest) -> None:
    """Workers are given whole groups by the end of a test's name: a release of pytest once took that away unseen, and
    modules with a demo of their own made four."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        assert request.node.nodeid.endswith("@kept-together")
