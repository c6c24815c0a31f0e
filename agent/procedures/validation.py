"""All checks at once: answers as typed become values, and everything that is wrong is reported together."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from agent.account import clean_text
from agent.procedures.answers import Answers, Value
from agent.procedures.field_types import GROUP, BadAnswer, check_count, meant
from agent.procedures.model import AnyField, Both, Paper, Procedure, When, World
from agent.procedures.text_match import nearest
from agent.protocol import procedures
from agent.protocol.procedures import AnswerValue, ReadOnlyAnswers

MOST_ITEMS = 30
"""Items of one group, whatever the declaration says: nobody has more children."""
_MISSING = Both("Il manque la réponse.", "The answer is missing.")
_EMPTY: tuple[AnswerValue, ...] = (None, "", [], {})


class Mistake(NamedTuple):
    """One thing that is wrong, and where: ``children[1].birth_date``."""

    field: str
    fr: str
    en: str

    def json(self) -> procedures.Mistake:
        """As it travels."""
        return {"field": self.field, "message_fr": self.fr, "message_en": self.en}


class Checked(NamedTuple):
    """The outcome of the checks."""

    values: Answers
    """The answers that are right, in their normal form."""
    errors: tuple[Mistake, ...]
    asked: tuple[str, ...] = ()
    """The questions that are asked, given these answers, in order."""
    ignored: tuple[str, ...] = ()
    """Answers to questions that are not asked in this case: they are not sent."""
    answered: bool = True
    """Every question is answered and nothing is wrong with the answers, whatever papers are missing."""

    @property
    def ok(self) -> bool:
        """Nothing is wrong."""
        return not self.errors


def check(procedure: Procedure, answers: ReadOnlyAnswers, papers: Iterable[str], world: World) -> Checked:
    """Check everything: ``answers`` as typed or read from JSON, ``papers`` the names of what is attached."""
    reading = _Reading(world)
    fields = procedure.fields
    values = reading.all(fields, answers, "")
    open_names = asked_fields(procedure, values, world)
    kept = reading.settle(fields, open_names, answers, values, Answers(), "")
    reading.strangers(fields, answers, "")
    answered = not reading.errors
    reading.papers(procedure.papers, list(papers), kept)
    ignored = tuple(
        field.name for field in fields if field.name not in open_names and answers.get(field.name) not in _EMPTY)
    return Checked(
        kept, tuple(reading.errors), tuple(field.name for field in fields if field.name in open_names), ignored,
        answered)


def asked_fields(procedure: Procedure, values: Answers, world: World) -> set[str]:
    """The names of the questions that are asked, given the values already read.

    An answer to a question that is no longer asked opens no other question, so this is repeated until it is stable.
    """
    names = {field.name for field in procedure.fields}
    for _ in range(len(names) + 1):
        visible = Answers({name: value for name, value in values.items() if name in names})
        now = {
            field.name for screen in procedure.screens if asks(screen.when, visible, world)
            for field in screen.fields if asks(field.when, visible, world)
        }
        if now == names:
            break
        names = now
    return names


def asks(condition: When | bool | None, answers: Answers, world: World) -> bool:
    """Whether a condition of a declaration holds; no condition does."""
    if isinstance(condition, When):
        return condition.test(answers, world)
    return condition is not False


class _NotAnswered(KeyError):
    """A check looked for an answer that is not there."""


class _Seen(Answers):
    """Answers as a check sees them."""

    def __missing__(self, name: str) -> Value:
        raise _NotAnswered(name)


class _Reading:
    """One check under way: everything is read, then conditions are looked at, then mistakes are reported."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.errors: list[Mistake] = []
        self._bad: dict[str, Both] = {}
        """What could not be read, by path: reported only where the question is asked."""

    def all(self, fields: Iterable[AnyField], answers: ReadOnlyAnswers, path: str) -> Answers:
        """Read every answer that can be read."""
        values = Answers()
        for field in fields:
            given = answers.get(field.name)
            if given in _EMPTY:
                continue
            here = path + field.name
            try:
                values[field.name] = self._group(field, given, here) if field.kind is GROUP \
                    else field.read(given, self.world)
            except BadAnswer as error:
                self._bad[here] = error.words
        return values

    def _group(self, field: AnyField, given: AnswerValue, path: str) -> list[Answers]:
        items = _objects(given)
        if items is None:
            raise BadAnswer("Une liste d'objets est attendue.", "A list of objects is expected.")
        if len(items) > MOST_ITEMS:
            raise BadAnswer(f"{MOST_ITEMS} au plus.", f"{MOST_ITEMS} at most.")
        try:
            check_count(field, len(items))
        except BadAnswer as error:
            self._bad[path] = error.words  # the items are read all the same: every mistake is reported at once
        return [self.all(field.fields, item, f"{path}[{number}].") for number, item in enumerate(items)]

    def settle(
        self, fields: Iterable[AnyField], open_names: Iterable[str], answers: ReadOnlyAnswers, values: Answers,
        outer: Answers, path: str,
    ) -> Answers:
        """Keep the values of the questions asked, and report what is missing or wrong with them."""
        kept = Answers()
        around = Answers({**outer, **values})
        for field in fields:
            if field.name not in open_names:
                continue
            here = path + field.name
            bad = self._bad.get(here)
            if bad is not None:
                self._report(here, bad)
            if field.name not in values:
                if bad is None and field.required:
                    self._report(here, _MISSING)
                continue
            kept[field.name] = values[field.name] if field.kind is not GROUP else self._items(
                field, _objects(answers[field.name]) or [], values.group(field.name), around, here)
            if bad is None:
                self._judge(field, kept[field.name], around, here)
        return kept

    def _items(
        self, field: AnyField, given: list[ReadOnlyAnswers], values: list[Answers], outer: Answers, path: str
    ) -> list[Answers]:
        items = []
        for number, (answers, item) in enumerate(zip(given, values, strict=True)):
            here = f"{path}[{number}]."
            around = Answers({**outer, **item})
            open_names = {inner.name for inner in field.fields if asks(inner.when, around, self.world)}
            items.append(self.settle(field.fields, open_names, answers, item, outer, here))
            self.strangers(field.fields, answers, here)
        return items

    def _judge(self, field: AnyField, value: Value, answers: Answers, path: str) -> None:
        try:
            wrong = field.mistake(value, _Seen(answers), self.world)
        except _NotAnswered:
            return  # it compares with an answer that is missing or wrong, which is reported where it is
        if wrong is not None:
            self._report(path, wrong)

    def strangers(self, fields: Iterable[AnyField], answers: ReadOnlyAnswers, path: str) -> None:
        """Report answers to questions that do not exist, naming the nearest one that does."""
        names = [field.name for field in fields]
        for name in answers:
            if name not in names:
                near = meant(nearest(name, names))
                self._report(path + (clean_text(name, 80) or "?"), Both(
                    f"Ce champ n'existe pas.{near.fr}", f"There is no such field.{near.en}"))

    def papers(self, papers: tuple[Paper, ...], given: list[str], answers: Answers) -> None:
        """Report papers that are missing, unknown or too many."""
        declared = {paper.name: paper for paper in papers}
        for name, count in Counter(given).items():
            paper = declared.get(name)
            if paper is None:
                near = meant(nearest(name, declared))
                self._report(clean_text(name, 80) or "?", Both(
                    f"Cette pièce n'est pas demandée.{near.fr}", f"This paper is not asked for.{near.en}"))
            elif count > paper.several:
                self._report(name, Both(f"{paper.several} fichier(s) au plus pour cette pièce.",
                                      f"{paper.several} file(s) at most for this paper."))
        for paper in papers:
            if paper.name not in given and asks(paper.needed, answers, self.world):
                self._report(paper.name, Both(f"Il manque une pièce : {paper.label.fr}.",
                                            f"A paper is missing: {paper.label.en}."))

    def _report(self, path: str, words: Both) -> None:
        self.errors.append(Mistake(path, words.fr, words.en))


def _objects(given: AnswerValue) -> list[ReadOnlyAnswers] | None:
    """The items of a group as they were typed; None when they are no list of objects."""
    if not isinstance(given, list):
        return None
    items: list[ReadOnlyAnswers] = [item for item in given if isinstance(item, Mapping)]
    return items if len(items) == len(given) else None
