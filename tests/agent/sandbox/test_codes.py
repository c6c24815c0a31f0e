"""The one-time code and the trusted device."""

import pytest

from tests.agent.sandbox.conftest import Visit
from tests.agent.sandbox.household import NIR, PASSWORD
from tests.agent.sandbox.visitor import BASE, SHOW, Clock, Visitor, first, form_fields, has, text

SPACED = "2 85 05 78 006 048"
ALERT = ".zone-alerte:not(.hidden) > span"


async def _at_code(person: Visitor) -> object:
    return await person.ask_code(await person.give_pair())


async def test_the_code_is_asked_for_by_a_second_post_and_only_then_sent(visit: Visit) -> None:
    person = visit(otp=True)
    page = await person.give_pair()
    assert has(page, "#blocEnvoyerOTP")
    button = first(page, "input[type=submit]#BoutonGenerationOTP")
    assert (button.attributes["name"], button.attributes["value"]) == ("envoiOTP", "Recevoir un code de sécurité")
    assert has(page, "input[type=submit]#id_r_cnx_btn_submit"), "some programs read the step through this button's form"
    assert form_fields(page)["authStep"] == "OTP_NECESSAIRE"
    assert person.sandbox.service.mails == []
    page = await person.ask_code(page)
    assert form_fields(page)["authStep"] == "SAISIE_OTP"
    mails = (await person.get(f"{BASE}/_sandbox/mailbox")).json()
    assert [set(mail) for mail in mails] == [{"to", "subject", "date", "body", "code"}]
    assert len(mails[0]["code"]) == 6
    assert mails[0]["code"] in mails[0]["body"]
    assert "15 minutes" in mails[0]["body"]


async def test_the_code_page_has_six_boxes_and_the_device_check_box(visit: Visit) -> None:
    page = await visit(otp=True).ask_code(await visit(otp=True).give_pair())
    for rank in range(1, 7):
        assert first(page, f"#numOTP{rank}").attributes["name"] == f"numOTP{rank}"
    assert first(page, "#enrolerDevice").attributes["name"] == "enrolerDevice"
    assert has(page, "label[for=enrolerDevice]")


async def test_the_steps_keep_the_pair_and_every_hidden_field(visit: Visit) -> None:
    person = visit(otp=True)
    start = form_fields(await person.get(SHOW))
    for page in (await person.give_pair(), await _at_code(person)):
        fields = form_fields(page)
        assert (fields["user"], fields["password"]) == (SPACED, PASSWORD)
        assert {name for name in start if name.startswith("lmhidden_")} <= set(fields)


@pytest.mark.parametrize("changes", [{}, {"user": NIR, "password": PASSWORD}, {"user": SPACED}])
async def test_the_steps_accept_the_pair_kept_or_given_again(visit: Visit, changes: dict[str, str]) -> None:
    person = visit(otp=True)
    page = await person.send_form(await person.give_pair(), authStep="ENVOI_OTP", envoiOTP="x", **changes)
    digits = {f"numOTP{rank}": digit for rank, digit in enumerate(person.last_code(), 1)}
    assert has(await person.send_form(page, **digits, **changes, submit="me connecter"), ".deconnexionButton")


async def test_the_button_works_without_the_page_s_script(visit: Visit) -> None:
    person = visit(otp=True)
    page = await person.send_form(await person.give_pair(), envoiOTP="Recevoir un code de sécurité")
    assert form_fields(page)["authStep"] == "SAISIE_OTP"


async def test_the_code_may_be_typed_in_one_field(visit: Visit) -> None:
    person = visit(otp=True, otp_field="one")
    page = await _at_code(person)
    assert not has(page, "#numOTP1")
    assert has(await person.send_form(page, codeOTP=person.last_code()), ".deconnexionButton")


async def test_a_wrong_code_is_said_and_another_try_is_open(visit: Visit) -> None:
    person = visit(otp=True)
    page = await person.give_code(await _at_code(person), "000000")
    assert text(first(page, ALERT)) == "Le code saisi est incorrect"
    assert form_fields(page)["authStep"] == "SAISIE_OTP"
    assert "trustConnect0" not in person.http.cookies
    assert has(await person.give_code(page, person.last_code()), ".deconnexionButton")


@pytest.mark.parametrize(("minutes", "good"), [(14, True), (16, False)])
async def test_a_code_is_good_for_fifteen_minutes(visit: Visit, clock: Clock, minutes: int, good: bool) -> None:
    person = visit(otp=True, session_seconds=100_000)
    page = await _at_code(person)
    clock.seconds += minutes * 60
    answer = await person.give_code(page, person.last_code())
    assert ("incorrect" not in answer.text) is good


async def test_a_code_serves_once(visit: Visit) -> None:
    person = visit(otp=True)
    page = await _at_code(person)
    await person.give_code(page, person.last_code())
    assert "Le code saisi est incorrect" in (await visit(person.sandbox).give_code(page, person.last_code())).text


async def test_the_sixth_code_asked_for_is_refused(visit: Visit) -> None:
    person = visit(otp=True)
    page = await person.give_pair()
    for _ in range(5):
        assert not has(await person.ask_code(page), ALERT)
    said = "Le nombre maximum de demandes de code a été atteint"
    assert said in text(first(await person.ask_code(page), ALERT))
    assert said in text(first(await person.give_pair(), ALERT)), "a new login is told as well"
    assert len(person.sandbox.service.mails) == 5


async def test_a_remembered_device_needs_no_code_and_its_proof_changes_at_each_login(visit: Visit) -> None:
    person = visit(otp=True)
    await person.sign_in()
    proof = person.http.cookies["trustConnect0"]
    person.sandbox.service.end_sessions()
    assert has(await person.give_pair(), ".deconnexionButton")
    renewed = person.http.cookies["trustConnect0"]
    assert renewed != proof
    stranger = visit(person.sandbox)
    stranger.http.cookies.set("trustConnect0", proof, domain="localhost.local")
    person.sandbox.service.end_sessions()
    assert has(await stranger.give_pair(), "#blocEnvoyerOTP"), "the old proof is worth nothing"


async def test_a_device_not_remembered_needs_a_code_again(visit: Visit) -> None:
    person = visit(otp=True)
    await person.give_code(await _at_code(person), person.last_code(), remember=False)
    assert "trustConnect0" not in person.http.cookies
    person.sandbox.service.end_sessions()
    assert has(await person.give_pair(), "#blocEnvoyerOTP")


@pytest.mark.parametrize(("days", "code_needed"), [(179, False), (181, True)])
async def test_a_device_is_trusted_for_180_days(visit: Visit, clock: Clock, days: int, code_needed: bool) -> None:
    person = visit(otp=True)
    await person.sign_in()
    clock.seconds += days * 86_400
    assert has(await person.give_pair(), "#blocEnvoyerOTP") is code_needed


async def test_a_wrong_password_on_a_trusted_device_leaves_its_proof_alone(visit: Visit) -> None:
    person = visit(otp=True)
    await person.sign_in()
    proof = person.http.cookies["trustConnect0"]
    person.sandbox.service.end_sessions()
    assert has(await person.give_pair(password="faux"), ALERT)
    assert person.http.cookies["trustConnect0"] == proof
    assert has(await person.give_pair(), ".deconnexionButton")
