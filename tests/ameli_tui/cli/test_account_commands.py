"""Signing in and syncing against a portal of one's own, and every way in which it can refuse."""

from pathlib import Path
from typing import Any

import pytest

from tests.ameli_tui.cli.site import Site


@pytest.mark.slow
def test_the_portal_tells_where_it_is_first(site: Site) -> None:
    assert {"base_url", "nir", "password", "mailbox_url"} <= set(site.portal)


def test_a_code_is_needed_then_given_and_the_account_synced(site: Site) -> None:
    asked = site.home.run(*site.login(), "--json")
    assert (asked.code, asked.error["code"]) == (5, "code_needed")
    assert site.home.json("login", "--otp", site.code()) == {"state": "signed_in"}
    first = site.home.json("sync")
    assert first["new"]["payments"] > 0
    assert first["problems"] == []
    assert site.home.json("sync", "--full")["new"]["payments"] == 0
    assert site.home.json("login") == {"state": "signed_in"}
    assert site.home.json("logout") == {"state": "signed_out"}
    assert len(site.home.json("payments")) == first["new"]["payments"]


@pytest.mark.slow
def test_a_wrong_code_exits_5(site: Site) -> None:
    site.home.run(*site.login())
    wrong = "000000" if site.code() != "000000" else "111111"
    done = site.home.run("login", "--otp", wrong, "--json")
    assert (done.code, done.error["code"]) == (5, "code_refused")


@pytest.mark.slow
def test_a_wrong_password_exits_5_and_is_not_tried_again(site: Site, tmp_path: Path) -> None:
    (tmp_path / "password").write_text("not the password", encoding="utf-8")
    done = site.home.run(*site.login(), "--json")
    assert (done.code, done.error["code"]) == (5, "wrong_password")
    assert site.home.run("sync", "--json").code == 5


@pytest.mark.slow
@pytest.mark.parametrize(("option", "code"), [
    ({"interstitial": "newpassword"}, 5), ({"interstitial": "mail"}, 5), ({"direct_login": False}, 5),
    ({"outage": True}, 4), ({"waf": "on"}, 4),
])
def test_what_stands_in_the_way_has_its_exit_code(option: dict[str, Any], code: int, site: Site) -> None:
    site.set(otp=False, **option)
    done = site.home.run(*site.login(), "--json")
    assert done.code == code
    assert set(done.error) == {"code", "message", "hint"}
    assert done.err.splitlines()[0].endswith(".")


@pytest.mark.slow
def test_conditions_to_accept_exit_5_where_they_bar_the_way(site: Site, tmp_path: Path) -> None:
    site.set(otp=False, interstitial="cgu")
    site.home.json(*site.login())
    done = site.home.run("attestation", "--out", str(tmp_path / "a.pdf"), "--json")
    assert (done.code, done.error["code"]) == (5, "conditions_to_accept")
    assert not (tmp_path / "a.pdf").exists()


@pytest.mark.slow
def test_a_service_of_which_nothing_can_be_read_makes_no_good_sync(site: Site) -> None:
    site.set(otp=False)
    site.home.json(*site.login())
    site.home.json("sync")
    good = site.home.json("agent", "status")
    assert (good["stale"], good["problems"]) == (False, [])
    for fault in ("503", "404", "redirect", "markup"):
        site.set(faults=fault)
        done = site.home.run("sync", "--json")
        assert done.code == 4, fault
        assert done.error["message"] and done.error["hint"]
        status = site.home.json("agent", "status")
        assert status["last_sync"] == good["last_sync"]
        assert status["problems"]
    site.set(faults="503=paiements.do")
    partly = site.home.json("sync")
    assert (partly["steps"]["payments"], partly["steps"]["inbox"]) == ("failed", "read")
    assert [problem["code"] for problem in partly["problems"]] == ["server_fault"]
    assert site.home.json("agent", "status")["last_sync"] > good["last_sync"]


@pytest.mark.slow
def test_a_portal_that_is_gone_exits_4_and_what_was_known_stays(site: Site) -> None:
    site.set(otp=False)
    site.home.json(*site.login())
    site.home.json("sync")
    known = site.home.json("payments")
    site.process.terminate()
    site.process.wait()
    done = site.home.run("sync", "--json")
    assert (done.code, done.error["code"]) == (4, "unreachable")
    assert site.home.json("payments") == known
    checks = site.home.json("doctor")["checks"]
    assert any(not check["ok"] and check["cure"] for check in checks)
