"""Notifications: once per poll, never indiscreet, never able to break anything."""

import json
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from agent.notifications import Notifier
from agent.notifications.channels import Command, Desktop, Notice
from agent.notifications.errors import EndedBadly, Failed, NoDesktop, NotStarted, Refused, TooSlow
from agent.notifications.notifier import REST_AFTER, REST_S
from agent.notifications.texts import news_text
from config.settings import NotifySettings

NOTICE: Notice = {"event": "test", "lang": "en"}


class Recorder:
    name = "desktop"

    def __init__(self) -> None:
        self.sent: list[tuple[str, Mapping[str, Any]]] = []
        self.broken = False

    async def send(self, text: str, event: Mapping[str, Any]) -> None:
        self.sent.append((text, event))
        if self.broken:
            raise Failed(reason="mute\x1b]52;c;evil\x07")

    def close(self) -> None:
        pass


@pytest.mark.parametrize(
    ("counts", "detail", "lang", "text"),
    [
        ({"payments": 1}, "kind", "fr", "Un nouveau paiement"),
        ({"payments": 2, "documents": 0, "messages": 1}, "kind", "fr", "2 nouveaux paiements, un nouveau message"),
        ({"payments": 2, "documents": 1}, "kind", "en", "2 new payments, a new document"),
        ({"payments": 2, "messages": 1}, "count", "en", "3 new items"),
        ({"messages": 1}, "count", "fr", "1 nouvel élément"),
        ({"payments": 0}, "kind", "fr", ""),
    ],
)
def test_the_text_says_how_many_and_of_what_kind_only(
    counts: dict[str, int], detail: str, lang: str, text: str
) -> None:
    assert news_text(counts, detail, lang) == text


async def test_one_poll_is_one_notification() -> None:
    recorder = Recorder()
    await Notifier(NotifySettings(), "en", channels=[recorder]).tell_news({"payments": 3, "messages": 1})
    assert [text for text, _ in recorder.sent] == ["3 new payments, a new message"]


@pytest.mark.parametrize(("count", "lang", "texts"), [
    (0, "fr", []), (1, "fr", ["Une échéance approche : ouvrez ameli."]),
    (2, "en", ["2 deadlines come close: open ameli."]),
])
async def test_deadlines_that_come_close_are_counted_not_named(count: int, lang: str, texts: list[str]) -> None:
    recorder = Recorder()
    await Notifier(NotifySettings(), lang, channels=[recorder]).tell_deadlines(count)
    assert [text for text, _ in recorder.sent] == texts


async def test_the_first_sync_and_an_empty_poll_tell_nothing() -> None:
    recorder = Recorder()
    notifier = Notifier(NotifySettings(), "fr", channels=[recorder])
    await notifier.tell_news({"payments": 300}, first=True)
    await notifier.tell_news({"payments": 0, "documents": 0})
    assert recorder.sent == []


async def test_the_lowest_detail_gives_the_hook_a_number_only() -> None:
    recorder = Recorder()
    await Notifier(NotifySettings(detail="count"), "fr", channels=[recorder]).tell_news({"payments": 2, "messages": 1})
    assert recorder.sent[0][1]["new"] == {"count": 3}


async def test_that_a_person_is_needed_is_told_without_the_reason() -> None:
    recorder = Recorder()
    await Notifier(NotifySettings(), "fr", channels=[recorder]).tell_person_needed()
    assert recorder.sent[0][0] == "Le compte demande votre attention : ouvrez ameli."


async def test_a_channel_that_fails_is_a_line_in_the_status_and_rests_after_a_while() -> None:
    now = [0.0]
    recorder = Recorder()
    recorder.broken = True
    notifier = Notifier(NotifySettings(), "fr", channels=[recorder], clock=lambda: now[0])
    for _ in range(REST_AFTER + 2):
        await notifier.tell_news({"payments": 1})
    assert len(recorder.sent) == REST_AFTER
    (status,) = notifier.status()
    assert not status["ok"]
    assert "\x1b" not in status["reason"]
    now[0] += REST_S + 1
    recorder.broken = False
    await notifier.tell_news({"payments": 1})
    assert notifier.status() == [{"name": "desktop", "ok": True, "reason": ""}]


async def test_the_command_gets_the_event_as_json_and_no_secret_of_the_environment(tmp_path: Path) -> None:
    out = tmp_path / "out"
    script = "import os,sys;open(sys.argv[1],'w').write(sys.stdin.read()+'|'+str(os.environ.get('AMELI_X')))"
    settings = NotifySettings(desktop=False, command=(sys.executable, "-c", script, str(out)))
    environ = {"AMELI_X": "secret", "PATH": "/usr/bin"}
    notifier = Notifier(settings, "fr", channels=[Command(settings.command, environ=environ)])
    await notifier.tell_news({"messages": 2})
    text, _, leaked = out.read_text(encoding="utf-8").partition("|")
    assert json.loads(text) == {
        "event": "news", "lang": "fr", "new": {"messages": 2}, "text": "2 nouveaux messages",
    }
    assert leaked == "None"
    assert notifier.status()[0]["ok"]


@pytest.mark.parametrize(
    ("argv", "kind", "reason"),
    [
        (("/nowhere/at/all",), NotStarted, "No such file"),
        ((sys.executable, "-c", "raise SystemExit(3)"), EndedBadly, "ended with 3"),
        ((sys.executable, "-c", "import time; time.sleep(30)"), TooSlow, "did not answer within"),
    ],
)
async def test_a_command_that_is_missing_fails_or_hangs_is_reported(
    argv: tuple[str, ...], kind: type[Failed], reason: str,
) -> None:
    with pytest.raises(kind, match=reason):
        await Command(argv, deadline_s=0.4).send("x", NOTICE)


async def test_no_desktop_is_reported_not_raised_to_the_agent() -> None:
    with pytest.raises(NoDesktop):
        await Desktop(find=lambda name: "/bin/true", environ={}).send("x", NOTICE)
    for address in ("unix:path=/nowhere/at/all", "tcp:host=localhost", "nonsense", "unix:path=", "unix:guid=1"):
        with pytest.raises((NoDesktop, Refused)):
            await Desktop(find=lambda name: None, environ={"DBUS_SESSION_BUS_ADDRESS": address}).send("x", NOTICE)


async def test_the_desktop_program_is_called_with_the_text_as_one_argument(tmp_path: Path) -> None:
    program = tmp_path / "notify-send"
    out = tmp_path / "args"
    program.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > {out}\n', encoding="utf-8")
    program.chmod(0o700)
    environ = {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/x", "PATH": "/bin:/usr/bin"}
    await Desktop(find=lambda name: str(program), environ=environ).send("-- $(id) <b>", NOTICE)
    assert out.read_text(encoding="utf-8").splitlines() == ["--app-name=ameli", "--", "ameli", "-- $(id) <b>"]


async def test_what_comes_in_quiet_hours_is_told_once_when_they_are_over() -> None:
    recorder, hour = Recorder(), [23]
    notifier = Notifier(NotifySettings(quiet_from=22, quiet_until=7), "en", channels=[recorder],
                        now=lambda: datetime(2026, 11, 23, hour[0], 30).astimezone())
    await notifier.tell_news({"payments": 1})
    await notifier.tell_news({"payments": 2, "messages": 1})
    await notifier.tell_deadlines(2)
    await notifier.tell_person_needed()
    await notifier.tell_held()
    assert recorder.sent == []
    assert await notifier.test() == {"desktop": None}, "a test is told at any hour"
    recorder.sent.clear()
    hour[0] = 7
    notifier = Notifier(NotifySettings(quiet_from=22, quiet_until=7), "en", channels=[recorder], held=notifier.held,
                        now=lambda: datetime(2026, 11, 24, hour[0]).astimezone())
    for _ in range(2):
        await notifier.tell_held()
    assert [text for text, _ in recorder.sent] == [
        "3 new payments, a new message", "Your account needs your attention: open ameli.",
        "2 deadlines come close: open ameli."]


async def test_a_test_asks_also_a_channel_that_rests_and_says_what_became_of_it() -> None:
    recorder = Recorder()
    recorder.broken = True
    notifier = Notifier(NotifySettings(), "en", channels=[recorder])
    for _ in range(REST_AFTER):
        await notifier.tell_news({"payments": 1})
    assert isinstance((await notifier.test())["desktop"], Failed)
    assert await notifier.test("command") == {}
    recorder.broken = False
    assert await notifier.test("desktop") == {"desktop": None}
    assert recorder.sent[-1] == ("This is a test: notices of ameli arrive here.", {"event": "test", "lang": "en"})
    await notifier.tell_news({"payments": 1})
    assert recorder.sent[-1][0] == "A new payment", "one that works again is told again"


def test_the_channels_are_those_of_the_settings() -> None:
    assert Notifier(NotifySettings(desktop=False), "fr").status() == []
    both = Notifier(NotifySettings(command=("true",)), "fr").status()
    assert [one["name"] for one in both] == ["desktop", "command"]
