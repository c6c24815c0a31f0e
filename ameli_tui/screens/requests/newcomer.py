"""Where a newcomer stands between arriving in France and holding a card: the stages, their papers, delays and links."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget

from agent.client import api_requests
from ameli_tui.forms.answers import options, shown
from ameli_tui.i18n import _, day, in_words, lang
from ameli_tui.i18n.request_states import days_left
from ameli_tui.keys import bindings
from ameli_tui.screens.base.page import Page
from ameli_tui.terminal.safe_text import Part, content, fit, one_line
from ameli_tui.widgets.scroll_panel import Pane
from ameli_tui.widgets.text_input import Field
from ameli_tui.widgets.virtual_list import Cell, Lines, loading

if TYPE_CHECKING:
    from agent.protocol.newcomer import AnswersKept, AnswersRefused, Newcomer, PhoneLine, StageOfWay, Way
    from agent.protocol.procedures import AnswerValue, KeptAnswers, Question

_MARKS = {"done": ("✓ ", "good"), "now": ("→ ", "strong"), "later": ("· ", "muted")}


class Row(NamedTuple):
    """One line of the path."""

    kind: str
    """``question``, ``stage`` or ``open``."""
    stage: "StageOfWay | None"
    """The stage it belongs to; None for the situation."""
    question: str = ""
    """The question that Enter asks."""


class NewcomerScreen(Page[None]):
    """Enter answers when a stage was passed, or opens what is to be done now. The answers are kept in the vault."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]  # noqa: RUF012 - as Textual declares it
    KEYS_OF: ClassVar[tuple[str, ...]] = ("newcomer", "list")
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("newcomer")]
    ONGOING = False

    def __init__(self) -> None:
        super().__init__()
        self._answers: KeptAnswers = {}
        self._questions: dict[str, Question] = {}
        self._path: Way | None = None
        self._everybody: list[str] = []
        self._calls: list[PhoneLine] = []
        self._rows: list[Row] = []
        self._asking: str | None = None
        """The question that is being answered."""
        self._options: list[tuple[str | bool, str]] = []
        self.rows = Lines(self._draw, id="path", empty=loading())
        self.pane = Pane("", id="path-text")
        self.options = Lines(self._draw_option, id="path-options")
        self.line = Field(id="path-line", classes="form-field")

    def body(self) -> Iterable[Widget]:
        """The stages, what there is to say about one, and what an answer is given with."""
        with Horizontal(id="path-body"):
            yield self.rows
            with Vertical(id="path-side"):
                yield self.pane
                yield self.options
                yield self.line

    def on_mount(self) -> None:
        """Begin on the stages."""
        self.rows.border_title = content(_("Where am I? From arrival to card"))
        self.options.display = self.line.display = False
        self.set_focus(self.rows)

    def load(self) -> None:
        """Ask where the person stands."""
        self.ask(api_requests.newcomer(), self.got_path, latest="path")

    def got_path(self, newcomer: "Newcomer") -> None:
        """Show it, the cursor on what is to be done now."""
        self._take(newcomer)
        self.rows.move_to(self.place_of(newcomer["path"]["now"]))

    def got_answer(self, kept: "AnswersKept | AnswersRefused") -> None:
        """The answer is kept, or is wrong: then the question stays open."""
        if "path" not in kept:
            wrong = " ".join(in_words(one, "message") for one in kept["errors"])
            self.say(one_line(wrong), "bold $error", 20)
            return
        before = self._path["now"] if self._path else None
        self._close()
        self._take(kept)
        if kept["path"]["now"] != before:
            self.rows.move_to(self.place_of(kept["path"]["now"]))

    def _take(self, newcomer: "Newcomer | AnswersKept") -> None:
        self._answers, self._path = newcomer["told"], newcomer["path"]
        self._questions = {one["name"]: one for one in newcomer["questions"]}
        self._everybody, self._calls = newcomer["everybody"], newcomer["lines"]
        english = self._calls[0]
        state = _("open now") if english["open"] else _("closed now")
        self.rows.border_subtitle = content(_("☎ in English: {number}, Mon–Fri {hours}, {state}").format(
            number=one_line(english["number"]), hours=one_line(english["hours"]), state=state))
        rows = [Row("question", None, "situation")]
        for stage in newcomer["path"]["stages"]:
            rows.append(Row("stage", stage, stage["questions"][-1]))
            if stage["state"] == "now":
                rows += [Row("question", stage, name) for name in stage["questions"]]
                rows += [Row("open", stage)] if stage["procedure"] else []
        self._rows = rows
        self.rows.show_rows(len(rows), keep=True)
        self._show()

    def place_of(self, name: str) -> int:
        for at, row in enumerate(self._rows):
            if row.stage is not None and row.stage["name"] == name:
                return at
        return len(self._rows) - 1

    # -- drawing -----------------------------------------------------------------------------------------------------

    def _draw(self, at: int, width: int) -> list[Cell]:
        row = self._rows[at]
        if row.kind == "open":
            return [(fit("    → " + one_line(in_words(row.stage or {}, "opens")), width), "good")]
        value = self._value(row.question)
        if row.kind == "question":
            label = ("" if row.stage is None else "    ") + one_line(in_words(self._questions[row.question], "label"))
            room = min(max(20, width // 2), 44)
            return [(fit(label, room) + "  ", ""),
                    (fit(value or "—", width - room - 2), "strong" if value else "muted")]
        stage = row.stage
        if stage is None:
            return []
        mark, tone = _MARKS[stage["state"]]
        said = value if stage["state"] != "now" else _("you are here")
        return [(mark, tone), (fit(one_line(in_words(stage, "title")), max(8, width - 2 - 14)), tone),
                (fit(said, 14, right=True), "muted" if stage["state"] != "now" else "warn")]

    def _value(self, question: str) -> str:
        declared, given = self._questions[question], self._answers.get(question)
        if question == "situation" and given is None and self._path:
            given = self._path["situation"]
        return day(str(given or "")) if declared["kind"] == "date" else shown(declared, given)

    def _draw_option(self, at: int, width: int) -> list[Cell]:
        return [(fit(one_line(self._options[at][1]), width), "")]

    def on_lines_moved(self, message: Lines.Moved) -> None:
        """The text follows the cursor."""
        if message.lines is self.rows:
            self._show()

    @property
    def _current(self) -> Row | None:
        return self._rows[self.rows.cursor] if self._rows else None

    def _show(self) -> None:
        row = self._current
        if row is None:
            return
        if row.stage is None:
            self.pane.retitle(one_line(in_words(self._questions["situation"], "label")))
            self.pane.show(self._of_the_whole())
        else:
            self.pane.retitle(one_line(in_words(row.stage, "title")))
            self.pane.show(content(*stage_parts(row.stage), *self._call_parts()))

    def _of_the_whole(self) -> Content:
        about = in_words(self._questions["situation"], "help")
        return content(
            about, "\n", (_("Now: {what}").format(what=in_words(self._path or {}, "next")), "bold"), "\n\n",
            (_("Enter on a stage tells when it was passed; it is kept in your vault and goes nowhere."),
             "$text-muted"), "\n", *self._call_parts())

    def _call_parts(self) -> list[Part]:
        return [part for one in self._calls for part in ("\n", ("☎ ", "$accent"), in_words(one, "text"))]

    # -- answering ---------------------------------------------------------------------------------------------------

    def on_lines_opened(self, message: Lines.Opened) -> None:
        """A question to answer, a procedure to open, or an answer picked."""
        if message.lines is self.options:
            self._answer(self._asking or "", self._options[message.row][0])
            return
        row = self._rows[message.row]
        if row.kind == "open":
            self.action_act()
            return
        question = self._questions[row.question]
        if question["kind"] == "date":
            self._open_line(row.question, question)
        elif question["kind"] == "yes_no":
            self._answer(row.question, None if self._answers.get(row.question) else True)
        else:
            self._open_options(row.question, question)

    def _open_line(self, question: str, declared: "Question") -> None:
        from config.clock import today

        self._asking = question
        hint = _("like {example}").format(example=day(today().isoformat()) if lang() == "fr" else today().isoformat())
        given = str(self._answers.get(question) or "")
        self.line.ask(one_line(in_words(declared, "label")), hint=hint, value=day(given) if lang() == "fr" else given)
        self.line.display = True
        self.set_focus(self.line)

    def _open_options(self, question: str, declared: "Question") -> None:
        self._asking = question
        self._options = options(declared)
        self.options.border_title = content(one_line(in_words(declared, "label")))
        self.options.styles.height = len(self._options) + 2
        self.options.show_rows(len(self._options))
        now = self._path["situation"] if self._path else ""
        self.options.move_to(next(at for at, (value, _words) in enumerate(self._options) if value == now))
        self.options.display, self.pane.display = True, False
        self.set_focus(self.options)

    def on_field_done(self, message: Field.Done) -> None:
        """Take the day."""
        if self._asking is not None:
            self._answer(self._asking, message.field.value.strip())

    def on_field_cancelled(self, _message: Field.Cancelled) -> None:
        """Leave it as it was."""
        self._close()

    def _answer(self, question: str, value: "AnswerValue") -> None:
        answers = {**self._answers, question: value}
        self.ask(api_requests.tell_newcomer(answers), self.got_answer, latest="told")

    def _close(self) -> None:
        self._asking = None
        self.line.display = self.options.display = False
        self.pane.display = True
        self.set_focus(self.rows)
        self.rows.refresh()

    def action_clear(self) -> None:
        """Take back the answer under the cursor."""
        row = self._current
        if row is not None and row.question in self._answers:
            question, before = row.question, self._answers[row.question]
            self._answer(question, None)
            self.ameli.offer_undo(_("Taken away."), lambda: self._answer(question, before), on=self)

    # -- links -------------------------------------------------------------------------------------------------------

    def action_act(self) -> None:
        """Open the procedure of the stage under the cursor, else of the stage the person is at."""
        row = self._current
        stage = row.stage if row is not None and row.stage is not None else next(
            (one for one in (self._path["stages"] if self._path else ()) if one["state"] == "now"), None)
        if stage is not None and stage["procedure"]:
            self.ameli.open_procedure(stage["procedure"])
        else:
            self.say(_("No procedure belongs to this stage."))

    def action_guide(self) -> None:
        """The subjects of the guide that help at the stage under the cursor."""
        from ameli_tui.screens.help.guide import GuideScreen

        row = self._current
        here = row.stage["guide"] if row is not None and row.stage is not None else []
        self.app.push_screen(GuideScreen([*here, *self._everybody]))

    def stepped_back(self, *, out: bool) -> bool:
        """Escape closes the question first."""
        if self._asking is not None:
            self._close()
            return True
        return False


def stage_parts(stage: "StageOfWay") -> list[Part]:
    """What a stage is, what to do meanwhile, its delays and its papers."""
    from datetime import date

    from config.clock import today

    parts: list[Part] = [in_words(stage, "text"), "\n"]
    for clock in stage["clocks"]:
        left = days_left((date.fromisoformat(clock["on"]) - today()).days)
        sure = "bold $warning" if clock["kind"] == "duty" else "$accent"
        parts += [("◷ ", sure), f"{one_line(in_words(clock, 'label'))} {day(clock['on'])} ({left})", "\n"]
    if stage["papers"]:
        parts += ["\n", (_("Papers"), "bold $primary"), "\n"]
        parts += [f"• {one_line(clock['fr'] if lang() == 'fr' else clock['en'])}\n" for clock in stage["papers"]]
    if stage["procedure"]:
        parts += ["\n", (_("a opens: {title}").format(title=one_line(in_words(stage, "opens"))), "bold $accent"), "\n"]
    return parts
