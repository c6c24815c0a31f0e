"""A procedure as JSON: what lists and screens show of its declaration."""

from agent.procedures.field_types import PEOPLE, PERSON, TEXT
from agent.procedures.model import AnyField, Both, Choice, Clock, Paper, Procedure, Screen, When, World
from agent.procedures.values import plain_value
from agent.protocol import procedures


def text(words: Both) -> procedures.Text:
    """A sentence."""
    return {"text_fr": words.fr, "text_en": words.en}


def head(declared: Procedure, submits: procedures.Submits) -> procedures.ProcedureHead:
    """One line of the list. ``submits``: as it is with this portal."""
    duty = next((clock for clock in declared.clocks if clock.kind == "duty"), None)
    return {
        "name": declared.name, "title_fr": declared.title.fr, "title_en": declared.title.en, "who": declared.who.fr,
        "who_fr": declared.who.fr, "who_en": declared.who.en,
        "summary_fr": declared.summary.fr, "summary_en": declared.summary.en,
        "papers": [_paper(paper) for paper in declared.papers],
        "deadline": None if duty is None else {"label_fr": duty.label.fr, "label_en": duty.label.en},
        "submits": submits, "page": declared.page,
    }


def whole(declared: Procedure, submits: procedures.Submits, world: World) -> procedures.Procedure:
    """Everything of the declaration."""
    return {
        **head(declared, submits), "source": declared.source,
        "screens": [_screen(screen, world) for screen in declared.screens],
        "fields": [question(field, world) for field in declared.fields],
        "clocks": [_clock(clock) for clock in declared.clocks],
        "next_steps": [text(step) for step in declared.next_steps],
        "fallbacks": [text(fallback) for fallback in declared.fallbacks],
        "stages": [{"name": name, "label_fr": label.fr, "label_en": label.en} for name, label in declared.stages],
    }


def question(field: AnyField, world: World) -> procedures.Question:
    """One question, with its rule in words and what the account proposes as the answer."""
    proposed, rule, kind = field.proposed(world), _rule(field), field.kind.name
    return {
        "name": field.name, "kind": kind, "type": kind, "label_fr": field.label.fr, "label_en": field.label.en,
        "help_fr": field.help.fr, "help_en": field.help.en, "rule_fr": rule.fr, "rule_en": rule.en,
        "example": example(field), "required": field.required, "when": _when(field.when),
        "choices": [{"value": choice.value, "label_fr": choice.label.fr, "label_en": choice.label.en,
                     "help_fr": choice.help.fr, "help_en": choice.help.en} for choice in _choices(field, world)],
        "fields": [question(inner, world) for inner in field.fields], "accepts": list(field.accepts),
        "least": field.least, "most": field.most, "longest": field.longest if field.kind is TEXT else None,
        "secret": field.secret, "proposed": None if proposed is None else plain_value(proposed),
        "source": field.source,
    }


def example(field: AnyField) -> str:
    """An answer that would do."""
    if field.example:
        return field.example
    if field.choices:
        return field.choices[0].value
    return field.kind.example


def _choices(field: AnyField, world: World) -> list[Choice]:
    if field.kind in (PERSON, PEOPLE):
        return [Choice(name, Both(name, name)) for name in world.people]
    return list(field.choices)


def _rule(field: AnyField) -> Both:
    if field.pattern and field.pattern_words.fr:
        return field.pattern_words
    words = field.kind.rule
    if field.choices:
        shown = ", ".join(choice.value for choice in field.choices)
        return Both(f"{words.fr} : {shown}", f"{words.en}: {shown}")
    return words


def _when(condition: When | None) -> procedures.Text | None:
    return None if condition is None else text(condition.words)


def _screen(screen: Screen, world: World) -> procedures.Screen:
    return {"name": screen.name, "title_fr": screen.title.fr, "title_en": screen.title.en,
            "intro_fr": screen.intro.fr, "intro_en": screen.intro.en, "when": _when(screen.when),
            "fields": [question(field, world) for field in screen.fields]}


def _paper(paper: Paper) -> procedures.Paper:
    condition = paper.needed if isinstance(paper.needed, When) else None
    return {"name": paper.name, "label_fr": paper.label.fr, "label_en": paper.label.en, "help_fr": paper.help.fr,
            "help_en": paper.help.en, "formats": list(paper.formats), "most_bytes": paper.most_bytes,
            "needed": paper.needed is not False, "when": _when(condition), "photo": paper.photo,
            "several": paper.several, "source": paper.source}


def _clock(clock: Clock) -> procedures.Delay:
    return {"name": clock.name, "label_fr": clock.label.fr, "label_en": clock.label.en, "starts": clock.starts,
            "kind": clock.kind, "source": clock.source}
