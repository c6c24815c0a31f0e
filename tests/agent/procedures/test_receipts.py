"""Which message is about which request brought by hand: sure by reference, or alone in its words; else a question."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.procedures.inbox.matching import about_ours
from agent.procedures.registry import procedures

DECLARED = procedures()


def request(
    key: str = "q1", procedure: str = "bank-details", status: str = "handed_over", **more: Any
) -> dict[str, Any]:
    return {"id": key, "procedure": procedure, "status": status, "reference": None, "by_hand": status != "ready",
            "created_at": "2026-11-20T09:00:00+01:00", "sent_at": "2026-11-20T10:00:00+01:00", **more}


def message(subject: str, body: str = "", on: str = "2026-11-21", key: str = "m1") -> dict[str, Any]:
    return {"id": key, "subject": subject, "body": body, "received_on": on}


def found(said: dict[str, Any], *requests: dict[str, Any]) -> list[tuple[str, str, bool]]:
    return [(one.request, one.outcome, one.sure) for one in about_ours([said], requests, DECLARED)]


_ACKNOWLEDGED = [
    ("bank-details", "Accusé de réception : changement de coordonnées bancaires"),
    ("bank-details", "Votre demande de changement de RIB a bien été prise en compte"),
    ("carte-vitale-order", "Accusé de réception : commande d'une carte Vitale"),
    ("carte-vitale-order", "Nous avons bien reçu votre commande de carte Vitale"),
    ("carte-vitale-loss", "Accusé de réception de votre déclaration de perte de carte Vitale"),
    ("carte-vitale-loss", "Accusé de réception : perte, vol ou dysfonctionnement de la carte vitale"),
    ("postal-address", "Confirmation de votre changement d'adresse"),
    ("contact-details", "Accusé de réception : changement d'adresse e-mail ou de téléphone"),
    ("c2s", "Accusé de réception de votre demande de Complémentaire santé solidaire"),
    ("ehic", "Votre demande de carte européenne d'assurance maladie a bien été enregistrée"),
    ("birth", "Déclaration reçue : nouveau-né"), ("attending-doctor", "Accusé de réception : médecin traitant"),
    ("top-up-declaration", "Accusé de réception : choix de la complémentaire reliée à votre dossier"),
    ("supporting-document", "Accusé de réception : envoi d'un justificatif"),
    ("accident-declaration", "Accusé de réception : déclaration d'un accident causé par un tiers"),
    ("entitlement-opening", "Accusé de réception : demande d'ouverture de droits"),
]


def test_the_acknowledgement_of_each_procedure_that_is_asked_of_the_fund_is_known() -> None:
    assert {*DECLARED} - {procedure for procedure, _subject in _ACKNOWLEDGED} <= {"account-creation"}


@pytest.mark.parametrize(("procedure", "subject"), _ACKNOWLEDGED)
def test_an_acknowledgement_moves_on_the_one_request_it_can_mean(procedure: str, subject: str) -> None:
    others = [request(f"x{number}", name) for number, name in enumerate(DECLARED) if name != procedure]
    assert found(message(subject), request(procedure=procedure), *others) == [("q1", "receipt", True)]


@pytest.mark.parametrize(("said", "requests"), [
    ("two of a kind", [request(), request("q2")]), ("never noted as sent", [request(status="ready")])])
def test_in_doubt_the_person_is_asked(said: str, requests: list[dict[str, Any]]) -> None:
    told = found(message("Accusé de réception : coordonnées bancaires"), *requests)
    assert [one[0] for one in told] == [one["id"] for one in requests], said
    assert not any(sure for *_, sure in told)


@pytest.mark.parametrize(("subject", "outcome"), [
    ("Votre demande est acceptée : coordonnées bancaires", "accepted"),
    ("Votre demande est refusée : coordonnées bancaires", "refused"),
    ("Vous avez un dossier à compléter : coordonnées bancaires", "complete")])
def test_a_decision_without_reference_is_a_question_and_with_it_is_sure(subject: str, outcome: str) -> None:
    assert found(message(subject), request()) == [("q1", outcome, False)]
    assert found(message(subject, "Référence : D2632700001."), request(reference="D2632700001")) == [
        ("q1", outcome, True)]


@pytest.mark.parametrize("on", ["2026-11-18", "2026-12-21"])
def test_a_message_long_before_or_after_is_not_about_it(on: str) -> None:
    assert found(message("Accusé de réception : coordonnées bancaires", on=on), request()) == []


def test_another_reference_another_request() -> None:
    said = message("Accusé de réception : coordonnées bancaires", "Référence : D2632700002")
    assert found(said, request(reference="D2632700001")) == []
    assert found(said, request(), request("q2", status="sent", by_hand=False, reference="D2632700002")) == []


def test_a_message_settled_before_is_not_asked_about_again() -> None:
    said = message("Accusé de réception : coordonnées bancaires")
    assert found(said, request(), request("q2", moved_by=["m1"], judged=["m1"])) == []
    assert found(said, request(), request("q2", judged=["m1"])) == [("q1", "receipt", True)]


@pytest.mark.parametrize("text", [
    "Référence : D2632700001.", "Votre demande n° D2632700001 est enregistrée",
    "référence de votre demande : D2632700001",
    "REFERENCE D2632700001"])
def test_the_reference_it_gives_is_read(text: str) -> None:
    (one,) = about_ours([message("Accusé de réception : coordonnées bancaires", text)], [request()], DECLARED)
    assert one.reference == "D2632700001"


def test_reason_and_last_day_are_read() -> None:
    (no,) = about_ours([message("Votre demande est refusée : RIB", "Bonjour,\nMotif : RIB illisible.\n")], [request()],
                       DECLARED)
    assert no.reason == "RIB illisible."
    (more,) = about_ours([message("Dossier à compléter : RIB", "avant le 12/12/2026")], [request()], DECLARED)
    assert str(more.until) == "2026-12-12"
    (odd,) = about_ours([message("Dossier à compléter : RIB", "avant le 32/12/2026")], [request()], DECLARED)
    assert odd.until is None


@given(subject=st.text(max_size=200), body=st.text(max_size=300), reference=st.none() | st.text(max_size=20))
def test_no_text_of_the_outside_breaks_the_reading_or_is_sure_without_an_acknowledgement(
    subject: str, body: str, reference: str | None
) -> None:
    for one in about_ours([message(subject, body)], [request(reference=reference), request("q2", "c2s")], DECLARED):
        assert one.outcome == "receipt" or not one.sure or reference
