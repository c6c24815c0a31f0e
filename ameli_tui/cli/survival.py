"""What survives a restart of the machine, chosen with the service: asked on a terminal, or given as an option."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from ameli_tui.cli.commands.config import bad_settings, not_saved
from ameli_tui.cli.secret_input import ask_line, has_terminal
from ameli_tui.i18n import _, lang
from config.settings import SettingsError

if TYPE_CHECKING:
    from collections.abc import Callable

    from agent.watch.resting.choice import Choice
    from ameli_tui.cli.context import Context
    from config.settings import Survive

CHOICES: tuple[Survive, ...] = ("no", "keyring", "systemd-creds")


def install_with(context: Context, survive: Survive | None) -> tuple[list[str], Survive | None]:
    """Install the service with what is to survive, ``survive`` or what is chosen on the terminal; return what was done,
    and what was chosen, None when nobody chose: then it is as before. So it is, too, when the service is not installed.

    Raises KeyUnavailable, TicketNotKept, NoServiceManager, ServiceFailed, BadSettings, SettingsNotSaved.
    """
    from agent.client.service_manager import manager
    from agent.client.service_unit import NoServiceManager, install
    from agent.errors import AmeliError

    if manager() is None:
        raise NoServiceManager
    if survive is None and (context.out.as_json or not has_terminal()):
        return install(), None
    choice = _choice(context)
    if survive is None:
        survive = _asked(context, choice.survive)
    wanted = survive
    _written(context, lambda: choice.make(wanted))
    try:
        done = install()
    except AmeliError:
        _written(context, choice.take_back)
        raise
    done.append(f"survive: {survive}")
    try:
        choice.settle()
    except AmeliError as error:
        done.append(f"left there, it opens nothing any more: {error.message(lang())}")
    return done, survive


def forget(context: Context) -> list[str]:
    """Have nothing survive any more; return what was done. Raises KeyUnavailable, TicketNotKept, BadSettings."""
    choice = _choice(context)
    was = choice.survive
    _written(context, choice.end)
    return [f"forget: {was}"] if was != "no" else []


def _choice(context: Context) -> Choice:
    from agent.watch.resting.choice import Choice

    try:
        return Choice(context.paths)
    except SettingsError as error:
        raise bad_settings(error) from error


def _written(context: Context, step: Callable[[], None]) -> None:
    try:
        step()
    except OSError as error:
        raise not_saved(context.paths.settings, error) from error


def _asked(context: Context, now: Survive) -> Survive:
    """Offer each with what it does not protect from, until the answer is one of them."""
    offered = CHOICES if sys.platform == "linux" else CHOICES[:-1]
    context.out.say(_("After a restart of the machine the agent watches again after one unlocking, or by itself:"))
    words = {
        "no": _("after one unlocking, since nothing of it rests on the disk"),
        "keyring": _("by itself, with a key in the desktop's keyring: that does not protect from any program of yours\n"
                     "     once the desktop is open"),
        "systemd-creds": _("by itself, with a key that systemd seals for this machine: that does not protect from\n"
                           "     programs of yours on this machine, nor from root"),
    }
    for number, name in enumerate(offered, 1):
        context.out.say(f"  {number}  {name}: {words[name]}")
    while True:
        answer = ask_line(_("Which one? [{number}] ").format(number=offered.index(now) + 1 if now in offered else 1))
        if not answer:
            return now if now in offered else "no"
        for number, name in enumerate(offered, 1):
            if answer.casefold() in (str(number), name):
                return name
