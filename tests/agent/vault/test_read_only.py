"""A disk that takes no write: the vault opens for reading, says so, writes nothing, and writes again when it can."""

import errno
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from agent.vault import Vault
from agent.vault.errors import VaultReadOnly, VaultWriteFailed
from tests.agent.vault.simfs import SimFs
from tests.agent.vault.support import FOLDER, content, create, unlock

WRITES = frozenset({"create", "write", "write_at", "sync", "rename", "unlink", "sync_folder", "make_folder", "open"})
STEPS: list[Callable[[Vault], object]] = [
    lambda vault: vault.db.table("t").put("b", {}),
    lambda vault: vault.db.table("t").drop("a"),
    lambda vault: vault.put_blob(b"x"),
    lambda vault: vault.change_passphrase("another one"),
    Vault.new_recovery_code,
    Vault.compact,
]


def refuse(code: int) -> Callable[[str], None]:
    def fault(call: str) -> None:
        if call in WRITES:
            raise OSError(code, "injected")

    return fault


@pytest.fixture
def fs() -> SimFs:
    fs = SimFs(folders=(FOLDER.parent,))
    vault, _ = create(fs=fs)
    with vault.transaction():
        vault.db.table("t").put("a", {"blob": vault.put_blob(b"%PDF")})
    vault.lock()
    return fs


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EDQUOT, errno.EACCES, errno.EIO])
def test_a_disk_that_takes_no_write_can_be_read(fs: SimFs, code: int) -> None:
    fs.faults = refuse(code)
    before = fs.files()
    vault = unlock(fs=fs)
    assert vault.read_only
    assert content(vault) == {"t": {"a": {"blob": b"%PDF"}}}
    for step in STEPS:
        with pytest.raises(VaultReadOnly):
            step(vault)
    assert content(vault) == {"t": {"a": {"blob": b"%PDF"}}}
    assert [one.code for one in vault.problems] == ["vault_read_only"]
    vault.lock()
    assert fs.files() == before
    assert not fs.held


@pytest.mark.parametrize(("code", "cure"), [
    (errno.ENOSPC, "Make room"), (errno.EDQUOT, "Make room"), (errno.EROFS, "remount"), (errno.EACCES, "permissions"),
    (errno.EIO, "copy your data"),
])
def test_the_hint_fits_what_the_disk_said(fs: SimFs, code: int, cure: str) -> None:
    fs.faults = refuse(code)
    vault = unlock(fs=fs)
    assert cure in vault.problems[0].hint("en")
    assert vault.problems[0].hint("fr") != vault.problems[0].hint("en")
    fs.faults = None
    vault.lock()
    vault = unlock(fs=fs)
    fs.faults = refuse(code)
    with pytest.raises(VaultWriteFailed) as caught:
        STEPS[0](vault)
    assert cure in caught.value.hint("en")
    assert [one.code for one in vault.problems] == ["vault_write_failed"]
    fs.faults = None
    STEPS[0](vault)
    assert vault.problems == []


def test_it_is_written_again_once_there_is_room(fs: SimFs) -> None:
    fs.faults = refuse(errno.ENOSPC)
    vault = unlock(fs=fs)
    assert not vault.begin_writing()
    fs.faults = None
    assert vault.begin_writing()
    assert not vault.read_only
    for step in STEPS[:1] + STEPS[2:]:
        step(vault)
    vault.lock()
    assert sorted(unlock(fs=fs, passphrase="another one").db.table("t").keys()) == ["a", "b"]


def test_salvage_on_a_full_disk_reads_what_is_left_and_writes_it_later(fs: SimFs) -> None:
    vault = unlock(fs=fs)
    vault.db.table("t").put("b", {})
    vault.lock()
    path = FOLDER / "jrnl-00000001-000001"
    damaged = SimFs(fs.files() | {path: fs.files()[path][:-9] + bytes(9)})
    damaged.faults = refuse(errno.ENOSPC)
    vault = unlock(fs=damaged, salvage=True)
    assert vault.read_only
    assert vault.loss is not None
    assert vault.loss.missing == 1
    assert vault.db.table("t").keys() == ["b"]
    damaged.faults = None
    assert vault.begin_writing()
    vault.lock()
    vault = unlock(fs=damaged)
    assert vault.loss is None
    assert vault.db.table("t").keys() == ["b"]


def mounted(script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a shell script in a mount namespace of its own, where it may mount a small file system."""
    try:
        command = ["unshare", "-m", "sh", "-c", "mount -t tmpfs none /tmp"]
        may = subprocess.run(command, capture_output=True, check=False)
    except FileNotFoundError:
        pytest.skip("no unshare here")
    if may.returncode:
        pytest.skip("this user may not mount")
    return subprocess.run(
        ["unshare", "-m", "sh", "-ec", script, "sh", *arguments], text=True, capture_output=True, check=False,
        timeout=120)


_OPEN = """
import sys
from pathlib import Path
from agent.vault import Vault
from agent.vault.errors import VaultBusy, VaultReadOnly
from tests.agent.vault.support import CHEAP, create, unlock, content
folder = Path(sys.argv[1]) / "vault"
if sys.argv[2] == "make":
    vault, _ = create(folder); vault.db.table("t").put("a", {"n": 1})
else:
    vault = unlock(folder)
    assert vault.read_only, "it should be open for reading only"
    assert content(vault) == {"t": {"a": {"n": 1}}}
    try:
        unlock(folder)
    except VaultBusy:
        pass
    else:
        raise AssertionError("two have it open")
    try:
        vault.db.table("t").put("b", {})
    except VaultReadOnly as error:
        print(error, error.hint("en"))
vault.lock()
"""


@pytest.mark.parametrize(("spoil", "said"), [
    ('dd if=/dev/zero of="$1/full" bs=1k 2>/dev/null || true', "no room left"),
    ('mount -o remount,ro "$1"', "this disk is read-only"),
    ('rm "$1/vault/lock"; mount -o remount,ro "$1"', "this disk is read-only"),
], ids=["full", "read-only", "read-only without a lock file"])
def test_a_real_disk_that_takes_nothing_can_be_read(tmp_path: Path, spoil: str, said: str) -> None:
    script = f'''mount -t tmpfs -o size=1m none "$1"
"$2" -c "$3" "$1" make
{spoil}
"$2" -c "$3" "$1" read'''
    done = mounted(script, str(tmp_path), sys.executable, _OPEN)
    assert done.returncode == 0, done.stderr
    assert said in done.stdout
