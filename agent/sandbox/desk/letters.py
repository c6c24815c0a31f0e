"""What the service writes to the person: acknowledgements, requests for papers, decisions, answers of advisers."""

from datetime import date

from agent.sandbox.desk.model import Filed, Need, Question
from agent.sandbox.desk.requirements import Matter, Step
from agent.sandbox.pages.words import slashed

ADVISER = "Votre conseiller de l'Assurance Maladie"
_ANSWERS = (
    (("rembours", "paiement", "feuille de soins"),
     "Nous avons vérifié votre dossier : les soins reçus sont en cours de traitement. Une feuille de soins papier "
     "demande de trois à quatre semaines."),
    (("carte", "vitale"),
     "Votre demande de carte suit son cours. En attendant, présentez votre attestation de droits, à télécharger "
     "depuis votre compte."),
    (("indemnit", "arrêt", "arret"),
     "Vos indemnités journalières sont versées tous les quatorze jours, une fois reçue l'attestation de salaire de "
     "votre employeur."),
    (("complémentaire", "c2s", "mutuelle"),
     "La décision sur une demande complète est rendue dans les deux mois ; sans réponse passé ce délai, la demande "
     "est acceptée."),
)
_PLAIN_ANSWER = "Votre message a bien été étudié. Votre dossier est à jour ; aucune démarche ne vous reste à faire."


def acknowledgement(filed: Filed, matter: Matter) -> tuple[str, str]:
    """Subject and text sent when a request arrives."""
    pieces = "\n".join(f"- {one.filename}" for one in filed.papers)
    joined = f"\nPièces reçues :\n{pieces}" if pieces else ""
    return f"Accusé de réception : {matter.title.lower()}", (
        f"Bonjour,\nNous avons bien reçu votre demande : {matter.title}.\nRéférence : {filed.reference}.{joined}\n"
        "Vous pouvez suivre son traitement depuis votre compte."
    )


def papers_wanted(filed: Filed, matter: Matter, needs: list[Need]) -> tuple[str, str]:
    """Subject and text that ask for missing papers."""
    wanted = "\n".join(f"- {one.label}" for one in needs)
    until = max(one.until for one in needs)
    return f"Vous avez un dossier à compléter : {matter.title.lower()}", (
        f"Bonjour,\nIl manque à votre demande {filed.reference} :\n{wanted}\n"
        f"Déposez ces pièces dans votre compte avant le {slashed(until)}. Passé ce délai, la demande sera classée."
    )


def papers_received(filed: Filed, matter: Matter) -> tuple[str, str]:
    """Subject and text when everything asked for has come."""
    return f"Pièces reçues : {matter.title.lower()}", (
        f"Bonjour,\nVotre dossier {filed.reference} est complet. Son traitement reprend."
    )


def step_reached(filed: Filed, matter: Matter, step: Step) -> tuple[str, str]:
    """Subject and text that tell of a stage after the decision."""
    return f"{step.label} : {matter.title.lower()}", (
        f"Bonjour,\nVotre demande {filed.reference} avance : {step.label.lower()}."
    )


def accepted(filed: Filed, matter: Matter) -> tuple[str, str]:
    """Subject and text of a yes."""
    return f"Votre demande est acceptée : {matter.title.lower()}", (
        f"Bonjour,\nVotre demande {filed.reference} est acceptée."
        + "".join(f"\n{one}" for one in (filed.decision.reason if filed.decision else "", matter.granted) if one)
    )


def refused(filed: Filed, matter: Matter, reason: str, months: int) -> tuple[str, str]:
    """Subject and text of a no, and within how many months it can be contested."""
    return f"Votre demande est refusée : {matter.title.lower()}", (
        f"Bonjour,\nVotre demande {filed.reference} n'a pas pu être acceptée.\nMotif : {reason}\n"
        f"Vous pouvez contester cette décision dans les {months} mois auprès de la commission de recours amiable."
    )


def cancelled(filed: Filed, matter: Matter) -> tuple[str, str]:
    """Subject and text when the person took the request back."""
    return f"Demande annulée : {matter.title.lower()}", (
        f"Bonjour,\nÀ votre demande, le dossier {filed.reference} est annulé. Aucune suite ne lui sera donnée."
    )


def message_taken(question: Question) -> tuple[str, str]:
    """Subject and text that acknowledge a message to an adviser."""
    return f"Accusé de réception : {question.subject}", (
        f"Bonjour,\nVotre message est arrivé sous la référence {question.reference}. "
        "Un conseiller vous répond d'ordinaire sous 48 heures."
    )


def adviser_answers(question: Question) -> tuple[str, str]:
    """Subject and text of the adviser's answer, after the words of the question."""
    said = f"{question.theme} {question.subject} {question.body.get('body', '')}".lower()
    text = next((text for words, text in _ANSWERS if any(word in said for word in words)), _PLAIN_ANSWER)
    return f"Réponse à votre message : {question.subject}", (
        f"Bonjour,\n{text}\nRéférence : {question.reference}.\n{ADVISER}"
    )


def too_late(until: date) -> str:
    """The reason given when papers asked for never came."""
    return f"Les pièces demandées ne sont pas arrivées avant le {slashed(until)}."
