"""Bringing a request oneself: the page to open, the answers to copy one by one, the QR code, and "I sent it"."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget

from agent.client import api_requests
from agent.client.client import Problem
from ameli_tui.i18n import _, in_words, lang
from ameli_tui.keys import bindings
from ameli_tui.screens.base.page import Page
from ameli_tui.screens.base.step_form import Ask, FormScreen
from ameli_tui.terminal.safe_text import Part, content, fit, one_line
from ameli_tui.widgets.scroll_panel import Pane
from ameli_tui.widgets.virtual_list import Cell, Lines

if TYPE_CHECKING:
    from agent.protocol.requests import CopiedAnswer, HandedOver, HandOver

_LABEL = 38
"""Cells of an answer's label."""


class HandOverScreen(Page[None]):
    """Where to go above, the answers in the order of the form below; Enter copies one and goes on to the next."""

    KEYS_OF: ClassVar[tuple[str, ...]] = ("hand-over", "list")
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("hand-over")]

    def __init__(self, key: str) -> None:
        """``key``: the request's id."""
        super().__init__()
        self._key = key
        self._way: HandOver | None = None
        self._copied: set[str] = set()
        self.pane = Pane(_("Bring it yourself"), id="hand-over", focus=False)
        self.lines = Lines(self._draw, id="hand-over-copies", empty=_("There is nothing to copy."))
        self.lines.border_title = content(_("Answers, in the order of the form"))

    @property
    def url(self) -> str:
        """The page of the service where this is brought; empty for none."""
        return (self._way["place"]["url"] or "") if self._way else ""

    def body(self) -> Iterable[Widget]:
        """Where and how, and what to copy."""
        yield self.pane
        yield self.lines

    def load(self) -> None:
        """Ask for it."""
        self.set_focus(self.lines)
        self.ask(api_requests.hand_over(self._key), self.got_place, latest="place")

    def got_place(self, way: "HandOver") -> None:
        """Show it."""
        self._way = way
        place = way["place"]
        parts: list[Part] = [(one_line(in_words(place, "name")), "bold $primary"), "\n"]
        if place["url"]:
            parts += [(one_line(place["url"]), "underline"), "\n"]
        for number, step in enumerate(way["steps"], 1):
            parts += [f"{number}. {one_line(in_words(step, 'text'))}\n"]
        if way["papers"]:
            parts += [(_("Papers in the file: {names}").format(names=", ".join(map(one_line, way["papers"]))),
                       "$text-muted"), "\n"]
        self.pane.show(content(*parts))
        self.lines.show_rows(len(way["copies"]), keep=True)

    def _draw(self, at: int, width: int) -> list[Cell]:
        if self._way is None:
            return []
        answer = self._way["copies"][at]
        done = answer["field"] in self._copied
        label = min(_LABEL, width // 2)
        return [("✓ " if done else "  ", "good"), (fit(one_line(in_words(answer, "label")), label - 3), "muted"),
                (" ", ""), (fit(one_line(answer["value"]), width - label), "")]

    # -- copying -----------------------------------------------------------------------------------------------------

    def copied_text(self) -> str:
        """``y`` copies as Enter does: the whole answer, not what the row shows of it."""
        self._copy(self.lines.cursor)
        return ""

    def on_lines_opened(self, message: Lines.Opened) -> None:
        """Copy this answer."""
        self._copy(message.row)

    def _copy(self, row: int) -> None:
        if self._way is None or row >= len(self._way["copies"]):
            return
        field = self._way["copies"][row]["field"]
        self.ask(api_requests.copied_answer(self._key, field), self.got_answer, latest="answer")

    def got_answer(self, answer: "CopiedAnswer") -> None:
        """Send it to the terminal's clipboard, and go on to the next one."""
        self._to_clipboard(answer["value"])
        self._copied.add(answer["field"])
        fields = [one["field"] for one in self._way["copies"]] if self._way else [answer["field"]]
        at = fields.index(answer["field"])
        self.lines.move_to(min(at + 1, len(fields) - 1))
        self.lines.refresh()

    def action_link(self) -> None:
        """Copy the address."""
        if self.url:
            self._to_clipboard(self.url)
        else:
            self.say(_("This one goes by post: there is no link."))

    def _to_clipboard(self, text: str) -> None:
        from ameli_tui.terminal.clipboard import deaf

        if why := deaf(os.environ):
            self.say(_("{value} (this terminal, {name}, takes nothing into its clipboard)").format(
                name=why, value=one_line(text)), "bold $warning", 30)
        else:
            self.ameli.copy_to_clipboard(text)

    # -- going there -------------------------------------------------------------------------------------------------

    def action_qr(self) -> None:
        """The address for a phone."""
        if self.url:
            self.app.push_screen(QrScreen(self.url))
        else:
            self.say(_("This one goes by post: there is no link."))

    def action_browse(self) -> None:
        """Open it in the browser of the desktop the person sits at."""
        from agent.errors import AmeliError
        from ameli_tui.files.external import open_link, viewer

        command = viewer(os.environ)
        if not self.url:
            self.say(_("This one goes by post: there is no link."))
        elif command is None:
            self.say(_("No desktop here: copy the link (c), or show the QR code (r)."))
        else:
            try:
                open_link(command, self.url)
            except AmeliError as error:
                self.say(f"{error.message(lang())} {error.hint(lang())}", "bold $warning")

    def action_file(self) -> None:
        """Save the letter and the papers."""
        self.say(_("Making the file…"), seconds=120)
        self.ask(api_requests.dossier(self._key), self.got_dossier, latest="dossier")

    def got_dossier(self, data: bytes) -> None:
        """Ask where to save it."""
        from ameli_tui.screens.base.save_as import SaveScreen

        self.say("")
        self.app.push_screen(SaveScreen(f"dossier-{self._key}.pdf", data), self._saved)

    def _saved(self, path: Path | None) -> None:
        if path is not None:
            self.say(_("Saved: {path}").format(path=path), "bold $success", 20)

    def action_sent(self) -> None:
        """Note that it was sent."""
        self.app.push_screen(NoteSentScreen(self._key), self._noted)

    def _noted(self, noted: "HandedOver | None") -> None:
        if noted is not None:
            self.app.pop_screen()  # nothing is left to do here; the request says what comes now
            self.ameli.say(_("Noted: its clocks run, and the inbox is watched for the acknowledgement."),
                           "bold $success", 20)


class NoteSentScreen(FormScreen["HandedOver"]):
    """Asks when it was sent and under which reference; the result is the agent's answer, or None."""

    KEYS_OF: ClassVar[tuple[str, ...]] = ("field",)

    def __init__(self, key: str) -> None:
        """``key``: the request's id."""
        super().__init__()
        self._key = key

    def load(self) -> None:
        """Ask."""
        from config.clock import today

        self.show(_("I sent it"), [
            _("The delays run from the day you sent it. With the reference, the service's messages are recognised "
              "for sure."),
        ], asks=[Ask(_("Day (YYYY-MM-DD)"), value=today().isoformat()), Ask(_("Reference (optional)"))])

    def submitted(self, values: list[str]) -> None:
        """Note it."""
        body = {name: value.strip() for name, value in zip(("on", "reference"), values, strict=True) if value.strip()}
        self.ask(api_requests.handed_over(self._key, body), self.got_noted, latest="noted")

    def got_noted(self, noted: "HandedOver") -> None:
        """It is."""
        self.dismiss(noted)

    def refused(self, name: str, problem: Problem) -> None:
        """Say why, under the lines."""
        self.tell(f"! {problem.message(lang())} {problem.hint(lang())}", "bold $error")
        self.set_focus(self.fields[0])

    def cancelled(self) -> None:
        """Note nothing."""
        self.dismiss(None)


class QrScreen(Page[None]):
    """One address as a QR code, as large as the margins let it."""

    KEYS_OF: ClassVar[tuple[str, ...]] = ()
    ONGOING = False

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url
        self.code = QrCode(url, id="qr")

    def body(self) -> Iterable[Widget]:
        """The code alone: at 80x24 it takes every line there is."""
        yield self.code

    def copied_text(self) -> str:
        """``y`` copies the address."""
        return self.url


class QrCode(Widget):
    """Draws a code in black on white, whatever the theme: that is what phones look for."""

    def __init__(self, text: str, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._text = text

    def render(self) -> Content:
        """The code that fits the room there is."""
        from ameli_tui.terminal.qr import qr_lines

        lines = qr_lines(self._text, rows=self.size.height, columns=self.size.width)
        if not lines:
            return content(_("Enlarge the terminal: the code does not fit. The link: {url}").format(url=self._text))
        margin = " " * ((self.size.width - len(lines[0])) // 2)
        return content(*(part for line in lines for part in (margin, (line, "#000000 on #ffffff"), "\n")))
