"""Backups: what was made, what is kept, what came back."""

from typing import Literal, TypedDict

from agent.protocol.problems import Problem
from agent.protocol.process import State


class BackupMade(TypedDict):
    """``POST /v1/backups``: one in the folder of backups."""

    path: str
    made: str
    """ISO moment, UTC."""
    bytes: int
    documents: int
    missing: int
    """Documents that were damaged in the vault already and are not in it."""
    unchanged: bool
    """Nothing has changed since it was made: no new one was."""


class BackupToFetch(TypedDict):
    """``POST /v1/backups/outgoing``: one that was made for a file of the person's own."""

    made: str
    bytes: int
    sha256: str
    documents: int
    missing: int


class KeptBackup(TypedDict):
    """One of the folder."""

    path: str
    made: str
    bytes: int


class Backups(TypedDict):
    """``GET /v1/backups``."""

    folder: str
    automatic: bool
    kept: list[KeptBackup]
    """Newest first."""
    last: str | None
    """When the last one was made, wherever it went: ISO moment, UTC."""
    problems: list[Problem]


class BackupToRestore(TypedDict, total=False):
    """What ``POST /v1/restore`` is asked with: a file, and one of the two keys."""

    file: str
    passphrase: str
    recovery_code: str


class BackFromBackup(TypedDict):
    """``POST /v1/restore``."""

    state: State
    made: str
    """When the backup was made: ISO moment, UTC."""
    documents: int
    missing: int
    settings: Literal["restored", "kept", "none"]
    """``kept``: there were some here, and they stay; ``none``: the backup has none that can be used."""
    notices: list[Problem]
