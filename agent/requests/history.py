"""What the history of a request says, in both languages."""

from collections.abc import Sequence
from datetime import datetime
from typing import Unpack

from agent.procedures.model import Both
from agent.protocol.requests import HistoryLine
from agent.store.requests import KeptRequest, RequestChanges

DRAFTED = Both("Brouillon gardé.", "Draft kept.")
QUEUED = Both("Prête : part dès que le service répond.", "Ready: leaves as soon as the service answers.")
READY = Both(
    "Le service ne prend pas cette demande d'un programme : envoyez le dossier à la caisse, ou faites la démarche sur "
    "la page indiquée, puis notez-la comme remise.",
    "The service does not take this request from a program: send the file to the fund, or do it on the page named, "
    "then note it as handed over.")
HANDED_OVER = Both("Remise à la caisse par vos soins.", "Handed to the fund by yourself.")
SENT_APART = Both("Pièce envoyée à part, sous la même référence.", "Paper sent apart, under the same reference.")
RECOGNISED = Both("Accusé de réception reconnu dans la messagerie.", "Acknowledgement recognised in the inbox.")
MAYBE_ABOUT = Both("Un message de la messagerie parle peut-être de cette demande : dites si c'est elle.",
             "A message of the inbox may be about this request: say whether it is.")
NOT_ABOUT = Both("Ce message parle d'autre chose.", "That message is about something else.")
TO_COMPLETE = Both("Pièce demandée par message", "Paper asked for by a message")
COMPLETED = Both("Pièces ajoutées : envoyez le dossier complété, ou déposez-les sur la page, puis notez-le.",
             "Papers added: send the completed file, or upload them on the page, then note it.")
WITHDRAWING = Both("Retrait demandé.", "Withdrawal asked for.")
WITHDRAWN = Both("Retirée.", "Withdrawn.")
TOO_LATE = Both("Trop tard pour la retirer : elle est déjà traitée.", "Too late to withdraw it: it is being handled.")
ADDING = Both("Pièces ajoutées, prêtes à partir.", "Papers added, ready to leave.")
ADDED = Both("Pièces reçues par le service.", "Papers received by the service.")


def sent(reference: str) -> Both:
    """The service took it."""
    return Both(f"Reçue par le service, référence {reference or '—'}.",
                f"Received by the service, reference {reference or '—'}.")


def refused(reasons: Sequence[str]) -> Both:
    """The service did not take it, or refused it."""
    shown = " ; ".join(reason for reason in reasons if reason) or "—"
    return Both(f"Refusée : {shown}.", f"Refused: {shown}.")


def accepted(reason: str) -> Both:
    """The service accepted it."""
    return Both(f"Acceptée. {reason}".strip(), f"Accepted. {reason}".strip())


def needs(papers: Sequence[str]) -> Both:
    """Papers are missing."""
    shown = ", ".join(papers)
    return Both(f"Pièces demandées : {shown}.", f"Papers asked for: {shown}.")


def stage(label: Both) -> Both:
    """A stage was reached."""
    return Both(f"Étape : {label.fr}.", f"Stage: {label.en}.")


def note(record: KeptRequest, at: datetime, text: Both, **changes: Unpack[RequestChanges]) -> KeptRequest:
    """``record`` with ``changes`` and one line more in its history."""
    after: KeptRequest = {**record, **changes}
    line: HistoryLine = {
        "at": at.isoformat(timespec="seconds"), "status": after["status"], "text_fr": text.fr, "text_en": text.en}
    return {**after, "history": [*record["history"], line]}
