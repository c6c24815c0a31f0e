"""``ameli doctor``: everything a person would be asked about, each with its cure."""

from __future__ import annotations

import errno
import os
import shutil
import stat
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from agent import VERSION
from agent.client import api
from agent.client.client import NotRunning
from agent.errors.system_errors import keeping_cure
from ameli_tui.cli.context import Context
from ameli_tui.cli.output import one_line
from ameli_tui.cli.parser import Parser, describe
from ameli_tui.i18n import _, lang, ngettext
from config.paths import Paths

if TYPE_CHECKING:
    from typing import Protocol

    from agent.protocol.process import Finding

    class DoctorArgs(Protocol):
        """The arguments of ``ameli doctor``."""

        offline: bool
        sample: str | None
        out: str | None
        force: bool

_ROOM = 100 * 1024 * 1024
"""Bytes that should be free: a large vault is written anew beside the old one."""


class Check(NamedTuple):
    """One thing looked at."""

    name: str
    ok: bool
    text: str
    """What was found."""
    cure: str = ""
    """What to do; empty when all is well."""
    details: tuple[str, ...] = ()
    """What else was seen, a line each."""


def configure_doctor(parser: Parser) -> None:
    """Add ``ameli doctor``."""
    describe(parser, _("Check the program, the folders, the settings, the terminal, the agent and the account,\n"
                       "and say what to do about what is wrong. The exit code is 0 when all could be looked at."),
             "ameli doctor --json")
    parser.add_argument("--offline", action="store_true", help=_(
        "do not even look whether the account service can be reached; without an account it never is"))
    parser.add_argument("--sample", metavar="PAGE", help=_(
        "write the anonymised copy of a page that is no longer understood, under its name in the list"))
    parser.add_argument("--out", metavar="F", help=_("file to write it to; - is standard output"))
    parser.add_argument("--force", action="store_true", help=_("replace the file if it exists"))
    parser.set_defaults(run=run_doctor)


def run_doctor(context: Context) -> None:
    """Look at everything, or write the sample that is asked for."""
    args: DoctorArgs = context.args
    if args.sample or args.out:
        _sample(context)
        return
    checks = [_python(), *_terminal(dict(os.environ)), *_agent(context)]
    answer = {"ok": all(check.ok for check in checks), "checks": [check._asdict() for check in checks]}
    context.out.answer(answer, lambda: _told(checks))


def _sample(context: Context) -> None:
    """Write the anonymised copy of a page. Raises WrongUsage, FileExists and what the agent says."""
    from ameli_tui.cli.errors import WrongUsage
    from ameli_tui.cli.out_option import check_out
    from ameli_tui.files.collect import at_home
    from ameli_tui.files.write import write_file

    args: DoctorArgs = context.args
    if not (args.sample and args.out):
        raise WrongUsage(reason=_("--sample PAGE and --out F go together."), prog="ameli doctor")
    check_out(args.out, args.force)
    data = context.door.ask(api.page_sample(args.sample))
    if args.out == "-":
        context.out.raw(data)
        return
    path = at_home(args.out)
    write_file(path, data, args.force)
    context.out.answer({"page": args.sample, "path": str(path), "bytes": len(data)}, lambda: "\n".join([
        _("Written: {path}").format(path=path),
        _("Search it in an editor for your name, town and number: nothing may be found.\n"
          "What stays is how it is built: tags, keys, columns, and words that the service\n"
          "writes for everybody."),
        _("If anything of you is left, do not share it.")]))


def _told(checks: list[Check]) -> str:
    """What is wrong first, each with its cure; then what is well, a line each."""
    lines: list[str] = []
    for check in sorted(checks, key=lambda check: check.ok):
        lines += _wrapped("ok  " if check.ok else "!!  ", check.text)
        for detail in check.details:
            lines += _wrapped("      ", detail)
        if check.cure:
            lines += _wrapped("    -> ", check.cure)
    wrong = sum(not check.ok for check in checks)
    lines.append(ngettext("{n} thing to look at", "{n} things to look at", wrong).format(n=wrong) if wrong
                 else _("all is well"))
    return "\n".join(lines)


def _wrapped(start: str, text: str) -> list[str]:
    """Lines of at most 80 columns; commands and paths are never cut."""
    import textwrap

    return textwrap.wrap(text, 80, initial_indent=start, subsequent_indent=" " * len(start), break_long_words=False,
                         break_on_hyphens=False) or [start.rstrip()]


def _python() -> Check:
    version = ".".join(map(str, sys.version_info[:3]))
    return Check("python", sys.version_info >= (3, 11), _("Python {version}, ameli-tui {ours}").format(
        version=version, ours=VERSION))


def _folders(paths: Paths) -> list[Check]:
    return [_private(name, folder) for name, folder in (
        ("data_folder", paths.data_dir), ("run_folder", paths.run_dir)) if folder.exists()]


def _private(name: str, folder: Path) -> Check:
    seen = folder.stat()
    if seen.st_uid == os.geteuid() and not stat.S_IMODE(seen.st_mode) & 0o077:
        return Check(name, True, _("{folder} is yours alone").format(folder=folder))
    return Check(name, False, _("{folder} is open to others").format(folder=folder),
                 _("Close it: chmod 700 {folder}").format(folder=folder))


def _settings(paths: Paths) -> Check:
    from config.settings import SettingsError, load_settings

    try:
        load_settings(paths.settings)
    except SettingsError as error:
        cure = _("Run `{command}`, or correct {path}.").format(command=error.cure, path=paths.settings)
        return Check("settings", False, one_line(error.told(lang())),
                     cure if error.cure else _("Correct or remove {path}.").format(path=paths.settings))
    except OSError as error:
        from agent.errors.system_errors import reading_cure, why

        said = f"{paths.settings}: {why(error)[lang() == 'en']}"
        return Check("settings", False, said, reading_cure(error)[lang() == "en"])
    return Check("settings", True, _("the settings can be read ({path})").format(path=paths.settings))


def _disk(paths: Paths) -> Check:
    place = paths.data_dir
    while not place.exists():
        place = place.parent
    if os.statvfs(place).f_flag & os.ST_RDONLY:
        cure = keeping_cure(OSError(errno.EROFS, os.strerror(errno.EROFS)))
        return Check("disk", False, _("the disk of {folder} is read-only").format(folder=place), cure[lang() == "en"])
    free = shutil.disk_usage(place).free
    text = _("{mib} MiB free for the vault").format(mib=free // (1024 * 1024))
    return Check("disk", free >= _ROOM, text, "" if free >= _ROOM else _("Make room on this disk."))


def _terminal(env: dict[str, str]) -> list[Check]:
    """The terminal, when there is one; a script has none and needs none."""
    if not sys.stderr.isatty():
        return []
    term = env.get("TERM", "")
    capable = term not in ("", "dumb")
    checks = [Check("terminal", capable, _("terminal type “{term}”").format(term=term),
                    "" if capable else _("Set TERM, for example TERM=xterm-256color."))]
    columns, rows = shutil.get_terminal_size()
    roomy = columns >= 80 and rows >= 24
    checks.append(Check("size", roomy, _("window of {columns} x {rows}").format(columns=columns, rows=rows),
                        "" if roomy else _("Enlarge it to 80 x 24 at least.")))
    if env.get("SSH_CONNECTION"):
        checks.append(Check("ssh", True, _("over SSH: `ssh -C` makes the screens lighter on a slow line")))
    if env.get("TMUX"):
        checks.append(Check("tmux", True, _("inside tmux: to copy, put `set -g set-clipboard on` in ~/.tmux.conf")))
    return checks


def _agent(context: Context) -> list[Check]:
    args: DoctorArgs = context.args
    client = context.door.client
    try:
        health = client.ask(api.health())
    except NotRunning:
        # Nobody else to ask: look at what would keep it from starting.
        return [*_folders(context.paths), _settings(context.paths), _disk(context.paths), _tables(),
                *_service(context.paths),
                Check("agent", False, _("no agent is running"), _("Start it: `ameli agent start`."))]
    same = health["version"] == VERSION
    checks = [Check("agent", same, _("the agent runs, version {version}").format(version=health["version"]),
                    "" if same else _("Start it again: `ameli agent restart`."))]
    findings = client.ask(api.doctor(offline=args.offline))
    return checks + [_from_agent(one) for one in findings]


def _service(paths: Paths) -> list[Check]:
    """What the service manager says where no agent answers: a service that failed is why."""
    from agent.client.service_state import service_findings

    return [_from_agent(found) for found in service_findings(paths, None)]


def _tables() -> Check:
    """The tables of the law, which need no agent."""
    from agent.core.doctor import tables
    from config import clock

    return _from_agent(tables(clock.today()))


def _from_agent(finding: Finding) -> Check:
    """A check of the agent's own, in the person's language."""
    ok = finding["ok"]
    details = tuple(one_line(detail[lang()]) for detail in finding.get("details") or ())
    text = one_line(finding["text"][lang()])
    return Check(finding["name"], ok, text, "" if ok else one_line(finding["cure"][lang()]), details)
