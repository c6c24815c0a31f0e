"""All checks at once: what was answered becomes values, and everything that is wrong is told together."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from agent.account import clean_text
from agent.procedures.field_types import BadAnswer, check_count, read
from agent.procedures.model import Answers, Both, Field, Paper, Procedure, When, World
from agent.procedures.text_match import nearest
from agent.protocol.procedures import Mistake as Told

MOST_ITEMS = 30
"""Items of one group, whatever the declaration says: nobody has more children."""
_MISSING = Both("Il manque la réponse.", "The answer is missing.")
_EMPTY: tuple[Any, ...] = (None, "", [], {})


class Mistake(NamedTuple):
    """One thing that is wrong, and where: ``children[1].birth_date``."""

    field: str
    fr: str
    en: str

    def json(self) -> Told:
        """As it is told."""
        return {"field": self.field, "message_fr": self.fr, "message_en": self.en}


class Checked(NamedTuple):
    """What the checks found."""

    values: dict[str, Any]
    """The answers that are right, in their normal form: dates, Decimals, booleans, text."""
    errors: tuple[Mistake, ...]
    asked: tuple[str, ...] = ()
    """The questions that are asked, given these answers, in order."""
    ignored: tuple[str, ...] = ()
    """Answers to questions that are not asked in this case: they are not sent."""

    @property
    def ok(self) -> bool:
        """Nothing is wrong."""
        return not self.errors


def check(procedure: Procedure, answers: Mapping[str, Any], papers: Iterable[str], world: World) -> Checked:
    """Check everything: ``answers`` as typed or read from JSON, ``papers`` the names of what is attached."""
    reading = _Reading(world)
    shown = [one for screen in procedure.screens for one in screen.fields]
    values = reading.all(shown, answers, {}, "")
    asked = asked_fields(procedure, values, world)
    kept = reading.settle(shown, asked, answers, values, {}, "")
    reading.strangers(shown, answers, "")
    reading.papers(procedure.papers, list(papers), kept)
    ignored = tuple(one.name for one in shown if one.name not in asked and answers.get(one.name) not in _EMPTY)
    order = tuple(one.name for one in shown if one.name in asked)
    return Checked(kept, tuple(reading.errors), order, ignored)


def asked_fields(procedure: Procedure, values: Answers, world: World) -> set[str]:
    """The names of the questions that are asked, given the values already read.

    An answer to a question that is no longer asked opens no other question, so this is repeated until it is stable.
    """
    asked = {one.name for one in procedure.fields}
    for _ in range(len(asked) + 1):
        visible = {name: value for name, value in values.items() if name in asked}
        now = {
            one.name for screen in procedure.screens if asks(screen.when, visible, world)
            for one in screen.fields if asks(one.when, visible, world)
        }
        if now == asked:
            break
        asked = now
    return asked


def asks(condition: When | bool | None, answers: Answers, world: World) -> bool:
    """Whether a condition of a declaration holds; no condition does."""
    if isinstance(condition, When):
        return condition.test(answers, world)
    return condition is not False


def shows(paper: Paper, answers: Answers, world: World) -> bool:
    """Whether a paper may be attached: one with a condition only when it is true."""
    return not isinstance(paper.needed, When) or paper.needed.test(answers, world)


class _NotAnswered(KeyError):
    """A check looked for an answer that is not there."""


class _Seen(dict[str, Any]):
    """Answers as a check sees them."""

    def __missing__(self, name: str) -> Any:
        raise _NotAnswered(name)


class _Reading:
    """One check under way: first everything is read, then conditions are looked at, then the rest is told."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.errors: list[Mistake] = []
        self._bad: dict[str, Both] = {}
        """What could not be read, by path: told only where the question is asked."""

    def all(self, fields: Iterable[Field], answers: Mapping[str, Any], outer: Answers, path: str) -> dict[str, Any]:
        """Read every answer that can be read."""
        values: dict[str, Any] = {}
        for field in fields:
            given = answers.get(field.name)
            if given in _EMPTY:
                continue
            here = path + field.name
            try:
                values[field.name] = self._group(field, given, here, {**outer, **values}) if field.kind == "group" \
                    else read(field, given, self.world)
            except BadAnswer as error:
                self._bad[here] = error.words
        return values

    def _group(self, field: Field, given: Any, path: str, outer: Answers) -> list[dict[str, Any]]:
        if not isinstance(given, list) or not all(isinstance(item, Mapping) for item in given):
            raise BadAnswer("Une liste d'objets est attendue.", "A list of objects is expected.")
        if len(given) > MOST_ITEMS:
            raise BadAnswer(f"{MOST_ITEMS} au plus.", f"{MOST_ITEMS} at most.")
        try:
            check_count(field, len(given))
        except BadAnswer as error:
            self._bad[path] = error.words  # and what is inside is read all the same: every mistake is told at once
        return [self.all(field.fields, item, outer, f"{path}[{number}].") for number, item in enumerate(given)]

    def settle(
        self, fields: Iterable[Field], asked: Iterable[str], answers: Mapping[str, Any], values: Mapping[str, Any],
        outer: Answers, path: str,
    ) -> dict[str, Any]:
        """Keep the values of the questions asked, and tell what is missing or wrong with them."""
        kept: dict[str, Any] = {}
        around = {**outer, **values}
        for field in fields:
            if field.name not in asked:
                continue
            here = path + field.name
            if here in self._bad:
                self._tell(here, self._bad[here])
                if field.kind == "group" and field.name in values:
                    kept[field.name] = self._items(field, answers[field.name], values[field.name], around, here)
            elif field.name not in values:
                if field.required:
                    self._tell(here, _MISSING)
            elif field.kind == "group":
                kept[field.name] = self._items(field, answers[field.name], values[field.name], around, here)
                self._judge(field, kept[field.name], around, here)
            else:
                kept[field.name] = values[field.name]
                self._judge(field, values[field.name], around, here)
        return kept

    def _items(
        self, field: Field, given: list[Mapping[str, Any]], values: list[dict[str, Any]], outer: Answers, path: str
    ) -> list[dict[str, Any]]:
        items = []
        for number, (answers, read_) in enumerate(zip(given, values, strict=True)):
            here = f"{path}[{number}]."
            around = {**outer, **read_}
            asked = {one.name for one in field.fields if asks(one.when, around, self.world)}
            items.append(self.settle(field.fields, asked, answers, read_, outer, here))
            self.strangers(field.fields, answers, here)
        return items

    def _judge(self, field: Field, value: Any, answers: Answers, path: str) -> None:
        if field.check is not None:
            try:
                wrong = field.check(value, _Seen(answers), self.world)
            except _NotAnswered:
                return  # it compares with an answer that is missing or wrong, which is told where it is
            if wrong is not None:
                self._tell(path, wrong)

    def strangers(self, fields: Iterable[Field], answers: Mapping[str, Any], path: str) -> None:
        """Tell answers to questions that do not exist, naming the nearest one that does."""
        names = [one.name for one in fields]
        for name in answers:
            if name not in names:
                near = nearest(str(name), names)
                fr, en = (f" Vouliez-vous dire « {near} » ?", f" Did you mean “{near}”?") if near else ("", "")
                self._tell(path + (clean_text(str(name), 80) or "?"), Both(f"Ce champ n'existe pas.{fr}",
                                                                           f"There is no such field.{en}"))

    def papers(self, papers: tuple[Paper, ...], given: list[str], answers: Answers) -> None:
        """Tell papers that are missing, unknown or too many."""
        known = {paper.name: paper for paper in papers}
        for name, count in Counter(given).items():
            paper = known.get(name)
            if paper is None:
                near = nearest(name, known)
                fr, en = (f" Vouliez-vous dire « {near} » ?", f" Did you mean “{near}”?") if near else ("", "")
                self._tell(clean_text(name, 80) or "?", Both(f"Cette pièce n'est pas demandée.{fr}",
                                                             f"This paper is not asked for.{en}"))
            elif count > paper.several:
                self._tell(name, Both(f"{paper.several} fichier(s) au plus pour cette pièce.",
                                      f"{paper.several} file(s) at most for this paper."))
        for paper in papers:
            if paper.name not in given and asks(paper.needed, answers, self.world):
                self._tell(paper.name, Both(f"Il manque une pièce : {paper.label.fr}.",
                                            f"A paper is missing: {paper.label.en}."))

    def _tell(self, path: str, words: Both) -> None:
        self.errors.append(Mistake(path, words.fr, words.en))
