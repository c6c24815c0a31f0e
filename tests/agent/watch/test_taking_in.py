"""Sealed files are taken in once; what is not what was sealed is told, and a file that nobody could judge stays."""

import asyncio
import errno
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.files.imports import Desk, Taken, bank_file, importer, registry
from agent.money import Money
from agent.vault.fs import RealFs
from agent.vault.inbox import Inbox
from agent.watch import sealed_file
from agent.watch.folder_ticket import FolderTicket
from agent.watch.merging import merge
from agent.watch.packing import pack
from agent.watch.sealed_file import SealedFile, is_file, pack_file, unpack_file
from agent.watch.taking_in import TakingIn
from tests.agent.bench import Clock
from tests.agent.files.formats.bank.files import ofx_old
from tests.agent.watch.helpers import Home, rounds, spoilt

DATA = ofx_old([(date(2026, 10, 20), Decimal("17.50"), "VIR SEPA CPAM PARIS 262920001234")])
BANK = SealedFile.of("bank.ofx", DATA)


class Unlocked:
    """A home that was unlocked, and what takes files in there."""

    def __init__(self, home: Home) -> None:
        self.home, self.told = home, list[Taken]()
        self.store = home.unlocked()
        self.merged = merge(home.vault, self.store)
        desk = Desk(self.store, Money(self.store), Clock())
        self.taking = TakingIn(home.vault, self.store, lambda: desk, self._taken)

    async def _taken(self, taken: Taken) -> None:
        self.told.append(taken)

    def take_in(self) -> list[str]:
        """Euros of the bank lines that are kept after it."""
        asyncio.run(self.taking.take_in())
        return [str(one["amount"]) for one in self.store.bank.credits()]

    @property
    def numbers(self) -> list[int]:
        """Rounds that are noted to hold a file."""
        watch = self.store.account.watch.read()
        return [number for epoch in watch["epochs"] for number in epoch.get("files", ())] if watch else []


def sealed(*files: SealedFile) -> Home:
    """A home that was locked while these came, after a round of news and before another one."""
    home = Home()
    sealer = home.locked()
    sealer.seal(rounds()[0])
    for file in files:
        sealer.seal_file(file)
    sealer.seal(rounds()[1])
    return home


def test_a_waiting_file_stands_in_no_rounds_way_and_is_let_go_once_it_was_taken_in() -> None:
    home = sealed(BANK)
    unlocked = Unlocked(home)
    assert (unlocked.merged.rounds, unlocked.merged.files, unlocked.merged.gaps, home.codes()) == (3, 1, 0, [])
    assert len(unlocked.store.payments) == 2 and unlocked.numbers == [2] and len(home.files()) == 1
    assert unlocked.take_in() == ["17.50"]
    assert (unlocked.numbers, home.files(), len(unlocked.told)) == ([], [], 1)
    assert unlocked.store.account.watch.read() is None
    assert unlocked.take_in() == ["17.50"] and len(unlocked.told) == 1


def test_the_same_bytes_twice_and_copies_of_a_round_are_one_file() -> None:
    home = sealed(BANK, BANK)
    for path in home.files():
        (home.inbox / f"{int(path.name, 16) ^ 1:032x}").write_bytes(path.read_bytes())
    unlocked = Unlocked(home)
    assert unlocked.take_in() == ["17.50"]
    assert (home.files(), len(unlocked.told), home.codes()) == ([], 1, [])


@pytest.mark.parametrize("spoil", [Path.unlink, lambda path: path.write_bytes(path.read_bytes()[:-1])],
                         ids=["gone", "damaged"])
def test_a_file_that_was_noted_and_is_lost_is_told_once(spoil: Callable[[Path], object]) -> None:
    home = sealed(BANK)
    Unlocked(home)
    [path] = home.files()
    spoil(path)
    for _ in range(2):
        unlocked = Unlocked(home)
        assert unlocked.take_in() == []
        assert (home.codes(), unlocked.store.account.watch.read()) == (["sealed_file_lost"], None)
    assert all(left.name == f"bad-{path.name}" for left in home.inbox.iterdir())


def test_a_forged_copy_of_its_number_is_put_aside_and_the_file_comes() -> None:
    home = sealed(BANK)
    Unlocked(home)
    [path] = home.files()
    forged = home.inbox / ("0" * 32)
    forged.write_bytes(spoilt(path.read_bytes()))
    unlocked = Unlocked(home)
    assert unlocked.take_in() == ["17.50"]
    assert [left.name for left in home.inbox.iterdir()] == [f"bad-{forged.name}"]
    assert home.codes() == ["rounds_damaged"]


def test_what_whoever_took_the_keys_seals_as_a_file_is_believed_in_nothing() -> None:
    for plain in (msgspec.msgpack.encode({"kind": "file", "name": "x", "digest": "0" * 32, "data": b"<OFX>"}),
                  msgspec.msgpack.encode({"kind": "other"}), b"\x81"):
        home = Home()
        sealer = home.locked()
        Inbox(RealFs(), home.folder).write(sealer.epoch.seal(plain), os.urandom)
        unlocked = Unlocked(home)
        assert unlocked.take_in() == [] and home.codes() == ["sealed_file_lost"]
        assert unlocked.store.account.watch.read() is None


def test_a_full_disk_at_taking_in_is_told_and_the_file_comes_later(monkeypatch: pytest.MonkeyPatch) -> None:
    unlocked = Unlocked(sealed(BANK))
    with monkeypatch.context() as patch:
        patch.setattr("agent.vault.fs._RealFile.write", no_space)
        assert unlocked.take_in() == []
        assert [problem["code"] for problem in unlocked.taking.problems] == ["vault_write_failed"]
    assert unlocked.take_in() == ["17.50"]
    assert unlocked.taking.problems == [] and unlocked.home.files() == []


def test_a_file_that_a_mistake_of_ours_met_waits_for_a_later_version(monkeypatch: pytest.MonkeyPatch) -> None:
    home = sealed(BANK)

    def fails(*_args: object) -> None:
        raise ArithmeticError("on purpose")

    with monkeypatch.context() as patch:
        broken = replace(bank_file.OFX, read=fails)
        patch.setattr(importer, "READERS", tuple(
            broken if reader is bank_file.OFX else reader for reader in registry.READERS))
        for _ in range(2):
            unlocked = Unlocked(home)
            unlocked.take_in()
            assert [problem["code"] for problem in unlocked.taking.problems] == ["import_failed"]
            assert "bank.ofx" in unlocked.taking.problems[0]["message"]["fr"] and len(home.files()) == 1
    with monkeypatch.context() as patch:
        patch.setattr("agent.files.imports.folder_watch.VERSION", "99")
        assert Unlocked(home).take_in() == ["17.50"]


def test_a_file_that_the_person_took_back_is_not_brought_again() -> None:
    home = Home()
    desk = Desk(home.store, Money(home.store), Clock())
    taken = asyncio.run(importer.take_file(desk, "bank.ofx", DATA))
    home.store.imports.undone(taken.id, "2026-11-23T08:00:00+00:00")
    sealer = home.locked()
    sealer.seal_file(BANK)
    unlocked = Unlocked(home)
    unlocked.take_in()
    assert (unlocked.told, unlocked.taking.problems, home.files()) == ([], [], [])


@given(st.binary(max_size=200))
def test_anything_else_is_no_file(data: bytes) -> None:
    if is_file(data):
        with pytest.raises(ValueError, match="no file"):
            unpack_file(data)


@given(st.text(max_size=300), st.binary(max_size=200))
def test_a_file_comes_back_as_it_was_with_a_name_that_can_be_shown(name: str, data: bytes) -> None:
    file = SealedFile.of(name, data)
    assert unpack_file(pack_file(file)) == file
    assert is_file(pack_file(file)) and not is_file(pack(rounds()[0])) and not is_file(pack([]))
    assert len(file.name) <= 200 and "\x1b" not in file.name


def test_fields_of_later_programs_are_passed_over() -> None:
    fields = msgspec.msgpack.decode(pack_file(BANK))
    assert sealed_file.unpack_file(msgspec.msgpack.encode({**fields, "colour": "red"})) == BANK


def test_the_ticket_knows_files_by_marks_that_nobody_reads() -> None:
    home = Home()
    desk = Desk(home.store, Money(home.store), Clock())
    asyncio.run(importer.take_file(desk, "bank.ofx", DATA))
    one, other = (FolderTicket.of(home.store, bytes([key]) * 32, []) for key in (1, 2))
    assert one.knows(BANK.digest) and other.knows(BANK.digest) and not one.knows(SealedFile.of("", b"x").digest)
    assert one.digests.isdisjoint(other.digests)
    assert BANK.digest.encode() not in msgspec.msgpack.encode(one)
    assert bytes.fromhex(BANK.digest) not in msgspec.msgpack.encode(one)


def no_space(*_: object) -> int:
    raise OSError(errno.ENOSPC, "No space left on device")
