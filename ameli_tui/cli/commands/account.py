"""The account session's commands: ``login``, ``logout``, ``sync``."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from agent.client import api
from agent.client.client import Problem
from ameli_tui.cli.context import Context
from ameli_tui.cli.errors import PersonNeeded, WrongUsage
from ameli_tui.cli.output import one_line, problem_text
from ameli_tui.cli.parser import Parser, describe
from ameli_tui.cli.secret_input import ask_line, ask_secret, has_terminal, read_secret_file
from ameli_tui.cli.sync_progress import follow_sync
from ameli_tui.i18n import _, lang, ngettext
from config.screen import screen_of

if TYPE_CHECKING:
    from typing import Protocol

    from agent.protocol.account import SignIn, SyncFound

    class LoginArgs(Protocol):
        """The arguments of ``ameli login``."""

        nir: str | None
        password_file: str | None
        otp: str | None
        forget_device: bool

    class SyncArgs(Protocol):
        """The arguments of ``ameli sync``."""

        full: bool

_WINDOW_S = 1000.0
"""The agent waits fifteen minutes for the person in the window."""


def configure_login(parser: Parser) -> None:
    """Add ``ameli login``."""
    describe(parser, _(
        "Sign in to the account with your social security number and the account's password. They are kept in the\n"
        "encrypted vault. When the service mails a one-time code, it is asked for; without a terminal the command\n"
        "leaves with exit code 5, and `ameli login --otp CODE` goes on with the same sign-in. With the setting\n"
        "portal.transport browser a browser window opens instead, and you sign in there."),
        "ameli login")
    parser.add_argument("--nir", metavar="NUMBER", help=_("social security number, 13 characters"))
    parser.add_argument("--password-file", metavar="FILE", help=_("file whose first line is the account's password"))
    parser.add_argument("--otp", metavar="CODE", help=_("the one-time code that the service sent"))
    parser.add_argument("--forget-device", action="store_true",
                        help=_("do not ask the service to trust this device: a code will be needed each time"))
    parser.set_defaults(run=run_login)


def configure_logout(parser: Parser) -> None:
    """Add ``ameli logout``."""
    describe(parser, _("End the session with the account service and forget its password.\n"
                       "What was fetched stays in the vault."))
    parser.set_defaults(run=run_logout)


def configure_sync(parser: Parser) -> None:
    """Add ``ameli sync``."""
    describe(parser, _(
        "Fetch what is new from the account service. The agent does this by itself several times a day while the\n"
        "vault is open; this asks for it now and waits. Problems on one page do not stop the rest: they are listed."),
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
    status = context.door.ask(api.status())
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
    context.door.ask(api.status())
    follow_sync(context.paths, context.out)
    answer = context.door.ask(api.sync(full=args.full, screen=screen_of(os.environ)))
    context.out.answer(answer, lambda: _told(answer))
    return 0


def _told(result: SyncFound) -> str:
    new = result["new"]
    lines = [
        ngettext("{n} new payment", "{n} new payments", new["payments"]).format(n=new["payments"]),
        ngettext("{n} new document", "{n} new documents", new["documents"]).format(n=new["documents"]),
        ngettext("{n} new message", "{n} new messages", new["messages"]).format(n=new["messages"]),
        _("{requests} requests in {seconds} s").format(requests=result["requests"], seconds=f"{result['seconds']:.1f}"),
    ]
    lines += ["! " + problem_text(problem, lang()) for problem in result["problems"]]
    return "\n".join(lines)


def _need(what: str, option: str) -> None:
    if not has_terminal():
        raise PersonNeeded(what=what, option=option)
