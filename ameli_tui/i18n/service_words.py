"""The service's own words, with their meaning at hand; an unknown one is shown as it came."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ameli_tui.i18n import N_, _, lang, ngettext
from ameli_tui.terminal.safe_text import one_line

if TYPE_CHECKING:
    from agent.protocol.events import SyncEnded
    from agent.protocol.problems import Problem

_PAYMENT_KINDS = {
    "REMBOURSEMENT_SOINS": N_("Care"),
    "PAIEMENT_A_UN_TIERS": N_("Paid to a third party"),
    "INDEMNITE_JOURNALIERE_ASSURE": N_("Daily allowance"),
    "INDEMNITE_JOURNALIERE_EMPLOYEUR": N_("Daily allowance, to the employer"),
    "PENSION": N_("Pension"),
    "RENTE": N_("Annuity"),
}
_DOCUMENT_KINDS = {
    "decompte": N_("Statement of a payment"), "releve_mensuel": N_("Monthly statement"),
    "attestation": N_("Certificate"), "message": N_("Message"), "attachment": N_("Attachment"), "other": N_("Document"),
}
_STEPS = {
    "sign_in": N_("signing in"), "payments": N_("payments"), "details": N_("payment details"),
    "payment_details": N_("payment details"), "statements": N_("statements"), "documents": N_("documents"),
    "messages": N_("messages"), "inbox": N_("messages"), "profile": N_("profile"),
}
_TRIGGERS = {
    "asked": N_("asked"), "manual": N_("asked"), "schedule": N_("planned"), "scheduled": N_("planned"),
    "unlock": N_("after unlocking"), "login": N_("after signing in"), "start": N_("at start"),
}


def payment_kind(word: str) -> str:
    """``REMBOURSEMENT_SOINS`` is "Soins"; a word nobody told us of is shown in small letters."""
    name = _PAYMENT_KINDS.get(word)
    return _(name) if name else one_line(word.replace("_", " ").capitalize())


def document_kind(word: str) -> str:
    """What sort of document it is."""
    return _(_DOCUMENT_KINDS.get(word, "Document"))


def step_name(word: str) -> str:
    """What a sync is doing."""
    name = _STEPS.get(word)
    return _(name) if name else one_line(word.replace("_", " "))


def sync_done(done: "SyncEnded", problems: "Sequence[Problem]" = ()) -> tuple[str, str, float]:
    """What to say when a sync is over, its style and for how many seconds: of the event ``sync_done``, and of the
    problems in the agent's status. After one that failed, nothing is known of what is new."""
    if done["failed"]:
        why = [one_line(one["message"][lang()] or one["code"]) for one in problems[:1]]
        return " ".join([_("The sync failed."), *why]), "bold $error", 20.0
    count = sum(done["new"].values())
    new = ngettext("{n} new item.", "{n} new items.", count).format(n=count) if count else ""
    if done.get("problems"):
        rest = _("Not everything could be read: see Agent.")
        return f"{new} {rest}".lstrip(), "bold $warning", 20.0
    return new or _("Nothing new."), "", 8.0


def trigger(word: str) -> str:
    """Why a sync ran."""
    name = _TRIGGERS.get(word)
    return _(name) if name else one_line(word.replace("_", " "))


def deduction(kind: str, label: str) -> str:
    """A deduction by its name, else by the label the service gave."""
    if kind == "participation":
        return _("Flat-rate contribution (participation forfaitaire)")
    if kind == "franchise":
        return _("Franchise (medical excess)")
    return one_line(label)
