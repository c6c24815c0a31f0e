"""``ameli import --list`` and ``--undo``: a file that was taken in is found again, and what it alone brought goes."""

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.agent.files.formats.statements.writer import Act, Care, Paper, draw
from tests.ameli_tui.cli.test_prompts import PASSPHRASE
from tests.commands import Home
from tests.thoroughness import one_in

BORN = date(1983, 4, 2)


def statement(on: date, *, nir: str = "2 55 08 14 168 025 38") -> bytes:
    """A statement of one visit, as the fund prints it."""
    act = Act(on, "C GENERALISTE", "G", Decimal("25.00"), Decimal("25.00"), 70, Decimal("17.50"))
    return draw(Paper(on, [Care("ZOE", BORN, [act])], Decimal("17.50"), nir=nir))


@pytest.fixture
def home(empty_home: Home, tmp_path: Path) -> Iterator[Home]:
    """An open vault without an account, into which two statements were taken."""
    (tmp_path / "passphrase").write_text(PASSPHRASE, encoding="utf-8")
    for name in ("base_url", "identity_url"):
        assert empty_home.run("config", "set", f"portal.{name}", "http://127.0.0.1:9").code == 0
    empty_home.json("setup", "--passphrase-file", str(tmp_path / "passphrase"))
    for month in (3, 4):
        (tmp_path / f"releve-{month}.pdf").write_bytes(statement(date(2019, month, 11)))
        assert empty_home.json("import", str(tmp_path / f"releve-{month}.pdf"))["files"][0]["new"] == 2
    yield empty_home


def days(home: Home) -> list[str]:
    """The days of all payments, newest first."""
    return [one["paid_on"] for one in home.json("payments")]


def ids(home: Home) -> dict[str, str]:
    """The ids of the files taken in, by their names."""
    return {one["name"]: one["id"] for one in home.json("import", "--list")["imports"]}


def test_a_file_is_taken_back_by_the_beginning_of_its_id_and_can_come_again(home: Home, tmp_path: Path) -> None:
    shown = home.run("import", "--list").out
    key = ids(home)["releve-3.pdf"]
    assert [line.split()[-3:] for line in shown.splitlines() if "releve" in line] == [["statement", "2", "0"]] * 2
    assert shown.index("releve-4.pdf") < shown.index("releve-3.pdf") and f"{key[:8]}  " in shown
    done = home.run("import", "--undo", key[:8].upper())
    assert (done.code, done.out) == (0, "releve-3.pdf: taken back. Gone: 1 payment, 1 document.\n")
    assert days(home) == ["2019-04-11"]
    listed = next(line for line in home.run("import", "--list").out.splitlines() if "releve-3" in line)
    assert listed.endswith("taken back")
    again = home.json("import", str(tmp_path / "releve-3.pdf"))["files"][0]
    assert (again["new"], again["problem"]) == (2, None)
    assert days(home) == ["2019-04-11", "2019-03-11"]
    assert "taken back" not in home.run("import", "--list").out


def test_the_answer_as_json_says_what_went_and_what_hung_on_it(home: Home) -> None:
    payment = home.json("payments", "--until", "2019-03-31")[0]["id"]
    home.json("owed", "received", payment, "--amount", "7.50", "--on", "2019-04-01")
    key = ids(home)["releve-3.pdf"]
    told = home.json("import", "--undo", key)
    assert (told["id"], told["name"], told["payments"], told["documents"]) == (key, "releve-3.pdf", 1, 1)
    assert told["marks"] == [{"payment": payment, "paid_on": "2019-03-11", "amount": "7.50", "on": "2019-04-01"}]
    [undone] = [one["undone"] for one in home.json("import", "--list")["imports"] if one["id"] == key]
    assert undone.startswith("20")


def test_once_every_file_is_taken_back_nothing_is_known_and_a_file_of_another_account_may_come(
    home: Home, tmp_path: Path
) -> None:
    other = tmp_path / "autre.pdf"
    other.write_bytes(statement(date(2019, 5, 6), nir="1 84 12 76 451 089 46"))
    assert home.run("import", str(other), "--json").json["files"][0]["problem"]["code"] == "other_account"
    for name, key in ids(home).items():
        if name != "autre.pdf":
            home.json("import", "--undo", key)
    assert home.run("payments").code == 5  # no account is known
    assert home.json("import", str(other))["files"][0]["problem"] is None
    assert days(home) == ["2019-05-06"]


@pytest.mark.parametrize(("given", "code"), one_in(3, [
    ("too short", "several_imports"), ("", "several_imports"), ("  ", "several_imports"),
    ("\x1b[2J" * 9, "no_such_import"), ("zzzz", "no_such_import"),
]), ids=["too short", "empty", "blank", "hostile", "unknown"])
def test_an_id_that_means_no_file_or_may_mean_several_takes_nothing_back(home: Home, given: str, code: str) -> None:
    start = next(iter(ids(home).values()))[:3]
    done = home.run("import", "--undo", start if given == "too short" else given, "--json")
    assert (done.code, done.error["code"]) == (1, code)
    assert "\x1b" not in done.err and "--list" in done.error["hint"]
    assert len(days(home)) == 2


@pytest.mark.parametrize("more", one_in(4, [["x.pdf"], ["--mine"], ["--statements"], ["--list"]]))
def test_taking_back_goes_with_nothing_else(home: Home, more: list[str]) -> None:
    done = home.run("import", "--undo", "abcd", *more, "--json")
    assert (done.code, done.error["code"]) == (2, "usage")
    assert home.run("import", "--list", *more[:1]).code == (0 if more == ["--list"] else 2)


def test_no_file_yet_is_said(empty_home: Home, tmp_path: Path) -> None:
    (tmp_path / "passphrase").write_text(PASSPHRASE, encoding="utf-8")
    empty_home.json("setup", "--passphrase-file", str(tmp_path / "passphrase"))
    assert empty_home.run("import", "--list").out == "No file was taken in yet.\n"
    assert json.loads(empty_home.run("import", "--list", "--json").out) == {"imports": []}
    assert empty_home.run("import", "--undo", "abcd", "--json").error["code"] == "no_such_import"
