"""Who signs in, when, and when nobody does."""

import asyncio
from pathlib import Path

import pytest

from agent.connection import NoAccount, NoSignInPending, PasswordNeeded, Refused, SignInTooSoon
from agent.connection.sign_in import SignIn
from agent.errors import AmeliError
from agent.portal.errors import CodeNeeded, CodeRefused, EmailToConfirm, ServerFault, WrongPassword
from agent.store import NotFound
from tests.agent.bench import NIR, PASSWORD, Bench


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def logins(bench: Bench) -> int:
    """Passwords sent to the service."""
    return sum(request.startswith("POST /oauth2/authorize") for request in bench.wire.requests)


async def test_a_password_that_became_wrong_is_tried_once_in_thirty_days(bench: Bench) -> None:
    await bench.signed_in()
    await bench.connection.sync()
    bench.house.password = "Nouveau+2"
    bench.sandbox.service.end_sessions()
    bench.wire.requests.clear()
    codes = []
    for hours in range(0, 30 * 24, 6):
        bench.clock.move(hours=6)
        if hours % 48 == 0:
            bench.restart()
        with pytest.raises(AmeliError) as caught:
            await bench.connection.sync(trigger="schedule")
        codes.append(caught.value.problem()["code"])
    assert logins(bench) == 1
    assert set(codes) == {"wrong_password"}
    assert bench.store.needs()[0]["code"] == "wrong_password"
    assert caught.value.exit_code == 5
    with pytest.raises(Refused):
        await bench.connection.sync(trigger="person")
    assert logins(bench) == 1


async def test_the_person_clears_the_breaker_by_signing_in(bench: Bench) -> None:
    await bench.signed_in()
    bench.house.password = "Nouveau+2"
    bench.sandbox.service.end_sessions()
    with pytest.raises(WrongPassword):
        await bench.connection.sync()
    with pytest.raises(Refused) as caught:
        await bench.connection.login()
    assert caught.value.message("fr") == WrongPassword().message("fr")
    assert "ameli login" in caught.value.hint("en")
    await bench.connection.login(NIR, "Nouveau+2")
    assert bench.store.needs() == []
    assert (await bench.connection.sync()).new["payments"] == 6


async def test_a_session_that_ended_is_renewed_once_and_the_run_goes_on(bench: Bench) -> None:
    await bench.signed_in()
    await bench.connection.sync()
    bench.sandbox.service.end_sessions()
    bench.clock.move(hours=2)
    result = await bench.connection.sync(trigger="schedule")
    assert result.problems == []
    assert result.requests > 6


async def test_the_agent_signs_in_by_itself_at_most_once_an_hour(bench: Bench) -> None:
    await bench.signed_in()
    bench.sandbox.service.end_sessions()
    bench.clock.move(minutes=20)
    with pytest.raises(SignInTooSoon) as caught:
        await bench.connection.sync(trigger="schedule")
    assert 0 < caught.value.retry_after <= 3600
    assert (await bench.connection.sync(trigger="person")).problems == []
    bench.sandbox.service.end_sessions()
    bench.clock.move(minutes=61)
    await bench.connection.sync(trigger="schedule")


async def test_the_session_survives_a_restart_of_the_agent(bench: Bench) -> None:
    await bench.signed_in()
    await bench.connection.sync()
    bench.restart()
    bench.wire.requests.clear()
    assert (await bench.connection.sync()).requests <= 6
    assert logins(bench) == 0


async def test_a_code_is_waited_for_and_the_same_sign_in_goes_on(bench: Bench) -> None:
    bench.options.otp = True
    with pytest.raises(CodeNeeded):
        await bench.connection.login(NIR, PASSWORD)
    assert bench.connection.code_awaited
    assert bench.store.credentials() is None
    assert bench.store.needs()[0]["code"] == "code_needed"
    (mail,) = bench.sandbox.service.mails
    assert mail.code
    await bench.connection.login(otp=mail.code)
    assert not bench.connection.code_awaited
    assert bench.store.needs() == []
    assert len(bench.sandbox.service.mails) == 1
    assert (await bench.connection.sync()).new["payments"] == 6
    # The device is trusted now: the next sign-in asks for no code, even by itself.
    bench.sandbox.service.end_sessions()
    bench.clock.move(hours=3)
    assert (await bench.connection.sync(trigger="schedule")).problems == []
    assert len(bench.sandbox.service.mails) == 1


async def test_a_wrong_code_is_said_and_another_may_follow(bench: Bench) -> None:
    bench.options.otp = True
    with pytest.raises(CodeNeeded):
        await bench.connection.login(NIR, PASSWORD)
    right = bench.sandbox.service.mails[-1].code
    assert right
    with pytest.raises(CodeRefused):
        await bench.connection.login(otp="000000" if right != "000000" else "111111")
    if not bench.connection.code_awaited:
        with pytest.raises(CodeNeeded):
            await bench.connection.login(NIR, PASSWORD)
        right = bench.sandbox.service.mails[-1].code
    await bench.connection.login(otp=right)
    assert (await bench.connection.sync()).problems == []


async def test_a_code_needed_in_the_background_stops_further_attempts(bench: Bench) -> None:
    await bench.signed_in()
    await bench.connection.sync()
    bench.options.otp = True
    bench.sandbox.service.end_sessions()
    bench.sandbox.service.trusted.clear()
    bench.wire.requests.clear()
    for _ in range(5):
        bench.clock.move(hours=6)
        with pytest.raises(AmeliError) as caught:
            await bench.connection.sync(trigger="schedule")
        assert caught.value.problem()["code"] == "code_needed"
        assert caught.value.exit_code == 5
    assert logins(bench) == 1
    assert bench.sandbox.service.mails == []


async def test_a_code_asked_for_again_is_brought_without_typing_the_password(bench: Bench) -> None:
    await bench.signed_in()
    bench.options.otp = True
    bench.sandbox.service.end_sessions()
    bench.sandbox.service.trusted.clear()
    with pytest.raises(CodeNeeded):
        await bench.connection.sync()
    with pytest.raises(CodeNeeded):
        await bench.connection.login()
    await bench.connection.login(otp=bench.sandbox.service.mails[-1].code)
    assert (await bench.connection.sync()).new["payments"] == 6


async def test_what_the_person_cleared_elsewhere_needs_no_password_typed_again(bench: Bench) -> None:
    bench.options.interstitial = "mail"
    with pytest.raises(EmailToConfirm):
        await bench.connection.login(NIR, PASSWORD)
    bench.options.interstitial = "none"
    await bench.connection.login(NIR, PASSWORD)
    bench.options.interstitial = "mail"
    bench.sandbox.service.end_sessions()
    with pytest.raises(EmailToConfirm):
        await bench.connection.sync()
    bench.clock.move(hours=3)
    with pytest.raises(Refused):
        await bench.connection.sync(trigger="schedule")
    bench.options.interstitial = "none"
    assert (await bench.connection.sync()).problems == []
    assert bench.store.needs() == []


async def test_a_service_that_answers_errors_only_is_a_failed_run(bench: Bench) -> None:
    await bench.signed_in()
    bench.break_with("500")
    with pytest.raises(ServerFault):
        await bench.connection.sync()
    assert bench.store.runs.newest()[0]["failed"]
    assert bench.store.sync_state().get("last") is None
    bench.break_with("")
    assert (await bench.connection.sync()).first


async def test_a_run_that_is_cancelled_is_logged_as_failed_and_keeps_what_it_read(bench: Bench) -> None:
    await bench.signed_in()
    running = asyncio.ensure_future(bench.connection.sync(progress=lambda *told: running.cancel()))
    with pytest.raises(asyncio.CancelledError):
        await running
    assert bench.store.runs.newest()[0]["failed"]
    assert len(bench.store.payments.found()) == 6
    assert (await bench.connection.sync()).problems == []


async def test_a_code_without_a_sign_in_that_waits_is_refused(bench: Bench) -> None:
    with pytest.raises(NoSignInPending):
        await bench.connection.login(otp="123456")


async def test_a_sign_in_that_waits_too_long_is_dropped(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    sign_in = SignIn(bench.portal(), NIR, PASSWORD, keep_password=True, wait_s=0.01)
    bench.options.otp = True
    assert not await sign_in.start()
    assert sign_in._task is not None
    with pytest.raises(TimeoutError):
        await sign_in._task
    assert not sign_in.waiting
    await sign_in.cancel()


async def test_locking_drops_a_sign_in_that_waits(bench: Bench) -> None:
    bench.options.otp = True
    with pytest.raises(CodeNeeded):
        await bench.connection.login(NIR, PASSWORD)
    await bench.connection.close()
    assert not bench.connection.code_awaited


async def test_a_password_the_person_did_not_want_kept_is_asked_for_when_the_session_ends(bench: Bench) -> None:
    await bench.connection.login(NIR, PASSWORD, keep_password=False)
    assert bench.store.credentials() == {"nir": NIR, "password": None}
    await bench.connection.sync()
    bench.sandbox.service.end_sessions()
    bench.clock.move(hours=3)
    with pytest.raises(PasswordNeeded):
        await bench.connection.sync(trigger="schedule")
    assert bench.store.needs()[0]["code"] == "password_needed"
    await bench.connection.login(password=PASSWORD, keep_password=False)
    assert bench.store.credentials() == {"nir": NIR, "password": None}
    assert (await bench.connection.sync()).problems == []


async def test_without_an_account_nothing_is_tried(bench: Bench) -> None:
    with pytest.raises(NoAccount):
        await bench.connection.sync()
    with pytest.raises(NoAccount):
        await bench.connection.login()
    assert bench.wire.requests == []


async def test_a_single_payments_document_is_fetched_once_and_kept(bench: Bench) -> None:
    bench.options.unstable_ids = True
    await bench.signed_in()
    await bench.connection.sync()
    bench.options.payment_ids = 1
    key = next(payment["document"] for payment in bench.store.payments.found() if payment["amount"] == "40.00")
    data = await bench.connection.document(key)
    assert data == b"%PDF-1.4 payment 2026-10-13 40.00"
    bench.wire.requests.clear()
    assert await bench.connection.document(key) == data
    assert bench.wire.requests == []
    assert bench.store.documents.get(key)["fetched"]
    with pytest.raises(NotFound):
        await bench.connection.document("d0")


async def test_the_certificate_is_fetched_when_asked_for(bench: Bench) -> None:
    await bench.signed_in()
    assert (await bench.connection.attestation()).startswith(b"%PDF-1.4 attestation FAMILLE")


async def test_signing_out_forgets_session_and_password_but_no_data(bench: Bench) -> None:
    await bench.signed_in()
    await bench.connection.sync()
    await bench.connection.logout()
    assert bench.store.credentials() is None
    assert bench.store.account.session.read() is None
    assert len(bench.store.payments.found()) == 6
    with pytest.raises(NoAccount):
        await bench.connection.sync()


async def test_signing_out_works_without_the_service(bench: Bench) -> None:
    await bench.signed_in()
    bench.break_with("500")
    with pytest.raises(AmeliError) as caught:
        await bench.connection.logout()
    assert bench.store.credentials() is None
    assert (caught.value.code, caught.value.exit_code) == ("signed_out_here_only", 4)
    assert "forgotten here" in caught.value.message("en") and "oubliés ici" in caught.value.message("fr")
    await bench.connection.logout()  # nothing is left to forget, and nobody is called on


async def test_each_run_is_logged_with_what_it_found(bench: Bench) -> None:
    await bench.signed_in()
    await bench.connection.sync()
    bench.clock.move(minutes=1)
    await bench.connection.sync(trigger="schedule")
    newest, first = bench.store.runs.newest()
    assert first["new"]["payments"] == 6
    assert (newest["trigger"], newest["failed"], newest["problems"]) == ("schedule", False, [])
    assert bench.store.sync_state()["last"] == newest["started"]


async def test_a_session_the_service_never_accepts_is_not_renewed_for_ever(bench: Bench) -> None:
    await bench.signed_in()
    bench.options.session_seconds = -1
    bench.sandbox.service.end_sessions()
    with pytest.raises(AmeliError) as caught:
        await bench.connection.sync()
    assert caught.value.exit_code == 4
    assert logins(bench) <= 3


@pytest.mark.parametrize(("nir", "password", "otp", "error"), [
    (NIR, "", None, PasswordNeeded), (NIR, "", "123456", NoSignInPending), ("", PASSWORD, None, NoAccount),
    ("", PASSWORD, "1", NoSignInPending)])
async def test_what_is_empty_is_never_sent_to_the_service(
    bench: Bench, nir: str, password: str, otp: str | None, error: type[AmeliError],
) -> None:
    with pytest.raises(error):
        await bench.connection.login(nir, password, otp)
    assert bench.wire.requests == []
