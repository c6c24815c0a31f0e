"""Every record of the account table has a name that is written down, and the shape that is said of it."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import get_args, get_type_hints

import msgspec
import pytest

from agent.errors import AmeliError
from agent.store import Store, account_state
from agent.store.account_state import AccountBook
from tests.agent.bench import Bench
from tests.agent.processes import PASSPHRASE, Served, served
from tests.agent.store.helpers import a_payment, keep_all, new_store

KINDS = {name: get_args(kind)[0] for name, kind in get_type_hints(AccountBook).items()}


def held_against_what_is_said(store: Store) -> set[str]:
    """The names of the records, each of which is as its kind says, without a key more."""
    kept = dict(store.account.table.items())
    assert kept.keys() <= store.account.names
    for name, record in kept.items():
        assert msgspec.convert(record, KINDS[name]) == record, name
    return set(kept)


def test_each_name_is_told_with_its_shape(tmp_path: Path) -> None:
    with_names = {line[2:].split("``")[0] for line in str(account_state.__doc__).splitlines() if line.startswith("``")}
    assert with_names == KINDS.keys() == new_store(tmp_path / "vault").account.names


async def test_what_signing_in_and_syncs_keep(tmp_path: Path) -> None:
    bench = await Bench(tmp_path).signed_in()
    await bench.connection.sync()
    names = held_against_what_is_said(bench.store)
    assert {"credentials", "session", "sign_in", "sync", "profile"} <= names
    bench.restart()
    await bench.connection.sync(full=True)
    with pytest.raises(AmeliError):
        await bench.connection.login(bench.house.nir, "wrong-" + bench.house.password)
    bench.store.loss.note(AmeliError().problem())
    names |= held_against_what_is_said(bench.store)
    assert {"breaker", "needs", "loss", "fingerprint_key"} <= names
    bench.vault.lock()


@pytest.fixture
async def agent(tmp_path: Path) -> AsyncIterator[Served]:
    async with served(tmp_path) as one:
        await one.post("/v1/setup", {"passphrase": PASSPHRASE})
        yield one


async def test_what_a_person_says_and_the_next_unlocking_keep(agent: Served) -> None:
    store, payment = agent.agent.store, a_payment()
    with store.step():
        keep_all(store, [payment])
        store.set_credentials("185057800608436", "secret")
    await agent.post("/v1/coverage", {"contract": {"percent_brss": "200"}})
    await agent.post("/v1/owed/received", {"payment": payment.id, "amount": "5.00"})
    await agent.post("/v1/newcomer", {"told": {"situation": "employee", "arrived_on": "2020-09-01"}})
    for _ in range(2):  # the plan made by the first unlocking is kept by the second locking at the latest
        await agent.post("/v1/lock")
        await agent.post("/v1/unlock", {"passphrase": PASSPHRASE})
    names = held_against_what_is_said(agent.agent.store)
    assert {"credentials", "cover", "received", "newcomer", "schedule"} <= names
