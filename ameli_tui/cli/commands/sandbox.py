"""``ameli sandbox serve``: the stand-in portal alone, for tests and for other programs."""

from __future__ import annotations

from pathlib import Path

from ameli_tui.cli.argument_types import check_today, count, months, payments, port, years
from ameli_tui.cli.context import Context
from ameli_tui.cli.parser import Parser, add_action, describe
from ameli_tui.i18n import _

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    class ServeArgs(Protocol):
        """The arguments of ``ameli sandbox serve``."""

        port: int
        seed: int
        years: int
        payments: int | None
        otp: str
        waf: str
        faults: str
        window_months: int
        state: Path | None
        option: list[str]


def configure_sandbox(parser: Parser) -> None:
    """Add ``ameli sandbox serve``."""
    describe(parser, _("A stand-in for the account service: the same pages, an invented account, faults to choose.\n"
                       "It listens on this machine only."), "ameli sandbox serve --port 8000 --seed 3 --json")
    serve = add_action(parser.actions(required=True), "serve", _("serve until Ctrl-C"), run_serve)
    serve.add_argument("--port", metavar="P", type=port, default=0, help=_("port of the portal; 0 takes a free one"))
    serve.add_argument("--seed", metavar="N", type=count, default=1, help=_("which invented account (1)"))
    serve.add_argument("--years", metavar="N", type=years, default=3, help=_("years of history (3)"))
    serve.add_argument("--payments", metavar="N", type=payments, help=_("number of payments"))
    serve.add_argument("--otp", choices=("on", "off"), default="on", help=_("ask for one-time codes"))
    serve.add_argument("--waf", choices=("on", "off"), default="off", help=_("a firewall that refuses programs"))
    serve.add_argument("--faults", metavar="SPEC", default="", help=_("faults to play, like latency=0.2,500=0.1"))
    serve.add_argument("--window-months", metavar="N", type=months, default=6,
                       help=_("how far back the payments page goes (6, as the service's); 0 is everything"))
    serve.add_argument("--state", metavar="DIR", type=Path,
                       help=_("where requests sent to it outlive it; without one they end with it"))
    serve.add_argument("--option", metavar="NAME=VALUE", action="append", default=[],
                       help=_("any other trait of the service (repeatable)"))


def run_serve(context: Context) -> int:
    """Serve until stopped."""
    from agent.sandbox.server.serve import serve

    args: ServeArgs = context.args
    check_today()
    return serve(port=args.port, seed=args.seed, years=args.years, payments=args.payments, otp=args.otp == "on",
                 waf=args.waf, faults=args.faults, window_months=args.window_months, options=args.option,
                 state=args.state)
