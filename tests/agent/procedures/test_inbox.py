"""What a message is about."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.procedures.inbox.topics import about, answer_to

CARD = {"id": "q1", "procedure": "carte-vitale-order", "reference": "D-2026-0042"}


def message(subject: str, body: str = "", on: str = "2026-11-20", key: str = "m1") -> dict[str, Any]:
    """A message of the inbox."""
    return {"id": key, "received_on": on, "sender": "CPAM", "subject": subject, "body": body}


def written(**more: Any) -> dict[str, Any]:
    """A message that was written."""
    return {"reference": "M-2026-0007", "sent_at": "2026-11-20T09:00:00+00:00",
            "answers": {"subject": "Feuille de soins"}, **more}


@pytest.mark.parametrize(("subject", "kind"), [
    ("Vous avez un dossier à compléter : commande", "complete"),
    ("Dossier incomplet", "complete"),
    ("Il manque un document : pièces manquantes", "complete"),
    ("Votre photographie non conforme", "complete"),
    ("Votre demande est acceptée : C2S", "decision"),
    ("Votre demande est REFUSÉE", "decision"),
    ("Demande annulée", "decision"),
    ("Notification de décision", "decision"),
    ("Réponse à votre message : où en est-on", "answer"),
    ("RE: mon remboursement", "answer"),
    ("Accusé de réception : pièces manquantes", "receipt"),
    ("Pièces reçues : commande d'une carte", "receipt"),
])
def test_its_words_tell_what_it_is(subject: str, kind: str) -> None:
    found = about(message(subject), [])
    assert found is not None
    assert found["kind"] == kind
    assert found["procedure"] == ("supporting-document" if kind == "complete" else None)


def test_a_reference_leads_to_the_request_and_only_a_whole_one() -> None:
    named = about(message("Suite de votre demande"), [CARD], "Référence : D-2026-0042.")
    assert named == {"kind": "", "request": "q1", "procedure": "carte-vitale-order"}
    assert about(message("Suite"), [CARD], "Référence : D-2026-00421") is None
    assert about(message("Suite"), [{**CARD, "reference": "1"}, {**CARD, "reference": None}], "1") is None


def test_any_other_message_is_about_nothing() -> None:
    assert about(message("Bienvenue"), [CARD], "Bonjour") is None


def test_an_answer_is_found_by_reference_or_subject_and_an_acknowledgement_is_none() -> None:
    taken = message("Accusé de réception : Feuille de soins", "référence M-2026-0007", key="a")
    reply = message("Réponse à votre message : Feuille de soins", "Bonjour", "2026-11-22", "b")
    assert answer_to(written(), [taken]) is None
    assert answer_to(written(), [reply, taken]) == "b"
    assert answer_to(written(), [message("Votre question", "Référence : M-2026-0007.", key="c"), taken]) == "c"
    assert answer_to(written(sent_at=None), [reply]) is None
    assert answer_to(written(), [{**reply, "received_on": "2026-11-19"}]) is None
    assert answer_to(written(answers={"subject": ""}), [message("Réponse : autre chose", "rien")]) is None


def test_of_two_answers_the_first_counts() -> None:
    inbox = [message("Re: Feuille de soins", on="2026-11-24", key="second"),
             message("Re: Feuille de soins", on="2026-11-22", key="first")]
    assert answer_to(written(), inbox) == "first"


@given(st.text(), st.text(), st.text(min_size=6))
def test_no_text_of_the_outside_breaks_the_reading(subject: str, body: str, reference: str) -> None:
    about(message(subject), [{**CARD, "reference": reference}], body)
    answer_to(written(reference=reference, answers={"subject": subject}), [message(subject, body)])
