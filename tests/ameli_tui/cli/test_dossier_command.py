"""``ameli procedures dossier``: a request as one PDF, with its papers."""

import json
from pathlib import Path

import pypdfium2
import pytest

from agent.procedures.registry import procedures
from tests import papers
from tests.commands import Home
from tests.thoroughness import one_in

IBAN = "FR14 2004 1010 0505 0001 3M02 606"


def test_a_draft_becomes_one_pdf_that_says_all_and_encloses_its_papers(demo_home: Home, tmp_path: Path) -> None:
    answers, slip, out = tmp_path / "a.json", tmp_path / "rib.pdf", tmp_path / "dossier.pdf"
    answers.write_text(json.dumps({"holder_is_me": True, "iban": IBAN}))
    slip.write_bytes(papers.pdf("mon rib"))
    made = demo_home.json("procedures", "start", "bank-details", "--answers", str(answers), "--attach", f"rib={slip}",
                          "--draft")
    try:
        demo_home.json("procedures", "dossier", made["request"], "--out", str(out))
        pages = [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(out.read_bytes())]
        assert IBAN.replace(" ", "") in pages[0].replace(" ", "")
        assert demo_home.json("profile")["name"] in pages[0]
        assert "Objet :" in pages[0]
        assert "1. RIB" in pages[0]
        assert "mon rib" in pages[1]
    finally:
        demo_home.run("procedures", "cancel", made["request"])


def test_a_protected_pdf_is_a_mistake_of_its_paper(demo_home: Home, tmp_path: Path) -> None:
    answers, slip = tmp_path / "a.json", tmp_path / "rib.pdf"
    answers.write_text(json.dumps({"holder_is_me": True, "iban": IBAN}))
    slip.write_bytes(papers.pdf(password="secret"))
    done = demo_home.run("procedures", "start", "bank-details", "--answers", str(answers), "--attach", f"rib={slip}",
                         "--json")
    assert done.code == 1
    assert done.json["errors"][0]["field"] == "rib"
    assert "password" in done.json["errors"][0]["message_en"]


def test_a_request_nobody_made_has_no_dossier(demo_home: Home, tmp_path: Path) -> None:
    done = demo_home.run("procedures", "dossier", "q0", "--out", str(tmp_path / "d.pdf"), "--json")
    assert (done.code, done.error["code"]) == (1, "not_found")


@pytest.mark.parametrize("procedure", one_in(5, sorted(procedures())))
def test_a_draft_without_its_answers_is_no_letter_yet_and_says_what_is_missing(
    demo_home: Home, tmp_path: Path, procedure: str,
) -> None:
    answers, out = tmp_path / "a.json", tmp_path / "dossier.pdf"
    answers.write_text("{}")
    draft = demo_home.json("procedures", "start", procedure, "--answers", str(answers), "--draft")
    try:
        done = demo_home.run("procedures", "dossier", draft["request"], "--out", str(out), "--json")
    finally:
        demo_home.json("procedures", "cancel", draft["request"])
    assert (done.code, done.error["code"]) == (1, "answers_missing"), done.out
    assert any(mistake["field"] in done.error["message"] for mistake in draft["to_correct"])
    assert not out.exists()
