"""The power goes, or the process, between any two calls of a backup or a restoring: nothing lost, nothing wrong."""

import hashlib
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agent.vault import Vault
from agent.vault.backup import write_backup
from agent.vault.restore import restore_vault
from tests.agent.vault.simfs import SimFile, SimFs
from tests.agent.vault.support import CHEAP, FOLDER, NOW, PASS, content, create, dice, unlock

MEDIA = Path("/media")
FILE = MEDIA / "ameli.backup"
Content = dict[str, Any]


class States:
    """Disks as cuts leave them, each once; and how many different moments they were cut at."""

    def __init__(self, samples: int) -> None:
        self.samples = samples
        self.luck = random.Random(11)
        self.seen: set[str] = set()
        self.moments: set[tuple[str, int, bool]] = set()
        """Operation, number of the call in it, whether something written was torn."""

    def during(self, fs: SimFs, operation: str, work: Callable[[], object], check: Callable[[SimFs], None]) -> None:
        """Do ``work``; cut the power after each call to the disk, and ``check`` what is left each time."""
        disks: list[SimFs] = []
        calls = 0

        def cut() -> None:
            nonlocal calls
            calls += 1
            now = fs.files()
            for disk in fs.crash_states(self.luck, self.samples):
                torn = any(data != now.get(path, data) for path, data in disk.files().items())
                self.moments.add((operation, calls, torn))
                disks.append(disk)

        fs.watcher = cut
        work()
        fs.watcher = None
        for disk in disks:
            seen = state(disk)
            if seen not in self.seen:
                self.seen.add(seen)
                check(disk)


def state(fs: SimFs) -> str:
    """Say in short what is on a disk."""
    files = sorted((str(path), hashlib.sha256(data).hexdigest()) for path, data in fs.files().items())
    return hashlib.sha256(repr(files).encode()).hexdigest()


def lived(fs: SimFs) -> Vault:
    vault, _ = create(fs=fs, random=dice("cut"))
    for number in range(3):
        with vault.transaction():
            name = vault.put_blob(bytes([number]) * (70_000 * number + 9))
            vault.db.table("documents").put(f"d{number}", {"blob": name})
    vault.db.table("payments").put_many({f"p{i}": {"amount": f"{i}.00", "note": "x" * 700} for i in range(30)})
    return vault


def back_up(vault: Vault) -> None:
    with vault.moment() as moment:
        write_backup(moment, FILE, NOW, b"lang = 'fr'\n")


def restored(disk: SimFs, file: bytes | None = None) -> Content:
    """What the backup on this disk brings back on another one."""
    other = SimFs({FILE: disk.files()[FILE] if file is None else file}, (FOLDER.parent,))
    restore_vault(FILE, FOLDER, NOW, passphrase=PASS, kdf_floor=CHEAP, fs=other)
    return content(unlock(fs=other))


def backups(samples: int) -> States:
    """A first backup, a second one over it, and one while the vault is changed."""
    states, fs = States(samples), SimFs(folders=(FOLDER.parent, MEDIA))
    vault = lived(fs)
    known: list[Content | None] = [None]

    def check(disk: SimFs) -> None:
        assert content(unlock(fs=disk.copy())) in allowed, "the vault itself is another"
        if FILE in disk.files():
            assert restored(disk) in known, "a backup that is there holds something else than was there"
        else:
            assert None in known, "the backup before is gone"

    allowed = [content(vault)]
    known.append(content(vault))
    states.during(fs, "first backup", lambda: back_up(vault), check)
    assert restored(fs) == content(vault)
    vault.db.table("payments").put("later", {"amount": "7.00"})
    allowed, known = [content(vault)], [restored(fs), content(vault)]
    states.during(fs, "backup over another", lambda: back_up(vault), check)
    assert restored(fs) == content(vault)

    def changing() -> None:
        row = vault.db.table("documents").fetch("d2")
        assert row is not None
        with vault.moment() as moment:
            with vault.transaction():
                vault.db.table("documents").drop("d2")
                vault.delete_blob(str(row["blob"]))
            write_backup(moment, FILE, NOW, None)

    allowed, known = [content(vault)], [content(vault)]
    after = content(vault)
    del after["documents"]["d2"]
    allowed.append(after)
    states.during(fs, "backup while a document is removed", changing, check)
    return states


def restorings(samples: int, leftovers: bool) -> States:
    """A restoring into an empty home; with ``leftovers`` of a creation and a restoring that were cut before."""
    states, origin = States(samples), SimFs(folders=(FOLDER.parent, MEDIA))
    vault = lived(origin)
    back_up(vault)
    wanted, file = content(vault), origin.files()[FILE]
    fs = SimFs({FILE: file}, (FOLDER.parent,))
    if leftovers:
        half = SimFs(folders=(FOLDER.parent,))
        cuts: list[SimFs] = []
        half.watcher = lambda: cuts.append(half.copy())
        create(fs=half, random=dice("half"))
        no_header = [disk for disk in cuts if not Vault.exists(FOLDER, fs=disk)][-1]
        fs = SimFs({**no_header.files(), FILE: file, FOLDER.with_name("vault-restoring") / "blob" / "00": b"old",
                    FOLDER.with_name("vault-restoring") / "tmp-1": b"old"},
                   (*no_header.folders, FOLDER.parent, FOLDER.with_name("vault-restoring")))

    def restore(disk: SimFs) -> None:
        restore_vault(FILE, FOLDER, NOW, passphrase=PASS, kdf_floor=CHEAP, fs=disk, random=dice("new"))

    def check(disk: SimFs) -> None:
        if not Vault.exists(FOLDER, fs=disk):
            assert not Vault.key_gone(FOLDER, fs=disk), "half a vault"
            restore(disk)
        found = unlock(fs=disk)
        assert content(found) == wanted
        assert found.backups.restored is not None, "it would send what may have been sent"
        found.db.table("payments").put("after the cut", {})
        found.lock()
        assert "after the cut" in content(unlock(fs=disk))["payments"]

    states.during(fs, f"restoring, leftovers: {leftovers}", lambda: restore(fs), check)
    for disk in fs.crash_states(states.luck, samples):  # it was said to be there
        assert Vault.exists(FOLDER, fs=disk)
        check(disk)
    return states


def test_a_cut_at_any_moment_of_a_backup_loses_nothing() -> None:
    states = backups(samples=10)
    assert len(states.seen) > 120 and len(states.moments) > 50


@pytest.mark.parametrize("leftovers", [False, True], ids=["an empty home", "leftovers"])
def test_a_cut_at_any_moment_of_a_restoring_leaves_no_vault_or_the_whole_one(leftovers: bool) -> None:
    states = restorings(10, leftovers)
    assert len(states.seen) > 30 and len(states.moments) > 40


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_thousands_of_different_cuts_of_backups_and_restorings_lose_nothing() -> None:
    done = [backups(640), restorings(640, False), restorings(640, True)]
    assert sum(len(states.seen) for states in done) > 4_000


def test_the_simulation_notices_a_disk_that_does_not_flush(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SimFile, "sync", lambda file: file.fs.after())
    with pytest.raises(Exception):  # noqa: B017 - whatever is met first
        backups(4)
    with pytest.raises(Exception):  # noqa: B017
        restorings(4, False)


def test_the_simulation_notices_a_folder_that_is_not_flushed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SimFs, "sync_folder", lambda fs, path: fs.after())
    with pytest.raises(AssertionError):
        restorings(4, False)
