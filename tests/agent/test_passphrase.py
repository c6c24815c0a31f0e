"""What a passphrase may hold: line ends around it go, what no keyboard types is refused, all else stays."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from agent.passphrase import (
    LINE_ENDS,
    BrokenPassword,
    UntypablePassphrase,
    WeakPassphrase,
    account_password,
    forms,
    new_passphrase,
    without_line_ends,
)
from agent.vault.keys import format_code, parse_code

PHRASE = "cheval juste pile agrafe"
_ENDS = ["\r", "\n", "\r\n", "\r\r", "\n\r\n", "\x85", "\u2028", "\u2029", "\r\n\u2028\r"]
_UNTYPABLE = {
    "tab": "\t", "escape": "\x1b", "bell": "\x07", "delete": "\x7f", "C1": "\x9b", "CR": "\r", "LF": "\n",
    "CRLF": "\r\n",
    "NEL": "\x85", "line separator": "\u2028", "replacement": "\ufffd", "zero width space": "\u200b",
    "zero width joiner": "\u200d", "byte order mark": "\ufeff", "soft hyphen": "\xad", "left-to-right mark": "\u200e",
    "override": "\u202e", "isolate": "\u2066", "no-break space": "\xa0", "narrow no-break space": "\u202f",
    "ideographic space": "\u3000", "private use": "\ue000", "surrogate": "\ud83d", "noncharacter": "\uffff",
    "tag": "\U000e0041", "variation selector": "\ufe0f", "hangul filler": "\u3164", "braille blank": "\u2800",
    "grapheme joiner": "\u034f", "object": "\ufffc", "ligature": "\ufb01", "bold of a font": "\U0001d41a",
}


@pytest.mark.parametrize("end", _ENDS, ids=ascii)
def test_line_ends_around_a_passphrase_are_no_part_of_it(end: str) -> None:
    assert new_passphrase(PHRASE + end) == PHRASE
    assert new_passphrase(end + PHRASE + end) == PHRASE


@pytest.mark.parametrize("sign", _UNTYPABLE.values(), ids=_UNTYPABLE.keys())
def test_a_character_that_no_keyboard_types_is_refused_by_its_name_and_place(sign: str) -> None:
    with pytest.raises(UntypablePassphrase) as refused:
        new_passphrase(f"cheval{sign}juste pile")
    for lang in ("fr", "en"):
        said = refused.value.message(lang) + refused.value.hint(lang)
        assert f"U+{ord(sign[0]):04X}" in said
        assert " 7" in said
        assert "cheval" not in said and "juste" not in said


@pytest.mark.parametrize("phrase", [
    "élève à côté çà", "Straße über Größe", "пароль из слов", "四つの言葉を並べて", "naïve €uro ²£µ§ œæ",
    "  two spaces at each end  ",
    "😀 grinning", unicodedata.normalize("NFD", "élève à côté"), "~!@#$%^&*()_+{}|:\"<>?`-=[]\\;',./",
    "l’apostrophe « et »".replace("« ", "«").replace(" »", "»"),
])
def test_what_keyboards_type_is_kept_to_the_letter(phrase: str) -> None:
    assert new_passphrase(phrase) == phrase


@pytest.mark.parametrize("phrase", [
    "", "court", "\r\n\r\n\r\n\r\n\r", "seven77\r\n", unicodedata.normalize("NFD", "éééé")])
def test_line_ends_and_loose_accents_do_not_make_a_short_phrase_long(phrase: str) -> None:
    with pytest.raises(WeakPassphrase):
        new_passphrase(phrase)


@given(st.text(alphabet=st.characters(codec=None), max_size=40))  # lone surrogates, too
def test_a_text_is_refused_or_kept_but_for_the_line_ends_around_it(text: str) -> None:
    try:
        kept = new_passphrase(text)
    except (UntypablePassphrase, WeakPassphrase):
        return
    assert kept == text.strip(LINE_ENDS)
    assert "\ufffd" not in kept and not any(unicodedata.category(sign).startswith("C") for sign in kept)


@given(st.text(max_size=30))
@example("a\tb c\r\nd\re\t")
@example(PHRASE)
@example("\r")
def test_at_most_three_forms_follow_the_plain_one_and_none_twice(text: str) -> None:
    plain, *others = forms(text)
    assert plain == without_line_ends(text)
    assert len(others) <= 3
    assert len({plain, *others}) == 1 + len(others)


def test_an_accounts_password_loses_the_line_ends_around_it_and_nothing_else() -> None:
    assert account_password("\r\n pass\tword\xa0\u200b \r") == " pass\tword\xa0\u200b "
    for sign in ("\r", "\u2028", "\ufffd", "\udce9"):
        with pytest.raises(BrokenPassword):
            account_password(f"pass{sign}word")


def test_a_recovery_code_bears_what_a_paste_brings_between_its_groups() -> None:
    code = format_code(bytes(range(16)))
    assert parse_code(f"\r\n{code}\r") == bytes(range(16))
    assert parse_code(code.replace("-", "\u2011") + "\u2028") == bytes(range(16))
    assert parse_code("\u200b" + code.lower().replace("-", " \u2013\xa0")) == bytes(range(16))
