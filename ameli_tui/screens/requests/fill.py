"""A procedure's questions, screen by screen, as its declaration has them; every mistake stands beside its answer."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.widget import Widget

from agent.client import api_requests
from ameli_tui.backend.calls import no_more
from ameli_tui.forms.answers import PICKED, SEVERAL, Filling, Held, Row, options, shown
from ameli_tui.forms.draft import Draft
from ameli_tui.i18n import _, in_words
from ameli_tui.keys import bindings
from ameli_tui.screens.requests.fill_text import help_content, row_cells, term_of
from ameli_tui.screens.requests.keeps_draft import DraftKeeper
from ameli_tui.terminal.safe_text import content, fit, one_line
from ameli_tui.widgets.scroll_panel import Pane
from ameli_tui.widgets.text_input import Field
from ameli_tui.widgets.virtual_list import Cell, Lines, loading

if TYPE_CHECKING:
    from agent.protocol.assistant import Term
    from agent.protocol.procedures import Check, Procedure, Question
    from agent.protocol.requests import RequestRecord, TakenPaper
    from ameli_tui.screens.requests.summary import Outcome

_MOST_OPTIONS = 12
"""Rows that a list of choices takes; more scroll."""


class FillScreen(DraftKeeper):
    """Enter answers the row under the cursor. Leaving keeps a draft."""

    KEYS_OF: ClassVar[tuple[str, ...]] = ("fill", "list")
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("fill")]
    ONGOING = False

    def __init__(self, declared: "Procedure", draft: "RequestRecord | None" = None) -> None:
        """``declared``: the procedure as the agent shows it. ``draft``: a request to go on with."""
        super().__init__()
        self.filling = Filling(declared)
        if draft is not None:
            self.filling.answers = draft["answers"]
            self.filling.kept = draft["papers"]
        else:
            self.filling.propose()
        self.draft = Draft(self.filling, draft["id"] if draft is not None else None)
        self.step = 0
        """Which screen of questions is shown."""
        self._rows: list[Row] = []
        self.editing: Row | None = None
        self._picked: Row | None = None
        self._options: list[tuple[str | bool | None, str]] = []
        self.rows = Lines(self._draw, id="fill-rows", empty=loading())
        self.help = Pane(_("Help"), id="fill-help", focus=False)
        self.options = Lines(self._draw_option, id="fill-options")
        self.line = Field(id="fill-line", classes="form-field", longest=3000)

    def body(self) -> Iterable[Widget]:
        """Questions, then help, or choices, and the line to type in."""
        yield self.rows
        yield self.help
        yield self.options
        yield self.line

    def on_mount(self) -> None:
        """Begin at the first question."""
        self.options.display = self.line.display = False
        self.set_focus(self.rows)

    def load(self) -> None:
        """Ask which questions are asked, given the answers so far."""
        self._check(self.got_checked, "checked")

    # -- what the agent makes of the answers -------------------------------------------------------------------------

    def _check(self, then: "Callable[[Check], None]", latest: str) -> None:
        from copy import deepcopy

        body = deepcopy(self.filling.body())  # the thread must not meet what is typed meanwhile
        self.ask(api_requests.check_answers(self.filling.declared["name"], body), then, latest=latest)

    def got_checked(self, checked: "Check") -> None:
        """Questions may have come or gone, and mistakes."""
        self.filling.take(checked)
        self._lay_out()
        if self._picked is not None:
            row, self._picked = self._picked, None
            self._move_on(row)

    def got_verified(self, checked: "Check") -> None:
        """With mistakes: all of them. Without: the last look before sending."""
        self.filling.take(checked)
        if checked["errors"]:
            self._show_wrong()
            return
        from ameli_tui.screens.requests.summary import SummaryScreen

        self._lay_out()
        self.app.push_screen(SummaryScreen(self, checked), self._summed_up)

    def _show_wrong(self) -> None:
        self.filling.show_all = True
        place = self.filling.first_wrong()
        self.step = place[0] if place else self.step
        self._lay_out(place[1] if place else None)
        strange = "" if place else " ".join(in_words(one, "message") for one in self.filling.errors)
        self.say(_("Nothing was sent: this must be put right first.") + f" {strange}", "bold $error", 20)

    def _lay_out(self, path: str | None = None) -> None:
        """Draw the step anew; the cursor goes to ``path``, else stays on the answer it was on."""
        steps = self.filling.steps()
        self.step = min(self.step, max(0, len(steps) - 1))
        before = self._rows[self.rows.cursor] if self._rows else None
        self._rows = self.filling.rows(self.step) if steps else []
        title = in_words(self.filling.declared, "title")
        self.rows.border_title = content(one_line(f"{title} · {steps[self.step].title if steps else ''}"))
        self.rows.border_subtitle = content(_("screen {n} of {all}").format(n=self.step + 1, all=len(steps)))
        self.rows.show_rows(len(self._rows), keep=True)
        for at, row in enumerate(self._rows):
            if row.kind not in ("wrong", "intro", "note") and (
                    row.path == path if path is not None else before is not None and row[:2] == before[:2]):
                self.rows.move_to(at)
                break
        else:
            first = next((at for at, row in enumerate(self._rows) if row.kind not in ("intro", "note")), 0)
            if path is not None or before is None:
                self.rows.move_to(first)
        self._show_help()

    # -- drawing -----------------------------------------------------------------------------------------------------

    def _draw(self, at: int, width: int) -> list[Cell]:
        return row_cells(self._rows[at], width)

    def _draw_option(self, at: int, width: int) -> list[Cell]:
        value, words = self._options[at]
        mark = ""
        if (row := self.editing) and row.question and row.question["kind"] in SEVERAL and at < len(self._options) - 1:
            mark = "[x] " if value in self.filling.chosen(row.path) else "[ ] "
        return [(fit(one_line(mark + words), width), "")]

    @property
    def rows_shown(self) -> list[Row]:
        """Its rows, as they stand there."""
        return self._rows

    @property
    def current(self) -> Row | None:
        """The row under the cursor."""
        return self._rows[self.rows.cursor] if self._rows else None

    def on_lines_moved(self, message: Lines.Moved) -> None:
        """Help follows the cursor."""
        if message.lines is self.rows:
            self._show_help()

    def _show_help(self) -> None:
        row = self.editing or self.current
        if row is not None:
            wrong = [one for one in self._rows if one.kind == "wrong" and one.path == row.path]
            self.help.show(help_content(row, wrong))

    def term_at_hand(self) -> "Term | None":
        """The question under the cursor as a term, for the glossary."""
        row = self.editing or self.current
        return None if row is None else term_of(row)

    # -- answering ---------------------------------------------------------------------------------------------------

    def on_lines_opened(self, message: Lines.Opened) -> None:
        """A row to answer, or an answer picked."""
        if message.lines is self.options:
            self._pick(message.row)
        elif self._rows:
            self._open(self._rows[message.row])

    def _open(self, row: Row) -> None:
        if row.kind == "wrong":
            row = next((one for one in self._rows if one.path == row.path and one.kind != "wrong"), row)
        if row.kind == "go":
            self.action_next()
        elif row.kind == "paper":
            self._attach_file(row)
        elif (question := row.question) is None:
            return
        elif row.kind in ("add", "group"):
            self._add(row, question)
        elif row.kind == "field":
            if question["kind"] in PICKED and options(question):
                self._open_options(row, question)
            elif "lines" in question["accepts"]:
                self._open_long(row, question)
            else:
                self._open_line(row, question)

    def _open_line(self, row: Row, declared: "Question") -> None:
        self.editing = row
        value = self.filling.get(row.path)
        hint = _("like {example}").format(example=declared["example"]) if declared["example"] else ""
        text = ", ".join(str(one) for one in value) if isinstance(value, list) else str(value or "")
        self.line.ask(one_line(row.text), hint=one_line(hint), value=text)
        self.line.display = True
        self.set_focus(self.line)
        self._show_help()

    def _open_options(self, row: Row, declared: "Question") -> None:
        self.editing = row
        self._options = [*options(declared)]
        if declared["kind"] in SEVERAL:
            self._options.append((None, _("done")))
        self.options.border_title = content(one_line(row.text))
        self.options.styles.height = min(_MOST_OPTIONS, len(self._options)) + 2
        self.options.show_rows(len(self._options))
        chosen = str(self.filling.get(row.path)).casefold()
        self.options.move_to(next((at for at, (value, _words) in enumerate(self._options)
                                   if value is not None and str(value).casefold() == chosen), 0))
        self.options.display, self.help.display = True, len(self._options) <= 3
        self.set_focus(self.options)
        self._show_help()

    def _pick(self, at: int) -> None:
        if (row := self.editing) is None or row.question is None:
            return
        value, _words = self._options[at]
        if row.question["kind"] not in SEVERAL:
            self.filling.put(row.path, value)
        elif at < len(self._options) - 1:
            self.filling.turn(row.path, value)
            self.options.refresh()
            return
        self._close_editor()
        self._picked = row  # what comes next may hang on this answer: the cursor waits for the check
        self._check(self.got_checked, "checked")

    def on_field_done(self, message: Field.Done) -> None:
        """Take what was typed; an empty question that is typed, too, opens at once."""
        if (row := self.editing) is None:
            return
        self.filling.put(row.path, message.field.value.strip())
        self._rows = [one._replace(value=shown(one.question, self.filling.get(one.path)))
                      if one.kind == "field" and one.question and one.path == row.path else one for one in self._rows]
        self._close_editor()
        following = self._move_on(row)
        if following is not None and following.kind == "field" and not following.value and (
                field := following.question) and field["kind"] not in PICKED and "lines" not in field["accepts"]:
            self._open_line(following, field)
        self._check(self.got_checked, "checked")

    def _move_on(self, row: Row) -> Row | None:
        """The cursor goes to the next row that can be answered."""
        here = next((at for at, below in enumerate(self._rows) if below.kind == "field" and below.path == row.path), 0)
        for at in range(here + 1, len(self._rows)):
            below = self._rows[at]
            # through the items of a group without a stop, so that what is typed on lands in a question
            if below.kind in ("field", "paper", "go") or (below.kind == "group" and not self.filling.get(below.path)):
                self.rows.move_to(at)
                return below
        return None

    def on_field_cancelled(self, _message: Field.Cancelled) -> None:
        """Leave the answer as it was."""
        self._close_editor()

    def _close_editor(self) -> None:
        self.editing = None
        self.line.display = self.options.display = False
        self.help.display = True
        self.set_focus(self.rows)
        self.rows.refresh()
        self._show_help()

    def _open_long(self, row: Row, declared: "Question") -> None:
        from ameli_tui.screens.base.text_editor import LongTextScreen

        def written(text: str | None) -> None:
            if text is not None:
                self.filling.put(row.path, text)
                self._move_on(row)
                self._check(self.got_checked, "checked")

        about, before = in_words(declared, "help"), str(self.filling.get(row.path) or "")
        self.app.push_screen(LongTextScreen(row.text, about, before, partial(self.filling.put, row.path)), written)

    def _add(self, row: Row, declared: "Question") -> None:
        items = self.filling.items(row.path)
        if declared["most"] is not None and len(items) >= declared["most"]:
            self.say(_("There can be no more of these."))
            return
        at = self.filling.add_item(row.path)
        self._lay_out(f"{row.path}[{at}].{declared['fields'][0]['name']}")
        self._check(self.got_checked, "checked")

    def _attach_file(self, row: Row) -> None:
        from ameli_tui.screens.requests.attach import AttachScreen

        def attached(kept: "TakenPaper | None") -> None:
            if kept is not None:
                self.filling.attach(kept)
                self._check(self.got_checked, "checked")

        about = {"paper": row.path, "procedure": self.filling.declared["name"]}
        self.app.push_screen(AttachScreen(row.text, row.paper, about), attached)

    # -- keys --------------------------------------------------------------------------------------------------------

    def action_next(self) -> None:
        """The next screen; after the last one everything is checked."""
        if self.step + 1 < len(self.filling.steps()):
            self._turn(1)
        else:
            self.action_check()

    def action_before(self) -> None:
        """The screen before."""
        if self.step > 0:
            self._turn(-1)

    def _turn(self, by: int) -> None:
        if (held := self.draft.due()) is not None:
            self.ask(lambda: self.draft.write(self.client, held), no_more, latest="so_far")
        self.step += by
        self._rows = []
        self.rows.show_rows(0)
        self._lay_out()

    def action_check(self) -> None:
        """Check everything."""
        self._check(self.got_verified, "verified")

    def action_remove(self) -> None:
        """Empty the answer, or take the item or the file away."""
        row = self.current
        if row is None or not row.path:
            return
        before = self.filling.held()
        if row.kind == "item":
            self.filling.drop_item(row.path)
        elif row.kind == "paper":
            if row.value and not self.filling.detach(row.path):
                self.say(_("The draft holds this file; another one takes its place."))
        elif row.kind == "field":
            self.filling.put(row.path, None)
        self._lay_out()
        self._check(self.got_checked, "checked")
        if self.filling.held() != before:
            self.ameli.offer_undo(
                _("Taken away."), partial(self._give_back, before, self.filling.held()), on=self)

    def _give_back(self, before: Held, after: Held) -> None:
        if self.filling.held() != after:
            self.say(_("You answered more since then: put it in again yourself."), "bold $warning")
            return
        self.filling.give_back(before)
        self._lay_out()
        self._check(self.got_checked, "checked")

    # -- leaving -----------------------------------------------------------------------------------------------------

    def stepped_back(self, *, out: bool) -> bool:
        """Escape closes what is open, then goes one screen back; ``q`` leaves."""
        if self.editing is not None:
            row = self.editing
            self._close_editor()
            if row.question and row.question["kind"] in SEVERAL:
                self._check(self.got_checked, "checked")
            return True
        if not out and self.step > 0:
            self._turn(-1)
            return True
        return False

    def put_open_line(self) -> None:
        """Take what stands in the line that is open."""
        if (row := self.editing) is not None and self.line.display and self.line.value != (
                self.filling.get(row.path) or ""):
            self.filling.put(row.path, self.line.value.strip())

    def again(self) -> "FillScreen":
        """The same form once more: nothing typed is lost by leaving it."""
        form = FillScreen(self.filling.declared)
        form.filling, form.draft = self.filling, self.draft
        return form

    def _summed_up(self, outcome: "Outcome | None") -> None:
        """What became of the last look: nothing, mistakes, a draft to keep, or a request that left."""
        self.sending = False
        if outcome is None:
            return
        if "errors" in outcome:
            self.filling.errors = outcome["errors"]
            self._show_wrong()
        elif outcome.get("draft"):
            self.ameli.close_top()
        else:
            self._done = True
            self.app.pop_screen()
            self.ameli.open_request(outcome["request"])
