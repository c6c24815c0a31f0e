"""The last look before sending: what is declared, what follows from it, and where it goes."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar, TypedDict

from textual.content import Content
from textual.widget import Widget

from agent.client import api_requests
from agent.client.client import Problem
from ameli_tui.i18n import _, in_words, money
from ameli_tui.screens.base.page import Page
from ameli_tui.terminal.safe_text import Part, content, fit, one_line
from ameli_tui.widgets.scroll_panel import Pane
from ameli_tui.widgets.virtual_list import Cell, Lines

if TYPE_CHECKING:
    from agent.protocol.procedures import Check, Mistake, Note, SummaryLine
    from ameli_tui.forms.draft import Answers, FormInHand

_MARKS = {"warning": ("! ", "bold $warning"), "good": ("✓ ", "bold $success"), "info": ("· ", "$text-muted")}


class Outcome(TypedDict, total=False):
    """What became of the last look: one of these."""

    draft: bool
    """It is to be kept as a draft."""
    errors: "list[Mistake]"
    """Nothing left: this must be put right first."""
    request: str
    """Id of the request that left."""


class SummaryScreen(Page[Outcome]):
    """Nothing leaves without passing here. The result: None to go on correcting, else what became of it."""

    KEYS_OF: ClassVar[tuple[str, ...]] = ("list",)
    ONGOING = False

    def __init__(self, form: "FormInHand", checked: "Check") -> None:
        """``checked``: the answer of the check that found no mistake."""
        super().__init__()
        self._form = form
        self._checked = checked
        self._sending = False
        portal = form.filling.declared["submits"] == "portal"
        self._choices = [
            ("send", _("Send it to the fund now") if portal else _("Prepare the file to send")),
            ("correct", _("Correct something")), ("draft", _("Keep it as a draft"))]
        self.pane = Pane(_("Summary"), id="summary")
        self.choices = Lines(self._draw, id="summary-do", acts=True)

    def body(self) -> Iterable[Widget]:
        """The text, and what to do with it."""
        yield self.pane
        yield self.choices

    def load(self) -> None:
        """Show it; nothing is asked."""
        declared = self._form.filling.declared
        self.pane.retitle(_("To check before sending: {title}").format(title=one_line(in_words(declared, "title"))))
        self.pane.show(lambda width: self._text(width))
        self.choices.styles.height = len(self._choices) + 2
        self.choices.show_rows(len(self._choices))
        self.choices.move_to(1)  # a second Enter too many sends nothing
        self.set_focus(self.choices)

    def _draw(self, at: int, width: int) -> list[Cell]:
        return [(fit(self._choices[at][1], width), "strong" if at == 0 else "")]

    def _text(self, width: int) -> Content:
        filling = self._form.filling
        parts = [*note_parts(self._checked["notes"]), *summary_parts(self._checked["summary"], width)]
        fresh = {one["name"] for one in filling.fresh}
        files = [*(one for one in filling.kept if one["name"] not in fresh), *filling.fresh]
        if files:
            parts += ["\n", (_("Papers"), "bold $primary"), "\n"]
            labels = {one["name"]: in_words(one, "label") for one in filling.declared["papers"]}
            parts += [f"• {named(labels.get(one['name'], one['name']), one['filename'])}\n" for one in files]
        if self._checked["ignored"]:
            parts += ["\n", (_("Not asked in your case, and not sent: {names}").format(
                names=", ".join(self._labels(self._checked["ignored"]))), "$text-muted"), "\n"]
        parts += ["\n", (_("Then"), "bold $primary"), "\n"]
        parts += [f"• {one_line(in_words(one, 'text'))}\n" for one in filling.declared["next_steps"]]
        return content(*parts)

    def _labels(self, names: Iterable[str]) -> list[str]:
        labels = {field["name"]: in_words(field, "label") for field in self._form.filling.declared["fields"]}
        return [one_line(labels.get(name, name)) for name in names]

    def on_lines_opened(self, message: Lines.Opened) -> None:
        """Send it, correct it, or keep it."""
        choice = self._choices[message.row][0]
        if choice == "correct":
            self.dismiss(None)
        elif choice == "draft":
            self._form.filling.changed = True
            self.dismiss({"draft": True})
        elif not self._sending:
            self._sending = self._form.sending = True
            self.say(_("Sending…"), seconds=120)
            held = self._form.draft.now()
            self.ask(lambda: self._send(held), self.got_sent, latest="sent")

    def _send(self, held: "Answers") -> Outcome:
        """Keep a draft first: whatever is cut off after that, one request stands for it, and it is sent once."""
        form = self._form
        if form.filling.changed or form.draft.key is None:
            form.draft.write(self.client, held)
            form.filling.changed = False
            form.filling.kept, form.filling.fresh = [*form.filling.kept, *form.filling.fresh], []
        try:
            sent = self.client.ask(api_requests.send_request(form.draft.key or ""))
        except Problem as problem:
            if problem.code == "not_now":  # it left already, its answer was lost: the request has it
                return {"request": form.draft.key or ""}
            raise
        return {"errors": sent["errors"]} if "errors" in sent else {"request": sent["request"]}

    def stepped_back(self, *, out: bool) -> bool:
        """While it is being sent there is no way back: first its answer."""
        return self._sending

    def got_sent(self, outcome: Outcome) -> None:
        """Back, with what became of it."""
        self.dismiss(outcome)

    def refused(self, name: str, problem: Problem) -> None:
        """Say why; it can be tried again."""
        self._sending = self._form.sending = False
        super().refused(name, problem)


def named(name: object, value: object) -> str:
    """``name: value`` as the language writes it."""
    return _("{name}: {value}").format(name=one_line(name), value=one_line(value))


def summary_parts(lines: "Iterable[SummaryLine]", width: int) -> list[Part]:
    """What is declared: label and answer."""
    parts: list[Part] = []
    for line in lines:
        label, value = one_line(in_words(line, "label")), one_line(in_words(line, "value"))
        room = min(width * 11 // 20, 60)
        if len(label) > room:
            parts += [(f"{label}\n", "$text-muted"), (" " * (room + 2) + value, "bold"), "\n"]
        else:
            parts += [(fit(label, room) + "  ", "$text-muted"), (value, "bold"), "\n"]
    return parts


def note_parts(notes: "Iterable[Note]") -> list[Part]:
    """What was worked out from the answers: a verdict, amounts, warnings."""
    parts: list[Part] = []
    for note in notes:
        mark, style = _MARKS.get(note["kind"], _MARKS["info"])
        text = one_line(in_words(note, "text"))
        parts += [(mark, style), named(text, money(note["amount"])) if note["amount"] else text, "\n"]
    return [*parts, "\n"] if parts else []
