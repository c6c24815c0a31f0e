"""PDFs of a recording that no recorded page explains: read like a PDF that is brought by itself."""

from agent.errors import AmeliError
from agent.incoming.har.model import Found
from agent.incoming.model import Reader


def explain(found: Found) -> None:
    """Move the PDFs that can be read from ``found.papers`` to ``found.explained``."""
    left = []
    for data in found.papers:
        reader = _reader_of(data)
        try:
            if reader is None:
                left.append(data)
            else:
                found.explained.append((reader, reader.read("session.pdf", data)))
        except AmeliError:
            left.append(data)  # a certificate, a letter: counted, and left out
    found.papers = left


def _reader_of(data: bytes) -> Reader | None:
    from agent.incoming.readers import READERS  # it names the reader of recordings, too

    return next((one for one in READERS if one.kind == "statement" and one.recognises(data)), None)
