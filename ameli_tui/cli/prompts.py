"""A procedure's questions asked one by one on a terminal: each answer is checked when it is given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.client import api_requests
from ameli_tui.cli.output import one_line
from ameli_tui.cli.secret_input import ask_line
from ameli_tui.i18n import _, in_words

if TYPE_CHECKING:
    from agent.protocol.procedures import AnswerValue, KeptAnswers, Procedure, Question
    from ameli_tui.cli.context import Context


def ask_all(context: Context, declared: Procedure) -> KeptAnswers:
    """Ask what the answers so far call for, each again until it is right; return the answers."""
    name = declared["name"]
    answers: KeptAnswers = {}
    context.out.say(one_line(in_words(declared, "title")))
    for field in declared["fields"]:
        while True:
            checked = context.door.ask(api_requests.check_answers(name, {"answers": answers, "papers": []}))
            wrong = [one for one in checked["errors"] if one["field"].partition("[")[0] == field["name"]]
            if field["name"] in answers:
                if not wrong:
                    break
                for mistake in wrong:
                    context.out.say(f"  {one_line(mistake['field'])}: {one_line(in_words(mistake, 'message'))}")
                del answers[field["name"]]
            elif field["name"] not in checked["asked"]:
                break
            value = _group(field) if field["kind"] == "group" else _answer(field)
            if value in ("", []) and not field["required"]:
                break
            answers[field["name"]] = value
            if value in ("", []):
                context.out.say("  " + _("An answer is needed here."))
                del answers[field["name"]]
    summary = context.door.ask(api_requests.check_answers(name, {"answers": answers, "papers": []}))["summary"]
    for line in summary:
        context.out.say(f"  {one_line(in_words(line, 'label'))}: {one_line(in_words(line, 'value'))}")
    return answers


def _answer(field: Question) -> str:
    help_text = in_words(field, "help")
    prompt_help = f"  ({one_line(help_text)})\n" if help_text else ""
    for choice in field["choices"]:
        prompt_help += f"  {one_line(choice['value'])} = {one_line(in_words(choice, 'label'))}\n"
    proposed = field["proposed"] if isinstance(field["proposed"], str) else ""
    shown = proposed or field["example"]
    hint = ""
    if shown:
        said = one_line(shown)
        hint = f" [{said}]" if proposed else " (" + _("example: {example}").format(example=said) + ")"
    return ask_line(f"{prompt_help}{one_line(in_words(field, 'label'))}{hint}: ") or proposed


def _group(field: Question) -> list[AnswerValue]:
    items: list[AnswerValue] = []
    while ask_line(_("Add one to “{what}”? (y/n) ").format(what=one_line(in_words(field, "label")))).casefold() in (
            "y", "yes", "o", "oui"):
        answers = {inner["name"]: _answer(inner) for inner in field["fields"]}
        items.append({name: value for name, value in answers.items() if value})
    return items
