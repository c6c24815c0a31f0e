"""The firewall in front."""

import re

import pytest

from tests.agent.sandbox.conftest import Visit
from tests.agent.sandbox.visitor import BASE, SHOW, has

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0"
CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"
HEADLESS = CHROME.replace("Chrome/", "HeadlessChrome/")
PLAIN = "python-httpx/0.28.1"


@pytest.mark.parametrize(("waf", "refused"), [
    ("off", set()), ("no-browser", {PLAIN}), ("headless", {HEADLESS}), ("on", {PLAIN, HEADLESS}),
])
async def test_the_firewall_refuses_those_its_setting_names(visit: Visit, waf: str, refused: set[str]) -> None:
    person = visit(waf=waf)
    for agent in (FIREFOX, CHROME, HEADLESS, PLAIN):
        answer = await person.get(f"{BASE}/", headers={"user-agent": agent})
        assert ("Request Rejected" in answer.text) is (agent in refused), agent


async def test_its_page_says_so_with_a_number_of_19_digits(visit: Visit) -> None:
    answer = await visit(waf="on").get(f"{BASE}/")
    assert answer.status_code == 403
    assert answer.headers["content-type"].startswith("text/html")
    assert "<title>Request Rejected</title>" in answer.text
    assert "The requested URL was rejected. Please consult with your administrator." in answer.text
    assert re.search(r"Your support ID is: \d{19}<", answer.text)


async def test_it_may_answer_200(visit: Visit) -> None:
    answer = await visit(waf="on", waf_status=200).get(f"{BASE}/compte/aspm/releves-mensuels")
    assert answer.status_code == 200
    assert "your support id" in answer.text.lower()


async def test_the_login_page_and_the_mailbox_are_open_to_all(visit: Visit) -> None:
    person = visit(waf="on")
    form = await person.get(SHOW, headers={"user-agent": FIREFOX})
    assert has(await person.get(str(form.url)), "input[type=password]")
    assert (await person.get(f"{BASE}/_sandbox/mailbox")).json() == []
