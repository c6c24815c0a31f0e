"""Everything that has a last day, in one list: papers, decisions, renewals, cards. Pure: the facts come in."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TypedDict, Unpack

from agent.procedures import c2s_entitlement
from agent.procedures.deadlines.days import after
from agent.procedures.model import Both
from agent.procedures.text_match import fold
from agent.protocol.deadlines import Action, Deadline, DeadlineKind, LastDay
from agent.protocol.messages import KeptMessage
from agent.protocol.money import Situation
from agent.protocol.newcomer import Way
from agent.protocol.requests import Decision, RunningClock, Status

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


class RunningRequest(TypedDict):
    """A request with its title and the delays that run for it."""

    id: str
    procedure: str
    status: Status
    reference: str | None
    decision: Decision | None
    sent_at: str | None
    """Moment, ISO."""
    moved_by: list[str]
    """Ids of the messages that were about it."""
    title_fr: str
    title_en: str
    deadlines: list[RunningClock]


@dataclass(frozen=True)
class DeadlineFacts:
    """What deadlines are made from."""

    requests: Sequence[RunningRequest] = ()
    messages: Sequence[KeptMessage] = ()
    situations: Mapping[str, Sequence[Situation]] = field(default_factory=dict)
    """By person's name."""
    trusted_since: date | None = None
    """The last sign-in that renewed the trusted device."""
    newcomer: Way | None = None
    """The path of somebody who answered where they stand."""


def deadlines(facts: DeadlineFacts, today: date) -> list[Deadline]:
    """Every deadline, soonest first."""
    days = [
        *_of_requests(facts.requests, today), *_of_messages(facts, today), *_of_covers(facts.situations, today),
        *_of_card(facts.requests, today), *_of_device(facts.trusted_since, today), *_of_newcomer(facts.newcomer),
    ]
    listed: list[Deadline] = [{**day, "days_left": (date.fromisoformat(day["due"]) - today).days} for day in days]
    kept = [day for day in listed if day["days_left"] >= (-_OVERDUE_DAYS if day["kind"] == "duty" else 0)]
    return sorted(kept, key=lambda day: (day["due"], day["id"]))


def soon(listed: Iterable[Deadline], within: int = SOON_DAYS) -> list[Deadline]:
    """Those that matter and are at most ``within`` days away."""
    return [day for day in listed if matters(day) and 0 <= day["days_left"] <= within]


def matters(day: Deadline) -> bool:
    """Whether something is to be done by then, or can be done from then on."""
    return day["kind"] in ("duty", "window")


def _item(
    key: str, title: Both, due: date | str, kind: DeadlineKind, source: str, **action: Unpack[Action]
) -> LastDay:
    return {"id": key, "title_fr": title.fr, "title_en": title.en, "due": str(due), "kind": kind, "source": source,
            "action": action or None}


def _of_requests(requests: Sequence[RunningRequest], today: date) -> list[LastDay]:
    days = []
    for request in requests:
        for clock in request["deadlines"]:
            if _runs(request["status"], clock):
                title = Both(f"{clock['label_fr']} ({request['title_fr']})",
                             f"{clock['label_en']} ({request['title_en']})")
                days.append(_item(f"{request['id']}:{clock['name']}", title, clock["on"], clock["kind"],
                                  clock["source"], request=request["id"]))
            if request["status"] == "accepted" and clock["name"] == "card-ends":
                title = Both("Carte européenne : à recommander (3 mois avant, d'après un guide)",
                             "European card: order again (3 months before, as a guide reports)")
                opens = after(date.fromisoformat(clock["on"]), "procedures.ehic_renewal", -1, on=today)
                days.append(_item(f"{request['id']}:renew", title, opens, "window", "CAHIERSSANTE", procedure="ehic"))
        decided = _decided_on(request)
        if request["status"] == "refused" and request["procedure"] == "c2s" and decided:
            days.append(_item(
                f"{request['id']}:appeal",
                Both("C2S refusée : dernier jour du recours (commission de recours amiable)",
                     "C2S refused: last day to appeal (commission de recours amiable)"),
                after(decided, "procedures.c2s_appeal", on=today), "duty", "F10027", request=request["id"]))
    return days


def _decided_on(request: RunningRequest) -> date | None:
    decision = request["decision"]
    return date.fromisoformat(decision["on"][:10]) if decision and decision["on"] else None


def _runs(status: str, clock: RunningClock) -> bool:
    """Whether a delay still counts, as the request stands."""
    if status in _UNSENT:
        return clock["kind"] == "duty"
    if status in _OPEN:
        return clock["name"] not in _TO_SEND
    return status == "accepted" and clock["name"] in _AFTER


def _of_messages(facts: DeadlineFacts, today: date) -> list[LastDay]:
    references = [request["reference"] for request in facts.requests if request["reference"]]
    settled = {key for request in facts.requests for key in request.get("moved_by", ())}
    answered = [request["sent_at"][:10] for request in facts.requests
                if request["procedure"] == "supporting-document" and request["sent_at"]]
    days = []
    for message in facts.messages:
        if message["id"] in settled:
            continue  # the request it is about has its own
        subject, body = fold(message["subject"]), fold(message["body"])
        if not _TO_COMPLETE.search(subject) or any(reference in message["body"] for reference in references):
            continue
        received = date.fromisoformat(message["received_on"])
        due = _asked_until(body, received, today)
        if due < today - timedelta(days=_OVERDUE_DAYS) or any(day >= received.isoformat() for day in answered):
            continue
        days.append(_item(f"{message['id']}:complete", Both(f"À compléter : {message['subject']}",
                                                            f"To be completed: {message['subject']}"),
                          due, "duty", "CPAM21", message=message["id"]))
    return days


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


def _of_covers(situations: Mapping[str, Sequence[Situation]], today: date) -> list[LastDay]:
    ends = sorted({period["until"] for periods in situations.values() for period in periods
                   if period["situation"] == "c2s" and period["until"]})
    if not ends:
        return []
    window = c2s_entitlement.renewal(date.fromisoformat(ends[-1]), today)
    state = window.state(today)
    days = [_item("c2s:end", Both("Fin de la C2S", "End of the C2S"), window.end, "window", "F10027", procedure="c2s")]
    if state == "early":
        days.append(_item("c2s:opens", Both("C2S : le renouvellement ouvre", "C2S: renewal opens"), window.opens,
                          "window", "CSS", procedure="c2s"))
    if state in ("early", "open"):
        days.append(_item("c2s:renew", Both("C2S : renouvellement à demander au plus tard",
                                            "C2S: last day to ask for renewal"), window.closes, "duty", "CSS",
                          procedure="c2s"))
    return days


def _of_card(requests: Sequence[RunningRequest], today: date) -> list[LastDay]:
    """The health card is updated after each change, and once a year."""
    changes = [decided for request in requests if request["procedure"] in _CHANGES_CARD
               and request["status"] == "accepted" and (decided := _decided_on(request))]
    if not changes:
        return []
    last = max(changes)
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


def _of_newcomer(path: Way | None) -> list[LastDay]:
    """The delays of the stage a newcomer is at. The end of the three months opens something, nothing is due then."""
    current = [stage for stage in path["stages"] if stage["state"] == "now"] if path else []
    return [
        _item(f"newcomer:{stage['name']}:{number}",
              Both(f"{clock['label_fr']} ({stage['title_fr']})", f"{clock['label_en']} ({stage['title_en']})"),
              clock["on"], "window" if stage["name"] == "residence" else clock["kind"], clock["source"],
              **_begins("entitlement-opening" if stage["name"] == "residence" else stage["procedure"]))
        for stage in current for number, clock in enumerate(stage["clocks"])
    ]


def _begins(procedure: str | None) -> Action:
    return {"procedure": procedure} if procedure else {}
