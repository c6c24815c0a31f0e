"""Calls about the service's pages that no longer read."""

from agent.api.handlers.call import Call, Context, nothing
from agent.api.parameters import Nothing
from agent.api.server import Response
from agent.core.refusals import BadRequest, NoSample


async def changes(context: Context, _nothing: Nothing, _id: str) -> Response:
    """The pages that are not as expected: what was looked for, what moved, since when, whether there is a sample."""
    return Response.of(context.agent.store.changes.all())


async def sample(context: Context, _nothing: Nothing, name: str) -> Response:
    """The anonymised copy of one of them, by its short name."""
    from agent.portal.pages.selectors import PAGES  # the connector: most agents never need it

    store = context.agent.store
    if name not in PAGES:
        raise BadRequest(what=f"no page “{name}”; the pages are {', '.join(PAGES)}",
                         fr=f"il n'y a pas de page « {name} » ; les pages sont {', '.join(PAGES)}")
    copy = store.changes.copy(PAGES[name][0])
    if copy is None:
        raise NoSample(page=name)
    kind, data = copy
    return Response(data, media_type="application/json" if kind == "json" else "text/html")


CALLS = {
    ("GET", "/v1/changes"): Call(changes, nothing),
    ("GET", "/v1/changes/*/sample"): Call(sample, nothing),
}
