"""Bringing a request oneself by keys: the page, the answers copied one by one, the QR code, "I sent it"."""

from typing import Any, Literal

import pytest

from ameli_tui.screens.requests.hand_over import HandOverScreen, QrScreen
from ameli_tui.screens.requests.request import RequestScreen
from ameli_tui.terminal.qr import qr_lines
from tests.agent.procedures.samples import GOOD
from tests.ameli_tui.fake_agent import FakeAgent
from tests.ameli_tui.fake_requests import make_request
from tests.ameli_tui.opened import LOOKS, opened, same_as_stored

IBAN = "FR1420041010050500013M02606"
_OPENED = ("8", "shift+tab", "enter", "enter")


def posted(fake: FakeAgent) -> tuple[str, Any]:
    """The last thing the agent was asked to do."""
    return [(path, body) for method, path, body in fake.calls if method == "POST"][-1]


def ready(name: str = "bank-details", **more: Any) -> FakeAgent:
    fake = FakeAgent()
    fake.asked.submits = "handoff"
    fake.asked.requests.append(make_request("q1", name, "ready", answers=GOOD[name][0], **more))
    return fake


@pytest.mark.parametrize(("size", "lang"), LOOKS)
async def test_the_page_and_the_answers_look_as_stored(lang: Literal["fr", "en"], size: tuple[int, int]) -> None:
    async with opened(ready("birth"), size=size, lang=lang) as driven:
        await driven.keys(*_OPENED)
        same_as_stored(f"hand-over-{size[0]}x{size[1]}-{lang}.txt", driven.text)


async def test_each_answer_is_copied_whole_and_the_next_one_follows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("VTE_VERSION", raising=False)
    async with opened(ready()) as driven:
        await driven.keys(*_OPENED)
        assert isinstance(driven.page, HandOverScreen)
        assert IBAN not in driven.text and "••••2606" in driven.text
        await driven.keys("enter")
        assert driven.app.clipboard == "Oui"
        await driven.keys("y")
        assert driven.app.clipboard == IBAN
        assert driven.text.count("✓") >= 2
        await driven.keys("c")
        assert driven.app.clipboard.endswith("_pageLabel=as_info_perso_page")


async def test_a_terminal_without_a_clipboard_is_told_and_shows_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "linux")
    async with opened(ready()) as driven:
        await driven.keys(*_OPENED, "j", "enter")
        assert IBAN in driven.text and driven.app.clipboard == ""


async def test_the_code_fits_the_smallest_screen_and_is_the_address() -> None:
    async with opened(ready("accident-declaration")) as driven:
        await driven.keys(*_OPENED, "r")
        assert isinstance(driven.page, QrScreen)
        shown = [line.strip() for line in driven.text.splitlines() if line.count("█") > 3]
        assert len(shown) >= 20
        assert all(line in "\n".join(qr_lines(driven.page.url, rows=22)) for line in shown)
        await driven.keys("escape")
        assert isinstance(driven.page, HandOverScreen)


async def test_what_goes_by_post_has_no_link() -> None:
    async with opened(ready("entitlement-opening")) as driven:
        await driven.keys(*_OPENED)
        assert "département 75" in driven.text
        for key in ("c", "r", "o"):
            await driven.keys(key)
            assert "par courrier" in driven.text


async def test_i_sent_it_starts_the_clocks_and_leads_back() -> None:
    fake = ready()
    async with opened(fake) as driven:
        await driven.keys(*_OPENED, "a")
        await driven.keys("enter")
        await driven.type("D2611-0042")
        await driven.keys("enter")
        assert fake.asked.requests[0]["status"] == "handed_over"
        assert posted(fake) == ("/v1/requests/q1/handed-over", {"on": "2026-11-23", "reference": "D2611-0042"})
        assert isinstance(driven.page, RequestScreen) and "remise" in driven.text.lower()


async def test_a_doubtful_message_is_asked_about() -> None:
    fake = ready(maybe=[{"message": "m1", "subject": "Accusé de réception", "received_on": "2026-11-23",
                         "outcome": "receipt"}])
    async with opened(fake) as driven:
        await driven.keys("8", "shift+tab", "enter")
        assert "Oui, ce message" in driven.text
        await driven.keys("enter")
        assert posted(fake) == ("/v1/requests/q1/message", {"message": "m1", "yes": True})
        assert "Oui, ce message" not in driven.text
