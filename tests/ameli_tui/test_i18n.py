"""Languages, amounts and dates."""

import ast
from decimal import Decimal
from pathlib import Path

import pytest

from agent.protocol.prices import Estimate, PriceDoubt
from agent.rules import estimate_json
from ameli_tui import i18n
from ameli_tui.i18n.certainty import doubts_told
from tests import catalogue


@pytest.fixture(autouse=True)
def _put_back() -> object:
    yield
    i18n.set_lang(None)


def test_the_catalogues_hold_every_string_and_no_other() -> None:
    assert catalogue.check() == []


def test_no_string_hides_where_the_catalogues_are_not_made_from() -> None:
    # Calls inside f-strings are not seen when strings are extracted.
    known = {str(message.id) for message in catalogue.extract() if message.id}
    for path in catalogue.PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("_", "N_"):
                said = node.args[0]
                assert not isinstance(said, ast.Constant) or said.value in known, f"{path.name}: {said.value}"


@pytest.mark.parametrize(
    ("amount", "fr", "en"),
    [("0", "0,00\xa0€", "€0.00"), ("19.00", "19,00\xa0€", "€19.00"), ("-2", "-2,00\xa0€", "-€2.00"),
     ("1234.5", "1\xa0234,50\xa0€", "€1,234.50"), ("1234567.89", "1\xa0234\xa0567,89\xa0€", "€1,234,567.89"),
     (Decimal("999.99"), "999,99\xa0€", "€999.99"), ("-100.00", "-100,00\xa0€", "-€100.00")])
def test_amounts_follow_each_languages_rules(amount: str, fr: str, en: str) -> None:
    i18n.set_lang("fr")
    assert i18n.money(amount) == fr
    i18n.set_lang("en")
    assert i18n.money(amount) == en


def test_days_and_months_follow_each_languages_rules() -> None:
    i18n.set_lang("fr")
    assert (i18n.day("2026-11-03"), i18n.month("2026-08"), i18n.day(None)) == ("03/11/2026", "août 2026", "")
    i18n.set_lang("en")
    assert (i18n.day("2026-11-03"), i18n.month("2026-08", short=True)) == ("3 Nov 2026", "Aug 2026")


def test_zero_is_singular_in_french_and_plural_in_english() -> None:
    i18n.set_lang("fr")
    assert i18n.ngettext("{n} payment", "{n} payments", 0) == "{n} paiement"
    i18n.set_lang("en")
    assert i18n.ngettext("{n} payment", "{n} payments", 0) == "{n} payments"


@pytest.mark.parametrize(
    ("environ", "setting", "expected"),
    [({}, "", "fr"), ({"LANG": "en_GB.UTF-8"}, "", "en"), ({"LANG": "C"}, "", "fr"), ({"LANG": "de_DE"}, "", "fr"),
     ({"LANG": "en_US", "LC_ALL": "fr_FR"}, "", "fr"), ({"LANG": "fr_FR"}, 'lang = "en"', "en"),
     ({"AMELI_LANG": "fr"}, 'lang = "en"', "fr"), ({"LANG": "en_US"}, 'lang = "auto"', "en"),
     ({"LANG": "fr_FR"}, '[sync]\nlang = "en"', "fr"), ({"AMELI_LANG": "de", "LANG": "en_GB"}, "", "en"),
     ({"AMELI_LANG": "de", "LANG": "fr_FR"}, 'lang = "en"', "en")])
def test_the_language_comes_from_variable_then_settings_then_environment(
    environ: dict[str, str], setting: str, expected: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
) -> None:
    for name in ("AMELI_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {"AMELI_HOME": str(tmp_path), **environ}.items():
        monkeypatch.setenv(name, value)
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "settings.toml").write_text(setting + "\n")
    i18n.set_lang(None)
    assert i18n.lang() == expected


def test_a_file_that_is_no_catalogue_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.mo"
    path.write_bytes(b"not a catalogue, surely not")
    with pytest.raises(ValueError, match="not a little-endian"):
        i18n.read_catalogue(path)


def test_french_texts_keep_high_signs_on_their_line() -> None:
    texts = i18n.read_catalogue(catalogue.po_path("fr").with_suffix(".mo"))
    from ameli_tui.screens.help import keys_help as _help  # noqa: F401 - the screens' strings are meant

    screens = {str(m.id if isinstance(m.id, str) else m.id[0]) for m in catalogue.extract()
               if any(place.startswith("screens/") for place, _ in m.locations)}
    for msgid in screens & set(texts):
        for sign in (" :", " ?", " !", " ;", " »", "« "):
            assert sign not in texts[msgid], texts[msgid]


def test_an_estimate_that_is_not_sure_says_between_what_it_lies() -> None:
    shape = estimate_json({"act": "G", "on": "2026-11-23", "price": "30"})
    assert not isinstance(shape, list) and doubts_told(shape) == []
    why: PriceDoubt = {"kind": "doubtful", "text_fr": "Deux sources.", "text_en": "Two sources.", "rule": "x"}
    unsure: Estimate = {
        **shape, "certainty": "doubtful", "doubts": [why],
        "range": {"amo": ["19.00", "21.00"], "left_to_pay": ["9.00", "9.00"], "why": why}}
    i18n.set_lang("en")
    assert doubts_told(unsure) == [
        "Not sure:", "The fund pays €19.00 to €21.00, €9.00 is left to pay.", "! Two sources."]
    i18n.set_lang("fr")
    assert "19,00 € à 21,00 €" in doubts_told(unsure)[1].replace("\xa0", " ")
    i18n.set_lang(None)
