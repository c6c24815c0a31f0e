"""The stand-in as a program, over real sockets."""

import io
import json
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from agent.sandbox.errors import BadOption, PortBusy
from agent.sandbox.server.app import Sandbox
from agent.sandbox.server.serve import bind, build_parser, main, serve
from tests.agent.sandbox.household import NIR, PASSWORD
from tests.agent.sandbox.visitor import form_fields, has

ROOT = Path(__file__).parents[3]
NODE = shutil.which("node")


def test_a_program_logs_in_through_both_ports_and_their_cookies_never_mix(running: Sandbox) -> None:
    with httpx.Client(follow_redirects=True) as http:
        page = http.get(f"{running.base_url}/compte/aspm/releves-mensuels")
        assert str(page.url).startswith(f"{running.identity_url}/oauth2/authorize")
        page = http.post(page.url, data={**form_fields(page), "user": NIR, "password": PASSWORD})
        assert str(page.url) == f"{running.base_url}/compte/aspm/releves-mensuels"
        assert has(page, ".deconnexionButton")
        where = {cookie.name: cookie.domain for cookie in http.cookies.jar}
        assert where["mod_auth_openidc_session"] == "127.0.0.1"
        assert where["AMWebSSOv2"].startswith("localhost")


def test_the_identity_port_answers_under_either_name_of_this_machine(running: Sandbox) -> None:
    entry = httpx.get(f"{running.base_url}/compte/aspm/releves-mensuels").headers["location"]
    for address in (entry, entry.replace("localhost", "127.0.0.1")):
        assert has(httpx.get(address), "input[type=password]")


def test_a_dropped_connection_is_really_dropped_and_the_control_side_lives_on(running: Sandbox) -> None:
    assert httpx.post(f"{running.base_url}/_sandbox/options", json={"faults": "drop"}).status_code == 200
    with pytest.raises(httpx.RemoteProtocolError):
        httpx.get(f"{running.base_url}/")
    assert httpx.get(running.mailbox_url).json() == []


def test_answers_do_not_wait_for_small_packets_to_fill_up() -> None:
    sockets = bind(0)
    try:
        assert {one.proto for one in sockets} == {socket.IPPROTO_TCP}, "asyncio sets TCP_NODELAY on these only"
    finally:
        for one in sockets:
            one.close()


def test_the_identity_host_takes_the_next_port_or_any_free_one() -> None:
    first = bind(0)
    taken = first[1].getsockname()[1]
    assert taken == first[0].getsockname()[1] + 1 or taken > 0
    try:
        with pytest.raises(PortBusy):
            bind(taken)
    finally:
        for one in first:
            one.close()


@pytest.mark.parametrize("option", ["sans-valeur", "ids=1999", "inconnue=1"])
def test_a_wrong_switch_is_told_before_anything_is_bound(option: str) -> None:
    with pytest.raises(BadOption):
        serve(options=[option], out=io.StringIO())


def test_the_command_line_tells_a_wrong_fault_and_exits_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--faults", "panne"]) == 2
    assert "panne" in capsys.readouterr().err


def test_the_command_line_has_the_contract_s_options() -> None:
    chosen = build_parser().parse_args(
        ["--port", "0", "--seed", "3", "--years", "2", "--payments", "9", "--otp", "off", "--waf", "on",
         "--faults", "500", "--window-months", "0", "--option", "ids=2023", "--json"])
    assert (chosen.otp, chosen.waf, chosen.window_months, chosen.option) == ("off", "on", 0, ["ids=2023"])


@pytest.mark.parametrize("kind", [signal.SIGTERM, signal.SIGINT])
def test_the_program_says_where_it_is_in_one_line_and_stops_cleanly(kind: signal.Signals) -> None:
    pytest.importorskip("agent.sandbox.generator")
    with subprocess.Popen(
        [sys.executable, "-m", "agent.sandbox", "--years", "1", "--payments", "20", "--otp", "off"], cwd=ROOT,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as program:
        assert program.stdout
        said = json.loads(program.stdout.readline())
        assert {"base_url", "identity_url", "nir", "password", "mailbox_url"} == set(said)
        assert httpx.get(said["mailbox_url"]).json() == []
        assert has(httpx.get(f"{said['base_url']}/"), "#id_r_cnx_btn_code")
        program.send_signal(kind)
        rest, errors = program.communicate(timeout=10)
    assert (program.returncode, rest, errors) == (0, "", "")


@pytest.mark.skipif(NODE is None, reason="needs node to run the page's script")
def test_the_statements_page_draws_its_months_by_its_own_script(running: Sandbox, tmp_path: Path) -> None:
    with httpx.Client(follow_redirects=True) as http:
        page = http.get(f"{running.base_url}/compte/aspm/releves-mensuels")
        page = http.post(page.url, data={**form_fields(page), "user": NIR, "password": PASSWORD})
        cookie = f"mod_auth_openidc_session={http.cookies['mod_auth_openidc_session']}"
    (tmp_path / "page.html").write_text(page.text)
    told = subprocess.run(
        [str(NODE), str(ROOT / "tests/agent/sandbox/page_script.mjs"), running.base_url, cookie,
         str(tmp_path / "page.html")], capture_output=True, text=True, timeout=30, check=True)
    drawn = json.loads(told.stdout)
    assert drawn["error"] == ""
    assert drawn["shown"] == [12, 18, 24, 27], "twelve cards, then six more at each press"
    assert drawn["firstCards"] == [
        "OCTOBRE 2026 Relevé mensuel", "SEPTEMBRE 2026 Relevé mensuel", "AOÛT 2026 Aucun paiement"]
