"""The agent: how it does, what it did, and a sync with its progress."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget

from agent.client import api
from ameli_tui.i18n import _, decimal, lang, moment, ngettext, number
from ameli_tui.i18n.service_words import step_name, trigger
from ameli_tui.i18n.watch_words import looks_made
from ameli_tui.i18n.watching import may_sign_in, when_watched
from ameli_tui.keys import bindings
from ameli_tui.screens.base.page import Page
from ameli_tui.terminal.safe_text import Part, content, fit, one_line
from ameli_tui.widgets.scroll_panel import Pane
from ameli_tui.widgets.virtual_list import Cell, Lines, loading

if TYPE_CHECKING:
    from agent.protocol.account import SyncRun
    from agent.protocol.backups import BackupMade
    from agent.protocol.problems import Bilingual
    from agent.protocol.process import LogLines, Status


class AgentPage(Page[None]):
    """State above, the log of runs below."""

    NAME = "agent"
    KEYS_OF: ClassVar[tuple[str, ...]] = ("agent", "list")
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("agent")]

    def __init__(self) -> None:
        super().__init__()
        self._runs: list[SyncRun] = []
        self._state_shown: tuple[int, str] | None = None
        self.facts = Pane(_("The agent"), id="agent-facts", focus=False)
        self.lines = Lines(self._draw, id="runs", empty=loading())

    def body(self) -> Iterable[Widget]:
        """State and runs."""
        yield self.facts
        yield self.lines

    def on_mount(self) -> None:
        """Ask for both."""
        self.lines.border_title = content(_("Syncs"))
        self.set_focus(self.lines)

    def load(self) -> None:
        """Ask for both."""
        self.ask(api.status(), self.got_status, latest="status")
        self.ask(api.runs(200), self.got_runs, latest="runs")

    def got_status(self, status: "Status") -> None:
        """Show the state."""
        self.ameli.take_status(status)
        self.show_state()

    def got_runs(self, runs: "list[SyncRun]") -> None:
        """Show the log."""
        self._runs = runs
        self.lines.show_rows(len(runs), keep=True, empty=_("No sync yet: press s."))

    def show_state(self) -> None:
        """State and progress, as the agent tells them."""
        super().show_state()
        self.facts.show(lambda width: _facts(self.ameli.status, self.ameli.progress, width))

    def _draw(self, row: int, width: int) -> list[Cell] | None:
        run = self._runs[row]
        problems = run.get("problems") or []
        news = _found(run)
        sign = ("× " + _("failed"), "warn") if run.get("failed") else (
            "! " + _("{n} to see").format(n=len(problems)), "warn") if problems else ("✓ " + _("all well"), "good")
        cost = _("{n} requests").format(n=run.get("requests", 0)) + f" · {decimal(run.get('seconds') or 0)} s"
        why_width = 16 if width >= 96 else 0
        room = max(8, width - 18 - 15 - 26 - why_width)
        return [
            (fit(moment(run.get("started")), 17) + " ", "muted"), (fit(sign[0], 15), sign[1]), (fit(news, room), ""),
            (fit(cost, 26, right=True), "muted"),
            (fit("  " + trigger(str(run.get("trigger") or "")), why_width), "muted"),
        ]

    def on_lines_opened(self, message: Lines.Opened) -> None:
        """What a run met."""
        from ameli_tui.screens.base.text_reader import ReadingScreen

        run = self._runs[message.row]
        said = [moment(run.get("started")), _found(run), ""]
        for problem in run.get("problems") or ():
            said += ["! " + _told(problem["message"]), "  " + _told(problem["hint"]), ""]
        self.app.push_screen(ReadingScreen(_("Sync"), "\n".join(said)))

    def action_full(self) -> None:
        """Read everything again."""
        self.ameli.start_sync(full=True)

    def action_account(self) -> None:
        """Sign in."""
        self.ameli.open_named("sign_in")

    def action_doctor(self) -> None:
        """How everything stands."""
        from ameli_tui.screens.agent.doctor import DoctorScreen

        self.app.push_screen(DoctorScreen())

    def action_watching(self) -> None:
        """What is watched while the vault is locked."""
        from ameli_tui.screens.agent.watching import WatchingScreen

        self.app.push_screen(WatchingScreen())

    def action_backup(self) -> None:
        """Make a backup now, in the folder of the settings."""
        self.say(_("Making a backup…"))
        self.ask(api.make_backup(), self.got_backup, latest="backup")

    def got_backup(self, made: "BackupMade") -> None:
        """Say where it lies; the line above is drawn anew by the event."""
        said = _("Nothing has changed since this backup: {path}") if made["unchanged"] else _("Backup made: {path}")
        self.say(one_line(said.format(path=made["path"])), "bold $success", 20)

    def action_logs(self) -> None:
        """The agent's log."""
        self.ask(api.logs(400), self.got_logs, latest="logs")

    def got_logs(self, answer: "LogLines") -> None:
        """Show it, newest last."""
        from ameli_tui.screens.base.text_reader import ReadingScreen

        self.app.push_screen(ReadingScreen(_("The agent's log"), "\n".join(answer["lines"])))


def _told(text: "Bilingual") -> str:
    return one_line(text[lang()])


def _found(run: "SyncRun") -> str:
    """What a run brought; when it brought nothing because something was not read, what that was."""
    new = run.get("new") or {}
    counts = {name: int(new.get(name) or 0) for name in ("payments", "documents", "messages")}
    words = {
        "payments": ngettext("{n} payment", "{n} payments", counts["payments"]),
        "documents": ngettext("{n} document", "{n} documents", counts["documents"]),
        "messages": ngettext("{n} message", "{n} messages", counts["messages"]),
    }
    said = [words[name].format(n=number(count)) for name, count in counts.items() if count]
    if said:
        return _("new: {what}").format(what=", ".join(said))
    unread = [step_name(name) for name, outcome in (run.get("steps") or {}).items() if outcome == "failed"]
    if unread:
        return _("not read: {what}").format(what=", ".join(unread))
    return _("nothing read") if run.get("failed") else _("nothing new")


def progress_bar(done: int, total: int, width: int) -> str:
    """A bar of blocks, exact to an eighth."""
    eighths = round(width * 8 * min(1.0, done / total)) if total > 0 else 0
    bar = "█" * (eighths // 8) + (" ▏▎▍▌▋▊▉"[eighths % 8] if eighths % 8 else "")
    return bar + "░" * (width - len(bar))


def _facts(status: "Status", progress: tuple[str, int, int] | None, width: int) -> Content:
    parts: list[Part] = []

    def row(name: str, value: str, style: str = "") -> None:
        parts.extend([(fit(name, 27), "$text-muted"), (value, style), "\n"])

    version, pid = status.get("version"), status.get("pid")
    row(_("Agent"), _("runs ({version}, process {pid})").format(version=version, pid=pid), "$success")
    row(_("Account"), _("connected") if status.get("account") else _("not connected: press c"))
    row(_("Service"), one_line(status.get("portal")))
    if folder := one_line(status.get("import_folder")):
        row(_("Watched folder"), folder)
    last = moment(status.get("last_sync")) or _("never")
    row(_("Last sync"), _("{when}, too long ago: none has gone well since").format(when=last)
        if status.get("stale") else last, "bold $warning" if status.get("stale") else "")
    row(_("Next sync"), moment(status.get("next_sync")) or _("when you ask for it"))
    if status.get("watch"):
        row(_("Watched"), _("{when} (w: change)").format(when=when_watched(status)))
        row(_("Sign-in while locked"), may_sign_in(status))
        if status["polls_while_locked"]:
            row(_("When last locked"), looks_made(status))
    if backup := status.get("backup"):
        made = moment(backup["last"])
        newest = _("{when} (b: now) · {path}").format(when=made, path=one_line(backup["path"])) if made else (
            _("none yet: one a day by itself, or b now") if backup["automatic"] else _("none: b makes one"))
        row(_("Last backup"), fit(newest, max(20, width - 30)).rstrip(), "bold $warning" if backup["failed"] else "")
    if progress is not None:
        step, done, total = progress
        bar = progress_bar(done, total, max(8, min(40, width - 46)))
        text = f"{step_name(step)} {done}/{total}" if total else _("asking the service…")
        row(_("Syncing"), f"{bar} {text}", "bold $accent")
    if changed := status.get("changed"):
        names = ", ".join(_told(one) for one in changed)
        row(_("Changed pages"), fit(_("{names} (d: more)").format(names=names), max(20, width - 30)), "bold $warning")
    for problem in status.get("problems") or ():
        parts.extend([("! ", "bold $warning"), (_told(problem["message"]), "bold"), "\n"])
        if hint := _told(problem["hint"]):
            parts.extend([(f"  {hint}", "$text-muted"), "\n"])
    return content(*parts)
