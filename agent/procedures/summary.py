"""What is about to be sent, in words: the last look before sending, and what a request shows afterwards."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from agent.procedures.answers import Answers, Value
from agent.procedures.field_types import COUNTRY, GROUP
from agent.procedures.identifiers.countries import countries
from agent.procedures.model import AnyField, Both, Procedure, World
from agent.procedures.validation import check
from agent.protocol.procedures import Note, ReadOnlyAnswers, SummaryLine

_SHOWN = 4
"""Signs of a secret that stay readable, at its end."""
_YES, _NO = Both("oui", "yes"), Both("non", "no")


def mask(text: str) -> str:
    """A secret with its last signs readable: ``•••• 606``."""
    return "••••" + (text[-_SHOWN:] if len(text) > 2 * _SHOWN else "")


def summary(declared: Procedure, values: Answers) -> list[SummaryLine]:
    """Checked values in words, in the order of the questions; secrets are masked."""
    return _lines(declared.fields, values, "", masked=True)


def whole_summary(declared: Procedure, values: Answers) -> list[SummaryLine]:
    """The same with secrets in full, for the person's own letter to the fund."""
    return _lines(declared.fields, values, "", masked=False)


def notes(declared: Procedure, values: Answers, world: World) -> list[Note]:
    """What the declaration works out from checked values: eligibility, amounts, warnings."""
    if declared.computed is None:
        return []
    return [{"name": note.name, "text_fr": note.text.fr, "text_en": note.text.en, "kind": note.kind,
             "amount": note.amount, "source": note.source} for note in declared.computed(values, world)]


def reread(declared: Procedure, answers: ReadOnlyAnswers, world: World) -> Answers:
    """The values of answers that were kept: what still reads."""
    return check(declared, answers, (), world).values


def _lines(fields: Iterable[AnyField], values: Answers, path: str, *, masked: bool) -> list[SummaryLine]:
    lines: list[SummaryLine] = []
    for field in fields:
        if field.name not in values:
            continue
        if field.kind is GROUP:
            for number, item in enumerate(values.group(field.name)):
                inner = _lines(field.fields, item, f"{path}{field.name}[{number}].", masked=masked)
                head = Both(f"{field.label.fr} {number + 1}", f"{field.label.en} {number + 1}")
                lines += [{**line, "label_fr": f"{head.fr}, {line['label_fr']}",
                           "label_en": f"{head.en}, {line['label_en']}"} for line in inner]
            continue
        shown = _shown(field, values[field.name], masked)
        lines.append({"field": path + field.name, "label_fr": field.label.fr, "label_en": field.label.en,
                      "value_fr": shown.fr, "value_en": shown.en})
    return lines


def _shown(field: AnyField, value: Value, masked: bool) -> Both:
    if field.secret and masked:
        return _same(mask(str(value)))
    if isinstance(value, bool):
        return _YES if value else _NO
    if isinstance(value, Decimal):
        return Both(f"{value:.2f} €".replace(".", ","), f"{value:.2f} €")
    if isinstance(value, date):
        return Both(f"{value:%d/%m/%Y}", value.isoformat())
    if field.kind is COUNTRY:
        return Both(*countries().get(str(value), (str(value), str(value))))
    labels = {choice.value: choice.label for choice in field.choices}
    chosen = [labels.get(part, _same(part)) for part in map(str, value if isinstance(value, list) else [value])]
    return Both(", ".join(label.fr for label in chosen), ", ".join(label.en for label in chosen))


def _same(text: str) -> Both:
    return Both(text, text)
