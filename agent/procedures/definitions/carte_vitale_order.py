"""Ordering a health card: the person, the photograph, the identity document."""

from agent.procedures.answers import Answers
from agent.procedures.deadlines.days import amount
from agent.procedures.definitions._shared import (
    CARD,
    FALLBACKS,
    MEANWHILE,
    RECEIPT,
    UPDATE_CARD,
    age,
    holder,
    identity,
    portrait,
)
from agent.procedures.field_types import PERSON
from agent.procedures.model import Both, Clock, Field, Note, Procedure, Screen, World


def _old_enough(value: str, _answers: Answers, world: World) -> Both | None:
    years, least = age(value, world), amount("procedures.card_age_on_request", world.today)
    if years is not None and years < least:
        return Both(f"Une carte se commande à partir de {least} ans : avant, l'enfant est sur celle de ses parents.",
                    f"A card can be ordered from the age of {least}: before, the child is on the parents' cards.")
    return None


def _notes(answers: Answers, world: World) -> tuple[Note, ...]:
    years, own = age(answers.text("person"), world), amount("procedures.card_age", world.today)
    notes = [Note("app", Both(
        "L'application carte Vitale existe aussi, dès 16 ans ; gardez la carte, tous les professionnels ne lisent pas "
        "l'application.",
        "There is a health card app too, from the age of 16; keep the card, not every professional can read the app."),
        source="QUECHOISIR-APCV")]
    if years is not None and years < own:
        notes.append(Note("young", Both(
            f"À {own} ans la caisse envoie d'elle-même le formulaire ; avant, seul un parent peut la demander, par le "
            "compte.",
            f"At {own} the fund sends the form by itself; before, only a parent can ask for it, through the account."),
            source="F265"))
    return tuple(notes)


def _letter(answers: Answers, _world: World) -> str:
    return (f"Je vous prie de bien vouloir établir une carte Vitale pour {answers['person']}.\n\n"
            "Vous trouverez ci-joint sa photographie d'identité et la copie recto verso de sa pièce d'identité.")


PROCEDURE = Procedure(
    name="carte-vitale-order",
    title=Both("Commander une carte Vitale", "Order a health card (carte Vitale)"),
    who=Both("Toute personne du compte qui a un numéro définitif, à partir de 12 ans.",
             "Anybody on the account with a permanent number, from the age of 12."),
    summary=Both("La carte est gratuite. Il faut une photographie et une pièce d'identité.",
                 "The card is free. A photograph and an identity document are needed."),
    page="as_commande_vitale_page",
    inbox=r"^(?!.*\b(?:perte|perdue|vol|volee|dysfonctionnement|opposition)\b).*\bcarte vitale\b",
    submits="portal",
    screens=(Screen("person", Both("Pour qui ?", "For whom?"), Both(
        "Choisissez la personne dont le nom sera sur la carte.", "Choose the person whose name will be on the card."), (
        Field("person", PERSON, Both("Bénéficiaire", "Person"), prefill=holder, check=_old_enough, source="F265"),
    )),),
    papers=(
        portrait(Both(
            "En couleur, de face, tête nue, visage dégagé et neutre, fond clair uni, moins de 6 mois ; le visage "
            "occupe 70 à 80 % de la hauteur. Usage rapporté : JPEG de 50 à 2000 Ko.",
            "In colour, facing, bare head, neutral face, light plain background, under 6 months old; the face takes 70 "
            "to 80 % of the height. Reported practice: JPEG of 50 to 2000 KB.")),
        identity(),
    ),
    clocks=(Clock("card", Both("Délai rapporté jusqu'à la carte", "Reported delay until the card"), "sent",
                  "procedures.card_order", "estimate", "NEWINMYCITY"),),
    next_steps=(
        RECEIPT,
        Both("Si la photo ou la pièce ne convient pas, un message en demande d'autres : suivez la messagerie.",
             "If the photograph or the document will not do, a message asks for others: watch the inbox."),
        MEANWHILE, UPDATE_CARD,
    ),
    fallbacks=(Both("Par courrier : le formulaire reçu de la caisse, avec photo et copie d'identité, sans colle ni "
                    "agrafe.",
                    "By post: the form received from the fund, with photograph and identity copy, no glue, no staple."),
               *FALLBACKS),
    stages=CARD, computed=_notes, letter=_letter, source="service-public F265",
)
