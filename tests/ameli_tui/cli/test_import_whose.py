"""``ameli import`` of a file that does not say whose it is: asked on a terminal, told elsewhere, answered by --mine."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from agent.portal.pages.selectors import InboxPage
from tests.agent.bench import Bench
from tests.agent.files.imports.test_har import recorded
from tests.agent.files.imports.test_har_pieces import is_detail, is_list, only
from tests.ameli_tui.cli.test_prompts import PASSPHRASE, converse
from tests.commands import Home, make_vault


def _is_inbox(entry: dict[str, Any]) -> bool:
    return InboxPage.label in entry["request"]["url"]


@pytest.fixture
def asked_home(empty_home: Home, tmp_path: Path) -> tuple[Home, str]:
    """A home with payments, and a recording of messages alone: nothing in it tells whose they are."""
    (tmp_path / "passphrase").write_text(PASSPHRASE, encoding="utf-8")
    for name in ("base_url", "identity_url"):
        assert empty_home.run("config", "set", f"portal.{name}", "http://127.0.0.1:9").code == 0
    make_vault(empty_home, PASSPHRASE)
    empty_home.json("unlock", "--passphrase-file", str(tmp_path / "passphrase"))
    har = asyncio.run(_session(tmp_path / "bench"))
    (tmp_path / "own.har").write_text(json.dumps(only(har, is_list, is_detail)))
    (tmp_path / "inbox.har").write_text(json.dumps(only(har, _is_inbox)))
    assert empty_home.run("import", str(tmp_path / "own.har")).code == 0
    return empty_home, str(tmp_path / "inbox.har")


async def _session(folder: Path) -> dict[str, Any]:
    folder.mkdir()
    return (await recorded(Bench(folder), decomptes=False)).har()


def test_without_a_terminal_nothing_is_taken_and_the_way_out_is_told(asked_home: tuple[Home, str]) -> None:
    home, file = asked_home
    done = home.run("import", file, "--json")
    assert done.code == 5
    problem = done.json["files"][0]["problem"]
    assert (problem["code"], problem["exit"]) == ("whose_is_it", 5) and "--mine" in problem["hint"]["en"]
    assert "--mine" in home.run("import", file).out and home.json("messages") == []
    assert home.run("import", file, "--mine", "--json").code == 0
    assert home.json("messages") != []


def test_on_a_terminal_it_is_asked_and_the_answer_counts(asked_home: tuple[Home, str]) -> None:
    home, file = asked_home
    code, shown = converse(home, ["import", file], [("[y/n]", "")])
    assert code == 5 and home.json("messages") == []
    code, shown = converse(home, ["import", file], [("[y/n]", "n")])
    assert code == 1 and "You said" in shown and home.json("messages") == []
    code, shown = converse(home, ["import", file], [("[y/n]", "yes")])
    assert code == 0 and home.json("messages") != []


def test_a_file_that_was_taken_back_is_asked_about_again(asked_home: tuple[Home, str]) -> None:
    home, file = asked_home
    assert home.run("import", file, "--mine").code == 0
    known = home.json("payments")
    [key] = [one["id"] for one in home.json("import", "--list")["imports"] if one["name"] == "inbox.har"]
    assert home.json("import", "--undo", key)["messages"] > 0
    assert home.json("messages") == [] and home.json("payments") == known
    assert home.run("import", file).code == 5
    assert home.run("import", file, "--mine").code == 0 and home.json("messages") != []
