"""Signing in: the machine's steps, what is remembered, and every way it can end."""

from collections.abc import Callable

import pytest

from agent.errors import AmeliError
from agent.portal import errors
from tests.agent.portal.world import BASE, IDENTITY, Sent, World
from tests.agent.sandbox.household import NIR, PASSWORD
from tests.agent.sandbox.visitor import Clock

Make = Callable[..., World]


def _steps(posts: list[Sent]) -> list[str]:
    return [one.form["authStep"] for one in posts]


async def test_number_password_and_code_open_the_session(world: Make) -> None:
    at = world(otp=True)
    person = at.person()
    portal = at.portal()
    await portal.sign_in(NIR, PASSWORD, person)
    assert await portal.payment_window()
    assert len(person.asked) == 1
    assert "code" in person.asked[0].lower()
    assert _steps(at.posts()) == ["", "ENVOI_OTP", "SAISIE_OTP"]


async def test_the_machine_posts_what_the_service_expects_at_each_step(world: Make) -> None:
    at = world(otp=True)
    await at.portal().sign_in(NIR, PASSWORD, at.person())
    pair, send, code = at.posts()
    for post in (pair, send, code):
        assert post.form["user"] == NIR
        assert post.form["lmhidden_client_id"] == "compte_AS"
        assert post.form["lmAuth"] == "LOGIN"
        assert post.url.startswith(f"{IDENTITY}/oauth2/authorize?")
    assert pair.form["submit"] == "me connecter"
    assert "submit" not in send.form
    assert send.form["envoiOTP"] == "Recevoir un code de sécurité"
    assert [code.form[f"numOTP{n}"] for n in range(1, 7)] == list(at.sandbox.service.mails[-1].code or "")
    assert code.form["enrolerDevice"] == "on"
    assert code.form["submit"] == "me connecter"


async def test_one_field_for_the_code_does_as_well_as_six_boxes(world: Make) -> None:
    at = world(otp=True, otp_field="one")
    portal = at.portal()
    await portal.sign_in(NIR, PASSWORD, at.person())
    assert await portal.payment_window()


@pytest.mark.parametrize("option", [
    {"ids": "2023"}, {"ids": "2026"}, {"banner": "off"}, {"banner": "wa"}, {"banner": "cookie"}, {"end": "link"},
    {"interstitial": "alerte"}, {"interstitial": "plustard"}, {"interstitial": "cgu"}, {"campaign": True},
])
@pytest.mark.parametrize("otp", [False, True])
async def test_every_shape_of_the_way_in_is_accepted(world: Make, option: dict[str, object], otp: bool) -> None:
    at = world(otp=otp, **option)
    portal = at.portal()
    await portal.sign_in(NIR, PASSWORD, at.person())
    assert await portal.payment_window()
    assert await portal.payments()


async def test_a_written_out_port_is_the_same_address(world: Make) -> None:
    base, identity = "https://assure.example", "https://ameliconnect.example"
    at = world(base=base, identity=identity, explicit_port=True, otp=True)
    at.config = type(at.config)(base_url=base + ":443", identity_url=identity, pause_s=0)
    portal = await at.signed_in()
    assert await portal.payments()
    assert await portal.statements()


async def test_spaces_and_key_of_the_number_are_dropped(world: Make) -> None:
    at = world()
    await at.portal().sign_in("2 85 05 78 006 048 51", PASSWORD, None)
    assert at.posts()[0].form["user"] == NIR


@pytest.mark.parametrize("number", ["", "123", "28505780060481", "X850578006048", "2850578006048XX", "é" * 13])
async def test_what_is_no_number_is_refused_before_anything_is_sent(world: Make, number: str) -> None:
    at = world()
    with pytest.raises(errors.BadNumber):
        await at.portal().sign_in(number, PASSWORD, None)
    assert at.wire.sent == []


# -- the trusted device -----------------------------------------------------------------------------------------------


async def test_a_trusted_device_needs_no_code_and_its_proof_is_renewed(world: Make) -> None:
    at = world(otp=True)
    first = await at.signed_in()
    proof = first.session().trusted_device
    assert proof
    second = at.portal(first.session())
    await second.sign_in(NIR, PASSWORD, None)
    assert second.session().trusted_device not in (None, proof)
    third = at.portal(second.session())
    await third.sign_in(NIR, PASSWORD, None)
    assert third.session().trusted_device != second.session().trusted_device


async def test_a_device_that_is_not_to_be_remembered_has_no_proof(world: Make) -> None:
    at = world(otp=True)
    portal = at.portal()
    await portal.sign_in(NIR, PASSWORD, at.person(remember=False))
    assert portal.session().trusted_device is None
    assert "enrolerDevice" not in at.posts()[-1].form


async def test_the_old_proof_stays_when_a_sign_in_returns_none(world: Make) -> None:
    at = world(otp=True)
    first = await at.signed_in()
    proof = first.session().trusted_device
    second = at.portal(first.session())
    with pytest.raises(errors.WrongPassword):
        await second.sign_in(NIR, "Faux1!faux", None)
    assert second.session().trusted_device == proof


async def test_signing_out_ends_the_session_and_keeps_the_trust(world: Make) -> None:
    at = world(otp=True)
    portal = await at.signed_in()
    proof = portal.session().trusted_device
    await portal.sign_out()
    assert portal.session().cookies == []
    assert portal.session().trusted_device == proof
    with pytest.raises(errors.SessionEnded):
        await portal.payment_window()


async def test_a_kept_session_opens_the_account_without_signing_in(world: Make) -> None:
    at = world()
    kept = (await at.signed_in()).session()
    mark = len(at.wire.sent)
    assert await at.portal(kept).payments()
    assert not any("oauth2" in path for path in at.paths(mark))


# -- refusals ---------------------------------------------------------------------------------------------------------


async def test_a_wrong_password_is_told_at_once_and_posted_once(world: Make) -> None:
    at = world(otp=True)
    with pytest.raises(errors.WrongPassword):
        await at.portal().sign_in(NIR, "Faux1!faux", at.person())
    assert len(at.posts("Faux1!faux")) == 1


async def test_a_wrong_password_told_only_after_the_code_is_understood(world: Make) -> None:
    at = world(otp=True, wrong_pair="after-code")
    person = at.person()
    with pytest.raises(errors.WrongPassword):
        await at.portal().sign_in(NIR, "Faux1!faux", person)
    assert len(person.asked) == 1
    assert _steps(at.posts("Faux1!faux")) == ["", "ENVOI_OTP", "SAISIE_OTP"]


async def test_a_lock_stops_everything(world: Make) -> None:
    at = world(lock_after=1)
    with pytest.raises((errors.AccountLocked, errors.WrongPassword)):
        await at.portal().sign_in(NIR, "Faux1!faux", None)
    with pytest.raises(errors.AccountLocked):
        await at.portal().sign_in(NIR, PASSWORD, None)
    assert len(at.posts()) == 1


async def test_without_somebody_to_ask_no_code_is_sent(world: Make) -> None:
    at = world(otp=True)
    with pytest.raises(errors.CodeNeeded):
        await at.portal().sign_in(NIR, PASSWORD, None)
    assert at.sandbox.service.mails == []
    assert _steps(at.posts()) == [""]


async def test_a_wrong_code_is_asked_again_with_the_services_words(world: Make) -> None:
    at = world(otp=True)
    person = at.person("000000")
    portal = at.portal()
    await portal.sign_in(NIR, PASSWORD, person)
    assert "incorrect" in person.asked[1]
    assert _steps(at.posts()) == ["", "ENVOI_OTP", "SAISIE_OTP", "SAISIE_OTP"]


async def test_wrong_codes_end_the_sign_in_after_three(world: Make) -> None:
    at = world(otp=True)
    person = at.person(*["000000"] * 9)
    with pytest.raises(errors.CodeRefused) as refused:
        await at.portal().sign_in(NIR, PASSWORD, person)
    assert "incorrect" in refused.value.message("fr")
    assert len(person.asked) == 3
    assert len(at.posts()) == 5


async def test_a_code_of_the_wrong_length_is_not_sent(world: Make) -> None:
    at = world(otp=True)
    person = at.person("12", "abc")
    await at.portal().sign_in(NIR, PASSWORD, person)
    assert _steps(at.posts()) == ["", "ENVOI_OTP", "SAISIE_OTP"]
    assert "6 chiffres" in person.asked[1]


async def test_an_old_code_is_refused(world: Make, clock: Clock) -> None:
    at = world(otp=True)

    class Late:
        async def __call__(self, message: str) -> object:
            clock.seconds += 16 * 60
            return await at.person()(message)

    with pytest.raises((errors.CodeRefused, errors.PortalChanged, errors.SignInRefused)) as refused:
        await at.portal().sign_in(NIR, PASSWORD, Late())  # type: ignore[arg-type]
    assert isinstance(refused.value, errors.CodeRefused)


async def test_too_many_codes_asked_is_said(world: Make) -> None:
    at = world(otp=True, otp_requests=0)
    with pytest.raises(errors.TooManyCodes):
        await at.portal().sign_in(NIR, PASSWORD, at.person())


async def test_an_unknown_number_looks_like_an_outage_and_is_told_as_either(world: Make) -> None:
    at = world()
    with pytest.raises(errors.OutageOrUnknownNumber):
        await at.portal().sign_in("1850578006048", PASSWORD, None)


@pytest.mark.parametrize(("option", "error"), [
    ({"direct_login": False}, errors.DirectLoginOff),
    ({"outage": True}, errors.Outage),
    ({"interstitial": "mail"}, errors.EmailToConfirm),
    ({"interstitial": "newpassword"}, errors.PasswordExpired),
    ({"waf": "on"}, errors.Blocked),
    ({"waf": "no-browser", "waf_status": 200}, errors.Blocked),
])
async def test_each_obstacle_is_one_error(world: Make, option: dict[str, object], error: type[AmeliError]) -> None:
    at = world(**option)
    with pytest.raises(error):
        await at.portal().sign_in(NIR, PASSWORD, at.person())
    assert len(at.posts()) <= 1


async def test_a_closed_or_blocked_service_never_sees_the_password(world: Make) -> None:
    for option in ({"direct_login": False}, {"outage": True}, {"waf": "on"}):
        at = world(**option)
        with pytest.raises(AmeliError):
            await at.portal().sign_in(NIR, PASSWORD, at.person())
        assert at.posts() == []


async def test_the_password_goes_to_the_identity_host_only(world: Make) -> None:
    at = world(otp=True)
    await at.signed_in()
    assert all(one.url.startswith(IDENTITY) for one in at.posts())
    assert not any(PASSWORD in one.url for one in at.wire.sent)
    assert BASE != IDENTITY


async def test_a_form_on_another_host_than_the_identity_one_never_gets_the_password(world: Make) -> None:
    at = world(login="legacy")
    with pytest.raises(errors.PortalChanged):
        await at.portal().sign_in(NIR, PASSWORD, at.person())
    assert not any(PASSWORD in value for one in at.wire.sent for value in one.form.values())


async def test_when_the_trust_is_over_a_code_is_needed_again(world: Make, clock: Clock) -> None:
    at = world(otp=True)
    first = await at.signed_in()
    clock.seconds += 181 * 86_400
    second = at.portal(first.session())
    with pytest.raises(errors.CodeNeeded):
        await second.sign_in(NIR, PASSWORD, None)
    await second.sign_in(NIR, PASSWORD, at.person())
    assert second.session().trusted_device != first.session().trusted_device
