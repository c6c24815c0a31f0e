"""A few values of a file written by hand are changed: comments stay, and the file says what was meant and no more."""

from __future__ import annotations

import tomllib
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import tomli_w
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.bounds import drop, put
from config.settings import NotifySettings, Settings, load_settings, save_settings
from config.toml_edit import edited
from tests.thoroughness import examples

if TYPE_CHECKING:
    from config.toml_file import TomlTable, TomlValue

BY_HAND = """\
# my settings
lang = "fr"  # for my mother
theme = "dark"

# not too often # really
[sync]
every_h = 12  # twice a day
# in the evening only
quiet_from = 20

[notify]
command = [
    "notify-send", # a program
    "-u", "low",
]
"""


def changed(text: str, key: str, value: TomlValue | None) -> str | None:
    """``text`` with one setting changed, or taken out."""
    wanted: TomlTable = tomllib.loads(text)
    if value is None:
        drop(wanted, key)
    else:
        put(wanted, key, value)
    new = edited(text, wanted)
    assert new is None or tomllib.loads(new) == wanted
    return new


@pytest.mark.parametrize(("key", "value", "before", "after"), [
    ("lang", "en", 'lang = "fr"  # for', 'lang = "en"  # for'),
    ("theme", "a # b", 'theme = "dark"', 'theme = "a # b"'),
    ("sync.every_h", 6.5, "every_h = 12 ", "every_h = 6.5 "),
    ("bell", False, 'theme = "dark"\n', 'theme = "dark"\nbell = false\n'),
    ("sync.jitter", 0.1, "quiet_from = 20\n", "quiet_from = 20\njitter = 0.1\n"),
    ("agent.lock_after_min", "never", "]\n", ']\n\n[agent]\nlock_after_min = "never"\n'),
    ("notify.detail", "count", "]\n", ']\ndetail = "count"\n'),
    ("sync.every_h", None, "every_h = 12  # twice a day\n", ""),
])
def test_one_line_is_changed_and_the_rest_stays_to_the_letter(
    key: str, value: TomlValue | None, before: str, after: str,
) -> None:
    head, found, tail = BY_HAND.rpartition(before)
    assert found and changed(BY_HAND, key, value) == head + after + tail


def test_a_value_of_several_lines_is_replaced_as_a_whole() -> None:
    new = changed(BY_HAND, "notify.command", ["sh", "x # y"])
    assert new and new.endswith('[notify]\ncommand = ["sh", "x # y"]\n')
    assert (changed(BY_HAND, "notify.command", None) or "").endswith("[notify]\n")


@pytest.mark.parametrize(("text", "key", "value", "new"), [
    ("# mine\n", "lang", "en", '# mine\nlang = "en"\n'), ("# mine", "lang", "en", '# mine\nlang = "en"'),
    ("# about it\n[sync]\njitter = 0\n", "lang", "en", 'lang = "en"\n\n# about it\n[sync]\njitter = 0\n'),
    ("sync.jitter = 0 # x\n", "sync.every_h", 3, "sync.jitter = 0 # x\nsync.every_h = 3\n"),
    ("lang='en' # x\r\nbell=true\r\n", "lang", "fr", 'lang="fr" # x\r\nbell=true\r\n'),
    ("lang='en'\r\n", "bell", True, "lang='en'\r\nbell = true\r\n"),
    ("[sync]\r\njitter = 0\r\n[agent]\r\nx = 1", "agent.y", 1, "[sync]\r\njitter = 0\r\n[agent]\r\nx = 1\r\ny = 1"),
    ("lang = 'en' # '''\n[sync]\njitter = 0\n", "sync.every_h", 3,
     "lang = 'en' # '''\n[sync]\njitter = 0\nevery_h = 3\n"),
    ("lang='en' # \u2028 x\n", "bell", True, "lang='en' # \u2028 x\nbell = true\n"),
    ("'lang' = 'en'\n", "lang", "fr", "'lang' = \"fr\"\n"),
    ('theme = """\nlang = 1\n"""\n', "lang", "fr", 'theme = """\nlang = 1\n"""\nlang = "fr"\n'),
    ("sync = {jitter = 0}\n", "sync.every_h", 3, None), ("lang = 1\n", "lang.x", 3, None),
])
def test_where_a_line_goes(text: str, key: str, value: TomlValue, new: str | None) -> None:
    wanted = tomllib.loads(text)
    if isinstance(wanted.get("lang"), int):
        wanted["lang"] = {"x": 3}
        assert edited(text, wanted) is None
    else:
        assert changed(text, key, value) == new


def test_a_whole_number_is_not_the_yes_or_the_fraction_that_python_takes_for_it() -> None:
    assert edited("mouse = 1\n", {"mouse": True}) == "mouse = true\n"
    assert edited("every_h = 1\n", {"every_h": 1.0}) == "every_h = 1.0\n"


_KEYS = ("lang", "theme", "bell", "sync.every_h", "sync.jitter", "notify.command", "agent.lock_after_min")
_TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
_VALUES = st.one_of(st.booleans(), st.integers(-5, 5), st.floats(-5, 5), _TEXTS, st.lists(_TEXTS, max_size=3))
_NOTES = st.text('ab #"\'[]={}', max_size=6)


@st.composite
def files(draw: st.DrawFn) -> str:
    """A file as a person may have written it."""
    lines: list[str] = []
    for table in draw(st.lists(st.sampled_from(["", "sync", "notify", "agent", "mine"]), unique=True)):
        if table:
            lines += [*draw(st.lists(_NOTES.map("# {}".format), max_size=2)), f"[{table}] # {draw(_NOTES)}"]
        elif lines:
            continue  # values without a table come first
        for name in draw(st.lists(st.sampled_from(["lang", "theme", "every_h", "command", "x"]), unique=True)):
            value = tomli_w.dumps({"v": draw(_VALUES)}, multiline_strings=draw(st.booleans()))[4:-1]
            lines += [f"{name} = {value}{draw(st.sampled_from(['', '  # ' + draw(_NOTES)]))}"]
            lines += draw(st.lists(st.one_of(_NOTES.map("# {}".format), st.just("")), max_size=2))
    return draw(st.sampled_from(["\n", "\r\n"])).join(lines)


@settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(files(), st.sampled_from(_KEYS), st.none() | _VALUES)
def test_whatever_is_changed_the_file_says_it_and_keeps_what_else_was_in_it(
    text: str, key: str, value: TomlValue | None,
) -> None:
    new = changed(text, key, value)
    assert new is not None, "each of these can be changed line by line"
    kept = [line.rstrip() for line in text.split("\n") if line.strip().startswith("#")]
    if not isinstance(tomllib.loads(text).get(key), list | str):  # a value of several lines may look like a comment
        assert [line.rstrip() for line in new.split("\n") if line.strip().startswith("#")] == kept


@settings(max_examples=examples(25), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(files(), files())
def test_a_file_becomes_any_other_one_or_is_left_to_be_written_anew(text: str, other: str) -> None:
    wanted = tomllib.loads(other)
    before = deepcopy(wanted)
    new = edited(text, wanted)
    assert wanted == before and (new is None or full(tomllib.loads(new)) == full(wanted))


def full(table: TomlTable) -> TomlTable:
    """The table without those in it that say nothing."""
    return {key: value for key, value in table.items() if value != {}}


def test_saved_choices_leave_the_persons_comments(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(BY_HAND)
    settings = load_settings(path)
    save_settings(path, settings)
    assert path.read_text() == BY_HAND
    there = NotifySettings(desktop=False, command=("sh", "-c", "x"))
    save_settings(path, Settings(lang="en", theme="dark", sync=settings.sync, notify=there))
    text = path.read_text()
    assert load_settings(path) == Settings(lang="en", theme="dark", sync=settings.sync, notify=there)
    assert text.count("# ") == BY_HAND.count("# ") - 1, "the one inside the list went with it"


def test_a_file_that_cannot_be_changed_line_by_line_is_written_anew(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text('sync = {every_h = 12} # x\nlang = "auto"\n')
    save_settings(path, {"sync": {"every_h": 12, "jitter": 0.1}, "lang": "auto"})
    assert path.read_text() == "[sync]\nevery_h = 12.0\njitter = 0.1\n"


@pytest.mark.parametrize(("text", "key", "left"), [
    ('# mine\nsync.every_h = 8\ntheme = "dark"\n', "sync.every_h", '# mine\ntheme = "dark"\n'),
    ('# mine\nnotify.command = ["a"] # c\n', "notify.command", "# mine\n"),
])
def test_the_last_dotted_value_of_a_table_goes_and_the_comments_stay(text: str, key: str, left: str) -> None:
    raw = tomllib.loads(text)
    assert drop(raw, key)
    assert edited(text, raw) == left
