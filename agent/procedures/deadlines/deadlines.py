"""Everything that has a last day, in one list: papers, decisions, renewals, cards, claims. Pure: the facts come in."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Unpack

from agent.procedures import c2s_entitlement
from agent.procedures.deadlines.days import after
from agent.procedures.model import Both
from agent.procedures.text_match import fold
from agent.protocol.deadlines import Action, Deadline, DeadlineKind, LastDay

SOON_DAYS = 7
"""A deadline this close is worth telling."""
_OVERDUE_DAYS = 30
"""How long a duty that was missed stays in the list."""
_UNSENT = ("draft", "queued", "ready")
_OPEN = ("sent", "needs_papers", "handed_over")
_AFTER = ("card-ends", "membership")
"""Delays that run once a request was accepted."""
_TO_SEND = ("complete",)
"""Delays that are over once the request was sent."""
_CHANGES_CARD = ("postal-address", "birth", "c2s", "carte-vitale-order")
_TO_COMPLETE = re.compile(r"a completer|incomplet|piece a fournir|pieces? (?:manquante|demandee)|document manquant")
_BEFORE = re.compile(r"avant le (\d{1,2})/(\d{1,2})/(\d{4})")
_WITHIN = re.compile(r"(?:dans les|sous) (\d{1,3}) jours")


@dataclass(frozen=True)
class Known:
    """What deadlines are made from."""

    requests: Sequence[Mapping[str, Any]] = ()
    """As the API shows one request, with ``title_fr``, ``title_en`` and ``deadlines``."""
    messages: Sequence[Mapping[str, Any]] = ()
    situations: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    trusted_since: date | None = None
    """The last sign-in that renewed the trusted device."""
    care: Sequence[Mapping[str, Any]] = ()
    """Care never paid back: ``{"id", "act_date", "label"}``."""
    newcomer: Mapping[str, Any] | None = None
    """The path of ``arrival.the_way``, for somebody who told where they stand."""


def deadlines(known: Known, today: date) -> list[Deadline]:
    """Every deadline, soonest first."""
    found = [
        *_of_requests(known.requests, today), *_of_messages(known, today), *_of_covers(known.situations, today),
        *_of_card(known.requests, today), *_of_device(known.trusted_since, today), *_of_care(known.care, today),
        *_of_newcomer(known.newcomer),
    ]
    told: list[Deadline] = [{**one, "days_left": (date.fromisoformat(one["due"]) - today).days} for one in found]
    kept = [one for one in told if one["days_left"] >= (-_OVERDUE_DAYS if one["kind"] == "duty" else 0)]
    return sorted(kept, key=lambda one: (one["due"], one["id"]))


def soon(listed: Iterable[Deadline], within: int = SOON_DAYS) -> list[Deadline]:
    """Those that matter and are at most ``within`` days away."""
    return [one for one in listed if one["kind"] in ("duty", "window") and 0 <= one["days_left"] <= within]


def _item(
    key: str, title: Both, due: date | str, kind: DeadlineKind, source: str, **action: Unpack[Action]
) -> LastDay:
    return {"id": key, "title_fr": title.fr, "title_en": title.en, "due": str(due), "kind": kind, "source": source,
            "action": action or None}


def _of_requests(requests: Sequence[Mapping[str, Any]], today: date) -> list[LastDay]:
    found = []
    for one in requests:
        for clock in one.get("deadlines") or ():
            if _runs(one["status"], clock):
                title = Both(f"{clock['label_fr']} ({one['title_fr']})", f"{clock['label_en']} ({one['title_en']})")
                found.append(_item(f"{one['id']}:{clock['name']}", title, clock["on"], clock["kind"], clock["source"],
                                   request=one["id"]))
            if one["status"] == "accepted" and clock["name"] == "card-ends":
                title = Both("Carte européenne : à recommander (3 mois avant, d'après un guide)",
                             "European card: order again (3 months before, as a guide reports)")
                opens = after(date.fromisoformat(clock["on"]), "procedures.ehic_renewal", -1, on=today)
                found.append(_item(f"{one['id']}:renew", title, opens, "window", "CAHIERSSANTE", procedure="ehic"))
        decided = (one.get("decision") or {}).get("on")
        if one["status"] == "refused" and one["procedure"] == "c2s" and decided:
            found.append(_item(
                f"{one['id']}:appeal", Both("C2S refusée : dernier jour du recours (commission de recours amiable)",
                                            "C2S refused: last day to appeal (commission de recours amiable)"),
                after(date.fromisoformat(decided[:10]), "procedures.c2s_appeal", on=today), "duty", "F10027",
                request=one["id"]))
    return found


def _runs(status: str, clock: Mapping[str, Any]) -> bool:
    """Whether a delay still counts, as the request stands."""
    if status in _UNSENT:
        return bool(clock["kind"] == "duty")
    if status in _OPEN:
        return clock["name"] not in _TO_SEND
    return status == "accepted" and clock["name"] in _AFTER


def _of_messages(known: Known, today: date) -> list[LastDay]:
    followed = [str(one["reference"]) for one in known.requests if one.get("reference")]
    told = {key for one in known.requests for key in one.get("moved_by") or ()}
    answered = [one["sent_at"][:10] for one in known.requests
                if one["procedure"] == "supporting-document" and one.get("sent_at")]
    found = []
    for one in known.messages:
        subject, body = fold(str(one["subject"])), fold(str(one.get("body") or ""))
        if one["id"] in told:
            continue  # the request it is about has its own
        if not _TO_COMPLETE.search(subject) or any(reference in str(one.get("body")) for reference in followed):
            continue
        received = date.fromisoformat(str(one["received_on"]))
        due = _asked_until(body, received, today)
        if due < today - timedelta(days=_OVERDUE_DAYS) or any(day >= received.isoformat() for day in answered):
            continue
        found.append(_item(f"{one['id']}:complete", Both(f"À compléter : {one['subject']}",
                                                         f"To be completed: {one['subject']}"),
                           due, "duty", "CPAM21", message=str(one["id"])))
    return found


def _asked_until(body: str, received: date, today: date) -> date:
    """The day a message names, else the end of the notice."""
    named = _BEFORE.search(body)
    if named:
        day, month, year = (int(part) for part in named.groups())
        try:
            return date(year, month, day)
        except ValueError:
            return after(received, "procedures.complete_file", on=today)
    within = _WITHIN.search(body)
    if within:
        return received + timedelta(days=int(within[1]))
    return after(received, "procedures.complete_file", on=today)


def _of_covers(situations: Mapping[str, Sequence[Mapping[str, Any]]], today: date) -> list[LastDay]:
    ends = sorted({str(one["until"]) for listed in situations.values() for one in listed
                   if one["situation"] == "c2s" and one.get("until")})
    if not ends:
        return []
    window = c2s_entitlement.renewal(date.fromisoformat(ends[-1]), today)
    state = window.state(today)
    found = [_item("c2s:end", Both("Fin de la C2S", "End of the C2S"), window.end, "window", "F10027", procedure="c2s")]
    if state == "early":
        found.append(_item("c2s:opens", Both("C2S : le renouvellement ouvre", "C2S: renewal opens"), window.opens,
                           "window", "CSS", procedure="c2s"))
    if state in ("early", "open"):
        found.append(_item("c2s:renew", Both("C2S : renouvellement à demander au plus tard",
                                             "C2S: last day to ask for renewal"), window.closes, "duty", "CSS",
                           procedure="c2s"))
    return found


def _of_card(requests: Sequence[Mapping[str, Any]], today: date) -> list[LastDay]:
    """The health card is updated after each change, and once a year."""
    changed = [one for one in requests if one["procedure"] in _CHANGES_CARD and one["status"] == "accepted"]
    days = [str(one["decision"]["on"])[:10] for one in changed if (one.get("decision") or {}).get("on")]
    if not days:
        return []
    last = date.fromisoformat(max(days))
    if today <= last + timedelta(days=_OVERDUE_DAYS):
        return [_item("card:update", Both("Carte Vitale à mettre à jour sur une borne, après votre changement",
                                          "Update the health card at a terminal, after your change"), last, "duty",
                                          "F265")]
    return [_item("card:yearly", Both("Carte Vitale à mettre à jour sur une borne, une fois par an",
                                      "Update the health card at a terminal, once a year"),
                  after(last, "procedures.card_update", on=today), "duty", "F265")]


def _of_device(since: date | None, today: date) -> list[LastDay]:
    if since is None:
        return []
    return [_item("device:trusted", Both("Appareil de confiance : un code sera redemandé, sauf connexion d'ici là",
                                         "Trusted device: a code will be asked for again, unless you sign in before"),
                  after(since, "procedures.trusted_device", on=today), "estimate", "WOOB-AMELI")]


def _of_care(care: Sequence[Mapping[str, Any]], today: date) -> list[LastDay]:
    return [
        _item(f"care:{one['id']}", Both(f"Feuille de soins à envoyer avant deux ans : {one['label']}",
                                        f"Care form to send within two years: {one['label']}"),
              after(date.fromisoformat(str(one["act_date"])), "procedures.claim_months", on=today), "duty", "F265")
        for one in care if one.get("act_date")
    ]


def _of_newcomer(path: Mapping[str, Any] | None) -> list[LastDay]:
    """The delays of the stage a newcomer is at. The end of the three months opens something, nothing is due then."""
    now = [stage for stage in (path or {}).get("stages") or () if stage["state"] == "now"]
    return [
        _item(f"newcomer:{stage['name']}:{number}",
              Both(f"{clock['label_fr']} ({stage['title_fr']})", f"{clock['label_en']} ({stage['title_en']})"),
              clock["on"], "window" if stage["name"] == "residence" else clock["kind"], clock["source"],
              **_begins("entitlement-opening" if stage["name"] == "residence" else stage["procedure"]))
        for stage in now for number, clock in enumerate(stage["clocks"])
    ]


def _begins(procedure: str | None) -> Action:
    return {"procedure": procedure} if procedure else {}
