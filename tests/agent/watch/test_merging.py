"""What is sealed while the vault is locked comes back exactly once, and nothing else does."""

import errno
import hmac
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.account.batch import Batch, DocumentRead, PaymentRead
from agent.account.model import Document
from agent.store.apply import apply
from agent.vault.errors import VaultStopped, VaultWriteFailed
from agent.vault.fs import RealFs
from agent.vault.inbox import Inbox
from agent.vault.sealed_rounds import MAGIC, Epoch, EpochSecret, Opener
from agent.watch import packing
from agent.watch.merging import merge
from agent.watch.sealing import Sealer, begin_epoch
from tests.agent.store.test_apply import DAY, MOMENTS, D, batches, filled, split, visit
from tests.agent.watch.helpers import Home, content, note, rounds, sealed


@settings(max_examples=25)
@given(batches(), st.integers(0, 1 << 30))
def test_any_batches_in_any_rounds_come_to_what_applying_them_gives(told: list[Batch], seed: int) -> None:
    chance, home = Random(seed), Home()
    pieces = [piece for batch in told for piece in split(batch, chance)]
    for _ in range(chance.randint(1, 2)):
        sealer, left = home.locked(), pieces
        while left:
            size = chance.randint(0, 3)
            sealer.seal(left[:size])
            left = left[size:]
        names = [path.name for path in home.inbox.iterdir()]
        shuffled = chance.sample(names, len(names))
        for name in names:  # the order on the disk says nothing
            (home.inbox / name).rename(home.inbox / f"x{name}")
        for name, other in zip(names, shuffled, strict=True):
            (home.inbox / f"x{name}").rename(home.inbox / other)
        home.unlocked()
        assert merge(home.vault, home.store).damaged == 0
    assert content(home.store) == content(filled(told))
    assert (list(home.inbox.iterdir()), home.store.account.watch.read(), home.codes()) == ([], None, [])


def test_two_lockings_wait_and_come_in_their_order() -> None:
    home, told = Home(), rounds()
    sealed(home.locked(), told[:2])
    home.unlocked()
    sealed(home.locked(), told[2:])
    assert merge(home.vault, home.unlocked()).rounds == 5
    assert content(home.store) == content(filled([batch for one in told for batch in one]))


def test_nothing_of_a_round_can_be_read_in_its_file_and_its_size_tells_only_steps() -> None:
    home = Home()
    sealed(home.locked(), rounds())
    sizes = []
    for path in home.files():
        data = path.read_bytes()
        sizes.append(len(data) - 112)
        assert not any(word in data for word in (b"ZOE", b"DUPONT", b"Bonjour", b"%PDF", b"17.50", b"2026-1"))
        assert path.stat().st_mode & 0o777 == 0o600
    assert sizes == [4096, 16384, 4096, 4096, 4096]


def test_merging_an_empty_or_a_missing_folder_costs_one_look(monkeypatch: pytest.MonkeyPatch) -> None:
    home, looks = Home(), list[str]()
    for name in ("names", "open_to_read", "create", "rename", "unlink", "sync_folder", "make_folder", "exists", "read"):
        call = getattr(RealFs, name)
        monkeypatch.setattr(RealFs, name, lambda *given, call=call, name=name: (looks.append(name), call(*given))[1])
    merge(home.vault, home.store)
    home.inbox.mkdir()
    merge(home.vault, home.store)
    assert looks == ["names", "names"]


# -- what is not what was sealed -------------------------------------------------------------------------------------


def flipped(path: Path, _other: Path) -> None:
    data = bytearray(path.read_bytes())
    data[700] ^= 1
    path.write_bytes(data)


def truncated(path: Path, _other: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def emptied(path: Path, _other: Path) -> None:
    path.write_bytes(b"")


def lengthened(path: Path, _other: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\0")


def of_another_number(path: Path, _other: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[:24] + (9).to_bytes(8, "big") + data[32:])


def a_folder(path: Path, _other: Path) -> None:
    path.unlink()
    path.mkdir()


def a_pipe(path: Path, _other: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def a_link_to_nowhere(path: Path, _other: Path) -> None:
    path.unlink()
    path.symlink_to("/nowhere/at/all")


def of_another_vault(path: Path, other: Path) -> None:
    path.write_bytes(other.read_bytes())


SPOILT: list[Callable[[Path, Path], None]] = [
    flipped, truncated, emptied, lengthened, of_another_number, a_folder, a_pipe, a_link_to_nowhere, of_another_vault]


@pytest.mark.parametrize("spoil", SPOILT, ids=lambda spoil: spoil.__name__)
def test_a_file_that_is_not_what_was_sealed_is_put_aside_and_that_time_is_listed_again(
    spoil: Callable[[Path, Path], None],
) -> None:
    home, other, told = Home(), Home(), rounds()
    apply(home.store, note("2026-11-10", "2026-11-11T08:00:00.000000+00:00"))
    sealed(home.locked(), told)
    sealed(other.locked(), told)
    bad = home.files()[0]
    spoil(bad, other.files()[0])
    merged = merge(home.vault, home.unlocked())
    assert (merged.rounds, merged.damaged, merged.gaps) == (4, 1, 1)
    assert [path.name for path in home.inbox.iterdir()] == [f"bad-{bad.name}"]
    assert home.store.sync_state()["payments"] == {"until": "2026-11-10"}, "the next sync lists from before the gap"
    assert sorted(home.codes()) == ["rounds_damaged", "rounds_missing"]
    assert home.store.account.watch.read() is None
    assert len(home.store.payments) == 1 and len(home.store.messages.all()) == 1
    assert merge(home.vault, home.unlocked()) == merge(home.vault, home.store)
    assert sorted(home.codes()) == ["rounds_damaged", "rounds_missing"], "told once"
    live = note("2026-11-23", "2026-11-23T20:00:00.000000+00:00")
    apply(home.store, live)
    assert home.store.sync_state()["payments"] == {"until": "2026-11-23"}


def test_every_place_of_a_file_counts() -> None:
    home = Home()
    sealer = home.locked()
    sealer.seal(rounds()[0])
    [path] = home.files()
    data = path.read_bytes()
    secret = home.unlocked().account.watch.read()
    assert secret is not None
    [epoch] = secret["epochs"]
    opener = Opener(bytes.fromhex(home.vault.identity), EpochSecret(
        bytes.fromhex(epoch["epoch"]), bytes.fromhex(epoch["private_key"]), bytes.fromhex(epoch["chain_start"])))
    assert opener.open(data) is not None
    for place in [*range(112), *range(112, len(data), 61), len(data) - 1]:
        assert opener.open(data[:place] + bytes([data[place] ^ 1]) + data[place + 1:]) is None
        assert opener.open(data[:place]) is None


def test_whoever_took_the_keys_later_forges_no_earlier_round_and_nobody_forges_without_the_chain() -> None:
    home, told = Home(), rounds()
    sealer = home.locked()
    inbox = Inbox(RealFs(), home.folder)
    vault_id, name, public = sealer.epoch.vault_id, sealer.epoch.name, sealer.epoch.public_key
    sealed(sealer, told[:3])
    taken = sealer.epoch.chain_key  # of round 4
    genuine = {path.name for path in home.inbox.iterdir()}
    for chain, number in ((taken, 2), (bytes(32), 4), (taken, 5)):
        Sealer(Epoch(vault_id, name, public, chain, number), inbox).seal(
            [Batch(way="sync", at=MOMENTS[7], payments=(PaymentRead(payment=visit(who="EVE", rank=5)),))])
    merged = merge(home.vault, home.unlocked())
    assert (merged.rounds, merged.damaged) == (3, 3)
    assert not any(path.name in genuine for path in home.inbox.iterdir())
    assert content(home.store) == content(filled([batch for batches in told[:3] for batch in batches]))


def test_copies_and_returned_files_are_dropped_by_their_number() -> None:
    home, told = Home(), rounds()
    sealer = home.locked()
    sealed(sealer, told[:2])
    kept = {path.name: path.read_bytes() for path in home.files()}
    for path in home.files():
        shutil.copy(path, home.inbox / f"{int(path.name, 16) ^ 1:032x}")
    assert merge(home.vault, home.unlocked()).rounds == 2
    assert list(home.inbox.iterdir()) == []
    for name, data in kept.items():  # what opened them is gone: a copy of the disk opens them no more either
        (home.inbox / name).write_bytes(data)
    assert merge(home.vault, home.store).rounds == 0
    assert sorted(path.name for path in home.inbox.iterdir()) == sorted(f"bad-{name}" for name in kept)
    assert content(home.store) == content(filled([batch for batches in told[:2] for batch in batches]))


def test_files_of_two_lockings_in_the_place_of_each_other_come_to_the_same() -> None:
    home, told = Home(), rounds()
    sealed(home.locked(), told[:1])
    [first] = home.files()
    home.unlocked()
    sealed(home.locked(), told[1:2])
    [second] = [path for path in home.files() if path != first]
    one, two = first.read_bytes(), second.read_bytes()
    first.write_bytes(two)
    second.write_bytes(one)
    assert merge(home.vault, home.unlocked()).rounds == 2
    second.write_bytes(one[:8] + two[8:24] + one[24:])  # and of another epoch by its head alone
    assert merge(home.vault, home.store).damaged == 1


@pytest.mark.parametrize("gone", [0, 2], ids=["the first", "one in the middle"])
def test_a_removed_file_is_noticed_by_the_numbers(gone: int) -> None:
    home, told = Home(), rounds()
    sealed(home.locked(), told)
    home.files()[gone].unlink()
    merged = merge(home.vault, home.unlocked())
    assert (merged.rounds, merged.damaged, merged.gaps, home.codes()) == (4, 0, 1, ["rounds_missing"])
    assert (home.store.sync_state().get("payments") or {}).get("until") == (None if gone == 0 else "2026-11-20")


def test_the_last_file_removed_is_noticed_where_it_is_known_how_many_were_sealed() -> None:
    home, told = Home(), rounds()
    sealer = home.locked()
    sealed(sealer, told)
    home.files()[-1].unlink()
    merged = merge(home.vault, home.unlocked(), sealed=(sealer.epoch.name.hex(), 5))
    assert (merged.rounds, merged.gaps, home.codes()) == (4, 1, ["rounds_missing"])
    assert "profile" not in home.store.sync_state()


HOSTILE = [
    b"", b"\x90", b"not msgpack", packing.pack([])[:-1] + b"\xff", msgspec.msgpack.encode([{"way": "by hand"}]),
    msgspec.msgpack.encode([{"way": "sync", "at": 3}]), msgspec.json.encode([]),
    msgspec.msgpack.encode([{"way": "sync", "at": "x", "payments": [{"payment": {"id": []}}]}]),
    packing.pack([Batch(way="sync", at="x", documents=(DocumentRead(
        document=Document(id="d", kind="decompte", title="", date=DAY, filename=""), data=b"", of=7),))]),
    packing.pack([Batch(way="sync", at="x", payments=(PaymentRead(
        payment=msgspec.structs.replace(visit(), amount=D("NaN"))),))]),
]


@pytest.mark.parametrize("plain", HOSTILE[2:] + HOSTILE[:1])
def test_what_whoever_took_the_keys_seals_is_refused_by_its_type(plain: bytes) -> None:
    with pytest.raises(ValueError):
        packing.unpack(plain)
    home = Home()
    sealer = home.locked()
    sealer._inbox.write(sealer.epoch.seal(plain), os.urandom)
    before = home.unlocked()
    merged = merge(home.vault, before)
    assert (merged.rounds, merged.damaged, home.codes()) == (0, 1, ["rounds_damaged"])
    assert len(home.store.payments) == 0


def test_a_public_key_that_makes_no_secret_is_refused_too() -> None:
    home = Home()
    sealer = home.locked()
    text = MAGIC + sealer.epoch.name + (1).to_bytes(8, "big") + bytes(32) + bytes(4096 + 16)
    sealer._inbox.write(text + hmac.digest(sealer.epoch.chain_key, text, "sha256"), os.urandom)
    home.unlocked()
    assert merge(home.vault, home.store).damaged == 1


# -- the disk refuses ------------------------------------------------------------------------------------------------


def test_a_full_disk_fails_the_round_and_the_next_one_has_its_number(monkeypatch: pytest.MonkeyPatch) -> None:
    home, told = Home(), rounds()
    sealer = home.locked()
    with monkeypatch.context() as patch:
        patch.setattr("agent.vault.fs._RealFile.write", _no_space)
        with pytest.raises(VaultWriteFailed):
            sealer.seal(told[0])
    assert list(home.inbox.iterdir()) == []
    sealed(sealer, told)
    assert merge(home.vault, home.unlocked()).rounds == 5
    assert home.codes() == []


def test_after_a_failed_flush_no_number_is_given_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    home, told = Home(), rounds()
    sealer = home.locked()
    with monkeypatch.context() as patch:
        patch.setattr(RealFs, "sync_folder", _no_space)
        with pytest.raises(VaultStopped):
            sealer.seal(told[0])
    sealed(sealer, told[1:])
    assert merge(home.vault, home.unlocked()).rounds == 5


def test_a_merge_that_the_disk_refuses_goes_on_the_next_time(monkeypatch: pytest.MonkeyPatch) -> None:
    home, told = Home(), rounds()
    sealed(home.locked(), told)
    home.unlocked()
    with monkeypatch.context() as patch:
        patch.setattr("agent.vault.fs._RealFile.write", _no_space)
        with pytest.raises(VaultWriteFailed):
            merge(home.vault, home.store)
    assert len(home.files()) == 5
    assert merge(home.vault, home.unlocked()).rounds == 5
    assert content(home.store) == content(filled([batch for batches in told for batch in batches]))


def test_a_round_that_cannot_be_read_now_is_told_and_waits_with_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    home, told = Home(), rounds()
    sealed(home.locked(), told)
    second = home.files()[1]
    home.unlocked()
    with monkeypatch.context() as patch:
        patch.setattr(RealFs, "open_to_read", _refusing(RealFs.open_to_read, second))
        assert merge(home.vault, home.store).rounds == 0
    assert len(home.files()) == 5 and home.codes() == ["vault_unreadable"]
    assert (merge(home.vault, home.unlocked()).rounds, home.codes()) == (5, [])
    assert content(home.store) == content(filled([batch for batches in told for batch in batches]))


def test_what_a_cut_left_is_swept_and_strangers_are_left_alone() -> None:
    home = Home()
    begin_epoch(home.vault, home.store)
    for name in ("tmp-1", "holiday.jpg", "bad-" + "0" * 32):
        (home.inbox / name).write_bytes(b"x")
    merge(home.vault, home.store)
    assert sorted(path.name for path in home.inbox.iterdir()) == ["bad-" + "0" * 32, "holiday.jpg"]


def _no_space(*_: object) -> int:
    raise OSError(errno.ENOSPC, "No space left on device")


def _refusing(opened: Callable[[RealFs, Path], object], path: Path) -> Callable[[RealFs, Path], object]:
    def open_to_read(fs: RealFs, wanted: Path) -> object:
        if wanted == path:
            raise PermissionError(errno.EACCES, "Permission denied")
        return opened(fs, wanted)

    return open_to_read
