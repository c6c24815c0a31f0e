"""One procedure before it is begun: what it asks, papers, delays, what follows, and what to do if it does not work."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget

from agent.client import api_requests
from ameli_tui.forms.paper_words import paper_words
from ameli_tui.i18n import _, day, in_words, ngettext, number
from ameli_tui.keys import bindings
from ameli_tui.screens.base.page import Page
from ameli_tui.terminal.safe_text import Part, content, one_line
from ameli_tui.widgets.scroll_panel import Pane

if TYPE_CHECKING:
    from agent.protocol.procedures import Delay, Procedure
    from agent.protocol.requests import RequestRecord


class ProcedureScreen(Page[None]):
    """A text; one key begins."""

    KEYS_OF: ClassVar[tuple[str, ...]] = ("procedure", "text")
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("procedure")]
    ONGOING = False

    def __init__(self, name: str) -> None:
        """``name``: the procedure's."""
        super().__init__()
        self._wanted = name
        self._declared: Procedure | None = None
        self._drafts: list[RequestRecord] = []
        """Requests of this procedure that were begun and not sent, newest first."""
        self.pane = Pane(_("Procedure"), id="procedure")

    def body(self) -> Iterable[Widget]:
        """The text."""
        yield self.pane

    def load(self) -> None:
        """Ask for the declaration."""
        self.set_focus(self.pane)
        client = self.client
        self.ask(lambda: (client.ask(api_requests.procedure(self._wanted)), client.ask(api_requests.requests())),
                 self.got_declared, latest="declared")

    def got_declared(self, answers: "tuple[Procedure, list[RequestRecord]]") -> None:
        """Show it."""
        self._declared, requests = answers
        self._drafts = [request for request in requests
                        if request["procedure"] == self._wanted and request["status"] == "draft"]
        self.pane.retitle(one_line(in_words(self._declared, "title")))
        waits: list[Part] = []
        if self._drafts:
            said = _("A draft of {day} waits: d goes on with it.").format(day=day(self._drafts[0]["created_at"]))
            waits = [("! ", "bold $warning"), (said, "bold"), "\n\n"]
        self.pane.show(content(*waits) + declared_content(self._declared))

    def on_screen_resume(self) -> None:
        """A form was closed: its draft may be there now."""
        super().on_screen_resume()
        if self._declared is not None:
            self.load()

    def action_draft(self) -> None:
        """Go on with the newest draft."""
        if self._declared is None or not self._drafts:
            self.say(_("There is no draft of it."))
        else:
            from ameli_tui.screens.requests.fill import FillScreen

            self.app.push_screen(FillScreen(self._declared, self._drafts[0]))

    def action_start(self) -> None:
        """Begin to fill it in."""
        if self._declared is not None:
            from ameli_tui.screens.requests.fill import FillScreen

            self.app.push_screen(FillScreen(self._declared))


def declared_content(declared: "Procedure") -> Content:
    """Everything a person wants to know before beginning."""
    parts: list[Part] = [(one_line(in_words(declared, "summary")), "bold"), "\n", in_words(declared, "who"), "\n\n"]
    way = (_("Sent from here, after a last look at everything.") if declared["submits"] == "portal" else
           _("This service takes nothing from a program: you get a complete file to send, and the page to go to."))
    parts += [("→ ", "bold $accent"), way, "\n", ("  " + _("Enter begins; what you fill in can wait as a draft."),
                                                  "$text-muted"), "\n"]
    parts += _listed(_("What is asked"), [
        f"{in_words(one, 'title')} ({_questions(len(one['fields']))})" for one in declared["screens"]])
    parts += _listed(_("Papers"), [paper_words(one) for one in declared["papers"]])
    parts += _listed(_("Delays"), [_clock(one) for one in declared["clocks"]])
    parts += _listed(_("Stages"), [in_words(one, "label") for one in declared["stages"]])
    parts += _listed(_("Then"), [in_words(one, "text") for one in declared["next_steps"]])
    parts += _listed(_("If it does not work"), [in_words(one, "text") for one in declared["fallbacks"]])
    if declared["source"]:
        parts += ["\n", (_("Source: {source}").format(source=one_line(declared["source"])), "$text-muted")]
    return content(*parts)


def _questions(count: int) -> str:
    return ngettext("{n} question", "{n} questions", count).format(n=number(count))


def _listed(title: str, lines: list[str]) -> list[Part]:
    if not lines:
        return []
    return ["\n", (title, "bold $primary"), "\n", *(f"• {one_line(line)}\n" for line in lines)]


def _clock(clock: "Delay") -> str:
    kind = {"duty": _("to do"), "right": _("the fund's limit"), "estimate": _("estimate")}.get(clock["kind"], "")
    return f"{in_words(clock, 'label')} ({kind})" if kind else in_words(clock, "label")
