"""The service manager's protocol."""

import os
import socket
from pathlib import Path

from agent.systemd.sdnotify import ServiceManager


def test_facts_go_to_the_socket_it_names(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        ServiceManager({"NOTIFY_SOCKET": str(tmp_path / "notify")}).tell("READY=1", "STATUS=locked")
        assert manager.recv(100) == b"READY=1\nSTATUS=locked"


def test_a_name_that_begins_with_an_at_sign_is_abstract() -> None:
    name = f"ameli-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind("\0" + name)
        ServiceManager({"NOTIFY_SOCKET": "@" + name}).tell("READY=1")
        assert manager.recv(100) == b"READY=1"


def test_nobody_to_tell_is_fine(tmp_path: Path) -> None:
    ServiceManager({}).tell("READY=1")
    ServiceManager({"NOTIFY_SOCKET": str(tmp_path / "gone")}).tell("READY=1")


def test_the_watchdog_is_ours_only_when_it_says_so() -> None:
    assert ServiceManager({"WATCHDOG_USEC": "90000000"}).watchdog_s == 90
    assert ServiceManager({"WATCHDOG_USEC": "90000000", "WATCHDOG_PID": str(os.getpid())}).watchdog_s == 90
    assert ServiceManager({"WATCHDOG_USEC": "90000000", "WATCHDOG_PID": "1"}).watchdog_s == 0
