"""What the agent says of itself when it is asked how everything goes."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Protocol

from agent import VERSION

if TYPE_CHECKING:
    from datetime import datetime

    from agent.core.open_vault import OpenVault
    from agent.core.watch.locked import LockedWatch
    from agent.notifications import Notifier
    from agent.protocol.problems import Problem
    from agent.protocol.process import State, Status
    from agent.store import Store
    from config.settings import Settings


class Asked(Protocol):
    """What the agent knows of itself, whether a vault is open or not."""

    settings: Settings
    notifier: Notifier
    started_at: datetime
    watch: LockedWatch

    @property
    def state(self) -> State: ...
    @property
    def lang(self) -> str: ...
    @property
    def vault_problems(self) -> list[Problem]: ...
    @property
    def watch_problems(self) -> list[Problem]: ...


def status_of(agent: Asked, store: Store | None, opened: OpenVault | None) -> Status:
    """The contract's agent status. What lies in the vault is null while it is locked."""
    state, backups = agent.state, opened.backups if opened and store else None
    watch, ticket = agent.watch, agent.watch.ticket
    needs = watch.needs
    portal = opened.portal if opened else agent.settings.portal
    return {
        "running": True,
        "pid": os.getpid(),
        "version": VERSION,
        "locked": state != "unlocked",
        "last_sync": store.sync_state().get("last") if store else ticket.last_sync if ticket else None,
        "next_sync": opened.syncs.next_sync if opened else watch.next_run,
        "stale": opened.syncs.stale if opened else watch.stale,
        "portal": portal.base_url,
        "transport": portal.transport,
        "pending": opened.delivery.pending if opened else ticket.pending if ticket else 0,
        "changed": store.changes.names() if store else [],
        "problems": [*agent.vault_problems, *(store.needs() if store else ()), *agent.watch_problems,
                     *(opened.tasks.problems if opened else ()), *(backups.problems if backups else ())],
        "import_folder": agent.settings.imports.folder or None,
        "state": state,
        "syncing": opened.syncs.runs.running if opened else watch.running, "lang": agent.lang,
        "notify": agent.notifier.status(),
        "account": store.credentials() is not None if store else ticket is not None,
        "code_awaited": opened is not None and opened.code_awaited,
        "backup": backups.state() if backups else None,
        "started_at": agent.started_at.isoformat(),
        "watching": watch.watching or bool(opened and opened.syncs.next_sync),
        "sealed": ticket.waiting if ticket else 0,
        "polls_while_locked": ticket.polls if ticket else watch.polls,
        "needs": needs["code"] if needs else _first_need(store),
        "watch": watch.state(),
    }


def _first_need(store: Store | None) -> str | None:
    """Code of what an open vault's account waits for."""
    problems = store.needs() if store is not None else []
    return problems[0]["code"] if problems else None
