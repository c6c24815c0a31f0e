"""How everything stands: what is wrong first, with its cure; what was found on a page that the service changed."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.widget import Widget

from agent.client import api
from ameli_tui.i18n import _, lang
from ameli_tui.keys import bindings
from ameli_tui.screens.base.page import Page
from ameli_tui.terminal.safe_text import content, fit, one_line
from ameli_tui.widgets.virtual_list import Cell, Lines, loading

if TYPE_CHECKING:
    from agent.protocol.problems import Bilingual
    from agent.protocol.process import Finding


class DoctorScreen(Page[None]):
    """The agent's examination of itself; a line opens with all that was seen."""

    KEYS_OF: ClassVar[tuple[str, ...]] = ("doctor", "list")
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("doctor")]

    def __init__(self) -> None:
        super().__init__()
        self._found: list[Finding] = []
        self._wanted = ""
        """The page whose sample was asked for."""
        self.lines = Lines(self._draw, id="findings", empty=loading())

    def body(self) -> Iterable[Widget]:
        """The findings."""
        yield self.lines

    def on_mount(self) -> None:
        """Ask for them."""
        self.lines.border_title = content(_("How everything stands"))
        self.set_focus(self.lines)

    def load(self) -> None:
        """Ask for them."""
        self.ask(api.doctor(), self.got_doctor, latest="doctor")

    def got_doctor(self, findings: "list[Finding]") -> None:
        """Show them, what is wrong first."""
        self._found = sorted(findings, key=lambda finding: finding["ok"])
        self.lines.show_rows(len(self._found), keep=True, empty="")

    def _draw(self, row: int, width: int) -> list[Cell] | None:
        finding = self._found[row]
        good = finding["ok"]
        cure = "" if good else _said(finding["cure"])
        text = _said(finding["text"])
        room = max(20, width - 3)
        beside = f"  → {cure}" if cure and len(text) + 8 < room else ""
        mark = ("✓  ", "good") if good else ("!  ", "warn")
        return [mark, (fit(text + beside, room), "" if good else "strong")]

    def on_lines_opened(self, message: Lines.Opened) -> None:
        """All that was seen, and what to do."""
        from ameli_tui.screens.base.text_reader import ReadingScreen

        finding = self._found[message.row]
        parts = [_said(finding["text"]), *(f"  {_said(detail)}" for detail in finding.get("details") or ())]
        if cure := _said(finding["cure"]):
            parts += ["", cure]
        self.app.push_screen(ReadingScreen(_("How everything stands"), "\n".join(parts)))

    def action_sample(self) -> None:
        """Save the anonymised copy of the page under the cursor."""
        change = self._found[self.lines.cursor].get("change") if self._found else None
        if not change or not change["sample"]:
            self.say(_("There is no sample here: only a changed page has one."))
            return
        self._wanted = self._found[self.lines.cursor]["name"].removeprefix("page_")
        self.ask(api.page_sample(self._wanted), self.got_sample, latest="sample")

    def got_sample(self, data: bytes) -> None:
        """Ask where it goes."""
        from ameli_tui.screens.base.save_as import SaveScreen

        suffix = "json" if data.lstrip()[:1] in (b"{", b"[") else "html"
        self.app.push_screen(SaveScreen(f"{self._wanted}.{suffix}", data), self._saved)

    def _saved(self, path: Path | None) -> None:
        if path is not None:
            self.say(_("Saved as {name}: look at it before you share it.").format(name=one_line(path.name)))


def _said(text: "Bilingual") -> str:
    return one_line(text[lang()])
