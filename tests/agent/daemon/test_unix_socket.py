"""The socket: one holder, closed to everyone else, whatever lies in its place."""

import os
import socket
import stat
from pathlib import Path

import pytest

from agent.api.peer import peer_uid
from agent.client.client import connect
from agent.core.refusals import AlreadyRunning, BadListenSocket, UnsafeFolder
from agent.daemon.unix_socket import AgentSocket, make_private
from tests.agent.processes import home_paths


def test_folder_socket_and_lock_are_for_the_owner_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        agent_socket = AgentSocket(home_paths(tmp_path / "home"), {})
        try:
            paths = home_paths(tmp_path / "home")
            modes = [stat.S_IMODE(place.stat().st_mode) for place in (paths.run_dir, paths.socket, paths.lock)]
            assert modes == [0o700, 0o600, 0o600]
            assert stat.S_IMODE((tmp_path / "home").stat().st_mode) == 0o700
        finally:
            agent_socket.close()
    finally:
        assert os.umask(before) == 0, "the umask was not put back"


def test_a_second_holder_is_refused_and_harms_nothing(tmp_path: Path) -> None:
    paths = home_paths(tmp_path)
    first = AgentSocket(paths, {})
    with pytest.raises(AlreadyRunning):
        AgentSocket(paths, {})
    assert first.still_ours()
    connect(str(paths.socket), 1.0).close()
    first.close()
    AgentSocket(paths, {}).close()


@pytest.mark.parametrize("mode", [0o755, 0o770, 0o701, 0o500])
def test_a_loose_folder_is_refused_and_left_as_it_is(tmp_path: Path, mode: int) -> None:
    paths = home_paths(tmp_path)
    paths.run_dir.mkdir()
    paths.run_dir.chmod(mode)
    with pytest.raises(UnsafeFolder):
        AgentSocket(paths, {})
    assert stat.S_IMODE(paths.run_dir.stat().st_mode) == mode
    paths.run_dir.chmod(0o700)


def test_a_folder_that_is_a_link_is_refused(tmp_path: Path) -> None:
    real = tmp_path / "elsewhere"
    real.mkdir(mode=0o700)
    (tmp_path / "run").symlink_to(real)
    with pytest.raises(UnsafeFolder):
        AgentSocket(home_paths(tmp_path), {})
    assert list(real.iterdir()) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_a_folder_of_someone_else_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    folder.mkdir(mode=0o700)
    os.chown(folder, 65534, 65534)
    with pytest.raises(UnsafeFolder):
        make_private(folder)


def test_a_socket_left_by_a_killed_agent_is_replaced(tmp_path: Path) -> None:
    paths = home_paths(tmp_path)
    paths.run_dir.mkdir(mode=0o700)
    stale = socket.socket(socket.AF_UNIX)
    stale.bind(str(paths.socket))
    stale.close()
    agent_socket = AgentSocket(paths, {})
    connect(str(paths.socket), 1.0).close()
    agent_socket.close()
    assert not paths.socket.exists()


def test_a_socket_that_took_our_place_is_noticed_and_left_alone(tmp_path: Path) -> None:
    paths = home_paths(tmp_path)
    agent_socket = AgentSocket(paths, {})
    paths.socket.rename(paths.run_dir / "aside")
    other = socket.socket(socket.AF_UNIX)
    other.bind(str(paths.socket))
    assert not agent_socket.still_ours()
    agent_socket.close()
    assert paths.socket.exists()
    other.close()


def test_a_home_that_was_removed_is_noticed(tmp_path: Path) -> None:
    paths = home_paths(tmp_path / "home")
    agent_socket = AgentSocket(paths, {})
    paths.run_dir.rename(tmp_path / "gone")
    assert not agent_socket.still_ours()
    agent_socket.close()


def test_a_path_longer_than_a_socket_address_works(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["a-folder-with-a-rather-long-name"] * 5)
    deep.mkdir(parents=True)
    paths = home_paths(deep)
    assert len(str(paths.socket)) > 107
    agent_socket = AgentSocket(paths, {})
    assert agent_socket.still_ours()
    assert stat.S_IMODE(paths.socket.stat().st_mode) == 0o600
    connect(str(paths.socket), 1.0).close()
    agent_socket.close()
    assert not paths.socket.exists()


def test_the_kernel_tells_who_is_at_the_other_end() -> None:
    here, there = socket.socketpair(socket.AF_UNIX)
    with here, there:
        assert peer_uid(here) == os.geteuid()


def test_sockets_of_a_service_manager_for_another_process_are_ignored(tmp_path: Path) -> None:
    environ = {"LISTEN_PID": "1", "LISTEN_FDS": "1", "LISTEN_FDNAMES": "x"}
    agent_socket = AgentSocket(home_paths(tmp_path), environ)
    assert not agent_socket.inherited and environ == {}
    agent_socket.close()


def test_a_socket_of_the_service_manager_is_taken_and_its_file_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = home_paths(tmp_path)
    paths.run_dir.mkdir(mode=0o700)
    given = socket.socket(socket.AF_UNIX)
    given.bind(str(paths.socket))
    given.listen()
    monkeypatch.setattr("agent.daemon.unix_socket._FIRST_INHERITED", given.detach())
    agent_socket = AgentSocket(paths, {"LISTEN_PID": str(os.getpid()), "LISTEN_FDS": "1"})
    assert agent_socket.inherited and agent_socket.still_ours()
    connect(str(paths.socket), 1.0).close()
    agent_socket.close()
    assert paths.socket.exists()


def test_a_socket_that_is_not_ours_is_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = home_paths(tmp_path)
    monkeypatch.setattr("agent.daemon.unix_socket._FIRST_INHERITED", socket.socket(socket.AF_INET).detach())
    with pytest.raises(BadListenSocket):
        AgentSocket(paths, {"LISTEN_PID": str(os.getpid()), "LISTEN_FDS": "1"})
    AgentSocket(paths, {}).close()  # the lock was let go
