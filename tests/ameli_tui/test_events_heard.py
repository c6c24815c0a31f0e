"""What the agent tells of and what the screens listen to are the same, and a request that changes shows everywhere."""

import ast
from pathlib import Path
from typing import Any

import pytest

from agent.protocol import events
from ameli_tui.backend.calls import no_more
from ameli_tui.backend.events import DATA_EVENTS, NEWS, STATUS_EVENTS
from ameli_tui.screens.home.home import HomePage
from tests.agent.core.event_shapes import SHAPES, check_event
from tests.ameli_tui.fake_agent import FakeAgent
from tests.ameli_tui.fake_requests import make_request
from tests.ameli_tui.opened import opened
from tests.commands import Home

ROOT = Path(__file__).parents[2]


def named(part: str) -> set[str]:
    """The names of the kinds of events that the code of a folder or file names, the imports left out."""
    kinds = {written: kind.name for written, kind in vars(events).items() if isinstance(kind, events.Kind)}
    found = set()
    for path in [ROOT / part] if part.endswith(".py") else (ROOT / part).rglob("*.py"):
        if path == ROOT / "agent/protocol/events.py":
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found |= {kinds[node.id] for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id in kinds}
    return found


def test_every_kind_of_event_is_published_and_heard() -> None:
    listed = {kind.name for kind in events.KINDS}
    assert set(SHAPES) == listed
    assert named("agent") == listed
    assert named("ameli_tui/app/app.py") | NEWS | DATA_EVENTS | STATUS_EVENTS == listed


def test_events_of_a_running_agent_are_as_their_kinds_say(demo_home: Home) -> None:
    from config.paths import find_paths
    from tests.raw_client import RawClient

    client = RawClient(find_paths({"AMELI_HOME": str(demo_home.folder), "HOME": "/nowhere"}))
    demo_home.json("sync", "--full")  # other tests may have pushed the demo's own out of what is remembered
    client.post("/v1/reload")
    wanted = {"gap", "sync_started", "sync_progress", "sync_done", "settings_changed"}
    heard = set()
    for event in client.events(after=1):  # from long ago on: all that is remembered, earlier tests' events too
        check_event(event["event"], event["data"])
        heard.add(event["event"])
        if heard >= wanted:
            break
    assert heard >= wanted


def draft(fake: FakeAgent) -> None:
    """Begin a request as another program does, behind the screens' back."""
    fake.asked.requests.append(make_request("q1", "carte-vitale-loss", "draft"))


@pytest.mark.parametrize(("kind", "data"), [
    ("requests_changed", {"ids": ["q1"], "sent": 0}), ("imported", {"file": "har", "new": 1}),
    ("sync_done", {"failed": False, "new": {}})])
async def test_home_says_what_waits_when_a_request_is_begun_elsewhere(kind: str, data: dict[str, Any]) -> None:
    fake = FakeAgent()
    async with opened(fake, lang="en") as driven:
        assert "request: draft" not in driven.text
        draft(fake)
        fake.say(kind, **data)
        await driven.until("1 request: draft")


async def test_the_list_of_requests_is_read_again_when_one_changes() -> None:
    fake = FakeAgent()
    async with opened(fake, lang="en") as driven:
        await driven.keys("8")
        before = sum(path == "/v1/requests" for _method, path, _body in fake.calls)
        fake.say("requests_changed", ids=["q1"], sent=0)
        await driven.wait_for(lambda: sum(path == "/v1/requests" for _method, path, _body in fake.calls) > before)
        home = driven.app.get_screen("home")
        assert isinstance(home, HomePage)
        assert home.stale


async def test_an_account_connected_elsewhere_shows() -> None:
    fake = FakeAgent()
    fake.account = False
    async with opened(fake, lang="en") as driven:
        assert "No account is connected." in driven.text
        fake.account = True
        fake.say("state", state="unlocked", account=True)
        await driven.wait_for(lambda: "No account is connected." not in driven.text)


async def test_a_sync_that_failed_is_not_told_as_nothing_new() -> None:
    fake = FakeAgent()
    async with opened(fake, lang="en") as driven:
        fake.say("sync_done", failed=True, new={})
        await driven.until("The sync failed")
        assert "Nothing new" not in driven.text


async def test_colours_that_do_not_exist_are_told_when_the_screens_open() -> None:
    from ameli_tui.backend.save_setting import look_at_settings

    fake = FakeAgent()
    async with opened(fake, lang="en") as driven:
        path = driven.home / "config" / "settings.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text('theme = "purple"\n')
        driven.app.asker.ask(lambda: look_at_settings(path), no_more, latest="settings")
        await driven.until("purple")


def test_a_request_begun_by_a_command_is_told_to_whoever_listens(demo_home: Home, tmp_path: Path) -> None:
    from config.paths import find_paths
    from tests.raw_client import RawClient

    client = RawClient(find_paths({"AMELI_HOME": str(demo_home.folder), "HOME": "/nowhere"}))
    answers = tmp_path / "answers.json"
    answers.write_text("{}")
    begun = demo_home.json("procedures", "start", "carte-vitale-loss", "--answers", str(answers), "--draft")["request"]
    demo_home.json("procedures", "cancel", begun)
    told = []
    for event in client.events(after=1):  # from long ago on: all that is remembered
        told += [event["data"]["ids"]] if event["event"] == "requests_changed" else []
        if told[-2:] == [[begun], [begun]]:
            break
