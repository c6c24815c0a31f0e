"""What every setting takes, in the file and all together; what is refused says so in both languages."""

import math
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.bounds import OUTGROWN, RULES, flat
from config.settings import Settings, SettingsError, load_settings, outgrown, save_settings
from config.themes import THEMES

LOCAL = '[portal]\nbase_url = "http://127.0.0.1:8000"\n'
BOUNDS = {
    "sync.every_h": (0.5, 168), "sync.jitter": (0, 0.5), "sync.quiet_from": (0, 23), "sync.quiet_until": (0, 23),
    "portal.pause_s": (0.3, 60), "portal.timeout_s": (1, 300), "portal.browser_port": (1024, 65535),
    "agent.lock_after_min": (0.1, 1440), "agent.lock_at_most_h": (0.1, 168), "portal.seed": (0, 2**31 - 1),
}
"""Least and most, as a person is promised them."""


def line(key: str, value: str) -> str:
    """One setting as it stands in the file."""
    return f"{key} = {value}\n"


def refusal(path: Path, text: str) -> SettingsError:
    """Why a file is not read."""
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        load_settings(path)
    return caught.value


def read(path: Path, text: str) -> Settings:
    """The settings of a file."""
    path.write_text(text, encoding="utf-8")
    return load_settings(path)


def value_of(settings: Settings, key: str) -> object:
    """One setting by its name in the file."""
    return dict(flat(msgspec.to_builtins(settings)))[key]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "settings.toml"


def test_every_setting_has_a_rule_and_its_default_keeps_it(path: Path) -> None:
    assert {key for key, _value in flat(msgspec.to_builtins(Settings()))} == set(RULES)
    save_settings(path, msgspec.to_builtins(Settings()))
    assert load_settings(path) == Settings()


@pytest.mark.parametrize("key", BOUNDS)
def test_the_bounds_themselves_are_taken_and_what_lies_beyond_is_not(key: str, path: Path) -> None:
    least, most = BOUNDS[key]
    for inside in (least, most):
        assert value_of(read(path, line(key, str(inside))), key) == inside
    for outside in (least - 0.05, most + 1, -5, "nan", "-nan", "inf", "-inf", "1e300", "-1e300",
                    "true", "false", '"6"', "[6]", "2026-01-01", "10" + "0" * 400):
        if key in OUTGROWN and outside in (most + 1, "1e300", "10" + "0" * 400):
            continue  # see test_a_longer_time_that_an_earlier_release_took_holds_as_the_longest_there_is
        error = refusal(path, line(key, str(outside)))
        assert f"{path}, line 1: {key} = " in error.en and f"{path}, ligne 1 : {key} = " in error.fr
        assert " is needed, such as " in error.en and "il faut un nombre" in error.fr
        assert error.cure == f"ameli config set {key} {RULES[key].example}"


@given(st.sampled_from(sorted(BOUNDS)), st.one_of(st.integers(), st.floats()))
def test_any_number_is_within_its_bounds_or_refused(key: str, number: float) -> None:
    least, most = BOUNDS[key]
    inside = math.isfinite(number) and least <= number <= most
    whole = key in ("sync.quiet_from", "sync.quiet_until", "portal.browser_port", "portal.seed")
    fine = (inside and (not whole or number == int(number))) or (key == "portal.browser_port" and number == 0)
    assert (RULES[key].wrong(number, local=False) is None) == fine


def test_a_port_of_nought_starts_a_browser_and_a_small_one_is_refused(path: Path) -> None:
    assert read(path, "portal.browser_port = 0").portal.browser_port == 0
    assert read(path, "portal.browser_port = 9222.0").portal.browser_port == 9222
    for port in ("1", "80", "1023", "65536", "-1", "9222.5"):
        assert ", or 0, is needed" in refusal(path, f"portal.browser_port = {port}").en


def test_a_whole_number_is_taken_where_a_fraction_may_stand(path: Path) -> None:
    settings = read(path, "sync.every_h = 12\nsync.quiet_from = 21.0\nagent.lock_after_min = 5\n")
    assert (settings.sync.every_h, settings.sync.quiet_from, settings.agent.lock_after_min) == (12.0, 21, 5.0)
    assert isinstance(settings.sync.every_h, float) and isinstance(settings.sync.quiet_from, int)


def test_towards_this_machine_the_least_is_less(path: Path) -> None:
    assert read(path, LOCAL + "pause_s = 0\n[sync]\nevery_h = 0.0014\n").portal.pause_s == 0
    assert "(5 seconds) to 168" in refusal(path, LOCAL + "[sync]\nevery_h = 0.001\n").en
    for wrong in ("0", "-1", "nan", "169"):
        refusal(path, LOCAL + f"[sync]\nevery_h = {wrong}\n")
    for wrong in ("-0.1", "nan", "61"):
        refusal(path, LOCAL + f"pause_s = {wrong}\n")


@pytest.mark.parametrize("key, value", [("portal.pause_s", "0"), ("sync.every_h", "0.01")])
def test_what_only_this_machine_bears_is_refused_beside_the_real_address(key: str, value: str, path: Path) -> None:
    real = 'portal.base_url = "https://assure.ameli.fr"\n'
    for text in (line(key, value), real + line(key, value)):
        assert key in refusal(path, text).en
    assert read(path, 'portal.base_url = "http://[::1]:1"\n' + line(key, value))


@pytest.mark.parametrize("key", ["agent.lock_after_min", "agent.lock_at_most_h"])
def test_never_is_a_word_of_its_own_and_zero_is_not(key: str, path: Path) -> None:
    settings = read(path, line(key, '"never"'))
    assert value_of(settings, key) == "never"
    save_settings(path, settings)
    assert f'{key.partition(".")[2]} = "never"' in path.read_text()
    assert value_of(load_settings(path), key) == "never"
    for wrong in ("0", "-1", "nan", '"Never"', '"jamais"', '""'):
        error = refusal(path, line(key, wrong))
        assert "or the word never" in error.en and "ou le mot never" in error.fr
    assert "perhaps “never”" in refusal(path, line(key, '"nevr"')).en


def test_a_longer_time_that_an_earlier_release_took_holds_as_the_longest_there_is(path: Path) -> None:
    settings = read(path, "[agent]\nlock_after_min = 525600.0\nlock_at_most_h = 8760\n")
    assert (settings.agent.lock_after_min, settings.agent.lock_at_most_h) == (1440.0, 168.0)
    first, second = outgrown(path)
    assert first.sentence("en") == (
        "agent.lock_after_min = 525600: that is more than is possible, 1440 holds")
    assert second.sentence("fr") == "agent.lock_at_most_h = 8760 : c'est plus que possible, 168 vaut"
    assert first.cure == "ameli config set agent.lock_after_min 1440"
    assert path.read_text().count("525600") == 1
    read(path, "[agent]\nlock_after_min = 1440\n")
    assert outgrown(path) == []
    for wrong in ("inf", "nan", "true", '"9999"'):
        assert "or the word never" in refusal(path, line("agent.lock_after_min", wrong)).en


@pytest.mark.parametrize("url", [
    "http://assure.ameli.fr", "https://assure.ameli.fr@evil.example", "https://evil.example/assure.ameli.fr",
    "https://assure.ameli.fr.evil.example", "https://assure.ameli.fr.", "https://evil.ameli.fr", "https://ameli.fr",
    "https://assure.ameli.fr:8443", "https://assure.ameli.fr/path", "https://assure.ameli.fr?x", "https://",
    "https://assure.ameli.fr#x", "https://user:pw@127.0.0.1", "http://127.1", "http://0x7f000001", "http://2130706433",
    "http://127.0.0.1.evil.example", "http://127.0.0.01", "http://localhost.", "http://localhost.evil.example",
    "http://127.0.0.1:0", "http://127.0.0.1:65536", "http://127.0.0.1:", "http://[::1", "http://[::ffff:127.0.0.1]",
    "http://0.0.0.0", "http://10.0.0.1", "ftp://127.0.0.1", "//assure.ameli.fr", "assure.ameli.fr", "foo", "",
    " https://assure.ameli.fr", "https://assure.ameli.fr\\n", "https://assure.ameli.fr\\t.evil.example",
    "https://аssure.ameli.fr", "https://assure。ameli.fr", "https://assure.ameli.fr\\\\@evil.example",
    "https://assure%2eameli.fr", "http://１２７.0.0.1", "https://ameliconnect.ameli.fr",
])
def test_no_other_address_is_taken_for_the_account(url: str, path: Path) -> None:
    error = refusal(path, f'portal.base_url = "{url}"')
    assert "https://assure.ameli.fr is needed" in error.en and "il faut https://assure.ameli.fr" in error.fr


@pytest.mark.parametrize("key, url", [
    ("base_url", "https://assure.ameli.fr"), ("base_url", "https://assure.ameli.fr:443/"),
    ("base_url", "https://Assure.Ameli.FR"), ("base_url", "http://127.0.0.1:8000"), ("base_url", "https://127.8.9.1"),
    ("base_url", "http://localhost:1/"), ("base_url", "http://[::1]:65535"),
    ("identity_url", "https://ameliconnect.ameli.fr"), ("identity_url", "https://login.ameli.fr"),
    ("identity_url", "http://localhost:8001"),
])
def test_the_service_and_this_machine_are_taken(key: str, url: str, path: Path) -> None:
    assert value_of(read(path, f'portal.{key} = "{url}"'), f"portal.{key}") == url


@pytest.mark.parametrize("key, near, word", [
    ("theme", "Dark", "dark"), ("theme", "ameli-drak", "ameli-dark"), ("theme", "gruvbux", "gruvbox"),
    ("lang", "eng", "en"), ("portal.transport", "browsr", "browser"), ("import.after", "delet", "delete"),
    ("notify.detail", "kinds", "kind"),
])
def test_a_word_out_of_a_list_is_refused_and_a_near_one_named(key: str, near: str, word: str, path: Path) -> None:
    error = refusal(path, line(key, f'"{near}"'))
    assert "one of these words is needed" in error.en and "il faut un de ces mots" in error.fr
    if near != "eng":  # two letters are near to everything
        assert f"perhaps “{word}”" in error.en and f"peut-être « {word} »" in error.fr
    assert "perhaps" not in refusal(path, line(key, '"zzzzzz"')).en


@pytest.mark.parametrize("text", [
    "ok\\r\\nX-Evil: 1", "a\\nb", "a\\u0000b", "café", "", " x", "x ", "y" * 201, "\\u2028"])
def test_a_header_takes_no_line_end_and_no_sign_beyond_ascii(text: str, path: Path) -> None:
    assert "one line" in refusal(path, f'portal.user_agent = "{text}"').en
    assert "version number" in refusal(path, f'portal.app_version = "{text}"').en


@pytest.mark.parametrize("key", ["portal.browser", "portal.recording", "import.folder"])
def test_a_path_holds_no_nought_and_belongs_to_somebody(key: str, path: Path) -> None:
    for wrong in ('"a\\u0000b"', '"a\\nb"', "3", "[]"):
        assert "a path is needed" in refusal(path, line(key, wrong)).en
    assert "no folder here" in refusal(path, line(key, '"~nobody-of-that-name/x"')).en
    assert value_of(read(path, line(key, '"~/x"')), key) == "~/x"


@pytest.mark.parametrize("wrong", ['"notify-send"', "[1]", '[""]', '["a\\u0000"]', "[[]]", "true"])
def test_a_command_is_a_list_of_texts(wrong: str, path: Path) -> None:
    assert "a program and its arguments are needed" in refusal(path, f"notify.command = {wrong}").en
    assert read(path, 'notify.command = ["sh", "-c", "a\\nb"]').notify.command == ("sh", "-c", "a\nb")


def test_a_template_names_its_unknown_field_and_the_known_ones(path: Path) -> None:
    error = refusal(path, 'export.naming = "{yaer}/{title}"')
    assert "“{yaer}” is not a field, perhaps “{year}”" in error.en and "{beneficiary}" not in error.en
    for wrong in ("{date", "../{title}", "{title}?", "{title!r}", "{title:>9}", ""):
        refusal(path, f'export.naming = "{wrong}"')


def test_an_unknown_setting_is_told_with_its_line_and_a_near_or_the_known_ones(path: Path) -> None:
    error = refusal(path, '# mine\nlang = "fr"\n\n[notify]\nthem = 1\n')
    assert f"{path}, line 5: notify.them: there is no such setting; known here: desktop, detail, command" in error.en
    assert "ligne 5" in error.fr and error.cure == "ameli config unset notify.them"
    assert "perhaps “agent.lock_after_min”" in refusal(path, "[agent]\nlock_after = 3\n").en
    assert "perhaps “sync.every_h”" in refusal(path, "[agent]\nevery_h = 3\n").en


def test_every_fault_is_told_at_once_each_with_its_line(path: Path) -> None:
    error = refusal(path, 'theme = "purple"\nmouse = 1\n[sync]\nquiet_from = 99\n\n[portal]\npause_s = 0\n')
    for number, key in ((1, "theme"), (2, "mouse"), (4, "sync.quiet_from"), (7, "portal.pause_s")):
        assert f"line {number}: {key} = " in error.en
    assert [fault.key for fault in error.found] == ["theme", "mouse", "sync.quiet_from", "portal.pause_s"]


@pytest.mark.parametrize("text, fr, en", [
    ("[sync\n", "ligne 1", "line 1"), ("a = 1\nb = fr\n", "ligne 2", "line 2"), ("x = " + "[" * 5000, "", ""),
    ("n = 1" + "0" * 5000, "", ""), ("sync = 3", "il faut une table", "a table is needed"),
    ("lang = 'fr'\nlang = 'en'", "une fois", "once"),
])
def test_what_is_no_toml_is_told_with_its_line_in_both_languages(text: str, fr: str, en: str, path: Path) -> None:
    error = refusal(path, text)
    assert fr in error.fr and en in error.en and str(path) in error.en
    assert "Expected" not in error.fr and "Invalid" not in error.fr


def test_a_file_that_cannot_be_read_is_told_as_one(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(SettingsError, match="that is not a file"):
        load_settings(tmp_path / "folder")
    (tmp_path / "latin").write_bytes(b"# ok\ntheme = 'caf\xe9'")
    with pytest.raises(SettingsError, match="line 2: that is not UTF-8"):
        load_settings(tmp_path / "latin")
    (tmp_path / "marked").write_bytes(b"\xef\xbb\xbflang = 'en'\n")
    assert load_settings(tmp_path / "marked").lang == "en"
    assert load_settings(tmp_path / "none") == Settings()


def test_the_colours_that_can_be_set_are_those_that_there_are() -> None:
    from textual.theme import BUILTIN_THEMES

    from ameli_tui.app.themes import OUR_THEMES

    assert set(THEMES) == {"auto", "dark", "light", *BUILTIN_THEMES, *(one.name for one in OUR_THEMES)}
    assert len(THEMES) == len(set(THEMES))
