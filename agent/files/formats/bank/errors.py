"""Why a bank file is not taken in."""

from agent.errors import AmeliError


class BankFileUnreadable(AmeliError):
    """A file that begins as a bank's and does not hold what it should."""

    code = "bank_file_unreadable"
    http_status = 422
    fr = "Ce relevé de banque ne peut pas être lu : {why_fr}. Rien n'en a été gardé."
    en = "This bank statement cannot be read: {why_en}. Nothing of it was kept."
    hint_fr = "Téléchargez-le de nouveau au format OFX, ou CSV, sans l'ouvrir dans un tableur."
    hint_en = "Download it again as OFX, or CSV, without opening it in a spreadsheet."


class NoBankFile(BankFileUnreadable):
    """A table of days and numbers in which nothing is a bank's, nor about health: of no kind that is read here."""

    code = "unknown_file"
