"""Why the disk refused, and what helps, in both languages: the same words wherever something could not be kept."""

from __future__ import annotations

import errno

FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
READ_ONLY = frozenset({errno.EROFS})
NOT_ALLOWED = frozenset({errno.EACCES, errno.EPERM})
UNWRITABLE = FULL | READ_ONLY | NOT_ALLOWED
"""Refusals to write that leave what is there readable."""

_REASONS_FR = {
    errno.ENOSPC: "plus de place sur le disque",
    errno.EDQUOT: "votre quota sur ce disque est atteint",
    errno.EROFS: "le disque est en lecture seule",
    errno.EACCES: "permission refusée",
    errno.EPERM: "opération non permise",
    errno.EIO: "erreur du disque (entrée-sortie)",
    errno.EFBIG: "fichier trop grand pour ce disque",
    errno.ENOENT: "ce dossier n'existe pas",
    errno.ENOTDIR: "ce n'est pas un dossier",
    errno.EISDIR: "c'est un dossier",
    errno.ENAMETOOLONG: "nom trop long",
}


def told(error: OSError) -> dict[str, str]:
    """``reason_fr``, ``reason_en``, ``cure_fr`` and ``cure_en`` of a refusal: no final points in the reasons."""
    english = error.strerror or type(error).__name__
    fr, en = _cure(error.errno)
    return {"reason_fr": _REASONS_FR.get(error.errno or 0, english), "reason_en": english, "cure_fr": fr, "cure_en": en}


def _cure(code: int | None) -> tuple[str, str]:
    if code in FULL:
        return "Faites de la place sur ce disque.", "Make room on this disk."
    if code in READ_ONLY:
        return ("Ce disque n'accepte aucune écriture : remontez-le en écriture ; s'il l'a fait seul, vérifiez-le.",
                "This disk takes no writes: remount it writable, or check it if it turned so by itself.")
    if code in NOT_ALLOWED:
        return "Vérifiez à qui est ce dossier, et ses droits.", "Check who owns this folder, and its permissions."
    if code == errno.EIO:
        return ("Le disque lui-même ne répond plus bien : copiez vos données ailleurs et vérifiez-le.",
                "The disk itself no longer works well: copy your data elsewhere and check it.")
    if code in (errno.ENOENT, errno.ENOTDIR):
        return "Vérifiez que ce dossier existe.", "Check that this folder exists."
    if code in (errno.EISDIR, errno.ENAMETOOLONG):
        return "Choisissez un autre nom.", "Choose another name."
    if code == errno.EFBIG:
        return "Choisissez un autre disque.", "Choose another disk."
    return "Vérifiez le disque et ses droits.", "Check the disk and its permissions."
