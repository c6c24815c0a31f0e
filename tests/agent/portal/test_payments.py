"""The payments: window, list and details, in every shape the service may give them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from agent.account import payment_id, ranked_ids
from agent.portal import PaymentRow, errors
from agent.portal.pages.payments import WINDOW, windows
from agent.sandbox.model import Household
from tests.agent.portal.world import World
from tests.agent.sandbox.household import household

Make = Callable[..., World]


def _brief(rows: list[PaymentRow]) -> list[tuple[date, str, Decimal]]:
    return [(row.paid_on, row.kind, row.amount) for row in rows]


LISTED = [
    (date(2026, 11, 20), "REMBOURSEMENT_SOINS", Decimal("17.50")),
    (date(2026, 10, 13), "PAIEMENT_A_UN_TIERS", Decimal("6.50")),
    (date(2026, 10, 13), "REMBOURSEMENT_SOINS", Decimal("40.00")),
    (date(2026, 9, 18), "INDEMNITE_JOURNALIERE_ASSURE", Decimal("1234.56")),
]


async def test_the_window_is_what_the_page_announces(world: Make) -> None:
    oldest, newest = await (await world().signed_in()).payment_window()
    assert (oldest, newest) == (date(2026, 5, 1), date(2026, 11, 23))


@pytest.mark.parametrize("option", [
    {}, {"html": "2018"}, {"order": "oldest"}, {"month_form": "long"}, {"month_form": "plain"},
    {"amount_space": "nbsp"}, {"amount_space": "narrow", "thousands": True}, {"thousands": True}, {"minus": "minus"},
    {"ct": "strict"}, {"ct": "off"}, {"ct_refusal": "redirect"}, {"pdf_link": "detail"}, {"pdf_link": "nohref"},
    {"payment_ids": 3},
])
async def test_the_same_rows_are_read_from_every_shape(world: Make, option: dict[str, object]) -> None:
    portal = await world(**option).signed_in()
    rows = await portal.payments()
    assert sorted(_brief(rows)) == sorted(LISTED)
    assert [row.paid_on for row in rows] == sorted((row.paid_on for row in rows), reverse=True)
    payments = {row.amount: await portal.payment(row, 0) for row in rows}
    for row in rows:
        payment = payments[row.amount]
        assert payment.id == payment_id(row.paid_on, row.kind, row.amount, 0)
        parts = [line.reimbursed for line in payment.lines] + [one.amount for one in payment.deductions] + [
            one.amount for one in payment.indemnities]
        assert sum(parts, Decimal(0)) == row.amount
        assert payment.document is not None or option.get("pdf_link") == "nohref"
        assert payment.to == ("tiers" if row.kind == "PAIEMENT_A_UN_TIERS" else "assure")


async def test_a_care_payment_is_read_whole(world: Make) -> None:
    portal = await world().signed_in()
    payment = await portal.payment((await portal.payments())[2], 0)
    assert payment.beneficiaries == ("CLAIRE MARTIN", "TOM MARTIN")
    first, second = payment.lines
    assert (first.act, first.act_date, first.paid, first.base, first.rate, first.reimbursed) == (
        "C GENERALISTE", date(2026, 10, 8), Decimal("30.00"), Decimal("30.00"), Decimal("70"), Decimal("21.00"))
    assert second.beneficiary == "TOM MARTIN"
    assert first.id != second.id
    (deduction,) = payment.deductions
    assert (deduction.kind, deduction.amount, deduction.act_date) == (
        "participation", Decimal("-2.00"), date(2026, 10, 8))


async def test_sick_pay_is_read_from_its_four_columns(world: Make) -> None:
    portal = await world().signed_in()
    (period,) = (await portal.payment((await portal.payments())[3], 0)).indemnities
    assert (period.start, period.end, period.days, period.daily, period.amount) == (
        date(2026, 9, 1), date(2026, 9, 14), 14, Decimal("88.18"), Decimal("1234.56"))


async def test_a_missing_care_date_is_unknown_not_guessed(world: Make) -> None:
    portal = await world(detail_dates=False).signed_in()
    payment = await portal.payment((await portal.payments())[0], 0)
    assert [line.act_date for line in payment.lines] == [None]
    assert payment.lines[0].act == "SOINS INFIRMIERS"


async def test_only_the_asked_period_is_returned(world: Make) -> None:
    portal = await world().signed_in()
    assert _brief(await portal.payments(date(2026, 10, 1), date(2026, 10, 31))) == LISTED[1:3]
    assert await portal.payments(date(2026, 10, 14), date(2026, 10, 20)) == []


async def test_a_long_history_is_walked_by_windows_one_after_the_other(world: Make) -> None:
    at = world(window_months=0)
    portal = await at.signed_in()
    await portal.payment_window()
    mark = len(at.wire.sent)
    rows = await portal.payments()
    assert len(rows) == 6
    calls = [one for one in at.wire.sent[mark:] if one.path.endswith("paiements.do")]
    oldest, newest = await portal.payment_window()
    assert len(calls) == len(windows(oldest, newest)) > 5


def test_windows_cover_every_day_once() -> None:
    spans = windows(date(2020, 1, 1), date(2026, 11, 23))
    days = sum((end - start).days + 1 for start, end in spans)
    assert days == (date(2026, 11, 23) - date(2020, 1, 1)).days + 1
    assert all(end - start <= WINDOW for start, end in spans)
    assert len(windows(date(2026, 5, 1), date(2026, 11, 23))) <= 2
    assert windows(date(2026, 2, 1), date(2026, 1, 1)) == []


async def test_duplicated_rows_are_removed_and_equal_payments_kept(world: Make) -> None:
    account: Household = household()
    twin = account.payments[0]
    account.payments.append(replace(twin))
    at = world(account=account, faults="duplicate=paiements.do")
    rows = await (await at.signed_in()).payments()
    assert [row.amount for row in rows].count(Decimal("17.50")) == 2
    assert len(rows) == len(LISTED) + 1


async def test_ids_do_not_depend_on_the_order_shown(world: Make) -> None:
    found = []
    for order in ("newest", "oldest"):
        rows = await (await world(order=order).signed_in()).payments()
        found.append(sorted(ranked_ids(_brief(rows))))
    assert found[0] == found[1]


async def test_the_decompte_comes_from_the_row_or_from_the_detail(world: Make) -> None:
    for place in ("row", "detail"):
        portal = await world(pdf_link=place).signed_in()
        rows = await portal.payments()
        assert (await portal.payment_pdf(rows[0])).startswith(b"%PDF-")


async def test_a_payment_without_a_link_has_no_document(world: Make) -> None:
    portal = await world().signed_in()
    row = (await portal.payments())[0]
    assert row.pdf_href
    bare = await world(pdf_link="nohref").signed_in()
    rows = await bare.payments()
    assert all(row.pdf_href is None for row in rows)


# -- the token --------------------------------------------------------------------------------------------------------


async def test_the_token_is_asked_once_for_the_page_and_its_details(world: Make) -> None:
    at = world(ct="strict")
    portal = await at.signed_in()
    mark = len(at.wire.sent)
    for row in await portal.payments():
        await portal.payment(row, 0)
    assert at.paths(mark).count("POST /PortailAS/JavaScriptServlet") == 1


@pytest.mark.parametrize("refusal", ["403", "redirect"])
async def test_a_stale_token_is_renewed_once(world: Make, refusal: str) -> None:
    at = world(ct="strict", ct_refusal=refusal)
    portal = await at.signed_in()
    rows = await portal.payments()
    await portal.inbox()
    await portal.profile()
    portal._session.csrf.token = "STALE"
    mark = len(at.wire.sent)
    assert (await portal.payment(rows[0], 0)).lines
    assert at.paths(mark).count("POST /PortailAS/JavaScriptServlet") == 1


async def test_a_token_refused_twice_is_given_up(world: Make) -> None:
    at = world(ct="strict")
    portal = await at.signed_in()
    await portal.payment_window()
    inner = at.wire.inner

    class Refusing(type(inner)):  # type: ignore[misc]
        async def handle_async_request(self, request):  # type: ignore[no-untyped-def]
            if request.url.path.endswith("paiements.do"):
                request.headers["_ct"] = "WRONG"
            return await inner.handle_async_request(request)

    at.wire.inner = Refusing(at.sandbox.asgi)
    mark = len(at.wire.sent)
    with pytest.raises(errors.PortalChanged) as changed:
        await portal.payments()
    assert "_ct" in changed.value.missing
    assert len(at.wire.sent) - mark == 4


# -- the detail --------------------------------------------------------------------------------------------------------


async def test_detail_rows_shown_twice_are_read_once_and_equal_acts_kept(world: Make) -> None:
    account = household()
    account.payments[0].lines.append(replace(account.payments[0].lines[0]))
    account.payments[0].amount = Decimal("35.00")
    for faults in ("", "duplicate=paiements.do"):
        at = world(account=account)
        portal = await at.signed_in()
        rows = await portal.payments()
        at.faults(faults)
        payments = [await portal.payment(row, 0) for row in rows]
        assert [len(one.lines) for one in payments][1:] == [1, 2, 0]
        assert [one.complete for one in payments][1:] == [True] * 3
        assert faults or len(payments[0].lines) == 2


async def test_a_detail_that_does_not_make_the_amount_is_not_complete(world: Make) -> None:
    account = household()
    account.payments[0].lines.clear()
    portal = await world(account=account).signed_in()
    payment = await portal.payment((await portal.payments())[0], 0)
    assert payment.amount == Decimal("17.50")
    assert not payment.complete


async def test_a_detail_of_another_payment_is_refused(world: Make) -> None:
    import msgspec

    portal = await world().signed_in()
    row = msgspec.structs.replace((await portal.payments())[0], amount=Decimal("1.00"))
    with pytest.raises(errors.PortalChanged):
        await portal.payment(row, 0)
