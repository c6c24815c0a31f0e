"""ameliBot: one line to ask in, the conversation above it, and what an answer offers to do."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.widget import Widget

from agent.client import api
from ameli_tui.i18n import _, lang
from ameli_tui.keys import bindings
from ameli_tui.screens.base.page import Page
from ameli_tui.terminal.safe_text import Part, content, fit, one_line
from ameli_tui.widgets.scroll_panel import Pane
from ameli_tui.widgets.text_input import Field
from ameli_tui.widgets.virtual_list import Cell, Lines

if TYPE_CHECKING:
    from agent.client.client import Problem
    from agent.protocol.assistant import Answer

_REMEMBERED = 30
"""Questions of a conversation that stay in sight."""


class AskPage(Page[None]):
    """Asked by Enter; Escape leaves the line, so that keys are commands again."""

    NAME = "ask"
    KEYS_OF: ClassVar[tuple[str, ...]] = ("ask", "list")
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("ask")]
    ONGOING = False

    def __init__(self) -> None:
        super().__init__()
        self._talk: list[list[Part]] = []
        self._offers: list[tuple[str, str, str]] = []
        """Kind (``action``, ``ask``), name or question, and words."""
        self.pane = Pane("ameliBot", id="talk")
        self.offers = Lines(self._draw, id="talk-offers")
        self.line = Field(id="talk-line", classes="form-field", label="?", hint=_(
            "Ask in French or English: why only 19 €? what do I still owe?"))

    def body(self) -> Iterable[Widget]:
        """Conversation, offers, line."""
        yield self.pane
        yield self.offers
        yield self.line

    def on_mount(self) -> None:
        """Begin to ask."""
        self.offers.border_title = content(_("You can"))
        self._offer([("action", "guide", _("Browse the guide"))])
        self._talk = [[_("Ask about refunds, cards, papers, your own payments. It answers from the program's own guide "
                         "and from your data, on this machine; it says when it does not know, and gives no medical "
                         "advice.")]]
        self._show()
        self.set_focus(self.line)

    def on_screen_suspend(self) -> None:
        """Left: the next visit begins in the line, whatever is typed before the screen is drawn."""
        self.set_focus(self.line)

    def on_screen_resume(self) -> None:
        """Back again: what is typed is a question."""
        super().on_screen_resume()
        self.set_focus(self.line)

    def _show(self) -> None:
        parts: list[Part] = []
        for exchange in self._talk[-_REMEMBERED:]:
            parts += [*exchange, "\n\n"]
        self.pane.show(content(*parts[:-1]))

    def on_field_done(self, message: Field.Done) -> None:
        """Ask."""
        question = message.field.value.strip()
        if question:
            message.field.set_value("")
            self._ask(question)

    def _ask(self, question: str) -> None:
        self._talk.insert(0, [("> " + one_line(question), "bold $primary"), "\n", ("…", "$text-muted")])
        self._show()
        self.ask(lambda: (question, self.client.ask(api.ask(question))), self.got_answer, latest="answer")

    def on_field_cancelled(self, _message: Field.Cancelled) -> None:
        """Out of the line."""
        self.set_focus(self.offers)

    def got_answer(self, exchange: "tuple[str, Answer]") -> None:
        """Say it above what was said before, and offer what goes with it."""
        question, answer = exchange
        parts: list[Part] = [("> " + one_line(question), "bold $primary"), "\n", answer["answer"]]
        for source in answer["sources"]:
            said = f"{source['title']} · {source['date']} · {source['certainty']}"
            parts += ["\n", (f"  {one_line(said)}", "$text-muted")]
        self._talk[0] = parts
        self._show()
        self._offer([*(("action", one["name"], one["label"]) for one in answer["actions"]),
                     *(("ask", one["intent"], one["title"]) for one in answer["near"]),
                     ("action", "guide", _("Browse the guide"))])

    def refused(self, name: str, problem: "Problem") -> None:
        """The question stays, with why there is no answer."""
        if name == "answer" and self._talk:
            self._talk[0][-1] = (f"! {problem.message(lang())}", "bold $error")
            self._show()
        super().refused(name, problem)

    def _offer(self, offers: list[tuple[str, str, str]]) -> None:
        self._offers = list({one[:2]: one for one in offers}.values())
        self.offers.styles.height = min(5, len(self._offers)) + 2
        self.offers.show_rows(len(self._offers))

    def _draw(self, at: int, width: int) -> list[Cell]:
        kind, _name, words = self._offers[at]
        return [(fit(("→ " if kind == "action" else "? ") + one_line(words), width), "")]

    def on_lines_opened(self, message: Lines.Opened) -> None:
        """Go there, or read about what it may have been."""
        kind, name, words = self._offers[message.row]
        if kind == "ask":
            from ameli_tui.screens.help.guide import read_subject

            read_subject(self, name, words)
            return
        self.ameli.jump(name)

    def action_type(self) -> None:
        """Back to the line."""
        self.set_focus(self.line)

    def action_guide(self) -> None:
        """The subjects."""
        self.ameli.jump("guide")
