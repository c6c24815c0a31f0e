"""Attending doctor (médecin traitant): the doctor declares online, or both sign a form."""

from agent.procedures.answers import Answers
from agent.procedures.deadlines.days import amount
from agent.procedures.definitions._shared import DONE, FALLBACKS, RECEIPT, age, choices, holder, paper
from agent.procedures.field_types import CHOICE, NAME, PERSON, TEXT
from agent.procedures.model import Both, Field, Note, Procedure, Screen, World, equals

_WAYS = choices(
    ("form", "Formulaire S3704 signé par nous deux", "Form S3704 signed by us both"),
    ("online", "Le médecin fera la déclaration en ligne", "The doctor will declare it online"),
    ("none", "Aucun médecin n'accepte", "No doctor accepts"))
_FORM = equals("way", "form")


def _way(value: str, _answers: Answers, _world: World) -> Both | None:
    if value == "online":
        return Both("Rien à envoyer : présentez votre carte Vitale au médecin, sa déclaration en ligne est immédiate.",
                    "Nothing to send: show your health card to the doctor, whose declaration online is immediate.")
    if value == "none":
        return Both("Demandez au conciliateur de votre caisse : il cherche avec vous. Écrivez par la messagerie ou "
                    "appelez le 36 46.",
                    "Ask your fund's conciliator (conciliateur), who looks with you. Write through the inbox or call "
                    "36 46.")
    return None


def _notes(answers: Answers, world: World) -> tuple[Note, ...]:
    years, least = age(answers.text("person"), world), amount("procedures.doctor_age", world.today)
    notes = [Note("free", Both("Vous pouvez changer à tout moment, sans raison : la nouvelle déclaration remplace "
                               "l'ancienne.", "You may change at any time, without a reason: the new declaration "
                               "replaces the old one."), source="service-public")]
    if years is not None and years < least:
        notes.append(Note("child", Both(
            f"Avant {least} ans, c'est facultatif et les remboursements ne changent pas.",
            f"Under {least} it is optional and refunds stay the same."), source="service-public"))
    return tuple(notes)


def _letter(answers: Answers, _world: World) -> str:
    return (f"Je vous adresse la déclaration de choix du médecin traitant de {answers['person']} (formulaire S3704, "
            f"cerfa 12485), signée par l'assuré et par le docteur {answers['doctor']}.")


PROCEDURE = Procedure(
    name="attending-doctor",
    title=Both("Déclarer un médecin traitant", "Declare an attending doctor (médecin traitant)"),
    who=Both("Toute personne du compte ; attendu à partir de 16 ans.", "Anybody on the account; expected from 16."),
    summary=Both("Le plus simple : le médecin le déclare en ligne avec la carte Vitale. Sinon, un formulaire "
                 "signé à deux.",
                 "Simplest: the doctor declares it online with your health card. Otherwise a form signed by both."),
    page=None,
    inbox=r"medecin traitant",
    submits="portal",
    screens=(Screen("doctor", Both("Le médecin", "The doctor"), Both(
        "Sans médecin traitant, hors parcours de soins, l'Assurance Maladie rembourse moins.",
        "Without one, outside the care pathway, the health insurance pays back less."), (
        Field("person", PERSON, Both("Pour qui ?", "For whom?"), prefill=holder),
        Field("way", CHOICE, Both("Comment ?", "How?"), choices=_WAYS, check=_way, source="service-public"),
        Field("doctor", NAME, Both("Nom du médecin", "Doctor's name"), example="MARTIN Claire", when=_FORM),
        Field("doctor_rpps", TEXT, Both("Numéro RPPS (facultatif)", "RPPS number (optional)"),
              Both("11 chiffres, sur les ordonnances.", "11 digits, on prescriptions."), example="10101234567",
              required=False, when=_FORM, pattern=r"\d{11}", pattern_words=Both("11 chiffres", "11 digits")),
    )),),
    papers=(paper("form", "Formulaire S3704 signé", "Signed form S3704",
                  "Cerfa 12485, signé par le médecin et par l'assuré.",
                  "Cerfa 12485, signed by the doctor and the insured person.", needed=_FORM, source="service-public"),),
    next_steps=(RECEIPT, Both("Le médecin apparaît dans « Mes informations » et sur l'attestation de droits.",
                              "The doctor appears under “Mes informations” and on the entitlement certificate.")),
    fallbacks=FALLBACKS, stages=DONE, computed=_notes, letter=_letter, source="service-public; cerfa 12485",
)
