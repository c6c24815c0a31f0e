"""Calls that fetch certificates on demand: nothing of them is kept."""

from datetime import date
from typing import TYPE_CHECKING

from agent.api.handlers.account import certified
from agent.api.handlers.call import Call, Context, Query
from agent.api.parameters import Count, Day, Given
from agent.api.server import Response
from agent.core.refusals import BadRequest
from config.clock import today

if TYPE_CHECKING:
    from agent.portal.pages.certificates import Wanted

KINDS = ("droits", "ij", "fiscal", "ceam")
_LAST_YEAR = 9999


class CertificateQuery(Given, frozen=True):
    """For whom, of which days, of which year: as the kind of certificate wants it."""

    beneficiary: str = ""
    since: Day | None = None
    until: Day | None = None
    year: Count | None = None


async def certificate(context: Context, query: CertificateQuery, kind: str) -> Response:
    """``droits`` (beneficiary), ``ij`` (since, until), ``fiscal`` (year) or ``ceam`` (beneficiary), as PDF.

    Without days the sick pay of the last twelve months is certified, without a year the taxes of the last one.
    """
    who = query.beneficiary or None
    if kind not in KINDS:
        raise BadRequest(what=f"the kinds of certificates are {', '.join(KINDS)}",
                         fr=f"les attestations possibles sont {', '.join(KINDS)}")
    if kind == "droits":
        return Response(await certified(context, who), media_type="application/pdf")
    vault = context.agent.open_vault
    connection = await vault.connection(writable=True)
    data = await vault.tasks.run(connection.certificate(_wanted(query, kind, who)))
    return Response(data, media_type="application/pdf")


def _wanted(query: CertificateQuery, kind: str, who: str | None) -> "Wanted":
    from agent.portal.pages.certificates import Wanted  # the connector: most agents never need it

    if kind == "ceam":
        return Wanted("ceam", person=who)
    if kind == "fiscal":
        return Wanted("fiscal", year=today().year - 1 if query.year is None else min(query.year, _LAST_YEAR))
    until = query.until or today()
    since = query.since or _a_year_before(until)
    if since > until:
        raise BadRequest(what="“since” is later than “until”", fr="« since » est après « until »")
    return Wanted("ij", since=since, until=until)


def _a_year_before(last: date) -> date:
    # The 29th of February has no day a year before, nor has any day of the first year that is counted.
    day = min(last.day, 28) if last.month == 2 else last.day
    return last.replace(year=max(last.year - 1, date.min.year), day=day)


CALLS = {("GET", "/v1/certificates/*"): Call(certificate, Query(CertificateQuery))}
