"""Who keeps the key of the resting ticket: the one interface to the desktop's keyring and to systemd."""

from __future__ import annotations

from typing import Protocol

KEY_SIZE = 32


class KeyKeeper(Protocol):
    """Keeps one key of one home. Calls may take seconds: not for the agent's loop. Each raises a `KeyUnavailable`."""

    name: str
    """As the setting ``agent.survive`` names it."""

    def store(self, key: bytes) -> None:
        """Keep ``key`` (32 bytes) in the place of the one before; it has been read back when this returns."""

    def load(self) -> bytes | None:
        """The key; None where none is kept, or what is kept is none."""

    def forget(self) -> None:
        """Keep it no longer; none there is fine."""
