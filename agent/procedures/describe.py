"""A procedure as JSON: what lists and screens show of its declaration."""

from agent.procedures.model import AnyField, Both, Choice, Clock, Paper, Procedure, Screen, When, World
from agent.procedures.values import plain_value
from agent.protocol import procedures


def text(words: Both) -> procedures.Text:
    """A sentence."""
    return {"text_fr": words.fr, "text_en": words.en}


def head(asked: Procedure, submits: procedures.Submits) -> procedures.ProcedureHead:
    """One line of the list. ``submits``: as it is with this portal."""
    duty = next((clock for clock in asked.clocks if clock.kind == "duty"), None)
    return {
        "name": asked.name, "title_fr": asked.title.fr, "title_en": asked.title.en, "who": asked.who.fr,
        "who_fr": asked.who.fr, "who_en": asked.who.en, "summary_fr": asked.summary.fr, "summary_en": asked.summary.en,
        "papers": [_paper(one) for one in asked.papers],
        "deadline": None if duty is None else {"label_fr": duty.label.fr, "label_en": duty.label.en},
        "submits": submits, "page": asked.page,
    }


def whole(asked: Procedure, submits: procedures.Submits, world: World) -> procedures.Procedure:
    """Everything of the declaration."""
    return {
        **head(asked, submits), "source": asked.source,
        "screens": [_screen(one, world) for one in asked.screens],
        "fields": [field(one, world) for one in asked.fields],
        "clocks": [_clock(one) for one in asked.clocks],
        "next_steps": [text(one) for one in asked.next_steps],
        "fallbacks": [text(one) for one in asked.fallbacks],
        "stages": [{"name": name, "label_fr": label.fr, "label_en": label.en} for name, label in asked.stages],
    }


def field(one: AnyField, world: World) -> procedures.Question:
    """One question, with its rule in words and what the account proposes as the answer."""
    proposed, rule, kind = one.proposed(world), _rule(one), one.kind.name
    return {
        "name": one.name, "kind": kind, "type": kind, "label_fr": one.label.fr, "label_en": one.label.en,
        "help_fr": one.help.fr, "help_en": one.help.en, "rule_fr": rule.fr, "rule_en": rule.en,
        "example": example(one), "required": one.required, "when": _when(one.when),
        "choices": [{"value": choice.value, "label_fr": choice.label.fr, "label_en": choice.label.en,
                     "help_fr": choice.help.fr, "help_en": choice.help.en} for choice in _choices(one, world)],
        "fields": [field(inner, world) for inner in one.fields], "accepts": list(one.accepts), "least": one.least,
        "most": one.most, "longest": one.longest if kind == "text" else None, "secret": one.secret,
        "proposed": None if proposed is None else plain_value(proposed), "source": one.source,
    }


def example(one: AnyField) -> str:
    """An answer that would do."""
    if one.example:
        return one.example
    if one.choices:
        return one.choices[0].value
    return one.kind.example


def _choices(one: AnyField, world: World) -> list[Choice]:
    if one.kind.name in ("person", "people"):
        return [Choice(name, Both(name, name)) for name in world.people]
    return list(one.choices)


def _rule(one: AnyField) -> Both:
    if one.pattern and one.pattern_words.fr:
        return one.pattern_words
    words = one.kind.rule
    if one.choices:
        shown = ", ".join(choice.value for choice in one.choices)
        return Both(f"{words.fr} : {shown}", f"{words.en}: {shown}")
    return words


def _when(condition: When | None) -> procedures.Text | None:
    return None if condition is None else text(condition.words)


def _screen(one: Screen, world: World) -> procedures.Screen:
    return {"name": one.name, "title_fr": one.title.fr, "title_en": one.title.en, "intro_fr": one.intro.fr,
            "intro_en": one.intro.en, "when": _when(one.when), "fields": [field(inner, world) for inner in one.fields]}


def _paper(one: Paper) -> procedures.Paper:
    condition = one.needed if isinstance(one.needed, When) else None
    return {"name": one.name, "label_fr": one.label.fr, "label_en": one.label.en, "help_fr": one.help.fr,
            "help_en": one.help.en, "formats": list(one.formats), "most_bytes": one.most_bytes,
            "needed": one.needed is not False, "when": _when(condition), "photo": one.photo, "several": one.several,
            "source": one.source}


def _clock(one: Clock) -> procedures.Delay:
    return {"name": one.name, "label_fr": one.label.fr, "label_en": one.label.en, "starts": one.starts,
            "kind": one.kind, "source": one.source}
