"""Whether a call bears the anti-forgery token, and what the service answers when it does not."""

from collections.abc import Mapping

from starlette.responses import Response

from agent.sandbox.pages.markup import redirect
from agent.sandbox.server.state import Service, Session

_LIST_EVENTS = ("Rechercher", "afficherPaiementsComplementaires")


def refused(service: Service, session: Session, value: str | None, *, needed: bool = True) -> Response | None:
    """``None`` when ``value`` is good; else the refusal.

    With ``needed=False`` a missing token passes, a stale one does not.
    """
    if service.options.ct == "off" or (value is None and not needed):
        return None
    if value and value.strip() in (session.ct, session.previous_ct):
        return None
    if service.options.ct_refusal == "redirect":
        return redirect("/PortailAS/error.jsp?code=csrf")
    return Response(status_code=403)


def listed_without(service: Service, session: Session, query: Mapping[str, str]) -> bool:
    """Whether this list call is one of those known to have been answered without a token.

    Two programs that ran against the service until 2024 list payments before they ever ask for a token: one by the
    search event, one by a first call that names the beneficiaries and no dates.
    """
    if service.options.ct != "recorded" or session.ct_asked:
        return False
    event = query.get("actionEvt", "")
    dateless = "Beneficiaire" in query and "DateDebut" not in query and "idNoCache" not in query
    return event == _LIST_EVENTS[0] or (event == _LIST_EVENTS[1] and dateless)
