"""Why a file is not taken in."""

from typing import Any

from agent.errors import AmeliError


class EmptyFile(AmeliError):
    """A file of no bytes."""

    code = "empty_file"
    http_status = 422
    fr = "Ce fichier est vide."
    en = "This file is empty."
    hint_fr = "Téléchargez-le de nouveau."
    hint_en = "Download it again."


class UnknownFile(AmeliError):
    """A file of no kind that is read here."""

    code = "unknown_file"
    http_status = 422
    fr = "Ce fichier n'est ni un relevé (PDF), ni une session enregistrée (HAR), ni un relevé de banque (OFX, CSV)."
    en = "This file is neither a statement (PDF), nor a recorded session (HAR), nor a bank statement (OFX, CSV)."
    hint_fr = "Vérifiez que c'est bien le fichier téléchargé, sans conversion."
    hint_en = "Check that it is the file as it was downloaded, without conversion."


class TooLargeFile(AmeliError):
    """A file of more bytes than are read."""

    code = "file_too_large"
    http_status = 422
    fr = "Ce fichier est trop grand ({megabytes} Mo au plus)."
    en = "This file is too large ({megabytes} MB at most)."
    hint_fr = "Enregistrez la session en plusieurs fois, ou exportez une période plus courte."
    hint_en = "Record the session in parts, or export a shorter period."


class OtherPersonsStatement(AmeliError):
    """A statement of another insured person."""

    code = "other_account"
    http_status = 422
    fr = "Ce relevé est celui d'un autre assuré : rien n'en a été pris."
    en = "This statement is of another insured person: nothing of it was taken."
    hint_fr = "Un coffre garde un seul compte. Donnez à l'autre le sien : AMELI_HOME=AUTRE_DOSSIER ameli."
    hint_en = "A vault keeps one account. Give the other one its own: AMELI_HOME=OTHER_FOLDER ameli."


class FolderGone(AmeliError):
    """The watched folder cannot be listed."""

    code = "import_folder_gone"
    http_status = 422
    fr = "Le dossier surveillé ne peut pas être lu : {folder} ({reason})."
    en = "The watched folder cannot be read: {folder} ({reason})."
    hint_fr = "Recréez-le, ou choisissez-en un autre : ameli config set import.folder DOSSIER."
    hint_en = "Make it again, or choose another: ameli config set import.folder FOLDER."


class RecordingLeft(AmeliError):
    """A recorded session was taken in and lies there still, with the password in it."""

    code = "recording_left"
    http_status = 422
    fr = "Cette session enregistrée a été importée et contient votre mot de passe."
    en = "This recorded session was taken in and holds your password."
    hint_fr = "Supprimez ce fichier, ou lancez « ameli config set import.after delete »."
    hint_en = "Delete that file, or run `ameli config set import.after delete`."


class BadArchive(AmeliError):
    """A ZIP that is not opened, or not to its end."""

    code = "bad_archive"
    http_status = 422
    fr = "Cette archive ZIP n'a pas été importée : {why_fr}."
    en = "This ZIP archive was not taken in: {why_en}."
    hint_fr = "Ouvrez-la vous-même et importez les fichiers qu'elle contient."
    hint_en = "Open it yourself and import the files in it."


class InArchive(AmeliError):
    """A problem of one file in a ZIP."""

    http_status = 422

    def __init__(self, name: str, problem: AmeliError) -> None:
        super().__init__()
        self._name, self._problem = name, problem

    def message(self, lang: str) -> str:
        """What happened, after the name of the file."""
        return f"{self._name}{' :' if lang == 'fr' else ':'} {self._problem.message(lang)}"

    def hint(self, lang: str) -> str:
        """The file's own hint."""
        return self._problem.hint(lang)

    def problem(self) -> dict[str, Any]:
        """As it travels, under the file's own code."""
        return super().problem() | {"code": self._problem.code}
