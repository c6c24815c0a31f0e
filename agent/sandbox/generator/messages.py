"""The inbox: notices, a decision, a request for papers, a reply from an adviser."""

import random
from datetime import date, timedelta

from agent.sandbox.generator.household import Family
from agent.sandbox.model import Attachment, SandboxMessage, SandboxPayment
from agent.sandbox.pdf.page import Mark, Sheet

NOTICE = (
    "Information de paiement",
    "Bonjour,\nUn ou plusieurs paiements ont été effectués ces quinze derniers jours.\n"
    "Le détail est visible dans la rubrique « Mes paiements ».",
)
_WELCOME = (
    "Votre numéro de sécurité sociale définitif",
    "Bonjour,\nVotre numéro de sécurité sociale définitif est attribué. Vous pouvez commander votre carte Vitale.",
)
OTHERS = (
    ("Pièce à fournir pour votre dossier", "Bonjour,\nPour compléter votre dossier, envoyez-nous un justificatif de "
     "domicile de moins de trois mois dans les 21 jours.", "demande-de-piece.pdf"),
    ("Réponse à votre question", "Bonjour,\nVotre feuille de soins a bien été reçue ; elle sera traitée sous peu.\n"
     "Votre conseiller de l'Assurance Maladie", ""),
    ("Décision relative à votre demande", "Bonjour,\nVotre demande a été acceptée. La décision est jointe.",
     "decision.pdf"),
    ("Votre médecin traitant", "Bonjour,\nLa déclaration de votre médecin traitant est enregistrée.", ""),
    ("Renouvelez votre carte européenne", "Bonjour,\nVotre carte européenne arrive à échéance.", ""),
    ("Accusé de réception", "Bonjour,\nNous avons bien reçu votre document.", "accuse-de-reception.pdf"),
)


def write_messages(
    rng: random.Random, family: Family, payments: list[SandboxPayment], today: date,
) -> list[SandboxMessage]:
    """Between 10 and 25 messages of the last two years, oldest first; the newest ones are unread."""
    days = sorted({payment.paid_on for payment in payments if payment.paid_on > today - timedelta(days=700)})
    notices = rng.sample(days, min(len(days), rng.randint(8, 16)))
    drafts = [(day + timedelta(days=1), *NOTICE, "") for day in notices]
    drafts += [(today - timedelta(days=rng.randint(2, 600)), *other) for other in OTHERS]
    if family.arrived:
        drafts.append((family.arrived + timedelta(days=90), *_WELCOME, "attestation.pdf"))
    drafts = sorted((min(day, today), subject, body, file) for day, subject, body, file in drafts)
    unread = rng.randint(2, 4)
    return [
        SandboxMessage(
            id=f"M{rng.randrange(10**9, 10**10)}",
            received_on=day,
            sender=family.cpam,
            subject=subject,
            body=body,
            attachments=[Attachment(file, letter(family, subject, body, day))] if file else [],
            read=index < len(drafts) - unread,
        )
        for index, (day, subject, body, file) in enumerate(drafts)
    ]


def letter(family: Family, subject: str, body: str, day: date) -> bytes:
    """A letter of the fund as PDF, made that day."""
    sheet = Sheet(first_row_y=140)
    sheet.place(Mark(family.cpam, 43, 80, 10, "B"), Mark(subject, 43, 120, 11, "B"))
    for line in body.splitlines():
        sheet.row(16, Mark(line, 43, 0, 10))
    return sheet.draw(subject, day)
