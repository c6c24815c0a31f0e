"""Calls that fetch certificates on demand: nothing of them is kept."""

from datetime import date
from typing import Any

from agent.api.handlers.call import Call, Context, day, number
from agent.api.server import Request, Response
from agent.core.refusals import BadRequest
from config.clock import today

KINDS = ("droits", "ij", "fiscal", "ceam")


async def certificate(context: Context, request: Request, kind: str) -> Response:
    """``droits`` (beneficiary), ``ij`` (since, until), ``fiscal`` (year) or ``ceam`` (beneficiary), as PDF.

    Without days the sick pay of the last twelve months is certified, without a year the taxes of the last one.
    """
    errands, who = context.agent.errands, request.query.get("beneficiary") or None
    if kind not in KINDS:
        raise BadRequest(what=f"the kinds of certificates are {', '.join(KINDS)}",
                         fr=f"les attestations possibles sont {', '.join(KINDS)}")
    if kind == "droits":
        return Response(await errands.attestation(who), media_type="application/pdf")
    return Response(await errands.certificate(kind, **_wanted(request, kind, who)), media_type="application/pdf")


def _wanted(request: Request, kind: str, who: str | None) -> dict[str, Any]:
    if kind == "ceam":
        return {"person": who}
    if kind == "fiscal":
        return {"year": number(request, "year", today().year - 1, 9999)}
    until = date.fromisoformat(day(request, "until") or today().isoformat())
    since = date.fromisoformat(day(request, "since") or _a_year_before(until).isoformat())
    if since > until:
        raise BadRequest(what="“since” is later than “until”", fr="« since » est après « until »")
    return {"since": since, "until": until}


def _a_year_before(last: date) -> date:
    # The 29th of February has no day a year before.
    return last.replace(year=last.year - 1, day=min(last.day, 28)) if last.month == 2 else last.replace(
        year=last.year - 1)


CALLS = {("GET", "/v1/certificates/*"): Call(certificate)}
