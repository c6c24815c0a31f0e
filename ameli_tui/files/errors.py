"""What can go wrong with a file that the person asked for."""

from __future__ import annotations

from agent.errors import AmeliError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path


class FileExists(AmeliError):
    """The file to write is there already."""

    code = "file_exists"
    fr = "Le fichier {path} existe déjà."
    en = "The file {path} exists already."
    hint_fr = "Choisissez un autre nom, ou ajoutez --force pour le remplacer."
    hint_en = "Choose another name, or add --force to replace it."


class NotAFile(FileExists):
    """The name to write to belongs to something that is no regular file: it is never replaced."""

    code = "not_a_file"
    fr = "{path} n'est pas un fichier ordinaire, mais {kind_fr} : rien n'y est écrit."
    en = "{path} is not a regular file but {kind_en}: nothing is written to it."
    hint_fr = "{cure_fr}"
    hint_en = "{cure_en}"


class CannotWrite(AmeliError):
    """The file to write cannot be written."""

    code = "cannot_write"
    fr = "Impossible d'écrire {path} : {why_fr}."
    en = "{path} cannot be written: {why_en}."
    hint_fr = "{cure_fr}"
    hint_en = "{cure_en}"

    def __init__(self, *, path: Path | str, reason: str | OSError) -> None:
        """``reason``: the system's refusal, or a text in the person's language."""
        from agent.errors.system_errors import why, writing_cure

        if isinstance(reason, OSError):
            texts, cure = why(reason), writing_cure(reason)
        else:
            texts, cure = (reason, reason), ("Choisissez un autre nom.", "Choose another name.")
        super().__init__(path=path, why_fr=texts[0], why_en=texts[1], cure_fr=cure[0], cure_en=cure[1])
