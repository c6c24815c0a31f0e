"""What the program asks for: ranges for whoever installs it, exact releases for the tests, and nothing unused."""

import ast
import re
import sys
import tomllib
from importlib.metadata import distribution, packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
NEEDED = [Requirement(line) for line in PROJECT["dependencies"]]
FOR_TESTS = [Requirement(line) for line in PROJECT["optional-dependencies"]["test"]]
EXTRAS = [Requirement(line) for name, lines in PROJECT["optional-dependencies"].items() if name != "test"
          for line in lines]
"""What the program uses where it is installed."""
OLDER_PYTHONS = {"backports-tarfile", "importlib-metadata", "lazy-importer", "zipp"}
"""What only the oldest Python brings along."""
PACKAGES = ("agent", "ameli_tui", "config")


def exact(name: str) -> dict[str, Version]:
    """The releases that a list under ``.ci`` names; every line that is no remark must be one."""
    lines = (ROOT / ".ci" / name).read_text(encoding="utf-8").splitlines()
    pairs = [line.split("==") for line in lines if not line.startswith("#")]
    return {canonicalize_name(package): Version(release) for package, release in pairs}


def lower_end(asked: Requirement) -> Version:
    """The least release that ``asked`` allows."""
    ends = [Version(bound.version) for bound in asked.specifier if bound.operator == ">="]
    assert len(ends) == 1, f"{asked}: one lower end, please"
    return ends[0]


def brought_along(asked: list[Requirement]) -> set[str]:
    """Names of ``asked`` and of all that these need on this machine, as the installed packages say."""
    left: list[tuple[Requirement, str]] = [(one, "") for one in asked]
    found: set[tuple[str, str]] = set()
    while left:
        wanted, extra = left.pop()
        if wanted.marker is not None and not wanted.marker.evaluate({"extra": extra}):
            continue
        for each in {"", *wanted.extras}:
            if (key := (canonicalize_name(wanted.name), each)) not in found:
                found.add(key)
                left += [(Requirement(line), each) for line in distribution(wanted.name).requires or []]
    return {name for name, _ in found}


def imported() -> set[str]:
    """Top names of all that our modules import, also where it is used."""
    names = set()
    for path in (path for package in PACKAGES for path in (ROOT / package).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module.partition(".")[0])
    return names - set(sys.stdlib_module_names) - set(PACKAGES) - {"_typeshed"}


@pytest.mark.parametrize("asked", [*NEEDED, *EXTRAS, *FOR_TESTS], ids=lambda asked: asked.name)
def test_every_dependency_has_a_lower_end_and_is_no_single_release(asked: Requirement) -> None:
    assert lower_end(asked)
    assert {bound.operator for bound in asked.specifier} <= {">=", "<"}


@pytest.mark.parametrize("name", ["textual", "tinydb"])
def test_what_is_reached_by_private_hooks_stays_within_a_minor_release(name: str) -> None:
    asked = next(one for one in NEEDED if one.name == name)
    low = lower_end(asked)
    assert not asked.specifier.contains(f"{low.major}.{low.minor + 1}.0")


def test_the_program_asks_for_what_it_imports_and_for_nothing_else() -> None:
    by_module = packages_distributions()
    used = {canonicalize_name(package) for name in imported() for package in by_module.get(name, [name])}
    assert used == {canonicalize_name(one.name) for one in [*NEEDED, *EXTRAS]}


def test_the_tested_releases_are_exactly_what_an_installation_brings() -> None:
    held = exact("constraints.txt")
    assert set(held) == brought_along([*NEEDED, *FOR_TESTS]) | OLDER_PYTHONS


def test_the_extras_are_tested_as_they_are_offered() -> None:
    offered, tested = ({str(one) for one in asked} for asked in (EXTRAS, FOR_TESTS))
    assert offered <= tested


def test_the_tested_releases_are_allowed() -> None:
    held = exact("constraints.txt")
    assert [str(one) for one in [*NEEDED, *FOR_TESTS]
            if not one.specifier.contains(held[canonicalize_name(one.name)])] == []


def test_the_lowest_releases_are_the_lower_ends() -> None:
    lowest = exact("lowest.txt")
    assert set(lowest) == {canonicalize_name(one.name) for one in NEEDED}
    for one in NEEDED:
        # 2.9.0.post0 is the first release of 2.9, where there is no plain 2.9.0.
        assert Version(lowest[canonicalize_name(one.name)].base_version) == lower_end(one)
        assert one.specifier.contains(lowest[canonicalize_name(one.name)])


@pytest.mark.parametrize("name", ["constraints.txt", "lowest.txt"])
def test_the_lists_name_packages_and_releases_only(name: str) -> None:
    for line in (ROOT / ".ci" / name).read_text(encoding="utf-8").splitlines():
        assert line.startswith("#") or re.fullmatch(r"[a-z0-9-]+==[\w.]+", line)
        assert "://" not in line


def test_everything_that_installs_takes_the_tested_releases() -> None:
    for name in (".ci/run", "README.md"):
        text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
        installs = [line for line in text.splitlines() if "pip install" in line and not line.lstrip().startswith("#")]
        assert installs
        assert all("-c " in line for line in installs), installs


def test_what_is_tried_at_the_lowest_is_there() -> None:
    lines = (ROOT / ".ci" / "lowest-tests.txt").read_text(encoding="utf-8").splitlines()
    paths = [line for line in lines if not line.startswith("#")]
    assert paths
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_types_are_for_others_too_and_translators_files_stay_here() -> None:
    tool = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    assert all((ROOT / package / "py.typed").is_file() for package in PACKAGES)
    assert "*.po" in tool["hatch"]["build"]["targets"]["wheel"]["exclude"]


def test_every_python_that_is_promised_is_named() -> None:
    minors = {word.rpartition(" ")[2] for word in PROJECT["classifiers"] if ":: Python :: 3." in word}
    assert min(minors, key=Version) == PROJECT["requires-python"].removeprefix(">=")
