"""The key as a credential that systemd sealed for this user on this machine (with its TPM where there is one).

The service has systemd open it before the agent starts (``LoadCredentialEncrypted=``); an agent that is no service,
and one whose service was started before the key was made, has ``systemd-creds`` open the file itself.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

from agent.account.clean_text import clean_text
from agent.client.control import agent_environment
from agent.client.service_unit import CREDENTIAL
from agent.watch.resting.errors import CredentialsRefused, CredentialsTooOld
from agent.watch.resting.key_keeper import KEY_SIZE
from config.atomic_file import replace_file

_LEAST = 256
"""The version of systemd from which on a user's secrets can be sealed."""
_DEADLINE_S = 10.0
"""A TPM takes a second or two."""
_PROGRAM = "systemd-creds"
_LONGEST_REASON = 200


class SystemdCredential:
    """The key of one home in a file that opens on this machine, for this user alone."""

    name = "systemd-creds"

    def __init__(self, file: Path, environ: Mapping[str, str] = os.environ, deadline_s: float = _DEADLINE_S) -> None:
        self._file, self._environ, self._deadline_s = file, environ, deadline_s

    def store(self, key: bytes) -> None:
        """See `KeyKeeper`."""
        self._check_version()
        sealed = self._run("encrypt", "-", "-", given=key)
        try:
            replace_file(self._file, sealed)
        except OSError as error:
            raise CredentialsRefused(reason=error.strerror or type(error).__name__) from error
        if self._opened() != key:
            self.forget()
            raise CredentialsRefused(reason="it gives back something else")

    def load(self) -> bytes | None:
        """See `KeyKeeper`."""
        if not self._file.exists():
            return None
        key = self._handed_over()
        if key is None:
            self._check_version()
            key = self._opened()
        return key if len(key) == KEY_SIZE else None

    def forget(self) -> None:
        """See `KeyKeeper`."""
        try:
            self._file.unlink(missing_ok=True)
        except OSError as error:
            raise CredentialsRefused(reason=error.strerror or type(error).__name__) from error

    def _handed_over(self) -> bytes | None:
        """What systemd opened for the service; None when it did not, or the file is another one since then."""
        folder = self._environ.get("CREDENTIALS_DIRECTORY")
        if not folder:
            return None
        opened = Path(folder, CREDENTIAL)
        try:
            if opened.stat().st_mtime_ns < self._file.stat().st_mtime_ns:
                return None
            return opened.read_bytes() or None
        except OSError:
            return None  # the file itself is there to be asked

    def _opened(self) -> bytes:
        """Raises CredentialsRefused."""
        return self._run("decrypt", str(self._file), "-")

    def _check_version(self) -> None:
        """Raises CredentialsTooOld."""
        try:
            done = subprocess.run(  # noqa: S603
                [_PROGRAM, "--version"], capture_output=True, timeout=self._deadline_s, check=False,
                env=agent_environment(dict(self._environ)))
        except (OSError, subprocess.TimeoutExpired):
            raise CredentialsTooOld(version="-") from None
        version = re.match(rb"systemd (\d+)", done.stdout)
        if version is None or int(version[1]) < _LEAST:
            raise CredentialsTooOld(version=version[1].decode() if version else "-")

    def _run(self, step: str, source: str, target: str, given: bytes | None = None) -> bytes:
        """What the program writes; the name is sealed in the file, which opens under no other.

        Raises CredentialsRefused.
        """
        command = [_PROGRAM, "--user", f"--name={CREDENTIAL}", step, source, target]
        try:
            done = subprocess.run(  # noqa: S603
                command, input=given or b"", capture_output=True, timeout=self._deadline_s, check=False,
                env=agent_environment(dict(self._environ)))
        except subprocess.TimeoutExpired:
            raise CredentialsRefused(reason=f"> {self._deadline_s:g} s") from None  # the chain would hold the key
        except OSError as error:
            raise CredentialsRefused(reason=error.strerror or type(error).__name__) from error
        if done.returncode != 0:
            words = clean_text(" ".join(done.stderr.decode("utf-8", "replace").split()), _LONGEST_REASON)
            raise CredentialsRefused(reason=words or f"exit {done.returncode}")
        return done.stdout
