"""A service on which everything goes wrong at random: what is read is right, the rest is a typed error."""

from collections.abc import Callable

import pytest

from agent.errors import AmeliError
from agent.sandbox.server.faults import Faults
from tests.agent.portal.world import World
from tests.agent.sandbox.household import NIR, PASSWORD
from tests.thoroughness import one_in

Make = Callable[..., World]
DAY = "drop=0.1,500=0.1,truncate=0.15,malformed=0.15,markup=0.15,duplicate=0.2,redirect=0.03,429=0.03"


@pytest.mark.parametrize("html", ["2019", "2018"])
@pytest.mark.parametrize("seed", one_in(6, range(12)))
async def test_what_is_read_on_a_bad_day_is_what_is_read_on_a_good_one(world: Make, seed: int, html: str) -> None:
    at = world(html=html, ct="strict", session_seconds=10_000)
    portal = await at.signed_in()
    rows = await portal.payments()
    good = {row.amount: await portal.payment(row, 0) for row in rows}
    refs, inbox, profile = await portal.statements(), await portal.inbox(), await portal.profile()
    messages = [(await portal.message(row))[0] for row in inbox]
    at.sandbox.faults.replace(Faults.parse(DAY, seed))
    read = 0
    for _ in range(3):
        for action in (portal.payments, portal.statements, portal.inbox, portal.profile):
            try:
                found = await action()  # type: ignore[operator]
            except AmeliError as error:
                assert error.exit_code in (4, 5)
                continue
            read += 1
            if action == portal.payments:
                assert [(one.paid_on, one.kind, one.amount) for one in found] == [
                    (one.paid_on, one.kind, one.amount) for one in rows]
            elif action == portal.statements:
                assert [(one.month, one.rank) for one in found] == [(one.month, one.rank) for one in refs]
            elif action == portal.inbox:
                assert [(one.id, one.received_on) for one in found] == [(one.id, one.received_on) for one in inbox]
            else:
                assert (found.nir, found.name) == (profile.nir, profile.name)
        for row in rows:
            try:
                payment = await portal.payment(row, 0)
            except AmeliError:
                continue
            read += 1
            if payment.complete:
                truth = good[row.amount]
                assert [(one.act_date, one.reimbursed) for one in payment.lines] == [
                    (one.act_date, one.reimbursed) for one in truth.lines]
                assert payment.indemnities == truth.indemnities
                assert [one.amount for one in payment.deductions] == [one.amount for one in truth.deductions]
        for row, message in zip(inbox, messages, strict=True):
            try:
                assert (await portal.message(row))[0].subject == message.subject
            except AmeliError:
                continue
    assert read


@pytest.mark.parametrize("seed", range(12))
async def test_signing_in_on_a_bad_day_posts_the_password_once_for_each_step(world: Make, seed: int) -> None:
    at = world(otp=True)
    at.sandbox.faults.replace(Faults.parse(DAY, seed))
    try:
        await at.portal().sign_in(NIR, PASSWORD, at.person())
    except AmeliError as error:
        assert error.exit_code in (4, 5)
    steps = [one.form["authStep"] for one in at.posts()]
    assert steps.count("") <= 1
    assert steps.count("ENVOI_OTP") <= 1
    assert steps.count("SAISIE_OTP") <= 1
