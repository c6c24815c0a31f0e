"""Entries are cut apart as the JSON module would, wherever the chunks are cut; damage costs the entries it is in."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.files.formats.har.scanner import Piece, Scanner, Why
from tests.thoroughness import examples

ENTRY = {"startedDateTime": "2026-07-01T10:00:00Z", "request": {"url": "https://assure.ameli.fr/PortailAS/x",
         "headers": [{"name": "a", "value": "{\"[\\"}]}, "response": {"content": {"text": '<p class="x">é</p>'}}}

keys = st.text(max_size=8) | st.sampled_from(["log", "entries", "pages", "request", "_x"])
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.sampled_from('ab"\\{}[],:é\n😀'), max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4), max_leaves=25)
around = st.dictionaries(keys.filter(lambda name: name not in ("log", "entries")), anything, max_size=3)


def in_chunks(data: bytes, size: int) -> Iterator[bytes]:
    return (data[at: at + size] for at in range(0, len(data), size))


def scan(data: bytes, size: int = 7, most: int = 1 << 20) -> tuple[list[Piece], Scanner]:
    scanner = Scanner(in_chunks(data, size), most)
    return list(scanner), scanner


def har(*entries: Any, **more: Any) -> bytes:
    return json.dumps({"log": {"version": "1.2", "entries": list(entries), **more}}).encode()


def whole(pieces: list[Piece]) -> list[Any]:
    return [json.loads(piece.raw) for piece in pieces if piece.why is None]


@settings(max_examples=examples(300), deadline=None)
@given(st.lists(anything, max_size=5), around, around, around, st.sampled_from([None, 1]), st.booleans(),
       st.integers(1, 60))
def test_a_good_file_is_cut_apart_as_the_json_module_reads_it(
    entries: list[Any], before: dict[str, Any], after: dict[str, Any], outside: dict[str, Any], indent: int | None,
    plain: bool, size: int,
) -> None:
    document = {**outside, "log": {**before, "entries": entries, **{f"z{name}": one for name, one in after.items()}}}
    pieces, scanner = scan(json.dumps(document, indent=indent, ensure_ascii=plain).encode(), size)
    assert whole(pieces) == entries
    assert [piece.number for piece in pieces] == list(range(1, len(entries) + 1))
    assert (scanner.found, scanner.cut) == (True, False)


@settings(max_examples=examples(200), deadline=None)
@given(st.lists(st.dictionaries(keys, anything, max_size=4), max_size=4), st.floats(0, 1), st.integers(1, 60))
def test_a_file_cut_anywhere_gives_what_came_whole_and_says_that_it_is_cut(
    entries: list[Any], share: float, size: int,
) -> None:
    data = har(*entries)
    pieces, scanner = scan(data[:int(share * (len(data) - 1))], size)
    good = whole(pieces)
    assert good == entries[:len(good)]
    assert scanner.cut
    assert [piece.why for piece in pieces[len(good):]] in ([], [Why.CUT])


@pytest.mark.parametrize("damage", [
    '{"startedDateTime": "x", "text": "a quote " too many"}', '{"startedDateTime": "x", "text": "no end}',
    '{"startedDateTime": "x", "a": [}}', '{"startedDateTime": "x"', '{"startedDateTime": "x"}}]}', '{"a": "\\"}',
    '{"startedDateTime": "x"} what is this', '{"pageref": {"url": "x"]}', '{"a": {"b": "</script>" }"}',
])
@pytest.mark.parametrize("size", [1, 3, 17, 5000])
def test_damage_in_one_entry_leaves_the_others(damage: str, size: int) -> None:
    one = json.dumps(ENTRY)
    data = f'{{"log": {{"entries": [{one}, {damage}, {one}, {one}]}}}}'.encode()
    pieces, scanner = scan(data, size)
    assert whole(pieces[:1]) == [ENTRY] and whole(pieces[-2:]) == [ENTRY, ENTRY]
    assert any(piece.why is Why.DAMAGED or (piece.why is None and not _is_json(piece.raw)) for piece in pieces)
    assert not scanner.cut


def _is_json(raw: bytes) -> bool:
    try:
        json.loads(raw)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize("size", [13, 900, 100_000])
def test_an_entry_that_is_too_large_or_too_deep_is_passed_over(size: int) -> None:
    large = {"startedDateTime": "x", "text": "A" * 5000, "more": [{}, {"a": '"'}]}
    deep: Any = {"end": 1}
    for _ in range(300):
        deep = {"in": [deep]}
    pieces, scanner = scan(har(ENTRY, large, ENTRY, deep, ENTRY, {"other": "B" * 5000}, {"x": 1}), size, 20_000)
    assert [piece.why for piece in pieces] == [None, None, None, Why.TOO_DEEP, None, None, None]
    pieces, scanner = scan(har(ENTRY, large, ENTRY, {"other": "B" * 5000}, {"x": 1}), size, 2_000)
    if size < 2_000:
        assert [piece.why for piece in pieces] == [None, Why.TOO_LARGE, None, Why.TOO_LARGE, None]
    assert whole(pieces)[-1] == {"x": 1}
    assert not scanner.cut


def test_the_list_is_found_where_what_stands_before_it_is_damaged() -> None:
    pieces, scanner = scan(b'{"log": {"creator": {"name": "x"], "entries": [{"a": 1}]}}')
    assert whole(pieces) == [{"a": 1}] and scanner.found


def test_pages_after_the_entries_are_no_entries() -> None:
    pages = [{"startedDateTime": "x", "id": str(number), "title": "y" * 40} for number in range(50)]
    pieces, scanner = scan(har(ENTRY, pages=pages), 40)
    assert whole(pieces) == [ENTRY] and not scanner.cut


def test_recordings_put_together_are_read_one_after_the_other() -> None:
    pieces, scanner = scan(har({"a": 1}) + b"\n" + har({"a": 2}, {"a": 3}))
    assert whole(pieces) == [{"a": 1}, {"a": 2}, {"a": 3}]
    assert [piece.number for piece in pieces] == [1, 2, 3] and not scanner.cut


def test_zeros_at_the_end_of_a_file_are_nothing_and_zeros_instead_of_its_end_are_a_cut() -> None:
    assert not scan(har(ENTRY) + bytes(50))[1].cut
    pieces, scanner = scan(har(ENTRY, ENTRY)[:-40] + bytes(40))
    assert [piece.why for piece in pieces] == [None, Why.CUT] and scanner.cut


def test_a_file_of_damage_alone_ends() -> None:
    unit = b',{"pageref":{"url":"x'
    pieces, _ = scan(b'{"log":{"entries":[{"a":1}' + unit * 3000, 1000)
    assert whole(pieces[:1]) == [{"a": 1}]


def test_a_file_made_to_take_long_is_given_up_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.files.formats.har.scanner._BRACKETS", 1_000)
    data = b'{"log": {"entries": [' + json.dumps(ENTRY).encode() + b',{"startedDateTime":"x","a":' + b"[{" * 5_000
    pieces, scanner = scan(data, 500)
    assert [piece.why for piece in pieces] == [None, Why.DAMAGED] and scanner.cut
