"""A procedure as JSON: what lists and screens show of its declaration."""

from typing import Any

from agent.procedures.field_types import EXAMPLES, RULES
from agent.procedures.model import Both, Clock, Field, Paper, Procedure, Screen, When, World
from agent.procedures.values import plain


def both(name: str, text: Both) -> dict[str, str]:
    """``{"title_fr": …, "title_en": …}``."""
    return {f"{name}_fr": text.fr, f"{name}_en": text.en}


def head(asked: Procedure, submits: str) -> dict[str, Any]:
    """One line of the list. ``submits``: ``portal`` or ``handoff``, as it is with this portal."""
    duty = next((clock for clock in asked.clocks if clock.kind == "duty"), None)
    deadline = None if duty is None else both("label", duty.label)
    return {
        "name": asked.name, **both("title", asked.title), "who": asked.who.fr, **both("who", asked.who),
        **both("summary", asked.summary), "papers": [_paper(one) for one in asked.papers], "deadline": deadline,
        "submits": submits, "page": asked.page,
    }


def whole(asked: Procedure, submits: str, world: World) -> dict[str, Any]:
    """Everything of the declaration."""
    return {
        **head(asked, submits), "source": asked.source,
        "screens": [_screen(one, world) for one in asked.screens],
        "fields": [field(one, world) for one in asked.fields],
        "clocks": [_clock(one) for one in asked.clocks],
        "next_steps": [both("text", one) for one in asked.next_steps],
        "fallbacks": [both("text", one) for one in asked.fallbacks],
        "stages": [{"name": name, **both("label", label)} for name, label in asked.stages],
    }


def field(one: Field, world: World) -> dict[str, Any]:
    """One question, with its rule in words and what the account proposes as the answer."""
    proposed = one.prefill(world) if one.prefill else None
    return {
        "name": one.name, "kind": one.kind, "type": one.kind, **both("label", one.label), **both("help", one.help),
        **both("rule", _rule(one)), "example": example(one), "required": one.required, **_when(one.when),
        "choices": [{"value": choice.value, **both("label", choice.label), **both("help", choice.help)}
                    for choice in _choices(one, world)],
        "fields": [field(inner, world) for inner in one.fields], "accepts": list(one.accepts), "least": one.least,
        "most": one.most, "longest": one.longest if one.kind == "text" else None, "secret": one.secret,
        "proposed": None if proposed is None else plain({"": proposed})[""], "source": one.source,
    }


def example(one: Field) -> str:
    """An answer that would do."""
    if one.example:
        return one.example
    if one.choices:
        return one.choices[0].value
    return EXAMPLES.get(one.kind, "")


def _choices(one: Field, world: World) -> list[Any]:
    from agent.procedures.model import Choice

    if one.kind in ("person", "people"):
        return [Choice(name, Both(name, name)) for name in world.people]
    return list(one.choices)


def _rule(one: Field) -> Both:
    if one.pattern and one.pattern_words.fr:
        return one.pattern_words
    words = RULES[one.kind]
    if one.choices:
        shown = ", ".join(choice.value for choice in one.choices)
        return Both(f"{words.fr} : {shown}", f"{words.en}: {shown}")
    return words


def _when(condition: When | None) -> dict[str, Any]:
    return {"when": None if condition is None else both("text", condition.words)}


def _screen(one: Screen, world: World) -> dict[str, Any]:
    return {"name": one.name, **both("title", one.title), **both("intro", one.intro), **_when(one.when),
            "fields": [field(inner, world) for inner in one.fields]}


def _paper(one: Paper) -> dict[str, Any]:
    condition = one.needed if isinstance(one.needed, When) else None
    return {"name": one.name, **both("label", one.label), **both("help", one.help), "formats": list(one.formats),
            "most_bytes": one.most_bytes, "needed": one.needed is not False, **_when(condition), "photo": one.photo,
            "several": one.several, "source": one.source}


def _clock(one: Clock) -> dict[str, Any]:
    return {"name": one.name, **both("label", one.label), "starts": one.starts, "kind": one.kind, "source": one.source}
