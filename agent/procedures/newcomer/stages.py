"""Where a newcomer stands on the way from arrival to card, with clocks, papers and what to do while waiting. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Literal, get_args

from agent.procedures.deadlines.days import after
from agent.procedures.model import Both
from agent.protocol.newcomer import ClockKind, Path, Stage, StageClock, State
from agent.protocol.procedures import AnswerValue

Situation = Literal["employee", "resident", "student", "pensioner", "family"]
SITUATIONS: tuple[Situation, ...] = get_args(Situation)


@dataclass(frozen=True)
class Facts:
    """What a newcomer knows; None: not yet."""

    situation: Situation = "resident"
    arrived_on: date | None = None
    exempt: bool = False
    """From the three months of residence."""
    file_sent_on: date | None = None
    waiting_number_on: date | None = None
    asked_civil_status_on: date | None = None
    """The day on which the fund asked for the civil-status document."""
    certified_on: date | None = None
    account: bool = False
    card_ordered_on: date | None = None
    card: bool = False


Given = Mapping[str, AnswerValue | date]


def read_facts(given: Given) -> Facts:
    """Facts from JSON: days as text, yes or no as booleans. Raises ValueError, which names what is wrong."""
    names = [field.name for field in fields(Facts)]
    for name in given:
        if name not in names:
            raise ValueError(f"unknown fact: {name}")
    return Facts(
        _situation(given), _day(given, "arrived_on"), _yes(given, "exempt"), _day(given, "file_sent_on"),
        _day(given, "waiting_number_on"), _day(given, "asked_civil_status_on"), _day(given, "certified_on"),
        _yes(given, "account"), _day(given, "card_ordered_on"), _yes(given, "card"))


def _situation(given: Given) -> Situation:
    wanted = given.get("situation")
    for situation in SITUATIONS:
        if wanted == situation:
            return situation
    if wanted is not None:
        raise ValueError(f"situation is one of {', '.join(SITUATIONS)}")
    return Facts.situation


def _day(given: Given, name: str) -> date | None:
    value = given.get(name)
    return value if value is None or isinstance(value, date) else date.fromisoformat(str(value))


def _yes(given: Given, name: str) -> bool:
    value = given.get(name)
    if value is None or isinstance(value, bool):
        return bool(value)
    raise ValueError(f"{name} is true or false")


def where_am_i(facts: Facts, today: date) -> Path:
    """Every stage as it stands, and what to do now."""
    done = _done(facts, today)
    now = next((name for name, finished in done.items() if not finished), "card")
    reached = list(done).index(now)
    stages = [_stage(name, facts, "done" if done[name] else "now" if name == now else "later", today) for name in done]
    waiting = next((stage for stage in stages if stage["name"] == now), stages[reached])
    return {"situation": facts.situation, "now": now if not done[now] else "finished",
            "next_fr": waiting["text_fr"] if not done[now] else _FINISHED.fr,
            "next_en": waiting["text_en"] if not done[now] else _FINISHED.en, "stages": stages}


def _done(facts: Facts, today: date) -> dict[str, bool]:
    """Whether each stage is behind, in order; a later stage that is reached puts the earlier ones behind."""
    waited = facts.arrived_on is not None and today >= after(facts.arrived_on, "procedures.residence_months", on=today)
    waits = facts.situation == "resident" and not facts.exempt
    reached = {
        "arrived": facts.arrived_on is not None,
        "residence": waited,
        "file": facts.file_sent_on is not None,
        "waiting_number": facts.waiting_number_on is not None,
        "certified": facts.certified_on is not None,
        "account": facts.account,
        "card_order": facts.card_ordered_on is not None,
        "card": facts.card,
    }
    if not waits:
        del reached["residence"]
    names = list(reached)
    last = max((number for number, name in enumerate(names) if reached[name] and name != "residence"),
               default=-1)
    return {name: reached[name] or number < last for number, name in enumerate(names)}


def _stage(name: str, facts: Facts, state: State, today: date) -> Stage:
    title, text, procedure = _STAGES[name]
    if name == "file" and facts.situation == "student":
        text = _STUDENT
    papers = _COMMON + _BY_CASE[facts.situation] if name == "file" else _PAPERS.get(name, ())
    return {
        "name": name, "title_fr": title.fr, "title_en": title.en, "state": state, "text_fr": text.fr,
        "text_en": text.en, "papers": [{"fr": paper.fr, "en": paper.en} for paper in papers],
        "clocks": [_clock(*clock) for clock in _clocks(name, facts, today)], "procedure": procedure,
    }


def _clocks(name: str, facts: Facts, today: date) -> list[tuple[Both, date, ClockKind, str]]:
    """The delays of one stage whose start is known: label, day, kind, source."""
    if name == "residence" and facts.arrived_on and facts.situation == "resident" and not facts.exempt:
        return [(Both("Demande possible à partir du", "You can ask from"),
                 after(facts.arrived_on, "procedures.residence_months", on=today), "duty", "CSS")]
    if name == "certified":
        clocks: list[tuple[Both, date, ClockKind, str]] = []
        if facts.asked_civil_status_on:
            clocks.append((Both("Pièce d'état civil à envoyer au plus tard", "Civil-status document to be sent by"),
                           after(facts.asked_civil_status_on, "procedures.civil_status", on=today), "duty", "CSS"))
        if facts.file_sent_on:
            clocks += [(Both("Numéro définitif, au plus tôt (rapporté)", "Permanent number, earliest (reported)"),
                        after(facts.file_sent_on, "procedures.number_from", on=today), "estimate", "EXPATADMINHUB"),
                       (Both("Numéro définitif, souvent avant (rapporté)", "Permanent number, often by (reported)"),
                        after(facts.file_sent_on, "procedures.number_until", on=today), "estimate", "EXPATADMINHUB")]
        return clocks
    if name == "card" and facts.card_ordered_on:
        return [(Both("Carte attendue (rapporté)", "Card expected (reported)"),
                 after(facts.card_ordered_on, "procedures.card_order", on=today), "estimate", "NEWINMYCITY")]
    return []


def _clock(label: Both, on: date, kind: ClockKind, source: str) -> StageClock:
    return {"label_fr": label.fr, "label_en": label.en, "on": on.isoformat(), "kind": kind, "source": source}


_FINISHED = Both("Vous y êtes : mettez la carte à jour une fois par an.", "You are there: update the card once a year.")
_STUDENT = Both(
    "Inscrivez-vous sur https://etudiant-etranger.ameli.fr (français, anglais, espagnol) : numéro et attestation "
    "provisoires aussitôt.",
    "Register on https://etudiant-etranger.ameli.fr (French, English, Spanish): provisional number and certificate at "
    "once.")
_STAGES: dict[str, tuple[Both, Both, str | None]] = {
    "arrived": (Both("Arrivée en France", "Arrival in France"), Both(
        "Notez la date et gardez ce qui prouve où vous habitez : bail, quittances, factures.",
        "Note the date and keep what proves where you live: lease, rent receipts, bills."), None),
    "residence": (Both("Trois mois de résidence", "Three months of residence"), Both(
        "Sans emploi ni dispense, il faut trois mois de résidence stable. En attendant, gardez une assurance "
        "privée ou la "
        "carte européenne de votre pays.",
        "Without work or exemption, three months of stable residence are needed. Meanwhile keep private insurance or "
        "your own country's European card."), None),
    "file": (Both("Dossier envoyé", "File sent"), Both(
        "Envoyez le formulaire S1106 et les pièces à la caisse de votre domicile ; gardez des copies.",
        "Send form S1106 and the papers to the fund of your place of residence; keep copies."), "entitlement-opening"),
    "waiting_number": (Both("Numéro d'attente", "Waiting number"), Both(
        "Un numéro d'attente a la forme d'un numéro définitif. En attendant : payez, gardez toutes les feuilles "
        "de soins. "
        "Sans nouvelles : 09 74 75 36 46, en anglais.",
        "A waiting number looks like a permanent one. Meanwhile: pay, keep every care form. No news: 09 74 75 36 "
        "46, in "
        "English."), None),
    "certified": (Both("État civil certifié, numéro définitif", "Civil status certified, permanent number"), Both(
        "Envoyez les feuilles de soins sur papier avec un RIB, demandez une attestation sur papier, et envoyez vite "
        "toute pièce demandée : sans elle les droits peuvent être suspendus.",
        "Send the care forms on paper with a RIB, ask for a certificate on paper, and quickly send whatever is asked "
        "for: without it rights may be suspended."), "supporting-document"),
    "account": (Both("Compte ameli", "ameli account"), Both(
        "Créez le compte, puis vérifiez e-mail, IBAN et adresse. Refusé sans raison claire ? Le numéro n'est sans "
        "doute "
        "pas encore certifié.",
        "Create the account, then check e-mail, IBAN and address. Refused without a clear reason? The number is "
        "probably "
        "not certified yet."), "account-creation"),
    "card_order": (Both("Carte Vitale commandée", "Health card ordered"), Both(
        "Commandez la carte avec une photo et une pièce d'identité ; déclarez un médecin, donnez l'attestation à votre "
        "complémentaire.",
        "Order the card with a photograph and an identity document; declare a doctor, give the certificate to your "
        "top-up insurer."), "carte-vitale-order"),
    "card": (Both("Carte reçue", "Card received"), Both(
        "En attendant la carte, l'attestation de droits la remplace.",
        "Until the card comes, the entitlement certificate stands in for it."), None),
}
_COMMON = (
    Both("Formulaire S1106 (cerfa 15763)", "Form S1106 (cerfa 15763)"),
    Both("Pièce d'identité", "Identity document"),
    Both("Acte de naissance complet, avec les parents (traduit s'il n'est pas européen)",
         "Full birth certificate with the parents (translated unless European)"),
    Both("Titre de séjour, pour qui n'est pas européen", "Residence permit, for those who are not European"),
    Both("RIB", "RIB (bank details slip)"),
)
_BY_CASE: dict[Situation, tuple[Both, ...]] = {
    "employee": (Both("Contrat de travail ou bulletin de paie", "Contract of employment or payslip"),),
    "resident": (Both("Trois mois de preuves de résidence", "Three months of proofs of residence"),),
    "student": (Both("Certificat d'inscription", "Certificate of enrolment"),),
    "pensioner": (Both("Formulaire S1 de l'État qui verse la retraite", "Form S1 of the state that pays the pension"),),
    "family": (Both("S3705 pour les enfants, acte de mariage pour le conjoint",
                    "S3705 for children, marriage certificate for the spouse"),),
}
_PAPERS: dict[str, tuple[Both, ...]] = {
    "certified": (Both("La pièce d'état civil demandée", "The civil-status document that is asked for"),),
    "card_order": (Both("Photographie d'identité", "Portrait photograph"),
                   Both("Pièce d'identité recto verso", "Identity document, both sides")),
}
