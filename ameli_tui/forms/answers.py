"""A procedure being filled in: the answers so far, and the rows that ask for the rest. No screen, no agent."""

import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from ameli_tui.i18n import _, in_words, number

if TYPE_CHECKING:
    from agent.protocol.procedures import (
        AnswerValue,
        Check,
        CheckBody,
        KeptAnswers,
        Mistake,
        Note,
        Paper,
        Procedure,
        Question,
    )
    from agent.protocol.requests import KeptPaper, TakenPaper

PAPERS = "papers"
"""The last step, where files are attached."""
_PATH = re.compile(r"(\w[\w-]*)\[(\d+)\](?:\.(.+))?")
_EMPTY: "tuple[AnswerValue, ...]" = (None, "", [])
_HIDDEN = 4
"""Signs of a secret that stay readable, at its end."""
PICKED = ("choice", "choices", "yes_no", "person", "people")
"""Kinds answered by choosing, not by typing."""
SEVERAL = ("choices", "people")
"""Kinds of which several may be chosen."""


class Row(NamedTuple):
    """One line of a screen of questions."""

    kind: str
    """``intro``, ``field``, ``group``, ``item``, ``add``, ``paper``, ``wrong``, ``note`` or ``go``."""
    path: str
    """The answer it is about: ``children[1].birth_date``, the name of a paper; empty for none."""
    text: str
    value: str = ""
    inner: bool = False
    """Whether it belongs to an item of a group."""
    question: "Question | None" = None
    """The question that a field, a group or its item answers."""
    paper: "Paper | None" = None
    """The paper to attach."""

    @property
    def declared(self) -> "Question | Paper | None":
        """What it is about, if anything was declared of it."""
        return self.question or self.paper


class Held(NamedTuple):
    """What a form held at one moment."""

    answers: "KeptAnswers"
    fresh: "list[TakenPaper]"
    """Files attached since the draft was last kept."""


class Step(NamedTuple):
    """One screen of questions."""

    name: str
    title: str
    intro: str


@dataclass
class Filling:
    """``declared``: the procedure as the agent shows it; ``take`` brings what the agent makes of the answers."""

    declared: "Procedure"
    answers: "KeptAnswers" = field(default_factory=dict)
    kept: "list[KeptPaper]" = field(default_factory=list)
    """Papers that a draft holds already."""
    fresh: "list[TakenPaper]" = field(default_factory=list)
    """Papers attached since."""
    asked: tuple[str, ...] = ()
    errors: "list[Mistake]" = field(default_factory=list)
    notes: "list[Note]" = field(default_factory=list)
    """What complete answers come to."""
    answered: set[str] = field(default_factory=set)
    """Paths of the answers given: what is wrong with them shows at once, what is missing only in the end."""
    show_all: bool = False
    """Every mistake shows, also what is missing."""
    changed: bool = False
    """Whether there is something that a draft would keep."""

    def propose(self) -> None:
        """Begin with what the account knows."""
        for question in self.declared["fields"]:
            name = question["name"]
            if name in self.answers:
                continue
            if question["proposed"] is not None:
                self.answers[name] = question["proposed"]
            elif question["kind"] == "group" and question["required"] and question["least"]:
                self.answers[name] = [{} for _at in range(question["least"])]

    def take(self, checked: "Check") -> None:
        """What the agent made of the answers: which questions are asked, and every mistake."""
        self.asked = tuple(checked["asked"])
        self.errors = list(checked["errors"])
        self.notes = list(checked["notes"])

    # -- answers -----------------------------------------------------------------------------------------------------

    def get(self, path: str) -> "AnswerValue":
        """The answer at a path, or None."""
        if (inner := _PATH.fullmatch(path)) is None:
            return self.answers.get(path)
        items, at = self.items(inner[1]), int(inner[2])
        return items[at].get(inner[3]) if at < len(items) else None

    def items(self, group: str) -> "list[KeptAnswers]":
        """The items of a group: what is put into one is an answer."""
        given = self.answers.get(group)
        return [item for item in given if isinstance(item, dict)] if isinstance(given, list) else []

    def put(self, path: str, value: "AnswerValue") -> None:
        """Set the answer at a path; an empty one takes it away."""
        if (inner := _PATH.fullmatch(path)) is None:
            target, name = self.answers, path
        else:
            target, name = self.items(inner[1])[int(inner[2])], inner[3]
        if value in _EMPTY:
            target.pop(name, None)
        else:
            target[name] = value
        self.answered.add(path)
        self.changed = True

    def chosen(self, path: str) -> "list[AnswerValue]":
        """What was ticked of several."""
        given = self.get(path)
        return given if isinstance(given, list) else []

    def turn(self, path: str, value: "AnswerValue") -> None:
        """Tick one of several, or take its tick away."""
        ticked = self.chosen(path)
        self.put(path, [each for each in ticked if each != value] if value in ticked else [*ticked, value])

    def add_item(self, group: str) -> int:
        """One more of a group; its number, from 0."""
        items = self.items(group)
        self.answers[group] = [*items, {}]
        self.changed = True
        return len(items)

    def drop_item(self, path: str) -> None:
        """Take away the item that a path leads into."""
        inner = _PATH.fullmatch(path)
        if inner is None:
            return
        items, at = self.items(inner[1]), int(inner[2])
        self.answers[inner[1]] = [*items[:at], *items[at + 1:]]
        # the numbers after it moved: no mistake of theirs shows until they are answered again, or all is shown
        self.answered = {answered for answered in self.answered if not answered.startswith(inner[1] + "[")}
        self.changed = True

    def papers(self) -> list[str]:
        """The name of the paper of every file attached."""
        fresh = [one["name"] for one in self.fresh]
        return [one["name"] for one in self.kept if one["name"] not in fresh] + fresh

    def body(self) -> "CheckBody":
        """What the checks are asked with."""
        return {"answers": self.answers, "papers": self.papers()}

    def attach(self, kept: "TakenPaper") -> None:
        """A file was taken by the agent. One too many takes the place of the oldest."""
        most = next((one["several"] for one in self.declared["papers"] if one["name"] == kept["name"]), 1)
        same = [one for one in self.fresh if one["name"] == kept["name"]]
        if len(same) >= most:
            self.fresh.remove(same[0])
        self.fresh.append(kept)
        self.answered.add(kept["name"])
        self.changed = True

    def detach(self, name: str) -> bool:
        """Take the last file of a paper away; False when only the draft has one."""
        for paper in reversed(self.fresh):
            if paper["name"] == name:
                self.fresh.remove(paper)
                self.changed = True
                return True
        return False

    def held(self) -> Held:
        """Everything answered and attached at this moment."""
        return Held(deepcopy(self.answers), list(self.fresh))

    def give_back(self, held: Held) -> None:
        """Put back what was answered and attached at an earlier moment."""
        self.answers, self.fresh = deepcopy(held.answers), list(held.fresh)
        self.changed = True

    # -- steps and rows ----------------------------------------------------------------------------------------------

    def steps(self) -> list[Step]:
        """The screens that have a question now, then the papers."""
        out = [Step(one["name"], in_words(one, "title"), in_words(one, "intro")) for one in self.declared["screens"]
               if any(inner["name"] in self.asked for inner in one["fields"])]
        if self.shown_papers():
            out.append(Step(PAPERS, _("Papers"), ""))
        return out

    def shown_papers(self) -> "list[Paper]":
        """The papers to attach, given the answers: one with a condition is missed by the checks when it holds."""
        missed = {one["field"] for one in self.errors} | set(self.papers())
        return [one for one in self.declared["papers"] if one["when"] is None or one["name"] in missed]

    def rows(self, at: int) -> list[Row]:
        """The lines of the step number ``at``."""
        steps = self.steps()
        step = steps[at]
        out = [Row("intro", "", step.intro)] if step.intro else []
        if step.name == PAPERS:
            out += self._paper_rows()
        else:
            fields = next(one["fields"] for one in self.declared["screens"] if one["name"] == step.name)
            for question in fields:
                if question["name"] in self.asked:
                    out += (self._group_rows(question) if question["kind"] == "group"
                            else self._field_rows(question, question["name"]))
        out += [Row("note", "", in_words(one, "text")) for one in self.notes if one["kind"] != "info"]
        last = at + 1 == len(steps)
        out.append(Row("go", "", _("Check everything") if last else
                       _("Go on: {title}").format(title=steps[at + 1].title)))
        return out

    def _field_rows(self, question: "Question", path: str, *, inner: bool = False) -> Iterator[Row]:
        yield Row("field", path, _label(question), shown(question, self.get(path)), inner, question)
        yield from self._wrong(path, inner)

    def _group_rows(self, question: "Question") -> Iterator[Row]:
        items = self.items(question["name"])
        yield Row("group", question["name"], _label(question), number(len(items)), False, question)
        yield from self._wrong(question["name"], inner=False)
        for at, _item in enumerate(items):
            path = f"{question['name']}[{at}]"
            yield Row("item", path, f"{in_words(question, 'label')} {at + 1}", "", False, question)
            yield from self._wrong(path, inner=True)
            for inner in question["fields"]:
                here = f"{path}.{inner['name']}"
                missed = any(error["field"] == here for error in self.errors)
                if inner["when"] is None or not inner["required"] or missed or self.get(here) not in _EMPTY:
                    yield from self._field_rows(inner, here, inner=True)
        if question["most"] is None or len(items) < question["most"]:
            yield Row("add", question["name"], _("+ add one"), "", True, question)

    def _paper_rows(self) -> Iterator[Row]:
        for paper in self.shown_papers():
            fresh = [file["filename"] for file in self.fresh if file["name"] == paper["name"]]
            named = ", ".join(fresh or [file["filename"] for file in self.kept if file["name"] == paper["name"]])
            label = in_words(paper, "label") + ("" if paper["needed"] else " (" + _("optional") + ")")
            yield Row("paper", paper["name"], label, named, paper=paper)
            yield from self._wrong(paper["name"], inner=False)

    def _wrong(self, path: str, inner: bool) -> Iterator[Row]:
        for mistake in self.errors:
            if mistake["field"] == path and (self.show_all or path in self.answered):
                yield Row("wrong", path, in_words(mistake, "message"), "", inner)

    def first_wrong(self) -> tuple[int, str] | None:
        """The first step that holds a mistake, and where it is; None without one that a step shows."""
        wrong = {one["field"] for one in self.errors}
        for at, _step in enumerate(self.steps()):
            for row in self.rows(at):
                if row.path in wrong and row.kind != "wrong":
                    return at, row.path
        return None


def _label(question: "Question") -> str:
    label = in_words(question, "label")
    said = _("optional")
    return label if question["required"] or said in label else f"{label} ({said})"


def options(question: "Question") -> list[tuple[str | bool, str]]:
    """What a question offers: value and words."""
    if question["kind"] == "yes_no":
        return [(True, _("yes")), (False, _("no"))]
    return [(choice["value"], in_words(choice, "label")) for choice in question["choices"]]


def shown(question: "Question", value: "AnswerValue") -> str:
    """An answer as a list shows it; a secret but for its end."""
    if value in _EMPTY:
        return ""
    named = {str(choice): words for choice, words in options(question)} if question["kind"] in PICKED else {}
    if isinstance(value, list):
        return ", ".join(named.get(str(part), str(part)) for part in value)
    text = named.get(str(value), str(value))
    if question["kind"] == "yes_no" and text == str(value):
        text = {"true": _("yes"), "false": _("no")}.get(text, text)
    if question["secret"]:
        return "••••" + (text[-_HIDDEN:] if len(text) > 2 * _HIDDEN else "")
    return text
