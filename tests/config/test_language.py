"""The language of a process without a person: setting, then AMELI_LANG, then the environment's, then French."""

import pytest

from config.language import language


@pytest.mark.parametrize(("setting", "environ", "speaks"), [
    ("auto", {}, "fr"), ("en", {"AMELI_LANG": "fr"}, "en"), ("fr", {"AMELI_LANG": "en"}, "fr"),
    ("auto", {"AMELI_LANG": "en", "LANG": "fr_FR.UTF-8"}, "en"), ("", {"AMELI_LANG": "EN_us"}, "en"),
    ("auto", {"AMELI_LANG": "de", "LANG": "en_GB.UTF-8"}, "en"), ("auto", {"AMELI_LANG": "de"}, "fr"),
    ("auto", {"AMELI_LANG": "", "LANG": "en_GB"}, "en"), ("de", {"LC_ALL": "fr_FR", "LANG": "en_GB"}, "fr"),
    ("auto", {"LC_MESSAGES": "en_GB", "LANG": "fr_FR"}, "en"), ("auto", {"LANG": "de_DE"}, "fr"),
])
def test_who_decides(setting: str, environ: dict[str, str], speaks: str) -> None:
    assert language(setting, environ) == speaks
