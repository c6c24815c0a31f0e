"""One list of everything that has a last day."""

from datetime import date
from typing import Any

import pytest

from agent.procedures.deadlines.deadlines import DeadlineFacts, deadlines, soon

TODAY = date(2026, 11, 23)


def request(**changes: Any) -> dict[str, Any]:
    """A request as the API shows it."""
    return {"id": "q1", "procedure": "ehic", "status": "sent", "reference": None, "decision": None, "title_fr": "T",
            "title_en": "T", "sent_at": "2026-11-20T10:00:00", "deadlines": [], **changes}


def clock(name: str, on: str, kind: str = "estimate") -> dict[str, str]:
    """One delay of a request."""
    return {"name": name, "label_fr": "Délai", "label_en": "Delay", "on": on, "kind": kind, "source": "S"}


def message(**changes: Any) -> dict[str, Any]:
    """A message that asks for a paper."""
    return {"id": "m1", "received_on": "2026-11-20", "subject": "Vous avez un dossier à compléter", "body": "",
            "sender": "CPAM", **changes}


def ids(known: DeadlineFacts) -> dict[str, str]:
    """Days by id."""
    return {one["id"]: one["due"] for one in deadlines(known, TODAY)}


def test_nothing_known_means_no_deadline() -> None:
    assert deadlines(DeadlineFacts(), TODAY) == []


def test_the_delays_of_open_requests_are_listed_soonest_first() -> None:
    delays = [clock("b", "2026-12-05"), clock("a", "2026-12-01", "duty")]
    found = deadlines(DeadlineFacts(requests=[request(deadlines=delays)]), TODAY)
    assert [(one["id"], one["days_left"], one["action"]) for one in found] == [
        ("q1:a", 8, {"request": "q1"}), ("q1:b", 12, {"request": "q1"})]


@pytest.mark.parametrize("status", ["draft", "queued", "cancelled", "ready"])
def test_what_was_not_sent_has_no_deadline(status: str) -> None:
    assert ids(DeadlineFacts(requests=[request(status=status, deadlines=[clock("a", "2026-12-01")])])) == {}


def test_a_paper_that_waits_to_be_sent_keeps_its_last_day_and_one_that_was_sent_does_not() -> None:
    delays = [clock("complete", "2026-12-01", "duty")]
    assert ids(DeadlineFacts(requests=[request(status="draft", deadlines=delays)])) == {"q1:complete": "2026-12-01"}
    assert ids(DeadlineFacts(requests=[request(status="sent", deadlines=delays)])) == {}


def test_a_decided_request_keeps_only_what_runs_on() -> None:
    delays = [clock("arrives", "2026-12-05"), clock("card-ends", "2028-11-20")]
    found = ids(DeadlineFacts(requests=[request(status="accepted", deadlines=delays)]))
    assert found == {"q1:card-ends": "2028-11-20", "q1:renew": "2028-08-20"}


def test_a_refused_c2s_can_be_appealed_for_two_months() -> None:
    refused = request(procedure="c2s", status="refused", decision={"accepted": False, "on": "2026-11-01"})
    assert ids(DeadlineFacts(requests=[refused])) == {"q1:appeal": "2027-01-01"}


def test_a_message_that_asks_for_papers_counts_its_own_day_else_twenty_one() -> None:
    assert ids(DeadlineFacts(messages=[message()])) == {"m1:complete": "2026-12-11"}
    named = message(body="Déposez ces pièces avant le 01/12/2026.")
    assert ids(DeadlineFacts(messages=[named])) == {"m1:complete": "2026-12-01"}
    within = message(subject="Pièce à fournir pour votre dossier", body="... dans les 10 jours.")
    assert ids(DeadlineFacts(messages=[within])) == {"m1:complete": "2026-11-30"}
    impossible = message(body="avant le 45/13/2026")
    assert ids(DeadlineFacts(messages=[impossible])) == {"m1:complete": "2026-12-11"}


def test_a_message_of_a_request_that_is_followed_is_not_told_twice() -> None:
    asked = request(reference="D-42", deadlines=[clock("paper:identity", "2026-12-01", "duty")])
    assert set(ids(DeadlineFacts(requests=[asked], messages=[message(body="demande D-42")]))) == {"q1:paper:identity"}


def test_a_message_that_was_answered_or_is_old_or_asks_nothing_is_left_out() -> None:
    answer = request(procedure="supporting-document")
    assert ids(DeadlineFacts(requests=[answer], messages=[message()])) == {}
    assert ids(DeadlineFacts(messages=[message(received_on="2025-01-01")])) == {}
    assert ids(DeadlineFacts(messages=[message(subject="Information de paiement")])) == {}


@pytest.mark.parametrize(("until", "expected"), [
    ("2027-11-30", {"c2s:opens": "2027-07-30", "c2s:renew": "2027-09-30", "c2s:end": "2027-11-30"}),
    ("2027-02-28", {"c2s:renew": "2026-12-28", "c2s:end": "2027-02-28"}),
    ("2026-12-31", {"c2s:end": "2026-12-31"}),
    ("2026-11-01", {}),
])
def test_the_end_of_the_c2s_opens_and_closes_its_renewal(until: str, expected: dict[str, str]) -> None:
    covered = {"DUPONT Jeanne": [{"situation": "c2s", "from": "2026-01-01", "until": until}]}
    assert ids(DeadlineFacts(situations=covered)) == expected


def test_a_change_asks_for_the_card_to_be_updated_then_once_a_year() -> None:
    moved = request(procedure="postal-address", status="accepted", decision={"accepted": True, "on": "2026-11-20"})
    assert ids(DeadlineFacts(requests=[moved])) == {"card:update": "2026-11-20"}
    earlier = request(procedure="postal-address", status="accepted", decision={"accepted": True, "on": "2026-06-20"})
    assert ids(DeadlineFacts(requests=[earlier])) == {"card:yearly": "2027-06-20"}


def test_a_trusted_device_is_trusted_for_half_a_year_from_the_last_sign_in() -> None:
    assert ids(DeadlineFacts(trusted_since=date(2026, 11, 1))) == {"device:trusted": "2027-04-30"}


def test_only_duties_and_windows_that_are_near_are_worth_telling() -> None:
    delays = [clock("a", "2026-11-30", "duty"), clock("b", "2026-12-01", "duty"), clock("c", "2026-11-24")]
    found = deadlines(DeadlineFacts(requests=[request(deadlines=delays)]), TODAY)
    assert [one["id"] for one in soon(found)] == ["q1:a"]
