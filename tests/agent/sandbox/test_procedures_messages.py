"""Messages to an adviser, and certificates on demand."""

from datetime import date

import pypdfium2
import pytest

from tests.agent.sandbox.desk import CONTROL, DESK, KEY, asked, days_pass, deposit, letters, put
from tests.agent.sandbox.visitor import ASSURE, Visitor

QUESTION = {"subject": "Mon remboursement", "theme": "Remboursements", "body": "Où en est ma feuille de soins ?",
            "papers": []}


def printed(content: bytes) -> str:
    """The text of a PDF."""
    return "\n".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(content))


# Messages

async def test_a_message_is_taken_once_and_answered_two_days_later(person: Visitor) -> None:
    taken = await put(person, f"messages/{KEY}", QUESTION)
    again = await put(person, f"messages/{KEY}", QUESTION)
    assert (taken.status_code, again.status_code) == (201, 200)
    assert taken.json() == again.json()
    assert letters(person) == ["Accusé de réception : Mon remboursement"]
    await days_pass(person, 1)
    assert "Réponse à votre message" not in (await person.get(ASSURE + "as_messages_recus_page")).text
    await days_pass(person, 2)
    assert "Réponse à votre message : Mon remboursement" in (await person.get(ASSURE + "as_messages_recus_page")).text
    answer = person.sandbox.service.household.messages[-1]
    assert answer.received_on == date(2026, 11, 25)
    assert "feuille de soins papier" in answer.body
    assert taken.json()["reference"] in answer.body


async def test_another_message_under_the_same_key_is_a_conflict(person: Visitor) -> None:
    await put(person, f"messages/{KEY}", QUESTION)
    assert (await put(person, f"messages/{KEY}", {**QUESTION, "body": "Autre chose"})).status_code == 409


@pytest.mark.parametrize(("changes", "field", "code"), [
    ({"subject": ""}, "subject", "required"), ({"body": "  "}, "body", "required"),
    ({"body": None}, "body", "required"),
    ({"subject": "x" * 151}, "subject", "too_long"), ({"body": "x" * 5001}, "body", "too_long"),
    ({"papers": [{"name": "a", "sha256": "0" * 64, "media_type": "application/pdf"}]}, "papers[0]", "unknown_paper"),
    ({"papers": {}}, "papers", "invalid"),
])
async def test_a_message_that_will_not_do_is_refused(
    person: Visitor, changes: dict[str, object], field: str, code: str,
) -> None:
    answer = await put(person, f"messages/{KEY}", {**QUESTION, **changes})
    assert answer.status_code == 422
    assert [(one["field"], one["code"]) for one in answer.json()["errors"]] == [(field, code)]


async def test_papers_can_be_joined_to_a_message(person: Visitor) -> None:
    paper = await deposit(person, "bill")
    assert (await put(person, f"messages/{KEY}", {**QUESTION, "papers": [paper]})).status_code == 201
    seen = (await person.get(f"{CONTROL}/requests")).json()["messages"]
    assert [(one["subject"], one["body"], one["answered"]) for one in seen] == [
        ("Mon remboursement", "Où en est ma feuille de soins ?", False)]


# Certificates

async def test_sick_pay_is_certified_for_the_days_asked_for(person: Visitor) -> None:
    answer = await person.get(f"{DESK}/documents/attestation-ij?since=2026-09-10&until=2026-09-30")
    assert answer.headers["content-type"] == "application/pdf"
    said = printed(answer.content)
    assert "INDEMNITÉS JOURNALIÈRES" in said
    assert "du 10/09/2026 au 14/09/2026" in said
    assert "440,90 euro(s)" in said, "five days at 88.18"
    assert "2 85 05 78 006 048" in said


async def test_a_whole_period_is_certified_to_the_cent_that_was_paid(person: Visitor) -> None:
    answer = await person.get(f"{DESK}/documents/attestation-ij?since=2026-01-01&until=2026-12-31")
    assert "1234,56 euro(s)" in printed(answer.content)


@pytest.mark.parametrize(("query", "status", "field", "code"), [
    ("attestation-ij", 422, "since", "required"),
    ("attestation-ij?since=2026-09-01", 422, "until", "required"),
    ("attestation-ij?since=01/09/2026&until=2026-09-30", 422, "since", "required"),
    ("attestation-ij?since=2026-09-30&until=2026-09-01", 422, "until", "order"),
    ("attestation-ij?since=2024-01-01&until=2024-12-31", 404, "since", "nothing"),
    ("releve-fiscal", 422, "year", "required"), ("releve-fiscal?year=26", 422, "year", "required"),
    ("releve-fiscal?year=2026", 422, "year", "not_over"), ("releve-fiscal?year=2021", 404, "year", "too_old"),
    ("releve-fiscal?year=2025", 404, "year", "nothing"),
    ("certificat-ceam?person=Nobody", 422, "person", "unknown_person"),
    ("attestation-de-vie", 404, "name", "unknown"),
])
async def test_what_cannot_be_certified_is_told(
    person: Visitor, query: str, status: int, field: str, code: str,
) -> None:
    answer = await person.get(f"{DESK}/documents/{query}")
    assert answer.status_code == status
    assert [(one["field"], one["code"]) for one in answer.json()["errors"]] == [(field, code)]


async def test_the_tax_statement_says_what_was_paid_and_what_is_taxed(person: Visitor) -> None:
    await days_pass(person, 60)
    said = printed((await person.get(f"{DESK}/documents/releve-fiscal?year=2026")).content)
    assert "RELEVÉ FISCAL 2026" in said
    assert "1234,56 euro(s)" in said
    assert "1272,93 euro(s)" in said, "1234.56 / 0.933 gross, less 3.8 %"


@pytest.mark.parametrize(("person_asked", "named"), [("", "CLAIRE"), ("?person=TOM MARTIN", "TOM")])
async def test_a_provisional_european_certificate_holds_three_months(
    person: Visitor, person_asked: str, named: str,
) -> None:
    said = printed((await person.get(f"{DESK}/documents/certificat-ceam{person_asked}")).content)
    assert named in said
    assert "23/11/2026" in said
    assert "22/02/2027" in said


async def test_an_accepted_birth_adds_somebody_to_every_page(person: Visitor) -> None:
    child = {"first_names": "Rose", "last_name": "Martin", "birth_date": "2026-11-15", "birth_departement": "78"}
    body = asked("birth", {"birth_country": "FR", "children": [child], "other_parent": "none"})
    assert (await put(person, f"requests/{KEY}", body)).status_code == 201
    assert "ROSE" not in (await person.get(ASSURE + "as_info_perso_page")).text
    await days_pass(person, 6)
    assert "ROSE" in (await person.get(ASSURE + "as_info_perso_page")).text
    assert "ROSE" in (await person.get(ASSURE + "as_accueil_page")).text
    assert (await person.get(f"{DESK}/documents/certificat-ceam?person=ROSE")).status_code == 200
