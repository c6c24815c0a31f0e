"""The questions about each stage of a newcomer's way to the card, and what the guide says there. Pure.

The stages themselves are in ``stages``; the questions are asked like those of a procedure.
"""

from agent.procedures.field_types import CHOICE, DATE, YES_NO, BadAnswer
from agent.procedures.model import AnyField, Both, Choice, Field, World
from agent.procedures.newcomer.stages import SITUATIONS, read_facts, where_am_i
from agent.procedures.registry import procedure
from agent.procedures.values import plain_value
from agent.protocol.newcomer import StageOfWay, Way
from agent.protocol.procedures import KeptAnswers, Mistake, ReadOnlyAnswers

_SITUATION_NAMES = {
    "employee": Both("salarié(e)", "employee"),
    "resident": Both("résident(e), sans emploi en France", "resident, without work in France"),
    "student": Both("étudiant(e)", "student"),
    "pensioner": Both("retraité(e) d'un autre État européen", "pensioner of another European state"),
    "family": Both("famille d'une personne assurée", "family of an insured person"),
}
SITUATION = Field(
    "situation", CHOICE, Both("Ma situation", "My situation"),
    Both("Elle décide des pièces, et s'il faut attendre trois mois.",
         "It decides on the papers, and on whether three months must pass."),
    choices=tuple(Choice(name, _SITUATION_NAMES[name]) for name in SITUATIONS))
_PAST = ("past",)
QUESTIONS: dict[str, tuple[AnyField, ...]] = {
    "arrived": (Field("arrived_on", DATE, Both("Arrivé(e) le", "Arrived on"), accepts=_PAST),),
    "residence": (Field(
        "exempt", YES_NO, Both("Dispensé(e) des trois mois", "Exempted from the three months"),
        Both("Par exemple pour rejoindre sa famille, ou avec certaines prestations.",
             "For instance to join one's family, or with some benefits.")),),
    "file": (Field("file_sent_on", DATE, Both("Dossier envoyé le", "File sent on"), accepts=_PAST),),
    "waiting_number": (Field(
        "waiting_number_on", DATE, Both("Premier numéro reçu le", "First number received on"), accepts=_PAST),),
    "certified": (
        Field("asked_civil_status_on", DATE,
              Both("Pièce d'état civil demandée le", "Civil-status document asked for on"), accepts=_PAST),
        Field("certified_on", DATE, Both("Numéro définitif reçu le", "Permanent number received on"),
              accepts=_PAST)),
    "account": (Field("account", YES_NO, Both("Compte ameli créé", "ameli account created")),),
    "card_order": (Field("card_ordered_on", DATE, Both("Carte commandée le", "Card ordered on"), accepts=_PAST),),
    "card": (Field("card", YES_NO, Both("Carte reçue", "Card received")),),
}
"""The questions of each stage; the last one of a stage is what puts it behind."""
GUIDE: dict[str, tuple[str, ...]] = {
    "arrived": ("joining", "how-it-works"),
    "residence": ("joining", "ame"),
    "file": ("joining", "civil-status"),
    "waiting_number": ("temporary-number", "waiting-for-number"),
    "certified": ("civil-status", "waiting-for-number", "nir"),
    "account": ("account-creation", "sign-in-trouble", "who-accepted"),
    "card_order": ("carte-vitale-order", "attending-doctor", "noemie"),
    "card": ("attestation", "after-number", "card-update"),
}
"""Subjects of the guide by stage."""
_GUIDE_BY_CASE = {"student": "students", "pensioner": "pensioners"}
EVERYBODY = ("hundred-percent-sante", "hospital-charges", "doctor-visit", "top-up-how", "contact-fund")
"""Subjects for whoever is new to the system, whatever the stage."""


def read_answers(given: ReadOnlyAnswers, world: World) -> tuple[KeptAnswers, list[Mistake]]:
    """The answers as they are kept (days as ISO text, an empty answer left out), and every mistake.

    A name that is no question is a mistake, too.
    """
    fields = {field.name: field for field in (SITUATION, *(field for stage in QUESTIONS.values() for field in stage))}
    kept: KeptAnswers = {}
    wrong: list[Mistake] = []
    for name, answer in given.items():
        if answer in (None, ""):
            continue
        if name not in fields:
            wrong.append(_mistake(name, Both("Cette question n'existe pas.", "There is no such question.")))
            continue
        try:
            kept[name] = plain_value(fields[name].read(answer, world))
        except BadAnswer as error:
            wrong.append(_mistake(name, error.words))
    return kept, wrong


def the_way(answers: ReadOnlyAnswers, world: World) -> Way:
    """The path of ``where_am_i``, each stage with its questions and links."""
    path = where_am_i(read_facts(answers), world.today)
    case = _GUIDE_BY_CASE.get(path["situation"])
    stages: list[StageOfWay] = []
    for reached in path["stages"]:
        name = reached["name"]
        subjects = (case, *GUIDE[name]) if case and name == "file" else GUIDE[name]
        stage: StageOfWay = {
            "name": name, "title_fr": reached["title_fr"], "title_en": reached["title_en"], "state": reached["state"],
            "text_fr": reached["text_fr"], "text_en": reached["text_en"], "papers": reached["papers"],
            "clocks": reached["clocks"], "procedure": reached["procedure"],
            "questions": [field.name for field in QUESTIONS[name]], "guide": list(subjects)}
        if reached["procedure"]:
            title = procedure(reached["procedure"]).title
            stage["opens_fr"], stage["opens_en"] = title.fr, title.en
        stages.append(stage)
    return {**path, "stages": stages}


def _mistake(name: str, words: Both) -> Mistake:
    return {"field": name, "message_fr": words.fr, "message_en": words.en}
