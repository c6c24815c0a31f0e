"""A damaged vault is opened with what is left, what is missing is told, and the next sync brings it back."""

import shutil
from pathlib import Path
from typing import Any

import httpx
import pytest

from agent.core.unlocking import note_loss
from agent.store import Store
from agent.vault import Vault
from agent.vault.errors import VaultDamaged
from agent.vault.folder import generation_of
from tests.agent.bench import Bench
from tests.agent.processes import PASSPHRASE, Served
from tests.agent.sandbox.household import NIR, PASSWORD
from tests.agent.stand_in import Portal
from tests.agent.store.helpers import CHEAP, a_payment, keep_all, keep_document

JOURNAL = "jrnl-00000001-000001"


def records(folder: Path) -> list[tuple[int, int]]:
    """Where each record of a young vault's journal lies."""
    data = (folder / JOURNAL).read_bytes()
    at, found = len(data) % 512, []
    while at < len(data):
        end = at + 24 + int.from_bytes(data[at : at + 4], "big")
        found.append((at, end))
        at = end
    return found


def damaged(folder: Path, copy: Path, at: int) -> Path:
    """A copy of the vault with one bit changed."""
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(folder, copy)
    data = bytearray((copy / JOURNAL).read_bytes())
    data[at] ^= 4
    (copy / JOURNAL).write_bytes(data)
    return copy


def salvaged(folder: Path) -> Vault:
    with pytest.raises(VaultDamaged):
        Vault.unlock(folder, passphrase="correct horse", kdf_floor=CHEAP)
    return Vault.unlock(folder, passphrase="correct horse", kdf_floor=CHEAP, salvage=True)


async def test_whichever_record_is_lost_the_next_sync_brings_everything_back(tmp_path: Path) -> None:
    bench = await Bench(tmp_path).signed_in()
    await bench.connection.sync()
    await bench.connection.sync()
    before, folder = bench.known(), tmp_path / "vault"
    spans = records(folder)
    assert len(spans) > 10
    for number, (first, end) in list(enumerate(spans[:-1], 1))[::3]:
        vault = salvaged(damaged(folder, tmp_path / "copy", (first + end) // 2))
        assert vault.loss is not None
        assert (vault.loss.missing, vault.loss.total) == (1, len(spans))
        bench.store = Store(vault, today=lambda: bench.today)
        note_loss(vault, bench.store)
        bench.connection = bench.connect()
        assert bench.store.needs()[0]["code"] == "vault_loss"
        if bench.store.credentials() is None:
            await bench.signed_in()
        result = await bench.connection.sync()
        assert result.problems == [], number
        assert bench.known() == before, f"record {number}"
        assert bench.store.needs() == []
        assert (await bench.connection.sync()).new == {"payments": 0, "documents": 0, "messages": 0}
        vault.lock()


async def test_a_sync_that_could_not_read_all_is_followed_by_another_full_one(tmp_path: Path) -> None:
    bench = await Bench(tmp_path).signed_in()
    await bench.connection.sync()
    before, folder = bench.known(), tmp_path / "vault"
    spans = records(folder)
    vault = salvaged(damaged(folder, tmp_path / "copy", spans[len(spans) // 2][0] + 60))
    bench.store = Store(vault, today=lambda: bench.today)
    note_loss(vault, bench.store)
    bench.connection = bench.connect()
    bench.wire.rewrite = lambda request: (
        httpx.Response(200, text="<html></html>") if request.url.path.endswith("/home") else None)
    result = await bench.connection.sync()
    assert result.problems
    bench.wire.rewrite = lambda request: None
    assert bench.store.loss.problem is not None
    await bench.connection.sync()
    assert bench.known() == before
    assert bench.store.loss.problem is None
    vault.lock()


def test_a_document_whose_file_is_gone_counts_as_not_fetched(tmp_path: Path) -> None:
    vault, _ = Vault.create(tmp_path / "vault", "correct horse", kdf_cost=CHEAP)
    store = Store(vault)
    with store.step():
        keep_all(store, [a_payment()])
    keep_document(store, store.documents.decompte(store.payments.found()[0]["id"]), b"%PDF")
    key = store.documents.all()[0]["id"]
    assert store.documents.get(key)["fetched"]
    for path in (tmp_path / "vault" / "blob").iterdir():
        path.unlink()
    store.loss.note({"code": "vault_loss"})
    assert not store.documents.get(key)["fetched"]
    assert store.documents.content(key) is None
    vault.lock()


async def data(agent: Served) -> list[Any]:
    return [await agent.get(path) for path in ("/v1/payments", "/v1/documents", "/v1/messages", "/v1/profile")]


async def sign_in(agent: Served, portal: Portal) -> None:
    refused = await agent.refused("/v1/login", {"nir": NIR, "password": PASSWORD})
    assert refused.code == "code_needed"
    await agent.post("/v1/login", {"otp": portal.newest_code()})


async def test_the_agent_tells_a_loss_until_a_sync_over_http_has_cured_it(
    agent: Served, portal: Portal, tmp_path: Path
) -> None:
    await sign_in(agent, portal)
    await agent.post("/v1/sync", {"wait": True})
    before = await data(agent)
    vault = agent.paths.vault
    was, mark = tmp_path / "as it was", agent.paths.high_water.read_bytes()
    shutil.copytree(vault, was)  # as a killed agent leaves it: locking would fold it
    await agent.post("/v1/lock")
    damaged(was, vault, records(was)[-4][0] + 40)
    agent.paths.high_water.write_bytes(mark)
    assert (await agent.refused("/v1/unlock", {"passphrase": PASSPHRASE})).code == "vault_damaged"
    told = await agent.post("/v1/unlock", {"passphrase": PASSPHRASE, "salvage": True})
    assert told["state"] == "unlocked"
    assert told["salvage"]["missing"] == 1
    assert "vault_loss" in [one["code"] for one in told["notices"]]
    status = await agent.get("/v1/status")
    assert "vault_loss" in [one["code"] for one in status["problems"]]
    assert "vault_loss" in [one["code"] for one in (await agent.get("/v1/home"))["needs"]]
    await agent.post("/v1/lock")
    told = await agent.post("/v1/unlock", {"passphrase": PASSPHRASE})
    assert [one["code"] for one in told["notices"]] == ["vault_loss"]  # until it is cured
    assert "salvage" not in told
    await agent.post("/v1/sync", {"wait": True})
    assert await data(agent) == before
    assert [one["code"] for one in (await agent.get("/v1/status"))["problems"]] == []
    await agent.post("/v1/lock")
    assert await agent.post("/v1/unlock", {"passphrase": PASSPHRASE}) == {"state": "unlocked"}


async def test_a_vault_without_its_key_file_says_so_everywhere(agent: Served) -> None:
    agent.agent.store.account.table.put("note", {"kept": True})
    await agent.post("/v1/lock")
    headers = {name: (agent.paths.vault / name).read_bytes() for name in ("header", "header-copy")}
    for name in headers:
        (agent.paths.vault / name).unlink()
    assert (await agent.get("/v1/health"))["state"] == "locked"
    for path, body in (("/v1/unlock", {"passphrase": PASSPHRASE}), ("/v1/setup", {"passphrase": PASSPHRASE})):
        refused = await agent.refused(path, body)
        assert (refused.code, refused.exit_code) == ("vault_key_gone", 1)
        assert "backup" in refused.hint("en") and "sauvegarde" in refused.hint("fr")
    assert (await agent.refused("/v1/home", method="GET")).code == "vault_key_gone"
    found = {one["name"]: one for one in await agent.get("/v1/doctor")}
    assert not found["vault"]["ok"]
    assert "header" in found["vault"]["text"]["en"]
    (agent.paths.vault / "header-copy").write_bytes(headers["header-copy"])
    assert (await agent.refused("/v1/unlock", {"passphrase": PASSPHRASE})).code == "vault_damaged"
    assert (await agent.post("/v1/unlock", {"passphrase": PASSPHRASE, "salvage": True}))["state"] == "unlocked"


async def test_a_missing_mark_is_told_once_and_refuses_nothing(agent: Served) -> None:
    agent.agent.store.account.table.put("note", {"kept": True})
    await agent.post("/v1/lock")
    agent.paths.high_water.unlink()
    told = await agent.post("/v1/unlock", {"passphrase": PASSPHRASE})
    assert [one["code"] for one in told["notices"]] == ["mark_missing"]
    assert [one["code"] for one in (await agent.get("/v1/status"))["problems"]] == ["mark_missing"]
    await agent.post("/v1/lock")
    assert await agent.post("/v1/unlock", {"passphrase": PASSPHRASE}) == {"state": "unlocked"}


async def test_a_young_vault_is_folded_when_it_is_closed_and_on_the_way(agent: Served) -> None:
    def newest() -> int:
        return max(generation_of(path.name) or 0 for path in agent.paths.vault.iterdir())

    await agent.agent.heartbeat()
    assert newest() == 1
    agent.agent.store.account.table.put("note", {"kept": True})
    await agent.agent.heartbeat()
    assert newest() == 2
    await agent.agent.heartbeat()
    assert newest() == 2
    agent.agent.store.account.table.put("note", {"kept": "x" * 40_000})
    await agent.post("/v1/lock")
    assert newest() == 3


def test_what_is_said_of_a_loss_is_right_in_both_languages(tmp_path: Path) -> None:
    from agent.vault.errors import DataMissing

    one = DataMissing(1, 42, exact=True, days=[("2026-11-24", "2026-11-24")])
    assert one.message("en") == (
        "The vault was damaged: 1 of 42 saved changes is lost, written on 2026-11-24. Everything else is here.")
    many = DataMissing(3, 42, exact=False, days=[("2026-11-24", "2026-11-25"), ("2026-11-27", None)])
    assert many.message("fr") == (
        "Le coffre était abîmé : au moins 3 enregistrements sur 42 sont perdus, de la période : entre le 24/11/2026 et "
        "le 25/11/2026 et depuis le 27/11/2026. Tout le reste est là.")
