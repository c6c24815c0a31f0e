"""Files of the account: ``documents``, ``attestation`` and the other certificates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.client import api
from ameli_tui.cli.argument_types import day as parse_day
from ameli_tui.cli.argument_types import year
from ameli_tui.cli.context import Context
from ameli_tui.cli.empty_list import nothing_read
from ameli_tui.cli.errors import WrongUsage
from ameli_tui.cli.out_option import add_out, check_out, deliver
from ameli_tui.cli.output import table
from ameli_tui.cli.parser import Parser, add_action, describe
from ameli_tui.i18n import _, day

if TYPE_CHECKING:
    from typing import Protocol

    from agent.protocol.documents import Document

    class GetArgs(Protocol):
        """The arguments of ``ameli documents get``."""

        id: str
        out: str
        force: bool

    class ForgetArgs(Protocol):
        """The arguments of ``ameli documents forget``."""

        id: str

    class AttestationArgs(Protocol):
        """The arguments of ``ameli attestation``."""

        kind: str
        beneficiary: str | None
        since: str | None
        until: str | None
        year: int | None
        out: str
        force: bool

_CERTIFICATES = {"droits": ("beneficiary",), "ij": ("since", "until"), "fiscal": ("year",), "ceam": ("beneficiary",)}
"""Certificates on demand, and the options of each."""


def configure_documents(parser: Parser) -> None:
    """Add ``ameli documents`` and ``ameli documents get``."""
    describe(parser, _("List statements, payment details, certificates and attachments, newest first. A document\n"
                       "that is not kept yet is fetched from the service when you get it."),
             "ameli documents get d2026-06 --out june.pdf")
    parser.set_defaults(run=run_documents)
    actions = parser.actions()
    get = add_action(actions, "get", _("write one document to a file"), run_get)
    get.add_argument("id", metavar="ID", help=_("the document's id, from the list"))
    add_out(get)
    forget = add_action(actions, "forget", _("give up a document that is damaged and cannot be had again"), run_forget)
    forget.add_argument("id", metavar="ID", help=_("the document's id, from `ameli verify`"))


def configure_attestation(parser: Parser) -> None:
    """Add ``ameli attestation``."""
    describe(parser, _("Fetch today's entitlement certificate (attestation de droits), the paper that pharmacies,\n"
                       "hospitals and employers ask for; or the certificate of sick pay (ij), the tax statement\n"
                       "(fiscal) or the provisional European certificate (ceam)."),
             "ameli attestation --kind ij --since 2026-01-01 --out sick-pay.pdf")
    parser.add_argument("--kind", choices=_CERTIFICATES, default="droits", help=_("which certificate (droits)"))
    parser.add_argument("--beneficiary", metavar="NAME",
                        help=_("droits, ceam: for this person only; everybody, or yourself, otherwise"))
    parser.add_argument("--since", metavar="DAY", type=parse_day, help=_("ij: first day (a year before the last one)"))
    parser.add_argument("--until", metavar="DAY", type=parse_day, help=_("ij: last day (today)"))
    parser.add_argument("--year", metavar="YEAR", type=year, help=_("fiscal: which year (the last one)"))
    add_out(parser)
    parser.set_defaults(run=run_attestation)


def run_documents(context: Context) -> None:
    """List documents."""
    documents = context.door.ask(api.documents())
    unread = "" if documents else nothing_read(context)
    context.out.answer(documents, lambda: unread or _documents_text(documents))


def _documents_text(documents: list[Document]) -> str:
    if not documents:
        return _("No document.")
    kept = {True: _("kept"), False: _("on demand")}
    rows = [(day(d["date"]), kind_name(d["kind"]), d["title"],
             _("kept, not read") if d["unread"] else kept[d["fetched"]], d["id"]) for d in documents]
    return table((_("Date"), _("Kind"), _("Title"), "", _("Id")), rows)


def kind_name(kind: str) -> str:
    """What a document is, in the person's words; an unknown kind stays as it is."""
    return {
        "decompte": _("payment detail"), "releve_mensuel": _("monthly statement"), "attestation": _("certificate"),
        "message": _("message"), "attachment": _("attachment"), "other": _("other"),
    }.get(kind, kind)


def run_get(context: Context) -> None:
    """Write one document to a file."""
    args: GetArgs = context.args
    check_out(args.out, args.force)
    about = context.door.ask(api.document(args.id))
    data = context.door.ask(api.document_bytes(args.id))
    deliver(context, data, {"id": about["id"], "media_type": about["media_type"]})


def run_forget(context: Context) -> None:
    """Give a damaged document up."""
    args: ForgetArgs = context.args
    context.door.ask(api.forget_document(args.id))
    context.out.answer({"id": args.id, "forgotten": True}, lambda: _("The damaged document is forgotten."))


def run_attestation(context: Context) -> None:
    """Write a certificate to a file. Raises WrongUsage for an option of another kind."""
    args: AttestationArgs = context.args
    for name in ("beneficiary", "since", "until", "year"):
        if getattr(args, name) is not None and name not in _CERTIFICATES[args.kind]:
            raise WrongUsage(reason=_("--{option} is not for --kind {kind}.").format(option=name, kind=args.kind),
                             prog="ameli attestation")
    check_out(args.out, args.force)
    chosen = {name: getattr(args, name) for name in _CERTIFICATES[args.kind]}
    data = context.door.ask(api.certificate(args.kind, **chosen))
    deliver(context, data, {"kind": args.kind, **chosen, "media_type": "application/pdf"})
