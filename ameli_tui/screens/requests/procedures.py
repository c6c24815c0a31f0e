"""What was asked of the fund, and what can be: two lists, the person's own requests first."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.widget import Widget

from agent.client import api_requests
from ameli_tui.i18n import _, day, in_words, lang, ngettext
from ameli_tui.i18n.request_states import days_left, state_name
from ameli_tui.keys import bindings
from ameli_tui.screens.base.page import Page
from ameli_tui.terminal.safe_text import content, fit, one_line
from ameli_tui.widgets.virtual_list import Cell, Lines, loading

if TYPE_CHECKING:
    from agent.protocol.deadlines import Deadline
    from agent.protocol.procedures import ProcedureHead
    from agent.protocol.requests import RequestRecord

_TONES = {"needs_papers": "warn", "draft": "muted", "queued": "warn", "ready": "warn", "accepted": "good",
          "refused": "warn", "cancelled": "muted"}
RESTORED = "restored_copy"
"""Code of the problem that tells that the vault came from a backup and sends nothing."""
_MOST_REQUESTS = 7
"""Rows of the upper list in sight; more scroll."""


class ProceduresPage(Page[None]):
    """Enter opens a request, or what a procedure asks for."""

    NAME = "procedures"
    KEYS_OF: ClassVar[tuple[str, ...]] = ("procedures", "list")
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("procedures")]

    def __init__(self) -> None:
        super().__init__()
        self._requests: list[RequestRecord] = []
        self.offered: list[ProcedureHead] = []
        self._left: dict[str, int] = {}
        """Days left by request: those of its nearest deadline."""
        self.requests = Lines(self._draw_request, id="requests", empty=loading())
        self.procedures = Lines(self._draw_procedure, id="procedures", empty=loading())

    def body(self) -> Iterable[Widget]:
        """Requests above, procedures below."""
        yield self.requests
        yield self.procedures

    def on_mount(self) -> None:
        """Ask for both."""
        self.requests.border_title = content(_("Your requests"))
        self.procedures.border_title = content(_("What you can ask the fund for"))
        self.set_focus(self.procedures)

    def load(self) -> None:
        """Ask for both lists, and for what has a last day."""
        self.ask(api_requests.procedures(), self.got_procedures, latest="procedures")
        self.ask(api_requests.requests(), self.got_requests, latest="requests")
        self.ask(api_requests.deadlines(), self.got_deadlines, latest="deadlines")

    def show_state(self) -> None:
        """How things stand; that a restored copy sends nothing is said above what waits."""
        super().show_state()
        held = any(problem["code"] == RESTORED for problem in self.ameli.status.get("problems") or ())
        self.requests.border_title = content(
            _("Your requests: nothing leaves before `ameli unlock --accept-older`") if held else _("Your requests"))

    def got_procedures(self, procedures: "list[ProcedureHead]") -> None:
        """Show what there is."""
        self.offered = procedures
        self.procedures.show_rows(len(procedures) + 1, keep=True)  # the last row is the newcomers' path
        self.requests.refresh()  # their titles stand in this list
        self._tell()

    def got_requests(self, requests: "list[RequestRecord]") -> None:
        """Show what was asked for."""
        self._requests = requests
        self.requests.show_rows(len(requests), keep=True, empty=_("Nothing was asked for yet."))
        self.requests.styles.height = 2 + max(1, min(_MOST_REQUESTS, len(requests)))
        waiting = sum(1 for one in requests if one["status"] == "queued")
        said = ngettext("{n} request", "{n} requests", len(requests)).format(n=len(requests)) if requests else ""
        if waiting:
            said += " · " + ngettext("{n} waits to be sent", "{n} wait to be sent", waiting).format(n=waiting)
        self.requests.border_subtitle = content(said)

    def got_deadlines(self, deadlines: "list[Deadline]") -> None:
        """Days left to do something, soonest first; an estimate asks for nothing."""
        self._left = {}
        for deadline in deadlines:
            key = deadline["action"].get("request") if deadline["action"] else None
            if key and deadline["kind"] != "estimate":
                self._left.setdefault(key, deadline["days_left"])
        self.requests.refresh()

    def _draw_request(self, row: int, width: int) -> list[Cell]:
        request = self._requests[row]
        titles = {head["name"]: in_words(head, "title") for head in self.offered}
        left = days_left(self._left[request["id"]]) if request["id"] in self._left else ""
        reference = 18 if width >= 100 else 0
        room = max(8, width - 12 - 26 - reference - 9)
        cells: list[Cell] = [
            (fit(day(request["created_at"][:10]), 11) + " ", "muted"),
            (fit(one_line(titles.get(request["procedure"], request["procedure"])), room) + " ", ""),
            (fit(state_name(request["status"]), 25), _TONES.get(request["status"], "")),
        ]
        if reference:
            cells.append((fit(" " + one_line(request["reference"]), reference), "muted"))
        cells.append((fit(left, 9, right=True), "warn"))
        return cells

    def _draw_procedure(self, row: int, width: int) -> list[Cell]:
        if row == len(self.offered):
            return [(fit("→ " + _("Newly arrived in France? Where am I, from arrival to card"), width), "good")]
        head = self.offered[row]
        title, who = in_words(head, "title"), one_line(in_words(head, "who"))
        if width < 100:
            room = min(width * 3 // 5, 68)
            return [(fit(one_line(title), room), ""), (fit(f"  {who}", width - room), "muted")]
        due = in_words(head["deadline"], "label") if head["deadline"] else ""
        due_width = 34 if width >= 130 else 0
        return [(fit(one_line(title), 70), ""), (fit("  " + one_line(due), due_width), "warn"),
                (fit(f"  {who}", width - 70 - due_width), "muted")]

    def on_lines_moved(self, _message: Lines.Moved) -> None:
        """What is under the cursor, in a few words more."""
        self._tell()

    def _tell(self) -> None:
        if not self.offered:
            return
        if self.procedures.cursor == len(self.offered):
            self.procedures.border_subtitle = content(_("papers, delays, what to do while waiting"))
            return
        head = self.offered[self.procedures.cursor]
        way = _("sent from here") if head["submits"] == "portal" else _("file to send")
        due = f" · {in_words(head['deadline'], 'label')}" if head["deadline"] else ""
        self.procedures.border_subtitle = content(one_line(way + due))

    def on_lines_opened(self, message: Lines.Opened) -> None:
        """Open the row."""
        if message.lines is self.requests:
            self.ameli.open_request(self._requests[message.row]["id"])
        elif message.row == len(self.offered):
            self.ameli.open_named("newcomer")
        else:
            self.ameli.open_procedure(self.offered[message.row]["name"])

    def action_calendar(self) -> None:
        """Save every deadline as a calendar file."""
        self.ask(api_requests.deadlines_calendar(lang()), self.got_calendar, latest="calendar")

    def got_calendar(self, data: bytes) -> None:
        """Ask where to."""
        from ameli_tui.screens.base.save_as import SaveScreen

        self.app.push_screen(SaveScreen("ameli.ics", data), self._saved)

    def _saved(self, path: Path | None) -> None:
        if path is not None:
            self.say(_("Saved: {path}").format(path=path), "bold $success", 20)
