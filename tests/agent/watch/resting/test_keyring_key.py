"""The key in the desktop's keyring: GNOME's own, on a bus of the test's, and what must never stand in for one."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.watch.resting.errors import (
    KeyringLocked,
    KeyringNotInstalled,
    KeyringRefused,
    KeyringSilent,
    KeyUnavailable,
    NoKeyring,
)
from agent.watch.resting.keyring_key import KeyringKey
from tests.agent.watch.resting.desktop import collection, keyring_runs, needs_keyring, session
from tests.thoroughness import one_in

KEY = bytes(range(32))
PLENTY_S = 60.0
"""A busy machine starts a process late; the deadline has a test of its own."""


@pytest.fixture
def desktop(tmp_path: Path) -> Iterator[dict[str, str]]:
    with session(tmp_path) as environ:
        yield environ


def keeper(environ: dict[str, str], account: str = "0123", deadline_s: float = PLENTY_S) -> KeyringKey:
    return KeyringKey(account, environ, deadline_s)


@needs_keyring
def test_a_key_is_kept_replaced_and_forgotten(desktop: dict[str, str]) -> None:
    assert keeper(desktop).load() is None
    keeper(desktop).forget()
    for key in (KEY, KEY[::-1]):
        keeper(desktop).store(key)
        assert keeper(desktop).load() == key
    keeper(desktop, "4567").store(bytes(32))
    assert keeper(desktop).load() == KEY[::-1], "each home has its own"
    keeper(desktop).forget()
    assert keeper(desktop).load() is None
    assert keeper(desktop, "4567").load() == bytes(32)


@needs_keyring
def test_what_others_left_under_its_name_is_no_key(desktop: dict[str, str]) -> None:
    keeper(desktop).store(KEY)
    for garbage in ("", "00", "zz" * 32, "00" * 33):
        with collection(desktop) as login:
            [item] = login.search_items({"service": "ameli-tui", "username": "0123"})
            item.set_secret(garbage.encode())
        assert keeper(desktop).load() is None


@needs_keyring
def test_the_item_says_nothing_of_the_person(desktop: dict[str, str]) -> None:
    keeper(desktop).store(KEY)
    with collection(desktop) as login:
        [item] = login.get_all_items()
        said = f"{item.get_label()} {item.get_attributes()}"
    assert "ameli-tui" in said and "0123" in said
    assert desktop["HOME"] not in said and KEY.hex() not in said


@needs_keyring
def test_a_locked_keyring_is_told_and_opens_later(desktop: dict[str, str]) -> None:
    keeper(desktop).store(KEY)
    with collection(desktop) as login:
        login.lock()
    for step in (keeper(desktop).load, keeper(desktop).forget, lambda: keeper(desktop).store(KEY)):
        with pytest.raises(KeyringLocked):
            step()


@needs_keyring
def test_no_keyring_is_started_where_none_runs(tmp_path: Path) -> None:
    with session(tmp_path, keyring=False) as environ:
        for step in (keeper(environ).load, lambda: keeper(environ).store(KEY)):
            with pytest.raises(NoKeyring):
                step()
        assert not keyring_runs(environ)


async def test_a_keyring_that_does_not_answer_costs_the_deadline(tmp_path: Path) -> None:
    heard = asyncio.Event()

    async def mute(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """A bus that lets everybody in, and then is silent."""
        for answer in (b"OK 1234\r\n", b""):
            await reader.readuntil(b"\r\n")
            writer.write(answer)
        heard.set()
        await reader.read()
        writer.close()

    server = await asyncio.start_unix_server(mute, tmp_path / "bus")
    environ = {"PATH": os.environ["PATH"], "DBUS_SESSION_BUS_ADDRESS": f"unix:path={tmp_path}/bus"}
    with pytest.raises(KeyringSilent, match=r"0\.5 s"):
        await asyncio.to_thread(keeper(environ, deadline_s=0.5).load)
    assert heard.is_set()
    server.close()


PLAIN = ["keyrings.alt.file.PlaintextKeyring", "keyrings.alt.file.EncryptedKeyring", "keyring.backends.null.Keyring",
         "keyring.backends.fail.Keyring", "keyring.backends.chainer.ChainerBackend"]


@pytest.mark.parametrize("backend", one_in(3, PLAIN))
def test_what_keeps_secrets_in_plain_text_or_nowhere_is_refused_whoever_chose_it(backend: str, tmp_path: Path) -> None:
    config = tmp_path / "config" / "python_keyring"
    config.mkdir(parents=True)
    (config / "keyringrc.cfg").write_text(f"[backend]\ndefault-keyring={backend}\n")
    environ = {"HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path / "config"), "PATH": os.environ["PATH"],
               "XDG_DATA_HOME": str(tmp_path / "data"), "PYTHON_KEYRING_BACKEND": backend}
    taken = "import keyring; keyring.set_password('a', 'b', 'c'); print(type(keyring.get_keyring()).__name__)"
    chosen = subprocess.run([sys.executable, "-c", taken], env=environ, capture_output=True, text=True, check=False)
    if backend.endswith(("PlaintextKeyring", "null.Keyring")):
        assert chosen.returncode == 0, "the library itself takes it"
    with pytest.raises(NoKeyring):
        keeper(environ).store(KEY)
    with pytest.raises(NoKeyring):
        keeper(environ).load()
    assert KEY.hex().encode() not in b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())


@needs_keyring
@pytest.mark.parametrize("backend", one_in(3, PLAIN[:3]))
def test_the_desktops_keyring_is_used_although_another_was_chosen(backend: str, desktop: dict[str, str]) -> None:
    environ = {**desktop, "PYTHON_KEYRING_BACKEND": backend, "KEYRING_PROPERTY_SCHEME": "KeePassXC"}
    keeper(environ).store(KEY)
    assert keeper(desktop).load() == KEY
    with collection(desktop) as login:
        assert [item.get_attributes()["service"] for item in login.get_all_items()] == ["ameli-tui"]


def script(folder: Path, text: str) -> str:
    """A module that is run in the place of the process that asks the keyring."""
    (folder / "stand_in_of_the_process.py").write_text(text)
    return "stand_in_of_the_process"


@pytest.mark.parametrize(("says", "error"), [
    ("import os, signal; os.kill(os.getpid(), signal.SIGALRM)", KeyringSilent),
    ("print('nonsense')", KeyringRefused), ("", KeyringRefused),
    ("print('[]')", KeyringRefused), ("raise SystemExit(3)", KeyringRefused),
    ("print('{\"outcome\": \"not_installed\", \"key\": null, \"reason\": \"\"}')", KeyringNotInstalled),
    ("print('{\"outcome\": \"refused\", \"key\": null, \"reason\": \"InitError\"}')", KeyringRefused),
])
def test_a_process_that_hangs_dies_or_speaks_nonsense_is_told(
    says: str, error: type[KeyUnavailable], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))
    module = script(tmp_path, says)
    with pytest.raises(error) as caught:
        KeyringKey("0123", {"PATH": os.environ["PATH"]}, PLENTY_S, module).load()
    for lang in ("fr", "en"):
        assert caught.value.message(lang) and caught.value.hint(lang)


def test_the_key_is_on_no_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))
    noted = tmp_path / "noted"
    module = script(tmp_path, (
        "import json, os, sys\n"
        f"open({str(noted)!r}, 'w').write(repr(sys.argv) + repr(dict(os.environ)) + '|' + sys.stdin.read())\n"
        "print(json.dumps({'outcome': 'done', 'key': None, 'reason': ''}))"))
    environ = {"PATH": os.environ["PATH"], "PYTHONPATH": "/trap", "SECRET": "1"}
    KeyringKey("0123", environ, PLENTY_S, module).store(KEY)
    around, given = noted.read_text().split("|")
    assert given == KEY.hex()
    assert KEY.hex() not in around and "SECRET" not in around and "trap" not in around


def test_asking_imports_no_keyring_into_this_process() -> None:
    code = ("import sys; from agent.watch.resting.keyring_key import KeyringKey\n"
            "from agent.watch.resting import errors, resting\n"
            "try: KeyringKey('0', {'PATH': '/bin'}, 60).load()\n"
            "except errors.KeyUnavailable as error: print(error.code)\n"
            "print([name for name in ('keyring', 'secretstorage', 'jeepney') if name in sys.modules])")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[:2] == ["no_keyring", "[]"]
