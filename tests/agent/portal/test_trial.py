"""Anonymised samples of every page read; whoever mends a reader tries it on one."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.portal.changes.page_outline import outline
from agent.portal.changes.try_reader import READERS, main, reply_of, trial
from agent.portal.pages.selectors import PAGES
from tests.thoroughness import examples

SAMPLES = sorted(path for path in (Path(__file__).parent / "samples").iterdir() if path.suffix in (".html", ".json"))
"""``PAGE.html``, or ``PAGE-what-is-special.html``: a sample joined to a report is put here, and stays."""


def page_of(path: Path) -> str:
    """The page that a sample is of: the longest short name that its file name begins with."""
    return max((name for name in PAGES if path.stem == name or path.stem.startswith(f"{name}-")), key=len)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_every_sample_reads(path: Path) -> None:
    told, read = trial(page_of(path), path.read_bytes())
    assert read, "\n".join(told)


@pytest.mark.parametrize("name", ["inbox", "profile", "payments", "payment-list", "payment-detail", "statements"])
def test_a_sample_of_another_page_does_not_read_and_names_its_parts(name: str) -> None:
    other = next(path for path in SAMPLES if page_of(path) == "sign-in")
    told, read = trial(name, other.read_bytes())
    assert not read
    assert any(line.startswith("does not read") for line in told)
    assert "  [name=authStep]" in told


def test_a_renamed_class_is_told_by_what_is_sought_and_what_is_there() -> None:
    page = (Path(__file__).parent / "samples" / "profile.html").read_bytes()
    told, read = trial("profile", page.replace(b"blocNumSecu", b"numeroSecu"))
    assert not read
    assert any(line.startswith("  --") and ".blocNumSecu" in line for line in told)
    assert "  .numeroSecu" in told


def test_what_a_page_says_is_never_printed() -> None:
    page = (Path(__file__).parent / "samples" / "profile.html").read_bytes()
    whole = page.replace(b"XXXXXX XXXXXY", b"ZEBULONNE QUILLFEATHER").replace(b"blocNumSecu", b"numeroSecu")
    assert "ZEBULONNE" not in "\n".join(trial("profile", whole)[0])
    assert not {one for one in outline(reply_of(whole)) if "ZEBULONNE" in one}


def test_an_outline_holds_names_and_no_data() -> None:
    page = """<div id="bloc12" class="a-b DURAND x277y"><input name="champ"><table><tr><th>Montant réglé</th>
    <th>MARTIN</th><th>12/10/2026</th></tr></table></div>"""
    assert outline(reply_of(page.encode())) == {"#bloc", ".a-b", "[name=champ]", "colonne « montant réglé »"}
    answer = b'{"mois": [{"DURAND": 1, "277113842133784": {"nom": "x"}, "releves": []}], "htm": "<p class=fin>x</p>"}'
    assert outline(reply_of(answer)) == {"mois", "mois[].releves", "htm", ".fin"}


def test_every_page_has_a_reader() -> None:
    assert set(READERS) == set(PAGES)


@pytest.mark.parametrize("arguments", [[], ["inbox"], ["nowhere", "x"], ["inbox", "/nowhere/x.html"]])
def test_wrong_usage_is_told(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    assert capsys.readouterr().err


def test_it_runs_as_the_readme_says() -> None:
    sample = next(path for path in SAMPLES if path.stem == "inbox")
    done = subprocess.run([sys.executable, "-m", "agent.portal.changes.try_reader", "inbox", str(sample)],
                          capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "reads:" in done.stdout


noise = st.text(st.characters(codec="utf-8"), max_size=120)


@pytest.mark.parametrize("name", PAGES)
@given(text=noise, start=st.sampled_from(
    ["", "<div id='", "<table><th>", '{"a": [', "[" * 2000, '{"a":"<p class=', "<input name="]))
@settings(max_examples=examples(25), deadline=None)
def test_any_file_is_tried_and_outlined_without_a_crash(name: str, text: str, start: str) -> None:
    data = (start + text).encode()
    told, _ = trial(name, data)
    assert told
    assert all(len(one) < 400 for one in outline(reply_of(data)))
