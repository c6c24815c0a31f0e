"""What a household is in the middle of: a file to complete, a decision on C2S, a European card with its end date."""

import random
from datetime import date, timedelta

from agent.sandbox.desk.delays import months_later, published
from agent.sandbox.generator.household import Family
from agent.sandbox.generator.messages import letter
from agent.sandbox.model import Attachment, SandboxMessage, Solidarity
from agent.sandbox.pages.words import slashed

_FILES = (
    ("arrêt de travail", "l'attestation de salaire signée par votre employeur"),
    ("Complémentaire santé solidaire", "votre dernier avis d'impôt sur le revenu"),
    ("changement d'adresse", "un justificatif de domicile de moins de trois mois"),
    ("carte Vitale", "une photographie d'identité nette, de face et sur fond clair"),
)


def tell_stories(rng: random.Random, family: Family, today: date) -> tuple[list[SandboxMessage], Solidarity | None]:
    """One or two stories: their messages, unread when they ask for something; and the right to C2S one may open."""
    messages: list[SandboxMessage] = []
    right: Solidarity | None = None
    for story in rng.sample(("file", "solidarity", "card"), rng.choice((1, 2))):
        if story == "file":
            messages.append(_file_to_complete(rng, family, today))
        elif story == "card":
            messages.append(_european_card(rng, family, today))
        elif rng.random() < 0.5:
            right = _right(rng, today)
            messages.append(_granted(rng, family, today, right))
        else:
            messages.append(_refused(rng, family, today))
    return messages, right


def _file_to_complete(rng: random.Random, family: Family, today: date) -> SandboxMessage:
    """Still open: it can be completed for some days."""
    days = published("complete_file", today)
    asked_on = today - timedelta(days=rng.randrange(1, days - 2))
    until = asked_on + timedelta(days=days)
    subject, wanted = rng.choice(_FILES)
    return _message(rng, family, asked_on, f"Vous avez un dossier à compléter : {subject}", (
        f"Bonjour,\nIl manque à votre dossier {wanted}.\n"
        f"Déposez cette pièce dans votre compte avant le {slashed(until)}. Passé ce délai, la demande sera "
        "classée."), "dossier-a-completer.pdf", read=False)


def _right(rng: random.Random, today: date) -> Solidarity:
    # It begins next month: the care of the years before was refunded without it.
    since = months_later(today.replace(day=1), 1)
    until = months_later(since, published("c2s_length", today)) - timedelta(days=1)
    return Solidarity(since, until, contribution=rng.random() < 0.5)


def _granted(rng: random.Random, family: Family, today: date, right: Solidarity) -> SandboxMessage:
    kind = "avec participation financière" if right.contribution else "sans participation financière"
    opens = months_later(right.until, -published("c2s_renewal_opens", today))
    closes = months_later(right.until, -published("c2s_renewal_closes", today))
    return _message(rng, family, today - timedelta(days=rng.randrange(1, 10)),
                    "Décision : Complémentaire santé solidaire accordée", (
        f"Bonjour,\nLa Complémentaire santé solidaire vous est accordée, {kind}, du {slashed(right.since)} au "
        f"{slashed(right.until)}.\nDemandez son renouvellement entre le {slashed(opens)} et le {slashed(closes)}."),
        "decision-c2s.pdf", read=False)


def _refused(rng: random.Random, family: Family, today: date) -> SandboxMessage:
    decided = today - timedelta(days=rng.randrange(3, 40))
    until = months_later(decided, published("c2s_appeal", decided))
    return _message(rng, family, decided, "Décision : Complémentaire santé solidaire refusée", (
        "Bonjour,\nVotre demande de Complémentaire santé solidaire est refusée : vos ressources dépassent le plafond.\n"
        "Vous pouvez contester cette décision auprès de la commission de recours amiable jusqu'au "
        f"{slashed(until)}."), "decision-c2s.pdf", read=rng.random() < 0.5)


def _european_card(rng: random.Random, family: Family, today: date) -> SandboxMessage:
    made = today - timedelta(days=rng.randrange(30, 690))
    until = months_later(made, published("ehic_length", made)) - timedelta(days=1)
    return _message(rng, family, made, "Votre carte européenne d'assurance maladie", (
        "Bonjour,\nVotre carte européenne d'assurance maladie vous est envoyée par courrier. Elle est valable "
        f"jusqu'au {slashed(until)}."), "", read=True)


def _message(
    rng: random.Random, family: Family, on: date, subject: str, body: str, file: str, *, read: bool,
) -> SandboxMessage:
    files = [Attachment(file, letter(family, subject, body, on))] if file else []
    return SandboxMessage(f"M{rng.randrange(10**9, 10**10)}", on, family.cpam, subject, body, files, read)
