"""The service's pages that no longer read, told to a person: what was expected, what is there, what can be done."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from agent.portal.changes.page_names import in_lang

if TYPE_CHECKING:
    from agent.protocol.problems import Bilingual
    from agent.protocol.process import Finding, PageChange


class Both(NamedTuple):
    """A sentence in both languages."""

    fr: str
    en: str

    def shape(self) -> Bilingual:
        """As it travels."""
        return {"fr": self.fr, "en": self.en}


_KEPT = Both("tout ce qui est déjà ici, et les autres pages", "all that is here already, and the other pages")
_WORKS = {
    "sign-in": Both("tout ce qui est déjà ici se lit ; rien de nouveau ne vient",
                    "all that is here already can be read; nothing new comes"),
    "token": Both("relevés mensuels et profil ; ni paiements ni pièces des messages",
                  "monthly statements and profile; neither payments nor the files of messages"),
    "payment-detail": Both("la liste des paiements avec ses montants ; les détails suivront",
                           "the list of payments with its amounts; the details will follow"),
    "payment-list": Both("relevés mensuels, messages et profil", "monthly statements, messages and profile"),
    "payments": Both("les paiements des six derniers mois, et tout le reste",
                     "the payments of the last six months, and all the rest"),
    "statements": Both("paiements, messages et profil", "payments, messages and profile"),
    "inbox": Both("paiements, relevés et profil", "payments, statements and profile"),
    "profile": Both("paiements, relevés et messages", "payments, statements and messages"),
}
_MEANWHILE = {
    "sign-in": Both("connectez-vous avec votre navigateur ; « ameli import » lit une session enregistrée (HAR)",
                    "sign in with your browser; `ameli import` reads a recorded session (HAR)"),
    "payment-list": Both("« ameli import » lit vos décomptes (PDF) et une session enregistrée (HAR)",
                         "`ameli import` reads your statements (PDF) and a recorded session (HAR)"),
    "statements": Both("téléchargez les relevés avec votre navigateur, puis « ameli import »",
                       "download the statements with your browser, then `ameli import`"),
    "attestation": Both("téléchargez l'attestation avec votre navigateur",
                        "download the certificate with your browser"),
}
_BY_HAND = Both("cette page reste lisible sur ameli.fr, avec votre navigateur",
                "this page can still be read on ameli.fr, with your browser")


def headline(change: PageChange) -> Both:
    """One sentence: which page, what is missing, and what seems to have taken its place."""
    missing = change["missing"]
    moved = _moved(change)
    return Both(
        f"la page « {change['page']} » a changé : {missing} introuvable{moved.fr}",
        f"the page “{change['page_en']}” has changed: {in_lang(missing, 'en')} not found{moved.en}")


def _moved(change: PageChange) -> Both:
    """The part most likely to have taken the place of the missing one."""
    gone, new = change["gone"], change["new"]
    if len(gone) == 1 and len(new) == 1:
        return Both(f" ({gone[0]} → {new[0]})", f" ({gone[0]} → {new[0]})")
    if change["status"] not in (200, None):
        return Both(f" (réponse {change['status']})", f" (answer {change['status']})")
    return Both("", "")


def details(change: PageChange) -> list[Both]:
    """What was expected, what is there instead, since when, what works, what to do."""
    sought = [Both(one, in_lang(one, "en")) for one in change["expected"]]
    lines = [Both(f"attendu : {_list([one.fr for one in sought])}", f"expected: {_list([one.en for one in sought])}")]
    if change["status"] not in (200, None):
        lines.append(Both(f"réponse du service : {change['status']}", f"the service's answer: {change['status']}"))
    if change["gone"]:
        lines.append(Both(f"disparu : {_list(change['gone'])}", f"gone: {_list(change['gone'])}"))
    if change["new"]:
        lines.append(Both(f"nouveau : {_list(change['new'])}", f"new: {_list(change['new'])}"))
    since, times = datetime.fromisoformat(change["since"]).date(), change["count"]
    good = change["known_good"]
    seen = Both(f" ({times} fois)", f" ({times} times)") if times > 1 else Both("", "")
    lines.append(Both(
        f"depuis le {since:%d/%m/%Y}{seen.fr}" + (f", forme connue le {_day(good)}" if good else ""),
        f"since {since}{seen.en}" + (f", known form seen on {good}" if good else "")))
    name = change["name"]
    works, meanwhile = _WORKS.get(name, _KEPT), _MEANWHILE.get(name, _BY_HAND)
    lines += [Both(f"marche encore : {works.fr}", f"still works: {works.en}"),
             Both(f"en attendant : {meanwhile.fr}", f"meanwhile: {meanwhile.en}")]
    return lines


def cure(change: PageChange) -> Both:
    """What the person can do about it."""
    if not change["sample"]:
        return Both("Mettez ameli-tui à jour, ou signalez ces lignes à ses auteurs.",
                    "Update ameli-tui, or report these lines to its authors.")
    name = change["name"]
    command = f"ameli doctor --sample {name} --out {name}.html"
    return Both(
        f"Mettez ameli-tui à jour, ou aidez à le réparer : « {command} » écrit la page sans rien de vous, à relire "
        "et à joindre au signalement.",
        f"Update ameli-tui, or help mend it: `{command}` writes the page with nothing of you, to look over and to join "
        "to a report.")


def findings(changes: list[PageChange]) -> list[Finding]:
    """For the doctor: one finding for each page, or one that says that all read."""
    if not changes:
        return [{"name": "pages", "ok": True, "text": {
            "fr": "les pages du service se lisent comme attendu", "en": "the service's pages read as expected"},
            "cure": {"fr": "", "en": ""}}]
    return [{
        "name": f"page_{one['name']}", "ok": False, "text": headline(one).shape(),
        "cure": cure(one).shape(), "details": [detail.shape() for detail in details(one)], "change": one,
    } for one in changes]


def _list(names: list[str]) -> str:
    return ", ".join(names)


def _day(text: str) -> str:
    return ".".join(reversed(text.split("-"))).replace(".", "/")
