"""``/_sandbox/requests``: what was received, and what is to happen to it."""

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from agent.sandbox.desk.model import Filed
from agent.sandbox.server.state import Service


class Event(msgspec.Struct):
    """What is to happen to which request; the first one that is given counts."""

    key: str | None = None
    reference: str | None = None
    refuse: str | None = None
    needs: list[str] = []
    accept: bool = False
    stage: str | None = None


async def requests(service: Service, request: Request) -> Response:
    """``GET``: everything received, with how often each address was written to.

    ``POST {"reference" or "key", and one of "stage": name, "needs": [paper, …], "refuse": reason, "accept": true}``:
    it happens today. Answers the request as its owner sees it; 400 when nothing of the kind can happen to it.
    """
    if request.method == "GET":
        return JSONResponse(service.desk.received())
    try:
        event = msgspec.json.decode(await request.body(), type=Event)
    except msgspec.DecodeError as error:
        return _wrong(f"a JSON object is expected: {error}")
    filed = next((filed for filed in service.desk.requests.values()
                  if filed.key == event.key or filed.reference == event.reference), None)
    if filed is None:
        return _wrong("no request of that key or reference")
    return _happen(service, filed, event)


def _happen(service: Service, filed: Filed, event: Event) -> Response:
    desk, today = service.desk, service.today()
    if filed.status == "refused":
        return _wrong("it was refused: nothing more happens to it")
    try:
        if event.refuse is not None:
            desk.refuse(filed, event.refuse or "Conditions non remplies.", today)
        elif event.needs:
            desk.want(filed, event.needs, today)
        elif event.accept:
            desk.accept(filed, today)
        elif event.stage is not None:
            desk.bring_to(filed, event.stage, today)
        else:
            return _wrong("one of stage, needs, refuse, accept is expected")
    except KeyError as error:
        return _wrong(f"{error.args[0]} does not lie ahead of {filed.stage}")
    return JSONResponse(filed.shown())


def _wrong(reason: str) -> Response:
    return JSONResponse({"error": reason}, status_code=400)
