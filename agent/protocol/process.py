"""The process: how it is, what it noted of itself, its log."""

from typing import Literal, NotRequired, TypedDict

from agent.protocol.problems import Bilingual, Problem

State = Literal["setup", "locked", "unlocked"]
"""``setup`` without a vault."""


Access = Literal["none", "session", "sign_in"]
"""Of the account, what a locked agent holds: nothing, the open session, or what signs in too."""


class Health(TypedDict):
    """``GET /v1/health``: what anyone may know without use of the vault."""

    protocol: int
    version: str
    pid: int
    state: State
    started_at: str
    """ISO moment in UTC."""
    busy: bool
    """Something is under way that its end would cut short: a sync, a sign-in, something being sent."""


class Channel(TypedDict):
    """A way in which news are told outside the screens."""

    name: str
    ok: bool
    reason: str
    """Why it failed the last time; empty when it did not."""


class BackupState(TypedDict):
    """How the backups of the open vault stand."""

    last: str | None
    """When the last one was made, ISO, in UTC."""
    path: str | None
    """Where it went."""
    folder: str
    """Where those go that are made by themselves."""
    automatic: bool
    failed: Problem | None
    """Why the last try failed."""


class WatchState(TypedDict):
    """What the agent does by itself for the account, and what that takes."""

    allowed: Literal["always", "unlocked"]
    """``agent.watch``: whether it goes on while the vault is locked."""
    sign_in: Literal["never", "locked"]
    """``agent.sign_in``: whether the locked agent may sign in."""
    asked: bool
    """The person was asked whether it may."""
    access: Access
    """``none`` while the vault is open."""
    since: str | None
    """When the vault was locked."""
    reminders: bool
    """Deadlines that come close are told while the vault is locked."""


class Status(TypedDict):
    """``GET /v1/status``. What lies in the vault is null while it is locked; moments are ISO, in UTC."""

    running: Literal[True]
    pid: int
    version: str
    locked: bool
    last_sync: str | None
    next_sync: str | None
    stale: bool
    """Syncs are made by themselves, and none has gone well for three intervals."""
    portal: str
    """Address of the account service."""
    transport: str
    pending: int
    """Requests and messages that wait to be sent."""
    changed: list[Bilingual]
    """Names of the service's pages that no longer read."""
    problems: list[Problem]
    import_folder: str | None
    state: State
    syncing: bool
    lang: str
    notify: list[Channel]
    account: bool
    """Somebody has signed in here."""
    code_awaited: bool
    """A sign-in waits for its one-time code."""
    backup: BackupState | None
    started_at: str
    watching: bool
    """The account is looked at by itself, whether the vault is open or locked."""
    sealed: int
    """New things that were seen while the vault was locked, and wait for unlocking."""
    polls_while_locked: int
    """Looks at the account since the vault was locked, or the last time that it was."""
    needs: str | None
    """Code of the problem that only a person can clear before there is another look; it is among ``problems``."""
    watch: WatchState


class NotRunning(TypedDict):
    """What `ameli agent status` answers where no agent runs: as ``Status``, as far as anything is known."""

    running: Literal[False]
    pid: None
    version: str
    locked: bool
    last_sync: None
    next_sync: None
    portal: None
    pending: int
    problems: list[Problem]
    watching: Literal[False]
    sealed: int
    polls_while_locked: int
    needs: str | None


class PageChange(TypedDict):
    """``GET /v1/changes``, one of the list: a page of the service that is not as expected."""

    page: str
    """The service's name of it."""
    page_en: str
    name: str
    """Its short name, for commands."""
    missing: str
    expected: list[str]
    """Selectors or keys by which the missing part was looked for."""
    status: int | None
    """HTTP status of the answer."""
    gone: list[str]
    """Parts that were always there, and are not any more."""
    new: list[str]
    known_good: str | None
    """ISO day on which it was last built as expected."""
    since: str
    last: str
    count: int
    size: int
    """Bytes of the sample."""
    kind: str | None
    """``html`` or ``json``, of the sample."""
    sample: bool
    """There is an anonymised copy of it."""


class Finding(TypedDict):
    """``GET /v1/doctor``, one of the list: something that was looked at."""

    name: str
    ok: bool
    text: Bilingual
    cure: Bilingual
    """What to do; empty when all is well."""
    details: NotRequired[list[Bilingual]]
    """What else was seen, of a page that changed."""
    change: NotRequired[PageChange]


class NoticeTried(TypedDict):
    """``POST /v1/notify/test``, one of the list: what became of a test notice."""

    name: str
    """``desktop``, ``command`` or ``terminal``."""
    ok: bool
    said: Bilingual
    """What became of it."""
    cure: Bilingual
    """What to do; empty when it was told."""


class LogLines(TypedDict):
    """``GET /v1/logs``."""

    lines: list[str]
    """Newest last."""


class Reloaded(TypedDict):
    """``POST /v1/reload``."""

    later: list[str]
    """Settings that count from the next unlocking on only."""
