"""Which address of the desk answers to which methods."""

from agent.sandbox.desk import wire
from agent.sandbox.desk.documents import document
from agent.sandbox.desk.wire import ROOT, Handler, guarded

ROUTES: tuple[tuple[str, Handler, tuple[str, ...]], ...] = tuple(
    (ROOT + path, guarded(handler), methods) for path, handler, methods in (
        ("/", wire.root, ("GET",)),
        ("/papers/{sha256}", wire.put_paper, ("PUT",)),
        ("/requests", wire.all_requests, ("GET",)),
        ("/requests/{key}", wire.one_request, ("GET", "PUT", "DELETE")),
        ("/requests/{key}/papers/{name}", wire.put_missing, ("PUT",)),
        ("/messages/{key}", wire.put_message, ("PUT",)),
        ("/documents/{name}", document, ("GET",)),
    )
)
"""Address, handler, methods."""
