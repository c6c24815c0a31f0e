"""Recordings as tools really write them: one entry that is not JSON to the letter never refuses the others."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.files.formats.har import Entry, Recording, Why, looks_like_har, read_har
from agent.files.formats.har.errors import NotARecording
from agent.files.formats.har.mend import mend
from tests.agent.files.formats.har.test_read import REAL, entry, har
from tests.thoroughness import examples

CORPUS = sorted((Path(__file__).parent / "fuzzed").glob("*.har"))
"""Of ten minutes of fuzzing guided by coverage (atheris), one small file for each way in which reading ends."""
FOREIGN = "https://ads.example.org/x"
MARK = "M4RK"
"""What is replaced by damage."""
DIRT = {
    "half a sign": rb"\ud83d", "second half": rb"\ude00", "two first halves": rb"\ud83d\ud83d\ude00",
    "an escape of JavaScript": rb"\x3cb\x3e", "no escape": rb"\q \- \u12 \uZZZZ", "octal": rb"\0",
    "a quote that needs none": rb"\'", "a line end": b"a\nb\r\tc\x00", "Latin-1": b"caf\xe9", "bytes": b"\xff\xfe\x80",
    "half a sign in bytes": b"\xed\xa0\xbd",
}
NUMBERS = [b"NaN", b"Infinity", b"-Infinity", b"undefined"]


def own(number: int, text: str = "<p>17,50 €</p>") -> dict[str, Any]:
    return entry(f"{REAL}/PortailAS/paiements.do?n={number}", text, at=f"2026-11-23T10:00:{number:02d}Z")


def foreign(what: bytes) -> tuple[dict[str, Any], bytes]:
    return entry(FOREIGN, f"a {MARK} b", request={"headers": [{"name": "x", "value": MARK}]}) | {"time": 7654321}, what


def soiled(data: bytes, dirt: bytes, number: bytes = b"1") -> bytes:
    return data.replace(MARK.encode(), dirt).replace(b"7654321", number)


def told(recording: Recording) -> list[tuple[Any, ...]]:
    return [(one.method, one.url, one.status, one.headers, one.body, one.started_at) for one in recording.entries]


@pytest.mark.parametrize("dirt", DIRT)
def test_dirt_in_a_foreign_entry_changes_nothing(dirt: str) -> None:
    data = har(own(1), foreign(b"")[0], own(2))
    clean, dirty = read_har(data), read_har(soiled(data, DIRT[dirt]))
    assert told(dirty) == told(clean)
    assert (dirty.dropped, dirty.unread, dirty.mended) == (clean.dropped, [], 0)


@pytest.mark.parametrize("number", NUMBERS)
def test_a_number_that_json_has_not_spoils_nothing(number: bytes) -> None:
    data = har(own(1) | {"time": 7654321}, foreign(b"")[0], own(2) | {"timings": {"wait": 7654321}})
    dirty = read_har(soiled(data, b"x", number))
    assert told(dirty) == told(read_har(data))
    assert (dirty.unread, dirty.mended, dirty.dropped.elsewhere) == ([], 0, 1)


@pytest.mark.parametrize(("dirt", "read"), [
    (rb"\ud83d", "\ufffd"), (rb"\ud83d\ude00", "😀"), (rb"\x3cb\x3e", "<b>"), (rb"\'", "'"),
    (rb"C:\users", r"C:\users"),
    (b"a\nb", "a\nb"), (b"r\xe9union", "réunion"), (rb"\\u00e9 \u00e9", r"\u00e9 é"), (rb"\/", "/"),
])
def test_what_an_own_page_says_is_kept_and_a_guess_is_told(dirt: bytes, read: str) -> None:
    recording = read_har(soiled(har(own(1, f"<p>{MARK}</p>")), dirt))
    assert recording.entries[0].body == f"<p>{read}</p>".encode()
    assert recording.mended == (dirt not in (rb"\ud83d\ude00", rb"\\u00e9 \u00e9", rb"\/"))


def test_mending_leaves_good_json_as_it_is() -> None:
    raw = json.dumps({"a": "NaN \\ud83d \\x é😀 \" \\", "b": [1, None, "\n"]}).encode()
    assert mend(raw) == (raw, False)


def coded(text: str, coding: str) -> bytes:
    return text.encode(coding)


@pytest.mark.parametrize("coding", [
    "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be", "cp1252",
])
@pytest.mark.parametrize("packed", [False, True])
def test_whatever_a_file_is_written_in_it_says_the_same(coding: str, packed: bool) -> None:
    entries = [own(1, "<p>Réunion 17,50 €</p>"), entry(FOREIGN), own(2)]
    text = json.dumps({"log": {"version": "1.2", "entries": entries}}, ensure_ascii=False)
    data = gzip.compress(text.encode(coding)) if packed else text.encode(coding)
    assert looks_like_har(data)
    recording = read_har(data)
    assert told(recording) == told(read_har(text.encode()))
    assert (recording.unread, recording.cut_after) == ([], None)


def test_half_a_sign_in_utf_16_is_told() -> None:
    text = json.dumps({"log": {"entries": [own(1, f"<p>{MARK}</p>"), own(2)]}}).replace(MARK, "\ud83d")
    recording = read_har(text.encode("utf-16-le", "surrogatepass"))
    assert len(recording.entries) == 2 and recording.mended == 1
    assert "\ufffd" in (recording.entries[0].body or b"").decode()


def test_entries_that_cannot_be_read_are_told_with_their_number_and_the_reason() -> None:
    parts = [json.dumps(one) for one in (own(1), own(2), own(3))]
    data = f'{{"log": {{"entries": [{parts[0]}, {{"request": oh no}}, 7, {parts[1]}, {parts[2]}'.encode()
    recording = read_har(data[:-30])
    assert [one.body for one in recording.entries] == ["<p>17,50 €</p>".encode()] * 2
    assert [(one.number, one.why) for one in recording.unread] == [
        (2, Why.DAMAGED), (3, Why.NO_EXCHANGE), (5, Why.CUT)]
    assert (recording.dropped.unreadable, recording.cut_after) == (3, 5)


def test_an_entry_that_swallowed_the_next_gives_it_back() -> None:
    parts = [json.dumps(one) for one in (own(1), own(2), own(3))]
    torn = parts[0].replace("<p>", '<p class="x>')
    recording = read_har(f'{{"log": {{"entries": [{torn}, {parts[1]}, {parts[2]}]}}}}'.encode())
    assert [one.url[-1] for one in recording.entries] == ["2", "3"]
    assert [one.why for one in recording.unread] == [Why.DAMAGED] and recording.cut_after is None


texts = st.text(st.characters(codec="utf-8"), max_size=30)
foreign_entries = st.builds(lambda text, more: entry(FOREIGN, f"{text}{MARK}") | {"_more": more, "time": 7654321},
                            texts, st.dictionaries(texts, st.lists(texts, max_size=3), max_size=3))


@settings(max_examples=examples(300), deadline=None)
@given(st.lists(st.one_of(st.integers(1, 59).map(own), foreign_entries), min_size=1, max_size=6),
       st.sampled_from(list(DIRT.values())), st.sampled_from(NUMBERS),
       st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]), st.booleans(), st.sampled_from([None, 1]))
def test_a_good_recording_made_dirty_says_what_the_clean_one_says(
    entries: list[dict[str, Any]], dirt: bytes, number: bytes, coding: str, packed: bool, indent: int | None,
) -> None:
    data = json.dumps({"log": {"version": "1.2", "entries": entries}}, indent=indent).encode()
    clean, dirty = read_har(data), soiled(data, dirt, number)
    if coding != "utf-8":
        dirty = dirty.decode("utf-8", "surrogateescape").encode("utf-8", "replace").decode().encode(coding)
    read = read_har(gzip.compress(dirty) if packed else dirty)
    assert told(read) == told(clean)
    assert (read.dropped, read.unread, read.cut_after) == (clean.dropped, [], None)


@settings(max_examples=examples(300), deadline=None)
@given(st.lists(st.one_of(st.integers(1, 59).map(own), foreign_entries), min_size=1, max_size=6), st.floats(0, 1),
       st.sampled_from(["utf-8", "utf-16"]), st.booleans())
def test_a_cut_recording_says_what_came_before_the_cut_and_that_it_is_cut(
    entries: list[dict[str, Any]], share: float, coding: str, packed: bool,
) -> None:
    data = json.dumps({"log": {"version": "1.2", "entries": entries}}).encode(coding)
    at = int(len(data) * share)
    data = data[:at] if not packed else gzip.compress(data)[:int(len(gzip.compress(data)) * share)]
    if share == 1:
        return
    clean = [(one.url, one.body) for one in map(_alone, entries) if one is not None]
    try:
        recording = read_har(data)
    except NotARecording as error:
        assert "cut" in error.message("en")
        return
    found = {(one.url, one.body) for one in recording.entries}
    assert found <= set(clean)
    assert recording.cut_after is not None or (packed and len(recording.entries) == len(clean))


def _alone(one: dict[str, Any]) -> Entry | None:
    return next(iter(read_har(har(one)).entries), None)


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_what_fuzzing_found_is_read_or_told(path: Path) -> None:
    data = path.read_bytes()
    looks_like_har(data)
    try:
        recording = read_har(data)
    except NotARecording:
        return
    assert recording.entries or recording.dropped.unreadable or recording.cut_after is not None or any(
        (recording.dropped.elsewhere, recording.dropped.sign_in, recording.dropped.tokens))
