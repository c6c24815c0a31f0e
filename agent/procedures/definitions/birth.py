"""A birth: one declaration for both parents, so that the child is covered through each."""

from datetime import date

from agent.procedures.answers import Answers
from agent.procedures.deadlines.days import after, age_on
from agent.procedures.definitions._shared import DONE, FALLBACKS, RECEIPT, UPDATE_CARD, choices, day, paper
from agent.procedures.field_types import CHOICE, COUNTRY, DATE, GROUP, NAME, NIR, TEXT
from agent.procedures.model import Both, Clock, Field, Note, Procedure, Screen, World, equals

_PARENTS = choices(
    ("insured", "Assuré en France : j'ai son numéro", "Insured in France: I have their number"),
    ("elsewhere", "Non assuré en France", "Not insured in France"), ("none", "Pas d'autre parent", "No other parent"))
_OTHER = equals("other_parent", "insured")
_PAPER_FORM = Both(
    "formulaire S3705 (cerfa 14445), signé des deux parents, avec l'acte de naissance ou le livret de famille",
    "form S3705 (cerfa 14445), signed by both parents, with the birth certificate or the family record book")


def _abroad(value: str, _answers: Answers, _world: World) -> Both | None:
    if value != "FR":
        return Both(f"Né à l'étranger : la déclaration en ligne ne le permet pas. Envoyez le {_PAPER_FORM.fr}.",
                    f"Born abroad: this cannot be declared online. Send {_PAPER_FORM.en}.")
    return None


def _parent(value: str, _answers: Answers, _world: World) -> Both | None:
    if value == "elsewhere":
        return Both(f"Les deux parents doivent être assurés en France pour déclarer en ligne. Envoyez le "
                    f"{_PAPER_FORM.fr}.",
                    f"Both parents must be insured in France to declare online. Send {_PAPER_FORM.en}.")
    return None


def _town_hall(value: date, answers: Answers, _world: World) -> Both | None:
    born = [child.day("birth_date") for child in answers.group("children") if "birth_date" in child]
    if born and value < min(born):
        return Both("La mairie ne peut pas avoir enregistré la naissance avant le jour de la naissance.",
                    "The town hall cannot have recorded the birth before the day of birth.")
    return None


def _child(value: date, _answers: Answers, world: World) -> Both | None:
    if age_on(value, world.today) >= 1:
        return Both("Cette déclaration est celle d'un nouveau-né. Pour un enfant plus grand : formulaire S3705.",
                    "This declaration is for a newborn. For an older child: form S3705.")
    return None


def _notes(answers: Answers, world: World) -> tuple[Note, ...]:
    notes = []
    first, last = (after(answers.day("declared_on"), f"procedures.{name}", on=world.today)
                   for name in ("birth_ameli_from", "birth_ameli"))
    if world.today < last:
        notes.append(Note("early", Both(
            f"Le compte accepte la déclaration 5 à 8 jours après la mairie, soit entre le {day(first)} et le "
            f"{day(last)}, "
            "d'après des guides : si elle est refusée, recommencez alors.",
            f"The account takes the declaration 5 to 8 days after the town hall, {first} to {last}, as guides report: "
            "if it is refused, try again then."), "warning", source="EUROPATERNITE"))
    notes.append(Note("both", Both(
        "Une seule déclaration suffit : elle rattache l'enfant aux deux parents.",
        "One declaration is enough: it puts the child on both parents' files.") if answers["other_parent"] == "insured"
        else Both("L'enfant est rattaché à votre dossier.", "The child is put on your file."), "good"))
    notes.append(Note("after", Both(
        "Ensuite : carte Vitale à mettre à jour, complémentaire à prévenir, médecin à choisir, carte européenne.",
        "Then: update the health card, tell the top-up insurer, choose a doctor, order the European card.")))
    return tuple(notes)


def _letter(answers: Answers, _world: World) -> str:
    lines = [f"{child['first_names']} {child['last_name']}, né(e) le {day(child.day('birth_date'))} (département "
             f"{child['birth_departement']})" for child in answers.group("children")]
    parts = ["Je vous déclare la naissance et demande le rattachement de :\n\n" + "\n".join(lines)]
    if answers["other_parent"] == "insured":
        parts.append(f"Autre parent : {answers['other_parent_first_name']} {answers['other_parent_last_name']}, numéro "
                     f"{answers['other_parent_nir']}. Je demande le rattachement aux deux parents.")
    return "\n\n".join(parts)


def _departement(value: str, _answers: Answers, _world: World) -> Both | None:
    if value in ("00", "20", "96", "97", "98", "99"):
        return Both("Ce n'est pas un département : 01 à 95, 2A, 2B, 971 à 978.",
                    "This is no département: 01 to 95, 2A, 2B, 971 to 978.")
    return None


PROCEDURE = Procedure(
    name="birth",
    title=Both("Déclarer un nouveau-né", "Register a newborn"),
    who=Both("L'un ou l'autre parent, pour un enfant né en France de parents assurés en France.",
             "Either parent, for a child born in France to parents insured in France."),
    summary=Both("D'abord la mairie, sous 5 jours ; puis le compte, 5 à 8 jours après. L'enfant est couvert par "
                 "ses deux "
                 "parents.",
                 "First the town hall, within 5 days; then the account, 5 to 8 days later. The child is covered "
                 "through "
                 "both parents."),
    page="as_declarer_naissance_page",
    inbox=r"nouveau ne\b|naissance",
    submits="portal",
    screens=(
        Screen("children", Both("L'enfant", "The child"), Both(
            "La mairie d'abord : elle enregistre la naissance sous 5 jours (Code civil, article 55).",
            "The town hall first: it records the birth within 5 days (Code civil, article 55)."), (
            Field("birth_country", COUNTRY, Both("Pays de naissance", "Country of birth"), example="FR",
                  prefill=lambda _world: "FR", check=_abroad, source="ameli.fr"),
            Field("children", GROUP, Both("Enfant", "Child"), least=1, most=6, fields=(
                Field("first_names", NAME, Both("Prénom(s)", "First name(s)"), example="Léa"),
                Field("last_name", NAME, Both("Nom", "Surname"), example="DUPONT"),
                Field("birth_date", DATE, Both("Date de naissance", "Date of birth"), example="2026-11-08",
                      accepts=("past",), check=_child),
                Field("birth_departement", TEXT, Both("Département de naissance", "Département of birth"),
                      example="69", pattern=r"(?:\d{2}|2[AB]|97[1-8])", check=_departement,
                      pattern_words=Both("01 à 95, 2A, 2B ou 971 à 978", "01 to 95, 2A, 2B or 971 to 978")),
            )),
            Field("declared_on", DATE, Both("Déclaré à la mairie le", "Declared at the town hall on"),
                  example="2026-11-10", accepts=("past",), check=_town_hall),
        )),
        Screen("parents", Both("L'autre parent", "The other parent"), fields=(
            Field("other_parent", CHOICE, Both("L'autre parent est", "The other parent is"), choices=_PARENTS,
                  check=_parent, source="ameli.fr"),
            Field("other_parent_last_name", NAME, Both("Son nom", "Their surname"), example="MARTIN", when=_OTHER),
            Field("other_parent_first_name", NAME, Both("Son prénom", "Their first name"), example="Paul",
                  when=_OTHER),
            Field("other_parent_nir", NIR, Both("Son numéro de sécurité sociale", "Their Social Security number"),
                  example="1 55 06 99 999 999 84", when=_OTHER, secret=True),
        )),
    ),
    papers=(paper("birth_certificate", "Acte de naissance ou livret de famille",
                  "Birth certificate or family record book", "Par courrier seulement ; rien n'est demandé en ligne.",
                  "By post only; nothing is asked for online.", needed=False, several=4, source="service-public"),),
    clocks=(
        Clock("from", Both("Le compte accepte, au plus tôt (rapporté)", "The account takes it from (reported)"),
              "answer:declared_on", "procedures.birth_ameli_from", "estimate", "EUROPATERNITE"),
        Clock("surely", Both("Le compte accepte, au plus tard (rapporté)", "The account takes it by (reported)"),
              "answer:declared_on", "procedures.birth_ameli", "estimate", "EUROPATERNITE"),
    ),
    next_steps=(RECEIPT, UPDATE_CARD, Both("Prévenez la complémentaire.", "Tell the top-up insurer.")),
    fallbacks=(Both(f"Par courrier : {_PAPER_FORM.fr}, chacun à sa caisse.",
                    f"By post: {_PAPER_FORM.en}, each to their own fund."), *FALLBACKS),
    stages=DONE, computed=_notes, letter=_letter, source="ameli.fr; service-public; cerfa 14445",
)
