"""What can go wrong when asking the store."""

from agent.errors import AmeliError, NeedsPerson, ServiceTrouble


class NotFound(AmeliError):
    """No payment, document or message has that id."""

    code = "not_found"
    http_status = 404
    fr = "Rien ne porte l'identifiant « {id} »."
    en = "Nothing has the id “{id}”."
    hint_fr = "Listez d'abord les paiements, documents ou messages pour trouver l'identifiant."
    hint_en = "List the payments, documents or messages first to find the id."


class DocumentLost(AmeliError):
    """A document's file is damaged, and the service has it no more."""

    code = "document_lost"
    http_status = 410
    fr = "« {title} » ({day_fr}) est abîmé dans le coffre, et le service ne l'a plus."
    en = "“{title}” ({day}) is damaged in the vault, and the service no longer has it."
    hint_fr = ("Reprenez-le d'une sauvegarde, ou réimportez votre exemplaire (« ameli import FICHIER ») ; « ameli "
               "documents forget {id} » y renonce.")
    hint_en = ("Take it from a backup, or import your own copy (`ameli import FILE`); `ameli documents forget {id}` "
               "gives it up.")

    def __init__(self, *, id: str, title: str, day: str, **why: str) -> None:
        """``day``: ISO date of the document. ``why``: why the service could not give it, where it could not."""
        super().__init__(id=id, title=title, day=day, day_fr="/".join(reversed(day.split("-"))), **why)


class DocumentNotFetched(DocumentLost, ServiceTrouble):
    """A document's file is damaged, and the service, which has it, could not be asked now."""

    code = "document_damaged"
    exit_code = 4
    http_status = 502
    fr = "« {title} » ({day_fr}) est abîmé dans le coffre, et n'a pas pu être redemandé : {why_fr}"
    en = "“{title}” ({day}) is damaged in the vault, and could not be asked for again: {why_en}"
    hint_fr = "Recommencez quand le service répond, ou « ameli sync » : il le reprend de lui-même."
    hint_en = "Try again when the service answers, or run `ameli sync`: it fetches the document by itself."


class DocumentWaits(DocumentLost, NeedsPerson):
    """A document's file is damaged, and a person has to sign in before the service gives it again."""

    code = "document_damaged"
    exit_code = 5
    http_status = 409
    fr = DocumentNotFetched.fr
    en = DocumentNotFetched.en
    hint_fr = "{cure_fr}"
    hint_en = "{cure_en}"
