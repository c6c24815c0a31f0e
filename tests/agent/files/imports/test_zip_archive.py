"""ZIP archives: their members are taken in one by one, within bounds, and nothing is unpacked to disk."""

import io
import json
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.files.imports import zip_archive as archive
from agent.files.imports.errors import BadArchive
from agent.files.imports.zip_archive import is_archive
from tests.agent.bench import Bench
from tests.agent.files.imports.test_har import bring, fresh, known, recorded
from tests.thoroughness import examples


def zipped(members: dict[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", how) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return file.getvalue()


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


async def test_the_members_are_taken_in_each_with_its_own_problem(bench: Bench) -> None:
    har = json.dumps((await recorded(bench)).har()).encode()
    store = fresh(bench)
    taken = await bring(bench, store, zipped({
        "../../etc/session.har": har, "photo.jpg": b"\xff\xd8\xff", "a/": b"", "cut.har": har[:100]}))
    assert taken.kind == "zip"
    assert known(store) == known(bench.store)
    told = taken.shape()["problem"]
    assert told["code"] == "not_har" and told["message"]["fr"].startswith("cut.har : ")
    assert any(note.en == "session.har: Delete that HAR file now: it holds your password." for note in taken.notes)


async def test_what_is_not_taken_in_is_told(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MANY", 3)
    monkeypatch.setattr(archive, "MOST", 100_000)
    whole = zipped({"a.har": b'{"log": {}}', "b": b"b" * 100})
    locked = bytearray(whole)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.find(mark) + offset] |= 1
    files = {
        "nothing to read": (zipped({"a.txt": b"x"}), "unknown_file"), "empty": (zipped({}), "unknown_file"),
        "too many": (zipped({str(n): b"" for n in range(5)}), "bad_archive"),
        "bomb": (zipped({"a": bytes(200_000)}), "bad_archive"), "cut": (whole[:-30], "bad_archive"),
        "locked": (bytes(locked), "bad_archive"), "long": (zipped({"x" * 4000: b""}), "bad_archive"),
    }
    store = fresh(bench)
    for name, (data, code) in files.items():
        taken = await bring(bench, store, data)
        assert [one.problem()["code"] for one in taken.problems] == [code], name
    assert store.imports.newest(9) == []


@settings(max_examples=examples(200), deadline=None)
@given(st.integers(0, 400), st.binary(max_size=12), st.integers(0, 12))
def test_a_damaged_archive_is_read_or_told(at: int, noise: bytes, cut: int) -> None:
    data = zipped({"a.har": b'{"log": {"entries": []}}' * 9, "b.pdf": b"%PDF-1.4"})
    broken = data[:at] + noise + data[at + cut:]
    if not is_archive(broken):
        return
    try:
        found = list(archive._members(broken, lambda _content: True))
    except BadArchive as error:
        assert error.message("fr")
    else:
        assert all("/" not in name for name, _content in found)
