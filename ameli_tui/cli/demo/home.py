"""Making a demo's home: a stand-in portal beside it, a vault in it, signed in and synced once; and ending it again."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import select
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, NotRequired, TypedDict

from agent.client import api
from agent.client.client import Client, NotRunning, Problem
from agent.client.control import stop_agent
from ameli_tui.cli.agent_access import Door
from ameli_tui.cli.demo.places import DemoPlaces
from ameli_tui.cli.demo.processes import end_holder, is_held, spawn_holding
from ameli_tui.cli.errors import DemoFailed, NotADemoHome, NothingToStop, OtherDemo
from ameli_tui.cli.output import one_line
from ameli_tui.cli.sync_progress import follow_sync
from ameli_tui.files.write import write_file
from ameli_tui.i18n import _
from config.paths import Paths, find_paths
from config.python_process import python_command

if TYPE_CHECKING:
    from ameli_tui.cli.output import Output
    from config.toml_file import TomlValue

_PORTAL_PATIENCE_S = 300.0
"""Seconds the portal gets to invent the account and listen: 100,000 payments on a slow machine take a while."""
_SEED = 12
_YEARS = 3
_ANNOUNCED = ("base_url", "identity_url", "mailbox_url", "nir", "password")
"""What is needed of the portal's first line."""
_SHOWN_OF_LINE = 200
_OFTEN: tuple[tuple[str, TomlValue], ...] = (
    ("sync.every_h", 0.006), ("sync.quiet_from", 0), ("sync.quiet_until", 0))
"""Some 20 seconds, by night too: whoever looks on sees it happen."""
_TIMES = ("agent.lock_after_min", "agent.lock_at_most_h")
_TIMES_OF_BEFORE = (("never", "never"), (1440.0, 168.0))
"""What earlier demos set them to, the numbers as they are read today: this one is locked as anybody's."""
_EASY = "demo-demo-demo"
"""The passphrase that somebody is to remember who locks a demo."""
_WATCHED = (*_OFTEN, ("agent.sign_in", "locked"), ("agent.sign_in_asked", True))
"""The account is invented: the agent may sign in to it, as most people would let it on a machine of their own."""


class Chosen(TypedDict):
    """``Choices``, as the record keeps them."""

    seed: int | None
    years: int | None
    payments: int | None


class Announced(TypedDict):
    """Where the portal is and who can sign in there, as the record keeps its first line."""

    portal_url: str
    identity_url: str
    mailbox_url: str
    nir: str
    password: str


class Record(TypedDict):
    """What a demo's folder tells of it. Where its portal is comes once that has begun."""

    home: str
    choices: Chosen
    passphrase: str
    portal_url: NotRequired[str]
    identity_url: NotRequired[str]
    mailbox_url: NotRequired[str]
    nir: NotRequired[str]
    password: NotRequired[str]


class Ready(TypedDict):
    """What the person may need of a demo that runs."""

    home: str
    portal_url: str
    nir: str
    password: str
    passphrase: str


class Ended(TypedDict):
    """A demo that was ended; whether anything of it was running."""

    home: str
    stopped: bool


class Mail(TypedDict):
    """A mail that the stand-in sent, as far as it is read here."""

    code: NotRequired[str]


class Choices(NamedTuple):
    """How the invented account is made. ``None``: as the sandbox does by itself."""

    seed: int | None
    years: int | None
    payments: int | None

    def given(self) -> dict[str, int]:
        """Those that were chosen."""
        return {name: value for name, value in self._asdict().items() if value is not None}

    def kept(self) -> Chosen:
        """For the record."""
        return {"seed": self.seed, "years": self.years, "payments": self.payments}

    def arguments(self) -> list[str]:
        """As options of ``ameli sandbox serve``."""
        return [word for name, value in self.given().items() for word in (f"--{name}", str(value))]

    def settled(self) -> Choices:
        """With the usual account, a family of four, where nothing was chosen."""
        return Choices(_SEED if self.seed is None else self.seed, _YEARS if self.years is None else self.years,
                       self.payments)


def prepare(home: Path, choices: Choices, out: Output, *, watched: bool = False) -> Ready:
    """Make the demo in ``home``, or bring the one that is there back to life, and return what the person may need.

    The portal, the agent (unlocked) and a first sync are done on return. The environment's ``AMELI_HOME`` is ``home``
    from then on. ``watched``: somebody looks on, so the agent looks for news every few seconds, by night too, and may
    sign in while it is locked. Raises NotADemoHome, OtherDemo, DemoFailed; processes started by a failed attempt are
    ended.
    """
    places = DemoPlaces(home)
    record = _known(places, choices)
    os.environ["AMELI_HOME"] = str(home)
    paths = find_paths()
    if record is not None and "portal_url" in record and is_held(places.lock) and _is_ready(paths, record, out):
        if watched:
            write_settings(paths, record, watched=True)
            Client(paths).ask(api.reload())
        return _shown(record)
    try:
        if record is None:
            record = {"home": str(home), "choices": choices.settled().kept(),
                      "passphrase": _EASY if watched else f"demo-{secrets.token_hex(3)}-{secrets.token_hex(3)}"}
            _write_record(places, record)  # from here on the folder is a demo's, finished or not
        record = {**record, **_portal(places, Choices(**record["choices"]), out)}
        _write_record(places, record)
        stop_agent(paths)
        write_settings(paths, record, watched=watched)
        _open_account(paths, record, out)
    except BaseException:
        end_all(home)
        raise
    return _shown(record)


def stop(home: Path) -> Ended:
    """End the demo's processes and keep its folder. Raises NothingToStop."""
    places = DemoPlaces(home)
    if not places.record.exists():
        raise NothingToStop(home=home)
    return {"home": str(home), "stopped": end_all(home)}


def _known(places: DemoPlaces, choices: Choices) -> Record | None:
    """The record of the demo in this folder; None for a folder that is free."""
    if places.record.exists():
        try:
            record: Record = json.loads(places.record.read_text(encoding="utf-8"))
            made = dict(record["choices"])
        except (ValueError, KeyError, TypeError) as error:  # cut short, or not ours
            raise NotADemoHome(home=places.home) from error
        if any(made.get(name) != value for name, value in choices.given().items()):
            choices_made = ", ".join(f"--{name} {value}" for name, value in made.items() if value is not None) or "-"
            raise OtherDemo(home=places.home, known=choices_made)
        return record
    try:
        places.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        taken = any(places.home.iterdir())
        if not taken:
            places.folder.mkdir(mode=0o700)
    except OSError as error:
        raise NotADemoHome(home=places.home) from error
    if taken:
        raise NotADemoHome(home=places.home)
    return None


def _is_ready(paths: Paths, record: Record, out: Output) -> bool:
    """Whether the agent runs and somebody is signed in; a vault that was locked is opened."""
    door = _door(paths, record, out)
    try:
        if door.client.ask(api.health())["state"] == "locked":
            door.unlock()
        return door.client.ask(api.status())["account"]
    except NotRunning:
        return False


def _door(paths: Paths, record: Record, out: Output) -> Door:
    return Door(paths, out, str(DemoPlaces(Path(record["home"])).passphrase))


def _shown(record: Record) -> Ready:
    return {"home": record["home"], "portal_url": record["portal_url"], "nir": record["nir"],
            "password": record["password"], "passphrase": record["passphrase"]}


def end_all(home: Path) -> bool:
    """End agent and portal of a home, finished or not; says whether either was running. Sets ``AMELI_HOME``."""
    os.environ["AMELI_HOME"] = str(home)
    agent = stop_agent(find_paths()).value != "not_running"
    return end_holder(DemoPlaces(home).lock) or agent


def _portal(places: DemoPlaces, choices: Choices, out: Output) -> Announced:
    """Start the stand-in portal and return what its first line says."""
    end_holder(places.lock)
    out.say(_("Starting the demo portal…"))
    command = python_command(
        "ameli_tui", "sandbox", "serve", "--port", "0", "--json",
        # The service shows six months; a demo shows what years of use would have gathered.
        "--window-months", "0", "--state", str(places.requests), *choices.arguments())
    try:
        portal = spawn_holding(command, places.lock, places.log)
    except BlockingIOError as error:
        raise DemoFailed(reason=_("another command is starting it"), log=places.log) from error
    try:
        line = first_line(portal, places)
    except BaseException:
        portal.kill()
        portal.wait()
        raise
    # It lives on without us; Python would warn about a child that nobody waits for.
    portal.returncode = 0
    return {"portal_url": line["base_url"], "identity_url": line["identity_url"], "mailbox_url": line["mailbox_url"],
            "nir": line["nir"], "password": line["password"]}


def first_line(portal: subprocess.Popen[bytes], places: DemoPlaces) -> dict[str, str]:
    """What the portal says of itself in its first line. Raises DemoFailed when it says something else, or nothing."""
    assert portal.stdout is not None
    until = time.monotonic() + _PORTAL_PATIENCE_S
    line = b""
    with portal.stdout as pipe:
        while not line.endswith(b"\n"):
            left = max(0.0, until - time.monotonic())
            if not select.select([pipe], [], [], left)[0]:
                raise DemoFailed(reason=_("the demo portal said nothing for minutes"), log=places.log)
            chunk = os.read(pipe.fileno(), 1 << 16)
            if not chunk:
                last = places.log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-1:]
                raise DemoFailed(reason=" ".join(last) or _("the demo portal ended at once"), log=places.log)
            line += chunk
    try:
        announced = {name: str(value) for name, value in json.loads(line).items()}
    except (ValueError, AttributeError, RecursionError) as error:
        said = one_line(line[:_SHOWN_OF_LINE].decode("utf-8", "replace"))
        reason = _("the demo portal said “{line}” instead of where it is").format(line=said)
        raise DemoFailed(reason=reason, log=places.log) from error
    if missing := [name for name in _ANNOUNCED if name not in announced]:
        reason = _("the demo portal does not say its {names}").format(names=", ".join(missing))
        raise DemoFailed(reason=reason, log=places.log)
    return announced


def write_settings(paths: Paths, record: Record, *, watched: bool = False) -> None:
    """Point this home at the demo portal, keeping what else the person has set in it. Raises BadSettings.

    ``watched`` as of ``prepare``; without it the agent looks as seldom as anybody's.
    """
    from ameli_tui.cli.commands.config import bad_settings
    from config.bounds import drop, faults, flat, put
    from config.settings import SettingsError, from_raw, read_raw, save_settings, settings_error

    try:
        raw = read_raw(paths.settings)
        pointed: tuple[tuple[str, TomlValue], ...] = (
                ("portal.base_url", record["portal_url"]), ("portal.identity_url", record["identity_url"]),
                ("portal.pause_s", 0.0), ("notify.desktop", False),  # an invented payment is no news for the desktop
                *(_WATCHED if watched else ()))
        for key, value in pointed:
            with contextlib.suppress(KeyError):  # something else stands where a table belongs: told below
                put(raw, key, value)
        kept = dict(flat(raw))
        dropped = [key for key, value in _OFTEN if not watched and kept.get(key) == value]
        if tuple(map(kept.get, _TIMES)) in _TIMES_OF_BEFORE:
            dropped += _TIMES
        for key in dropped:
            drop(raw, key)
        if mistakes := faults(raw):
            raise settings_error(paths.settings, mistakes)
    except SettingsError as error:
        raise bad_settings(error) from error
    save_settings(paths.settings, from_raw(raw))


def _write_record(places: DemoPlaces, record: Record) -> None:
    write_file(places.passphrase, record["passphrase"].encode() + b"\n", force=True)
    write_file(places.record, json.dumps(record, indent=2).encode(), force=True)


def _open_account(paths: Paths, record: Record, out: Output) -> None:
    """Start the agent, open the vault, sign in with the code from the demo's mailbox, sync once."""
    door = _door(paths, record, out)
    health = door.knock(api.health())
    if health["state"] == "setup":
        door.client.ask(api.setup(record["passphrase"]))
    elif health["state"] == "locked":
        door.unlock()
    out.say(_("Signing in to the demo account…"))
    _sign_in(door.client, record)
    out.say(_("Fetching the demo account…"))
    follow_sync(paths, out, lines=True)
    door.client.ask(api.sync())


def _sign_in(client: Client, record: Record) -> None:
    try:
        client.ask(api.login({"nir": record["nir"], "password": record["password"], "remember": True}))
    except Problem as problem:
        if problem.code != "code_needed":
            raise
        client.ask(api.login({"otp": newest_code(record["mailbox_url"]), "remember": True}))


def newest_code(mailbox_url: str) -> str:
    """Return the one-time code of the newest mail that the stand-in sent."""
    from http.client import HTTPConnection
    from urllib.parse import urlsplit

    url = urlsplit(mailbox_url)
    with contextlib.closing(HTTPConnection(url.hostname or "127.0.0.1", url.port, timeout=10)) as connection:
        connection.request("GET", url.path)
        mails: list[Mail] = json.loads(connection.getresponse().read())
    return str([mail["code"] for mail in mails if mail.get("code")][-1])
