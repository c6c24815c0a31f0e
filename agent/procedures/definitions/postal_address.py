"""Postal address; moving to another département changes the fund."""


from agent.procedures.answers import Answers
from agent.procedures.definitions._shared import (
    DONE,
    FALLBACKS,
    RECEIPT,
    UPDATE_CARD,
    day,
    departement,
    paper,
    postcode_of,
)
from agent.procedures.field_types import DATE, POSTCODE, TEXT
from agent.procedures.model import Both, Clock, Field, Note, Procedure, Screen, World


def _moves(answers: Answers, world: World) -> bool:
    old, new = postcode_of(world), answers.get("postcode")
    return bool(old and new and departement(old) != departement(str(new)))


def _notes(answers: Answers, world: World) -> tuple[Note, ...]:
    if not _moves(answers, world):
        return (Note("card", UPDATE_CARD),)
    return (
        Note("fund", Both(
            f"Vous passez du département {departement(str(postcode_of(world)))} au "
            f"{departement(answers.text('postcode'))} : votre dossier est transmis à la nouvelle caisse, sans autre "
            "démarche. Demandez ensuite une attestation de droits, qui porte le nom de la nouvelle caisse.",
            f"You move from département {departement(str(postcode_of(world)))} to "
            f"{departement(answers.text('postcode'))}: your file goes to the new fund by itself. Then ask for an "
            "entitlement certificate, which names the new fund."), "warning", source="F737"),
        Note("card", UPDATE_CARD, source="F737"),
        Note("top_up", Both("Donnez la nouvelle attestation à votre complémentaire : la liaison peut être à refaire.",
                            "Give the new certificate to your top-up insurer: the link may have to be made again.")),
    )


def _town(value: str, _answers: Answers, _world: World) -> Both | None:
    if not any(sign.isalpha() for sign in value):
        return Both("Le nom de la commune est attendu, sans code postal.", "The town's name is expected, no postcode.")
    return None


def _letter(answers: Answers, _world: World) -> str:
    lines = [answers.get("recipient"), answers.get("complement"), answers["street"],
             f"{answers['postcode']} {answers['town']}"]
    return (f"Je vous informe de mon changement d'adresse à compter du {day(answers.day('moved_on'))}. Ma nouvelle "
            "adresse est :\n\n" + "\n".join(str(line) for line in lines if line))


PROCEDURE = Procedure(
    name="postal-address",
    title=Both("Changer d'adresse postale", "Change my postal address"),
    who=Both("L'assuré qui a déménagé en France.", "An insured person who moved within France."),
    summary=Both("Dans un autre département, le dossier suit de lui-même à la nouvelle caisse.",
                 "In another département, the file follows to the new fund by itself."),
    page="as_mod_adresse_postale_page",
    inbox=r"adresse postale|changement d'adresse(?! e)|nouvelle adresse(?! e)|demenagement",
    submits="portal",
    screens=(Screen("address", Both("La nouvelle adresse", "The new address"), Both(
        "Pour quitter la France, c'est un autre formulaire (cerfa 15717) et la carte se rend.",
        "Leaving France is another form (cerfa 15717), and the card is handed back."), (
        Field("recipient", TEXT, Both("Chez (facultatif)", "Care of (optional)"), example="Chez Mme MARTIN",
              required=False, longest=38),
        Field("complement", TEXT, Both("Complément (facultatif)", "Flat, building (optional)"), example="BATIMENT B",
              required=False, longest=38),
        Field("street", TEXT, Both("Numéro et rue", "Number and street"), example="12 RUE DES LILAS", longest=38),
        Field("postcode", POSTCODE, Both("Code postal", "Postcode"), example="69003"),
        Field("town", TEXT, Both("Commune", "Town"), example="LYON", longest=38, check=_town),
        Field("moved_on", DATE, Both("Date d'emménagement", "Date of moving in"), example="2026-11-01"),
    )),),
    papers=(paper("proof", "Justificatif de domicile", "Proof of residence",
                  "Seulement si la caisse le demande : facture, quittance ou bail.",
                  "Only if the fund asks: a bill, rent receipt or lease.", needed=False),),
    clocks=(Clock("taken-in", Both("Prise en compte, selon des témoignages", "Taken in, as reported"),
                  "sent", "procedures.postal_address", "estimate", "DELAIPOUR"),),
    next_steps=(RECEIPT, UPDATE_CARD, Both("Vérifiez que l'attestation de droits porte la bonne caisse.",
                                           "Check that the entitlement certificate names the right fund.")),
    fallbacks=(Both("« Déclarer le changement de coordonnées » sur service-public.fr prévient plusieurs organismes.",
                    "“Déclarer le changement de coordonnées” on service-public.fr tells several bodies at once."),
               *FALLBACKS),
    stages=DONE, computed=_notes, letter=_letter, source="service-public F737",
)
