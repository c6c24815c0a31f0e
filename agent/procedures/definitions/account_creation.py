"""Creating an account: the number is checked first, since most refusals come from it."""

from datetime import date

from agent.procedures.answers import Answers
from agent.procedures.deadlines.days import age_on, amount
from agent.procedures.definitions._shared import ENGLISH, HOTLINE, POST, choices
from agent.procedures.field_types import CHOICE, DATE, EMAIL, NAME, NIR, PHONE, POSTCODE, TEXT, YES_NO
from agent.procedures.identifiers.nir import TEMPORARY, read_nir
from agent.procedures.model import Both, Field, Note, Place, Procedure, Screen, World, equals, when

_PROOFS = choices(
    ("card", "Le numéro de série de ma carte Vitale", "My health card's serial number"),
    ("code", "Un code provisoire demandé à la caisse", "A temporary code asked from the fund"),
    ("france_connect", "FranceConnect (impots.gouv, La Poste…)", "FranceConnect (impots.gouv, La Poste…)"))
_CARD = equals("proof", "card")
_ABROAD = when(lambda answers, _world: _born_abroad(answers), "si le numéro est celui d'une personne née à l'étranger",
               "if the number is that of somebody born abroad")
_WAITING = Both(
    "Avec un numéro d'attente, vous êtes remboursé, mais ni compte ni carte : envoyez à la caisse la pièce d'état "
    "civil "
    "qui manque, les feuilles de soins avec un RIB, et demandez une attestation de droits sur papier. Sans nouvelles : "
    "36 46, ou 09 74 75 36 46 en anglais.",
    "With a waiting number you are paid back, but get no account and no card: send the fund the civil-status document "
    "that is missing, the care forms with a RIB, and ask for a certificate on paper. No news: 36 46, or 09 74 75 36 46 "
    "in English.")


def _born_abroad(answers: Answers) -> bool:
    number = str(answers.get("nir") or "")
    return number[:1] in ("1", "2") and number[5:7] == "99"


def _number(value: str, _answers: Answers, _world: World) -> Both | None:
    number = read_nir(value)
    if number.kind != "nir":
        stop = TEMPORARY[number.kind]
        return Both(f"{stop.fr} {_WAITING.fr}", f"{stop.en} {_WAITING.en}")
    return None


def _certified(value: bool, _answers: Answers, _world: World) -> Both | None:
    return None if value else Both(f"Le compte attend le numéro définitif. {_WAITING.fr}",
                                   f"The account has to wait for the permanent number. {_WAITING.en}")


def _birth(value: date, answers: Answers, world: World) -> Both | None:
    least = amount("procedures.account_age", world.today)
    if age_on(value, world.today) < least:
        return Both(f"Un compte s'ouvre à {least} ans ; avant, l'enfant est dans celui de ses parents.",
                    f"An account is opened at {least}; before, a child is in the parents' account.")
    number = str(answers.get("nir") or "")
    month = number[3:5]
    if number[:1] in ("1", "2") and (
            number[1:3] != f"{value:%y}" or ("01" <= month <= "12" and month != f"{value:%m}")):
        return Both("La date ne va pas avec le numéro, qui porte l'année et le mois de naissance.",
                    "The date does not go with the number, which bears the year and the month of birth.")
    return None


def _notes(answers: Answers, _world: World) -> tuple[Note, ...]:
    notes = [Note("login", Both(
        f"Vous vous connecterez avec les 13 premiers caractères : {answers.text('nir')[:13]}.",
        f"You will sign in with the first 13 characters: {answers.text('nir')[:13]}."))]
    if _born_abroad(answers):
        notes.append(Note("waiting", Both(
            "Un numéro d'attente a exactement la forme d'un numéro définitif : rien ne les distingue. Si le "
            "service répond "
            "« momentanément indisponible », le numéro n'est sans doute pas encore certifié.",
            "A waiting number looks exactly like a permanent one: nothing tells them apart. If the service answers "
            "“momentanément indisponible”, the number is probably not certified yet."), "warning", source="nirval"))
    if answers["proof"] == "code":
        notes.append(Note("code", Both(
            "Demandez le code provisoire au 36 46 ou à l'accueil ; il vient par SMS ou par courrier.",
            "Ask for the temporary code at 36 46 or at a branch; it comes by text message or by post."),
            source="didac"))
    notes.append(Note("schemes", Both(
        "La MSA et la MGEN ont leurs propres sites.", "MSA and MGEN have sites of their own."), source="didac"))
    return tuple(notes)


def _letter(answers: Answers, _world: World) -> str:
    return (f"Je souhaite ouvrir un compte ameli et vous demande un code provisoire pour {answers['first_name']} "
            f"{answers['last_name']}, numéro {answers['nir']}.\n\nAdresse e-mail : {answers['email']}\n"
            f"Téléphone portable : {answers['mobile']}")


def _place(_answers: Answers, _world: World) -> Place:
    return Place("site", "https://assure.ameli.fr/", Both("assure.ameli.fr, « Je crée mon compte »",
                                                          "assure.ameli.fr, “Je crée mon compte”"))


PROCEDURE = Procedure(
    name="account-creation",
    title=Both("Créer un compte ameli", "Create an ameli account"),
    who=Both("Toute personne de 18 ans ou plus au régime général, avec un numéro définitif.",
             "Anybody aged 18 or over in the general scheme, with a permanent number."),
    summary=Both("Le numéro est vérifié ici ; le compte se crée ensuite sur assure.ameli.fr, « Je crée mon compte ».",
                 "The number is checked here; the account is then created on assure.ameli.fr, “Je crée mon compte”."),
    page=None,
    submits="handoff",
    screens=(
        Screen("number", Both("Votre numéro", "Your number"), Both(
            "Un numéro commençant par 1 ou 2. Avec 3 à 8, il est provisoire : le compte devra attendre.",
            "A number that begins with 1 or 2. With 3 to 8 it is temporary: the account will have to wait."), (
            Field("nir", NIR, Both("Numéro de sécurité sociale", "Social Security number"), accepts=("temporary",),
                  check=_number, source="nirval"),
            Field("certified", YES_NO, Both("La caisse m'a écrit que ce numéro est définitif (ou j'ai une carte "
                                              "Vitale)",
                                              "The fund wrote that this number is permanent (or I have a health card)"),
                  when=_ABROAD, check=_certified, source="CSS R. 114-7"),
        )),
        Screen("person", Both("Vous", "You"), fields=(
            Field("last_name", NAME, Both("Nom", "Surname"), example="DUPONT"),
            Field("first_name", NAME, Both("Prénom", "First name"), example="Jeanne"),
            Field("birth_date", DATE, Both("Date de naissance", "Date of birth"), example="1955-06-15",
                  accepts=("past",), check=_birth, source="didac"),
            Field("postcode", POSTCODE, Both("Code postal", "Postcode")),
        )),
        Screen("proof", Both("Preuve et contact", "Proof and contact"), fields=(
            Field("proof", CHOICE, Both("Comment prouver que c'est vous ?", "How do you prove it is you?"),
                  choices=_PROOFS),
            Field("card_serial", TEXT, Both("Numéro de série de la carte", "Card serial number"), Both(
                "Carte avec photo : les 11 derniers chiffres, en haut à droite. Sans photo : 8 à 13 chiffres au dos.",
                "Card with a photograph: the last 11 digits, top right. Without: 8 to 13 digits on the back."),
                example="12345678901", when=_CARD, pattern=r"\d{8,13}", secret=True,
                pattern_words=Both("8 à 13 chiffres", "8 to 13 digits"), source="MES, a sister application"),
            Field("email", EMAIL, Both("Adresse e-mail", "E-mail address"),
                  Both("Personnelle : une adresse ne sert qu'à un compte.", "Personal: one address for one account."),
                  source="recrutement-emplois.com"),
            Field("mobile", PHONE, Both("Téléphone portable", "Mobile"), accepts=("mobile",)),
        )),
    ),
    next_steps=(
        Both("Ouvrez assure.ameli.fr, « Je crée mon compte », et recopiez ces informations.",
             "Open assure.ameli.fr, “Je crée mon compte”, and copy these details."),
        Both("Confirmez l'adresse e-mail par le lien reçu.", "Confirm the e-mail address by the link you receive."),
        Both("Puis : IBAN et adresse à vérifier, carte Vitale, médecin traitant, attestation à la complémentaire.",
             "Then: check IBAN and address, order the card, declare a doctor, send the certificate to the insurer."),
        Both("Numéro de série illisible : 34 22.", "Serial number illegible: 34 22."),
    ),
    fallbacks=(Both("Sans carte ni RIB connu : demandez un code provisoire.",
                    "No card and no known RIB: ask for a temporary code."), HOTLINE, ENGLISH, POST),
    computed=_notes, letter=_letter, place=_place, source="didacticiel.ameli.fr; nir-validation",
)
