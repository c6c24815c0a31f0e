"""``/_sandbox/requests``: what was received, and what is to happen to it."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from agent.sandbox.desk.model import Filed
from agent.sandbox.server.state import Service


async def requests(service: Service, request: Request) -> Response:
    """``GET``: everything received, with how often each address was written to.

    ``POST {"reference" or "key", and one of "stage": name, "needs": [paper, …], "refuse": reason, "accept": true}``:
    it happens today. Answers the request as its owner sees it; 400 when nothing of the kind can happen to it.
    """
    if request.method == "GET":
        return JSONResponse(service.desk.received())
    try:
        body: Any = await request.json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        return _wrong("a JSON object is expected")
    filed = next((one for one in service.desk.requests.values()
                  if body.get("key") == one.key or body.get("reference") == one.reference), None)
    if filed is None:
        return _wrong("no request of that key or reference")
    return _happen(service, filed, body)


def _happen(service: Service, filed: Filed, body: dict[str, Any]) -> Response:
    desk, today = service.desk, service.today()
    if filed.status == "refused":
        return _wrong("it was refused: nothing more happens to it")
    try:
        if "refuse" in body:
            desk.refuse(filed, str(body["refuse"]) or "Conditions non remplies.", today)
        elif isinstance(body.get("needs"), list) and body["needs"]:
            desk.want(filed, [str(one) for one in body["needs"]], today)
        elif body.get("accept"):
            desk.accept(filed, today)
        elif "stage" in body:
            desk.bring_to(filed, str(body["stage"]), today)
        else:
            return _wrong("one of stage, needs, refuse, accept is expected")
    except KeyError as error:
        return _wrong(f"{error.args[0]} does not lie ahead of {filed.stage}")
    return JSONResponse(filed.shown())


def _wrong(reason: str) -> Response:
    return JSONResponse({"error": reason}, status_code=400)
