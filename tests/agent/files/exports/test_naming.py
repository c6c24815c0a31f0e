"""Names of documents: safe on every system, inside the folder, never twice the same."""

import re
import unicodedata
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.files.exports.file_names import FIELDS, names
from agent.files.formats.errors import BadNaming
from config.settings import Settings
from tests.agent.files.exports.accounts import HOSTILE, days, texts
from tests.thoroughness import examples

_WINDOWS = re.compile(r"(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)")


_USUAL = Settings().export.naming
_TITLES = ["a.pdf", "A.PDF", "é", "e\u0301", "COM1.pdf", ".hidden", "..", "/"]


@st.composite
def documents(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Documents, hostile titles and kinds among them."""
    return [
        {"id": f"d{at}", "kind": draw(st.sampled_from(["decompte", "attachment", "../x", "other"])),
         "title": draw(st.one_of(texts, st.sampled_from(_TITLES))),
         "date": draw(days).isoformat(), "filename": draw(texts), "payment": draw(st.sampled_from([None, "p/../x"])),
         "media_type": draw(st.sampled_from(["application/pdf", "image/png", "application/octet-stream", "x"])),
         "message": None}
        for at in range(draw(st.integers(0, 12)))]


pieces = st.sampled_from([*(f"{{{name}}}" for name in FIELDS), "_", "-", " ", "santé", "."])
parts = st.lists(pieces, min_size=1, max_size=4).map("".join).filter(lambda part: part.strip(" ."))
templates = st.lists(parts, min_size=1, max_size=3).map("/".join)


@given(documents(), templates)
@settings(max_examples=examples(300), deadline=None)
def test_every_name_is_taken_by_every_system_and_stays_in_the_folder(listed: list[Any], template: str) -> None:
    found = names(listed, template)
    assert set(found) == {one["id"] for one in listed}
    folded = {unicodedata.normalize("NFKC", name).casefold() for name in found.values()}
    assert len(folded) == len(listed)
    for name in found.values():
        parts = name.split("/")
        assert len(parts) == template.count("/") + 1
        for part in parts:
            assert part.isprintable() and not re.search(r'[<>:"/\\|?*]', part)
            assert part == part.strip(" ") and not part.endswith(".") and not part.startswith((".", "~"))
            assert not _WINDOWS.match(part)
            assert len(part.encode()) <= 200


def one(**more: Any) -> dict[str, Any]:
    """A statement."""
    return {"id": "d1", "kind": "releve_mensuel", "title": "Relevé mensuel juin 2026", "date": "2026-06-30",
            "filename": "x.pdf", "media_type": "application/pdf", "payment": None, "message": None, **more}


def test_the_usual_name_says_when_what_and_which() -> None:
    assert names([one()], _USUAL) == {"d1": "2026-06-30_relevé-mensuel_Relevé mensuel juin 2026.pdf"}
    assert names([one()], _USUAL, "en") == {"d1": "2026-06-30_monthly-statement_Relevé mensuel juin 2026.pdf"}


def test_a_slash_makes_folders_but_only_in_the_template() -> None:
    assert names([one(title="../../etc/passwd")], "{year}/{title}") == {"d1": "2026/-..-etc-passwd.pdf"}


def test_equal_names_are_numbered_from_the_oldest_on() -> None:
    loud = one(id="d2", title="RELEVÉ MENSUEL JUIN 2026")
    listed = [one(id="d3", date="2026-06-30"), one(id="d1", date="2026-01-31"), loud]
    assert names(listed, "{title}") == {
        "d1": "Relevé mensuel juin 2026.pdf", "d2": "RELEVÉ MENSUEL JUIN 2026-2.pdf",
        "d3": "Relevé mensuel juin 2026-3.pdf"}


def test_a_title_that_is_a_file_name_does_not_end_twice() -> None:
    assert names([one(title="decision.PDF")], "{title}") == {"d1": "decision.pdf"}


@pytest.mark.parametrize("template", [
    "", " ", "/", "a//b", "../{title}", "{title}/..", "./{title}", "/etc/{title}", "{titel}", "{title.__class__}",
    "{0}", "{}", "{title!r}", "{title:>10}", "{title", "title}", "a\\b", "a\x00b", "a:b", "{title}\n", "x" * 300,
    "a/" * 9 + "b", "{title[0]}",
])
def test_a_template_that_cannot_be_followed_is_refused_with_the_fields(template: str) -> None:
    with pytest.raises(BadNaming) as caught:
        names([one()], template)
    assert "{title}" in caught.value.hint("en")
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_titles_make_names(text: str) -> None:
    (name,) = names([one(title=text)], _USUAL).values()
    assert name.startswith("2026-06-30_relevé-mensuel_") and name.endswith(".pdf") and "/" not in name
