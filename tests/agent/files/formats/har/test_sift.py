"""A sifted recording reads as the whole one does, and holds none of its secrets."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.files.formats.har import Recording, read_har
from agent.files.formats.har.errors import NotARecording, TooLargeRecording
from agent.files.formats.har.plain_text import chunks_of
from agent.files.formats.har.sift import sift
from tests.agent.files.formats.har.test_dirty import CORPUS, DIRT, MARK, own, soiled
from tests.agent.files.formats.har.test_read import REAL, SECRET, SECRETS, entry, har
from tests.thoroughness import examples


def sifted(data: bytes) -> bytes:
    return bytes(sift(chunks_of(data)))


def outcome(data: bytes) -> Recording | str:
    try:
        return read_har(data)
    except NotARecording as error:
        return error.message("en")


@pytest.mark.parametrize("what", SECRETS)
def test_the_same_is_read_and_dropped_of_it_and_no_secret_is_in_it(what: str) -> None:
    data = har(entry(), SECRETS[what][0])
    assert read_har(sifted(data)) == read_har(data)
    assert SECRET.encode() not in sifted(data)


@pytest.mark.parametrize("content", [
    None, {}, {"size": 10}, {"size": 0, "text": ""}, {"text": "é", "mimeType": "text/html; charset=latin-1"},
    {"text": "JVBERi0xLjQ=", "encoding": "base64", "mimeType": "application/pdf"}, {"text": "%PDF-1.4 é"},
])
def test_every_kind_of_content_comes_through(content: Any) -> None:
    one = entry("http://127.0.0.1:8080/PortailAS/x", response={"status": 302, "redirectURL": "/PortailAS/y"})
    one["response"]["content"] = content
    data = har(one, entry(at=None), entry())
    assert read_har(sifted(data)) == read_har(data)


@pytest.mark.parametrize("dirt", DIRT)
def test_what_is_damaged_in_it_is_told_all_the_same(dirt: str) -> None:
    data = soiled(har(own(1, f"<p>{MARK}</p>"), 7, own(2)), DIRT[dirt])
    torn = data.replace(b"[{", b'[{"request": oh no}, {', 1)[:-30]
    for one in (data, torn):
        assert read_har(sifted(one)) == read_har(one)
        assert sifted(sifted(one)) == sifted(one)


@settings(max_examples=examples(200), deadline=None)
@given(st.binary(max_size=100), st.integers(0, 1500), st.integers(0, 100))
def test_whatever_was_done_to_a_file_it_reads_as_the_whole_one(noise: bytes, at: int, cut: int) -> None:
    data = har(own(1), entry("https://example.org"), own(2))
    broken = data[:at] + noise + data[at + cut:]
    assert outcome(sifted(broken)) == outcome(broken)


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_what_fuzzing_found_reads_the_same(path: Any) -> None:
    data = path.read_bytes()
    assert outcome(sifted(data)) == outcome(data)


def test_pictures_of_the_pages_are_left_out_and_documents_stay() -> None:
    picture = entry(f"{REAL}/PortailAS/img/a.png?x=1", "A" * 10_000, content={"mimeType": "image/png"})
    kept = [entry(f"{REAL}/PortailAS/a.png", "%PDF-1.4"), entry(f"{REAL}/PortailAS/messagerie/a.png", "B"),
            entry(f"{REAL}/PortailAS/a.jpg", "C", response={"headers": [
                {"name": "Content-Disposition", "value": "attachment; filename=a.jpg"}]})]
    data = har(picture, *kept)
    assert len(sifted(data)) < 2_500
    assert [one.body for one in read_har(data).entries] == [b"", b"%PDF-1.4", b"B", b"C"]


def test_more_of_the_account_than_is_kept_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.files.formats.har.sift.MOST_KEPT", 5_000)
    with pytest.raises(TooLargeRecording):
        sifted(har(*[entry(text="é" * 400)] * 10))


def test_a_sifted_recording_is_json() -> None:
    assert len(json.loads(sifted(har(entry(), entry("https://example.org"), 3)))["log"]["entries"]) == 3
