"""``ameli demo``: everything on an invented account."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from ameli_tui.cli.argument_types import check_today, count, payments, years
from ameli_tui.cli.context import Context
from ameli_tui.cli.demo.home import Choices, Ready, prepare, stop
from ameli_tui.cli.demo.janitor import Janitor
from ameli_tui.cli.errors import WrongUsage
from ameli_tui.cli.open_screens import need_terminal, open_screens
from ameli_tui.cli.output import Output, facts, one_line
from ameli_tui.cli.parser import Parser, describe
from ameli_tui.files.collect import at_home
from ameli_tui.i18n import _

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    class DemoArgs(Protocol):
        """The arguments of ``ameli demo``."""

        home: str | None
        detach: bool
        stop: bool
        seed: int | None
        years: int | None
        payments: int | None


def configure_demo(parser: Parser) -> None:
    """Add ``ameli demo``."""
    describe(parser, _(
        "Open the screens on a lifelike account invented by the built-in sandbox. No real data, no network: the\n"
        "portal, the agent and the account live on this machine and are gone when you leave. News comes while you\n"
        "look, whether the vault is open or locked. With --home the demo is kept in that folder; with --detach it\n"
        "goes on in the background, for commands and scripts, and nothing happens in the account by itself."),
        "ameli demo --home /tmp/demo --detach --json && AMELI_HOME=/tmp/demo ameli payments")
    parser.add_argument("--home", metavar="DIR", help=_("make the demo in this folder, and keep it"))
    end = parser.add_mutually_exclusive_group()
    end.add_argument("--detach", action="store_true", help=_("prepare everything and return (needs --home)"))
    end.add_argument("--stop", action="store_true", help=_("end the demo in --home; the folder stays"))
    parser.add_argument("--seed", metavar="N", type=count,
                        help=_("which invented account (the same number, the same account)"))
    parser.add_argument("--years", metavar="N", type=years, help=_("years of history"))
    parser.add_argument("--payments", metavar="N", type=payments, help=_("number of payments"))
    parser.set_defaults(run=run_demo)


def run_demo(context: Context) -> int:
    """Make, open or end a demo."""
    args: DemoArgs = context.args
    home = at_home(args.home).absolute() if args.home else None
    if (args.detach or args.stop) and home is None:
        raise WrongUsage(reason=_("--detach and --stop need --home DIR: they work on a demo that stays."),
                         prog="ameli demo")
    choices = Choices(args.seed, args.years, args.payments)
    if args.stop and home is not None:
        ended = stop(home)
        text = _("The demo has ended.") if ended["stopped"] else _("The demo was not running.")
        context.out.answer(ended, lambda: text)
        return 0
    check_today()
    if args.detach and home is not None:
        made = prepare(home, choices, context.out)
        context.out.answer(made, lambda: _made_text(made))
        return 0
    need_terminal("ameli demo")
    return _attended(home, choices, context.out)


def _attended(kept: Path | None, choices: Choices, out: Output) -> int:
    """The screens on a demo; ``kept``: its folder, which stays."""
    home = kept or Path(tempfile.mkdtemp(prefix="ameli-demo-"))
    try:
        janitor = Janitor(home, keep=kept is not None)
    except OSError:
        if kept is None:
            shutil.rmtree(home)
        raise
    with janitor:
        made = prepare(home, choices, out, watched=True)
        passphrase = one_line(made["passphrase"])
        out.say(_("News comes while you look, the first of it within a minute. Lock the vault (L, then Enter) and the\n"
                  "agent goes on watching: what it sees is counted, and sealed until you unlock with {passphrase}.\n"
                  "It may sign in while locked, since this account is invented.").format(passphrase=passphrase))
        from ameli_tui.cli.demo.news import News  # it asks over HTTP: not for `--help`

        with News(made["portal_url"]):
            return open_screens(greeting=_(
                "News comes while you look, locked too. L, then Enter, locks; {passphrase} opens again.").format(
                    passphrase=passphrase))


def _made_text(made: Ready) -> str:
    return "\n".join((
        facts([(_("Home"), made["home"]), (_("Portal"), made["portal_url"]), (_("Social security number"), made["nir"]),
               (_("Password"), made["password"]), (_("Passphrase"), made["passphrase"])]), "",
        _("Now for example: AMELI_HOME={home} ameli payments").format(home=made["home"]),
        _("To end it: ameli demo --home {home} --stop").format(home=made["home"])))
