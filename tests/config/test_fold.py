"""One way to make text comparable, and the nearest of some names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ameli_tui.app.palette import FoldedSearch
from ameli_tui.i18n.care_acts import find_acts
from ameli_tui.i18n.search_text import matches
from config.fold import fold
from config.nearest import distance, nearest


@pytest.mark.parametrize("text, plain", [
    ("Cœur", "coeur"), ("CŒUR", "coeur"), ("Hôpital Sacré-Cœur", "hopital sacre-coeur"), ("L’œil", "l'oeil"),
    ("ex æquo", "ex aequo"), ("STRAßE", "strasse"), ("Noël", "noel"), ("Noe\u0308l", "noel"), ("İpek", "ipek"),
    ("ILIK ılık", "ilik ilik"), ("Łódź", "lodz"), ("Øre", "ore"), ("1\u00a0234\u202f€", "1 234 €"),
    ("co\u00adeur\u200b", "coeur"), ("ﬁn", "fin"), ("Ｃｏｅｕｒ", "coeur"), ("saint\u2011étienne", "saint-etienne"),
    ("№ 5", "no 5"), ("Garçon", "garcon"), ("a\nb", "a\nb"),
])
def test_what_people_type_is_what_they_mean(text: str, plain: str) -> None:
    assert fold(text) == plain


@given(st.text())
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet="abcdefgh éèçàœæßÉŒ’'-\u00a0", min_size=1))
def test_a_text_is_found_by_itself_however_it_is_written(text: str) -> None:
    assert fold(text) == fold(text.upper()) == fold(text.lower())
    assert matches(text, text) and matches(fold(text), text)


def test_every_search_finds_the_heart_by_its_letters() -> None:
    from agent.assistant.glossary import look_up
    from agent.assistant.stemming import stems
    from agent.procedures.text_match import fold as of_forms
    from agent.store.search_text import words

    assert matches("coeur", "Chirurgie du Cœur") and matches("CŒUR", "chirurgie du coeur")
    assert words("Cœur") == words("coeur") == ["coeur"]
    assert of_forms("Sacré-Cœur") == "sacre coeur"
    assert stems("Cœur", "fr") == stems("coeur", "fr")
    assert [term.french for term in look_up("béneficiaire")] == [term.french for term in look_up("beneficiaire")] != []
    assert find_acts("g")[0][0] == "G"
    for typed in ("demarches", "DÉMARCHES", "démar"):
        score, places = FoldedSearch().match(typed, "Aller à : Démarches")
        assert score > 0 and places[0] == "Aller à : Démarches".index("D")
    assert FoldedSearch().match("coeur", "Le Cœur")[1] == [3, 4, 5, 6]


def test_a_silly_guess_is_none_and_a_slip_is_mended() -> None:
    from ameli_tui.cli.registry import commands

    assert nearest("paymnts", commands()) == "payments" and nearest("Doctr", commands()) == "doctor"
    for silly in ("nope", "foo", "banana", "xyzzy", "no", "a", ""):
        assert nearest(silly, commands()) is None, silly
    assert nearest("lock_afer_min", ["lock_after_min", "lock_at_most_h"]) == "lock_after_min"
    assert nearest("language", ["lang", "theme"]) == "lang"


@given(st.text(max_size=8), st.text(max_size=8))
def test_a_distance_is_the_same_both_ways_and_nought_for_the_same_word(one: str, other: str) -> None:
    assert distance(one, other) == distance(other, one)
    assert (distance(one, other) == 0) == (one == other)
