"""What the agent answers about money is what the protocol says, key by key."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

import msgspec
import pytest

from agent.client import api
from agent.client.call import Call
from agent.protocol import money, prices
from tests.agent.api.shapes import held_against
from tests.agent.processes import PASSPHRASE, Served, served
from tests.agent.store.helpers import a_payment, keep_all, keep_bank, sick_pay

CONTRACT: money.ContractTold = {"name": "MUTUELLE", "percent_brss": "150", "from": "2020-01-01", "frame": "100"}
T = TypeVar("T")


@pytest.fixture
async def agent(tmp_path: Path) -> AsyncIterator[Served]:
    """An account with care, deductions of known and unknown origin, a contract and transfers of a bank."""
    async with served(tmp_path) as one:
        await one.post("/v1/setup", {"passphrase": PASSPHRASE})
        store = one.agent.store
        with store.step():
            keep_all(store, [
                a_payment("2026-10-19", "17.50"), a_payment("2026-10-19", "17.50", rank=1),
                a_payment("2026-09-03", "16.10", complete=False), sick_pay()])
            keep_bank(store, 
                [(date(2026, 10, 20), Decimal("12.34"), "VIR CPAM", "fund", None)], "digest",
                [(date(2026, 1, 1), date(2026, 11, 20))])
        yield one


async def ask(agent: Served, call: Call[T]) -> T:
    """What a client gets, which asks from a thread."""
    return await asyncio.to_thread(agent.client.ask, call)


async def test_the_cover_is_as_the_protocol_says(agent: Served) -> None:
    assert held_against(money.Coverage, await ask(agent, api.coverage()))["contract"] is None
    changed = held_against(money.Coverage, await ask(agent, api.set_coverage({"contract": CONTRACT})))
    assert changed["contract"] is not None and changed["contract"]["percent_brss"] == "150"


async def test_the_ledger_and_the_year_are_as_the_protocol_says(agent: Served) -> None:
    ledger = held_against(money.Ledger, await ask(agent, api.ledger(2026)))
    entries = [entry for one in ledger["beneficiaries"] for entry in one["entries"]]
    assert entries and (ledger["unexplained"] or any(entry["withheld"] for entry in entries))
    of_another = held_against(money.Ledger, await ask(agent, api.ledger(2031)))
    assert of_another["why_not"] == "to_come" and of_another["not_counted"]
    year = held_against(money.Year, await ask(agent, api.year(2026)))
    assert year["by_person"] and year["by_kind"] and year["months"] and year["not_counted"]


async def test_what_is_owed_is_as_the_protocol_says_before_and_after_each_change(agent: Served) -> None:
    await ask(agent, api.set_coverage({"contract": CONTRACT}))
    owed = held_against(money.Owed, await ask(agent, api.owed()))
    assert owed["top_up"] and owed["anomalies"] and owed["missing"] and owed["contract"]
    share, anomaly = owed["top_up"][0], owed["anomalies"][0]
    credit = next(one["credit"] for one in owed["missing"] if one["credit"])
    noted = held_against(money.Owed, await ask(agent, api.received(share["payment"], "9.00", "2026-11-02")))
    mark = next(one for one in noted["top_up"] if one["payment"] == share["payment"])
    assert (mark["received"], mark["received_on"], mark["how"]) == ("9.00", "2026-11-02", "hand")
    hidden = held_against(money.Owed, await ask(agent, api.dismiss(anomaly["id"])))
    assert hidden["dismissed"] == 1 and anomaly["id"] not in {one["id"] for one in hidden["anomalies"]}
    shown = held_against(money.Owed, await ask(agent, api.dismiss(anomaly["id"], undo=True)))
    assert shown["dismissed"] == 0
    matched = held_against(money.Owed, await ask(agent, api.match(credit, "none")))
    assert credit not in {one["credit"] for one in matched["missing"]}
    back = held_against(money.Owed, await ask(agent, api.match(credit, None)))
    assert credit in {one["credit"] for one in back["missing"]}
    held_against(money.Owed, await ask(agent, api.arrived(share["payment"])))
    held_against(money.Owed, await ask(agent, api.arrived(share["payment"], undo=True)))


async def test_what_is_kept_of_bank_files_is_as_the_protocol_says(agent: Served) -> None:
    bank = held_against(money.Bank, await ask(agent, api.bank()))
    assert bank["credits"] and bank["ranges"]
    assert held_against(money.BankForgotten, await ask(agent, api.forget_bank())) == {"forgotten": 1}


async def test_a_price_is_as_the_protocol_says(agent: Served) -> None:
    care = {"act": "G", "on": "2026-11-23", "price": "30", "top_up": {"percent_brss": "100"}}
    one = held_against(prices.Estimate, await ask(agent, api.estimate(care)))
    assert one["steps"]
    unsure = {"act": "G", "on": "2031-01-05", "price": "30"}
    listed = await ask(agent, api.estimates([care, unsure]))
    assert held_against(list[prices.Estimate], listed)[0] == one
    assert listed[1]["doubts"]


def test_a_key_more_and_a_key_less_are_noticed() -> None:
    with pytest.raises(AssertionError, match="a key that"):
        held_against(money.Bank, {"credits": [], "ranges": {}, "more": 1})
    with pytest.raises(msgspec.ValidationError, match="ranges"):
        held_against(money.Bank, {"credits": []})
