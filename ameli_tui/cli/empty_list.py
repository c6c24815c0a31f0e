"""Told apart: a list with nothing in it, and an account of which nothing was read yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.client import api
from ameli_tui.cli.errors import NoAccountYet
from ameli_tui.i18n import _

if TYPE_CHECKING:
    from ameli_tui.cli.context import Context


def nothing_read(context: Context) -> str:
    """That nothing was read yet, in words; nothing when something was. Raises NoAccountYet when nobody signed in."""
    door = context.door
    if door.ask(api.facets())["years"]:
        return ""
    status = door.ask(api.status())
    if status["last_sync"]:
        return ""
    if not status["account"]:
        raise NoAccountYet
    return _("Nothing was read from the account yet: run `ameli sync`.")
