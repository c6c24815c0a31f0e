"""The inbox: ``messages``."""

from __future__ import annotations

from agent.client import api_requests
from ameli_tui.cli.context import Context
from ameli_tui.cli.empty_list import nothing_read
from ameli_tui.cli.output import facts, problem_text, table
from ameli_tui.cli.parser import Parser, add_action, describe
from ameli_tui.i18n import _, day, in_words, lang
from ameli_tui.i18n.request_states import asked_words, written_state

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    from agent.protocol.messages import Message, MessageWithOrigins
    from agent.protocol.requests import Written

    class ListArgs(Protocol):
        """The arguments of ``ameli messages``."""

        search: str | None

    class ReadArgs(Protocol):
        """The arguments of ``ameli messages read``."""

        id: str

    class SendArgs(Protocol):
        """The arguments of ``ameli messages send``."""

        subject: str
        body: str
        attach: list[str]
        theme: str | None

_MOST_TEXT = 100_000
"""Bytes of a message's text."""


def configure_messages(parser: Parser) -> None:
    """Add ``ameli messages`` and its ``read``, ``send`` and ``sent``."""
    describe(parser, _("List the messages of the inbox, newest first."), "ameli messages --search attestation")
    parser.add_argument("--search", metavar="TEXT", help=_("only messages that hold these words"))
    parser.set_defaults(run=run_messages)
    actions = parser.actions()
    read = add_action(actions, "read", _("show one message"), run_read)
    read.add_argument("id", metavar="ID", help=_("the message's id, from the list"))
    add_action(actions, "sent", _("list the messages you wrote, and what became of them"), run_sent)
    send = add_action(actions, "send", _("write to an adviser"), run_send,
                      'ameli messages send --subject "My refund" --body question.txt')
    send.add_argument("--subject", metavar="S", required=True, help=_("what it is about"))
    send.add_argument("--body", metavar="FILE", required=True, help=_("file that holds the text"))
    send.add_argument("--attach", metavar="F", action="append", default=[],
                      help=_("a paper to send along; may be given several times"))
    send.add_argument("--theme", metavar="T", help=_("the service's theme, such as « Droits et démarches »"))


def run_messages(context: Context) -> None:
    """List messages."""
    args: ListArgs = context.args
    inbox = context.door.ask(api_requests.messages(args.search))
    unread = "" if inbox else nothing_read(context)
    context.out.answer(inbox, lambda: unread or _messages_text(inbox))


def _messages_text(messages: list[Message]) -> str:
    if not messages:
        return _("The inbox is empty.")
    rows = [("" if m["read"] else "*", day(m["received_on"]), m["sender"], asked_words(m["about"]), m["subject"],
             m["id"]) for m in messages]
    return table(("", _("Date"), _("From"), _("Kind of message"), _("Subject"), _("Id")), rows)


def run_sent(context: Context) -> None:
    """List the messages to advisers."""
    written = context.door.ask(api_requests.written_messages())
    context.out.answer(written, lambda: _sent_text(written))


def _sent_text(written: list[Written]) -> str:
    if not written:
        return _("You have written nothing yet.")
    rows = [(day(one["created_at"]), written_state(one), one["answers"].get("subject"), one["reference"] or "",
             one["answered"] or "") for one in written]
    return table((_("Date"), _("State"), _("Subject"), _("Reference"), _("The answer")), rows)


def run_read(context: Context) -> None:
    """Show one message; it counts as read here from then on."""
    args: ReadArgs = context.args
    message = context.door.ask(api_requests.message(args.id))
    context.out.answer(message, lambda: _message_text(message))


def _message_text(message: MessageWithOrigins) -> str:
    from agent.account.clean_text import clean_text
    from ameli_tui.i18n.origins import came_from

    head = facts([(_("Date"), day(message["received_on"])), (_("From"), message["sender"]),
                  (_("Subject"), message["subject"]), (_("Attachments"), ", ".join(message["attachments"])),
                  (_("Came by"), came_from(message["origins"]))])
    return f"{head}\n\n{clean_text(message['body'])}"


def run_send(context: Context) -> int:
    """Write to an adviser: leaves now, or by itself once there is a connection."""
    from ameli_tui.cli.attachments import read, upload
    from ameli_tui.cli.errors import UnreadableFile
    from ameli_tui.files.collect import at_home
    from ameli_tui.i18n.request_states import state_name

    args: SendArgs = context.args
    try:
        body = read(at_home(args.body), _MOST_TEXT).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableFile(path=args.body, reason="UTF-8") from error
    ids, _named, wrong = upload(context, [("attachment", at_home(one)) for one in args.attach])
    if wrong:
        context.out.answer({"errors": wrong}, str)
        for mistake in wrong:
            context.out.say(in_words(mistake, "message"))
        return 1
    sent = context.door.ask(api_requests.write_message({
        "subject": args.subject, "body": body, "papers": ids, "theme": args.theme}))
    context.out.answer(sent, lambda: facts([
        (_("Message"), sent["request"]), (_("State"), state_name(sent["status"])),
        (_("Reference"), sent["reference"])]))
    if problem := sent.get("problem"):
        context.out.say(problem_text(problem, lang()))
    return 1 if sent["status"] == "refused" else 0
