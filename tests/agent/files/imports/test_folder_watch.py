"""The watched folder: what is whole, one's own and of a known kind is taken in once; everything else is left alone."""

import asyncio
import json
import os
import shlex
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from agent.files.imports import Desk, Taken, take_file
from agent.files.imports import bank_file as bank
from agent.files.imports import folder_watch as watching
from agent.files.imports import importer as taking
from agent.files.imports import registry as readers
from agent.files.imports.folder_watch import Watch
from agent.money import Money
from agent.portal.pages.selectors import InboxPage
from agent.vault.errors import VaultWriteFailed
from config.settings import ImportSettings, Settings
from tests.agent.bench import Bench
from tests.agent.files.formats.bank.files import ofx_old
from tests.agent.files.formats.bank.test_reading import MOVES
from tests.agent.files.imports.test_har import fresh, known, recorded
from tests.agent.files.imports.test_har_pieces import is_detail, is_list, only
from tests.agent.processes import PASSPHRASE, served
from tests.commands import Home
from tests.thoroughness import one_in


@dataclass
class Watched:
    """A folder, a store, and what the watch told."""

    bench: Bench
    folder: Path
    delete: bool = False
    told: list[Taken] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.folder.mkdir(exist_ok=True)
        self.store = fresh(self.bench)
        self.now = 0.0
        self.watch = self.again()

    def again(self) -> Watch:
        """The watch of an agent that starts anew."""
        desk = Desk(self.store, Money(self.store), self.bench.clock)
        return Watch(self.folder, lambda: desk, self._taken, self.delete, lambda: self.now or 1e12)

    async def _taken(self, taken: Taken) -> None:
        self.told.append(taken)


@pytest.fixture
def watched(tmp_path: Path) -> Watched:
    return Watched(Bench(tmp_path), tmp_path / "dropped")


async def har(watched: Watched) -> bytes:
    return json.dumps((await recorded(watched.bench)).har()).encode()


async def test_a_file_is_taken_in_once_and_stays_where_it_is(watched: Watched) -> None:
    data = await har(watched)
    (watched.folder / "session.har").write_bytes(data)
    await watched.watch.look()
    assert known(watched.store) == known(watched.bench.store)
    await watched.watch.look()
    (watched.folder / "copy.har").write_bytes(data)
    await watched.watch.look()
    watched.watch = watched.again()
    await watched.watch.look()
    assert len(watched.told) == 1
    assert {one["file"]: one["code"] for one in watched.watch.problems} == {
        "copy.har": "recording_left", "session.har": "recording_left"}  # it holds the password
    for path in watched.folder.iterdir():
        assert path.read_bytes() == data
    assert sorted(one.name for one in watched.folder.iterdir()) == ["copy.har", "session.har"]
    assert [one["name"] for one in watched.store.imports.newest(9)] == ["session.har"]


async def test_a_file_is_deleted_when_the_settings_say_so_and_nothing_was_wrong(watched: Watched) -> None:
    watched.delete = True
    watched.watch = watched.again()
    (watched.folder / "session.har").write_bytes(await har(watched))
    (watched.folder / "broken.har").write_bytes(b'{"log": {"entries": [')
    await watched.watch.look()
    assert [one.name for one in watched.folder.iterdir()] == ["broken.har"]


async def test_a_file_of_which_rows_were_not_read_is_not_deleted(watched: Watched) -> None:
    watched.delete = True
    watched.watch = watched.again()
    rows = "01/03/2026;VIR CPAM;8,80\n02/03/2026;VIR CPAM;neuf\n03/03/2026;CB PAIN;-1,00\n"
    (watched.folder / "part.csv").write_text("Date;Libellé;Montant\n" + rows, encoding="utf-8")
    (watched.folder / "whole.csv").write_text("Date;Libellé;Montant\n" + rows.replace("neuf", "9,00"), encoding="utf-8")
    for _ in range(2):
        await watched.watch.look()
        assert [one.name for one in watched.folder.iterdir()] == ["part.csv"]


async def test_a_file_that_still_grows_is_left_until_it_rests(watched: Watched) -> None:
    data, path = await har(watched), watched.folder / "session.har"
    path.write_bytes(data[:1000])
    watched.now = path.stat().st_mtime + 1
    await watched.watch.look()
    path.write_bytes(data)
    await watched.watch.look()
    assert not watched.told and not watched.watch.problems
    watched.now = path.stat().st_mtime + 5
    await watched.watch.look()
    assert len(watched.told) == 1 and not watched.told[0].problems


async def test_a_file_that_cannot_be_read_is_told_by_name_until_it_is_gone_or_mended(watched: Watched) -> None:
    path = watched.folder / "\x1b[31mbroken.har"
    path.write_bytes(b'{"log": {"entries": [')
    for _ in range(2):
        await watched.watch.look()
        problem, = watched.watch.problems
        assert problem["code"] == "not_har" and "broken.har" in problem["message"]["fr"]
        assert "\x1b" not in problem["message"]["en"]
        watched.watch = watched.again()
    assert len(watched.told) == 1
    await watched.watch.look()
    path.write_bytes(await har(watched))
    await watched.watch.look()
    assert [one["code"] for one in watched.watch.problems] == ["recording_left"] and len(watched.told) == 2
    path.unlink()
    await watched.watch.look()
    assert watched.watch.problems == []


async def test_links_pipes_hidden_unfinished_and_unknown_files_are_left_alone(watched: Watched) -> None:
    data, outside = await har(watched), watched.bench.folder / "outside.har"
    outside.write_bytes(data)
    folder = watched.folder
    (folder / "link.har").symlink_to(outside)
    os.mkfifo(folder / "pipe.har")
    (folder / "sub.har").mkdir()
    (folder / "sub.har" / "inside.har").write_bytes(data)
    for name in (".hidden.har", "session.har.part", "session.har.crdownload"):
        (folder / name).write_bytes(data)
    (folder / "photo.jpg").write_bytes(b"\xff\xd8\xff" + bytes(1000))
    (folder / "empty.har").touch()
    await watched.watch.look()
    assert not watched.told and not watched.watch.problems
    assert watched.store.imports.newest(9) == []


async def test_names_of_any_bytes_and_what_is_not_meant_for_the_account(watched: Watched) -> None:
    (watched.folder / os.fsdecode(b"odd\xff.har")).write_bytes(await har(watched))
    elsewhere = {"log": {"entries": [{"request": {"url": "https://example.org/"}, "response": {"status": 200}}]}}
    (watched.folder / "other-site.har").write_text(json.dumps(elsewhere))
    await watched.watch.look()
    assert [one["file"] for one in watched.watch.problems] == ["odd\ufffd.har"]
    watched.watch = watched.again()
    await watched.watch.look()
    assert [one["code"] for one in watched.watch.problems] == ["recording_left"]


async def test_a_write_that_fails_is_told_and_tried_again(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    (watched.folder / "session.har").write_bytes(await har(watched))

    def full(*_args: object) -> None:
        raise VaultWriteFailed(reason="No space left on device")

    monkeypatch.setattr(watched.store.person, "add_profile", full)
    await watched.watch.look()
    assert [one["code"] for one in watched.watch.problems] == [VaultWriteFailed.code]
    assert watched.store.payments.found() == []
    monkeypatch.undo()
    await watched.watch.look()
    assert len(watched.store.payments.found()) == 6
    assert [one["code"] for one in watched.watch.problems] == ["recording_left"]


async def test_files_of_somebody_else_are_left_alone(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    (watched.folder / "session.har").write_bytes(await har(watched))
    monkeypatch.setattr("os.geteuid", lambda: 4242)
    await watched.watch.look()
    assert not watched.told


async def test_a_huge_file_is_told_and_never_read_whole(watched: Watched) -> None:
    path = watched.folder / "huge.har"
    path.write_bytes(b'{"log": {"version"')
    os.truncate(path, 1 << 40)
    await watched.watch.look()
    assert [one["code"] for one in watched.watch.problems] == ["file_too_large"]


async def test_a_folder_that_is_gone_is_told_and_comes_back(watched: Watched) -> None:
    watched.folder.rmdir()
    await watched.watch.look()
    assert [one["code"] for one in watched.watch.problems] == ["import_folder_gone"]
    watched.folder.mkdir()
    await watched.watch.look()
    assert watched.watch.problems == []


async def test_a_file_replaced_by_a_link_while_it_is_looked_at_is_not_followed(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, outside = watched.folder / "session.har", watched.bench.folder / "outside.har"
    outside.write_bytes(await har(watched))
    path.write_bytes(b'{"log": 1}')
    listed = watching.ordinary_files

    def swapped(folder: Path) -> Any:
        yield from list(listed(folder))
        path.unlink()
        path.symlink_to(outside)

    monkeypatch.setattr(watching, "ordinary_files", swapped)
    await watched.watch.look()
    assert not watched.told and watched.store.payments.found() == []


async def test_a_file_in_doubt_is_put_aside_once_and_its_question_ends_with_the_answer(watched: Watched) -> None:
    whole = (await recorded(watched.bench)).har()
    inbox = json.dumps(only(whole, lambda one: InboxPage.label in one["request"]["url"])).encode()
    await take_file(watched.watch.desk(), "own.har", json.dumps(only(whole, is_list, is_detail)).encode())
    path = watched.folder / "it's in doubt.har"
    path.write_bytes(inbox)
    for _ in range(3):
        await watched.watch.look()
    problem, = watched.watch.problems
    assert (problem["code"], problem["exit"], problem["path"]) == ("whose_is_it", 5, str(path))
    assert shlex.quote(str(path)) in problem["hint"]["en"] and shlex.quote(str(path)) in problem["hint"]["fr"]
    assert len(watched.told) == 1 and watched.store.messages.all() == [] and path.read_bytes() == inbox

    await take_file(replace(watched.watch.desk(), mine=False), path.name, inbox)
    await watched.watch.look()
    assert watched.watch.problems == [] and watched.store.messages.all() == []
    await take_file(replace(watched.watch.desk(), mine=True), path.name, inbox)
    watched.watch = watched.again()
    await watched.watch.look()
    assert [one["code"] for one in watched.watch.problems] == ["recording_left"]  # it is in, and holds the password
    assert len(watched.store.messages.all()) == 2


async def test_a_file_in_doubt_is_compared_again_when_the_account_is_known_better(watched: Watched) -> None:
    whole = (await recorded(watched.bench)).har()
    (watched.folder / "part.har").write_text(json.dumps(only(whole, is_list, is_detail)))
    watched.store.set_credentials(watched.bench.house.nir, None)
    await watched.watch.look()
    assert [one["code"] for one in watched.watch.problems] == ["whose_is_it"]
    await take_file(watched.watch.desk(), "whole.har", json.dumps(whole).encode())
    await watched.watch.look()
    assert [one["code"] for one in watched.watch.problems] == ["recording_left"]


@pytest.mark.parametrize("error", one_in(3, [ArithmeticError, RecursionError, MemoryError, KeyError, AssertionError]))
@pytest.mark.parametrize("part", ["read", "keep"])
async def test_a_reader_that_fails_stops_no_other_file_and_is_told_once(
    watched: Watched, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, error: type[Exception],
    part: str,
) -> None:
    def fails(*_args: object) -> None:
        raise error("on purpose")

    broken = replace(bank.OFX, **{part: fails})
    monkeypatch.setattr(readers, "READERS", tuple(broken if one is bank.OFX else one for one in readers.READERS))
    monkeypatch.setattr(taking, "READERS", readers.READERS)
    (watched.folder / "a.ofx").write_bytes(ofx_old(MOVES))
    (watched.folder / "b.har").write_bytes(await har(watched))
    for _ in range(3):
        await watched.watch.look()
    assert {one["file"]: one["code"] for one in watched.watch.problems} == {
        "a.ofx": "import_failed", "b.har": "recording_left"}
    assert len(watched.store.payments.found()) == 6
    traces = [one for one in caplog.records if one.exc_info]
    assert len(traces) == 1 and traces[0].exc_info and traces[0].exc_info[0] is error
    (watched.folder / "a.ofx").write_bytes(ofx_old(MOVES) + b"\n")
    await watched.watch.look()
    assert len([one for one in caplog.records if one.exc_info]) == 2  # changed: tried again
    (watched.folder / "a.ofx").unlink()
    await watched.watch.look()
    assert [one["file"] for one in watched.watch.problems] == ["b.har"]


async def test_a_file_that_may_not_be_read_is_told_and_read_once_it_may(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    (watched.folder / "session.har").write_bytes(await har(watched))
    (watched.folder / "photo.jpg").write_bytes(b"x")
    read = watching.read_whole

    def forbidden(path: Path, seen: Any) -> bytes | None:
        if not path.stat().st_mode & 0o400:
            raise PermissionError(13, "Permission denied")
        return read(path, seen)

    monkeypatch.setattr(watching, "read_whole", forbidden)  # root may read everything
    for path in watched.folder.iterdir():
        path.chmod(0)
    await watched.watch.look()
    assert [(one["file"], one["code"]) for one in watched.watch.problems] == [("session.har", "file_unreadable")]
    (watched.folder / "session.har").chmod(0o600)
    await watched.watch.look()
    assert [one["code"] for one in watched.watch.problems] == ["recording_left"]


async def test_what_a_browser_still_writes_or_dates_in_the_future_waits_until_it_rests(watched: Watched) -> None:
    data = await har(watched)
    path, rest = watched.folder / "session.har", watched.folder / "session.har.part"
    path.write_bytes(data)
    rest.write_bytes(b"more")
    await watched.watch.look()
    assert not watched.told
    rest.unlink()
    watched.now = path.stat().st_mtime - 10_000  # the clock is behind the file's
    await watched.watch.look()
    path.write_bytes(data + b" ")
    await watched.watch.look()
    assert not watched.told
    await watched.watch.look()
    assert len(watched.told) == 1


async def test_a_file_that_cannot_be_deleted_is_told_until_it_is_gone(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched.delete = True
    watched.watch = watched.again()
    path = watched.folder / "session.har"
    path.write_bytes(await har(watched))

    def refused(_self: Path) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(Path, "unlink", refused)
    for _ in range(3):
        await watched.watch.look()
        problem, = watched.watch.problems
        assert (problem["code"], problem["file"]) == ("not_deleted", "session.har")
        assert "Read-only file system" in problem["message"]["fr"] and "password" in problem["message"]["en"]
        assert "ameli agent install" in problem["hint"]["fr"]
    assert len(watched.told) == 1 and path.exists()
    monkeypatch.undo()
    await watched.watch.look()
    assert not path.exists()
    await watched.watch.look()
    assert watched.watch.problems == []


async def test_the_agent_watches_while_the_vault_is_open_and_says_which_folder(tmp_path: Path) -> None:
    bench, folder = Bench(tmp_path), tmp_path / "dropped"
    data = json.dumps((await recorded(bench)).har()).encode()
    folder.mkdir()
    path = folder / "session.har"
    path.write_bytes(data)
    os.utime(path, (1e9, 1e9))
    async with served(tmp_path / "home", Settings(imports=ImportSettings(folder=str(folder)))) as agent:
        await agent.post("/v1/setup", {"passphrase": PASSPHRASE})
        await agent.agent.heartbeat()
        async with asyncio.timeout(20):
            while not await agent.get("/v1/imports"):
                await asyncio.sleep(0.02)
        assert len(await agent.get("/v1/payments")) == 6
        assert (await agent.get("/v1/status"))["import_folder"] == str(folder)
        await agent.post("/v1/lock")
        await agent.agent.heartbeat()
        assert (await agent.get("/v1/status"))["import_folder"] == str(folder)


def test_the_folder_is_checked_when_it_is_set(tmp_path: Path) -> None:
    home, folder = Home(tmp_path / "home"), tmp_path / "my files"
    folder.mkdir()
    done = home.run("config", "set", "import.folder", str(folder), "--json")
    assert done.code == 0 and done.json["value"] == str(folder)
    for wrong in (str(folder / "nothing"), __file__, str(tmp_path / "home" / "data"), "~nobody-at-all", "x" * 9000):
        refused = home.run("config", "set", "import.folder", wrong)
        assert refused.code != 0 and refused.err, wrong
    assert home.json("config", "show")["import"]["folder"] == str(folder)
    assert home.run("config", "set", "import.folder", "").code == 0
