"""Bringing a request oneself: ``procedures hand-over``, ``procedures sent`` and ``procedures message``."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from agent.client import api_requests
from ameli_tui.cli.output import facts, one_line, table
from ameli_tui.cli.parser import Parser, add_action
from ameli_tui.i18n import _, day, in_words
from ameli_tui.i18n.request_states import state_name

if TYPE_CHECKING:
    import argparse
    from typing import Protocol

    from agent.protocol.requests import HandOver
    from ameli_tui.cli.context import Context

    class HandOverArgs(Protocol):
        """The arguments of ``ameli procedures hand-over``."""

        id: str
        qr: bool
        open: bool
        copy: str | None

    class SentArgs(Protocol):
        """The arguments of ``ameli procedures sent``."""

        id: str
        on: str | None
        reference: str | None

    class MessageArgs(Protocol):
        """The arguments of ``ameli procedures message``."""

        id: str
        message: str
        no: bool

_BLACK_ON_WHITE, _PLAIN = "\x1b[30;107m", "\x1b[0m"


def add_hand_over(actions: argparse._SubParsersAction[Parser]) -> None:
    """Add the actions."""
    shown = add_action(actions, "hand-over", _("where to bring it yourself, and the answers to copy one by one"),
                       run_hand_over, "ameli procedures hand-over q0123456789 --qr")
    shown.add_argument("id", metavar="ID", help=_("the request's id"))
    shown.add_argument("--qr", action="store_true", help=_("draw the link as a QR code, for a phone"))
    shown.add_argument("--open", action="store_true", help=_("open the page in the browser of this desktop"))
    shown.add_argument("--copy", metavar="FIELD",
                       help=_("put one answer, or “link”, into the clipboard of your terminal, over SSH too"))
    sent = add_action(actions, "sent", _("note that you brought the request to the fund yourself: its clocks run"),
                      run_sent, "ameli procedures sent q0123456789 --on 2026-11-23 --reference D2611-0042")
    sent.add_argument("id", metavar="ID", help=_("the request's id"))
    sent.add_argument("--on", metavar="DAY", help=_("the day you sent it, YYYY-MM-DD; today by default"))
    sent.add_argument("--reference", metavar="R", help=_("the reference that the service gave you, if any"))
    message = add_action(actions, "message", _("say whether a message of the inbox is about a request"), run_message,
                         "ameli procedures message q0123456789 m0123456789abcdef --no")
    message.add_argument("id", metavar="ID", help=_("the request's id"))
    message.add_argument("message", metavar="MESSAGE", help=_("the message's id"))
    message.add_argument("--no", action="store_true", help=_("it is about something else"))


def run_hand_over(context: Context) -> int:
    """Show where to go and what to copy; or copy one answer."""
    args: HandOverArgs = context.args
    way = context.door.ask(api_requests.hand_over(args.id))
    if args.copy is not None:
        return _copy(context, way)
    context.out.answer(way, lambda: _text(way, args.qr))
    if args.open:
        return _open(context, way["place"]["url"])
    return 0


def _open(context: Context, url: str | None) -> int:
    """Hand the page to the person's browser: 1 when there is no page, or no desktop to show it on."""
    from ameli_tui.files.external import open_link, viewer

    command = viewer(os.environ)
    if url and command:
        open_link(command, url)
        return 0
    context.out.say(_("No desktop here: --copy link puts the link into your clipboard, --qr draws it.") if url else
                    _("This one goes by post: there is no page to open."))
    return 1


def _text(way: HandOver, qr: bool) -> str:
    place = way["place"]
    parts = [facts([(_("Where"), in_words(place, "name")), (_("Link"), place["url"]),
                    (_("State"), state_name(way["status"]))])]
    if qr:
        parts.append("\n".join(_qr(place["url"])))
    parts.append("\n".join(f"{number}. {one_line(in_words(one, 'text'))}"
                           for number, one in enumerate(way["steps"], 1)))
    parts.append(table((_("Answer"), _("To type"), _("Name")), [
        (in_words(one, "label"), one_line(one["value"]), one["field"]) for one in way["copies"]]))
    request = way["request"]
    parts.append(facts([(_("File"), f"ameli procedures dossier {request} --out dossier.pdf"),
                        (_("Copy"), f"ameli procedures hand-over {request} --copy FIELD"),
                        (_("I sent it"), f"ameli procedures sent {request}")]))
    return "\n\n".join(parts)


def _qr(url: str | None) -> list[str]:
    from ameli_tui.terminal.qr import qr_lines

    if not url:
        return [_("This one goes by post: there is no link to draw.")]
    if not sys.stdout.isatty():
        return qr_lines(url, inverted=True)
    columns = os.get_terminal_size().columns
    lines = qr_lines(url, columns=columns)
    return [f"{_BLACK_ON_WHITE}{line}{_PLAIN}" for line in lines] or [
        _("This terminal is too narrow for the QR code.")]


def _copy(context: Context, way: HandOver) -> int:
    from ameli_tui.cli.errors import WrongUsage

    args: HandOverArgs = context.args
    name = args.copy
    fields = [one["field"] for one in way["copies"]]
    url = way["place"]["url"]
    if name == "link" and url:
        value = url
    elif name in fields:
        value = context.door.ask(api_requests.copied_answer(args.id, name))["value"]
    else:
        listed = ", ".join([*(["link"] if url else []), *fields])
        raise WrongUsage(reason=_("--copy {name}: one of {known}.").format(name=one_line(name), known=listed),
                         prog="ameli procedures hand-over")
    return _to_terminal(context, name, value)


def _to_terminal(context: Context, name: str, value: str) -> int:
    """Send it to the terminal the person sits at, whatever standard output is; say so where it takes none."""
    from ameli_tui.terminal.clipboard import deaf, osc52

    why = deaf(os.environ)
    if why is None and not _write_to_terminal(osc52(value, os.environ)):
        why = _("no terminal")
    context.out.answer({"field": name, "value": value, "copied": why is None},
                       lambda: _("Sent to the terminal's clipboard.") if why is None else value)
    if why is not None:
        context.out.say(_("This terminal ({name}) takes nothing into its clipboard: select the value above.").format(
            name=one_line(why)))
    return 0


def _write_to_terminal(sequence: str) -> bool:
    try:
        with open("/dev/tty", "w", encoding="utf-8") as terminal:  # noqa: PTH123 - a device, no file of ours
            terminal.write(sequence)
    except OSError:  # started apart from its terminal: one of the streams may still be one
        if not sys.stderr.isatty():
            return False
        sys.stderr.write(sequence)
        sys.stderr.flush()
    return True


def run_sent(context: Context) -> None:
    """Note that the person brought it."""
    args: SentArgs = context.args
    body = {name: value for name, value in (("on", args.on), ("reference", args.reference)) if value is not None}
    sent = context.door.ask(api_requests.handed_over(args.id, body))
    context.out.answer(sent, lambda: facts([
        (_("Request"), sent["request"]), (_("State"), state_name(sent["status"])),
        (_("Reference"), sent["reference"]), (_("Sent on"), day((sent["sent_at"] or "")[:10]))]))


def run_message(context: Context) -> None:
    """Keep the person's answer about a message."""
    args: MessageArgs = context.args
    request = context.door.ask(api_requests.settle_message(args.id, args.message, yes=not args.no))
    context.out.answer(request, lambda: facts([
        (_("Request"), request["request"]), (_("State"), state_name(request["status"])),
        (_("Reference"), request["reference"])]))
