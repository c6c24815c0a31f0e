"""A folder full of modules with the names of ours and of Python's: none of it is ever run."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from ameli_tui.cli.demo import home as demo_home
from ameli_tui.cli.errors import DemoFailed
from tests.benchmarks.terminal import Session
from tests.commands import clean_environment

ROOT = Path(__file__).parents[3]
AMELI = str(Path(sys.executable).with_name("ameli"))
OURS = ("agent", "config")
BEFORE_US = {"re"} if "import re\n" in Path(AMELI).read_text() else set()
"""What the script that the installer wrote imports before it calls us."""
PYTHONS = ("json", "asyncio", "typing", "socket", "select", "subprocess", "runpy", "email", "sysconfig", "signal")
THEIRS = ("httpx", "msgspec", "textual", "uvicorn", "yaml", "h2", "brotli", "readline")
AT_START = ("sitecustomize", "usercustomize")
WHOLE = ("ameli_tui", "encodings", "codecs", "os", "site", "io")
"""Python itself would take these from PYTHONPATH before a line of ours is run."""


class Traps:
    """A folder of modules that leave a line in ``hits`` when they are imported, and an empty home."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.hits, self.home = folder / "here", folder / "hits", folder / "home"
        self.folder.mkdir()

    def lay(self, *names: str) -> None:
        """Lay a module, or for our own names a package, under each name."""
        for name in names:
            place = self.folder / (f"{name}/__init__.py" if name in (*OURS, "ameli_tui", "encodings") else f"{name}.py")
            place.parent.mkdir(exist_ok=True)
            place.write_text(f"open({str(self.hits)!r}, 'a').write({name!r} + chr(10))\nprint('TRAPPED')\n")

    @property
    def sprung(self) -> list[str]:
        """The names of those that were imported."""
        return self.hits.read_text().split() if self.hits.exists() else []

    def run(self, *args: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run ``ameli ARGS`` as it is installed, standing among the traps."""
        env = clean_environment(AMELI_HOME=str(self.home), **variables)
        return subprocess.run([AMELI, *args], cwd=self.folder, env=env, capture_output=True, text=True, check=False,
                              stdin=subprocess.DEVNULL, timeout=120)


@pytest.fixture
def traps() -> Iterator[Traps]:
    folder = Path(tempfile.mkdtemp(prefix="ameli-trap-"))
    made = Traps(folder)
    try:
        yield made
    finally:
        if (made.home / "sandbox").exists():
            subprocess.run([AMELI, "demo", "--home", str(made.home), "--stop"], env=clean_environment(), check=False)
        made.run("agent", "stop")
        shutil.rmtree(folder)


DEMO = ("--detach", "--json", "--seed", "3", "--years", "1", "--payments", "5")


def test_a_demo_runs_nothing_of_the_folder_it_is_started_in(traps: Traps) -> None:
    traps.lay(*OURS, "re", *PYTHONS, *THEIRS, *AT_START, *WHOLE)
    done = traps.run("demo", "--home", str(traps.home), *DEMO)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["portal_url"].startswith("http://127.0.0.1:")
    assert len(json.loads(traps.run("payments", "--json").stdout)) == 5
    assert traps.sprung == []


@pytest.mark.slow
@pytest.mark.parametrize("named", [".", "", "{folder}", "relative/..:{folder}"])
def test_a_demo_runs_nothing_of_pythonpath(named: str, traps: Traps) -> None:
    traps.lay(*OURS, *PYTHONS, *THEIRS, *({"re"} - BEFORE_US))
    (traps.folder / "relative").mkdir()
    done = traps.run("demo", "--home", str(traps.home), *DEMO, PYTHONPATH=named.format(folder=traps.folder) + ":")
    assert done.returncode == 0, done.stderr
    assert len(json.loads(traps.run("payments", "--json", PYTHONPATH=".").stdout)) == 5
    assert traps.sprung == []


@pytest.mark.slow
def test_what_python_itself_runs_at_its_start_is_not_handed_on(traps: Traps) -> None:
    traps.lay(*AT_START)
    done = traps.run("demo", "--home", str(traps.home), *DEMO, PYTHONPATH=str(traps.folder), PYTHONSTARTUP="x",
                     PYTHONPROFILEIMPORTTIME="1")
    assert done.returncode == 0, done.stderr
    assert traps.sprung.count("sitecustomize") == 1  # that of the command itself, which the person told so


def test_an_agent_and_a_portal_run_nothing_of_the_folder_or_of_pythonpath(traps: Traps) -> None:
    traps.lay(*OURS, *PYTHONS, *THEIRS, *({"re"} - BEFORE_US))
    assert traps.run("agent", "start", PYTHONPATH=".").returncode == 0
    assert json.loads(traps.run("agent", "status", "--json").stdout)["running"]
    assert traps.sprung == []
    traps.hits.unlink(missing_ok=True)
    with subprocess.Popen([AMELI, "sandbox", "serve", "--years", "1", "--payments", "5", "--json"], cwd=traps.folder,
                          env=clean_environment(), stdout=subprocess.PIPE) as portal:
        assert portal.stdout is not None
        assert "base_url" in json.loads(portal.stdout.readline())
        portal.send_signal(signal.SIGTERM)
    assert traps.sprung == []


def test_the_module_form_runs_nothing_of_the_folder_but_the_name_it_was_given(traps: Traps) -> None:
    traps.lay(*OURS, *THEIRS)
    done = subprocess.run([sys.executable, "-m", "ameli_tui", "agent", "start"], cwd=traps.folder, check=False,
                          env=clean_environment(AMELI_HOME=str(traps.home)), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert traps.sprung == []


@pytest.mark.slow
def test_the_screens_and_what_cleans_up_after_them_run_nothing_of_the_folder(
        traps: Traps, monkeypatch: pytest.MonkeyPatch) -> None:
    traps.lay(*OURS, "re", *PYTHONS, *THEIRS, *AT_START, *WHOLE)
    monkeypatch.chdir(traps.folder)
    session = Session([AMELI, "demo", "--years", "1", "--payments", "5"], clean_environment())
    try:
        assert session.wait_for("€", 90)
        session.settle()
        session.press("q")
        while session.read(0.2) is not None:
            pass
    finally:
        session.close()
    assert traps.sprung == []


@pytest.mark.parametrize(("line", "said"), [
    (b"TRAPPED\n", "TRAPPED"), (b"\xff\xfe\n", "�"), (b"[]\n", "[]"), (b'{"base_url": "http://x"}\n', "password"),
    (b"[" * 5000 + b"\n", "[["), (b"\x1b[2Jhello\n", "hello")])
def test_a_portal_that_says_something_else_is_one_sentence(line: bytes, said: str, tmp_path: Path) -> None:
    places = demo_home.DemoPlaces(tmp_path)
    with subprocess.Popen([sys.executable, "-c", f"import sys; sys.stdout.buffer.write({line!r})"],
                          stdout=subprocess.PIPE) as portal, pytest.raises(DemoFailed) as caught:
        demo_home.first_line(portal, places)
    told = caught.value.message("en")
    assert said in told and "\x1b" not in told and len(told) < 400


def test_python_is_started_in_one_place_only() -> None:
    started = re.compile(r"sys\.executable|\bpython3?\b.*-m\b", re.IGNORECASE)
    found = {str(path.relative_to(ROOT)) for package in ("agent", "ameli_tui", "config")
             for path in (ROOT / package).rglob("*.py")
             if started.search(re.sub(r'""".*?"""|prog="[^"]*"', "", path.read_text("utf-8"), flags=re.DOTALL))}
    assert found <= {"config/python_process.py", "agent/portal/changes/try_reader.py"}  # the latter says how it is used


@pytest.fixture(autouse=True)
def _no_leftover_path(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("PYTHON")]:
        monkeypatch.delenv(name)
