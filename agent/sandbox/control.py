"""The side no person of the real service sees: mails sent, options, faults, sessions to end. Never faulty itself."""

from dataclasses import asdict
from datetime import date
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from agent.errors import AmeliError
from agent.sandbox.faults import Faults
from agent.sandbox.state import Account, Service


async def mails(service: Service, request: Request) -> Response:
    """``GET``: the mails sent, newest last; one-time codes have theirs in ``code``. ``DELETE`` empties the box."""
    if request.method == "DELETE":
        service.mails.clear()
    return JSONResponse([asdict(mail) for mail in service.mails])


async def show(service: Service, faults: Faults) -> dict[str, Any]:
    return {"options": asdict(service.options), "faults": faults.spec, "today": service.today().isoformat(),
            "sessions": len(service.sessions)}


async def options(service: Service, faults: Faults, request: Request) -> Response:
    """``GET``: options and faults. ``POST`` a JSON object: options by name, and ``faults`` as a specification.

    An unknown name or value changes nothing and answers 400.
    """
    if request.method == "POST":
        changes = await request.json()
        if not isinstance(changes, dict):
            return JSONResponse({"error": "a JSON object is expected"}, status_code=400)
        spec = changes.pop("faults", None)
        try:
            fresh = Faults.parse(str(spec), faults.seed) if spec is not None else None
            service.options.update(changes)
        except AmeliError as error:
            return JSONResponse(error.problem(), status_code=400)
        if fresh is not None:
            faults.replace(fresh)
    return JSONResponse(await show(service, faults))


async def expire(service: Service, request: Request) -> Response:
    """Every session ends at once; ``?trust=1`` forgets the trusted devices too."""
    service.end_sessions()
    if request.query_params.get("trust"):
        service.trusted.clear()
    return JSONResponse({"sessions": 0})


async def unlock(service: Service, request: Request) -> Response:
    """The account's counters start again: not locked, no code asked for."""
    service.account = Account()
    return JSONResponse({"locked": False})


async def move_day(service: Service, request: Request) -> Response:
    """``POST {"today": "YYYY-MM-DD"}``: the service lives on that day from now on."""
    body = await request.json()
    try:
        day = date.fromisoformat(body["today"])
    except (KeyError, TypeError, ValueError):
        return JSONResponse({"error": "today: YYYY-MM-DD is expected"}, status_code=400)
    service.today = lambda: day
    return JSONResponse({"today": day.isoformat()})
