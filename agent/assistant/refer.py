"""Whom to turn to: emergencies, questions about health itself, and everything the guide does not know."""

from dataclasses import dataclass
from datetime import datetime, time
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import yaml

from agent.assistant.words import Lang, fold

Urgent = Literal["emergency", "medical"]

CERTAINTY: dict[str, dict[Lang, str]] = {
    "law": {"fr": "texte de loi", "en": "law"},
    "official": {"fr": "source officielle", "en": "official source"},
    "reported": {"fr": "rapporté, à vérifier", "en": "reported, to be checked"},
    "ours": {"fr": "fonctionnement de ce programme", "en": "how this program works"},
}

_EMERGENCY = (
    "crise cardiaque", "arret cardiaque", "infarctus", "ne respire plus", "n'arrive plus a respirer", "suicid",
    "me tuer", "avc", "hemorragie", "saigne beaucoup", "inconscient", "evanoui", "overdose", "convulsion",
    "heart attack", "cardiac arrest", "not breathing", "can't breathe", "cannot breathe", "kill myself",
    "pain in my chest", "chest pain", "mal a la poitrine", "douleur dans la poitrine", "douleur thoracique",
    "bleeding heavily", "unconscious", "having a stroke", "seizure", "c'est une urgence vitale", "life-threatening",
)
_MEDICAL = (
    "j'ai mal a", "j'ai mal au", "mal de tete", "mal au ventre", "mal a la gorge", "douleur", "symptome", "posologie",
    "effets secondaires", "effet secondaire", "quel medicament prendre", "quel medicament pour",
    "que prendre contre", "puis-je prendre", "puis je prendre", "peut-on prendre", "diagnostic", "de la fievre",
    "j'ai des boutons", "est-ce grave", "est ce grave", "quelle dose", "quel traitement", "arreter mon traitement",
    "arreter de prendre", "tension arterielle", "suis-je enceinte", "suis je enceinte", "nausee", "vertige",
    "i have a fever", "headache", "stomach ache", "sore throat", "my back hurts", "it hurts", "symptom",
    "side effect", "dosage", "which medicine should", "what medicine should", "what should i take for",
    "can i take", "should i take", "is it safe to take", "diagnos", "what dose", "which treatment", "rash", "dizzy",
    "des boutons", "can i mix", "puis-je melanger", "peut-on melanger", "avec de l'alcool", "stop taking",
    "stop my treatment", "am i pregnant", "blood pressure", "antibiotic should",
)


@dataclass(frozen=True, slots=True)
class Line:
    """A telephone line."""

    name: dict[Lang, str]
    number: str
    from_abroad: str
    days: frozenset[int]
    """Days of the week, Monday 0."""
    opens: time
    closes: time
    varies: bool
    """Hours change from one département to the other."""

    def open_at(self, moment: datetime) -> bool:
        """Whether somebody should answer; public holidays are not known here."""
        return moment.weekday() in self.days and self.opens <= moment.time() < self.closes


@cache
def lines() -> dict[str, Line]:
    """The lines of ``config/contacts.yaml``, by name."""
    table: dict[str, Any] = yaml.safe_load(files("config").joinpath("contacts.yaml").read_text(encoding="utf-8"))
    return {
        name: Line(
            {"fr": body["name"]["fr"], "en": body["name"]["en"]}, body["number"], body.get("from_abroad", ""),
            frozenset(body["days"]), time.fromisoformat(body["opens"]), time.fromisoformat(body["closes"]),
            bool(body.get("varies", False)),
        )
        for name, body in table["lines"].items()
    }


def urgent(question: str, lang: Lang) -> Urgent | None:
    """Whether a question is about health itself: an emergency, or advice that only a professional gives."""
    folded = fold(question)
    if any(sign in folded for sign in _EMERGENCY):
        return "emergency"
    return "medical" if any(sign in folded for sign in _MEDICAL) and not _about_money(folded) else None


def _about_money(folded: str) -> bool:
    """"Is a headache medicine refunded" is a question for us; "what do I take for a headache" is not."""
    signs = ("rembours", "refund", "reimburs", "pris en charge", "prise en charge", "covered", "cost", "price", "coute",
             "prix", "tarif", "franchise", "paye", "paid", "pay ", "euro")
    return any(sign in folded for sign in signs)


def urgent_text(kind: Urgent, lang: Lang) -> str:
    """What to do now."""
    if kind == "emergency":
        return ("Appelez tout de suite le 15 (Samu) ou le 112, gratuits jour et nuit ; par SMS le 114 si vous ne pouvez"
                " pas parler. Pour des idées suicidaires : 3114, jour et nuit." if lang == "fr" else
                "Call 15 (ambulance) or 112 now, free day and night; text 114 if you cannot speak. For suicidal"
                " thoughts: 3114, day and night.")
    return ("Je ne donne aucun avis médical. Votre pharmacien ou votre médecin peut répondre ; la nuit et le week-end,"
            " appelez le 116 117 ou le 15, et le 15 ou le 112 en cas d'urgence. Je peux en revanche vous dire comment"
            " des soins sont remboursés." if lang == "fr" else
            "I never give medical advice. Your pharmacist or doctor can answer; at night and at week-ends call 116 117"
            " or 15, and 15 or 112 in an emergency. What I can tell you is how care is refunded.")


def unknown_text(lang: Lang, now: datetime) -> str:
    """That the guide has no answer, and who has."""
    french, english = lines()["fund"], lines()["english"]
    if lang == "fr":
        head = "Je ne sais pas répondre à cette question, et je préfère le dire que deviner."
        return f"{head} Vous pouvez demander :\n- {_line(french, lang, now)}\n- un conseiller, par un message."
    head = "I do not know the answer to that, and would rather say so than guess."
    return (f"{head} You can ask:\n- {_line(english, lang, now)}\n- {_line(french, lang, now)}\n"
            "- an adviser, by a message.")


def call_shape(name: str, now: datetime) -> dict[str, Any]:
    """One of ``lines`` as JSON: ``number``, ``hours``, ``open`` (now), and all of it in words, ``text_fr/en``."""
    line = lines()[name]
    return {"name": name, "number": line.number, "hours": f"{line.opens:%H:%M}–{line.closes:%H:%M}",
            "open": line.open_at(now), "text_fr": _line(line, "fr", now), "text_en": _line(line, "en", now)}


def _line(line: Line, lang: Lang, now: datetime) -> str:
    hours = f"{line.opens:%H:%M}–{line.closes:%H:%M}"
    if lang == "fr":
        state = "ouvert en ce moment" if line.open_at(now) else "fermé en ce moment"
        varies = ", selon le département" if line.varies else ""
        abroad = f" ; de l'étranger {line.from_abroad}" if line.from_abroad else ""
        return f"{line.name[lang]} : {line.number}, du lundi au vendredi {hours}{varies} ({state}{abroad})"
    state = "open now" if line.open_at(now) else "closed now"
    varies = ", depending on the département" if line.varies else ""
    abroad = f"; from abroad {line.from_abroad}" if line.from_abroad else ""
    return f"{line.name[lang]}: {line.number}, Monday to Friday {hours}{varies} ({state}{abroad})"
