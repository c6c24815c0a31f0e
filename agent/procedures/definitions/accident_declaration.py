"""An accident caused by another person: the fund can then ask that person's insurer for what it paid."""

from agent.procedures.answers import Answers
from agent.procedures.definitions._shared import DONE, FALLBACKS, RECEIPT, choices, day, holder, inline, label, paper
from agent.procedures.field_types import CHOICE, DATE, NAME, PERSON, TEXT, YES_NO
from agent.procedures.model import Both, Field, Note, Procedure, Screen, World, equals

_KINDS = choices(
    ("road", "Circulation", "Road traffic"), ("animal", "Animal", "Animal"),
    ("sport", "Sport ou loisir", "Sport, leisure"),
    ("assault", "Coups et blessures", "Assault"), ("medical", "Accident médical", "Medical accident"),
    ("home", "Chute ou accident chez un tiers", "Fall or accident at another's place"), ("other", "Autre", "Other"))
_KNOWN = equals("other_known", True)


def _notes(answers: Answers, _world: World) -> tuple[Note, ...]:
    notes = [Note("tell", Both(
        "Dites aussi aux soignants que c'est un accident causé par un tiers.",
        "Also tell those who treat you that the accident was caused by another person."))]
    if answers.get("at_work"):
        notes.append(Note("work", Both(
            "Accident du travail ou de trajet : prévenez l'employeur, qui le déclare ; ceci vient en plus.",
            "Accident at work or on the way: tell the employer, who declares it; this comes on top."), "warning"))
    return tuple(notes)


def _letter(answers: Answers, _world: World) -> str:
    parts = [f"Je vous déclare l'accident dont {answers['person']} a été victime le "
             f"{day(answers.day('accident_date'))} ({inline(label(_KINDS, answers.text('kind')))}) "
             f"à {answers['place']}, causé par un tiers.",
             f"Circonstances : {answers['circumstances']}"]
    if answers.get("injuries"):
        parts.append(f"Blessures : {answers['injuries']}")
    if answers["other_known"]:
        insurer = f", assuré auprès de {answers['other_insurer']}" if answers.get("other_insurer") else ""
        policy = f", contrat {answers['other_policy']}" if answers.get("other_policy") else ""
        parts.append(f"Tiers en cause : {answers['other_name']}{insurer}{policy}.")
    else:
        parts.append("Le tiers n'est pas identifié.")
    parts.append("Plainte ou rapport de police : " + ("oui." if answers["police"] else "non."))
    return "\n\n".join(parts)


PROCEDURE = Procedure(
    name="accident-declaration",
    title=Both("Déclarer un accident causé par un tiers", "Report an accident caused by another person"),
    who=Both("La victime, ou l'assuré pour une personne du compte.",
             "The injured person, or the insured person for somebody on the account."),
    summary=Both("Vos remboursements ne changent pas ; la caisse se retourne contre le responsable.",
                 "Your refunds stay the same; the fund turns to whoever is responsible."),
    page="as_declarer_accident_cause_par_tiers_page",
    inbox=r"\baccident\b",
    submits="portal",
    screens=(
        Screen("accident", Both("L'accident", "The accident"), fields=(
            Field("person", PERSON, Both("Victime", "Injured person"), prefill=holder),
            Field("accident_date", DATE, Both("Date de l'accident", "Date of the accident"), example="2026-11-10",
                  accepts=("past",)),
            Field("place", TEXT, Both("Lieu", "Place"), example="Lyon", longest=80),
            Field("kind", CHOICE, Both("Nature", "Kind"), choices=_KINDS),
            Field("at_work", YES_NO, Both("Au travail ou sur le trajet", "At work or on the way to it")),
            Field("circumstances", TEXT, Both("Circonstances", "Circumstances"),
                  Both("Ce qui s'est passé, en quelques phrases.", "What happened, in a few sentences."),
                  example="Renversé par une voiture sur un passage piéton.", longest=3000, accepts=("lines",)),
            Field("injuries", TEXT, Both("Blessures (facultatif)", "Injuries (optional)"), example="Poignet cassé",
                  required=False, longest=500),
        )),
        Screen("other", Both("L'autre personne", "The other person"), fields=(
            Field("other_known", YES_NO, Both("Le responsable est connu", "The person responsible is known")),
            Field("other_name", NAME, Both("Nom du responsable", "That person's name"), example="DURAND Paul",
                  when=_KNOWN),
            Field("other_insurer", TEXT, Both("Son assureur (facultatif)", "Their insurer (optional)"),
                  example="ASSURANCE EXEMPLE", required=False, longest=120, when=_KNOWN),
            Field("other_policy", TEXT, Both("Numéro de contrat (facultatif)", "Policy number (optional)"),
                  example="P1234", required=False, longest=60, when=_KNOWN),
            Field("police", YES_NO, Both("Plainte, constat ou rapport", "Complaint, statement or police report")),
        )),
    ),
    papers=(
        paper("statement", "Constat, plainte ou rapport", "Statement, complaint or report",
              needed=equals("police", True)),
        paper("certificate", "Certificat médical", "Medical certificate", needed=False),
    ),
    next_steps=(RECEIPT, Both("Prévenez aussi votre propre assureur (auto, habitation).",
                              "Also tell your own insurer (car, home).")),
    fallbacks=FALLBACKS, stages=DONE, computed=_notes, letter=_letter, source="page of the account, read on the wire",
)
