"""What an answer can offer to do: a command to type and the screen that does the same."""

from agent.assistant.stemming import Lang
from agent.protocol.assistant import Action

_ACTIONS: dict[str, tuple[str, str, str, str]] = {
    # name: (French, English, command, page)
    "payments": ("Voir les paiements", "See the payments", "ameli payments", "payments"),
    "explain": ("Comprendre un paiement", "Understand a payment", "ameli explain PAYMENT_ID", "payments"),
    "ledger": ("Voir participations et franchises", "See participations and franchises", "ameli ledger", "ledger"),
    "owed": ("Voir ce qui vous reste dû", "See what is still owed to you", "ameli owed", "owed"),
    "year": ("Voir l'année", "See the year", "ameli year", "year"),
    "estimate": ("Estimer un remboursement", "Estimate a refund", "ameli estimate", "estimate"),
    "coverage": ("Voir la complémentaire", "See the top-up contract", "ameli coverage", "contract"),
    "documents": ("Voir les documents", "See the documents", "ameli documents", "documents"),
    "attestation": ("Obtenir l'attestation de droits", "Get the entitlement certificate",
                    "ameli attestation --out attestation.pdf", "documents"),
    "messages": ("Lire les messages", "Read the messages", "ameli messages", "messages"),
    "message": ("Écrire à un conseiller", "Write to an adviser",
                "ameli messages send --subject S --body FILE", "messages"),
    "profile": ("Voir vos informations", "See your details", "ameli profile", "agent"),
    "sync": ("Chercher les nouveautés", "Look for news", "ameli sync", "home"),
    "doctor": ("Vérifier le programme", "Check the program", "ameli doctor", "agent"),
    "login": ("Se connecter au compte", "Sign in to the account", "ameli login", "agent"),
    "requests": ("Suivre vos demandes", "Follow your requests", "ameli procedures requests", "procedures"),
    "deadlines": ("Voir les échéances", "See the deadlines", "ameli deadlines", "procedures"),
    "guide": ("Parcourir le guide", "Browse the guide", "ameli ask --list", "ask"),
    "newcomer": ("Où en suis-je ?", "Where am I?", "ameli newcomer", "ask"),
}
_PROCEDURES: dict[str, tuple[str, str]] = {
    "account-creation": ("Préparer la création du compte", "Prepare the account's creation"),
    "carte-vitale-order": ("Commander une carte Vitale", "Order a carte Vitale"),
    "carte-vitale-loss": ("Déclarer la perte ou le vol de la carte", "Report the card lost or stolen"),
    "bank-details": ("Changer de coordonnées bancaires", "Change the bank details"),
    "postal-address": ("Changer d'adresse", "Change the address"),
    "contact-details": ("Changer d'e-mail ou de téléphone", "Change e-mail or phone"),
    "c2s": ("Demander ou renouveler la C2S", "Ask for or renew C2S"),
    "ehic": ("Commander la carte européenne", "Order the European card"),
    "birth": ("Déclarer une naissance", "Declare a birth"),
    "attending-doctor": ("Déclarer un médecin traitant", "Declare a treating doctor"),
    "top-up-declaration": ("Choisir la complémentaire reliée", "Choose the linked top-up"),
    "supporting-document": ("Envoyer un justificatif", "Send a supporting document"),
    "accident-declaration": ("Déclarer un accident causé par un tiers", "Report an accident caused by someone else"),
    "entitlement-opening": ("Demander l'ouverture des droits", "Ask to join the system"),
}


def action(name: str, lang: Lang) -> Action:
    """One action in the person's language. Raises KeyError for a name that the guide made up."""
    if name in _PROCEDURES:
        label = _PROCEDURES[name][lang == "en"]
        return {"name": name, "label": label, "command": f"ameli procedures start {name}", "page": "procedures"}
    french, english, command, page = _ACTIONS[name]
    return {"name": name, "label": french if lang == "fr" else english, "command": command, "page": page}


def known(name: str) -> bool:
    """Whether there is such an action."""
    return name in _PROCEDURES or name in _ACTIONS
