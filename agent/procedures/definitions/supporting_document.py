"""Sending a document, or completing a file within the days the notice leaves."""

from datetime import date

from agent.procedures.answers import Answers
from agent.procedures.deadlines.days import after
from agent.procedures.definitions._shared import FALLBACKS, RECEIPT, choices, day, paper
from agent.procedures.field_types import CHOICE, DATE, TEXT
from agent.procedures.model import Both, Clock, Field, Note, Procedure, Screen, World, equals

_WHY = choices(
    ("file_to_complete", "Un message demande de compléter un dossier", "A message asks me to complete a file"),
    ("own_initiative", "J'envoie une pièce de moi-même", "I send a document on my own initiative"))
_NOTICE = equals("why", "file_to_complete")


def _late(value: date, _answers: Answers, world: World) -> Both | None:
    end = after(value, "procedures.complete_file", on=world.today)
    if world.today > end:
        return Both(f"La demande en ligne n'était visible que jusqu'au {day(end)} : envoyez la pièce par courrier "
                    f"ou par la "
                    "messagerie, et appelez le 36 46.",
                    f"The notice was shown online until {end.isoformat()} only: send the document by post or through "
                    "the inbox, and call 36 46.")
    return None


def _notes(answers: Answers, world: World) -> tuple[Note, ...]:
    if answers["why"] != "file_to_complete":
        return ()
    end = after(answers.day("asked_on"), "procedures.complete_file", on=world.today)
    left = (end - world.today).days
    return (Note("left", Both(f"À envoyer avant le {day(end)} : il reste {left} jour(s).",
                              f"To be sent by {end.isoformat()}: {left} day(s) left."), "warning", source="CPAM21"),
            Note("each", Both("Il y a une demande par démarche : répondez à chacune.",
                              "There is one notice per procedure: answer each."), source="ameli.fr"))


def _letter(answers: Answers, _world: World) -> str:
    parts = [f"Je vous adresse la pièce jointe au sujet de : {answers['subject']}."]
    if answers.get("asked_on"):
        parts.append(f"Elle complète le dossier pour lequel vous m'avez écrit le {day(answers.day('asked_on'))}"
                     + (f" (référence {answers['reference']})." if answers.get("reference") else "."))
    if answers.get("note"):
        parts.append(str(answers["note"]))
    return "\n\n".join(parts)


def _subject(value: str, _answers: Answers, _world: World) -> Both | None:
    if len(value) < 3:
        return Both("Dites de quel dossier il s'agit.", "Say which file it is about.")
    return None


PROCEDURE = Procedure(
    name="supporting-document",
    title=Both("Envoyer une pièce ou compléter un dossier", "Send a document or complete a file"),
    who=Both("L'assuré à qui la caisse demande une pièce.", "An insured person whom the fund asks for a document."),
    summary=Both("Un dossier à compléter reste affiché 21 jours dans le compte.",
                 "A file to complete is shown in the account for 21 days."),
    page="as_accueil_page",
    inbox=r"justificatif|documents? (?:recu|transmis)|pieces? (?:recues?|transmises?)",
    submits="portal",
    screens=(Screen("document", Both("La pièce", "The document"), fields=(
        Field("why", CHOICE, Both("Pourquoi ?", "Why?"), choices=_WHY),
        Field("asked_on", DATE, Both("Date du message", "Date of the message"), example="2026-11-16",
              accepts=("past",), when=_NOTICE, check=_late, source="CPAM21"),
        Field("reference", TEXT, Both("Référence (facultatif)", "Reference (optional)"), example="D2611-0042",
              required=False, longest=60, when=_NOTICE),
        Field("subject", TEXT, Both("Démarche ou dossier concerné", "Procedure or file concerned"),
              example="Complémentaire santé solidaire", longest=120, check=_subject),
        Field("note", TEXT, Both("Précision (facultatif)", "Remark (optional)"), example="Avis d'impôt 2026",
              required=False, longest=1000, accepts=("lines",)),
    )),),
    papers=(paper("document", "Document", "Document",
                  "Lisible et entier. Le type et le poids admis sont affichés par le service ; ici 10 Mo au plus.",
                  "Legible and whole. The service shows the type and size it takes; here 10 MB at most.", several=5,
                  source="CNAM-DS3"),),
    clocks=(Clock("complete", Both("Dernier jour pour compléter en ligne", "Last day to complete online"),
                  "answer:asked_on", "procedures.complete_file", "duty", "CPAM21"),),
    next_steps=(RECEIPT,), fallbacks=FALLBACKS,
    stages=(("received", Both("Pièce reçue", "Document received")), ("checked", Both("Pièce lue", "Document read")),
            ("done", Both("Rattachée au dossier", "Attached to the file"))),
    computed=_notes, letter=_letter, source="ameli.fr; solidarite.ameli-cpam21.fr",
)
