"""Calls about the process: how it is, what happens, its log, its end."""

from agent.api.handlers.call import Call, Context, number
from agent.api.server import Request, Response
from agent.core import logs
from agent.core.events import Subscription
from agent.core.refusals import BadRequest, BadSettings
from agent.protocol.process import LogLines, Reloaded
from config.settings import SettingsError


async def health(context: Context, _request: Request, _id: str) -> Response:
    """Whether it lives, and which protocol it speaks."""
    return Response.of(context.agent.health())


async def status(context: Context, _request: Request, _id: str) -> Response:
    """The contract's status."""
    return Response.of(context.agent.status())


async def events(context: Context, request: Request, _id: str) -> Subscription:
    """What happens from now on, or from after ``Last-Event-ID``."""
    last = request.headers.get("last-event-id", "")
    if last and not (last.isascii() and last.isdigit()):
        raise BadRequest(what="Last-Event-ID is not a number")
    return context.agent.events.subscribe(int(last) if last else None)


async def log(context: Context, request: Request, _id: str) -> Response:
    """The newest lines of the log."""
    told: LogLines = {"lines": logs.tail(context.agent.paths.logs, number(request, "lines", 200, 10_000) or 0)}
    return Response.of(told)


async def reload(context: Context, _request: Request, _id: str) -> Response:
    """Read the settings again; ``later`` names those that count from the next unlocking on only."""
    try:
        told: Reloaded = {"later": context.agent.reload()}
    except SettingsError as error:
        raise BadSettings.of(error) from error
    return Response.of(told)


async def doctor(context: Context, request: Request, _id: str) -> Response:
    """How everything stands that a person would be asked about; with ``offline``, without calling on the service."""
    from agent.core.doctor import examine

    return Response.of(await examine(context.agent, offline=bool(request.query.get("offline"))))


async def stop(context: Context, _request: Request, _id: str) -> Response:
    """End the process, once this is answered."""
    context.stop()
    return Response.of({})


CALLS = {
    ("GET", "/v1/health"): Call(health, use=False),
    ("GET", "/v1/status"): Call(status, use=False),
    ("GET", "/v1/events"): Call(events, use=False),
    ("GET", "/v1/logs"): Call(log, use=False),
    ("GET", "/v1/doctor"): Call(doctor, use=False),
    ("POST", "/v1/reload"): Call(reload, use=False),
    ("POST", "/v1/stop"): Call(stop, use=False),
}
