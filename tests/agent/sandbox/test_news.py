"""News on demand: so much happens at the stand-in today, and reaches who reads it like anything else."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import httpx
import pytest

from agent.sandbox.generator import make_household
from agent.sandbox.model import Household, SandboxPayment
from agent.sandbox.server.app import Sandbox
from agent.sandbox.server.options import SandboxOptions
from tests.agent.bench import BASE, Bench
from tests.agent.sandbox.household import TODAY
from tests.agent.sandbox.visitor import PlainPapers, Visitor, first, row_arguments, text, tree

NEWS = f"{BASE}/_sandbox/news"


def _sandbox(seed: int = 3, today: date = TODAY) -> Sandbox:
    house = make_household(seed, TODAY, 1, 20)
    return Sandbox(house, SandboxOptions(otp=False), lambda: today, papers=PlainPapers(), seed=7)


async def _post(sandbox: Sandbox, body: str) -> httpx.Response:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(sandbox.asgi)) as http:
        return await http.post(NEWS, content=body)


def _all(sandbox: Sandbox) -> list[SandboxPayment]:
    history = sandbox.service.history
    return [history.at(position) for position in range(len(history))]


def _state(sandbox: Sandbox) -> tuple[int, int]:
    return len(sandbox.service.history), len(sandbox.service.household.messages)


async def _bring(bench: Bench, payments: int, messages: int) -> None:
    asked = {"payments": payments, "messages": messages}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(bench.sandbox.asgi)) as http:
        answer = await http.post(NEWS, json=asked)
    assert (answer.status_code, answer.json()) == (200, asked)


@pytest.mark.parametrize("body", [
    '{"payments": 1001}', '{"messages": 1001}', '{"payments": -1}', '{"payments": "3"}', '{"payments": 1.5}',
    '{"payments": true}', '{"payments": null}', '{"payment": 3}', "[]", "3", "", "{", '{"messages": 1e400}',
    '{"payments": 5, "messages": -1}', '{"payments": 99999999999999999999999999}',
])
async def test_anything_but_two_numbers_up_to_a_thousand_is_refused_and_changes_nothing(body: str) -> None:
    sandbox = _sandbox()
    before = _state(sandbox)
    answer = await _post(sandbox, body)
    assert answer.status_code == 400
    assert "0 to 1000" in answer.json()["error"]
    assert _state(sandbox) == before


async def test_nothing_and_a_thousand_of_each_are_made_as_asked() -> None:
    sandbox = _sandbox()
    before = _state(sandbox)
    assert (await _post(sandbox, '{"payments": 0, "messages": 0}')).json() == {"payments": 0, "messages": 0}
    assert _state(sandbox) == before
    assert (await _post(sandbox, '{"payments": 1000, "messages": 1000}')).json() == {"payments": 1000, "messages": 1000}
    assert _state(sandbox) == (before[0] + 1000, before[1] + 1000)
    ids = [message.id for message in sandbox.service.household.messages]
    assert len(set(ids)) == len(ids)


async def test_new_payments_obey_the_rules_of_the_others() -> None:
    for seed in range(6):
        sandbox = _sandbox(seed)
        known = len(sandbox.service.history)
        await _post(sandbox, '{"payments": 400}')
        charged: Counter[tuple[int, date, str]] = Counter()
        for payment in _all(sandbox)[known:]:
            assert payment.paid_on == TODAY
            parts = sum((line.reimbursed for line in payment.lines), Decimal(0))
            parts += sum((deduction.amount for deduction in payment.deductions), Decimal(0))
            assert payment.lines
            assert payment.amount == parts >= 0
            assert all(TODAY - timedelta(days=7) <= line.act_date <= TODAY - timedelta(days=5)
                       for line in payment.lines)
        for payment in _all(sandbox):
            for one in payment.deductions:
                if payment.paid_on.year == TODAY.year:
                    charged[id(one.person), date.min, one.code[:2]] -= int(one.amount * 100)
        # A debt of the year before may be withheld in this one, so at most both years' ceilings.
        assert all(cents <= 2 * 5000 for cents in charged.values())
        references = [payment.reference for payment in _all(sandbox)]
        assert len(set(references)) == len(references)


async def test_the_same_seed_makes_the_same_news() -> None:
    one, other = _sandbox(), _sandbox()
    for sandbox in (one, other):
        await _post(sandbox, '{"payments": 7, "messages": 3}')
        await _post(sandbox, '{"payments": 5}')
    assert _all(one) == _all(other)
    assert one.service.household.messages == other.service.household.messages


async def test_a_day_before_the_newest_payment_or_before_every_tariff_is_refused() -> None:
    late = _sandbox(today=TODAY - timedelta(days=400))
    early = Sandbox(_hollow(), SandboxOptions(otp=False), date(1900, 1, 10), papers=PlainPapers(), seed=7)
    for sandbox in (late, early):
        before = _state(sandbox)
        answer = await _post(sandbox, '{"payments": 2, "messages": 2}')
        assert answer.status_code == 400
        assert answer.json()["error"]
        assert _state(sandbox) == before
    assert (await _post(late, '{"messages": 2}')).json() == {"payments": 0, "messages": 2}


def _hollow() -> Household:
    house = make_household(3, TODAY, 1, 20)
    house.payments = []
    return house


async def test_news_stand_on_the_pages_like_anything_else() -> None:
    sandbox = _sandbox()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(sandbox.asgi), follow_redirects=True) as http:
        await http.post(NEWS, json={"payments": 3, "messages": 2})
        person = Visitor(sandbox, http)
        await person.give_pair(sandbox.service.household.nir, sandbox.service.household.password)
        rows = tree((await person.listing()).json()["tableauPaiement"]).css("li.rowitem")
        for row, payment in zip(rows[:3], reversed(_all(sandbox)[-3:]), strict=True):
            name, nature, group, rank = row_arguments(row)
            page = await person.get(f"{BASE}/PortailAS/paiements.do", params={
                "actionEvt": "chargerDetailPaiements", "idPaiement": name, "naturePaiement": nature,
                "indexGroupe": group, "indexPaiement": rank, "idNoCache": "2"}, headers={"_ct": await person.token()})
            assert nature == payment.nature
            assert f"{TODAY:%d/%m/%Y}" in text(first(page, "h2"))
            assert len(tree(page).css("span.naturePrestation")) == len(payment.lines)
            address = row.css_first(".col-download a")
            assert address is not None
            paper = await person.get(f"{BASE}{address.attributes['href']}")
            assert paper.content == f"%PDF-1.4 payment {TODAY} {payment.amount}".encode()


async def test_a_sync_brings_each_once_also_twice_in_one_day(tmp_path: Path) -> None:
    bench = Bench(tmp_path, house=make_household(4, TODAY, 1, 20))
    await bench.signed_in()
    await bench.connection.sync()
    kept: dict[str, tuple[object, ...]] = {}
    for payments, messages in ((40, 3), (60, 2), (1, 0)):
        unread = len(bench.store.messages.all())
        await _bring(bench, payments, messages)
        result = await bench.connection.sync()
        assert (result.new["payments"], result.new["messages"], result.problems) == (payments, messages, [])
        assert len(bench.store.messages.all()) == unread + messages
        theirs = Counter(_shape(payment) for payment in _all(bench.sandbox))
        now = {one["id"]: _kept(one) for one in bench.store.payments.found()}
        assert Counter(now.values()) == theirs
        assert now | kept == now, "what was known stays what it was"
        kept = now
    again = await bench.connection.sync()
    assert again.new == {"payments": 0, "documents": 0, "messages": 0}
    equals = Counter((one.paid_on, one.nature, one.amount) for one in _all(bench.sandbox))
    assert max(equals.values()) > 1, "equal payments of one day are part of this"


def _shape(payment: SandboxPayment) -> tuple[object, ...]:
    return (payment.paid_on.isoformat(), payment.nature, f"{payment.amount:.2f}",
            tuple(sorted(f"{line.label} {line.act_date} {line.reimbursed:.2f}" for line in payment.lines)),
            tuple(sorted(f"{one.act_date} {one.amount:.2f}" for one in payment.deductions)))


def _kept(payment: dict[str, object]) -> tuple[object, ...]:
    lines, deductions = payment["lines"], payment["deductions"]
    assert isinstance(lines, list) and isinstance(deductions, list)
    return (payment["paid_on"], payment["kind"], payment["amount"],
            tuple(sorted(f"{line['act']} {line['act_date']} {line['reimbursed']}" for line in lines)),
            tuple(sorted(f"{one['act_date']} {one['amount']}" for one in deductions)))
