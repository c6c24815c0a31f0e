"""Asking the fund for something: ``procedures`` and its actions."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from agent.client import api_requests
from ameli_tui.cli.commands.hand_over import add_hand_over
from ameli_tui.cli.errors import BadAnswersFile, PersonNeeded
from ameli_tui.cli.out_option import add_out, check_out, deliver
from ameli_tui.cli.outbox_state import tell_restored
from ameli_tui.cli.output import facts, one_line, problem_text, table, why_no_json
from ameli_tui.cli.parser import Parser, add_action, describe
from ameli_tui.i18n import _, day, in_words, lang, moment, money
from ameli_tui.i18n.request_states import state_name

if TYPE_CHECKING:
    from typing import Protocol

    from agent.protocol.procedures import KeptAnswers, Note, Paper, Procedure, Question, Screen
    from agent.protocol.requests import Done, Refused, RequestShown
    from ameli_tui.cli.context import Context

    class ShowArgs(Protocol):
        """The arguments of ``ameli procedures show``."""

        name: str

    class StartArgs(Protocol):
        """The arguments of ``ameli procedures start``."""

        name: str
        answers: str | None
        attach: list[str]
        draft: bool

    class RequestArgs(Protocol):
        """What concerns one request."""

        id: str

    class CompleteArgs(Protocol):
        """The arguments of ``ameli procedures complete``."""

        id: str
        attach: list[str]

    class RemoveArgs(Protocol):
        """The arguments of ``ameli procedures remove``."""

        id: str
        paper: str
        file: str | None

    class DossierArgs(Protocol):
        """The arguments of ``ameli procedures dossier``."""

        id: str
        out: str
        force: bool

_MOST_ANSWERS = 1_000_000


def configure_procedures(parser: Parser) -> None:
    """Add ``ameli procedures`` and its actions."""
    describe(parser, _(
        "List what you can ask the fund for. Everything is checked before it leaves; without a connection it waits,\n"
        "and leaves by itself, once. Where the service takes nothing from a program, you get the file to send and\n"
        "the page to go to."),
        "ameli procedures start bank-details --answers answers.json")
    parser.set_defaults(run=run_procedures)
    actions = parser.actions()
    show = add_action(actions, "show", _("the questions of one procedure, with rules and examples"), run_show,
                      "ameli procedures show bank-details")
    show.add_argument("name", metavar="NAME", help=_("the procedure's name, from the list"))
    start = add_action(actions, "start", _("ask for it: checks everything, then sends it"), run_start,
                       "ameli procedures start bank-details --answers answers.json --attach rib=rib.pdf")
    start.add_argument("name", metavar="NAME", help=_("the procedure's name, from the list"))
    start.add_argument("--answers", metavar="FILE",
                       help=_("answers as one JSON object; without it, the questions are asked here"))
    start.add_argument("--attach", metavar="FIELD=FILE", action="append", default=[],
                       help=_("a paper to send along; may be given several times"))
    start.add_argument("--draft", action="store_true", help=_("keep it for later instead of sending it"))
    add_action(actions, "requests", _("what was asked for, newest first"), run_requests)
    for name, summary, run in (
        ("request", _("one request with its history"), run_request),
        ("send", _("send a draft"), run_send),
        ("cancel", _("take a request back; a draft is deleted"), run_cancel),
    ):
        add_action(actions, name, summary, run).add_argument("id", metavar="ID", help=_("the request's id"))
    complete = add_action(actions, "complete", _("send the papers that the fund asks for"), run_complete,
                          "ameli procedures complete q0123456789 --attach identity=card.pdf")
    complete.add_argument("id", metavar="ID", help=_("the request's id"))
    complete.add_argument("--attach", metavar="PAPER=FILE", action="append", required=True, default=[],
                          help=_("a paper to send along; may be given several times"))
    remove = add_action(actions, "remove", _("take a paper off a draft"), run_remove,
                        "ameli procedures remove q0123456789 identity --file back.jpg")
    remove.add_argument("id", metavar="ID", help=_("the request's id"))
    remove.add_argument("paper", metavar="PAPER", help=_("the paper's name"))
    remove.add_argument("--file", metavar="NAME", help=_("this file only, by its name"))
    dossier = add_action(actions, "dossier", _("a letter and the papers in one PDF, to send to the fund"), run_dossier,
                         "ameli procedures dossier q0123456789 --out file.pdf")
    dossier.add_argument("id", metavar="ID", help=_("the request's id"))
    add_out(dossier)
    add_hand_over(actions)


def run_procedures(context: Context) -> None:
    """List the procedures."""
    offered = context.door.ask(api_requests.procedures())
    for procedure in offered:
        procedure["who"] = in_words(procedure, "who")

    def text() -> str:
        ways = {"portal": _("sent from here"), "handoff": _("file to send")}
        return table((_("Name"), _("What for"), ""), [
            (one["name"], in_words(one, "title"), ways[one["submits"]]) for one in offered])

    context.out.answer(offered, text)


def run_show(context: Context) -> None:
    """Show one procedure."""
    args: ShowArgs = context.args
    procedure = context.door.ask(api_requests.procedure(args.name))
    procedure["who"] = in_words(procedure, "who")
    context.out.answer(procedure, lambda: _procedure_text(procedure))


def _procedure_text(procedure: Procedure) -> str:
    lines = [in_words(procedure, "title"), in_words(procedure, "summary"), "", procedure["who"]]
    for screen in procedure["screens"]:
        lines += ["", f"{in_words(screen, 'title')}{_condition(screen)}"]
        for field in screen["fields"]:
            lines += _field_lines(field, "  ")
    if procedure["papers"]:
        lines += ["", _("Papers")]
        lines += [f"  {one['name']}: {in_words(one, 'label')} ({', '.join(one['formats'])})"
                  + ("" if one["needed"] else f" · {_('optional')}") + _condition(one) for one in procedure["papers"]]
    for title, listed in ((_("Then"), procedure["next_steps"]), (_("If it does not work"), procedure["fallbacks"])):
        if listed:
            lines += ["", title, *(f"  · {in_words(one, 'text')}" for one in listed)]
    return "\n".join(one_line(line) if not line.startswith("  ") else "  " + one_line(line) for line in lines)


def _field_lines(field: Question, indent: str) -> list[str]:
    optional = "" if field["required"] else f" · {_('optional')}"
    example = " · " + _("example: {example}").format(example=field["example"]) if field["example"] else ""
    rule = in_words(field, "rule")
    head = f"{indent}{field['name']}: {in_words(field, 'label')} ({rule}){optional}{example}{_condition(field)}"
    return [head, *(line for inner in field["fields"] for line in _field_lines(inner, indent + f"{field['name']}[]."))]


def _condition(part: Screen | Question | Paper) -> str:
    return f" · {in_words(part['when'], 'text')}" if part["when"] else ""


def run_start(context: Context) -> int:
    """Check everything and queue it, or tell every mistake at once."""
    from ameli_tui.cli.attachments import split, upload

    args: StartArgs = context.args
    door = context.door
    files = split(args.attach, "ameli procedures start")
    if args.answers is not None:
        answers = _read_answers(args.answers)
        door.ask(api_requests.procedure(args.name))  # an unknown name is told before any file is brought
    else:
        answers = _ask(context)
    ids, named, wrong = upload(context, files, procedure=args.name)
    if wrong and not args.draft:
        checked = door.ask(api_requests.check_answers(args.name, {"answers": answers, "papers": named}))
        refused = {one["field"] for one in wrong}
        mistakes = [*(one for one in checked["errors"] if one["field"] not in refused), *wrong]
        return _mistakes(context, {"errors": mistakes, "notes": checked["notes"]})
    started = door.ask(api_requests.start_request(args.name, {"answers": answers, "draft": args.draft, "papers": ids}))
    if "errors" in started:
        return _mistakes(context, started)
    if wrong:
        started["to_correct"] = [*started.get("to_correct", ()), *wrong]
    return _told(context, started)


def _ask(context: Context) -> KeptAnswers:
    from ameli_tui.cli.prompts import ask_all
    from ameli_tui.cli.secret_input import has_terminal

    args: ShowArgs = context.args
    if not has_terminal():
        raise PersonNeeded(what=_("the answers"), option="--answers")
    return ask_all(context, context.door.ask(api_requests.procedure(args.name)))


def _read_answers(name: str) -> KeptAnswers:
    from ameli_tui.cli.attachments import read
    from ameli_tui.files.collect import at_home

    raw = read(at_home(name), _MOST_ANSWERS)
    try:
        # Amounts written as JSON numbers stay the decimals they were typed as.
        answers = json.loads(raw, parse_float=str)
    except (ValueError, RecursionError) as error:
        raise BadAnswersFile(path=name, reason=why_no_json(error)) from error
    if not isinstance(answers, dict):
        raise BadAnswersFile(path=name, reason="{…}")
    return answers


def _mistakes(context: Context, refused: Refused) -> int:
    context.out.answer(refused, str)
    context.out.say(_("Nothing was sent: this must be put right first."))
    for mistake in refused["errors"]:
        context.out.say(f"  {one_line(mistake['field'])}: {one_line(in_words(mistake, 'message'))}")
    for line in _note_lines(refused["notes"]):
        context.out.say(line)
    return 1


def _told(context: Context, done: Done) -> int:
    context.out.answer(done, lambda: _told_text(done))
    if problem := done.get("problem"):
        context.out.say(problem_text(problem, lang()))
    for mistake in done.get("to_correct") or ():
        context.out.say(f"  {one_line(mistake['field'])}: {one_line(in_words(mistake, 'message'))}")
    refused = done["status"] == "refused"
    if refused:
        for reason in done["decision"].get("reasons", ()) if done["decision"] else ():
            context.out.say("  " + one_line(": ".join(part for part in (reason["field"], reason["message"]) if part)))
    return 1 if refused else 0


def _told_text(done: Done) -> str:
    pairs = [(_("Request"), done["request"]), (_("State"), state_name(done["status"])),
             (_("Reference"), done["reference"])]
    if done["status"] == "ready":
        pairs += [(_("Page"), done["page"]),
                  (_("File"), f"ameli procedures dossier {done['request']} --out dossier.pdf"),
                  (_("Then"), f"ameli procedures hand-over {done['request']}")]
    return "\n".join([facts(pairs), *_note_lines(done.get("notes") or ())])


def _note_lines(notes: Sequence[Note]) -> list[str]:
    """What was worked out from the answers: a verdict, amounts, warnings."""
    marks = {"warning": "!", "good": "✓", "info": "·"}
    return [f"  {marks.get(one['kind'], '·')} {one_line(in_words(one, 'text'))}"
            + (f": {money(one['amount'])}" if one["amount"] else "") for one in notes]


def run_requests(context: Context) -> None:
    """List the requests."""
    requests = context.door.ask(api_requests.requests())

    def text() -> str:
        if not requests:
            return _("Nothing was asked for yet.")
        return table((_("Date"), _("Procedure"), _("State"), _("Reference"), _("Id")), [
            (day(one["created_at"][:10]), one["procedure"], state_name(one["status"]), one["reference"], one["id"])
            for one in requests])

    context.out.answer(requests, text)
    if any(one["status"] == "queued" for one in requests):
        tell_restored(context)


def run_request(context: Context) -> None:
    """Show one request."""
    args: RequestArgs = context.args
    request = context.door.ask(api_requests.request(args.id))
    context.out.answer(request, lambda: _request_text(request))


def _request_text(request: RequestShown) -> str:
    parts = [facts([
        (_("Request"), request["id"]), (_("Procedure"), in_words(request, "title") or request["procedure"]),
        (_("State"), state_name(request["status"])), (_("Reference"), request["reference"]),
        (_("Page"), request.get("page")),
    ])]
    if summary := request.get("summary"):
        parts.append(facts([(in_words(one, "label"), in_words(one, "value")) for one in summary]))
    if notes := request.get("notes"):
        parts.append("\n".join(_note_lines(notes)))
    for message in request["maybe"]:
        parts.append(_("Is this message about it? {subject} ({day}): {command}").format(
            subject=one_line(message["subject"]), day=day(message["received_on"]),
            command=f"ameli procedures message {request['id']} {message['message']} [--no]"))
    if request["papers"]:
        parts.append(facts([(one["name"], one["filename"]) for one in request["papers"]]))
    if request["needs"]:
        parts.append(table((_("Paper asked for"), _("Before"), _("Name")), [
            (in_words(one, "label"), day(one["until"]) if one["until"] else "", one["paper"])
            for one in request["needs"]]))
    parts.append(table((_("When"), _("What")), [
        (moment(one["at"]), in_words(one, "text")) for one in request["history"]]))
    return "\n\n".join(part for part in parts if part)


def run_send(context: Context) -> int:
    """Send a draft, or tell every mistake at once."""
    args: RequestArgs = context.args
    sent = context.door.ask(api_requests.send_request(args.id))
    return _mistakes(context, sent) if "errors" in sent else _told(context, sent)


def run_cancel(context: Context) -> int:
    """Take a request back."""
    args: RequestArgs = context.args
    return _told(context, context.door.ask(api_requests.cancel_request(args.id)))


def run_complete(context: Context) -> int:
    """Send the papers asked for."""
    from ameli_tui.cli.attachments import split, upload

    args: CompleteArgs = context.args
    key = args.id
    ids, _named, wrong = upload(context, split(args.attach, "ameli procedures complete"), request=key)
    if wrong:
        return _mistakes(context, {"errors": wrong, "notes": []})
    return _told(context, context.door.ask(api_requests.complete_request(key, ids)))


def run_remove(context: Context) -> int:
    """Take a paper off a draft."""
    args: RemoveArgs = context.args
    return _told(context, context.door.ask(api_requests.remove_paper(args.id, args.paper, args.file)))


def run_dossier(context: Context) -> None:
    """Write the file to send."""
    args: DossierArgs = context.args
    check_out(args.out, args.force)
    data = context.door.ask(api_requests.dossier(args.id))
    deliver(context, data, {"request": args.id, "media_type": "application/pdf"})
