"""The key sealed by systemd, over a stand-in of ``systemd-creds``: what is asked of it, and how refusals are told.

No systemd of version 256 seals anything here: nothing proves that a real one takes these calls.
"""

import json
import os
import sys
from pathlib import Path

import pytest

from agent.client.service_unit import CREDENTIAL
from agent.watch.resting.errors import CredentialsRefused, CredentialsTooOld
from agent.watch.resting.systemd_credential import SystemdCredential

KEY = bytes(range(32))
_PROGRAM = """#!{python} -I
import json, sys
given = sys.stdin.buffer.read() if "--version" not in sys.argv else b""
with open({calls!r}, "a") as log:
    log.write(json.dumps(sys.argv[1:]) + "\\n")
facts = json.load(open({facts!r}))
if "--version" in sys.argv:
    print(f"systemd {{facts['version']}} ({{facts['version']}}.1-1)\\n+PAM +AUDIT")
    sys.exit(0)
if facts["refuses"]:
    sys.exit(facts["refuses"])
user, name, step, source, target = sys.argv[1:]
assert user == "--user" and target == "-"
if step == "encrypt":
    print("sealed", facts["machine"], name, given[::-1].hex())
else:
    _, machine, sealed_name, text = open(source).read().split()
    if (machine, sealed_name) != (facts["machine"], name):
        sys.exit("Embedded credential name does not match, or another machine")
    sys.stdout.buffer.write(bytes.fromhex(text)[::-1] if not facts["wrong"] else b"something else")
"""


class Systemd:
    """Its program lies in a folder that is all of PATH."""

    def __init__(self, folder: Path) -> None:
        self._facts, self._calls, program = folder / "facts", folder / "calls", folder / "bin" / "systemd-creds"
        program.parent.mkdir()
        program.write_text(_PROGRAM.format(python=sys.executable, facts=str(self._facts), calls=str(self._calls)))
        program.chmod(0o755)
        self.environ = {"PATH": str(program.parent)}
        self.set()

    def set(self, version: int = 257, refuses: str = "", machine: str = "a", wrong: bool = False) -> None:
        """How it is from now on."""
        facts = {"version": version, "refuses": refuses, "machine": machine, "wrong": wrong}
        self._facts.write_text(json.dumps(facts))

    @property
    def calls(self) -> list[list[str]]:
        """What it was asked, without questions for its version."""
        lines = [json.loads(line) for line in self._calls.read_text().splitlines()] if self._calls.exists() else []
        return [line for line in lines if line != ["--version"]]


@pytest.fixture
def systemd(tmp_path: Path) -> Systemd:
    return Systemd(tmp_path)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "state" / "watch-key.cred"


def handed_over(folder: Path, systemd: Systemd, key: bytes) -> dict[str, str]:
    """The environment of a service for which systemd opened the credential."""
    opened = folder / "credentials" / CREDENTIAL
    opened.parent.mkdir(exist_ok=True)
    opened.write_bytes(key)
    return {**systemd.environ, "CREDENTIALS_DIRECTORY": str(opened.parent)}


def test_a_key_is_sealed_opened_and_forgotten(systemd: Systemd, file: Path) -> None:
    keeper = SystemdCredential(file, systemd.environ)
    assert keeper.load() is None and systemd.calls == []
    keeper.store(KEY)
    assert KEY not in file.read_bytes() and KEY.hex() not in file.read_text()
    assert file.stat().st_mode & 0o777 == 0o600
    assert SystemdCredential(file, systemd.environ).load() == KEY
    assert systemd.calls[0] == ["--user", f"--name={CREDENTIAL}", "encrypt", "-", "-"]
    assert not any(KEY.hex() in word for call in systemd.calls for word in call)
    keeper.forget()
    keeper.forget()
    assert keeper.load() is None and not file.exists()


def test_a_service_takes_what_systemd_opened_for_it(systemd: Systemd, file: Path, tmp_path: Path) -> None:
    SystemdCredential(file, systemd.environ).store(KEY)
    environ = handed_over(tmp_path, systemd, KEY)
    asked = len(systemd.calls)
    assert SystemdCredential(file, environ).load() == KEY
    assert len(systemd.calls) == asked, "nothing is started for it"


def test_a_key_made_after_the_service_started_counts_and_the_older_one_does_not(
    systemd: Systemd, file: Path, tmp_path: Path
) -> None:
    environ = handed_over(tmp_path, systemd, KEY)
    keeper = SystemdCredential(file, environ)
    assert keeper.load() is None, "the file is gone: what was opened of it will not come again"
    keeper.store(KEY[::-1])
    os.utime(tmp_path / "credentials" / CREDENTIAL, ns=(0, 0))
    assert keeper.load() == KEY[::-1]


@pytest.mark.parametrize("opened", [b"", None])
def test_a_credential_that_systemd_could_not_open_is_asked_for_again(
    opened: bytes | None, systemd: Systemd, file: Path, tmp_path: Path
) -> None:
    SystemdCredential(file, systemd.environ).store(KEY)
    environ = handed_over(tmp_path, systemd, opened or b"")
    if opened is None:
        (tmp_path / "credentials" / CREDENTIAL).unlink()
    assert SystemdCredential(file, environ).load() == KEY


def test_too_old_and_absent_are_told_with_the_version(systemd: Systemd, file: Path, tmp_path: Path) -> None:
    systemd.set(version=252)
    with pytest.raises(CredentialsTooOld, match="252"):
        SystemdCredential(file, systemd.environ).store(KEY)
    with pytest.raises(CredentialsTooOld):
        SystemdCredential(file, {"PATH": str(tmp_path / "empty")}).store(KEY)
    assert systemd.calls == [] and not file.exists()


def test_refusals_are_told_and_nothing_is_left(systemd: Systemd, file: Path) -> None:
    keeper = SystemdCredential(file, systemd.environ)
    systemd.set(refuses="Failed to connect\n to service\x1b[31m")
    with pytest.raises(CredentialsRefused, match="Failed to connect to service"):
        keeper.store(KEY)
    systemd.set(wrong=True)
    with pytest.raises(CredentialsRefused, match="something else"):
        keeper.store(KEY)
    assert not file.exists()


def test_another_machine_opens_nothing(systemd: Systemd, file: Path) -> None:
    keeper = SystemdCredential(file, systemd.environ)
    keeper.store(KEY)
    systemd.set(machine="b")
    with pytest.raises(CredentialsRefused, match="another machine") as caught:
        keeper.load()
    assert "--survive systemd-creds" in caught.value.hint("fr")


def test_what_is_sealed_there_and_is_no_key_is_none(systemd: Systemd, file: Path) -> None:
    keeper = SystemdCredential(file, systemd.environ)
    keeper.store(KEY)
    systemd.set(wrong=True)
    assert keeper.load() is None


def test_a_program_that_hangs_is_given_up(tmp_path: Path, file: Path) -> None:
    program = tmp_path / "bin" / "systemd-creds"
    program.parent.mkdir()
    program.write_text(f"#!{sys.executable} -I\nimport sys, time\n"
                       "if '--version' in sys.argv: print('systemd 257 (x)')\nelse: time.sleep(60)\n")
    program.chmod(0o755)
    with pytest.raises(CredentialsRefused, match="1 s"):
        SystemdCredential(file, {"PATH": str(program.parent)}, deadline_s=1).store(KEY)
