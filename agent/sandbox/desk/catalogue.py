"""What can be asked for here, as the stand-in reads the rules: demands, papers, stages.

Names of procedures and of answers are the words of the wire, shared by whoever speaks it. The number of days of each
stage is invented, within the delays that are published. Two procedures are not here: nobody who asks for an account or
for a first affiliation can be signed in to one.
"""

from agent.sandbox.desk.requirements import Demand, If, Matter, Piece, Step

_RECEIVED = Step("received", "Demande reçue", 0, silent=True)
_CHECKED = Step("checked", "Demande vérifiée", 1, silent=True)
_IDENTITY = "Pièce d'identité, recto et verso"


def _steps(days: int, label: str = "Demande enregistrée") -> tuple[Step, ...]:
    """Received, looked at, decided after so many days."""
    return (_RECEIVED, _CHECKED, Step("done", label, days, accepts=True))


def _card(production: int, sent: int) -> tuple[Step, ...]:
    """Stages of a card that is made and posted."""
    return (
        _RECEIVED, Step("checked", "Pièces vérifiées", 2, accepts=True),
        Step("production", "Carte en fabrication", production), Step("sent", "Carte envoyée par courrier", sent),
    )


MATTERS: dict[str, Matter] = {
    "carte-vitale-order": Matter(
        "Commande d'une carte Vitale",
        (Demand("person", "person"),),
        _card(production=5, sent=11),
        pieces=(Piece("photo", "Photographie d'identité", "sending"), Piece("identity", _IDENTITY, "sending")),
        granted="Votre carte va être fabriquée. En attendant, présentez votre attestation de droits.",
    ),
    "carte-vitale-loss": Matter(
        "Déclaration de perte, de vol ou de dysfonctionnement de la carte Vitale",
        (
            Demand("person", "person"),
            Demand("reason", "choice", choices=("lost", "stolen", "faulty")),
            Demand("happened_on", "past", required=False),
            Demand("return_if_found", "yes", If("reason", ("lost", "stolen"))),
            Demand("order_new", "yes_no", required=False),
        ),
        _steps(1),
        pieces=(
            Piece("photo", "Photographie d'identité", "sending", If("order_new", (True,))),
            Piece("identity", _IDENTITY, "sending", If("order_new", (True,))),
        ),
        granted="Le numéro de cette carte est mis en opposition : retrouvée, elle est à renvoyer, non à utiliser.",
    ),
    "bank-details": Matter(
        "Changement de coordonnées bancaires",
        (
            Demand("holder_is_me", "yes_no"),
            Demand("holder", "name", If("holder_is_me", (False,))),
            Demand("iban", "iban"),
            Demand("bic", "text", required=False),
        ),
        _steps(3),
        granted="Vos prochains remboursements seront versés sur ce compte. Si vous n'êtes pas à l'origine de ce "
                "changement, appelez aussitôt le 36 46.",
    ),
    "postal-address": Matter(
        "Changement d'adresse postale",
        (Demand("street", "text"), Demand("postcode", "postcode"), Demand("town", "text"), Demand("moved_on", "date")),
        _steps(3),
        granted="Pensez à mettre à jour votre carte Vitale. Si vous changez de département, votre dossier est transmis "
                "à votre nouvelle caisse sans autre démarche de votre part.",
    ),
    "contact-details": Matter(
        "Changement d'adresse e-mail ou de téléphone",
        (
            Demand("email", "email", required=False), Demand("mobile", "phone", required=False),
            Demand("phone", "phone", required=False),
        ),
        _steps(1),
    ),
    "c2s": Matter(
        "Demande de Complémentaire santé solidaire",
        (
            Demand("kind", "choice", choices=("first", "renewal")),
            Demand("benefit", "choice", choices=("none", "rsa", "aspa", "asi")),
            Demand("applicant", "person"),
            Demand("household", "group", required=False, fields=(Demand("name", "name"), Demand("birth_date", "past"))),
            Demand("resources", "group", required=False, fields=(Demand("amounts", "text"),)),
            Demand("housing", "choice", choices=("rent", "aid", "owner", "free")),
            Demand("housing_aid", "money", If("housing", ("aid",))),
            Demand("postcode", "postcode"),
            Demand("lived_abroad", "yes_no"),
            Demand("manager", "choice", choices=("cpam", "insurer")),
            Demand("insurer", "text", If("manager", ("insurer",))),
        ),
        (
            _RECEIVED, Step("checked", "Dossier complet", 5, silent=True),
            Step("done", "Décision rendue", 30, accepts=True),
        ),
        pieces=(
            Piece("tax_notice", "Avis d'impôt sur le revenu", when=If("benefit", ("none", "aspa", "asi"))),
            Piece("rsa_certificate", "Attestation de la Caf ou de la MSA", when=If("benefit", ("rsa",))),
            Piece("property_tax", "Avis de taxe foncière", when=If("housing", ("owner",))),
            Piece("foreign_proof", "Situation fiscale ou sociale à l'étranger", when=If("lived_abroad", (True,))),
        ),
        granted="La date de début de votre droit est inscrite sur votre attestation de droits.",
    ),
    "ehic": Matter(
        "Commande d'une carte européenne d'assurance maladie",
        (Demand("people", "people"),),
        _card(production=3, sent=8),
        granted="Si vous partez avant de l'avoir reçue, téléchargez un certificat provisoire, valable trois mois.",
    ),
    "birth": Matter(
        "Déclaration d'un nouveau-né",
        (
            Demand("birth_country", "country"),
            Demand("children", "group", fields=(
                Demand("first_names", "name"), Demand("last_name", "name"), Demand("birth_date", "past"),
                Demand("birth_departement", "text"))),
            Demand("other_parent_last_name", "name", If("other_parent", ("insured",))),
            Demand("other_parent_first_name", "name", If("other_parent", ("insured",))),
            Demand("other_parent_nir", "nir", If("other_parent", ("insured",))),
        ),
        _steps(6),
        granted="L'enfant est rattaché à votre dossier. Mettez à jour votre carte Vitale.",
    ),
    "attending-doctor": Matter(
        "Déclaration d'un médecin traitant",
        (Demand("person", "person"), Demand("doctor", "name", If("way", ("form",)))),
        _steps(4),
        pieces=(Piece("form", "Formulaire S3704 signé par vous et par le médecin", "sending", If("way", ("form",))),),
    ),
    "top-up-declaration": Matter(
        "Choix de la complémentaire reliée à votre dossier",
        (
            Demand("people", "people"), Demand("insurer", "text"), Demand("contract", "text"),
            Demand("since", "date"), Demand("other_insurer", "text"),
        ),
        _steps(3),
    ),
    "supporting-document": Matter(
        "Envoi d'un justificatif", (Demand("subject", "text"),), _steps(4, "Document rattaché à votre dossier"),
        pieces=(Piece("document", "Document", "sending"),),
    ),
    "accident-declaration": Matter(
        "Déclaration d'un accident causé par un tiers",
        (
            Demand("person", "person"), Demand("accident_date", "past"), Demand("place", "text"),
            Demand("circumstances", "text"), Demand("other_known", "yes_no"),
            Demand("other_name", "name", If("other_known", (True,))),
        ),
        _steps(7),
    ),
}
