"""Opening the screens from outside a terminal: in a window of whichever terminal the desktop has."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from agent.systemd import transient_unit
from config.python_process import python_command

DESKTOP_ENVIRONMENT = (
    "PATH", "HOME", "USER", "LANG", "LC_ALL", "LC_MESSAGES", "TZ", "DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY",
    "XDG_RUNTIME_DIR", "XDG_CURRENT_DESKTOP", "DBUS_SESSION_BUS_ADDRESS",
)
"""All that a program of the desktop is given of the agent's own environment, which may name a passphrase file."""
_SCREENS = ("AMELI_HOME", "AMELI_LANG", "AMELI_TODAY", "SHELL")
_TERMINALS = (
    ("xdg-terminal-exec",), ("x-terminal-emulator", "-e"), ("gnome-terminal", "--"), ("konsole", "-e"), ("kitty",),
    ("foot",), ("alacritty", "-e"), ("wezterm", "start", "--"), ("xterm", "-e"),
)
"""The one the person chose for the desktop comes first."""

_windows: set[int] = set()


def terminal(find: Callable[[str], str | None] = shutil.which) -> tuple[str, ...] | None:
    """The command that runs another one in a new window; None where there is none."""
    for program, *options in _TERMINALS:
        if (path := find(program)) is not None:
            return (path, *options)
    return None


def open_screens(window: Sequence[str], environ: Mapping[str, str], token: str = "") -> None:
    """Start the screens in a new window, apart from this process. Raises OSError.

    ``token`` is what the desktop gave, so that the window may come to the front.
    """
    env = {name: environ[name] for name in (*DESKTOP_ENVIRONMENT, *_SCREENS) if name in environ}
    if token:
        env["XDG_ACTIVATION_TOKEN"] = token
    argv: Sequence[str] = [*window, *python_command("ameli_tui")]
    service = transient_unit.own_service(environ)
    if service is not None and transient_unit.can_leave(environ):
        argv = transient_unit.outside(argv, transient_unit.new_unit(service, "screens"), service, env,
                                      bound=False)  # a window is the person's, whatever becomes of the agent
    process = subprocess.Popen(  # noqa: S603 - a terminal of the person's, without a shell
        argv, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True)
    _watch(process.pid, process.wait)


def windows() -> tuple[int, ...]:
    """The processes of windows that are open: children of this process, whichever image of it started them."""
    return tuple(_windows)


def watch_windows(pids: Sequence[int]) -> None:
    """Take note of the end of windows that an earlier image of this process opened."""
    for pid in pids:
        _watch(pid, partial(os.waitpid, pid, 0))


def _watch(pid: int, wait: Callable[[], object]) -> None:
    """It may live for hours; somebody has to take note of its end."""
    def note_end() -> None:
        signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())  # they are for the main thread
        with contextlib.suppress(ChildProcessError):  # none of ours, or somebody else took note
            wait()
        _windows.discard(pid)

    _windows.add(pid)
    threading.Thread(target=note_end, name="screens", daemon=True).start()
