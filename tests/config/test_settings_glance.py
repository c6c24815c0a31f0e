"""The few settings that are read before a TOML parser is loaded."""

from pathlib import Path

from config.glance import glance
from config.settings import load_settings


def test_names_in_quotes_count_as_they_do_when_the_whole_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text("\"lang\" = \"en\"\n'theme' = 'dark' # mine\n \"mouse\"=false\n[sync]\nevery_h = 8\n")
    settings = load_settings(path)
    assert glance(path) == {"lang": "en", "theme": "dark", "mouse": False}
    assert (settings.lang, settings.theme, settings.mouse) == ("en", "dark", False)
