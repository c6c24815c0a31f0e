"""``ameli config``: what is refused and how it is said, how a broken file is mended, and when a change counts."""

from pathlib import Path

import pytest

from tests.commands import Home
from tests.thoroughness import one_in

HOURS = {"en": "a number of hours from 0.5 to 168 is needed, such as 6",
         "fr": "il faut un nombre d'heures entre 0,5 et 168, par exemple 6"}


def settings_of(home: Home) -> Path:
    """The file, its folder made."""
    path = home.folder / "config" / "settings.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


@pytest.mark.parametrize("value", one_in(4, ["0", "-5", "nan", "inf", "-inf", "1e-9", "-1e300", "soon", "true", "6h"]))
def test_an_interval_out_of_bounds_is_refused_in_both_languages(value: str, empty_home: Home) -> None:
    for lang, needed in HOURS.items():
        done = empty_home.run("config", "set", "sync.every_h", value, "--json", AMELI_LANG=lang)
        assert (done.code, done.error["code"]) == (1, "settings")
        assert "sync.every_h = " in done.error["message"] and needed in done.error["message"]
    assert not (empty_home.folder / "config").exists(), "nothing was written"


@pytest.mark.parametrize("key, value, fr", one_in(4, [
    ("bell", "maybe", "il faut true (oui) ou false (non)"), ("lang", "de", "il faut un de ces mots : auto, fr, en"),
    ("portal.transport", "foo", "direct, browser, recorded, sandbox"), ("theme", "purple", "ameli-dark"),
    ("sync.jitter", "7", "entre 0 et 0,5"), ("sync.quiet_from", "99", "(heure de la journée) entre 0 et 23"),
    ("portal.pause_s", "-1", "de secondes entre 0,3 et 60"), ("portal.base_url", "foo", "https://assure.ameli.fr"),
    ("portal.browser_port", "99999", "entre 1024 et 65535, ou 0"), ("export.naming", "{nope}", "n'est pas un champ"),
    ("agent.lock_after_min", "0", "entre 0,1 et 1440, ou le mot never"),
    ("agent.lock_at_most_h", "1e300", "entre 0,1 et 168, ou le mot never"),
    ("portal.user_agent", "a\r\nX-Evil: 1", "sur une ligne"), ("portal.timeout_s", "0", "entre 1 et 300"),
    ("portal.recording", "~nobody-of-that-name/x.har", "pas de dossier ici"), ("notify.command", '"', "guillemet"),
]))
def test_what_a_setting_takes_is_told_in_french_to_who_speaks_it(
    key: str, value: str, fr: str, empty_home: Home
) -> None:
    done = empty_home.run("config", "set", key, value, AMELI_LANG="fr")
    assert done.code == 1 and fr in done.err and key in done.err
    for library in ("Expected", "Invalid", "Traceback", "$."):
        assert library not in done.err
    assert "Rien n'a été changé" in done.err


def test_a_command_has_three_forms_and_one_that_takes_it_away(empty_home: Home) -> None:
    for given, kept in (
        (("notify-send -u low 'two words'",), ["notify-send", "-u", "low", "two words"]),
        (("--", "notify-send", "-u", "low"), ["notify-send", "-u", "low"]),
        (("sh", "c.sh"), ["sh", "c.sh"]), (('["a", "b c"]',), ["a", "b c"]), (("x",), ["x"]), (("[]",), []),
        (("sh",), ["sh"]), (("",), []),
    ):
        told = empty_home.run("config", "set", "--json", "notify.command", *given)
        assert told.code == 0 and told.json["value"] == kept
        assert empty_home.json("config", "show")["notify"]["command"] == kept
    assert "not found on this machine" in empty_home.run("config", "set", "notify.command", "no-such-program-x").err
    assert "notify-send -u low" in empty_home.run("config", "set", "--help").out


def test_values_are_read_as_people_write_them(empty_home: Home, tmp_path: Path) -> None:
    for key, given, kept in (
        ("sync.every_h", "0,75", 0.75), ("sync.every_h", "12", 12.0), ("theme", "DARK", "dark"),
        ("bell", "off", False), ("mouse", "non", False), ("portal.app_version", "25.40", "25.40"),
        ("portal.browser_port", "9222", 9222), ("agent.lock_after_min", "Never", "never"),
        ("portal.recording", str(tmp_path / "2026-01-01"), str(tmp_path / "2026-01-01")),
    ):
        assert empty_home.json("config", "set", key, given)["value"] == kept
    assert empty_home.run("config", "set", "import.folder", "My", "Folder").code == 1
    assert Path(empty_home.json("config", "set", "portal.recording", "x.har")["value"]).is_absolute()


@pytest.mark.parametrize("key, value, cure", [("portal.pause_s", "0", "1"), ("sync.every_h", "0.01", "6")])
def test_the_real_address_is_refused_while_a_setting_suits_a_stand_in_alone(
    key: str, value: str, cure: str, empty_home: Home
) -> None:
    assert empty_home.run("config", "set", key, value).code == 1
    empty_home.json("config", "set", "portal.base_url", "http://127.0.0.1:9")
    empty_home.json("config", "set", key, value)
    for back in (("set", "portal.base_url", "https://assure.ameli.fr"), ("unset", "portal.base_url")):
        done = empty_home.run("config", *back)
        assert done.code == 1 and f"ameli config set {key} {cure}" in done.err
    assert empty_home.json("config", "show")["portal"]["base_url"] == "http://127.0.0.1:9"
    empty_home.json("config", "set", key, cure)
    empty_home.json("config", "set", "portal.base_url", "https://assure.ameli.fr")


def test_a_file_of_before_is_mended_one_setting_at_a_time_and_loses_nothing(empty_home: Home) -> None:
    path = settings_of(empty_home)
    path.write_text('theme = "dark"\nnonsense = 1\n[sync]\nevery_h = 0\n[agent]\nlock_after_min = -1\n')
    shown = empty_home.run("config", "show")
    assert shown.code == 1 and "sync.every_h = 0" in shown.out and 'theme = "dark"' in shown.out
    assert f"{path}, line 4: sync.every_h = 0" in shown.err and "ameli config unset nonsense" in shown.err
    checks = {one["name"]: one for one in empty_home.json("doctor")["checks"]}
    assert not checks["settings"]["ok"] and "line 6" in checks["settings"]["text"]
    started = empty_home.run("agent", "start", AMELI_LANG="fr")
    assert started.code == 1 and "ligne 4 : sync.every_h = 0" in started.err and "ameli config" in started.err
    before = path.read_text()
    assert empty_home.run("config", "set", "sync.every_h", "0").code == 1 and path.read_text() == before
    first = empty_home.run("config", "set", "sync.every_h", "6")
    assert first.code == 0 and "agent.lock_after_min" in first.err and "does not start" in first.err
    assert "nonsense = 1" in path.read_text() and "lock_after_min = -1" in path.read_text()
    assert empty_home.run("config", "set", "agent.lock_after_min", "never").code == 0
    last = empty_home.run("config", "unset", "nonsense")
    assert last.code == 0 and "from now on" in last.err
    told = empty_home.json("config", "show")
    assert told["theme"] == "dark" and told["agent"]["lock_after_min"] == "never"


def test_what_is_no_toml_is_left_as_it_is_and_told_with_its_line(empty_home: Home) -> None:
    path = settings_of(empty_home)
    path.write_text("lang = fr\n")
    for command in (("show",), ("set", "lang", "fr"), ("unset", "lang")):
        done = empty_home.run("config", *command, AMELI_LANG="fr")
        assert done.code == 1 and "ligne 1 : ce n'est pas du TOML" in done.err and "Invalid" not in done.err
    assert path.read_text() == "lang = fr\n"


def test_a_setting_goes_back_to_its_default(empty_home: Home) -> None:
    empty_home.json("config", "set", "sync.every_h", "12")
    assert empty_home.json("config", "unset", "sync.every_h") == {"key": "sync.every_h", "value": 6.0}
    assert empty_home.json("config", "unset", "sync.every_h")["value"] == 6.0
    assert empty_home.run("config", "unset", "sync.evry_h").code == 1


@pytest.mark.parametrize("typed, near", [
    ("agent.lock_afer_min", "agent.lock_after_min"), ("every_h", "sync.every_h"), ("portal.pause", "portal.pause_s"),
    ("sinc.every_h", "sync.every_h"), ("language", "lang"), ("nope", None), ("portal.nope", None), ("x.y.z", None),
])
def test_only_a_near_setting_is_guessed(typed: str, near: str | None, empty_home: Home) -> None:
    told = empty_home.run("config", "set", typed, "3", "--json").error["message"]
    assert (f"“{near}”?" in told) if near else ("Did you mean" not in told)


def test_only_a_near_command_is_guessed(empty_home: Home) -> None:
    assert "Did you mean" not in empty_home.run("nope").err
    assert "“payments”?" in empty_home.run("paymnts").err


def test_the_list_tells_units_and_bounds(empty_home: Home) -> None:
    told = empty_home.run("config", "show", AMELI_LANG="fr").out
    assert "sync.every_h = 6.0" in told and "nombre d'heures entre 0,5 et 168" in told
    assert "le mot never" in told and "ne se verrouille pas faute d'usage" in told


def test_never_tells_what_it_means(empty_home: Home) -> None:
    assert "agent.lock_at_most_h still counts" in empty_home.run("config", "set", "agent.lock_after_min", "never").err
    both = empty_home.run("config", "set", "agent.lock_at_most_h", "never", AMELI_LANG="fr").err
    assert "ne se verrouille plus de lui-même" in both


def test_a_demo_of_before_opens_again(empty_home: Home) -> None:
    """Older demos kept their vault open, by numbers that are out of bounds today or by a word; now it is locked."""
    from ameli_tui.cli.demo.home import write_settings
    from config.paths import find_paths
    from config.settings import AgentSettings, load_settings

    path = settings_of(empty_home)
    here = {"portal_url": "http://127.0.0.1:8000", "identity_url": "http://127.0.0.1:8001"}
    for after, most in ((525600.0, 8760.0), ('"never"', '"never"')):
        path.write_text(f'theme = "dark"\n[agent]\nlock_after_min = {after}\nlock_at_most_h = {most}\n')
        write_settings(find_paths({"AMELI_HOME": str(empty_home.folder), "HOME": "/nowhere"}), here)
        settings = load_settings(path)
        assert (settings.agent, settings.theme) == (AgentSettings(), "dark")
    path.write_text('[agent]\nlock_after_min = "never"\n')
    write_settings(find_paths({"AMELI_HOME": str(empty_home.folder), "HOME": "/nowhere"}), here)
    assert load_settings(path).agent.lock_after_min == "never", "what somebody set"


def test_an_unknown_language_is_told_once_and_the_settings_language_used(empty_home: Home) -> None:
    settings_of(empty_home).write_text('lang = "fr"\n')
    for args in (("config", "path"), ("config", "path", "--json")):
        done = empty_home.run(*args, AMELI_LANG="de\x1b[2J")
        assert done.code == 0
        assert done.err == ("AMELI_LANG=de?[2J n'est pas une langue de ce programme (fr ou en) : "
                            "la variable est ignorée.\n")
    assert done.json["settings"] == str(settings_of(empty_home))
    screens = empty_home.run(AMELI_LANG="de")
    assert screens.code == 2 and screens.err.count("AMELI_LANG") == 1 and "terminal" in screens.err
    for known in ("fr", "en", "EN", "en_GB.UTF-8", ""):
        assert not empty_home.run("config", "path", AMELI_LANG=known).err


def test_what_a_person_wrote_beside_the_settings_stays(empty_home: Home) -> None:
    path = settings_of(empty_home)
    path.write_text('# mine\ntheme = "dark"  # at night\n\n[sync]\n# twice a day\nevery_h = 12\n')
    empty_home.json("config", "set", "theme", "light")
    empty_home.json("config", "set", "sync.jitter", "0.1")
    empty_home.json("config", "set", "agent.lock_after_min", "never")
    assert path.read_text() == (
        '# mine\ntheme = "light"  # at night\n\n[sync]\n# twice a day\nevery_h = 12\njitter = 0.1\n\n'
        '[agent]\nlock_after_min = "never"\n')
    empty_home.json("config", "unset", "sync.every_h")
    assert "# mine" in path.read_text() and "every_h" not in path.read_text()
    assert empty_home.json("config", "show")["sync"]["every_h"] == 6.0
