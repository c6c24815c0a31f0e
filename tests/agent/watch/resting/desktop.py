"""A desktop session of a test's own: a message bus, and GNOME's keyring on it, open or not."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import secretstorage
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import DBusConnection, Proxy, open_dbus_connection

from tests.agent.processes import wait_until

needs_keyring = pytest.mark.skipif(
    shutil.which("gnome-keyring-daemon") is None or shutil.which("dbus-daemon") is None,
    reason="gnome-keyring (or dbus) is not installed")


@contextlib.contextmanager
def session(folder: Path, *, keyring: bool = True) -> Iterator[dict[str, str]]:
    """What a program of that session has in its environment. The keyring's "Login" is made, and open."""
    home, runtime = folder / "desktop", folder / "runtime"
    home.mkdir()
    runtime.mkdir(mode=0o700)
    address = f"unix:path={folder}/session-bus"
    environ = {"HOME": str(home), "XDG_RUNTIME_DIR": str(runtime), "DBUS_SESSION_BUS_ADDRESS": address,
               "PATH": os.environ["PATH"]}
    with contextlib.ExitStack() as undo:
        daemon = _started(undo, ["dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address=1",
                                 f"--address={address}"], environ)
        assert daemon.stdout is not None
        assert daemon.stdout.readline().startswith(b"unix:")
        if keyring:
            command = ["gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets"]
            daemon = _started(undo, command, environ)
            assert daemon.stdin is not None
            daemon.stdin.write(b"a login password")
            daemon.stdin.close()
            wait_until(lambda: _is_open(environ))
        yield environ


def _started(undo: contextlib.ExitStack, command: list[str], environ: dict[str, str]) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(command, env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL)

    def end() -> None:
        process.terminate()
        process.wait(10)
        for pipe in (process.stdin, process.stdout):
            assert pipe is not None
            pipe.close()

    undo.callback(end)
    return process


@contextlib.contextmanager
def bus(environ: dict[str, str]) -> Iterator[DBusConnection]:
    """A connection of another program of the session."""
    link = open_dbus_connection(environ["DBUS_SESSION_BUS_ADDRESS"])
    try:
        yield link
    finally:
        link.close()


@contextlib.contextmanager
def collection(environ: dict[str, str]) -> Iterator[secretstorage.Collection]:
    """The keyring that is open by default, as another program of the session sees it."""
    with bus(environ) as link:
        yield secretstorage.Collection(link)


def keyring_runs(environ: dict[str, str]) -> bool:
    """Whether one is there; asking starts none."""
    with bus(environ) as link:
        (runs,) = Proxy(message_bus, link).NameHasOwner("org.freedesktop.secrets")
    return bool(runs)


def _is_open(environ: dict[str, str]) -> bool:
    try:
        if not keyring_runs(environ):  # else the bus would start a second one
            return False
        with collection(environ) as login:
            return not login.is_locked()
    except secretstorage.SecretStorageException:
        return False
