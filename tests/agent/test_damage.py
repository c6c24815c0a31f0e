"""Damaged files of a vault in use: verified, told, mended, and documents fetched again where the service has them."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from agent.account import Document
from agent.account.retention import STATEMENT_MONTHS, listed_until
from agent.client import api
from agent.portal.pages.statements import RETENTION
from agent.protocol.vault import Verified
from agent.vault.fs import RealFs
from tests.agent.api.shapes import check_shape
from tests.agent.processes import PASSPHRASE, Served, served
from tests.agent.sandbox.household import NIR, PASSWORD, TODAY
from tests.agent.stand_in import Portal
from tests.agent.store.helpers import keep_document


@pytest.fixture
async def agent(tmp_path: Path, portal: Portal) -> AsyncIterator[Served]:
    async with served(tmp_path, portal.settings) as one:
        await one.post("/v1/setup", {"passphrase": PASSPHRASE})
        refused = await one.refused("/v1/login", {"nir": NIR, "password": PASSWORD})
        assert refused.code == "code_needed"
        await one.post("/v1/login", {"otp": portal.newest_code()})
        await one.post("/v1/sync", {"wait": True})
        yield one


def blob_of(agent: Served, key: str) -> Path:
    record = agent.agent.store.documents.table.fetch(key)
    assert record is not None
    assert record["blob"] is not None
    return agent.paths.vault / "blob" / record["blob"]


def spoil(path: Path) -> bytes:
    """Change one bit in the middle; the bytes of before."""
    data = path.read_bytes()
    at = len(data) // 2
    path.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1:])
    return data


def keep(agent: Served, key: str, kind: Any, day: date) -> None:
    """A document of any day, as an import or an old sync kept it."""
    keep_document(agent.agent.store, Document(id=key, kind=kind, title="Vieux relevé", date=day, filename="x.pdf"),
                  b"%PDF-1.7 old")


async def statement(agent: Served) -> str:
    return next(str(one["id"]) for one in await agent.get("/v1/documents")
                if one["kind"] == "releve_mensuel" and one["fetched"])


async def content(agent: Served, key: str) -> bytes:
    return await asyncio.to_thread(agent.client.ask, api.document_bytes(key))


async def examined(agent: Served) -> dict[str, Any]:
    return {one["name"]: one for one in await agent.get("/v1/doctor", offline=1)}


async def verified(agent: Served) -> Any:
    found = await agent.post("/v1/verify")
    check_shape(found, Verified)
    return found


async def test_a_whole_vault_is_verified_as_such(agent: Served) -> None:
    found = await verified(agent)
    assert (found["damaged"], found["leftovers"]) == ([], [])
    assert found["checked"] >= len(list((agent.paths.vault / "blob").iterdir())) + 4
    told = await examined(agent)
    assert told["vault_files"]["ok"] and told["documents"]["ok"] and told["vault"]["ok"]


async def test_a_damaged_statement_is_told_with_its_days_and_fetched_again_by_the_next_sync(agent: Served) -> None:
    key = await statement(agent)
    before = await content(agent, key)
    spoil(blob_of(agent, key))
    [one] = (await verified(agent))["damaged"]
    assert (one["kind"], one["document"], one["how"], one["mended"]) == ("document", key, "damaged", False)
    assert one["days"] == [[f"{key[1:5]}-{key[5:7]}-01", agent.agent.store.documents.get(key)["date"]]]
    assert one["days_left"] == (date.fromisoformat(one["until"]) - TODAY).days > 600
    assert "ameli sync" in one["cure"]["en"] and str(one["days_left"]) in one["cure"]["fr"]
    assert "Relevé mensuel" in one["what"]["fr"] and one["file"] in one["what"]["en"]
    [again] = (await verified(agent))["damaged"]
    assert again == one, "it is told until it is whole"
    told = (await examined(agent))["documents"]
    assert not told["ok"]
    assert "Relevé mensuel" in told["details"][0]["en"] and "days" in told["details"][0]["en"]
    await agent.post("/v1/sync", {"wait": True})
    assert (await verified(agent))["damaged"] == []
    assert (await examined(agent))["documents"]["ok"]
    assert await content(agent, key) == before
    assert len(list((agent.paths.vault / "blob").iterdir())) == len(
        [row for row in agent.agent.store.documents.table.items() if row[1]["blob"]])


@pytest.mark.parametrize("how", ["damaged", "missing"])
async def test_a_damaged_document_that_is_asked_for_is_fetched_at_once(agent: Served, how: str) -> None:
    documents = await agent.get("/v1/documents")
    wanted = [await statement(agent), next(one["id"] for one in documents if one["message"] and one["fetched"]),
              next(one["id"] for one in documents if one["kind"] == "decompte")]
    for key in wanted:
        before = await content(agent, key)
        path = blob_of(agent, key)
        if how == "damaged":
            spoil(path)
        else:
            path.unlink()
        assert await content(agent, key) == before, key
        assert not path.exists()
    assert (await verified(agent))["damaged"] == []


async def test_a_damaged_detail_and_an_attachment_are_fetched_again_by_the_next_sync(agent: Served) -> None:
    documents = await agent.get("/v1/documents")
    wanted = [next(one["id"] for one in documents if one["message"] and one["fetched"]),
              next(one["id"] for one in documents if one["kind"] == "decompte")]
    for key in wanted:
        await content(agent, key)
        spoil(blob_of(agent, key))
    damaged = {one["document"]: one for one in (await verified(agent))["damaged"]}
    assert damaged.keys() == set(wanted)
    assert damaged[wanted[0]]["until"] is None and "if the service still has it" in damaged[wanted[0]]["cure"]["en"]
    assert damaged[wanted[1]]["days_left"] > 0
    await agent.post("/v1/sync", {"wait": True})
    assert (await verified(agent))["damaged"] == []
    for key in wanted:
        assert agent.agent.store.documents.get(key)["fetched"]


async def test_what_the_service_no_longer_has_is_said_to_be_lost_until_it_is_given_up(agent: Served) -> None:
    keep(agent, "r202001", "releve_mensuel", date(2020, 1, 31))
    keep(agent, "i0123", "other", date(2026, 11, 1))
    for key in ("r202001", "i0123"):
        spoil(blob_of(agent, key))
    damaged = {one["document"]: one for one in (await verified(agent))["damaged"]}
    for key in ("r202001", "i0123"):
        assert damaged[key]["until"] is None and damaged[key]["days_left"] is None
        assert "Lost" in damaged[key]["cure"]["en"] and f"documents forget {key}" in damaged[key]["cure"]["fr"]
        refused = await agent.refused(f"/v1/documents/{key}/content", method="GET")
        assert (refused.code, refused.exit_code) == ("document_lost", 1)
        assert "Vieux relevé" in refused.message("fr") and "no longer has it" in refused.message("en")
    await agent.post("/v1/sync", {"wait": True})
    assert len((await examined(agent))["documents"]["details"]) == 2
    for key in ("r202001", "i0123"):
        await agent.post(f"/v1/documents/{key}/forget")
        assert (await agent.refused(f"/v1/documents/{key}/content", method="GET")).code == "not_found"
    assert (await agent.refused("/v1/documents/i0123/forget")).code == "not_found"
    assert (await examined(agent))["documents"]["ok"]
    assert (await verified(agent))["damaged"] == []


async def test_a_document_that_the_service_does_not_list_though_it_should_is_noted_as_lost(agent: Served) -> None:
    keep(agent, "r202609-9", "releve_mensuel", date(2026, 9, 30))
    spoil(blob_of(agent, "r202609-9"))
    assert (await verified(agent))["damaged"][0]["days_left"] > 0
    await agent.post("/v1/sync", {"wait": True})
    assert "Lost" in (await verified(agent))["damaged"][0]["cure"]["en"]


async def test_a_service_that_cannot_be_asked_now_says_so_with_the_damage(agent: Served, portal: Portal) -> None:
    key = await statement(agent)
    spoil(blob_of(agent, key))
    portal.break_with("503")
    refused = await agent.refused(f"/v1/documents/{key}/content", method="GET")
    assert (refused.code, refused.exit_code) == ("document_damaged", 4)
    assert "is damaged in the vault" in refused.message("en")
    portal.break_with("")
    assert (await content(agent, key)).startswith(b"%PDF")


async def test_a_file_that_is_put_back_is_whole_again(agent: Served) -> None:
    keep(agent, "i0123", "other", date(2026, 11, 1))
    path = blob_of(agent, "i0123")
    before = spoil(path)
    assert len((await verified(agent))["damaged"]) == 1
    path.write_bytes(before)
    assert (await verified(agent))["damaged"] == []
    assert await content(agent, "i0123") == b"%PDF-1.7 old"
    assert (await examined(agent))["documents"]["ok"]


async def test_a_damaged_paper_of_a_request_and_bytes_that_nothing_needs_are_told_as_what_they_are(
    agent: Served,
) -> None:
    store = agent.agent.store
    store.requests.keep_loose({
        "name": "rib", "filename": "rib.pdf", "media_type": "application/pdf", "size": 4, "sha256": "", "id": "l1",
        "at": "2026-11-23T10:00:00+00:00"}, b"%PDF")
    paper = store.requests.peek_loose(["l1"])[0]["blob"]
    stray = agent.agent.vault.put_blob(b"nobody's")
    for blob in (paper, stray):
        spoil(agent.paths.vault / "blob" / blob)
    damaged = {one["kind"]: one for one in (await verified(agent))["damaged"]}
    assert damaged.keys() == {"paper", "nothing"}
    assert "rib" in damaged["paper"]["what"]["en"] and "Attach" in damaged["paper"]["cure"]["en"]
    assert damaged["nothing"]["mended"]
    assert [one["kind"] for one in (await verified(agent))["damaged"]] == ["paper"]


async def test_what_the_vault_has_in_memory_is_written_anew_told_once_and_listed_by_the_doctor(agent: Served) -> None:
    agent.agent.vault.compact()
    names = sorted(path.name for path in agent.paths.vault.iterdir() if path.name.startswith("snap-"))
    assert len(names) == 2
    for name in (names[0], "header-copy"):
        (agent.paths.vault / name).write_bytes(b"rubbish")
    agent.paths.high_water.unlink()
    told = {one["file"]: one for one in (await verified(agent))["damaged"]}
    assert told.keys() == {names[0], "header-copy", "high-water"}
    assert all(one["mended"] and one["days"] == [] for one in told.values())
    assert "nothing is lost" in told[names[0]]["cure"]["en"]
    assert (await verified(agent))["damaged"] == []
    found = (await examined(agent))["vault_files"]
    assert not found["ok"]
    assert len(found["details"]) == 3
    await agent.post("/v1/lock")
    await agent.post("/v1/unlock", {"passphrase": PASSPHRASE})
    assert (await examined(agent))["vault_files"]["ok"]


async def test_what_was_lost_while_the_vault_was_locked_is_told_by_the_first_verification_and_the_doctor(
    agent: Served,
) -> None:
    agent.agent.vault.compact()
    await agent.post("/v1/lock")
    (agent.paths.vault / "header-copy").unlink()
    spare = min(path for path in agent.paths.vault.iterdir() if path.name.startswith("snap-"))
    spoil(spare)
    locked = (await examined(agent))["vault"]
    assert not locked["ok"]
    assert "header-copy" in locked["text"]["en"]
    assert await agent.post("/v1/unlock", {"passphrase": PASSPHRASE}) == {"state": "unlocked"}
    await agent.agent.heartbeat()
    await agent.agent.heartbeat()
    assert not spare.exists()
    details = (await examined(agent))["vault_files"]["details"]
    assert "header-copy" in details[0]["en"] and spare.name in details[1]["en"]
    assert {one["file"] for one in (await verified(agent))["damaged"]} == {"header-copy", spare.name}
    assert (await verified(agent))["damaged"] == []


async def test_the_doctor_tells_what_is_damaged_and_cannot_be_written_anew_yet(
    agent: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    agent.agent.vault.compact()
    spare = min(path for path in agent.paths.vault.iterdir() if path.name.startswith("snap-"))
    spoil(spare)

    def full(self: RealFs, path: Path) -> None:
        raise OSError(28, "No space left on device", str(path))

    with monkeypatch.context() as patched:
        patched.setattr(RealFs, "create", full)
        found = (await examined(agent))["vault_files"]
        assert not found["ok"]
        assert spare.name in found["details"][0]["en"] and "disk takes writes" in found["cure"]["en"]
        [one] = (await verified(agent))["damaged"]
        assert (one["file"], one["mended"]) == (spare.name, False)
    agent.agent.store.account.loss.write({"problem": {
        "code": "vault_loss", "exit": 1, "message": {"fr": "", "en": ""}, "hint": {"fr": "", "en": ""}}})
    found = (await examined(agent))["vault_files"]
    assert "ameli sync --full" in found["cure"]["fr"], "what is lost may still be in the damaged file"
    assert spare.exists()
    await agent.post("/v1/sync", {"wait": True})
    assert not (await examined(agent))["vault_files"]["ok"]
    assert not spare.exists()
    assert [one["mended"] for one in (await verified(agent))["damaged"]] == [True]


async def test_the_doctor_of_a_locked_vault_tells_a_damaged_key_file_with_its_cure(agent: Served) -> None:
    await agent.post("/v1/lock")
    header, copy = agent.paths.vault / "header", agent.paths.vault / "header-copy"
    spoil(header)
    found = (await examined(agent))["vault"]
    assert "nothing is lost" in found["text"]["en"] and "--salvage" in found["cure"]["fr"]
    refused = await agent.refused("/v1/unlock", {"passphrase": PASSPHRASE})
    assert (refused.code, refused.message("en")) == ("vault_damaged", found["text"]["en"])
    shutil.copy(header, copy)
    found = (await examined(agent))["vault"]
    refused = await agent.refused("/v1/unlock", {"passphrase": PASSPHRASE, "salvage": True})
    assert (refused.code, refused.message("en")) == ("vault_key_damaged", found["text"]["en"])
    assert "restore" in found["cure"]["fr"]


async def test_a_passphrase_is_checked_by_the_copy_while_the_key_file_is_gone(agent: Served) -> None:
    (agent.paths.vault / "header").unlink()
    await agent.post("/v1/passphrase", {"old": PASSPHRASE, "new": "five other random words"})
    assert (await verified(agent))["damaged"] == []
    await agent.post("/v1/lock")
    await agent.post("/v1/unlock", {"passphrase": "five other random words"})


def test_the_service_has_a_statement_to_the_end_of_its_twenty_seventh_month() -> None:
    assert listed_until("releve_mensuel", date(2026, 8, 31)) == date(2028, 11, 30)
    assert listed_until("releve_mensuel", date(2024, 9, 30)) == date(2026, 12, 31)
    assert listed_until("decompte", date(2026, 1, 1)) == date(2026, 7, 3)
    assert listed_until("attachment", date(2026, 1, 1)) is None
    assert STATEMENT_MONTHS == RETENTION
