"""Recorded browser sessions: the answers go through the connector's own parsers, as if it had asked itself."""

from typing import TYPE_CHECKING, Any

from agent.exchange.har import looks_like_har
from agent.incoming.model import Desk, Reader, Taken

if TYPE_CHECKING:
    from agent.incoming.har.model import Found


def _read(name: str, data: bytes) -> "Found":
    from agent.exchange.har import read_har
    from agent.incoming.har.pages import read_pages  # the connector: loaded when it is used
    from agent.incoming.har.papers import explain

    found = read_pages(read_har(data))
    explain(found)
    return found


def _keep(desk: Desk, found: Any) -> Taken:
    from agent.incoming.har.keep import keep

    return keep(desk, found)


READER = Reader("har", looks_like_har, _read, _keep)
