"""The texts of the agent in both languages, and the page of its errors."""

import re
from functools import cache

from tests.bilingual import Pair, all_pairs, pairs_of, table
from tests.error_map import PAGE, error_classes, page


@cache
def pairs() -> list[Pair]:
    """The agent's texts, read by the first test that looks at them: who merely collects tests need not wait."""
    return all_pairs()


def normal(hole: str) -> str:
    """A hole's name without what differs between the languages."""
    return re.sub(r"^(?:fr|en)$|_(?:fr|en)$", "", hole)


def test_the_table_holds_every_kind_of_text() -> None:
    source = '''
class Gone(AmeliError):
    fr = "Parti."
    en = "Gone."
    hint_fr = "Revenez {when}."
    hint_en = "Come back {when}."

def told(name):
    raise BadCover(field="x", fr=f"« {name} » manque", en=f"“{name}” is missing")
    return {"text_fr": "Oui", "text_en": "Yes", "n": 1}, Both("Non", "No"), BadRequest(what="bad", fr="mauvais")
'''
    assert [(pair.fr, pair.en, pair.line) for pair in pairs_of(source, "a/b.py")] == [
        ("Parti.", "Gone.", 3), ("Revenez {when}.", "Come back {when}.", 5),
        ("« {name} » manque", "“{name}” is missing", 9),
        ("Non", "No", 10), ("Oui", "Yes", 10), ("mauvais", "bad", 10)]


def test_the_table_has_a_heading_for_each_package_and_keeps_bars_apart() -> None:
    drawn = table([Pair("un|deux", "one|two", "a/b.py", 3), Pair("x", "y", "c/d.py", 1)])
    assert "## a\n" in drawn
    assert "## c\n" in drawn
    assert "| un\\|deux | one\\|two | b.py:3 |" in drawn


def test_the_agents_texts_are_all_there() -> None:
    assert len(pairs()) > 1_000
    packages = {pair.file.split("/")[1] for pair in pairs()}
    assert {"procedures", "rules", "files", "money", "vault", "portal", "requests", "core"} <= packages


def test_both_languages_fill_in_as_much() -> None:
    assert [pair for pair in pairs() if len(pair.holes[0]) != len(pair.holes[1])] == []


def test_an_errors_texts_are_filled_from_the_same_facts() -> None:
    for kind in error_classes():
        for french, english in ((kind.fr, kind.en), (kind.hint_fr, kind.hint_en)):
            holes = [{normal(hole) for hole in re.findall(r"\{(\w+)\}", text)} for text in (french, english)]
            assert holes[0] == holes[1], kind


def test_the_page_of_errors_is_as_the_classes_are() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run .venv/bin/python -m tests.error_map"
