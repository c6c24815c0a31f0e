"""How our own modules are run in another Python: from wherever the program was installed, and from nowhere else."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import config
from config.python_process import ROOT, python_command, python_environment, trusted_places

CONFIG = Path(config.__file__).parent
SHOWN = "import json, sys; print(json.dumps([__file__, sys.argv[1:], sys.path, sys.flags.utf8_mode]))"
PARENT = ("import subprocess, sys; from config.python_process import python_command as c, python_environment as e;"
          "import os; sys.stdout.buffer.write(subprocess.check_output(c('shown', 'a b', '$x'), env=e(os.environ)))")


def install(folder: Path) -> None:
    """Put our package that starts others, and a module to be started, into ``folder``."""
    shutil.copytree(CONFIG, folder / "config", ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "shown.py").write_text(SHOWN, encoding="utf-8")


def started_from(command: list[str], cwd: Path, **variables: str) -> str:
    """Where the module that the parent starts was found; its arguments must have come through whole."""
    env = {**python_environment(os.environ), **variables}
    told = subprocess.run(command, cwd=cwd, env=env, capture_output=True, check=True).stdout
    file, arguments, places, utf8 = json.loads(told)
    assert arguments == ["a b", "$x"]
    assert utf8 == 1
    assert str(cwd) not in places and "" not in places
    return str(Path(file).parent)


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """A folder that the parent stands in, with a module of that name that must not be taken."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    (folder / "shown.py").write_text("raise SystemExit('the wrong one')", encoding="utf-8")
    return folder


def test_sources_named_by_pythonpath_start_themselves(tmp_path: Path, elsewhere: Path) -> None:
    install(tmp_path / "sources")
    command = [sys.executable, "-P", "-c", PARENT]
    assert started_from(command, elsewhere, PYTHONPATH=str(tmp_path / "sources")) == str(tmp_path / "sources")


def test_a_zip_file_starts_itself(tmp_path: Path, elsewhere: Path) -> None:
    install(tmp_path / "packed")
    app = tmp_path / "app.pyz"
    with zipfile.ZipFile(app, "w") as file:
        for path in sorted((tmp_path / "packed").rglob("*.py")):
            file.write(path, path.relative_to(tmp_path / "packed"))
        file.writestr("__main__.py", PARENT)
    assert started_from([sys.executable, str(app)], elsewhere) == str(app)


@pytest.mark.parametrize("base", ["usual", "moved"])
def test_an_installation_of_the_person_alone_starts_itself(base: str, tmp_path: Path, elsewhere: Path) -> None:
    python = getattr(sys, "_base_executable", sys.executable)  # an environment of its own knows none
    person = {"HOME": str(tmp_path / "me")} if base == "usual" else {"PYTHONUSERBASE": str(tmp_path / "base")}
    env = {**python_environment(os.environ), **person}
    where = subprocess.run([python, "-P", "-m", "site", "--user-site"], env=env, capture_output=True, text=True,
                           check=False).stdout.strip()
    install(Path(where))
    assert started_from([python, "-P", "-c", PARENT], elsewhere, **person) == where


def test_another_version_that_is_installed_does_not_answer_for_these_sources(tmp_path: Path, elsewhere: Path) -> None:
    # The environment of the tests has our packages installed: a copy elsewhere must start the copy.
    install(tmp_path / "copy")
    (tmp_path / "copy" / "shown.py").write_text(
        SHOWN + "\nimport config.python_process as one\nassert one.ROOT == sys.path[3], sys.path", encoding="utf-8")
    command = [sys.executable, "-P", "-c", PARENT]
    assert started_from(command, elsewhere, PYTHONPATH=str(tmp_path / "copy")) == str(tmp_path / "copy")


def test_no_variable_of_python_is_handed_on() -> None:
    given = {"PYTHONPATH": ".", "PYTHONHOME": "/x", "PYTHONSTARTUP": "x.py", "PYTHONINSPECT": "1", "PATH": "/bin"}
    assert python_environment(given) == {"PATH": "/bin"}


def test_a_command_never_names_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", ["", str(tmp_path), *sys.path])
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}/one:.")
    assert {"", str(tmp_path)}.isdisjoint(trusted_places())
    assert str(tmp_path) not in " ".join(python_command("agent"))


def test_places_of_the_interpreter_stay_although_pythonpath_names_them(monkeypatch: pytest.MonkeyPatch) -> None:
    library = str(Path(os.__file__).parent)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([library, ROOT]))
    assert {library, ROOT} <= set(trusted_places())
