"""Each record of a damaged journal is taken by itself: what decrypts is kept, what does not is counted and dated."""

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.vault import Vault, VaultError
from agent.vault.errors import VaultDamaged
from agent.vault.salvage import Loss
from tests.agent.vault.simfs import SimFs
from tests.agent.vault.support import CHEAP, FOLDER, PASS, content, dice, unlock
from tests.thoroughness import some_and_all

DAYS = 3
PER_DAY = 6
JOURNAL = FOLDER / "jrnl-00000001-000001"
BEGIN = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


class Diary:
    """A young vault of one journal: a new row in each record, one row that changes in each, one that comes and goes."""

    def __init__(self) -> None:
        self.fs = SimFs(folders=(FOLDER.parent,))
        self.now = BEGIN
        vault, _ = Vault.create(
            FOLDER, PASS, kdf_cost=CHEAP, fs=self.fs, clock=lambda: self.now, random=dice("diary"))
        self.spans: list[tuple[int, int]] = []
        self.days: list[str] = []
        self.ever: dict[tuple[str, str], list[Any]] = {}
        for number in range(DAYS * PER_DAY):
            self.now = BEGIN + timedelta(days=number // PER_DAY)
            before = len(self.fs.files().get(JOURNAL, b""))
            with vault.transaction():
                vault.db.table("rows").put(f"r{number}", {"n": number, "text": "x" * (number * 97)})
                vault.db.table("state").put("last", {"n": number})
                if number % 2:
                    vault.db.table("state").drop("odd")
                else:
                    vault.db.table("state").put("odd", {"n": number})
            after = len(self.fs.files()[JOURNAL])
            self.spans.append((before or len(self.fs.files()[JOURNAL]) % 512, after))
            self.days.append(self.now.date().isoformat())
            for name, rows in content(vault).items():
                for key, row in rows.items():
                    if row not in (known := self.ever.setdefault((name, key), [])):
                        known.append(row)
        self.whole = content(vault)
        vault.lock()
        self.data = self.fs.files()[JOURNAL]

    def salvage(self, data: bytes | None, *, mark: bool = True) -> Vault:
        files = {path: kept for path, kept in self.fs.files().items() if mark or path.name != "high-water"}
        if data is None:
            del files[JOURNAL]
        else:
            files[JOURNAL] = data
        return unlock(fs=SimFs(files), salvage=True)

    def check(self, vault: Vault, whole: set[int], *, exact: bool = True) -> None:
        """The rows of the ``whole`` records are there, no other, no value that never was, and the count is right."""
        found = content(vault)
        assert set(found.get("rows", {})) == {f"r{number}" for number in whole}
        for name, rows in found.items():
            for key, row in rows.items():
                assert row in self.ever[name, key]
        if found.get("state", {}).get("last"):
            assert found["state"]["last"] == {"n": max(whole)}
        loss = vault.loss or Loss()
        missing = DAYS * PER_DAY - len(whole)
        if exact:
            assert (loss.missing, loss.exact) == (missing, True)
            assert missing == 0 or loss.total == DAYS * PER_DAY
        else:  # a clean cut cannot be told from the end; that there is no mark is told
            assert loss.missing <= missing
            assert [one.code for one in vault.problems] == ["mark_missing"]
            assert loss.missing == 0 or not loss.exact
        for number in set(range(DAYS * PER_DAY)) - whole if exact else ():
            day = self.days[number]
            assert any((since or "") <= day and day <= (until or "9") for since, until in loss.days)


@pytest.fixture(scope="module")
def diary() -> Diary:
    return Diary()


def untouched(diary: Diary, data: bytes) -> set[int]:
    """The records that lie whole in the damaged file, wherever: a byte put in beside its like only moves them."""
    old = diary.data
    before = next((at for at, (one, other) in enumerate(zip(old, data, strict=False)) if one != other), None)
    before = min(len(old), len(data)) if before is None else before
    if before < diary.spans[0][0] and len(data) < diary.spans[0][0] + 512:
        return set()
    return {number for number, (first, end) in enumerate(diary.spans) if old[first:end] in data}


@pytest.mark.parametrize("step", some_and_all(5))
def test_a_changed_byte_anywhere_costs_one_record_at_most(diary: Diary, step: int) -> None:
    luck = random.Random(1)
    heads = [at for first, _ in diary.spans for at in range(first, first + 40)]
    for at in sorted({*range(diary.spans[0][0]), *heads, *luck.sample(range(len(diary.data)), 150)})[::step]:
        changed = bytes([diary.data[at] ^ 1 << luck.randrange(8)])
        data = diary.data[:at] + changed + diary.data[at + 1 :]
        diary.check(diary.salvage(data), untouched(diary, data))


@pytest.mark.parametrize("mark", [True, False], ids=["with the mark", "without the mark"])
def test_a_cut_anywhere_costs_what_was_cut_off(diary: Diary, mark: bool) -> None:
    for at in {*range(0, len(diary.data), 331), *(end for _, end in diary.spans), diary.spans[0][0], 0, 1}:
        diary.check(diary.salvage(diary.data[:at], mark=mark), untouched(diary, diary.data[:at]), exact=mark)


@given(st.data())
def test_a_hole_costs_the_records_it_touches(diary: Diary, data: st.DataObject) -> None:
    start = data.draw(st.integers(diary.spans[0][0], len(diary.data) - 1))
    stop = data.draw(st.integers(start + 1, min(len(diary.data), start + 6000)))
    filled = data.draw(st.sampled_from([b"\0", b"\xff", b"\xe8\0\0\0\0\0\0\0\1"]))
    hole = (filled * (stop - start))[: stop - start]
    damaged = diary.data[:start] + hole + diary.data[stop:]
    diary.check(diary.salvage(damaged), untouched(diary, damaged))


@given(st.data())
def test_bytes_that_are_gone_or_too_many_cost_the_records_they_touch(diary: Diary, data: st.DataObject) -> None:
    start = data.draw(st.integers(diary.spans[0][0], len(diary.data) - 1))
    stop = data.draw(st.integers(start, min(len(diary.data), start + 3000)))
    more = data.draw(st.binary(max_size=40))
    damaged = diary.data[:start] + more + diary.data[stop:]
    diary.check(diary.salvage(damaged), untouched(diary, damaged))


def test_a_zero_more_among_a_frames_zeros_costs_no_record(diary: Diary) -> None:
    start = diary.spans[0][0] + 1
    damaged = diary.data[:start] + b"\0" + diary.data[start:]
    diary.check(diary.salvage(damaged), set(range(DAYS * PER_DAY)))


def test_records_in_another_order_are_put_back_in_theirs(diary: Diary) -> None:
    pieces = [diary.data[first:end] for first, end in diary.spans]
    random.Random(2).shuffle(pieces)
    vault = diary.salvage(diary.data[: diary.spans[0][0]] + b"".join(pieces))
    assert content(vault) == diary.whole


def test_a_whole_journal_that_is_gone_is_told(diary: Diary) -> None:
    vault = diary.salvage(None)
    diary.check(vault, set())
    assert vault.loss is not None
    assert vault.loss.days == [("2026-11-23", None)]


def test_without_journal_and_mark_nothing_can_be_known_but_that_there_is_no_mark(diary: Diary) -> None:
    files = {path: data for path, data in diary.fs.files().items() if path != JOURNAL and path.name != "high-water"}
    vault = unlock(fs=SimFs(files))
    assert content(vault) == {}
    assert [one.code for one in vault.problems] == ["mark_missing"]


def test_the_days_of_what_is_missing_are_told(diary: Diary) -> None:
    first, _ = diary.spans[PER_DAY + 2]  # the second day
    vault = diary.salvage(diary.data[: first + 30] + b"?" + diary.data[first + 31 :])
    assert vault.loss is not None
    assert vault.loss.days == [("2026-11-24", "2026-11-25")]


def test_a_journal_in_the_place_of_another_is_not_taken_for_it() -> None:
    """The same row in two files: taken in the wrong order, an old value would stand over a new one."""
    fs = SimFs(folders=(FOLDER.parent,))
    vault, _ = Vault.create(FOLDER, PASS, kdf_cost=CHEAP, fs=fs, clock=lambda: BEGIN)
    for value in (1, 2):
        vault.db.table("state").put("it", {"n": value})
        vault.lock()
        vault = unlock(fs=fs)
    vault.lock()
    one, two = JOURNAL, FOLDER / "jrnl-00000001-000002"
    files = fs.files()
    for broken in (files[one], files[one][:-600] + b"?" + files[one][-599:], b"?" + files[one][1:]):
        vault = unlock(fs=SimFs(files | {one: files[two], two: broken}), salvage=True)
        assert content(vault) == {}
        assert vault.loss is not None
        assert vault.loss.any


def test_looking_for_records_in_a_crafted_file_comes_to_an_end(diary: Diary) -> None:
    """Frames that look right everywhere and decrypt nowhere."""
    start = diary.spans[0][0]
    frame = (512 * 1800 - 24).to_bytes(4, "big") + (7).to_bytes(8, "big")
    vault = diary.salvage(diary.data[:start] + (frame + bytes(4)) * 120_000)
    assert content(vault) == {}


def test_a_documents_file_is_not_swept_away_after_a_loss(tmp_path: Path) -> None:
    folder = tmp_path / "vault"
    vault, _ = Vault.create(folder, PASS, kdf_cost=CHEAP, clock=lambda: BEGIN)
    with vault.transaction():
        vault.db.table("documents").put("d", {"blob": vault.put_blob(b"%PDF")})
    vault.lock()
    journal = folder / JOURNAL.name
    data = bytearray(journal.read_bytes())
    data[-20] ^= 1
    journal.write_bytes(data)
    vault = unlock(folder, salvage=True)
    assert content(vault) == {}
    assert len(list((folder / "blob").iterdir())) == 1


def test_salvaging_again_after_a_salvage_is_not_needed(diary: Diary) -> None:
    first, end = diary.spans[4]
    files = diary.fs.files() | {JOURNAL: diary.data[:first] + bytes(end - first) + diary.data[end:]}
    fs = SimFs(files)
    with pytest.raises(VaultDamaged):
        unlock(fs=fs)
    fs.held = False
    vault = unlock(fs=fs, salvage=True)
    found = content(vault)
    vault.lock()
    vault = unlock(fs=fs)
    assert vault.loss is None
    assert content(vault) == found
    with pytest.raises(VaultError):
        unlock(fs=fs)  # one at a time
