"""``python -m agent.watch.resting.keyring_process store|load|forget ACCOUNT SECONDS``: one call of a keyring.

Whatever the library would choose by itself is not asked: with no desktop that may be a file in plain text, or nothing
at all. One kind of keyring is built by name, the Secret Service (on macOS the Keychain), and only where one runs that
is unlocked: no keyring is started and nobody is prompted. The key comes on standard input, and goes to standard output.
A keyring that has not answered after SECONDS ends the process (SIGALRM).
"""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

    from agent.watch.resting.keyring_key import Answer

_SERVICE = "ameli-tui"
_SECRETS = "org.freedesktop.secrets"


def main(argv: Sequence[str]) -> int:
    """Do the step, and say what came of it as one line of JSON; the exit code."""
    _program, step, account, seconds = argv
    given = sys.stdin.read()
    sys.stdout.write(json.dumps(_answer(step, account, given, float(seconds))) + "\n")
    return 0


def _answer(step: str, account: str, given: str, seconds: float) -> Answer:
    try:
        if sys.platform != "darwin":
            import secretstorage  # noqa: F401 - most of what there is to load, before time begins to count
        from keyring.errors import KeyringError
        from keyring.errors import KeyringLocked as Locked
    except ImportError:
        return _said("not_installed")
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        state = "open" if sys.platform == "darwin" else _secret_service()
        if state != "open":
            return _said(state)
        return _done(_backend(), step, account, given)
    except Locked:
        return _said("locked")
    except (KeyringError, RuntimeError, OSError) as error:  # of jeepney too: the bus ends, or refuses
        return _said("refused", reason=type(error).__name__)


def _done(keyring: KeyringBackend, step: str, account: str, given: str) -> Answer:
    """Raises KeyringError."""
    before = keyring.get_password(_SERVICE, account)
    if step == "load":
        return _said("done", key=before)
    if step == "store":
        keyring.set_password(_SERVICE, account, given)
        if keyring.get_password(_SERVICE, account) != given:
            return _said("refused", reason="it gives back something else")
    elif before is not None:
        keyring.delete_password(_SERVICE, account)
    return _said("done")


def _backend() -> KeyringBackend:
    if sys.platform == "darwin":
        from keyring.backends import macOS

        return macOS.Keyring()
    from keyring.backends import SecretService

    return SecretService.Keyring()


def _secret_service() -> Literal["open", "locked", "no_keyring"]:
    """How the Secret Service of this session is, without starting one and without a prompt."""
    import secretstorage
    from jeepney.bus_messages import message_bus
    from jeepney.io.blocking import Proxy

    try:
        link = secretstorage.dbus_init()
    except (secretstorage.SecretServiceNotAvailableException, OSError):
        return "no_keyring"
    with closing(link):
        (runs,) = Proxy(message_bus, link).NameHasOwner(_SECRETS)
        if not runs:
            return "no_keyring"
        try:
            return "locked" if secretstorage.Collection(link).is_locked() else "open"
        except secretstorage.ItemNotFoundException:  # nobody made a keyring in it yet, which only a person can
            return "no_keyring"
        except secretstorage.SecretStorageException:
            return "no_keyring"


def _said(
    outcome: Literal["done", "not_installed", "no_keyring", "locked", "refused"], *, key: str | None = None,
    reason: str = "",
) -> Answer:
    return {"outcome": outcome, "key": key, "reason": reason}


if __name__ == "__main__":
    sys.exit(main(sys.argv))
