"""The inbox: ``messages``."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from ameli_tui.cli.entry import Context
from ameli_tui.cli.output import facts, table
from ameli_tui.cli.parser import Parser, add_action, describe
from ameli_tui.i18n import _, day


def configure_messages(parser: Parser) -> None:
    """Add ``ameli messages`` and ``ameli messages read``."""
    describe(parser, _("List the messages of the inbox, newest first."), "ameli messages")
    parser.set_defaults(run=run_messages)
    read = add_action(parser.actions(), "read", _("show one message"), run_read)
    read.add_argument("id", metavar="ID", help=_("the message's id, from the list"))


def run_messages(context: Context) -> None:
    """List messages."""
    found = context.door.get("/v1/messages")
    context.out.answer(found, lambda: _messages_text(found))


def _messages_text(messages: list[dict[str, Any]]) -> str:
    if not messages:
        return _("The inbox is empty.")
    rows = [("" if m.get("read") else "*", day(m["received_on"]), m["sender"], m["subject"], m["id"]) for m in messages]
    return table(("", _("Date"), _("From"), _("Subject"), _("Id")), rows)


def run_read(context: Context) -> None:
    """Show one message; it counts as read here from then on."""
    message = context.door.get(f"/v1/messages/{quote(context.args.id, safe='')}")
    context.out.answer(message, lambda: _message_text(message))


def _message_text(message: dict[str, Any]) -> str:
    from agent.account.text import clean_text

    head = facts([(_("Date"), day(message["received_on"])), (_("From"), message["sender"]),
                  (_("Subject"), message["subject"]), (_("Attachments"), ", ".join(message.get("attachments") or ()))])
    return f"{head}\n\n{clean_text(message.get('body') or '')}"
