"""Faults on demand, and the control side that switches them."""

import json

import httpx
import pytest

from agent.sandbox.errors import BadFault, BadOption
from agent.sandbox.server.faults import ELSEWHERE, DroppedConnection, Faults
from agent.sandbox.server.options import SandboxOptions
from tests.agent.sandbox.conftest import Visit
from tests.agent.sandbox.visitor import ASSURE, BASE, SHOW, STATEMENTS, first, has, tree

CONTROL = f"{BASE}/_sandbox"


def test_a_specification_names_kinds_rates_and_places() -> None:
    faults = Faults.parse("latency=0.2, 500=0.1,truncate=paiements.do,drop=0.05@/compte/,markup", 3)
    assert [(fault.kind, fault.value, fault.where) for fault in faults.items] == [
        ("latency", 0.2, ""), ("500", 0.1, ""), ("truncate", 1.0, "paiements.do"), ("drop", 0.05, "/compte/"),
        ("markup", 1.0, "")]


@pytest.mark.parametrize("spec", ["panne", "500=2", "latency=-1", "418"])
def test_a_specification_that_cannot_be_read_is_refused(spec: str) -> None:
    with pytest.raises(BadFault):
        Faults.parse(spec)


def test_chance_repeats_with_its_seed() -> None:
    draws = [[bool(Faults.parse("500=0.5", seed).strike("/"))] for seed in range(64)]
    assert draws == [[bool(Faults.parse("500=0.5", seed).strike("/"))] for seed in range(64)]
    assert {True, False} == {draw[0] for draw in draws}


async def test_latency_waits_before_the_answer(visit: Visit) -> None:
    person = visit(faults="latency=0.25")
    waited: list[float] = []

    async def note(seconds: float) -> None:
        waited.append(seconds)

    person.sandbox.faults.sleep = note
    assert (await person.get(f"{BASE}/")).status_code == 200
    assert waited == [0.25]


@pytest.mark.parametrize(("spec", "status"), [("500", 500), ("503", 503), ("502", 502), ("429", 429)])
async def test_the_service_fails_or_asks_for_patience(visit: Visit, spec: str, status: int) -> None:
    answer = await visit(faults=spec).get(f"{BASE}/")
    assert answer.status_code == status
    assert answer.headers.get("retry-after") == ("7" if status == 429 else None)


async def test_a_redirect_leads_where_no_service_is(visit: Visit) -> None:
    answer = await visit(faults="redirect", follow=False).get(f"{BASE}/")
    assert (answer.status_code, answer.headers["location"]) == (302, ELSEWHERE)
    assert ".invalid/" in ELSEWHERE


async def test_a_connection_is_dropped(visit: Visit) -> None:
    with pytest.raises(DroppedConnection):
        await visit(faults="drop@/PortailAS").get(ASSURE + "as_paiements_page")


async def test_pages_are_cut_at_the_place_named_only(visit: Visit) -> None:
    person = visit(faults="truncate=paiements.do")
    await person.sign_in()
    answer = await person.listing()
    assert int(answer.headers["content-length"]) == len(answer.content)
    with pytest.raises(json.JSONDecodeError):
        answer.json()
    assert has(await person.get(ASSURE + "as_paiements_page"), "#as_paiement_book")


async def test_malformed_pages_do_not_parse(visit: Visit) -> None:
    person = visit()
    await person.sign_in()
    person.sandbox.faults.replace(Faults.parse("malformed@paiements.do"))
    with pytest.raises(json.JSONDecodeError):
        (await person.listing()).json()
    person.sandbox.faults.replace(Faults.parse("malformed"))
    assert "</div>" not in (await person.get(ASSURE + "as_info_perso_page")).text


async def test_rows_are_repeated(visit: Visit) -> None:
    person = visit()
    await person.sign_in()
    person.sandbox.faults.replace(Faults.parse("duplicate"))
    assert len(tree((await person.listing()).json()["tableauPaiement"]).css("li.rowitem")) == 8
    assert len(tree(await person.get(ASSURE + "as_messages_recus_page")).css("#tableauMessagesRecus tbody tr")) == 4


async def test_the_markup_changes(visit: Visit) -> None:
    person = visit()
    await person.sign_in()
    person.sandbox.faults.replace(Faults.parse("markup"))
    table = tree((await person.listing()).json()["tableauPaiement"])
    assert table.css("li.rowitem, .blocParMois, .col-montant") == []
    assert not has(await person.get(ASSURE + "as_paiements_page"), "[data-mindate]")


async def test_options_and_faults_are_switched_while_it_runs(visit: Visit) -> None:
    person = visit()
    answer = await person.post(f"{CONTROL}/options", json={"ids": "2023", "otp": True, "faults": "500@/PortailAS"})
    assert answer.json()["options"]["ids"] == "2023"
    assert answer.json()["faults"] == "500@/PortailAS"
    assert (await person.get(SHOW)).status_code == 500
    await person.post(f"{CONTROL}/options", json={"faults": ""})
    assert has(await person.get(SHOW), "#connexioncompte_2nir_as")
    assert (await person.get(f"{CONTROL}/options")).json()["options"]["otp"] is True


@pytest.mark.parametrize("changes", [{"inconnue": 1}, {"ids": "1999"}, {"otp": "peut-être"}, {"waf_status": "x"},
                                     {"faults": "panne"}, ["otp"]])
async def test_a_wrong_option_changes_nothing(visit: Visit, changes: object) -> None:
    person = visit()
    before = (await person.get(f"{CONTROL}/options")).json()
    body = {"campaign": True, **changes} if isinstance(changes, dict) else changes
    assert (await person.post(f"{CONTROL}/options", json=body)).status_code == 400
    assert (await person.get(f"{CONTROL}/options")).json() == before


def test_options_are_named_with_dashes_too_and_say_what_is_possible() -> None:
    options = SandboxOptions()
    options.set("unstable-ids", "on")
    assert options.unstable_ids
    with pytest.raises(BadOption, match="2026, 2023"):
        options.set("ids", "2024")


async def test_the_control_side_works_through_every_fault_and_refuses_no_one(visit: Visit) -> None:
    person = visit(faults="500,latency=5", waf="on", outage=True)
    assert (await person.get(f"{CONTROL}/mailbox")).status_code == 200


async def test_who_waits_out_a_latency_is_counted_while_it_lasts(visit: Visit) -> None:
    person = visit(faults="latency=5@as_paiements_page")
    counted: list[int] = []

    async def look(_seconds: float) -> None:
        counted.append((await person.get(f"{CONTROL}/options")).json()["held_up"])

    person.sandbox.faults.sleep = look
    await person.get(ASSURE + "as_paiements_page")
    assert counted == [1] and person.sandbox.faults.held_up == 0


async def test_the_mailbox_can_be_emptied(visit: Visit) -> None:
    person = visit(otp=True)
    await person.ask_code(await person.give_pair())
    assert len((await person.get(f"{CONTROL}/mailbox")).json()) == 1
    assert (await person.http.delete(f"{CONTROL}/mailbox")).json() == []


async def test_sessions_end_accounts_open_and_days_pass_on_demand(visit: Visit) -> None:
    person = visit(otp=True)
    await person.sign_in(STATEMENTS)
    await person.post(f"{CONTROL}/expire")
    assert has(await person.get(STATEMENTS), "input[type=password]")
    await person.post(f"{CONTROL}/expire?trust=1")
    assert has(await person.give_pair(), "#blocEnvoyerOTP")
    for _ in range(3):
        await person.give_pair(password="faux")
    assert (await person.post(f"{CONTROL}/unlock")).json() == {"locked": False}
    await person.sign_in()
    assert (await person.post(f"{CONTROL}/today", json={"today": "2026-12-25"})).json() == {"today": "2026-12-25"}
    page = await person.get(ASSURE + "as_paiements_page")
    assert first(page, "#paiements_1dateFin").attributes["data-maxdate"] == "25/12/2026"
    assert (await person.post(f"{CONTROL}/today", json={"today": "demain"})).status_code == 400


async def test_a_payment_and_a_message_arrive_on_demand_and_older_payments_keep_their_ids(visit: Visit) -> None:
    person = visit()
    await person.sign_in()

    async def rows() -> list[str]:
        table = tree((await person.listing()).json()["tableauPaiement"])
        return [row.attributes["onclick"].split("'")[1] for row in table.css("li.rowitem")]  # type: ignore[union-attr]

    before = await rows()
    assert (await person.post(f"{CONTROL}/payments", json={"amount": "12.3"})).json() == {"payments": 7}
    assert (await rows())[1:] == before
    assert (await person.post(f"{CONTROL}/messages", json={"subject": "Bonjour"})).json() == {"messages": 3}
    assert "Bonjour" in (await person.get(ASSURE + "as_messages_recus_page")).text
    for address, body in (("payments", {"amount": "x"}), ("payments", {"amount": "NaN"}), ("payments", []),
                          ("messages", {}), ("messages", {"subject": ""}), ("today", []), ("requests", {"needs": 1})):
        assert (await person.post(f"{CONTROL}/{address}", json=body)).status_code == 400, address
    assert (await person.http.post(f"{CONTROL}/messages", content=b"{")).status_code == 400


@pytest.mark.parametrize("address", ["options", "today", "payments", "messages"])
async def test_a_body_that_is_not_json_is_refused(visit: Visit, address: str) -> None:
    assert (await visit().post(f"{CONTROL}/{address}", content=b"otp=on")).status_code == 400


async def test_a_balancer_marks_each_origin_once(visit: Visit) -> None:
    person = visit()
    await person.sign_in()
    names = [cookie.name for cookie in person.http.cookies.jar if cookie.name.startswith(("BIGipServer", "TS"))]
    assert len(names) == 4, "two marks on each of the two origins"
    answer: httpx.Response = await person.get(f"{BASE}/")
    assert not [line for line in answer.headers.get_list("set-cookie") if line.startswith("BIGip")]
