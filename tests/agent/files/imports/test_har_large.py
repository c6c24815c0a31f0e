"""A large recording says the same, whichever way it comes, and is known again."""

import json
from pathlib import Path
from typing import Any

import pytest

from agent.files.formats.har import read_har
from agent.files.formats.har.plain_text import chunks_of
from agent.files.imports.folder_files import Seen, read_whole
from agent.files.imports.har.large import small_recording
from agent.files.imports.har.replay import read_pages
from tests.agent.bench import Bench
from tests.agent.files.imports.test_har import bring, fresh, known, recorded
from tests.agent.files.imports.test_har_pieces import page
from tests.recorder import REAL, Browser


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def small(har: Any) -> bytes:
    return bytes(small_recording(chunks_of(json.dumps(har).encode())))


@pytest.mark.parametrize("browser", ["chromium", "firefox", "safari"])
async def test_what_is_kept_of_it_gives_the_same_account(bench: Bench, browser: Browser) -> None:
    har = (await recorded(bench)).har(browser)
    har["log"]["entries"].append(page(f"{REAL}/PortailAS/other", "x" * 100_000))
    whole, sifted = fresh(bench, "whole"), fresh(bench, "sifted")
    taken = await bring(bench, whole, har)
    again = await bring(bench, sifted, small(har))
    assert known(sifted) == known(whole)
    assert (again.new, again.notes, again.problems) == (taken.new, taken.notes, [])
    assert len(small(har)) < len(json.dumps(har)) - 90_000


async def test_every_answer_that_is_read_stays_in_it(bench: Bench) -> None:
    har = (await recorded(bench)).har()
    whole, sifted = read_pages(read_har(json.dumps(har).encode())), read_pages(read_har(small(har)))
    assert (sifted.groups, sifted.statements, sifted.inbox, sifted.opened, sifted.profile) == (
        whole.groups, whole.statements, whole.inbox, whole.opened, whole.profile)


async def test_it_is_known_again_from_the_folder_in_an_archive_or_sent_whole(
    bench: Bench, monkeypatch: pytest.MonkeyPatch,
) -> None:
    for module in ("agent.files.imports.folder_files", "agent.files.imports.har.large"):
        monkeypatch.setattr(f"{module}.SIFTED_FROM", 10_000)
    data = json.dumps((await recorded(bench)).har()).encode()
    assert len(data) > 10_000
    path = bench.folder / "session.har"
    path.write_bytes(data)
    from_folder = read_whole(path, Seen.of(path.lstat()))
    assert from_folder == bytes(small_recording(chunks_of(data)))
    store = fresh(bench)
    first = await bring(bench, store, data)
    again = await bring(bench, store, from_folder)
    assert first.new and (again.id, again.new) == (first.id, 0)
