"""The account: signing in, syncs and their log, who the account is of."""

from typing import Literal, NotRequired, TypedDict

from agent.protocol.problems import Problem

Outcome = Literal["read", "not_due", "failed"]
"""What became of one step of a sync: the service was asked and understood; nothing was to be asked; it did not answer
so that it could be read."""


class SignIn(TypedDict, total=False):
    """What ``POST /v1/login`` is asked with: number and password, or the one-time code, or where the window goes."""

    nir: str
    password: str
    otp: str
    remember: bool
    """Ask the service to trust this device."""
    keep_password: bool
    screen: dict[str, str]
    """The caller's, see ``config.screen``."""


class SignedIn(TypedDict):
    """``POST /v1/login``."""

    state: Literal["signed_in"]


class SyncStarted(TypedDict):
    """``POST /v1/sync`` without waiting."""

    started: bool


class SyncFound(TypedDict):
    """``POST /v1/sync``, once it is over."""

    requests: int
    """HTTP requests made."""
    new: dict[str, int]
    """``payments``, ``documents``, ``messages``: how many."""
    changed: int
    """Payments known in full that now read differently."""
    problems: list[Problem]
    seconds: float
    steps: dict[str, Outcome]
    """By ``payments``, ``statements``, ``inbox``, ``profile``; one that was not come to is absent."""
    sealed: NotRequired[int]
    """Of a look while the vault is locked: new things that wait for unlocking, those of earlier looks included."""


class SyncRun(SyncFound):
    """``GET /v1/runs``, one of the list."""

    started: str
    """ISO moment in UTC."""
    trigger: str
    failed: bool


class Covered(TypedDict):
    """Somebody whom the account covers."""

    name: str
    birth_date: str | None
    insured: bool


class Profile(TypedDict):
    """``GET /v1/profile``: the insured person and the family, as the account shows them. Days are ISO."""

    nir: str
    name: str
    """Empty before the first sync."""
    birth_date: str | None
    address: list[str]
    phones: dict[str, str]
    email: str | None
    cpam: str | None
    beneficiaries: list[Covered]
