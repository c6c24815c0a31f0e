"""The desk that takes procedures: who may ask, what is refused, once each, and what the days do."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.sandbox.desk.catalogue import MATTERS
from agent.sandbox.desk.validation import mistakes
from tests.agent.sandbox.conftest import Visit
from tests.agent.sandbox.desk import (
    C2S,
    CONTROL,
    DESK,
    JPEG,
    KEY,
    PDF,
    PNG,
    asked,
    bank,
    card_order,
    days_pass,
    deposit,
    letters,
    put,
    state,
)
from tests.agent.sandbox.household import TODAY, household
from tests.agent.sandbox.visitor import Visitor, has
from tests.thoroughness import examples

# Who may ask

async def test_the_service_says_what_it_is(person: Visitor) -> None:
    assert (await person.get(f"{DESK}/")).json() == {"service": "demarches", "version": 1}


@pytest.mark.parametrize(("method", "path"), [
    ("GET", "/"), ("GET", "/requests"), ("GET", f"/requests/{KEY}"), ("PUT", f"/requests/{KEY}"),
    ("DELETE", f"/requests/{KEY}"), ("PUT", f"/papers/{'0' * 64}"), ("PUT", f"/messages/{KEY}"),
    ("PUT", f"/requests/{KEY}/papers/identity"), ("GET", "/documents/certificat-ceam"),
])
async def test_nobody_is_served_without_a_session(visit: Visit, method: str, path: str) -> None:
    stranger = visit(follow=False)
    answer = await stranger.http.request(method, DESK + path, json={} if method == "PUT" else None)
    assert answer.status_code == 302
    page = await stranger.http.get(f"http://127.0.0.1:8080{answer.headers['location']}", follow_redirects=True)
    assert has(page, "input[type=password]")
    assert stranger.sandbox.service.desk.received()["arrivals"] == {}


async def test_a_session_that_ended_is_sent_to_the_login(person: Visitor) -> None:
    await person.post(f"{CONTROL}/expire")
    assert has(await person.get(f"{DESK}/requests"), "input[type=password]")


@pytest.mark.parametrize("standing", ["mail", "newpassword", "cgu"])
async def test_what_stands_before_the_data_stands_before_the_desk(visit: Visit, standing: str) -> None:
    visitor = visit()
    await visitor.sign_in()
    visitor.sandbox.options.set("interstitial", standing)
    answer = await visitor.http.get(f"{DESK}/", follow_redirects=False)
    assert (answer.status_code, "_pageLabel=as_" in answer.headers["location"]) == (302, True)


async def test_the_firewall_and_outages_stand_before_it_too(person: Visitor) -> None:
    person.sandbox.options.waf = "on"
    assert "Request Rejected" in (await person.get(f"{DESK}/")).text
    person.sandbox.options.waf = "off"
    person.sandbox.options.outage = True
    assert "INDISPO" in str((await person.get(f"{DESK}/")).url)


async def test_switched_off_there_is_no_such_service(visit: Visit) -> None:
    visitor = visit(procedures="off")
    for path in ("/", "/requests", f"/requests/{KEY}", "/documents/certificat-ceam"):
        assert (await visitor.get(DESK + path)).status_code == 404


# What is taken

async def test_a_request_is_taken_under_a_reference_and_acknowledged(person: Visitor) -> None:
    answer = await put(person, f"requests/{KEY}", bank())
    assert answer.status_code == 201
    told = answer.json()
    assert (told["status"], told["stage"]) == ("received", "received")
    found = await state(person)
    assert (found["key"], found["reference"], found["procedure"]) == (KEY, told["reference"], "bank-details")
    assert found["stages"] == [{"name": "received", "label": "Demande reçue", "on": "2026-11-23"}]
    assert (found["needs"], found["decision"]) == ([], None)
    assert letters(person) == ["Accusé de réception : changement de coordonnées bancaires"]


async def test_the_same_request_again_is_answered_the_same_and_kept_once(person: Visitor) -> None:
    told = (await put(person, f"requests/{KEY}", bank())).json()
    await days_pass(person, 30)
    again = await put(person, f"requests/{KEY}", bank())
    assert (again.status_code, again.json()) == (200, told)
    assert len((await person.get(f"{DESK}/requests")).json()["requests"]) == 1
    assert letters(person).count("Accusé de réception : changement de coordonnées bancaires") == 1


async def test_another_request_under_the_same_key_is_a_conflict(person: Visitor) -> None:
    await put(person, f"requests/{KEY}", bank())
    answer = await put(person, f"requests/{KEY}", bank(bic="PSSTFRPPPAR"))
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (409, "other_request")


async def test_requests_are_listed_newest_first(person: Visitor) -> None:
    keys = [f"{KEY}{rank}" for rank in range(3)]
    for key in keys:
        await put(person, f"requests/{key}", bank())
    listed = (await person.get(f"{DESK}/requests")).json()["requests"]
    assert [one["key"] for one in listed] == keys[::-1]


async def test_tests_see_everything_that_arrived_with_counts(person: Visitor) -> None:
    for body in (bank(), bank(), bank(iban="FR00")):
        await put(person, f"requests/{KEY}", body)
    seen = (await person.get(f"{CONTROL}/requests")).json()
    assert seen["arrivals"] == {f"requests/{KEY}": {"PUT 201": 1, "PUT 200": 1, "PUT 409": 1}}
    assert seen["requests"][0]["answers"] == bank()["answers"]


# What is refused

@pytest.mark.parametrize(("answers", "field", "code"), [
    ({"iban": None}, "iban", "required"),
    ({"iban": "FR1420041010050500013M02607"}, "iban", "key"),
    ({"iban": "FR7610278060610001020480101"}, "iban", "key"),
    ({"iban": "US12345678901234"}, "iban", "invalid"),
    ({"iban": "FR14 2004"}, "iban", "invalid"),
    ({"holder_is_me": None}, "holder_is_me", "required"),
    ({"holder_is_me": "yes"}, "holder_is_me", "invalid"),
    ({"holder_is_me": False}, "holder", "required"),
    ({"holder_is_me": False, "holder": "123"}, "holder", "invalid"),
])
async def test_wrong_answers_are_refused_with_a_code_and_a_sentence(
    person: Visitor, answers: dict[str, Any], field: str, code: str,
) -> None:
    answer = await put(person, f"requests/{KEY}", bank(**answers))
    assert answer.status_code == 422
    assert [(one["field"], one["code"]) for one in answer.json()["errors"]] == [(field, code)]
    assert answer.json()["errors"][0]["message"].endswith(".")
    assert (await person.get(f"{DESK}/requests/{KEY}")).status_code == 404
    assert letters(person) == []


async def test_all_mistakes_are_told_at_once(person: Visitor) -> None:
    answer = await put(person, f"requests/{KEY}", bank(iban="x", holder_is_me=None))
    assert {one["field"] for one in answer.json()["errors"]} == {"iban", "holder_is_me"}


async def test_a_refused_request_can_be_corrected_under_its_key(person: Visitor) -> None:
    assert (await put(person, f"requests/{KEY}", bank(iban=None))).status_code == 422
    assert (await put(person, f"requests/{KEY}", bank())).status_code == 201


@pytest.mark.parametrize("iban", [
    "FR76 3000 6000 0112 3456 7890 189", "GB29 NWBK 6016 1331 9268 19", "DE89 3704 0044 0532 0130 00",
    "BE68 5390 0754 7034", "IE29 AIBK 9311 5212 3456 78", "ES91 2100 0418 4502 0005 1332", "CH93 0076 2011 6238 5295 7",
])
async def test_accounts_of_the_whole_sepa_area_are_taken(person: Visitor, iban: str) -> None:
    assert (await put(person, f"requests/{KEY}", bank(iban=iban))).status_code == 201


async def test_an_unknown_procedure_is_not_here(person: Visitor) -> None:
    answer = await put(person, f"requests/{KEY}", asked("free-beer", {}))
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (404, "unknown_procedure")


@pytest.mark.parametrize("body", [
    b"", b"{", b"[]", b"\xff\xfe", b'"x"', b'{"subject": NaN}', b'{"subject": "\\ud800"}', b"[" * 100_000,
])
async def test_a_body_that_is_no_object_is_refused(person: Visitor, body: bytes) -> None:
    for path in (f"requests/{KEY}", f"messages/{KEY}"):
        assert (await person.http.put(f"{DESK}/{path}", content=body)).status_code == 400


_JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
                     lambda one: st.lists(one, max_size=3) | st.dictionaries(st.text(max_size=9), one, max_size=3),
                     max_leaves=6)


@settings(max_examples=examples(150))
@given(data=st.data(), name=st.sampled_from(sorted(MATTERS)))
def test_whatever_is_answered_is_judged_and_never_breaks_the_service(data: st.DataObject, name: str) -> None:
    answers = data.draw(st.fixed_dictionaries({}, optional={one.field: _JSON for one in MATTERS[name].demands}))
    for found in mistakes(MATTERS[name], answers, household(), TODAY):
        assert found["field"]
        assert found["code"]
        assert found["message"].strip()


async def test_answers_that_are_no_object_are_refused(person: Visitor) -> None:
    assert (await put(person, f"requests/{KEY}", {"procedure": "bank-details", "answers": []})).status_code == 422


@pytest.mark.parametrize("day", ["hier", "2026-02-30", 20261123.5, ["2026-11-23"]])
async def test_a_day_that_is_none_is_refused_and_leaves_the_service_alive(person: Visitor, day: object) -> None:
    answer = await put(person, f"requests/{KEY}", {**asked("c2s", C2S), "declared_on": day})
    assert answer.status_code == 422
    assert [wrong["field"] for wrong in answer.json()["errors"]] == ["declared_on"]
    await days_pass(person, 60)
    assert (await person.get(f"{DESK}/requests")).json() == {"requests": []}


async def test_a_body_beyond_measure_is_refused(person: Visitor) -> None:
    assert (await put(person, f"requests/{KEY}", bank(bic="x" * 1_100_000))).status_code == 413


@pytest.mark.parametrize("key", ["short", "x" * 65, "a b c d e f", "points..points"])
async def test_a_key_is_of_letters_digits_and_hyphens(person: Visitor, key: str) -> None:
    assert (await put(person, f"requests/{key}", bank())).status_code == 400


async def test_people_of_other_accounts_are_refused(person: Visitor) -> None:
    body = asked("ehic", {"people": ["CLAIRE MARTIN", "Somebody Else"]})
    answer = await put(person, f"requests/{KEY}", body)
    assert [(one["field"], one["code"]) for one in answer.json()["errors"]] == [("people", "unknown_person")]


@pytest.mark.parametrize("name", ["TOM", "tom martin", "MARTIN TOM"])
async def test_a_person_is_known_by_first_name_or_both(person: Visitor, name: str) -> None:
    assert (await put(person, f"requests/{KEY}", asked("ehic", {"people": [name]}))).status_code == 201


# Papers

@pytest.mark.parametrize("content", [PDF, JPEG, PNG])
async def test_papers_are_kept_by_their_hash(person: Visitor, content: bytes) -> None:
    paper = await deposit(person, "identity", content)
    kept = person.sandbox.service.desk.drawer.paper(paper["sha256"])
    assert kept is not None
    assert (kept.content, kept.media_type) == (content, paper["media_type"])


async def test_the_same_paper_again_changes_nothing(person: Visitor) -> None:
    paper = await deposit(person, "identity")
    again = await person.http.put(f"{DESK}/papers/{paper['sha256']}", content=PDF,
                                  headers={"content-type": "application/pdf"})
    assert (again.status_code, again.json()) == (200, {"sha256": paper["sha256"]})


@pytest.mark.parametrize(("content", "said", "status"), [
    (b"%PDF-1.4", "image/png", 415), (b"MZ\x90", "application/pdf", 415), (b"", "application/pdf", 415),
    (b"%PDF-" + b"0" * (10 * 1024 * 1024), "application/pdf", 413),
])
async def test_what_is_no_paper_is_refused(person: Visitor, content: bytes, said: str, status: int) -> None:
    import hashlib

    answer = await person.http.put(f"{DESK}/papers/{hashlib.sha256(content).hexdigest()}", content=content,
                                   headers={"content-type": said})
    assert answer.status_code == status
    assert person.sandbox.service.desk.drawer.paper(hashlib.sha256(content).hexdigest()) is None


@pytest.mark.parametrize("name", ["0" * 64, "x", "..%2F..%2Fpasswd"])
async def test_a_paper_that_is_not_its_hash_is_refused(person: Visitor, name: str) -> None:
    answer = await person.http.put(f"{DESK}/papers/{name}", content=PDF, headers={"content-type": "application/pdf"})
    assert answer.status_code in (400, 404)


async def test_a_request_names_papers_deposited_before_it(person: Visitor) -> None:
    body = await card_order(person)
    body["papers"][0] |= {"sha256": "0" * 64}
    answer = await put(person, f"requests/{KEY}", body)
    assert answer.status_code == 422
    assert ("papers[0]", "unknown_paper") in [(one["field"], one["code"]) for one in answer.json()["errors"]]


async def test_a_card_is_not_ordered_without_photograph_and_identity(person: Visitor) -> None:
    answer = await put(person, f"requests/{KEY}", asked("carte-vitale-order", {"person": "TOM"}))
    assert [one["field"] for one in answer.json()["errors"]] == ["papers.photo", "papers.identity"]
