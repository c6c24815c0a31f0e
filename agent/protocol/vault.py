"""The vault: made, opened, locked, and its two ways in."""

from typing import Literal, NotRequired, TypedDict

from agent.protocol.problems import Bilingual, Problem
from agent.protocol.process import Access, State


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
    """``POST /v1/passphrase``."""

    state: State


class AfterLock(VaultState):
    """``POST /v1/lock``: what goes on while the vault is locked."""

    watching: bool
    """The account is looked at by itself."""
    next_sync: str | None
    """When it is next (ISO, UTC)."""
    access: Access
    """What the locked agent holds."""


class NewRecoveryCode(TypedDict):
    """``POST /v1/recovery``."""

    recovery_code: str
    """Shown this once; the one before opens nothing any more."""


DamagedKind = Literal[
    "header", "header-copy", "mark", "snapshot", "journal", "spare", "document", "paper", "page-copy", "nothing"]
"""What a damaged file is: see ``agent.vault.findings.Kind``; a ``paper`` goes with a request, a ``page-copy`` is an
anonymised page, ``nothing`` is bytes that no record names."""


class Damage(TypedDict):
    """A file of the vault that is not what was written."""

    what: Bilingual
    kind: DamagedKind
    file: str
    """Its name in the vault."""
    how: Literal["damaged", "missing", "unreadable"]
    document: str | None
    """Id of the document, of the request of a paper; None of other files."""
    days: list[list[str | None]]
    """First and last ISO day of what is in it, as pairs like those of ``Salvage``; none where nothing is lost with it
    or nothing tells."""
    until: str | None
    """Last day on which the service has a document; None of what it has no more, and where nobody knows."""
    days_left: int | None
    """Days until then, today not counted."""
    mended: bool
    """It is whole again: written anew from what else is known."""
    cure: Bilingual


class Verified(TypedDict):
    """``POST /v1/verify``."""

    checked: int
    """Files that were read, every byte of them."""
    bytes: int
    damaged: list[Damage]
    """What was found now, and what was mended since the vault was opened and was not told by a verification yet."""
    leftovers: list[str]
    """Names of files in the vault's folder that belong to nothing, and of those in ``inbox/`` that were not taken in:
    they do no harm and stay where they are."""
