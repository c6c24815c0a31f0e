"""The account session's commands: ``login``, ``logout``, ``sync``."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from agent.client import api
from agent.client.client import Problem
from ameli_tui.cli.context import Context
from ameli_tui.cli.errors import NoAnswer, PersonNeeded, WrongUsage
from ameli_tui.cli.output import one_line, problem_text
from ameli_tui.cli.parser import Parser, describe
from ameli_tui.cli.secret_input import ask_line, ask_secret, has_terminal, read_secret_file
from ameli_tui.cli.sync_progress import follow_sync
from ameli_tui.i18n import _, lang, ngettext
from config.screen import screen_of

if TYPE_CHECKING:
    from typing import Literal, Protocol

    from agent.protocol.account import SignIn, SyncFound
    from agent.protocol.process import Status

    class LoginArgs(Protocol):
        """The arguments of ``ameli login``."""

        nir: str | None
        password_file: str | None
        otp: str | None
        forget_device: bool
        sign_in_while_locked: Literal["yes", "no"] | None

    class SyncArgs(Protocol):
        """The arguments of ``ameli sync``."""

        full: bool

_YES, _NO = ("y", "yes", "o", "oui"), ("n", "no", "non")
_WINDOW_S = 1000.0
"""The agent waits fifteen minutes for the person in the window."""


def configure_login(parser: Parser) -> None:
    """Add ``ameli login``."""
    describe(parser, _(
        "Sign in to the account with your social security number and the account's password. They are kept in the\n"
        "encrypted vault. When the service mails a one-time code, it is asked for; without a terminal the command\n"
        "leaves with exit code 5, and `ameli login --otp CODE` goes on with the same sign-in. With the setting\n"
        "portal.transport browser a browser window opens instead, and you sign in there.\n"
        "It asks once whether the agent may sign in while the vault is locked; --sign-in-while-locked answers that,\n"
        "and so does `ameli config set agent.sign_in`. Where nobody can be asked, it may not."),
        "ameli login")
    parser.add_argument("--nir", metavar="NUMBER", help=_("social security number, 13 characters"))
    parser.add_argument("--password-file", metavar="FILE", help=_("file whose first line is the account's password"))
    parser.add_argument("--otp", metavar="CODE", help=_("the one-time code that the service sent"))
    parser.add_argument("--forget-device", action="store_true",
                        help=_("do not ask the service to trust this device: a code will be needed each time"))
    parser.add_argument("--sign-in-while-locked", choices=("yes", "no"),
                        help=_("whether the agent may sign in while locked: it then holds your password in its memory"))
    parser.set_defaults(run=run_login)


def configure_logout(parser: Parser) -> None:
    """Add ``ameli logout``."""
    describe(parser, _("End the session with the account service and forget its password.\n"
                       "What was fetched stays in the vault."))
    parser.set_defaults(run=run_logout)


def configure_sync(parser: Parser) -> None:
    """Add ``ameli sync``."""
    describe(parser, _(
        "Fetch what is new from the account service. The agent does this by itself several times a day; this asks for\n"
        "it now and waits. Problems on one page do not stop the rest: they are listed. While the vault is locked and\n"
        "the account is watched, what is new is looked for and sealed; it can be read once the vault is open."),
        "ameli sync --json")
    parser.add_argument("--full", action="store_true", help=_("look at everything again, not only at what may be new"))
    parser.set_defaults(run=run_sync)


def run_login(context: Context) -> None:
    """Sign in; asks for what is missing when there is a terminal."""
    args: LoginArgs = context.args
    body: SignIn = {"remember": not args.forget_device}
    if args.otp:
        body["otp"] = args.otp
    if args.nir:
        body["nir"] = args.nir
    if args.password_file:
        body["password"] = read_secret_file(Path(args.password_file))
    if args.sign_in_while_locked is not None:  # first: a sign-in may end at its code, and go on with another command
        _keep_answer(context, may_sign_in=args.sign_in_while_locked == "yes")
    status = _status_of_open(context)
    if status["transport"] == "browser":
        _login_in_the_window(context, body)
        return
    recorded = status["transport"] == "recorded"  # nobody signs in to a recording: the agent says so
    if not recorded and not args.otp and not args.nir and not status["account"]:
        _need(_("the social security number"), "--nir")
        body["nir"] = ask_line(_("Social security number (13 characters): "))
    if "nir" in body and "password" not in body:
        _need(_("the account's password"), "--password-file")
        body["password"] = ask_secret(_("Password of the account: "))
    try:
        answer = context.door.ask(api.login(body))
    except Problem as problem:
        if problem.code != "code_needed" or not has_terminal():
            raise
        context.out.say(one_line(problem.message(lang())))
        answer = context.door.ask(api.login({"otp": ask_line(_("One-time code: ")), "remember": body["remember"]}))
    context.out.answer(answer, lambda: _("Signed in."))
    if args.sign_in_while_locked is None and _to_be_asked(status):
        _ask_about_locked(context)


def _status_of_open(context: Context) -> Status:
    """The status, once the vault is open: what a sign-in needs is kept there. Raises Locked where nobody can be asked
    for the passphrase."""
    status = context.door.knock(api.status())
    if status["state"] != "locked":
        return status
    if has_terminal():
        context.out.say(_("The vault is locked: signing in needs it open."))
    context.door.unlock()
    return context.door.client.ask(api.status())


def _to_be_asked(status: Status) -> bool:
    from ameli_tui.i18n.watch_words import asks_about_sign_in

    return has_terminal() and asks_about_sign_in(status)


def _ask_about_locked(context: Context) -> None:
    """Ask, once, whether the locked agent may sign in. Yes is preselected on a terminal of this machine."""
    from ameli_tui.i18n.watch_words import question

    preselected = not os.environ.get("SSH_CONNECTION")
    choice = _("[Y/n]") if preselected else _("[y/N]")
    while True:
        try:
            said = ask_line(f"{question()} {choice} ").casefold()
        except NoAnswer:
            context.out.say(_("That was not answered: it may not. `ameli login` asks again."))
            return
        if said in ("", *_YES, *_NO):
            break
    may = said in _YES or (not said and preselected)
    _keep_answer(context, may_sign_in=may)
    context.out.say(
        _("It may, from the next locking on; `ameli config set agent.sign_in never` takes that back.") if may
        else _("It may not; `ameli config set agent.sign_in locked` allows it."))


def _keep_answer(context: Context, *, may_sign_in: bool) -> None:
    from ameli_tui.backend.save_setting import keep_agent_settings

    keep_agent_settings(context.paths.settings, context.door.client, sign_in="locked" if may_sign_in else "never",
                        sign_in_asked=True)


def _login_in_the_window(context: Context, given: SignIn) -> None:
    """Have the window opened, and wait while the person signs in there."""
    if given.keys() - {"remember"}:
        raise WrongUsage(
            reason=_("You sign in in the browser's window: number, password and code are typed there, not here."),
            prog="ameli login")
    context.out.say(_("A browser window opens at the account service. Sign in there: number, password, code. This\n"
                      "program sees none of it, and goes on by itself when you are in."))
    context.door.ask(api.login({"screen": screen_of(os.environ)}, deadline=_WINDOW_S))
    context.out.answer({"state": "signed_in"}, lambda: _("Signed in."))


def run_logout(context: Context) -> None:
    """End the account session."""
    context.door.ask(api.logout())
    context.out.answer({"state": "signed_out"}, lambda: _("Signed out. What was fetched stays in the vault."))


def run_sync(context: Context) -> int:
    """Sync now and wait. Exit 4 or 5 when a problem stopped it, 0 when it went through."""
    args: SyncArgs = context.args
    status = context.door.knock(api.status())
    if args.full and status["locked"] and status.get("watching"):
        context.out.say(_("The vault is locked: only what is new is looked for. "
                          "`ameli unlock` first, to read all again."))
    follow_sync(context.paths, context.out)
    answer = context.door.ask(api.sync(full=args.full, screen=screen_of(os.environ)))
    context.out.answer(answer, lambda: _told(answer))
    return 0


def _told(result: SyncFound) -> str:
    new = result["new"]
    sealed = result.get("sealed")
    lines = _sealed(sum(new.values()), sealed) if sealed is not None else [
        ngettext("{n} new payment", "{n} new payments", new["payments"]).format(n=new["payments"]),
        ngettext("{n} new document", "{n} new documents", new["documents"]).format(n=new["documents"]),
        ngettext("{n} new message", "{n} new messages", new["messages"]).format(n=new["messages"]),
    ]
    lines.append(_("{requests} requests in {seconds} s").format(
        requests=result["requests"], seconds=f"{result['seconds']:.1f}"))
    lines += ["! " + problem_text(problem, lang()) for problem in result["problems"]]
    return "\n".join(lines)


def _sealed(new: int, sealed: int) -> list[str]:
    """How many, and nothing else: the vault is locked."""
    return [
        ngettext("{n} new thing was seen; the vault is locked, so it was sealed.",
                 "{n} new things were seen; the vault is locked, so they were sealed.", new).format(n=new)
        if new else _("Nothing new was seen."),
        *([ngettext("{n} waits for unlocking: `ameli unlock`.", "{n} wait for unlocking: `ameli unlock`.",
                    sealed).format(n=sealed)] if sealed else ()),
    ]


def _need(what: str, option: str) -> None:
    if not has_terminal():
        raise PersonNeeded(what=what, option=option)
