"""Bank details: the account on which refunds are paid."""

from agent.procedures.answers import Answers
from agent.procedures.definitions._shared import RECEIPT
from agent.procedures.field_types import BIC, IBAN, NAME, YES_NO
from agent.procedures.identifiers.iban import read_iban
from agent.procedures.model import Both, Clock, Field, Note, Paper, Procedure, Screen, World, equals


def _notes(answers: Answers, _world: World) -> tuple[Note, ...]:
    account = read_iban(answers.text("iban"))
    notes = [Note("fraud", Both(
        "L'Assurance Maladie ne demande jamais un RIB par courriel, SMS ou téléphone : si un message vous a mené ici, "
        "n'envoyez rien.",
        "The health insurance never asks for bank details by mail, text message or telephone: if a message led you "
        "here, send nothing."), "warning")]
    if account.bank:
        notes.append(Note("bank", Both(f"Banque : {account.bank}.", f"Bank: {account.bank}.")))
    if account.country != "FR":
        notes.append(Note("foreign", Both(
            "Compte tenu hors de France : un IBAN de la zone SEPA doit être accepté (règlement UE 260/2012, art. 9).",
            "Account held outside France: an IBAN of the SEPA area must be accepted (EU regulation 260/2012, art. 9)."),
            source="UE-260-2012"))
    return tuple(notes)


PROCEDURE = Procedure(
    name="bank-details",
    title=Both("Changer mes coordonnées bancaires", "Change my bank details"),
    who=Both("L'assuré, pour les remboursements de toute la famille rattachée.",
             "The insured person, for the refunds of everybody on the account."),
    summary=Both("Donne à la caisse le compte sur lequel verser les remboursements.",
                 "Tells the fund which account to pay refunds to."),
    page="as_info_perso_page",
    inbox=r"coordonnees bancaires|compte bancaire|\biban\b|\brib\b",
    submits="portal",
    screens=(
        Screen("account", Both("Le compte bancaire", "The bank account"), fields=(
            Field("holder_is_me", YES_NO, Both("Le compte est à mon nom", "The account is in my name"),
                  Both("Un compte joint à votre nom convient.", "A joint account in your name will do.")),
            Field("holder", NAME, Both("Titulaire du compte", "Account holder"),
                  Both("Tel qu'imprimé sur le RIB.", "As printed on the RIB."), example="DUPONT Jeanne",
                  when=equals("holder_is_me", False)),
            Field("iban", IBAN, Both("IBAN", "IBAN"),
                  Both("Sur votre RIB ou dans l'application de votre banque.", "On your RIB or in your bank's app."),
                  secret=True, source="ISO 13616"),
            Field("bic", BIC, Both("BIC (facultatif)", "BIC (optional)"), required=False, source="ISO 9362"),
        )),
    ),
    papers=(
        Paper("rib", Both("RIB", "RIB (bank details slip)"),
              Both("Le relevé d'identité bancaire du compte.", "The account's bank details slip."), needed=False),
    ),
    clocks=(
        Clock("taken-in", Both("Prise en compte habituelle", "Usually taken in by"), "sent", "procedures.bank_details",
              "estimate", "2ND"),
    ),
    next_steps=(
        RECEIPT,
        Both("Gardez l'ancien compte ouvert jusqu'au premier versement sur le nouveau.",
             "Keep the old account open until the first payment reaches the new one."),
    ),
    fallbacks=(
        Both("Par courrier à votre caisse : nom, numéro de sécurité sociale, nouveau RIB, copie de la pièce "
             "d'identité.",
             "By post to your fund: name, Social Security number, new RIB, copy of the identity document."),
        Both("36 46 (service gratuit + prix d'un appel), ou 09 74 75 36 46 en anglais.",
             "36 46 (free service, price of a call), or 09 74 75 36 46 in English."),
    ),
    stages=(("received", Both("Reçue", "Received")), ("checked", Both("Vérifiée", "Checked")),
            ("done", Both("Enregistrée", "Recorded"))),
    computed=_notes,
    source="service-public F737",
)
