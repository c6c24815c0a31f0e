"""PDFs of a recording: they tell whose account it is; those that no recorded page explains may explain themselves.

The payments inside monthly statements are not taken from here: a recording gives what a sync gives, and what a sync
keeps. ``agent.incoming.kept`` reads the statements that are kept, wherever they came from.
"""

from typing import Any

from agent.errors import AmeliError
from agent.incoming.har.model import Found
from agent.incoming.model import Reader


def explain(found: Found) -> None:
    """Note whose the PDFs are; move those that can be read from ``found.papers`` to ``found.explained``."""
    for statement in found.statements:
        if (read := _read(statement.data)) is not None:
            _note_number(found, read[1])
    left = []
    for data in found.papers:
        if (read := _read(data)) is not None:
            _note_number(found, read[1])
            found.explained.append(read)
        else:
            left.append(data)
    found.papers = left


def _note_number(found: Found, read: Any) -> None:
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
