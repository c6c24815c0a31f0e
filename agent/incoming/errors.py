"""Why a file is not taken in."""

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
