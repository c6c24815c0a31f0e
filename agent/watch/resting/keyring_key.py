"""The key in the desktop's keyring, reached through a process of its own.

The library costs 26 MiB and may wait for a person for ever: neither is for the agent. The process ends itself when the
keyring says nothing for some seconds, the key travels in pipes, and it is told of the environment only what leads to
the desktop: no variable of the library's own (``PYTHON_KEYRING_BACKEND``, ``KEYRING_PROPERTY_…``) reaches it.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Mapping
from typing import Literal, TypedDict, cast

from agent.client.control import agent_environment
from agent.watch.resting.errors import KeyringLocked, KeyringNotInstalled, KeyringRefused, KeyringSilent, NoKeyring
from agent.watch.resting.key_keeper import KEY_SIZE
from config.python_process import python_command

DEADLINE_S = 3.0
"""For the keyring to answer. How long a process takes to start is a matter of the machine, and counts apart."""
_START_S = 30.0
Step = Literal["store", "load", "forget"]


class Answer(TypedDict):
    """What the process says on its standard output."""

    outcome: Literal["done", "not_installed", "no_keyring", "locked", "refused"]
    key: str | None
    """Hexadecimal; of ``load`` alone."""
    reason: str
    """What the keyring said when it refused: the kind of its error."""


class KeyringKey:
    """The key of one home in the keyring of whoever runs this."""

    name = "keyring"

    def __init__(
        self, account: str, environ: Mapping[str, str] = os.environ, deadline_s: float = DEADLINE_S,
        module: str = "agent.watch.resting.keyring_process",
    ) -> None:
        """``account``: what the item is called. ``module``: what is run in the process."""
        self._account, self._environ, self._deadline_s, self._module = account, environ, deadline_s, module

    def store(self, key: bytes) -> None:
        """See `KeyKeeper`."""
        self._ask("store", key.hex())

    def load(self) -> bytes | None:
        """See `KeyKeeper`."""
        try:
            key = bytes.fromhex(self._ask("load")["key"] or "")
        except ValueError:
            return None
        return key if len(key) == KEY_SIZE else None

    def forget(self) -> None:
        """See `KeyKeeper`."""
        self._ask("forget")

    def _ask(self, step: Step, given: str = "") -> Answer:
        """Raises KeyringNotInstalled, NoKeyring, KeyringLocked, KeyringSilent, KeyringRefused."""
        command = python_command(self._module, step, self._account, str(self._deadline_s))
        try:
            done = subprocess.run(  # noqa: S603
                command, input=given.encode(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd="/",
                env=agent_environment(dict(self._environ)), timeout=self._deadline_s + _START_S,
                check=False)
        except subprocess.TimeoutExpired:
            raise KeyringSilent(seconds=f"{self._deadline_s:g}") from None  # the chain would hold the key
        except OSError as error:
            raise KeyringRefused(reason=error.strerror or type(error).__name__) from error
        if done.returncode == -signal.SIGALRM:
            raise KeyringSilent(seconds=f"{self._deadline_s:g}")
        answer = _understood(done.stdout)
        if answer is None:
            raise KeyringRefused(reason=f"exit {done.returncode}")
        if answer["outcome"] == "not_installed":
            raise KeyringNotInstalled
        if answer["outcome"] == "no_keyring":
            raise NoKeyring
        if answer["outcome"] == "locked":
            raise KeyringLocked
        if answer["outcome"] == "refused":
            raise KeyringRefused(reason=answer["reason"])
        return answer


def _understood(said: bytes) -> Answer | None:
    try:
        answer = json.loads(said)
    except ValueError:
        return None
    whole = isinstance(answer, dict) and answer.keys() == Answer.__annotations__.keys()
    return cast("Answer", answer) if whole else None
