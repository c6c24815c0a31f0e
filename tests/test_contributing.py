"""The pages for whoever changes the program: every path they name is there, every command they teach can be typed."""

import ast
import re
import shlex
import tomllib
from importlib import import_module
from importlib.metadata import distribution, entry_points
from importlib.util import find_spec
from pathlib import Path

import pytest

from ameli_tui.cli.parser import build_parser

ROOT = Path(__file__).parents[1]
README, GUIDE, ROOMS = "README.md", ".github/CONTRIBUTING.md", ".github/ARCHITECTURE.md"
_PATH = re.compile(
    r"(?:agent|ameli_tui|config|tests|\.ci|\.github)/[\w./-]*|pyproject\.toml|(?:README|CHANGELOG)\.md|LICENSE")
_TOOLS = {"ruff", "mypy", "lint-imports", "pytest", "python", "pip", "ameli"}


def text(name: str) -> str:
    """One of the pages."""
    return (ROOT / name).read_text(encoding="utf-8")


def quoted(name: str) -> list[str]:
    """What stands between backticks on a page, its blocks of commands aside."""
    return re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text(name), flags=re.DOTALL))


def paths(name: str) -> list[str]:
    """The paths that a page names, in its text, its tables and its commands."""
    places = {word for word in quoted(name) if _PATH.fullmatch(word)}
    for command in commands(name):
        places |= {word for word in command if _PATH.fullmatch(word)}
    return sorted(places)


def commands(name: str) -> list[list[str]]:
    """The command lines of a page, as words, taken apart at ``&&``."""
    blocks = re.findall(r"```sh\n(.*?)```", text(name), re.DOTALL)
    lines = [line.strip() for block in blocks for line in block.splitlines() if line.strip()]
    lines += [one for one in quoted(name) if one.startswith((".venv/bin/", "bash "))]
    return [shlex.split(part) for line in lines for part in line.split(" && ")]


@pytest.mark.parametrize(("page", "path"), [(page, path) for page in (GUIDE, ROOMS, README) for path in paths(page)])
def test_every_path_that_is_named_exists(page: str, path: str) -> None:
    assert (ROOT / path).exists(), f"{page} names {path}"


def test_the_pages_name_paths() -> None:
    assert len(paths(GUIDE)) > 50
    assert len(paths(ROOMS)) > 20


@pytest.mark.parametrize("words", commands(GUIDE), ids=" ".join)
def test_every_command_can_be_typed(words: list[str]) -> None:
    words = [word for word in words if not re.fullmatch(r"[A-Z_]+=\S+", word)]
    if words[0] == "tmux":  # what a session of its own runs is looked at like the others
        words = words[words.index(".venv/bin/ameli"):] if ".venv/bin/ameli" in words else ["bash"]
    tool = words[0].removeprefix(".venv/bin/")
    assert tool in _TOOLS | {"python3", "bash"}
    if tool == "ameli":
        build_parser(None).parse_args(words[1:])
    if tool == "python" and "-m" in words:
        assert find_spec(words[words.index("-m") + 1])


def test_the_tools_are_those_that_the_tests_extra_brings() -> None:
    asked = tomllib.loads(text("pyproject.toml"))["project"]["optional-dependencies"]["test"]
    brought = {re.split(r"[>=<\[]", line)[0] for line in asked}
    scripts = {script.name: script.dist.name for script in entry_points(group="console_scripts") if script.dist}
    # ruff is a program without an entry point.
    of_ours = {tool: scripts.get(tool, tool) for tool in ("ruff", "mypy", "lint-imports", "pytest")}
    assert set(of_ours.values()) <= brought
    assert distribution("ruff")


def test_one_test_is_run_as_it_is_taught() -> None:
    taught = next(words for words in commands(GUIDE) if "-k" in words)
    path, word = taught[taught.index("-n0") + 1], taught[taught.index("-k") + 1]
    names = [node.name for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8")))
             if isinstance(node, ast.FunctionDef)]
    assert any(word in name for name in names)


def test_the_page_names_every_room() -> None:
    rooms = [path for package in ("agent", "ameli_tui") for path in (ROOT / package).iterdir()
             if path.is_dir() and (path / "__init__.py").exists()]
    drawn = text(ROOMS)
    missing = [f"{path.parent.name}/{path.name}" for path in rooms if not re.search(rf"\b{path.name}\b", drawn)]
    assert not missing


_WAYS = {"payment": 21, "request": 19, "notification": 8}
"""How many files a thing may pass on its way through the program."""


@pytest.mark.parametrize(("thing", "most"), _WAYS.items())
def test_a_way_through_the_program_is_told_file_by_file_and_grows_no_longer(thing: str, most: int) -> None:
    way = text(ROOMS).split(f"**The way of a {thing}**", 1)[1].split("\n\n", 2)[1]
    steps = re.findall(r"^(\d+)\. `([\w/.]+\.py)`: \S", way, re.MULTILINE)
    assert [int(number) for number, _file in steps] == list(range(1, len(way.splitlines()) + 1))
    assert len({file for _number, file in steps}) == len(steps) <= most


def test_whoever_changes_the_program_finds_the_pages() -> None:
    assert GUIDE in text(README)
    assert ROOMS in text(README)
    assert ROOMS in text(GUIDE)


_NAMED = [
    ("agent.procedures.registry", "ORDER"), ("agent.procedures.definitions.bank_details", "PROCEDURE"),
    ("agent.store.payments.records", "entry"), ("agent.store.payments.index", "Entry"),
    ("agent.protocol.payments", "PaymentRow"), ("agent.store.payments.index", "PaymentIndex"),
    ("agent.protocol", "PROTOCOL"), ("agent.files.exports.registry", "MAKERS"), ("agent.files.exports.ics", "make"),
    ("agent.protocol.export_formats", "EXPORT_FORMATS"),
    ("agent.notifications.channels", "Failed"), ("config.settings", "NotifySettings"), ("config.bounds", "RULES"),
    ("agent.core.doctor", "CHANNEL_CURES"), ("agent.portal.pages.selectors", "PAGES"),
]


@pytest.mark.parametrize(("module", "name"), _NAMED, ids="{0}".format)
def test_what_the_recipes_name_is_where_they_say(module: str, name: str) -> None:
    assert hasattr(import_module(module), name)
    assert name in text(GUIDE)
    assert module.replace(".", "/") in text(GUIDE)


def test_the_recipe_of_a_format_names_every_file_that_lists_formats() -> None:
    sources = [path for package in ("agent", "ameli_tui") for path in (ROOT / package).rglob("*.py")]
    lists = {str(path.relative_to(ROOT)) for path in sources if '"beancount"' in path.read_text(encoding="utf-8")}
    assert lists
    recipe = text(GUIDE).split("### A new export format", 1)[1].split("\n### ", 1)[0]
    assert all(path in recipe for path in lists)


def test_the_recipe_of_a_procedure_names_every_file_that_lists_procedures() -> None:
    lists = {str(path.relative_to(ROOT)) for path in (ROOT / "agent").rglob("*")
             if path.suffix in {".py", ".yaml"} and "carte-vitale-loss" in path.read_text(encoding="utf-8")}
    recipe = text(GUIDE).split("### A new procedure", 1)[1].split("\n### ", 1)[0]
    lists.discard("agent/procedures/definitions/carte_vitale_loss.py")
    assert [path for path in sorted(lists) if path not in recipe] == []
