"""Monthly statements: the list, its depth, and the checks on each PDF."""

from base64 import b64encode
from collections.abc import Callable
from typing import Any

import pytest

from agent.portal import StatementRef, errors
from agent.portal.pages.statements import read_months, read_pdf
from tests.agent.portal.world import World

Make = Callable[..., World]


def _calls(at: World, mark: int) -> list[str]:
    return [one.url for one in at.wire.sent[mark:] if "/rest/releves-mensuels/home" in one.url]


async def test_closed_months_are_listed_newest_first_down_to_the_retention(world: Make) -> None:
    at = world()
    portal = await at.signed_in()
    await portal.statements("202610")  # opens the sub-app's half of the session
    mark = len(at.wire.sent)
    refs = await portal.statements()
    assert [ref.month for ref in refs] == ["202610", "202609", "202501"]
    calls = _calls(at, mark)
    assert [call.split("?")[1] for call in calls] == [
        "debutPeriode=202605&finPeriode=202610", "debutPeriode=202511&finPeriode=202604",
        "debutPeriode=202505&finPeriode=202510", "debutPeriode=202411&finPeriode=202504",
        "debutPeriode=202408&finPeriode=202410",
    ]


async def test_the_services_own_retention_is_followed(world: Make) -> None:
    at = world(retention=12)
    portal = await at.signed_in()
    await portal.statements("202610")
    mark = len(at.wire.sent)
    assert [ref.month for ref in await portal.statements()] == ["202610", "202609"]
    assert len(_calls(at, mark)) == 2
    longer = world(retention=50)
    assert "202302" in [ref.month for ref in await (await longer.signed_in()).statements()]


@pytest.mark.parametrize("unstable", [False, True])
async def test_a_statement_is_fetched_by_its_reference(world: Make, unstable: bool) -> None:
    portal = await world(unstable_ids=unstable).signed_in()
    refs = await portal.statements()
    again = await portal.statements()
    assert (refs == again) is not unstable
    for ref in again:
        assert await portal.statement_pdf(ref) == f"%PDF-1.4 statement {ref.month}".encode()


async def test_a_reference_that_has_changed_is_looked_up_again(world: Make) -> None:
    at = world()
    portal = await at.signed_in()
    ref = (await portal.statements("202609"))[0]
    old = StatementRef(month=ref.month, object_type=ref.object_type, rank=0, token="SOINS_IJ#-#gone" + "x" * 32)
    assert await portal.statement_pdf(old) == f"%PDF-1.4 statement {ref.month}".encode()
    gone = StatementRef(month=ref.month, object_type=ref.object_type, rank=3, token=old.token)
    with pytest.raises(errors.NoDocument):
        await portal.statement_pdf(gone)


async def test_refused_headers_or_periods_are_a_change_of_the_portal_and_not_repeated(world: Make) -> None:
    at = world()
    portal = await at.signed_in()
    await portal.statements("202610")
    mark = len(at.wire.sent)
    with pytest.raises(errors.PortalChanged) as changed:
        await portal._session.rest("/compte/aspmm/rest/releves-mensuels/home?debutPeriode=1&finPeriode=2", "relevés")
    assert "400" in changed.value.missing
    assert len(at.wire.sent) - mark == 1


def _answer(**changes: Any) -> dict[str, Any]:
    data = b"%PDF-1.4 x"
    return {"nom": "ReleveMensuelJuin2026.pdf", "taille": len(data), "typeMime": "application/pdf",
            "contenu": b64encode(data).decode()} | changes


def test_a_statements_json_holds_its_pdf() -> None:
    assert read_pdf(_answer()) == b"%PDF-1.4 x"


def test_a_wrong_size_only_warns(caplog: pytest.LogCaptureFixture) -> None:
    assert read_pdf(_answer(taille=1)) == b"%PDF-1.4 x"
    assert "size" in caplog.text


@pytest.mark.parametrize("bad", [
    {"typeMime": "text/html"}, {"contenu": "***"}, {"contenu": None}, {"contenu": b64encode(b"<html>").decode()},
    {"contenu": ""},
])
def test_what_is_no_pdf_is_refused(bad: dict[str, Any]) -> None:
    with pytest.raises(errors.PortalChanged):
        read_pdf(_answer(**bad))


def test_several_statements_of_a_month_are_told_apart_by_rank_and_duplicates_removed() -> None:
    one = {"objectType": "ReleveSoinsIJ", "identifiant": "SOINS_IJ#-#a"}
    two = {"objectType": "ReleveSoinsIJ", "identifiant": "SOINS_IJ#-#b"}
    other = {"objectType": "ReleveAutre", "identifiant": "AUTRE#-#c"}
    months, told = read_months({"rubriquesMensuelles": [
        {"moisAnnee": "202606", "releves": [one, two, one, other]}, {"moisAnnee": "202605", "releves": []},
        {"moisAnnee": "202606", "releves": [two]},
    ]})
    assert [(ref.object_type, ref.rank) for ref in months["202606"]] == [
        ("ReleveSoinsIJ", 0), ("ReleveSoinsIJ", 1), ("ReleveAutre", 0)]
    assert months["202605"] == []
    assert told is None


@pytest.mark.parametrize("answer", [
    None, [], {}, {"rubriquesMensuelles": None}, {"rubriquesMensuelles": [1]},
    {"rubriquesMensuelles": [{"moisAnnee": "2026", "releves": []}]},
    {"rubriquesMensuelles": [{"moisAnnee": "202613", "releves": []}]},
    {"rubriquesMensuelles": [{"moisAnnee": "202601", "releves": "x"}]},
    {"rubriquesMensuelles": [{"moisAnnee": "202601", "releves": [{"objectType": "R"}]}]},
])
def test_a_list_that_is_not_one_names_what_is_missing(answer: Any) -> None:
    with pytest.raises(errors.PortalChanged):
        read_months(answer)
