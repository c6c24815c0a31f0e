"""Whom to turn to: in an emergency, for advice about health, and for everything the guide does not know."""

from dataclasses import dataclass
from datetime import datetime, time
from functools import cache
from importlib.resources import files
from typing import Literal, NotRequired, TypedDict

from agent.assistant.stemming import Lang
from agent.assistant.tables import read_table
from agent.protocol.newcomer import PhoneLine

Urgent = Literal["emergency", "distress", "medical"]

CERTAINTY: dict[str, dict[Lang, str]] = {
    "law": {"fr": "texte de loi", "en": "law"},
    "official": {"fr": "source officielle", "en": "official source"},
    "reported": {"fr": "rapporté, à vérifier", "en": "reported, to be checked"},
    "ours": {"fr": "fonctionnement de ce programme", "en": "how this program works"},
}

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


class _Name(TypedDict):
    fr: str
    en: str


class _WrittenLine(TypedDict):
    """A line in ``config/contacts.yaml``."""

    name: _Name
    number: str
    from_abroad: NotRequired[str]
    days: list[int]
    opens: str
    closes: str
    varies: NotRequired[bool]


class _Contacts(TypedDict):
    lines: dict[str, _WrittenLine]


@cache
def lines() -> dict[str, Line]:
    """The lines of ``config/contacts.yaml``, by name."""
    table = read_table(files("config").joinpath("contacts.yaml"), _Contacts)
    return {
        name: Line(
            {"fr": line["name"]["fr"], "en": line["name"]["en"]}, line["number"], line.get("from_abroad", ""),
            frozenset(line["days"]), time.fromisoformat(line["opens"]), time.fromisoformat(line["closes"]),
            line.get("varies", False),
        )
        for name, line in table["lines"].items()
    }


def urgent_text(kind: Urgent, lang: Lang) -> str:
    """What to do now."""
    if kind == "distress":
        return ("Vous n'êtes pas seul·e : appelez le 3114, gratuit, jour et nuit, pour vous ou pour quelqu'un d'autre."
                " En danger immédiat, appelez le 15 (Samu) ou le 112 ; par SMS le 114 si vous ne pouvez pas parler."
                if lang == "fr" else
                "You are not alone: call 3114, free, day and night, for yourself or for somebody else. In immediate"
                " danger call 15 (ambulance) or 112; text 114 if you cannot speak.")
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


def call_shape(name: str, now: datetime) -> PhoneLine:
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
