"""Numbers beyond every bound, words that are no text, folders that are gone: refused with a sentence."""

import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.sandbox.errors import BadOption, PortBusy
from agent.sandbox.server.serve import bind
from ameli_tui.cli.argument_types import whole
from ameli_tui.cli.errors import WrongUsage
from ameli_tui.cli.parser import Parser
from tests.commands import Home, clean_environment
from tests.thoroughness import one_in


@given(st.text(max_size=30) | st.integers().map(str) | st.integers(10**4300, 10**4400).map(lambda n: "9" * 5000))
def test_a_number_is_within_its_bounds_or_refused(text: str) -> None:
    parser = Parser(prog="ameli")
    parser.add_argument("--n", type=whole(3, 77))
    try:
        number = parser.parse_args([f"--n={text}"]).n
    except WrongUsage as refused:
        assert len(refused.message("en")) < 200
        assert "ValueError" not in refused.message("en")
    else:
        assert 3 <= number <= 77 and int(text) == number


@pytest.mark.parametrize(("args", "said"), one_in(4, [
    (("year", "--year", "99999"), "2100 at most"), (("year", "--year", "0"), "1900 at least"),
    (("year", "--year", "-3"), "1900 at least"), (("ledger", "--year", "99999"), "2100 at most"),
    (("export", "--format", "report", "--year", "9999", "--out", "-"), "2100 at most"),
    (("attestation", "--kind", "fiscal", "--year", "20", "--out", "-"), "1900 at least"),
    (("payments", "--limit", "-1"), "0 at least"), (("payments", "--limit", "9" * 23), "at most"),
    (("payments", "--limit", "1.5"), "not a whole number"), (("payments", "--limit", "٣"), "not a whole number"),
    (("agent", "logs", "--lines", "-5"), "0 at least"), (("sandbox", "serve", "--port", "99999"), "65535 at most"),
    (("sandbox", "serve", "--port", "-1"), "0 at least"), (("sandbox", "serve", "--years", "99999"), "100 at most"),
    (("sandbox", "serve", "--payments", "0"), "1 at least"), (("demo", "--years", "0"), "1 at least"),
    (("demo", "--payments", "99999999"), "1000000 at most"), (("anonymise", "x", "--seed", "9" * 5000), "at most"),
    (("sandbox", "serve", "--window-months", "99999"), "1200 at most"),
]))
def test_a_number_out_of_bounds_is_told_with_the_bound(args: tuple[str, ...], said: str, empty_home: Home) -> None:
    done = empty_home.run(*args, timeout=20)
    assert done.code == 2
    assert said in done.err.splitlines()[0] and len(done.err.splitlines()) == 2
    assert not empty_home.folder.exists()


def test_a_bound_is_told_in_french_too(empty_home: Home) -> None:
    told = empty_home.run("year", "--year", "99999", AMELI_LANG="fr").err
    assert "trop grand : 2100 au plus" in told
    told = empty_home.run("doctor", "--sample", "nope", "--out", "x", AMELI_LANG="fr").err
    assert "not" not in told.splitlines()[-2]


def test_a_port_in_use_or_beyond_all_ports_is_a_sentence(empty_home: Home) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = empty_home.run("sandbox", "serve", "--port", str(port), "--years", "1", "--payments", "3", "--json")
        assert (done.code, done.error["code"]) == (1, "sandbox_port")
        with pytest.raises(PortBusy):
            bind(port)
    for beyond in (65_536, 99_999, -1, 1 << 40):
        with pytest.raises(BadOption):
            bind(beyond)
    done_alone = subprocess.run([sys.executable, "-m", "agent.sandbox", "--port", "99999"], capture_output=True,
                                text=True, check=False, env=clean_environment())
    assert done_alone.returncode == 2 and "Traceback" not in done_alone.stderr


@pytest.mark.parametrize("args", [
    ("payments", "--search", "\udcff"), ("ask", "\udcff"), ("procedures", "show", "\udcff"),
    ("config", "set", "lang", "\udcff"), ("messages", "send", "--subject", "\udcff", "--body", __file__),
    ("explain", "\udcff"), ("owed", "match", "\udcff", "x"), ("glossary", "a", "\udcff")])
def test_a_word_that_is_no_text_is_refused(args: tuple[str, ...], demo_home: Home) -> None:
    done = demo_home.run(*args)
    assert done.code == 2
    assert "UTF-8" in done.err.splitlines()[0]


def test_a_file_may_have_any_name(demo_home: Home, tmp_path: Path) -> None:
    odd = str(tmp_path / "\udcff.csv")
    assert demo_home.json("export", "--format", "csv", "--out", odd)["bytes"]
    assert len(list(tmp_path.iterdir())) == 1
    assert "will not do" in demo_home.run("papers", "check", odd).out


@pytest.mark.parametrize("args", [
    ("estimate", "--json-input", "~nobody-at-all/x"), ("anonymise", "~nobody-at-all/x"),
    ("papers", "check", "~nobody-at-all/x"), ("messages", "send", "--subject", "a", "--body", "~nobody-at-all/x")])
def test_the_home_of_nobody_is_a_name_like_any_other(args: tuple[str, ...], demo_home: Home) -> None:
    done = demo_home.run(*args)
    assert done.code in (1, 2)
    assert "does not exist" in done.err


def test_a_folder_that_is_gone_is_told(empty_home: Home) -> None:
    folder = Path(tempfile.mkdtemp(prefix="ameli-gone-"))
    script = 'cd "$1" && rmdir "$1" && exec "$0" -P -m ameli_tui demo --home here --detach'
    done = subprocess.run(["/bin/sh", "-c", script, sys.executable, str(folder)], capture_output=True, text=True,
                          check=False, env=clean_environment(AMELI_HOME=str(empty_home.folder)))
    shutil.rmtree(folder, ignore_errors=True)
    assert done.returncode == 1
    assert done.stderr.splitlines()[0] == "The folder you are in no longer exists."


def test_no_lines_of_the_log_are_no_empty_log(demo_home: Home) -> None:
    none = demo_home.run("agent", "logs", "--lines", "0")
    assert (none.code, none.out) == (0, "")
    assert demo_home.run("agent", "logs", "--lines", "1").out.count("\n") == 1


def test_the_log_without_an_agent_is_the_agents(empty_home: Home) -> None:
    empty_home.json("agent", "start")
    empty_home.json("agent", "stop")
    (empty_home.folder / "state" / "logs" / "other.log").write_text("not the agent's\n")
    assert "not the agent's" not in empty_home.run("agent", "logs").out
    assert empty_home.json("agent", "logs")["lines"]


def test_the_option_that_is_missing_is_the_one_named(empty_home: Home, tmp_path: Path) -> None:
    (tmp_path / "old").write_text("quatre mots pris au hasard")
    done = empty_home.run("passphrase", "change", "--passphrase-file", str(tmp_path / "old"))
    assert done.code == 5
    assert "--new-passphrase-file" in done.err
