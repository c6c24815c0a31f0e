"""The vault: made, opened, locked, and its two ways in."""

from typing import NotRequired, TypedDict

from agent.protocol.problems import Bilingual, Problem
from agent.protocol.process import State


class Made(TypedDict):
    """``POST /v1/setup``."""

    recovery_code: str
    """Shown this once."""
    state: State


class OpeningKeys(TypedDict, total=False):
    """What ``POST /v1/unlock`` is asked with: one of the two keys, and the person's word."""

    passphrase: str
    recovery_code: str
    accept_older: bool
    """Take a restored, older copy of the vault as it is."""
    salvage: bool
    """Open all that can still be read of a damaged vault."""


class Salvage(TypedDict):
    """What damaged files cost that were passed over."""

    missing: int
    """Records."""
    of: int
    at_least: bool
    """There may be more missing than could be counted."""
    days: list[list[str | None]]
    """Pairs of ISO days between which something is missing; null where nothing tells."""


class ToldAtOpening(TypedDict, total=False):
    """What a person who opened the vault is to be told, when there is anything."""

    notices: list[Problem]
    salvage: Salvage


class Opened(ToldAtOpening):
    """``POST /v1/unlock``."""

    state: State
    note: NotRequired[Bilingual]
    """What there is to say of the passphrase."""


class VaultState(TypedDict):
    """``POST /v1/lock``, ``POST /v1/passphrase``."""

    state: State


class NewRecoveryCode(TypedDict):
    """``POST /v1/recovery``."""

    recovery_code: str
    """Shown this once; the one before opens nothing any more."""
