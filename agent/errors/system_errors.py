"""What a refusal of the operating system means, in both languages: the reason, and a cure that fits what was wanted.

One table for all who keep, write or read files: the vault and the agent's folders, commands and screens.
"""

from __future__ import annotations

import errno

FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
READ_ONLY = frozenset({errno.EROFS})
NOT_ALLOWED = frozenset({errno.EACCES, errno.EPERM})
UNWRITABLE = FULL | READ_ONLY | NOT_ALLOWED
"""Refusals to write that leave what is there readable."""

_KEPT_ROOM = ("Faites de la place sur ce disque.", "Make room on this disk.")
_KEPT_RIGHTS = ("Vérifiez à qui est ce dossier, et ses droits.", "Check who owns this folder, and its permissions.")
_KEPT_FOLDER = ("Vérifiez que ce dossier existe.", "Check that this folder exists.")
_KEPT_NAME = ("Choisissez un autre nom.", "Choose another name.")
_KEPT_OTHERS = ("Vérifiez le disque et ses droits.", "Check the disk and its permissions.")
_FOLDER = ("Vérifiez que le dossier existe et qu'il vous appartient.", "Check that the folder exists and is yours.")
_ROOM = ("Libérez de la place, ou choisissez un autre disque.", "Make room, or choose another disk.")
_NAME = ("Vérifiez son nom.", "Check its name.")
_RIGHTS = ("Vérifiez à qui appartient ce fichier ou son dossier.", "Check who owns the file or its folder.")
_DISK = ("Ce disque est peut-être abîmé : choisissez-en un autre, et vérifiez celui-ci.",
         "That disk may be damaged: choose another one, and have it checked.")
_OTHERS = ("Fermez d'autres programmes, puis recommencez.", "Close other programs, then try again.")
_FILE = ("Donnez le nom d'un fichier.", "Give the name of a file.")

_KNOWN: dict[int, tuple[tuple[str, str], tuple[str, str], tuple[str, str], tuple[str, str]]] = {
    errno.ENOSPC: (("il n'y a plus de place sur le disque", "there is no room left on the disk"),
                   _KEPT_ROOM, _ROOM, _ROOM),
    errno.EDQUOT: (("votre quota sur ce disque est atteint", "your quota on this disk is used up"),
                   _KEPT_ROOM, _ROOM, _ROOM),
    errno.EFBIG: (("le fichier serait trop grand pour ce disque", "the file would be too large for this disk"),
                  ("Choisissez un autre disque.", "Choose another disk."), _ROOM, _ROOM),
    errno.EROFS: (("ce disque est en lecture seule", "this disk is read-only"),
                  ("Ce disque n'accepte aucune écriture : remontez-le en écriture ; s'il l'a fait seul, vérifiez-le.",
                   "This disk takes no writes: remount it writable, or check it if it turned so by itself."),
                  ("Choisissez un autre disque, ou rendez celui-ci accessible en écriture.",
                   "Choose another disk, or make this one writable."), _RIGHTS),
    errno.EACCES: (("l'accès est refusé", "access is denied"), _KEPT_RIGHTS, _FOLDER, _RIGHTS),
    errno.EPERM: (("l'accès est refusé", "access is denied"), _KEPT_RIGHTS, _FOLDER, _RIGHTS),
    errno.ENOENT: (("cela n'existe pas", "it does not exist"), _KEPT_FOLDER, _FOLDER, _NAME),
    errno.ENOTDIR: (("son chemin passe par un fichier qui n'est pas un dossier",
                     "its path leads through a file that is no folder"), _KEPT_FOLDER, _FOLDER, _NAME),
    errno.EISDIR: (("c'est un dossier", "it is a folder"), _KEPT_NAME, _FILE, _FILE),
    errno.EEXIST: (("autre chose porte ce nom", "something else has that name"), _KEPT_OTHERS,
                   ("Choisissez un autre nom.", "Choose another name."), _NAME),
    errno.ELOOP: (("des liens tournent en rond", "links lead round in circles"), _KEPT_OTHERS, _NAME, _NAME),
    errno.ENAMETOOLONG: (("le nom est trop long", "the name is too long"), _KEPT_NAME,
                         ("Choisissez un nom plus court.", "Choose a shorter name."), _NAME),
    errno.EIO: (("le disque a une erreur", "the disk has an error"),
                ("Le disque lui-même ne répond plus bien : copiez vos données ailleurs et vérifiez-le.",
                 "The disk itself no longer works well: copy your data elsewhere and check it."), _DISK, _DISK),
    errno.EMFILE: (("trop de fichiers sont ouverts", "too many files are open"), _OTHERS, _OTHERS, _OTHERS),
    errno.ENFILE: (("trop de fichiers sont ouverts", "too many files are open"), _OTHERS, _OTHERS, _OTHERS),
    errno.ENOMEM: (("il n'y a plus de mémoire", "there is no memory left"), _OTHERS, _OTHERS, _OTHERS),
    errno.EAGAIN: (("le système est trop occupé", "the system is too busy"), _OTHERS, _OTHERS, _OTHERS),
    errno.EBADF: (("ce canal est fermé", "it is closed"), _KEPT_OTHERS, _FILE, _FILE),
}
"""Reason; cure where the program keeps its own data, in a place it does not choose anew; cure of a file that a person
has written, and of one that they have read."""


def why(error: OSError) -> tuple[str, str]:
    """The reason in French and English, without a final point; the system's own words for one not known here."""
    words = error.strerror or type(error).__name__
    return _KNOWN[error.errno][0] if error.errno in _KNOWN else (words, words)


def keeping_cure(error: OSError) -> tuple[str, str]:
    """What to do about a folder or disk on which the program keeps its own data."""
    return _KNOWN[error.errno][1] if error.errno in _KNOWN else _KEPT_OTHERS


def writing_cure(error: OSError) -> tuple[str, str]:
    """What to do about a file that could not be written."""
    return _KNOWN[error.errno][2] if error.errno in _KNOWN else _FOLDER


def reading_cure(error: OSError) -> tuple[str, str]:
    """What to do about a file that could not be read."""
    return _KNOWN[error.errno][3] if error.errno in _KNOWN else _RIGHTS


def keeping_facts(error: OSError) -> dict[str, str]:
    """``reason_fr``, ``reason_en``, ``cure_fr`` and ``cure_en``, for the texts of an error about the program's own
    data."""
    reason, cure = why(error), keeping_cure(error)
    return {"reason_fr": reason[0], "reason_en": reason[1], "cure_fr": cure[0], "cure_en": cure[1]}
