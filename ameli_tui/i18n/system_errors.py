"""What the system's refusals mean for a file, in both languages: the reason, and a cure that fits it."""

from __future__ import annotations

import errno

_FOLDER = ("Vérifiez que le dossier existe et qu'il vous appartient.", "Check that the folder exists and is yours.")
_ROOM = ("Libérez de la place, ou choisissez un autre disque.", "Make room, or choose another disk.")
_NAME = ("Vérifiez son nom.", "Check its name.")
_RIGHTS = ("Vérifiez à qui appartient ce fichier ou son dossier.", "Check who owns the file or its folder.")
_DISK = ("Ce disque est peut-être abîmé : choisissez-en un autre, et vérifiez celui-ci.",
         "That disk may be damaged: choose another one, and have it checked.")
_OTHERS = ("Fermez d'autres programmes, puis recommencez.", "Close other programs, then try again.")
_FILE = ("Donnez le nom d'un fichier.", "Give the name of a file.")

_KNOWN: dict[int, tuple[tuple[str, str], tuple[str, str], tuple[str, str]]] = {
    errno.ENOSPC: (("il n'y a plus de place", "there is no room left"), _ROOM, _ROOM),
    errno.EDQUOT: (("votre quota est atteint", "your quota is used up"), _ROOM, _ROOM),
    errno.EFBIG: (("le fichier serait trop grand pour ce disque", "the file would be too large for that disk"),
                  _ROOM, _ROOM),
    errno.EROFS: (("ce disque est en lecture seule", "that disk is read-only"),
                  ("Choisissez un autre disque, ou rendez celui-ci accessible en écriture.",
                   "Choose another disk, or make this one writable."), _RIGHTS),
    errno.EACCES: (("l'accès est refusé", "access is denied"), _FOLDER, _RIGHTS),
    errno.EPERM: (("l'accès est refusé", "access is denied"), _FOLDER, _RIGHTS),
    errno.ENOENT: (("cela n'existe pas", "it does not exist"), _FOLDER, _NAME),
    errno.ENOTDIR: (("son chemin passe par un fichier qui n'est pas un dossier",
                     "its path leads through a file that is no folder"), _FOLDER, _NAME),
    errno.EISDIR: (("c'est un dossier", "it is a folder"), _FILE, _FILE),
    errno.EEXIST: (("autre chose porte ce nom", "something else has that name"),
                   ("Choisissez un autre nom.", "Choose another name."), _NAME),
    errno.ELOOP: (("des liens tournent en rond", "links lead round in circles"), _NAME, _NAME),
    errno.ENAMETOOLONG: (("le nom est trop long", "the name is too long"),
                         ("Choisissez un nom plus court.", "Choose a shorter name."), _NAME),
    errno.EIO: (("le disque a une erreur", "the disk has an error"), _DISK, _DISK),
    errno.EMFILE: (("trop de fichiers sont ouverts", "too many files are open"), _OTHERS, _OTHERS),
    errno.ENFILE: (("trop de fichiers sont ouverts", "too many files are open"), _OTHERS, _OTHERS),
    errno.ENOMEM: (("il n'y a plus de mémoire", "there is no memory left"), _OTHERS, _OTHERS),
    errno.EAGAIN: (("le système est trop occupé", "the system is too busy"), _OTHERS, _OTHERS),
    errno.EBADF: (("ce canal est fermé", "it is closed"), _FILE, _FILE),
}
"""Reason, cure when writing, cure when reading."""


def why(error: OSError) -> tuple[str, str]:
    """The reason in French and English; the system's own words for one that is not known here."""
    said = error.strerror or type(error).__name__
    return _KNOWN[error.errno][0] if error.errno in _KNOWN else (said, said)


def writing_cure(error: OSError) -> tuple[str, str]:
    """What to do about a file that could not be written."""
    return _KNOWN[error.errno][1] if error.errno in _KNOWN else _FOLDER


def reading_cure(error: OSError) -> tuple[str, str]:
    """What to do about a file that could not be read."""
    return _KNOWN[error.errno][2] if error.errno in _KNOWN else _RIGHTS
