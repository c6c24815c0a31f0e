"""What the person is told of entries that could not be read, of a file that is cut, of signs that were damaged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.files.formats.har import Why
from agent.files.imports.model import Note, UnreadRow

if TYPE_CHECKING:
    from agent.files.imports.har.model import Found

_NAMED = 5
"""Entries named in a sentence."""
_WHY = {
    Why.DAMAGED: Note("elle est abîmée", "it is damaged"),
    Why.TOO_LARGE: Note("elle est trop grande", "it is too large"),
    Why.TOO_DEEP: Note("elle est trop imbriquée", "it is nested too deeply"),
    Why.CUT: Note("le fichier est coupé au milieu", "the file is cut in the middle of it"),
    Why.NO_EXCHANGE: Note("ce n'est pas un échange", "it is no exchange"),
}
_END = Note("le fichier est coupé ici", "the file is cut here")


def unread_rows(recorded: Found) -> list[UnreadRow]:
    """The entries that may hold something of the account, and the place where the file ends too early."""
    rows = [UnreadRow(one.number, _WHY[one.why]) for one in recorded.unread if one.why is not Why.NO_EXCHANGE]
    if recorded.cut_after is not None and not any(one.why is Why.CUT for one in recorded.unread):
        rows.append(UnreadRow(recorded.cut_after + 1, _END))
    return rows


def unread_notes(recorded: Found) -> list[Note]:
    """How many, which ones and why; what to do where something of the account may be missing."""
    notes = []
    for why, said in _WHY.items():
        numbers = [str(one.number) for one in recorded.unread if one.why is why]
        if numbers:
            shown = ", ".join(numbers[:_NAMED]) + (", …" if len(numbers) > _NAMED else "")
            notes.append(Note(f"Entrées du fichier non lues : {len(numbers)} (n° {shown}) : {said.fr}.",
                              f"Entries of the file that were not read: {len(numbers)} (no. {shown}): {said.en}."))
    if (more := recorded.dropped.unreadable - len(recorded.unread)) > 0:
        notes.append(Note(f"Autres entrées non lues : {more}.", f"Other entries that were not read: {more}."))
    if recorded.cut_after is not None:
        notes.append(Note(
            f"Ce fichier est coupé : sa fin manque après l'entrée n° {recorded.cut_after}. Ce qui précède a été pris.",
            f"This file is cut short: its end is missing after entry no. {recorded.cut_after}. What comes before was"
            " taken in."))
    if unread_rows(recorded):
        notes.append(Note("S'il manque un paiement, un relevé ou un message, refaites l'enregistrement.",
                          "If a payment, a statement or a message is missing, record the session again."))
    if recorded.mended:
        notes.append(Note(
            f"Réponses du compte où des signes abîmés ont été remplacés ou devinés : {recorded.mended}. Relisez ce qui "
            "en vient.",
            f"Answers of the account in which damaged signs were replaced or guessed: {recorded.mended}. Check what "
            "came of them."))
    return notes
