"""What becomes of a request: taken back, waiting for papers, moved by the days, decided; and what that changes."""

from datetime import date

import pytest

from agent.sandbox.desk.catalogue import MATTERS
from tests.agent.sandbox.desk import (
    C2S,
    CONTROL,
    DESK,
    KEY,
    PNG,
    asked,
    bank,
    card_order,
    control,
    days_pass,
    deposit,
    letters,
    put,
    state,
)
from tests.agent.sandbox.household import CLAIRE
from tests.agent.sandbox.visitor import ASSURE, Visitor, first, text, tree

# Taking back

async def test_a_request_just_received_can_be_taken_back_for_good(person: Visitor) -> None:
    await put(person, f"requests/{KEY}", bank())
    assert (await person.http.delete(f"{DESK}/requests/{KEY}")).status_code == 204
    assert (await person.get(f"{DESK}/requests/{KEY}")).status_code == 404
    assert (await put(person, f"requests/{KEY}", bank())).status_code == 409
    await days_pass(person, 30)
    assert not person.sandbox.service.household.iban
    assert letters(person)[-1].startswith("Demande annulée")


async def test_a_request_taken_back_before_it_came_never_comes(person: Visitor) -> None:
    assert (await person.http.delete(f"{DESK}/requests/{KEY}")).status_code == 404
    assert (await put(person, f"requests/{KEY}", bank())).status_code == 409


async def test_a_request_under_way_is_not_taken_back(person: Visitor) -> None:
    await put(person, f"requests/{KEY}", bank())
    await days_pass(person, 1)
    assert (await person.http.delete(f"{DESK}/requests/{KEY}")).status_code == 409
    assert (await state(person))["status"] == "received"


# What the days do

async def test_the_stages_of_a_card_move_with_the_days(person: Visitor) -> None:
    await put(person, f"requests/{KEY}", await card_order(person))
    stages = []
    for day in range(12):
        await days_pass(person, day)
        stages.append((await state(person))["stage"])
    assert stages == ["received"] * 2 + ["checked"] * 3 + ["production"] * 6 + ["sent"]
    found = await state(person)
    assert [one["on"] for one in found["stages"]] == ["2026-11-23", "2026-11-25", "2026-11-28", "2026-12-04"]
    assert found["decision"] == {"accepted": True, "reason": "", "on": "2026-11-25"}


async def test_days_that_nobody_looked_at_are_made_up_for(person: Visitor) -> None:
    await put(person, f"requests/{KEY}", await card_order(person))
    await days_pass(person, 60)
    assert [one["on"] for one in (await state(person))["stages"]][-1] == "2026-12-04"


async def test_a_file_without_its_papers_waits_for_them_21_days(person: Visitor) -> None:
    body = asked("c2s", C2S)
    await put(person, f"requests/{KEY}", body)
    await days_pass(person, 5)
    found = await state(person)
    assert found["status"] == "needs_papers"
    assert found["needs"] == [{"paper": "tax_notice", "label": "Avis d'impôt sur le revenu", "until": "2026-12-19"}]
    assert letters(person)[-1].startswith("Vous avez un dossier à compléter")
    await days_pass(person, 26)
    assert (await state(person))["status"] == "needs_papers"
    await days_pass(person, 27)
    found = await state(person)
    assert (found["status"], found["decision"]["on"]) == ("refused", "2026-12-20")
    assert "19/12/2026" in found["decision"]["reason"]


async def test_a_completed_file_goes_on_from_where_it_stopped(person: Visitor) -> None:
    await put(person, f"requests/{KEY}", asked("c2s", C2S))
    await days_pass(person, 10)
    paper = await deposit(person, "tax_notice")
    path = f"requests/{KEY}/papers/tax_notice"
    answer = await put(person, path, paper)
    assert (answer.status_code, answer.json()["status"], answer.json()["needs"]) == (201, "received", [])
    assert (await put(person, path, paper)).status_code == 200
    await days_pass(person, 14)
    assert (await state(person))["stage"] == "received"
    await days_pass(person, 15)
    assert (await state(person))["stage"] == "checked"
    await days_pass(person, 40)
    assert (await state(person))["status"] == "accepted"
    assert (await put(person, path, {**paper, "filename": "other.pdf"})).status_code == 409


async def test_a_paper_for_no_request_or_never_deposited_is_refused(person: Visitor) -> None:
    paper = await deposit(person, "identity")
    assert (await put(person, f"requests/{KEY}/papers/identity", paper)).status_code == 404
    await put(person, f"requests/{KEY}", bank())
    assert (await put(person, f"requests/{KEY}/papers/rib", {**paper, "sha256": "0" * 64})).status_code == 422


# What can be made to happen

async def test_papers_can_be_asked_for_at_will(person: Visitor) -> None:
    await put(person, f"requests/{KEY}", await card_order(person))
    answer = await control(person, needs=["photo"])
    assert answer.json()["needs"][0] == {"paper": "photo", "label": "Photographie d'identité", "until": "2026-12-14"}
    await put(person, f"requests/{KEY}/papers/photo", await deposit(person, "photo", PNG))
    assert (await state(person))["status"] == "received"


async def test_a_refusal_has_its_reason_and_the_way_to_contest_it(person: Visitor) -> None:
    await put(person, f"requests/{KEY}", bank())
    await control(person, refuse="Le compte n'est pas à votre nom.")
    found = await state(person)
    assert (found["status"], found["decision"]["reason"]) == ("refused", "Le compte n'est pas à votre nom.")
    told = person.sandbox.service.household.messages[-1].body
    assert "n'est pas à votre nom" in told
    assert "recours amiable" in told
    await days_pass(person, 60)
    assert not person.sandbox.service.household.iban
    assert (await control(person, accept=True)).status_code == 400


async def test_a_request_can_be_accepted_or_moved_at_once(person: Visitor) -> None:
    await put(person, f"requests/{KEY}", await card_order(person))
    assert (await control(person, accept=True)).json()["stage"] == "checked"
    assert (await control(person, accept=True)).status_code == 400
    assert (await control(person, stage="sent")).json()["stage"] == "sent"
    assert (await control(person, stage="production")).status_code == 400


@pytest.mark.parametrize("body", [[], {}, {"key": "nobody"}, {"key": KEY}, {"key": KEY, "stage": "heaven"}])
async def test_what_cannot_happen_is_told(person: Visitor, body: object) -> None:
    await put(person, f"requests/{KEY}", bank())
    assert (await person.post(f"{CONTROL}/requests", json=body)).status_code == 400


async def test_a_request_is_also_found_by_its_reference(person: Visitor) -> None:
    reference = (await put(person, f"requests/{KEY}", bank())).json()["reference"]
    answer = await person.post(f"{CONTROL}/requests", json={"reference": reference, "accept": True})
    assert answer.json()["status"] == "accepted"


# What it changes

async def test_new_bank_details_show_masked_in_the_profile(person: Visitor) -> None:
    await put(person, f"requests/{KEY}", bank())
    assert "Coordonnées bancaires" not in (await person.get(ASSURE + "as_info_perso_page")).text
    await days_pass(person, 3)
    page = await person.get(ASSURE + "as_info_perso_page")
    assert "FR14 **** 606" in page.text
    assert "0505" not in page.text


async def test_every_matter_begins_received_and_has_one_decision() -> None:
    for name, matter in MATTERS.items():
        days = [step.days for step in matter.steps]
        assert matter.steps[0].name == "received", name
        assert days == sorted(days), name
        assert [step.accepts for step in matter.steps].count(True) == 1, name


# The inbox

async def test_letters_are_in_the_inbox_as_any_message(person: Visitor) -> None:
    reference = (await put(person, f"requests/{KEY}", bank())).json()["reference"]
    await days_pass(person, 10)
    page = await person.get(ASSURE + "as_messages_recus_page")
    rows = [row for row in tree(page).css("#tableauMessagesRecus tbody tr.nonlu") if "coordonnées" in row.text()]
    assert len(rows) == 2
    link = rows[0].css_first("a")
    assert link is not None
    detail = await person.get(link.attributes["href"] or "")
    assert text(first(detail, ".dateMessage")) == "26/11/2026"
    assert reference in text(first(detail, ".corpsMessage"))
    assert first(detail, "form#pdfSimple") is not None


async def test_letters_bear_the_day_of_what_they_tell(person: Visitor) -> None:
    await put(person, f"requests/{KEY}", await card_order(person))
    await days_pass(person, 60)
    await person.get(f"{DESK}/requests")
    days = [one.received_on for one in person.sandbox.service.household.messages if one.id.startswith("D")]
    assert days == [date(2026, 11, 23), date(2026, 11, 25), date(2026, 11, 28), date(2026, 12, 4)]


async def test_a_declared_doctor_shows_on_the_certificate(person: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CLAIRE, "doctor", False)  # and again after this test: others share her
    answers = {"person": "CLAIRE MARTIN", "way": "form", "doctor": "DURAND Paul"}
    assert (await put(person, f"requests/{KEY}", asked("attending-doctor", answers))).status_code == 422
    await put(person, f"requests/{KEY}", asked("attending-doctor", answers, await deposit(person, "form")))
    await days_pass(person, 4)
    await state(person)
    assert [one.doctor for one in person.sandbox.service.household.persons] == [True, False]


async def test_a_new_address_and_new_numbers_show_in_the_profile(person: Visitor) -> None:
    moved = {"street": "5 rue Neuve", "postcode": "69003", "town": "Lyon", "moved_on": "2026-11-20"}
    await put(person, f"requests/{KEY}", asked("postal-address", moved))
    await put(person, f"requests/{KEY}-2", asked("contact-details", {
        "email": "claire@example.net", "mobile": "+33698765432"}))
    await days_pass(person, 5)
    page = (await person.get(ASSURE + "as_info_perso_page")).text
    assert "5 RUE NEUVE 69003 LYON" in page
    assert "claire@example.net" in page
    assert "06 ** ** ** 32" in page


async def test_an_accepted_c2s_is_printed_with_its_dates(person: Visitor) -> None:
    await put(person, f"requests/{KEY}", asked("c2s", C2S, await deposit(person, "tax_notice")))
    await control(person, accept=True)
    right = person.sandbox.service.household.solidarity
    assert right
    assert (right.since, right.until) == (date(2026, 12, 1), date(2027, 11, 30))


async def test_every_mistake_inside_a_list_has_its_place(person: Visitor) -> None:
    child = {"first_names": "Rose", "last_name": "Martin", "birth_date": "2027-01-01", "birth_departement": "78"}
    answer = await put(person, f"requests/{KEY}", asked("birth", {
        "birth_country": "FR", "children": [child, {}], "other_parent": "insured", "other_parent_last_name": "PETIT",
        "other_parent_first_name": "Paul", "other_parent_nir": "1 47 72 04 253 674 11"}))
    assert [(one["field"], one["code"]) for one in answer.json()["errors"]] == [
        ("children[0].birth_date", "future"), ("children[1].first_names", "required"),
        ("children[1].last_name", "required"), ("children[1].birth_date", "required"),
        ("children[1].birth_departement", "required"), ("other_parent_nir", "key")]


async def test_the_papers_wanted_follow_from_the_answers(person: Visitor) -> None:
    answers = {**C2S, "benefit": "rsa", "housing": "owner", "lived_abroad": True}
    await put(person, f"requests/{KEY}", asked("c2s", answers))
    await days_pass(person, 5)
    assert [one["paper"] for one in (await state(person))["needs"]] == [
        "rsa_certificate", "property_tax", "foreign_proof"]
    for name in ("rsa_certificate", "property_tax"):
        answer = await put(person, f"requests/{KEY}/papers/{name}", await deposit(person, name))
        assert answer.json()["status"] == "needs_papers"
    answer = await put(person, f"requests/{KEY}/papers/foreign_proof", await deposit(person, "foreign_proof"))
    assert answer.json()["status"] == "received"
