"""The service changes a page: what moved is told until it reads again, nothing is lost, everything else goes on."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from agent.core.page_report import findings
from agent.errors import AmeliError
from agent.portal.pages.selectors import PAGES
from agent.store import Store
from tests.agent.bench import NIR, PASSWORD, Bench
from tests.agent.store.helpers import reopen

LEFT: dict[str, dict[str, set[str]]] = {
    # page: where it is asked, what of the account it takes along when it fails
    "payments": {"_pageLabel=as_paiements_page": {"payments", "lines"}},
    "payment-list": {"paiements.do?actionEvt=afficherPaiementsComplementaires": {"payments", "lines"}},
    "payment-detail": {"paiements.do?actionEvt=chargerDetailPaiements": {"lines"}},
    "statements": {"rest/releves-mensuels/home": {"statements"}},
    "statement-file": {"rest/releves-mensuels/pdf": {"statements"}},
    "inbox": {"_nfpb=true&_pageLabel=as_messages_recus_page": {"messages"}},
    "message": {"messagerie/detail": {"messages"}},
    "profile": {"as_info_perso": {"profile"}},
    "token": {"JavaScriptServlet": {"payments", "lines", "messages"}},
}
KINDS = ("markup", "column", "keys", "404", "moved", "token", "truncate", "malformed")
SHOWN = {  # which changes a page can have: others leave it as it was
    "payments": {"markup", "404", "moved"}, "payment-list": {"keys", "404"},
    "payment-detail": {"column", "404", "truncate"}, "statements": {"keys", "404"},
    "statement-file": {"keys"}, "inbox": {"markup", "column", "404", "moved", "truncate"}, 
    "message": {"404", "moved"},
    "profile": {"markup", "404", "moved"}, "token": {"token", "404"},
}


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    yield Bench(tmp_path)


def parts(store: Store) -> dict[str, object]:
    """What the store holds of each part of the account."""
    payments = store.payments.found()
    return {
        "payments": [(one["id"], one["amount"]) for one in payments],
        "lines": [one["lines"] for one in payments],
        "statements": sorted(one["title"] for one in store.documents.all() if one["kind"] == "statement"),
        "messages": sorted(one["subject"] for one in store.messages.all()),
        "profile": (store.profile() or {}).get("name"),
    }


async def _sync(bench: Bench) -> list[dict[str, Any]]:
    try:
        return (await bench.connection.sync(full=True)).problems
    except AmeliError as error:
        return [error.problem()]


@pytest.mark.parametrize(("page", "kind"), [
    pytest.param(page, kind, marks=[] if kind == max(SHOWN[page]) else [pytest.mark.slow]) for page in LEFT
    for kind in KINDS])
async def test_a_page_that_changes_takes_nothing_else_along(tmp_path: Path, page: str, kind: str) -> None:
    whole = await Bench(tmp_path / "whole").signed_in()
    await whole.connection.sync(full=True)
    bench = await Bench(tmp_path / "changed").signed_in()
    ((where, lost),) = LEFT[page].items()
    bench.break_with(f"{kind}@{where}")
    problems = await _sync(bench)
    expected, found = parts(whole.store), parts(bench.store)
    assert {name for name in expected if found[name] != expected[name]} <= lost
    changed = {one["name"] for one in bench.store.changes.all()}
    also = {"payment-list"} if page == "token" else set()  # a token cut short is refused there
    assert changed <= {page} | also
    if page == "payments":  # the last months are listed even when the page that tells how many does not read
        assert len(bench.store.payments.found()) >= 3
    if kind in SHOWN[page]:
        assert changed == {page}
        assert problems
    bench.break_with("")
    assert await _sync(bench) == []
    assert bench.store.changes.all() == []
    assert parts(bench.store) == expected


async def test_what_moved_is_named_by_the_names_of_the_page(bench: Bench) -> None:
    await (await bench.signed_in()).connection.sync(full=True)
    bench.break_with("markup@as_info_perso,column@chargerDetail,keys@/home")
    await bench.connection.sync(full=True)
    changes = {one["name"]: one for one in bench.store.changes.all()}
    assert (changes["profile"]["gone"], changes["profile"]["new"]) == ([".NomEtPrenomLabel"], [".identite"])
    assert changes["profile"]["expected"] == [".NomEtPrenomLabel"]
    assert changes["payment-detail"]["missing"] == "colonne « montant payé »"
    assert "#montantPaye" in changes["payment-detail"]["gone"]
    assert "rubriquesParMois[].periode" in changes["statements"]["new"]


async def test_a_change_is_told_with_its_cure_and_without_data(bench: Bench) -> None:
    await (await bench.signed_in()).connection.sync(full=True)
    bench.break_with("markup,keys")
    await _sync(bench)
    told = findings(bench.store.changes.all())
    assert len(told) >= 3
    for one in told:
        assert not one["ok"]
        assert f"--sample {one['name'].removeprefix('page_')}" in one["cure"]["fr"]
        for detail in (one["text"], one["cure"], *one["details"]):
            assert detail["fr"] and detail["en"]
    text = json.dumps(told, ensure_ascii=False)
    for secret in (NIR, PASSWORD, "MARTIN", "CLAIRE", "LILAS", "VERSAILLES", "GENERALISTE", "17,50"):
        assert secret not in text


async def test_a_sample_is_kept_without_anything_of_the_person(bench: Bench) -> None:
    await bench.signed_in()
    bench.break_with("markup,keys,column@chargerDetail")
    await _sync(bench)
    kept = [bench.store.changes.copy(one["page"]) for one in bench.store.changes.all()]
    assert len([one for one in kept if one]) >= 3
    for kind, data in filter(None, kept):
        text = data.decode()
        assert kind in ("html", "json")
        for secret in (NIR, PASSWORD, "MARTIN", "Claire", "CLAIRE", "LILAS", "VERSAILLES", "GENERALISTE", "INFIRMIERS",
                       "12/05/1985", "1985-05-12", "claire.martin"):  # a sum or a year alone may be drawn by lot
            assert secret not in text


async def test_the_page_itself_is_written_nowhere(bench: Bench) -> None:
    await bench.signed_in()
    bench.break_with("markup")
    await _sync(bench)
    vault = reopen(bench.vault, bench.folder / "vault")
    kept = json.dumps({name: list(vault.db.table(name).items()) for name in ("changes", "outlines")})
    assert "MARTIN" not in kept and "VERSAILLES" not in kept and NIR not in kept
    assert Store(vault).changes.all()


async def test_a_change_lasts_until_the_page_reads_again_and_counts_its_days(bench: Bench) -> None:
    await (await bench.signed_in()).connection.sync()
    bench.break_with("markup@as_messages")
    await _sync(bench)
    since = bench.store.changes.all()[0]["since"]
    for _ in range(3):
        bench.clock.move(days=1)
        bench.restart()
        await _sync(bench)
    (change,) = bench.store.changes.all()
    assert (change["since"], change["count"]) == (since, 4)
    assert change["last"] > since


async def test_a_sample_is_wiped_after_thirty_days_and_replaced_meanwhile(bench: Bench) -> None:
    await bench.signed_in()
    bench.break_with("markup@as_messages,markup@as_info_perso")
    await _sync(bench)
    blobs = len(list((bench.folder / "vault").rglob("*")))
    await _sync(bench)
    assert len(list((bench.folder / "vault").rglob("*"))) == blobs
    bench.store.changes.sweep(bench.clock() + timedelta(days=29))
    assert all(one["sample"] for one in bench.store.changes.all())
    bench.store.changes.sweep(bench.clock() + timedelta(days=31))
    assert not any(one["sample"] for one in bench.store.changes.all())
    assert len(bench.store.changes.all()) == 2


async def test_the_sign_in_page_is_watched_too_and_its_sample_holds_no_password(bench: Bench) -> None:
    bench.wire.rewrite = _without_password
    with pytest.raises(AmeliError):
        await bench.connection.login(NIR, PASSWORD)
    (change,) = bench.store.changes.all()
    assert change["name"] == "sign-in"
    copy = bench.store.changes.copy(change["page"])
    assert copy is None or (PASSWORD not in copy[1].decode() and NIR not in copy[1].decode())


def _without_password(request: Any) -> Any:
    import httpx

    if request.url.path != "/oauth2/authorize":
        return None
    page = f"""<html><body><form id="lformLogin"><input id="identifiant" name="{'identifiant'}" value="{NIR}">
    <input type="hidden" name="secret" value="{PASSWORD}"></form></body></html>"""
    return httpx.Response(200, text=page, headers={"content-type": "text/html"})


def test_every_page_that_is_read_has_a_short_name() -> None:
    from agent.portal.changes.page_names import ENGLISH

    assert len({page for page, _ in PAGES.values()}) == len(PAGES)
    assert all(page in ENGLISH for page, _ in PAGES.values())
