"""Recorded browser sessions: the answers go through the connector's own parsers, as if it had asked itself."""

from typing import TYPE_CHECKING

from agent.files.formats.har import looks_like_har
from agent.files.imports.model import Desk, Reader, Taken

if TYPE_CHECKING:
    from agent.files.imports.har.model import Found


def _read(name: str, data: bytes) -> "Found":
    from agent.files.formats.har import read_har
    from agent.files.imports.har.pdf_documents import explain
    from agent.files.imports.har.replay import read_pages  # the connector: loaded when it is used

    recorded = read_pages(read_har(data))
    explain(recorded)
    return recorded


def _keep(desk: Desk, recorded: "Found") -> Taken:
    from agent.files.imports.har.save import keep

    return keep(desk, recorded)


def _small(data: bytes) -> bytes:
    from agent.files.formats.har.plain_text import chunks_of
    from agent.files.imports.har.large import SIFTED_FROM, small_recording

    return bytes(small_recording(chunks_of(data))) if len(data) > SIFTED_FROM else data


READER = Reader("har", looks_like_har, _read, _keep, shrink=_small)
