"""The background agent's commands: ``ameli agent …``."""

from __future__ import annotations

from agent import VERSION
from agent.client import api
from agent.client.client import NotRunning
from ameli_tui.cli.argument_types import count
from ameli_tui.cli.context import Context
from ameli_tui.cli.output import facts, one_line, problem_text
from ameli_tui.cli.parser import Parser, add_action, describe
from ameli_tui.cli.watch_words import status_rows
from ameli_tui.i18n import _, lang, moment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    from agent.protocol.problems import Problem
    from agent.protocol.process import NotRunning as NoStatus
    from agent.protocol.process import Status
    from config.settings import Survive

    class LogsArgs(Protocol):
        """The arguments of ``ameli agent logs``."""

        lines: int

    class InstallArgs(Protocol):
        """The arguments of ``ameli agent install``."""

        survive: Survive | None


def configure_agent(parser: Parser) -> None:
    """Add ``ameli agent run|start|stop|restart|status|logs|install|uninstall``."""
    describe(parser, _(
        "The agent is one background process of yours. It alone opens the vault and talks to the account service;\n"
        "screens and commands ask it. They start it when none runs; `install` has the system start it at login."),
        "ameli agent status")
    actions = parser.actions(required=True)
    add_action(actions, "run", _("run the agent here, in the foreground, until Ctrl-C"), run_run)
    add_action(actions, "start", _("start the agent in the background"), run_start)
    add_action(actions, "stop", _("end the agent; the vault closes"), run_stop)
    add_action(actions, "restart", _("end the agent and start it again"), run_restart)
    add_action(actions, "status", _("say whether it runs and what it is doing"), run_status)
    logs = add_action(actions, "logs", _("show the last lines of its log"), run_logs)
    logs.add_argument("--lines", metavar="N", type=count, default=50, help=_("how many lines (50)"))
    install = add_action(actions, "install", _("have the system start the agent when you log in"), run_install,
                         "ameli agent install --survive keyring")
    install.add_argument("--survive", metavar="WHAT", choices=("no", "keyring", "systemd-creds"), help=_(
        "what lets it watch again by itself after a restart of the machine: no, keyring (which does not protect from\n"
        "any program of yours once the desktop is open) or systemd-creds (nor from root); asked on a terminal"))
    add_action(actions, "uninstall", _("undo `install`"), run_uninstall)


def run_status(context: Context) -> None:
    """Answer the contract's status; an agent that does not run is an answer, not an error."""
    try:
        status: Status | NoStatus = context.door.client.ask(api.status())
    except NotRunning:
        status = {"running": False, "pid": None, "version": VERSION, "locked": True, "last_sync": None,
                  "next_sync": None, "portal": None, "pending": 0, "problems": [], "watching": False, "sealed": 0,
                  "polls_while_locked": 0, "needs": None}
    context.out.answer(status, lambda: _status_text(status))


def _status_text(status: Status | NoStatus) -> str:
    if status["running"] is False:
        return _("No agent is running.")
    pairs = [
        (_("Agent"), _("running, process {pid}, version {version}").format(**status)),
        (_("Vault"), _vault(status)),
        *status_rows(status),
        (_("Last sync"), _last_sync(status)),
        (_("Next sync"), moment(status["next_sync"])),
        (_("Portal"), status["portal"]),
        (_("Watched folder"), _folder(status)),
        (_("Last backup"), _last_backup(status)),
    ]
    problems = [line for problem in status["problems"] for line in _problem(problem)]
    return "\n".join([facts(pairs), *problems])


def _problem(problem: Problem) -> list[str]:
    """A problem in a line, and what to do about it in another."""
    hint = problem["hint"][lang()]
    return [f"! {problem_text(problem, lang())}", *([f"  {one_line(hint)}"] if hint else [])]


def _last_sync(status: Status) -> str:
    last = moment(status["last_sync"]) or _("none yet")
    return _("{when}, too long ago: none has gone well since").format(when=last) if status["stale"] else last


def _last_backup(status: Status) -> str | None:
    backup = status.get("backup")  # an agent of an earlier version says nothing of it
    if backup is None:
        return None
    last = moment(backup["last"]) or _("none yet")
    return f"{last} · {one_line(backup['path'] or backup['folder'])}"


def _vault(status: Status) -> str:
    if status["state"] == "setup":
        return _("none yet: `ameli setup` makes it")
    return _("closed") if status["locked"] else _("open")


def _folder(status: Status) -> str | None:
    folder = status["import_folder"]
    return _("{folder} (waits for the vault)").format(folder=folder) if folder and status["locked"] else folder


def run_start(context: Context) -> None:
    """Start the agent; one that runs is left alone."""
    health = context.door.knock(api.health())
    answer = {"running": True, "pid": health["pid"], "version": health["version"]}
    context.out.answer(answer, lambda: _("The agent is running, process {pid}.").format(pid=health["pid"]))


def run_stop(context: Context) -> None:
    """End the agent; none running is fine."""
    was = _stop(context)
    context.out.answer({"running": False, "was_running": was},
                       lambda: _("The agent has stopped.") if was else _("No agent was running."))


def run_restart(context: Context) -> None:
    """End the agent and start it again."""
    _stop(context)
    run_start(context)


def _stop(context: Context) -> bool:
    from agent.client.control import stop_agent

    return stop_agent(context.paths).value != "not_running"


def run_logs(context: Context) -> None:
    """Show the log, from the agent or, when none runs, from its file."""
    args: LogsArgs = context.args
    lines = args.lines
    try:
        newest = context.door.client.ask(api.logs(lines))["lines"]
    except NotRunning:
        newest = _lines_on_disk(context, lines)
    empty = _("The log is empty.") if lines else ""
    context.out.answer({"lines": newest}, lambda: "\n".join(one_line(line) for line in newest) or empty)


def _lines_on_disk(context: Context, wanted: int) -> list[str]:
    try:
        text = (context.paths.logs / "agent.log").read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return []
    return text.splitlines()[-wanted:] if wanted else []


def run_run(context: Context) -> int:
    """Be the agent, in the foreground. Raises AlreadyRunning."""
    from agent.core.refusals import AlreadyRunning
    from agent.daemon.main import goes_on, main

    if goes_on():
        return min(main([]), 1)
    try:
        context.door.client.ask(api.health())
    except NotRunning:
        # The process's own exit codes speak to service managers; a command has the contract's.
        return min(main([]), 1)
    raise AlreadyRunning


def run_install(context: Context) -> None:
    """Write the user service, with what is to survive a restart of the machine."""
    from ameli_tui.cli.survival import install_with

    args: InstallArgs = context.args
    _answer_service(context, *install_with(context, args.survive))


def run_uninstall(context: Context) -> None:
    """Remove the user service, and what would survive a restart of the machine."""
    from agent.client.service_unit import uninstall
    from ameli_tui.cli.commands.config import reloaded
    from ameli_tui.cli.survival import forget

    done = uninstall()
    forgotten = forget(context)
    if forgotten:
        reloaded(context)
    _answer_service(context, [*done, *forgotten], "no")


def _answer_service(context: Context, done: list[str], survive: Survive | None) -> None:
    """Answer with what was written or removed, and run."""
    context.out.answer({"done": done, "survive": survive}, lambda: "\n".join(done) or _("There was nothing to do."))
