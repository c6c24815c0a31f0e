"""Recordings as people make them: parts missing, asked twice, filtered, of somebody else, damaged."""

import asyncio
import json
import random
import tempfile
from base64 import b64encode
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.account import Profile
from agent.files.formats.har import read_har
from agent.files.formats.har.errors import NotARecording
from agent.files.formats.statements import Statement
from agent.files.imports import Note, Reader, Taken
from agent.files.imports.errors import UnknownFile
from agent.files.imports.har.replay import read_pages
from agent.files.imports.statements import ReadStatement
from agent.sandbox.pdf.lazy import PdfPapers
from agent.store import Store
from tests.agent.bench import Bench
from tests.agent.files.imports.test_har import bring, fresh, known, recorded
from tests.agent.store.helpers import keep_profile
from tests.recorder import REAL
from tests.thoroughness import examples

FIREWALL = "<html><title>Request Rejected</title><body>Your support ID is: 123456789012345678</body></html>"


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def is_list(entry: dict[str, Any]) -> bool:
    return "afficherPaiementsComplementaires" in entry["request"]["url"]


def is_detail(entry: dict[str, Any]) -> bool:
    return "chargerDetailPaiements" in entry["request"]["url"]


def only(har: dict[str, Any], *wanted: Any) -> dict[str, Any]:
    """The recording with those entries alone."""
    kept = [one for one in har["log"]["entries"] if any(test(one) for test in wanted)]
    return {"log": {**har["log"], "entries": kept}}


def page(url: str, text: str, kind: str = "text/html") -> dict[str, Any]:
    return {"request": {"method": "GET", "url": url}, "response": {
        "status": 200, "content": {"size": len(text), "mimeType": kind, "text": text}}}


def notes(taken: Any) -> str:
    return "\n".join(note.en for note in taken.notes)


async def test_rows_without_details_are_kept_and_completed_later(bench: Bench) -> None:
    har = (await recorded(bench)).har()
    store = fresh(bench)
    taken = await bring(bench, store, only(har, is_list))
    assert (taken.new, taken.problems) == (6, [])
    assert not any(one["complete"] for one in store.payments.found())
    assert "6 payments without their detail" in notes(taken)
    taken = await bring(bench, store, only(har, is_list, is_detail))
    assert (taken.new, taken.known, taken.problems) == (0, 6, [])
    assert "6 payments completed by their detail" in notes(taken)
    assert store.payments.found() == bench.store.payments.found()


async def test_details_without_the_list_are_the_same_payments(bench: Bench) -> None:
    har = (await recorded(bench)).har()
    store = fresh(bench)
    taken = await bring(bench, store, only(har, is_detail))
    assert (taken.new, taken.problems) == (6, [])

    def bare(payments: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [{**one, "label": ""} for one in payments]

    assert bare(store.payments.found()) == bare(bench.store.payments.found())
    assert {one["label"] for one in store.payments.found()} == {
        "Remboursement de soins", "Paiement à un tiers", "Indemnités journalières"}
    await bring(bench, store, har)
    assert store.payments.found() == bench.store.payments.found()


async def test_details_alone_fall_on_what_a_sync_brought(bench: Bench) -> None:
    har = (await recorded(bench)).har()
    before = known(bench.store)
    taken = await bring(bench, bench.store, only(har, is_detail))
    assert (taken.new, taken.known) == (0, 6)
    assert known(bench.store) == before


async def test_equal_payments_stay_apart_whatever_part_of_the_list_was_shown(bench: Bench) -> None:
    twin = bench.house.payments[1]
    other = type(twin)(twin.paid_on, twin.nature, twin.label, twin.amount, lines=[twin.lines[0], twin.lines[0]],
                       deductions=list(twin.deductions))
    bench.house.payments.append(other)
    bench.rebuild()
    har = (await recorded(bench)).har()
    assert len(bench.store.payments.found()) == 7
    for parts in ((is_detail,), (is_list,), (is_list, is_detail)):
        store = fresh(bench, "-".join(part.__name__ for part in parts))
        await bring(bench, store, only(har, *parts))
        assert {one["id"] for one in store.payments.found()} == {one["id"] for one in bench.store.payments.found()}
        await bring(bench, store, har)
        assert len(store.payments.found()) == 7
    lists = [one for one in har["log"]["entries"] if is_list(one)]
    for one in lists:  # one person's payments: the ranks in them are not those of the whole list
        one["request"]["url"] = one["request"]["url"].replace("tout_selectionner", "19850512!-!MARTIN!-!1")
    before = known(bench.store)
    await bring(bench, bench.store, har)
    assert known(bench.store) == before


async def test_a_page_that_is_not_understood_is_named_and_the_rest_goes_on(bench: Bench) -> None:
    har = (await recorded(bench)).har()
    details = [one for one in har["log"]["entries"] if is_detail(one)]
    details[0]["response"]["content"]["text"] = "<p>Service momentanément indisponible.</p>"
    details[1]["response"]["content"]["text"] = details[1]["response"]["content"]["text"][:200]
    statement = next(one for one in har["log"]["entries"] if "/releves-mensuels/pdf/" in one["request"]["url"])
    statement["response"]["content"]["text"] = json.dumps({"typeMime": "application/pdf", "contenu": "bm90IGEgcGRm"})
    store = fresh(bench)
    taken = await bring(bench, store, har)
    assert len(store.payments.found()) == 6 and sum(one["complete"] for one in store.payments.found()) == 4
    told = taken.shape()["problems"]
    assert [one["code"] for one in told] == ["portal_changed"] * len(told)
    assert {"détail d'un paiement", "fichier d'un relevé mensuel"} == {str(one.facts["page"]) for one in taken.problems}
    assert len(store.messages.all()) == 2


async def test_the_firewall_and_the_sign_in_form_are_no_pages_of_the_account(bench: Bench) -> None:
    form = '<html><body><form id="connexioncompte_2connexionCompteForm"><input id="userfield"></form></body></html>'
    urls = [f"{REAL}/PortailAS/paiements.do?actionEvt=afficherPaiementsComplementaires",
            f"{REAL}/PortailAS/appmanager/PortailAS/assure?_nfpb=true&_pageLabel=as_messages_recus_page"]
    store = fresh(bench)
    taken = await bring(bench, store, {"log": {"entries": [page(urls[0], FIREWALL), page(urls[1], form)]}})
    assert [one.code for one in taken.problems] == ["blocked"]
    assert "1 page asked for after the session had ended" in notes(taken)
    taken = await bring(bench, store, {"log": {"entries": [page(urls[1], form)]}})
    assert [one.code for one in taken.problems] == ["nothing_recorded"]


async def test_a_recording_of_other_sites_holds_nothing(bench: Bench) -> None:
    taken = await bring(bench, fresh(bench), {"log": {"entries": [page("https://example.org/", "x")]}})
    assert [one.code for one in taken.problems] == ["foreign_recording"]
    assert "1 request to other sites was dropped" in notes(taken)


async def test_the_recording_of_another_account_is_refused_whole(bench: Bench) -> None:
    har = json.dumps((await recorded(bench)).har())
    store = fresh(bench)
    store.set_credentials("1690549588157", None)
    taken = await bring(bench, store, har.encode())
    assert [one.code for one in taken.problems] == ["other_account"]
    assert store.payments.found() == [] and store.documents.all() == []


async def test_a_recording_of_two_accounts_is_refused_whole(bench: Bench) -> None:
    har = (await recorded(bench)).har()
    profile = next(one for one in har["log"]["entries"] if "as_info_perso" in one["request"]["url"])
    other = json.loads(json.dumps(profile))
    other["response"]["content"]["text"] = other["response"]["content"]["text"].replace("2 85 05 78", "1 69 05 49")
    har["log"]["entries"].append(other)
    store = fresh(bench)
    assert [one.code for one in (await bring(bench, store, har)).problems] == ["several_accounts"]
    assert store.payments.found() == []


async def test_the_statements_in_a_recording_tell_whose_it_is(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    bench.sandbox.service.papers = PdfPapers()
    har = only((await recorded(bench)).har(), is_list, lambda one: "/releves-mensuels/" in one["request"]["url"])
    store = fresh(bench)
    store.set_credentials("1690549588157", None)
    assert [one.code for one in (await bring(bench, store, har)).problems] == ["other_account"]
    assert store.payments.found() == []


async def test_a_stand_in_never_mixes_with_a_real_account(bench: Bench) -> None:
    recorder = await recorded(bench)
    invented = recorder.har(real=False)
    demo = await bring(bench, fresh(bench, "demo"), invented, portal="http://127.0.0.1:8080")
    assert demo.new and "stand-in" in notes(demo)
    store = fresh(bench, "empty")
    assert (await bring(bench, store, invented)).new and (await bring(bench, store, invented)).known
    real = fresh(bench, "real")
    await bring(bench, real, recorder.har())
    before = known(real)
    taken = await bring(bench, real, invented)
    assert [one.code for one in taken.problems] == ["stand_in_recording"]
    assert known(real) == before


async def test_messages_need_their_page_and_a_missing_file_comes_with_the_next_sync(bench: Bench) -> None:
    har = (await recorded(bench)).har()
    inbox = only(har, lambda one: "_pageLabel=as_messages_recus_page" in one["request"]["url"]
                 and "idMessage" not in one["request"]["url"])
    taken = await bring(bench, fresh(bench, "inbox"), inbox)
    assert taken.new == 0 and "2 messages not opened" in notes(taken)

    har["log"]["entries"] = [one for one in har["log"]["entries"] if "telechargerMessage" not in one["request"]["url"]
                             and "pieceJointe" not in one["request"]["url"]]
    bench.store = store = fresh(bench)
    taken = await bring(bench, store, har)
    assert "2 messages with a file that was not recorded" in notes(taken)
    assert [one["attachments"] for one in store.messages.all()] == [[], []]
    bench.connection = bench.connect()
    await bench.signed_in()
    result = await bench.connection.sync()
    assert result.new["messages"] == 0 and result.new["documents"] == 3
    assert sorted(len(one["attachments"]) for one in store.messages.all()) == [1, 2]


async def test_a_statement_is_found_by_its_name_when_the_list_was_not_recorded(bench: Bench) -> None:
    har = (await recorded(bench)).har()
    store = fresh(bench)
    await bring(bench, store, only(har, lambda one: "/releves-mensuels/pdf/" in one["request"]["url"]))
    wanted = {one["id"] for one in bench.store.documents.all() if one["kind"] == "releve_mensuel"}
    assert {one["id"] for one in store.documents.all()} == wanted
    store = fresh(bench, "old")
    old = page(f"{REAL}/PortailAS/PDFServletReleveMensuel.dopdf?PDF.moisRecherche=092024", "", "application/pdf")
    old["response"]["content"] = {"size": 9, "encoding": "base64", "text": b64encode(b"%PDF-1.4 x").decode()}
    await bring(bench, store, {"log": {"entries": [old]}})
    assert [one["id"] for one in store.documents.all()] == ["r202409"]


async def test_the_profile_read_last_wins(bench: Bench) -> None:
    har = (await recorded(bench)).har()
    store = fresh(bench)
    other = msgspec.convert({**bench.store.profile(), "cpam": "CPAM D'AVANT"}, Profile, strict=False)
    keep_profile(store, other, on=date(2026, 12, 24))
    before = store.profile()
    await bring(bench, store, har)
    assert store.profile() == before
    older = fresh(bench, "older")
    keep_profile(older, other, on=date(2026, 1, 1))
    await bring(bench, older, har)
    assert older.profile() == bench.store.profile()


def mutated(har: dict[str, Any], rng: random.Random) -> bytes:
    """The recording with a few of its entries damaged: as text, as structure, or as bytes of the file."""
    copy = json.loads(json.dumps(har))
    entries = copy["log"]["entries"]
    for _ in range(rng.randrange(1, 30)):
        one = rng.choice(entries)
        content = one.get("response", {}).get("content", {}) if isinstance(one, dict) else {}
        text = content.get("text") or ""
        at = rng.randrange(len(text) + 1)
        match rng.randrange(8):
            case 0:
                content["text"] = text[:at]
            case 1:
                content["text"] = text[:at] + rng.choice(["<", "\x00", "\ud7ff", "9" * 400, "<table>", "'"]) + text[at:]
            case 2:
                content.pop("text", None)
            case 3:
                content["text"] = (rng.choice(entries) or {}).get("response", {}).get("content", {}).get("text")
            case 4:
                one["response"]["status"] = rng.choice([0, 204, 302, 304, 401, 403, 404, 429, 500, "x", None, -1])
            case 5:
                one["request"]["url"] = rng.choice(entries)["request"]["url"]
            case 6:
                entries.append(one)
            case 7:
                rng.shuffle(entries)
    data = json.dumps(copy).encode()
    if rng.random() < 0.2:
        at = rng.randrange(len(data))
        data = data[:at] + rng.randbytes(rng.randrange(9)) + data[at + rng.randrange(9):]
    return data


@pytest.mark.parametrize("turns", [10, pytest.param(60, marks=pytest.mark.slow)])
async def test_mutated_recordings_never_crash_nor_write_a_part_and_always_name_a_reason(
    bench: Bench, turns: int
) -> None:
    har = (await recorded(bench)).har("firefox")
    whole = {one["id"]: one for one in bench.store.payments.found()}
    rng = random.Random(5)
    for turn in range(turns):
        store = fresh(bench, f"turn{turn}")
        taken = await bring(bench, store, mutated(har, rng))
        assert taken.new or taken.problems
        assert all(one.message("fr") and one.message("en") for one in taken.problems)
        _sound(store)
        for payment in store.payments.found():
            true = whole.get(payment["id"])
            if true is not None and payment["complete"]:
                assert sum(len(payment[part]) for part in ("lines", "deductions", "indemnities"))
        before = known(store)
        again = await bring(bench, store, har)
        assert again.problems == [] or "other_account" in {one.code for one in again.problems}
        assert set(before["documents"]) <= set(known(store)["documents"])


def _sound(store: Store) -> None:
    """Nothing that is listed is missing its other half."""
    documents = {one["id"] for one in store.documents.all()}
    for message in store.messages.all():
        assert set(message["attachments"]) <= documents
    for payment in store.payments.found():
        assert payment["document"] is None or payment["document"] in documents


async def test_a_write_that_fails_leaves_nothing_behind(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    har = (await recorded(bench)).har()
    store = fresh(bench)

    def full(*_args: Any, **_more: Any) -> bool:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(store.messages, "add", full)
    with pytest.raises(OSError, match="space"):
        await bring(bench, store, har)
    monkeypatch.undo()
    assert known(store) == known(fresh(bench, "other"))
    assert store.imports.newest(9) == []
    await bring(bench, store, har)
    assert known(store) == known(bench.store)


@cache
def _a_recording() -> str:
    """A whole recording as JSON, made once."""
    with tempfile.TemporaryDirectory() as folder:
        return json.dumps(asyncio.run(recorded(Bench(Path(folder)))).har("firefox"))


@settings(max_examples=examples(150), deadline=None)
@given(st.integers(0, 1 << 40))
def test_whatever_is_damaged_reading_ends_with_what_could_be_read(seed: int) -> None:
    try:
        found = read_pages(read_har(mutated(json.loads(_a_recording()), random.Random(seed))))
    except NotARecording:
        return
    assert all(one.problem()["code"] for one in found.problems)
    for group in found.groups:
        assert all(member.row.amount == group.amount and member.row.paid_on == group.paid_on
                   for member in group.members)
        assert all(member.detail is None or member.detail.amount == group.amount for member in group.members)


async def test_a_pdf_that_no_page_explains_is_read_like_one_brought_by_itself(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(name: str, data: bytes) -> ReadStatement:
        if b"letter" in data:
            raise UnknownFile
        return ReadStatement(name, data, Statement("payment"))

    reader = Reader("statement", lambda data: data.startswith(b"%PDF-"), read, lambda _desk, paper: Taken(
        "statement", new=2, known=1, notes=[Note("lu", paper.data.decode())]))
    monkeypatch.setattr("agent.files.imports.statements.READER", reader)
    url = f"{REAL}/PortailAS/PDFServletDetailPaiementRS.dopdf?idPaiement="
    entries = []
    for name in ("statement", "letter"):
        one = page(url + name, "", "application/pdf")
        one["response"]["content"] = {"encoding": "base64", "text": b64encode(b"%PDF-1.4 " + name.encode()).decode()}
        entries.append(one)
    taken = await bring(bench, fresh(bench), {"log": {"entries": entries}})
    assert (taken.new, taken.known, taken.problems) == (2, 1, [])
    assert "%PDF-1.4 statement" in notes(taken) and "1 PDF that no page explains" in notes(taken)
