"""A request's record brought up to date with what the service says of it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from agent.account import clean_text
from agent.procedures.errors import NoSuchProcedure
from agent.procedures.model import Both
from agent.procedures.registry import procedure
from agent.protocol.requests import Decision, Need, StageReached, Status
from agent.requests import history
from agent.store.requests import KeptRequest, RequestChanges

if TYPE_CHECKING:
    from agent.portal.pages.desk import Progress

_STATUS: dict[str, Status] = {
    "received": "sent", "needs_papers": "needs_papers", "accepted": "accepted", "refused": "refused"}
FOLLOWED = timedelta(days=120)
"""How long stages after an acceptance are waited for; a card comes within weeks."""


def advance(record: KeptRequest, progress: Progress, at: datetime) -> KeptRequest:
    """``record`` as it stands after ``progress``; the same one when nothing moved.

    It is ``closed`` once refused, or accepted and at the last stage the procedure declares: nothing more will come.
    """
    after = _advanced(record, progress, at)
    return {**after, "closed": True} if _is_over(after) else after


def given_up(record: KeptRequest, at: datetime) -> bool:
    """Whether a request was accepted so long ago that the stages still missing will not come.

    Of an acceptance without a day the clock runs from the sending, or from the day the request was made.
    """
    if record["status"] != "accepted":
        return False
    decision = record.get("decision")
    moments = (decision["on"] if decision else None, record.get("sent_at"), record.get("created_at"))
    days = (_day(moment) for moment in moments if moment)
    began = next((day for day in days if day is not None), None)
    return began is None or at.date() - date.fromisoformat(began) > FOLLOWED


def _is_over(record: KeptRequest) -> bool:
    if record["status"] != "accepted":
        return record["status"] == "refused"
    declared = list(_stage_names(record["procedure"]))
    return not declared or record["stage"] == declared[-1]


def _advanced(record: KeptRequest, progress: Progress, at: datetime) -> KeptRequest:
    names = _stage_names(record["procedure"])
    after = _stages(record, progress, names, at)
    status = _STATUS[progress.status]
    needs = [_need(record, need.paper, need.label, need.until) for need in progress.needs]
    changes: RequestChanges = {
        "status": status, "reference": clean_text(progress.reference, 80) or record["reference"], "needs": needs}
    if status == "needs_papers" and needs != record["needs"]:
        return history.note(after, at, history.needs([need["label_fr"] for need in needs]), **changes)
    if status in ("accepted", "refused") and status != record["status"]:
        given = progress.decision
        reason = clean_text(given.reason or "", 1000) if given else ""
        decision: Decision = {
            "accepted": status == "accepted", "reason": reason or None, "on": _day(given.on) if given else None}
        text = history.accepted(reason) if status == "accepted" else history.refused([reason])
        changes["decision"], changes["needs"] = decision, []
        return history.note(after, at, text, **changes)
    return {**after, **changes}


def _stages(record: KeptRequest, progress: Progress, names: dict[str, Both], at: datetime) -> KeptRequest:
    noted = {stage["name"] for stage in record["stages"]}
    after = record
    for reached in progress.stages:
        name = clean_text(reached.name, 80)
        if name in noted or not reached.on:
            continue
        label = names.get(name) or _same(clean_text(reached.label or reached.name, 200))
        stage: StageReached = {"name": name, "label_fr": label.fr, "label_en": label.en, "on": _day(reached.on)}
        after = history.note(after, at, history.stage(label), stages=[*after["stages"], stage])
        noted.add(name)
    current = clean_text(progress.stage, 80) if progress.stage else record["stage"]
    return after if current == after["stage"] else {**after, "stage": current}


def _need(record: KeptRequest, paper: str, label: str, until: str) -> Need:
    name = clean_text(paper, 80)
    declared = _paper_names(record["procedure"]).get(name)
    shown = declared or _same(clean_text(label or paper, 300))
    return {"paper": name, "label_fr": clean_text(label, 300) or shown.fr, "label_en": shown.en, "until": _day(until)}


def _stage_names(name: str) -> dict[str, Both]:
    try:
        return dict(procedure(name).stages)
    except NoSuchProcedure:  # kept by a newer version of the program
        return {}


def _paper_names(name: str) -> dict[str, Both]:
    try:
        return {paper.name: paper.label for paper in procedure(name).papers}
    except NoSuchProcedure:
        return {}


def _same(text: str) -> Both:
    return Both(text, text)


def _day(text: str) -> str | None:
    """An ISO day as the service gives it; None when it is none."""
    try:
        return date.fromisoformat(text[:10]).isoformat()
    except ValueError:
        return None
