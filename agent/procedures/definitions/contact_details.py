"""E-mail address and telephones; a lost mailbox is a matter for 36 46."""

from agent.procedures.answers import Answers
from agent.procedures.definitions._shared import DONE, ENGLISH, FALLBACKS, RECEIPT, choices
from agent.procedures.field_types import CHOICES, EMAIL, PHONE, YES_NO
from agent.procedures.model import Both, Field, Note, Procedure, Screen, When, World, when

_WHAT = choices(("email", "Adresse e-mail", "E-mail address"), ("mobile", "Téléphone portable", "Mobile"),
                ("phone", "Téléphone fixe", "Landline"))
_LOST = Both(
    "Boîte perdue : appelez le 36 46. Chaque nouvelle connexion demande un code envoyé à cette adresse : rien en ligne "
    "ne remplace l'appel.",
    "Mailbox lost: call 36 46 (in English 09 74 75 36 46). Every new sign-in needs a code sent to that address: "
    "nothing online replaces the call.")


def _chosen(name: str, fr: str, en: str) -> When:
    return when(lambda answers, _world: name in answers.several("change"), f"si {fr} change", f"if {en} changes")


_EMAIL = _chosen("email", "l'adresse e-mail", "the e-mail address")
_MOBILE = _chosen("mobile", "le portable", "the mobile")
_PHONE = _chosen("phone", "le téléphone fixe", "the landline")


def _reachable(works: bool, _answers: Answers, _world: World) -> Both | None:
    return None if works else _LOST


def _notes(answers: Answers, _world: World) -> tuple[Note, ...]:
    if not answers.get("email"):
        return ()
    notes = [Note("confirm", Both(
        "Confirmez par le lien reçu à la nouvelle adresse. Elle ne doit servir qu'à ce compte.",
        "Confirm by the link sent to the new address. It must be used by this account alone."), "warning")]
    if "+" in answers.text("email").rpartition("@")[0]:
        notes.append(Note("plus", Both(
            "Une adresse avec « + » peut être refusée : une application de l'Assurance Maladie ne les accepte pas.",
            "An address with “+” may be refused: an app of the health insurance does not take them."), "warning"))
    return tuple(notes)


def _letter(answers: Answers, _world: World) -> str:
    return "Je vous prie de bien vouloir enregistrer mes nouvelles coordonnées :\n\n" + "\n".join(
        f"{choice.label.fr} : {answers[choice.value]}" for choice in _WHAT if answers.get(choice.value))


PROCEDURE = Procedure(
    name="contact-details",
    title=Both("Changer d'adresse e-mail ou de téléphone", "Change my e-mail address or telephone"),
    who=Both("L'assuré.", "The insured person."),
    summary=Both("L'adresse e-mail reçoit les codes de connexion : gardez-la à jour.",
                 "The e-mail address receives the sign-in codes: keep it up to date."),
    page="as_info_perso_page",
    inbox=r"adresse (?:e mail|electronique|mail)|numero de telephone|coordonnees de contact",
    submits="portal",
    screens=(Screen("contact", Both("Nouvelles coordonnées", "New details"), fields=(
        Field("change", CHOICES, Both("Ce qui change", "What changes"), choices=_WHAT, example="email, mobile"),
        Field("email", EMAIL, Both("Nouvelle adresse e-mail", "New e-mail address"), when=_EMAIL,
              source="recrutement-emplois.com: one account for an address"),
        Field("old_mailbox_works", YES_NO,
              Both("Je lis encore mon ancienne boîte", "I can still read my old mailbox"),
              Both("Jusqu'au changement, elle reçoit encore le code de connexion.",
                   "Until the change, it still receives the sign-in code."), when=_EMAIL, check=_reachable),
        Field("mobile", PHONE, Both("Nouveau portable", "New mobile"), accepts=("mobile",), when=_MOBILE),
        Field("phone", PHONE, Both("Nouveau téléphone fixe", "New landline"), example="01 23 45 67 89", when=_PHONE),
    )),),
    next_steps=(RECEIPT, Both("Nouvelle adresse e-mail : ouvrez le lien de confirmation reçu.",
                              "New e-mail address: open the confirmation link you receive.")),
    fallbacks=(_LOST, ENGLISH, *FALLBACKS[:1], FALLBACKS[2]), stages=DONE, computed=_notes, letter=_letter,
    source="pages of the account, read on the wire",
)
