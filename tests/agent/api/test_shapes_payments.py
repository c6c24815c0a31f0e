"""Every answer about payments, explanations and the first screen has the shape that screens and commands read it by."""

import asyncio
import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import pytest

from agent.account import Payment
from agent.client import api
from agent.client.call import Call
from agent.client.client import Client
from agent.protocol.home import Home as HomeShape
from agent.protocol.payments import (
    Explanation,
    Facets,
    Month,
    PaymentDetail,
    PaymentRow,
    PaymentWindow,
    PaymentWithOrigins,
)
from tests.agent.api.shapes import held_against
from tests.agent.processes import PASSPHRASE, home_paths, served
from tests.agent.store.helpers import a_payment, keep, keep_bank, sick_pay
from tests.commands import Home

T = TypeVar("T")


def check(raw: bytes, shape: Any) -> Any:
    """The answer, read by its shape: each promised key is there, of its kind, and no key is there beside them."""
    return held_against(shape, json.loads(raw))


class Answers(Client):
    """A client that keeps each answer as it came."""

    raw = b""

    def ask(self, call: Call[T]) -> T:
        def read(answer: bytes) -> T:
            self.raw = answer
            return call.read(answer)

        return super().ask(Call(call.method, call.path, call.query, read, deadline=call.deadline))


def check_all(client: Answers) -> Iterator[Explanation]:
    """Ask everything about payments, each payment of the account for its detail and why it is what it is."""
    client.ask(api.home())
    check(client.raw, HomeShape)
    client.ask(api.facets())
    assert check(client.raw, Facets)["years"]
    client.ask(api.months())
    assert check(client.raw, list[Month])
    client.ask(api.rows(limit=10_000))
    window = check(client.raw, PaymentWindow)
    client.ask(api.payments())
    details = check(client.raw, list[PaymentDetail])
    assert len(window["rows"]) == len(details) == window["total"] > 0
    for row, detail in zip(window["rows"], details, strict=True):
        named = PaymentRow(*row)
        assert (named.id, named.paid_on, named.kind, named.amount, named.to, named.label, named.document) == (
            detail["id"], detail["paid_on"], detail["kind"], detail["amount"], detail["to"], detail["label"],
            detail["document"])
        assert named.beneficiaries == ", ".join(detail["beneficiaries"])
        client.ask(api.payment(named.id))
        alone = check(client.raw, PaymentWithOrigins)
        assert {key: value for key, value in alone.items() if key not in ("origins", "doubts")} == detail
        assert [origin["way"] for origin in alone["origins"]] == ["sync"] and not alone["doubts"]
        client.ask(api.explain(named.id))
        yield check(client.raw, Explanation)


def test_every_answer_about_the_payments_of_a_whole_account_is_as_its_shape_says(demo_home: Home) -> None:
    explained = list(check_all(Answers(home_paths(demo_home.folder))))
    assert any(one["withheld"] for one in explained)
    assert any(one["lines"] for one in explained)


def with_code(payment: Payment, code: str) -> Payment:
    """The same, its lines with a code of the nomenclature."""
    lines = tuple(msgspec.structs.replace(line, code=code) for line in payment.lines)
    return msgspec.structs.replace(payment, lines=lines)


async def test_answers_keep_their_shape_with_a_contract_a_transfer_and_codes_and_without_detail(tmp_path: Path) -> None:
    async with served(tmp_path) as agent:
        await agent.post("/v1/setup", {"passphrase": PASSPHRASE})
        store = agent.agent.store
        arrived = date(2026, 10, 20)
        coded = msgspec.structs.replace(with_code(a_payment("2026-10-19", "17.50"), "G"), reference="REF 12")
        keep(store, coded, sick_pay(), a_payment("2026-09-12", "8.00", complete=False),
             a_payment("2026-09-14", "21.00", kind="PAIEMENT_A_UN_TIERS"))
        with store.step():
            keep_bank(store, [(arrived, Decimal("17.50"), "VIR CPAM", "fund", None)], "account", [(arrived, arrived)])
        await agent.post("/v1/coverage", {"contract": {"percent_brss": 100, "from": "2024-01-01"}})
        explained = await asyncio.to_thread(lambda: list(check_all(Answers(agent.paths))))
        assert any(one["arrived"] for one in explained)
        assert any(one["top_up"]["lines"] for one in explained)
        assert any(one["indemnities"] for one in explained)
        await agent.post("/v1/owed/received", {"payment": coded.id})
        client = Answers(agent.paths)
        await asyncio.to_thread(client.ask, api.explain(coded.id))
        assert check(client.raw, Explanation)["top_up"]["status"] == "received"
        await asyncio.to_thread(client.ask, api.payment(coded.id))
        detail = check(client.raw, PaymentWithOrigins)
        assert (detail["reference"], detail["lines"][0]["code"]) == ("REF 12", "G")


@pytest.mark.parametrize(("key", "value"), [("amount", 17.5), ("to", "nobody"), ("complete", None)])
def test_a_payment_of_another_shape_is_noticed(key: str, value: object) -> None:
    detail: dict[str, object] = {
        "id": "p1", "paid_on": "2026-10-19", "kind": "K", "amount": "17.50", "to": "assure", "label": "", "lines": [],
        "beneficiaries": [], "deductions": [], "indemnities": [], "document": None, "complete": True}
    check(json.dumps(detail).encode(), PaymentDetail)
    with pytest.raises(msgspec.ValidationError):
        check(json.dumps({**detail, key: value}).encode(), PaymentDetail)
    with pytest.raises(msgspec.ValidationError):
        check(json.dumps({name: one for name, one in detail.items() if name != key}).encode(), PaymentDetail)
    with pytest.raises(AssertionError):
        check(json.dumps({**detail, "extra": 1}).encode(), PaymentDetail)
