"""A procedure's questions asked one by one on a terminal: each answer is checked when it is given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from ameli_tui.cli.output import one_line
from ameli_tui.cli.secret_input import ask_line
from ameli_tui.i18n import _, lang

if TYPE_CHECKING:
    from ameli_tui.cli.main import Context


def ask_all(context: Context, declared: dict[str, Any]) -> dict[str, Any]:
    """Ask what the answers so far call for, each again until it is right; return the answers."""
    said = lang()
    path = f"/v1/procedures/{quote(declared['name'], safe='')}/check"
    answers: dict[str, Any] = {}
    context.out.say(one_line(declared[f"title_{said}"]))
    for field in declared["fields"]:
        while True:
            found = context.door.post(path, {"answers": answers, "papers": []})
            wrong = [one for one in found["errors"] if one["field"].partition("[")[0] == field["name"]]
            if field["name"] in answers:
                if not wrong:
                    break
                for one in wrong:
                    context.out.say(f"  {one_line(one['field'])}: {one_line(one[f'message_{said}'])}")
                del answers[field["name"]]
            elif field["name"] not in found["asked"]:
                break
            value = _group(field) if field["kind"] == "group" else _answer(field)
            if value in ("", []) and not field["required"]:
                break
            answers[field["name"]] = value
            if value in ("", []):
                context.out.say("  " + _("An answer is needed here."))
                del answers[field["name"]]
    for line in context.door.post(path, {"answers": answers, "papers": []})["summary"]:
        context.out.say(f"  {one_line(line[f'label_{said}'])}: {one_line(line[f'value_{said}'])}")
    return answers


def _answer(field: dict[str, Any]) -> str:
    said = lang()
    prompt_help = f"  ({one_line(field[f'help_{said}'])})\n" if field[f"help_{said}"] else ""
    for choice in field["choices"]:
        prompt_help += f"  {one_line(choice['value'])} = {one_line(choice[f'label_{said}'])}\n"
    proposed = field["proposed"] if isinstance(field["proposed"], str) else ""
    shown = proposed or field["example"]
    hint = f" [{one_line(shown)}]" if proposed else f" ({_('example')}: {one_line(shown)})" if shown else ""
    return ask_line(f"{prompt_help}{one_line(field[f'label_{said}'])}{hint}: ") or proposed


def _group(field: dict[str, Any]) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    while ask_line(_("Add one to “{what}”? (y/n) ").format(what=one_line(field[f"label_{lang()}"]))).casefold() in (
            "y", "yes", "o", "oui"):
        answers = {inner["name"]: _answer(inner) for inner in field["fields"]}
        items.append({name: value for name, value in answers.items() if value})
    return items
