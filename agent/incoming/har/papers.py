"""PDFs of a recording, read like a PDF that is brought by itself.

Monthly statements hold the payments of months that the list of payments no longer shows; other PDFs that no recorded
page explains may explain themselves.
"""

from typing import Any

from agent.errors import AmeliError
from agent.incoming.har.model import Found
from agent.incoming.model import Reader


def explain(found: Found) -> None:
    """Read the statements; move the PDFs that can be read from ``found.papers`` to ``found.explained``."""
    for statement in found.statements:
        if (read := _read(statement.data)) is not None:  # else it stays a document
            month = statement.ref.month
            found.months.append((f"{month[:4]}-{month[4:]}", *read))
    left = []
    for data in found.papers:
        if (read := _read(data)) is not None:
            found.explained.append(read)
        else:
            left.append(data)
    found.papers = left
    for read in [*(read for _, _, read in found.months), *(read for _, read in found.explained)]:
        if number := getattr(getattr(read, "statement", None), "nir", ""):
            found.numbers.add(number)


def _read(data: bytes) -> tuple[Reader, Any] | None:
    reader = _reader_of(data)
    if reader is None:
        return None
    try:
        return reader, reader.read("session.pdf", data)
    except AmeliError:
        return None  # a certificate, a letter


def _reader_of(data: bytes) -> Reader | None:
    from agent.incoming.readers import READERS  # it names the reader of recordings, too

    return next((one for one in READERS if one.kind == "statement" and one.recognises(data)), None)
