"""The stand-in as a program: binds both ports, says where it is in one line of JSON, serves until told to stop."""

import argparse
import asyncio
import contextlib
import json
import signal
import socket
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TextIO

import uvicorn

from agent.errors import AmeliError
from agent.sandbox.errors import BadOption, NotAnnounced, PortBusy, PortRefused
from agent.sandbox.server.app import Sandbox
from agent.sandbox.server.faults import Faults
from agent.sandbox.server.options import SandboxOptions
from config.clock import today

_BACKLOG = 256
_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def build_parser() -> argparse.ArgumentParser:
    """The options of ``python -m agent.sandbox``, shared with ``ameli sandbox serve``."""
    parser = argparse.ArgumentParser(
        prog="python -m agent.sandbox", description="A stand-in for the account service, on this machine only."
    )
    parser.add_argument("--port", type=int, default=0, help="port of the portal; the identity host takes the next one")
    parser.add_argument("--seed", type=int, default=1, help="which account is invented")
    parser.add_argument("--years", type=int, default=3, help="how far back its payments go")
    parser.add_argument("--payments", type=int, default=None, help="how many payments it has")
    parser.add_argument("--otp", choices=("on", "off"), default="on", help="ask for a one-time code")
    parser.add_argument("--waf", choices=("off", "on", "strict", "no-browser", "headless"), default="off",
                        help="whom the firewall refuses")
    parser.add_argument("--faults", default="", metavar="SPEC",
                        help="e.g. latency=0.2,500=0.1,truncate=paiements.do; drop-after=1x@/requests/ does what was "
                             "asked and loses the answer, once")
    parser.add_argument("--window-months", type=int, default=6, metavar="N",
                        help="how far back the payments page goes; 0: everything")
    parser.add_argument("--option", action="append", default=[], metavar="NAME=VALUE",
                        help="any other switch, e.g. ids=2023 or interstitial=cgu; may be repeated")
    parser.add_argument("--state", metavar="FOLDER", type=Path, default=None,
                        help="where requests and papers sent to it outlive it; without one they end with it")
    parser.add_argument("--json", action="store_true", help="accepted for symmetry: the first line is always JSON")
    return parser


def serve(
    *, port: int = 0, seed: int = 1, years: int = 3, payments: int | None = None, otp: bool = True, waf: str = "off",
    faults: str = "", window_months: int = 6, options: Sequence[str] = (), out: TextIO | None = None,
    ready: Callable[[Sandbox], None] | None = None, stop: threading.Event | None = None, state: Path | None = None,
) -> int:
    """Serve until SIGTERM or SIGINT (or, in a thread, until ``stop`` is set); returns the exit code.

    ``port`` 0 takes any free one. ``options`` are further ``name=value`` switches of SandboxOptions; ``state`` is a
    folder in which what was sent to it outlives it. The line written to ``out`` (standard output by default) has
    ``base_url``, ``identity_url``, ``nir``, ``password`` and ``mailbox_url``; both ports are bound before it. Raises
    PortBusy, PortRefused, NotAnnounced, BadOption, BadFault.
    """
    switches = SandboxOptions(otp=otp, window_months=window_months)
    switches.set("waf", waf)
    for item in options:
        name, equals, value = item.partition("=")
        if not equals:
            raise BadOption(name=item, allowed="NAME=VALUE")
        switches.set(name, value)
    troubles = Faults.parse(faults, seed)
    from agent.sandbox.generator import make_household  # the tables it reads are of no use to a wrong command

    sockets = bind(port)
    try:
        first, second = sockets[0].getsockname()[1], sockets[1].getsockname()[1]
        sandbox = Sandbox(
            make_household(seed, today(), years, payments), switches, today,
            base_url=f"http://127.0.0.1:{first}", identity_url=f"http://localhost:{second}", faults=troubles,
            state=state,
        )
        announcement = {
            "base_url": sandbox.base_url, "identity_url": sandbox.identity_url, "nir": sandbox.service.household.nir,
            "password": sandbox.service.household.password, "mailbox_url": sandbox.mailbox_url,
        }
        _announce(announcement, out or sys.stdout)
        if ready:
            ready(sandbox)
        asyncio.run(run(sandbox, sockets, stop))
    finally:
        for listener in sockets:
            listener.close()
    return 0


def _announce(announcement: dict[str, str], stream: TextIO) -> None:
    try:
        stream.write(json.dumps(announcement, ensure_ascii=False) + "\n")
        stream.flush()
    except OSError as error:
        raise NotAnnounced(reason=error.strerror or str(error)) from error


def bind(port: int) -> list[socket.socket]:
    """The portal's socket, then the identity host's, on 127.0.0.1, then on ::1 where the machine has it.

    The identity host is named ``localhost`` so that cookies, which do not tell ports apart, never mix with those of
    the portal.
    Raises PortBusy when ``port`` is taken, PortRefused when the system gives it to nobody like us, BadOption when it is
    none.
    """
    try:
        portal = _listen(socket.AF_INET, "127.0.0.1", port)
    except OverflowError as error:
        raise BadOption(name=f"port={port}", allowed="0–65535") from error
    except PermissionError as error:
        raise PortRefused(port=port) from error
    except OSError as error:
        raise PortBusy(port=port) from error
    try:
        identity = _listen(socket.AF_INET, "127.0.0.1", portal.getsockname()[1] + 1)
    except (OSError, OverflowError):
        identity = _listen(socket.AF_INET, "127.0.0.1", 0)
    sockets = [portal, identity]
    # Some clients try ::1 first for "localhost"; a machine without IPv6 answers them on 127.0.0.1 alone.
    with contextlib.suppress(OSError):
        sockets.append(_listen(socket.AF_INET6, "::1", identity.getsockname()[1]))
    return sockets


def _listen(family: socket.AddressFamily, host: str, port: int) -> socket.socket:
    # asyncio turns Nagle's delay off only where the protocol is named: without it every answer takes 40 ms.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(_BACKLOG)
    except (OSError, OverflowError):
        listener.close()
        raise
    return listener


async def run(sandbox: Sandbox, sockets: Sequence[socket.socket], stop: threading.Event | None = None) -> None:
    """Serve on sockets already bound. In the main thread signals end it; elsewhere ``stop`` does."""
    stop = stop or threading.Event()
    ours = threading.current_thread() is threading.main_thread()
    # Uvicorn raises a signal again once it has stopped: with these handlers that is harmless, and a signal that comes
    # before it listens to them is not lost.
    before = {kind: signal.signal(kind, lambda *_: stop.set()) for kind in _SIGNALS} if ours else {}
    sandbox.layer.over_sockets = True
    server = uvicorn.Server(uvicorn.Config(
        sandbox.asgi, log_level="critical", access_log=False, interface="asgi3", lifespan="off", server_header=False,
        timeout_graceful_shutdown=1,
    ))
    watcher = asyncio.create_task(_watch(server, stop))
    try:
        await server.serve(sockets=list(sockets))
    finally:
        stop.set()
        await watcher
        for kind, handler in before.items():
            signal.signal(kind, handler)


async def _watch(server: uvicorn.Server, stop: threading.Event) -> None:
    await asyncio.to_thread(stop.wait)
    server.should_exit = True


def main(argv: Sequence[str] | None = None) -> int:
    """Command line of ``python -m agent.sandbox``; returns the exit code."""
    chosen = build_parser().parse_args(argv)
    try:
        return serve(
            port=chosen.port, seed=chosen.seed, years=chosen.years, payments=chosen.payments, otp=chosen.otp == "on",
            waf=chosen.waf, faults=chosen.faults, window_months=chosen.window_months, options=chosen.option,
            state=chosen.state,
        )
    except AmeliError as error:
        sys.stderr.write(f"{error.message('fr')}\n{error.hint('fr')}\n")
        return error.exit_code
