"""Loss, theft or malfunction of a health card; the new card is ordered in one go."""

from agent.procedures.answers import Answers
from agent.procedures.definitions._shared import (
    DONE,
    FALLBACKS,
    MEANWHILE,
    RECEIPT,
    choices,
    day,
    holder,
    identity,
    portrait,
)
from agent.procedures.field_types import CHOICE, DATE, PERSON, YES_NO
from agent.procedures.model import Both, Field, Note, Procedure, Screen, World, equals, when

_REASONS = choices(
    ("lost", "Perdue", "Lost"), ("stolen", "Volée", "Stolen"), ("faulty", "Défectueuse", "Faulty"))
_ORDERED = when(lambda answers, _world: answers.get("order_new") is True,
                "si vous commandez la nouvelle carte", "if you order the new card")


def _notes(answers: Answers, _world: World) -> tuple[Note, ...]:
    notes = [Note("certificate", MEANWHILE, "good")]
    if answers["reason"] == "faulty":
        notes.append(Note("return", Both("Par courrier, la carte défectueuse se renvoie à la caisse.",
                                         "By post, the faulty card is sent back to the fund."), source="F265"))
    else:
        notes.append(Note("opposition", Both(
            "Le numéro de la carte est mis en opposition : retrouvée, elle se renvoie et ne s'utilise plus.",
            "The card's number is put on the opposition list: if found it is sent back, never used again."),
            "warning", source="CSS"))
    if answers["order_new"] is False:
        notes.append(Note("order", Both(
            "Pensez à commander la nouvelle carte : « ameli procedures start carte-vitale-order ».",
            "Remember to order the new card: `ameli procedures start carte-vitale-order`.")))
    return tuple(notes)


def _letter(answers: Answers, _world: World) -> str:
    on = day(answers.day("happened_on")) if "happened_on" in answers else ""
    happened = {
        "lost": "est perdue" + (f" depuis le {on}" if on else ""),
        "stolen": "a été volée" + (f" le {on}" if on else ""),
        "faulty": "ne fonctionne plus" + (f" depuis le {on}" if on else ""),
    }[answers.text("reason")]
    parts = [f"Je vous informe que la carte Vitale de {answers['person']} {happened}."]
    if answers["reason"] != "faulty":
        parts.append("Je déclare sur l'honneur l'exactitude de cette déclaration et m'engage à vous renvoyer la carte "
                     "si je la retrouve.")
    else:
        parts.append("La carte défectueuse est jointe à ce courrier.")
    if answers["order_new"]:
        parts.append("Je demande l'établissement d'une nouvelle carte ; la photographie et la copie de la pièce "
                     "d'identité sont jointes.")
    return "\n\n".join(parts)


PROCEDURE = Procedure(
    name="carte-vitale-loss",
    title=Both("Déclarer la perte, le vol ou le dysfonctionnement de la carte Vitale",
               "Report a lost, stolen or faulty health card"),
    who=Both("L'assuré, pour sa carte ou celle d'une personne du compte.",
             "The insured person, for their own card or that of somebody on the account."),
    summary=Both("À faire dès que possible. La nouvelle carte peut être commandée en même temps.",
                 "To be done as soon as possible. The new card can be ordered at the same time."),
    page="as_pertevol_carte_vitale",
    inbox=r"\bcarte vitale\b.*\b(?:perdue|volee|opposition)\b|\b(?:perte|vol|dysfonctionnement)\b.*\bcarte vitale\b",
    submits="portal",
    screens=(
        Screen("card", Both("La carte", "The card"), fields=(
            Field("person", PERSON, Both("Titulaire de la carte", "Holder of the card"), prefill=holder),
            Field("reason", CHOICE, Both("Que s'est-il passé ?", "What happened?"), choices=_REASONS,
                  source="solidarite-numerique.fr"),
            Field("happened_on", DATE, Both("Depuis quand (facultatif)", "Since when (optional)"),
                  example="2026-11-20", required=False, accepts=("past",)),
            Field("address_is_right", YES_NO,
                  Both("L'adresse du compte est la bonne", "The account's address is right"),
                  Both("La nouvelle carte y est envoyée. Sinon, changez d'abord d'adresse (postal-address).",
                       "The new card is posted there. Otherwise change the address first (postal-address)."),
                  accepts=("yes",)),
            Field("return_if_found", YES_NO, Both("Je m'engage à renvoyer l'ancienne carte si je la retrouve",
                                                    "I undertake to send the old card back if I find it"),
                  accepts=("yes",), when=equals("reason", "lost", "stolen"), source="solidarite-numerique.fr"),
        )),
        Screen("order", Both("La nouvelle carte", "The new card"), fields=(
            Field("order_new", YES_NO, Both("Commander la nouvelle carte maintenant", "Order the new card now"),
                  Both("Il faut alors une photographie et une pièce d'identité.",
                       "A photograph and an identity document are then needed.")),
        )),
    ),
    papers=(
        portrait(Both("En couleur, de face, tête nue, fond clair, moins de 6 mois.",
                      "In colour, facing, bare head, light background, under 6 months old."), _ORDERED),
        identity(_ORDERED),
    ),
    next_steps=(RECEIPT, MEANWHILE, Both("Une carte retrouvée se renvoie à la caisse.",
                                         "A card that is found goes back to the fund.")),
    fallbacks=FALLBACKS, stages=DONE, computed=_notes, letter=_letter,
    source="CSS R. 161-33-7; service-public F265",
)
