"""What a sender can meet on its way: answers lost before or after, failures, and a service that dies and comes back."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from agent.sandbox.errors import BadFault
from agent.sandbox.server.app import Sandbox
from agent.sandbox.server.faults import DroppedConnection, Faults
from agent.sandbox.server.options import SandboxOptions
from tests.agent.sandbox.desk import CONTROL, DESK, KEY, bank, deposit, put, state
from tests.agent.sandbox.household import TODAY, household
from tests.agent.sandbox.visitor import ASSURE, PlainPapers, Visitor, form_fields

ROOT = Path(__file__).parents[3]


def _strike(person: Visitor, spec: str) -> None:
    person.sandbox.faults.replace(Faults.parse(spec))


def _arrived(person: Visitor) -> dict[str, int]:
    return dict(person.sandbox.service.desk.arrivals.get(f"requests/{KEY}", {}))


async def test_a_connection_dropped_before_leaves_nothing(person: Visitor) -> None:
    _strike(person, "drop=1x@/requests/")
    with pytest.raises(DroppedConnection):
        await put(person, f"requests/{KEY}", bank())
    assert _arrived(person) == {}
    assert (await put(person, f"requests/{KEY}", bank())).status_code == 201


async def test_a_connection_dropped_after_leaves_the_request_there(person: Visitor) -> None:
    _strike(person, "drop-after=1x@/requests/")
    with pytest.raises(DroppedConnection):
        await put(person, f"requests/{KEY}", bank())
    assert _arrived(person) == {"PUT 201": 1}
    again = await put(person, f"requests/{KEY}", bank())
    assert (again.status_code, again.json()["reference"]) == (200, (await state(person))["reference"])
    assert _arrived(person) == {"PUT 201": 1, "PUT 200": 1}


@pytest.mark.parametrize(("spec", "status", "arrived"), [
    ("500=1x@/requests/", 500, {}), ("503=1x@/requests/", 503, {}), ("429=1x@/requests/", 429, {}),
    ("504-after=1x@/requests/", 504, {"PUT 201": 1}), ("500-after=1x@/requests/", 500, {"PUT 201": 1}),
])
async def test_a_failure_may_come_before_or_after_the_request_was_recorded(
    person: Visitor, spec: str, status: int, arrived: dict[str, int],
) -> None:
    _strike(person, spec)
    assert (await put(person, f"requests/{KEY}", bank())).status_code == status
    assert _arrived(person) == arrived
    assert (await put(person, f"requests/{KEY}", bank())).status_code == (200 if arrived else 201)


async def test_an_answer_cut_short_leaves_the_request_there(person: Visitor) -> None:
    _strike(person, "truncate=/requests/")
    with pytest.raises(json.JSONDecodeError):
        (await put(person, f"requests/{KEY}", bank())).json()
    assert _arrived(person) == {"PUT 201": 1}


async def test_a_slow_service_is_slow_at_the_place_named(person: Visitor) -> None:
    waited: list[float] = []

    async def note(seconds: float) -> None:
        waited.append(seconds)

    person.sandbox.faults.sleep = note
    _strike(person, "latency=2.5@/demarches/")
    await person.get(ASSURE + "as_paiements_page")
    await put(person, f"requests/{KEY}", bank())
    assert waited == [2.5]


async def test_a_paper_lost_on_its_way_can_be_sent_again(person: Visitor) -> None:
    _strike(person, "drop-after=1x@/papers/")
    with pytest.raises(DroppedConnection):
        await deposit(person, "identity")
    assert (await deposit(person, "identity"))["name"] == "identity"


def test_so_many_times_is_read_and_counted() -> None:
    faults = Faults.parse("drop=2x@/a,500=1x")
    assert [(one.kind, one.times, one.where) for one in faults.items] == [("drop", 2, "/a"), ("500", 1, "")]
    assert [[one.kind for one in faults.strike("/a")] for _ in range(4)] == [["drop", "500"], ["drop"], [], []]


@pytest.mark.parametrize("spec", ["drop=0x", "latency=2x", "redirect-after", "429-after", "drop=x"])
def test_a_count_that_makes_no_sense_is_refused(spec: str) -> None:
    if spec == "drop=x":
        assert Faults.parse(spec).items[0].where == "x", "a word is a place"
        return
    with pytest.raises(BadFault):
        Faults.parse(spec)


def test_a_dropped_answer_is_dropped_on_a_real_socket_too(running: Sandbox) -> None:
    with httpx.Client(follow_redirects=True) as http:
        _sign_in(http, running.base_url, "2850578006048", "Sésame+1 &ouvre=toi")
        http.post(f"{running.base_url}/_sandbox/options", json={"faults": "drop-after=1x@/requests/"})
        address = f"{running.base_url}/PortailAS/demarches/v1/requests/{KEY}"
        with pytest.raises(httpx.RemoteProtocolError):
            http.put(address, json=bank())
        assert http.put(address, json=bank()).status_code == 200
        arrived = http.get(f"{running.base_url}/_sandbox/requests").json()["arrivals"]
    assert arrived == {f"requests/{KEY}": {"PUT 201": 1, "PUT 200": 1}}


def _sign_in(http: httpx.Client, base: str, nir: str, password: str) -> None:
    page = http.get(f"{base}/PortailAS/appmanager/PortailAS/assure?_nfpb=true&_pageLabel=as_paiements_page")
    http.post(page.url, data={**form_fields(page), "user": nir, "password": password})


# A life after death

def _sandbox(folder: Path) -> Sandbox:
    return Sandbox(household(), SandboxOptions(otp=False), TODAY, papers=PlainPapers(), state=folder)


async def _device(sandbox: Sandbox) -> Visitor:
    http = httpx.AsyncClient(transport=httpx.ASGITransport(sandbox.asgi), follow_redirects=True)
    visitor = Visitor(sandbox, http)
    await visitor.sign_in()
    return visitor


async def test_everything_sent_outlives_the_service(tmp_path: Path) -> None:
    before = await _device(_sandbox(tmp_path / "state"))
    paper = await deposit(before, "rib")
    told = (await put(before, f"requests/{KEY}", {**bank(), "papers": [paper]})).json()
    await put(before, f"requests/{KEY}-2", bank())
    await before.http.delete(f"{DESK}/requests/{KEY}-2")
    await put(before, f"messages/{KEY}", {"subject": "Question", "body": "Bonjour", "papers": []})
    await before.post(f"{CONTROL}/requests", json={"key": KEY, "accept": True})
    seen = (await before.get(f"{CONTROL}/requests")).json()
    inbox = [(one.id, one.subject) for one in before.sandbox.service.household.messages]
    await before.http.aclose()

    after = await _device(_sandbox(tmp_path / "state"))
    assert (await after.get(f"{CONTROL}/requests")).json() == seen
    assert [(one.id, one.subject) for one in after.sandbox.service.household.messages] == inbox
    assert "FR14 **** 606" in (await after.get(ASSURE + "as_info_perso_page")).text
    again = await put(after, f"requests/{KEY}", {**bank(), "papers": [paper]})
    assert (again.status_code, again.json()) == (200, told)
    assert (await put(after, f"requests/{KEY}-2", bank())).status_code == 409
    fresh = (await put(after, f"requests/{KEY}-3", bank())).json()["reference"]
    assert fresh not in (told["reference"], *seen["cancelled"].values())
    await after.http.aclose()


async def test_what_an_earlier_version_kept_is_read(tmp_path: Path) -> None:
    (tmp_path / "requests.json").write_text(json.dumps({
        "nir": household().nir, "count": 2, "arrivals": {f"requests/{KEY}": {"PUT 201": 1}},
        "cancelled": {f"{KEY}-2": "D2632700002"},
        "requests": [{
            "key": KEY, "reference": "D2632700001", "procedure": "bank-details", "declared_on": "2026-11-23",
            "answers": bank()["answers"], "papers": [], "body": bank(),
            "answer": {"reference": "D2632700001", "status": "received", "stage": "received"},
            "counted_from": "2026-11-23", "status": "received",
            "stages": [{"name": "received", "label": "Demande reçue", "on": "2026-11-23"}],
            "needs": [], "decision": None, "effective": False, "asked": []}],
        "questions": [{"key": KEY, "reference": "D2632700003", "subject": "Question", "theme": "", "on": "2026-11-23",
                       "body": {"subject": "Question", "body": "Bonjour"}, "answer": {"reference": "D2632700003"},
                       "answered": False}],
        "letters": [{"id": "D00001", "on": "2026-11-23", "sender": "CPAM", "subject": "Reçu", "body": "Bonjour"}],
    }), encoding="utf-8")
    after = await _device(_sandbox(tmp_path))
    again = await put(after, f"requests/{KEY}", bank())
    assert (again.status_code, again.json()["reference"]) == (200, "D2632700001")
    assert (await put(after, f"requests/{KEY}-2", bank())).status_code == 409
    seen = (await after.get(f"{CONTROL}/requests")).json()
    assert [message["body"] for message in seen["messages"]] == ["Bonjour"]
    assert "Reçu" in [message.subject for message in after.sandbox.service.household.messages]
    await after.http.aclose()


async def test_the_state_of_another_account_is_not_taken_for_ours(tmp_path: Path) -> None:
    before = await _device(_sandbox(tmp_path))
    await put(before, f"requests/{KEY}", bank())
    await before.http.aclose()
    other = household()
    other.nir = "1550699999999"
    assert Sandbox(other, state=tmp_path).service.desk.requests == {}


def test_a_service_killed_at_once_after_its_answer_remembers_the_request(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "agent.sandbox", "--years", "1", "--payments", "5", "--otp", "off",
               "--state", str(tmp_path / "state")]
    for status in (201, 200):
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True,
                              env={**os.environ, "AMELI_TODAY": "2026-11-23"}) as program:
            try:
                assert program.stdout
                said = json.loads(program.stdout.readline())
                with httpx.Client(follow_redirects=True) as http:
                    _sign_in(http, said["base_url"], said["nir"], said["password"])
                    answer = http.put(f"{said['base_url']}/PortailAS/demarches/v1/requests/{KEY}", json=bank())
            finally:
                program.send_signal(signal.SIGKILL)
        assert answer.status_code == status
