"""Why a recording is not read. No text quotes the file: it holds a password."""

from agent.errors import AmeliError


class NotARecording(AmeliError):
    """JSON, or almost, but no HAR."""

    code = "not_har"
    http_status = 422
    fr = "Ce fichier n'est pas une session enregistrée entière (HAR) : {why_fr}."
    en = "This file is not a whole recorded session (HAR): {why_en}."
    hint_fr = "Refaites-le : outils de développement, onglet Réseau, « Tout enregistrer en tant que HAR »."
    hint_en = "Record it again: the browser's developer tools, Network tab, “Save all as HAR”."


class TooLargeRecording(AmeliError):
    """More than is read at once."""

    code = "har_too_large"
    http_status = 422
    fr = "Cette session enregistrée est trop grande ({megabytes} Mo au plus)."
    en = "This recorded session is too large ({megabytes} MB at most)."
    hint_fr = "Enregistrez en plusieurs fois : les paiements, puis les relevés, puis les messages."
    hint_en = "Record in several parts: the payments, then the statements, then the messages."
