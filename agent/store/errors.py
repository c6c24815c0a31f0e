"""What can go wrong when asking the store."""

from agent.errors import AmeliError


class NotFound(AmeliError):
    """No payment, document or message has that id."""

    code = "not_found"
    http_status = 404
    fr = "Rien ne porte l'identifiant « {id} »."
    en = "Nothing has the id “{id}”."
    hint_fr = "Listez d'abord les paiements, documents ou messages pour trouver l'identifiant."
    hint_en = "List the payments, documents or messages first to find the id."
