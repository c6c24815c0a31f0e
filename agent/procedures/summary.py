"""What is about to be sent, in words: the last look before sending, and what a request shows afterwards."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from agent.procedures.identifiers.countries import countries
from agent.procedures.model import Both, Field, Note, Procedure, World
from agent.procedures.validation import check
from agent.protocol.procedures import Note as Told
from agent.protocol.procedures import SummaryLine

_SHOWN = 4
"""Signs of a secret that stay readable, at its end."""
_YES, _NO = Both("oui", "yes"), Both("non", "no")


def mask(text: str) -> str:
    """A secret with its last signs readable: ``•••• 606``."""
    return "••••" + (text[-_SHOWN:] if len(text) > 2 * _SHOWN else "")


def summary(asked: Procedure, values: Mapping[str, Any]) -> list[SummaryLine]:
    """Checked values in words, in the order of the questions; secrets are masked."""
    return _lines(asked.fields, values, "", masked=True)


def whole_summary(asked: Procedure, values: Mapping[str, Any]) -> list[SummaryLine]:
    """The same with secrets in full, for the person's own letter to the fund."""
    return _lines(asked.fields, values, "", masked=False)


def notes(asked: Procedure, values: Mapping[str, Any], world: World) -> list[Told]:
    """What the declaration works out from checked values: eligibility, amounts, warnings."""
    found: Iterable[Note] = asked.computed(values, world) if asked.computed else ()
    return [{"name": one.name, "text_fr": one.text.fr, "text_en": one.text.en, "kind": one.kind, "amount": one.amount,
             "source": one.source} for one in found]


def reread(asked: Procedure, answers: Mapping[str, Any], world: World) -> dict[str, Any]:
    """The values of answers that were kept: what still reads."""
    return check(asked, answers, (), world).values


def _lines(fields: Iterable[Field], values: Mapping[str, Any], path: str, *, masked: bool) -> list[SummaryLine]:
    lines: list[SummaryLine] = []
    for field in fields:
        if field.name not in values:
            continue
        value = values[field.name]
        if field.kind == "group":
            for number, item in enumerate(value):
                inner = _lines(field.fields, item, f"{path}{field.name}[{number}].", masked=masked)
                head = Both(f"{field.label.fr} {number + 1}", f"{field.label.en} {number + 1}")
                lines += [{**line, "label_fr": f"{head.fr}, {line['label_fr']}",
                           "label_en": f"{head.en}, {line['label_en']}"} for line in inner]
            continue
        shown = _shown(field, value, masked)
        lines.append({"field": path + field.name, "label_fr": field.label.fr, "label_en": field.label.en,
                      "value_fr": shown.fr, "value_en": shown.en})
    return lines


def _shown(field: Field, value: Any, masked: bool) -> Both:
    if field.secret and masked:
        return _same(mask(str(value)))
    if isinstance(value, bool):
        return _YES if value else _NO
    if isinstance(value, Decimal):
        return Both(f"{value:.2f} €".replace(".", ","), f"{value:.2f} €")
    if isinstance(value, date):
        return Both(f"{value:%d/%m/%Y}", value.isoformat())
    if field.kind == "country":
        return Both(*countries().get(value, (value, value)))
    if field.kind in ("choice", "choices"):
        labels = {choice.value: choice.label for choice in field.choices}
        chosen = [labels.get(one, _same(one)) for one in (value if isinstance(value, list) else [value])]
        return Both(", ".join(one.fr for one in chosen), ", ".join(one.en for one in chosen))
    if isinstance(value, list):
        return _same(", ".join(str(one) for one in value))
    return _same(str(value))


def _same(text: str) -> Both:
    return Both(text, text)
