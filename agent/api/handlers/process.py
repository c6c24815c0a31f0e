"""Calls about the process: how it is, what happens, its log, its end."""

from typing import Literal

from agent.api.handlers.call import Body, Call, Context, Query, nothing
from agent.api.parameters import Count, Given, Nothing
from agent.api.server import Request, Response
from agent.core import logs
from agent.core.events import Subscription
from agent.core.refusals import BadRequest, BadSettings
from agent.protocol.process import LogLines, Reloaded
from config.settings import SettingsError

_DIGITS = 18
"""Of the number of an event, which begins with the clock's milliseconds."""


class LogsQuery(Given, frozen=True):
    """How much of the log."""

    lines: Count = 200


class DoctorQuery(Given, frozen=True):
    """How far to look."""

    offline: bool = False
    """Without calling on the service."""


class NotifyTestBody(Given, frozen=True):
    """Through which channel; null: all that are on."""

    channel: Literal["desktop", "command", "terminal"] | None = None


async def health(context: Context, _nothing: Nothing, _id: str) -> Response:
    """Whether it lives, and which protocol it speaks."""
    return Response.of(context.agent.health())


async def status(context: Context, _nothing: Nothing, _id: str) -> Response:
    """The contract's status; while the vault is being locked, that of when it is."""
    await context.agent.watch.settled()
    return Response.of(context.agent.status())


async def events(context: Context, last: int | None, _id: str) -> Subscription:
    """What happens from now on, or from after the event ``last``."""
    return context.agent.events.subscribe(last)


def _last_heard(request: Request) -> int | None:
    """``Last-Event-ID``. Raises BadRequest."""
    last = request.headers.get("last-event-id", "")
    if last and not (last.isascii() and last.isdigit() and len(last) <= _DIGITS):
        raise BadRequest(what="Last-Event-ID is not a number", fr="Last-Event-ID n'est pas un nombre")
    return int(last) if last else None


async def log(context: Context, query: LogsQuery, _id: str) -> Response:
    """The newest lines of the log."""
    answer: LogLines = {"lines": logs.tail(context.agent.paths.logs, min(query.lines, 10_000))}
    return Response.of(answer)


async def reload(context: Context, _nothing: Nothing, _id: str) -> Response:
    """Read the settings again; ``later`` names those that count from the next unlocking on only."""
    try:
        answer: Reloaded = {"later": context.agent.reload()}
    except SettingsError as error:
        raise BadSettings.of(error) from error
    return Response.of(answer)


async def doctor(context: Context, query: DoctorQuery, _id: str) -> Response:
    """How everything stands that a person would be asked about; with ``offline``, without calling on the service."""
    from agent.core.doctor import examine

    return Response.of(await examine(context.agent, offline=query.offline))


async def notify_test(context: Context, body: NotifyTestBody, _id: str) -> Response:
    """Send a harmless notice through the channels that are on, or through one of them."""
    from agent.core.notices_tried import try_notices

    agent = context.agent
    return Response.of(await try_notices(agent.notifier, agent.settings, agent.events, body.channel))


async def stop(context: Context, _nothing: Nothing, _id: str) -> Response:
    """End the process, once this is answered; what watching needs does not survive it."""
    context.agent.watch.stop_asked = True
    context.stop()
    return Response.of({})


CALLS = {
    ("GET", "/v1/health"): Call(health, nothing, vault=False, use=False),
    ("GET", "/v1/status"): Call(status, nothing, vault=False, use=False),
    ("GET", "/v1/events"): Call(events, _last_heard, vault=False, use=False),
    ("GET", "/v1/logs"): Call(log, Query(LogsQuery), vault=False, use=False),
    ("GET", "/v1/doctor"): Call(doctor, Query(DoctorQuery), vault=False, use=False),
    ("POST", "/v1/notify/test"): Call(notify_test, Body(NotifyTestBody), vault=False, use=False),
    ("POST", "/v1/reload"): Call(reload, nothing, vault=False, use=False),
    ("POST", "/v1/stop"): Call(stop, nothing, vault=False, use=False),
}
