"""``ameli anonymise`` and what ``ameli doctor`` tells of a page that changed."""

import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.agent.files.anonymise.papers import NEVER, everything, statement
from tests.commands import Home


def test_a_copy_is_written_without_an_agent_and_says_what_to_look_for(empty_home: Home, tmp_path: Path) -> None:
    original, copy = tmp_path / "décompte DURAND.pdf", tmp_path / "copy.pdf"
    paper = statement()
    original.write_bytes(paper)
    done = empty_home.run("anonymise", str(original), "--out", str(copy))
    assert (done.code, done.complaints) == (0, "")
    assert "Open it" in done.out
    assert all(len(line) <= 80 for line in done.out.splitlines() if str(copy) not in line)
    assert copy.stat().st_mode & 0o777 == 0o600
    assert not [one for one in NEVER if one in everything(copy.read_bytes())]
    assert original.read_bytes() == paper
    assert not empty_home.folder.exists()


def test_the_copys_name_tells_nothing_and_no_file_is_replaced(
    empty_home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "page_DURAND.html").write_text("<ul id='liste'><li>DURAND</li></ul>", encoding="utf-8")
    made = empty_home.json("anonymise", "page_DURAND.html")
    assert (made["path"], made["kind"], made["opened"]) == ("anonyme.html", "html", False)
    again = empty_home.run("anonymise", "page_DURAND.html", "--json")
    assert (again.code, again.error["code"]) == (1, "file_exists")
    assert empty_home.run("anonymise", "page_DURAND.html", "--force").code == 0


def test_standard_output_takes_the_copy_alone(empty_home: Home, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"nom": "DURAND"}', encoding="utf-8")
    done = empty_home.run("anonymise", str(tmp_path / "a.json"), "--out", "-")
    assert json.loads(done.out) == {"nom": "XXXXXX"}
    assert done.complaints == ""


@pytest.mark.parametrize(("content", "code"), [(b"", "not_anonymised"), (b"%PDF-1.4\n", "not_anonymised")])
def test_what_cannot_be_copied_is_refused_with_its_reason(
    empty_home: Home, tmp_path: Path, content: bytes, code: str
) -> None:
    (tmp_path / "x").write_bytes(content)
    done = empty_home.run("anonymise", str(tmp_path / "x"), "--out", str(tmp_path / "y"), "--json")
    assert (done.code, done.error["code"]) == (1, code)
    assert not (tmp_path / "y").exists()
    assert empty_home.run("anonymise", str(tmp_path / "missing"), "--json").error["code"] == "unreadable_file"


@pytest.fixture
def changed_home(demo_home: Home) -> Iterator[Home]:
    """The demo while the service's inbox and profile are built otherwise; everything reads again afterwards."""
    _faults(demo_home, "markup=as_messages_recus,markup=as_info_perso")
    try:
        assert demo_home.run("sync", "--full").code == 0
        yield demo_home
    finally:
        _faults(demo_home, "")
        demo_home.run("sync", "--full")


def _faults(home: Home, spec: str) -> None:
    url = f"{home.details['portal_url']}/_sandbox/options"
    with urllib.request.urlopen(urllib.request.Request(url, json.dumps({"faults": spec}).encode()), timeout=10):
        pass


def test_the_doctor_names_each_changed_page_and_its_cure(changed_home: Home, tmp_path: Path) -> None:
    done = changed_home.run("doctor")
    assert done.code == 0
    assert all(len(line) <= 80 for line in done.out.splitlines())
    first = done.out.splitlines()[0]
    assert first.startswith("!!  the page “")
    for words in ("#tableauMessagesRecus", "#listeMessages", "still works: payments, statements and profile"):
        assert words in done.out
    checks = {one["name"]: one for one in changed_home.json("doctor")["checks"]}
    assert checks["page_profile"]["details"]
    assert "--sample profile" in checks["page_profile"]["cure"]
    assert "pages" not in checks
    status = changed_home.json("agent", "status")
    assert [one["en"] for one in status["changed"]] == ["inbox", "personal details"]


def test_the_sample_of_a_changed_page_is_written_without_the_person(changed_home: Home, tmp_path: Path) -> None:
    out = tmp_path / "profile.html"
    done = changed_home.run("doctor", "--sample", "profile", "--out", str(out))
    assert done.code == 0
    text = out.read_text(encoding="utf-8")
    assert 'class="identite"' in text
    profile = changed_home.json("profile")
    for name in [profile["nir"], *(word for one in profile["beneficiaries"] for word in one["name"].split())]:
        assert name not in text
    assert changed_home.run("doctor", "--sample", "profile", "--out", str(out), "--json").error["code"] == "file_exists"
    other = str(tmp_path / "payments.html")
    assert changed_home.run("doctor", "--sample", "payments", "--out", other, "--json").error["code"] == "no_sample"
    assert changed_home.run("doctor", "--sample", "nowhere", "--out", "-", "--json").code == 2
    assert changed_home.run("doctor", "--sample", "profile", "--json").code == 2


def test_when_the_pages_read_again_all_is_well(demo_home: Home) -> None:
    checks = {one["name"]: one for one in demo_home.json("doctor")["checks"]}
    assert checks["pages"]["ok"]
