"""Why a PDF is not a statement that can be taken in."""

from agent.errors import AmeliError


class StatementUnreadable(AmeliError):
    """The file cannot be opened or has no text."""

    code = "statement_unreadable"
    http_status = 422
    fr = "Ce PDF ne peut pas être lu : {why_fr}."
    en = "This PDF cannot be read: {why_en}."
    hint_fr = "{do_fr}"
    hint_en = "{do_en}"


class NotAStatement(AmeliError):
    """A PDF with text that is no statement of payments."""

    code = "not_a_statement"
    http_status = 422
    fr = "Ce PDF n'est pas un décompte ni un relevé mensuel de l'Assurance Maladie{what_fr}."
    en = "This PDF is neither a payment statement nor a monthly statement of the fund{what_en}."
    hint_fr = "Téléchargez le détail d'un paiement ou un relevé mensuel depuis votre compte ameli."
    hint_en = "Download the detail of a payment or a monthly statement from your ameli account."
