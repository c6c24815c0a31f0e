"""What a locked agent holds in its memory to go on watching: nothing of the person's history, and no key that opens it.

Whoever reads it gets the open session and, only if the person allowed that, what signs in.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Literal, TypedDict

import msgspec

from agent.protocol.account import SyncRun
from agent.protocol.problems import Problem
from agent.store.account_records import PlanRecord, SessionRecord
from agent.vault.keys import KEY_SIZE, Random
from agent.vault.sealed_rounds import Epoch
from agent.watch.errors import SignInNotAllowed
from agent.watch.folder_ticket import FolderTicket
from agent.watch.marks import Marks
from agent.watch.sealing import begin_epoch

if TYPE_CHECKING:
    from agent.files.imports.folder_files import Seen
    from agent.store import Store
    from agent.vault import Vault

VERSION = 1
"""A ticket of another version is not used: its agent waits for the passphrase."""
REACH = timedelta(days=400)
"""Payments are recognised as far back as this: far more than a repeated list looks at."""


class HeldRecord(TypedDict):
    """As ``agent.notifications.held.Held``."""

    new: dict[str, int]
    person: bool
    deadlines: int
    backup: bool


def nothing_held() -> HeldRecord:
    """Quiet hours keep back nothing."""
    return {"new": {}, "person": False, "deadlines": 0, "backup": False}


class Ticket(msgspec.Struct, kw_only=True):
    """All of it. Moments are ISO, in UTC."""

    version: int = VERSION
    vault: bytes
    epoch: bytes
    public_key: bytes
    chain_key: bytes
    """Of the round ``number``, the next one."""
    number: int = 1
    base_url: str
    """Where the session belongs to; it is shown to nobody else."""
    identity_url: str
    marks: Marks | None
    """What is known already; None once nothing can be read any more."""
    session: SessionRecord | None = None
    """Without the proof that this device needs no code, unless ``password`` is there too."""
    nir: str = ""
    password: str = ""
    """Both empty unless the person allowed the locked agent to sign in."""
    sign_in_at: str | None = None
    """When a sign-in by itself began last."""
    plan: PlanRecord | None = None
    since: str
    """When the vault was locked."""
    last_sync: str | None = None
    sealed: int = 0
    """New things of the account that wait for unlocking."""
    polls: int = 0
    pending: int = 0
    """Requests and messages that waited to be sent when the vault was locked."""
    near: list[str] = []
    """ISO days on which a deadline comes close."""
    reminded: str | None = None
    """The last of them that was told."""
    needs: Problem | None = None
    """What a person must do before there is another round."""
    refused: bool = False
    """It is the account's refusal of number and password."""
    runs: list[SyncRun] = []
    """The log of the rounds, newest last."""
    folder: FolderTicket | None = None
    """What is known of the watched folder."""
    held: HeldRecord = msgspec.field(default_factory=nothing_held)
    """What quiet hours keep back."""

    @property
    def waiting(self) -> int:
        """All that waits for unlocking, files of the watched folder too."""
        return self.sealed + (self.folder.files if self.folder is not None else 0)

    @property
    def access(self) -> Literal["none", "session", "sign_in"]:
        """``sign_in`` (it may sign in), ``session`` (the open session only) or ``none``."""
        if self.password:
            return "sign_in"
        return "session" if self.session is not None else "none"

    def sealing_epoch(self) -> Epoch:
        """What seals the next round."""
        return Epoch(self.vault, self.epoch, self.public_key, self.chain_key, self.number)

    def drop_sign_in(self) -> None:
        """Forget what signs in; the open session stays."""
        self.nir = self.password = ""
        if self.session is not None:
            self.session = without_device(self.session)

    def refuse(self, problem: Problem, *, by_service: bool) -> None:
        """No more rounds before a person unlocks: what they would have needed is forgotten now. ``by_service``: it
        refused number and password."""
        self.needs, self.refused = problem, by_service
        self.session = self.marks = None
        self.nir = self.password = ""

    def pack(self) -> bytes:
        """As bytes, for the process that takes this one's place."""
        return msgspec.msgpack.encode(self)


def unpack(data: bytes) -> Ticket | None:
    """The ticket that was packed; None for one of another version, and for anything else."""
    try:
        ticket = msgspec.msgpack.decode(data, type=Ticket)
    except (msgspec.DecodeError, ValueError):
        return None
    return ticket if ticket.version == VERSION else None


def make_ticket(
    vault: Vault, store: Store, *, base_url: str, identity_url: str, may_sign_in: bool, now: datetime, today: date,
    pending: int = 0, near: list[str] | None = None, seen: Iterable[Seen] = (), random: Random = os.urandom,
) -> Ticket:
    """Make the ticket of a locking, in one durable step; the caller locks the vault next. ``seen``: the files of the
    watched folder that were looked at.

    Raises `VaultWriteFailed`, `VaultStopped`, `VaultReadOnly`.
    """
    epoch = begin_epoch(vault, store, random)
    notes = store.sync_state()
    oldest = notes.get("payments", {}).get("oldest")
    since = max(date.fromisoformat(oldest), today - REACH) if oldest else today - REACH
    session, credentials = store.account.session.read(), store.credentials()
    password = (credentials["password"] or "") if credentials and may_sign_in else ""
    tripped, signed_in = store.account.breaker.read(), store.account.sign_in.read()
    if session is not None and not password:
        session = without_device(session)
    problem = tripped["problem"] if tripped is not None else None
    ticket = Ticket(
        vault=epoch.vault_id, epoch=epoch.name, public_key=epoch.public_key, chain_key=epoch.chain_key,
        number=epoch.number, base_url=base_url, identity_url=identity_url,
        marks=Marks.of(store, random(KEY_SIZE), since), session=session,
        nir=credentials["nir"] if credentials and password else "", password=password if problem is None else "",
        sign_in_at=signed_in["at"] if signed_in is not None else None, plan=store.account.schedule.read(),
        since=now.isoformat(timespec="seconds"), last_sync=notes.get("last"), pending=pending, near=near or [],
        needs=problem, folder=FolderTicket.of(store, random(KEY_SIZE), seen))
    if ticket.access == "none":
        ticket.refuse(problem or SignInNotAllowed().problem(), by_service=False)
    return ticket


def without_device(session: SessionRecord) -> SessionRecord:
    """A session without the proof that this device needs no code: it is of use only together with a password."""
    from agent.portal.http.client import TRUSTED_DEVICE  # brings httpx

    return {"cookies": [cookie for cookie in session.get("cookies", ()) if cookie.get("name") != TRUSTED_DEVICE],
            "trusted_device": None, "csrf": session.get("csrf")}
