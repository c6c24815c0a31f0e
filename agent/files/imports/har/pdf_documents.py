"""PDFs of a recording: they tell whose account it is; those that no recorded page explains may explain themselves.

The payments inside monthly statements are not taken from here: a recording gives what a sync gives, and what a sync
keeps. ``agent.files.imports.kept_statements`` reads the statements that are kept, wherever they came from.
"""

from typing import Any

from agent.errors import AmeliError
from agent.files.imports import statements
from agent.files.imports.har.model import Found
from agent.files.imports.model import Reader

LOOKED_AT = 12
"""Statements of single payments that are read for their letterhead."""


def explain(found: Found) -> None:
    """Note whose the PDFs are; move those that can be read from ``found.papers`` to ``found.explained``."""
    for statement in found.statements:
        _note_letterhead(found, _read(statement.data))
    # Each takes a moment, and all of one account say the same: some of them tell.
    for data in [member.pdf for group in found.groups for member in group.members if member.pdf][:LOOKED_AT]:
        _note_letterhead(found, _read(data))
    left = []
    for data in found.papers:
        if (read := _read(data)) is not None:
            _note_letterhead(found, read)
            found.explained.append(read)
        else:
            left.append(data)
    found.papers = left


def _note_letterhead(found: Found, read: tuple[Reader, Any] | None) -> None:
    statement = getattr(read[1], "statement", None) if read is not None else None
    if statement is not None:
        found.letterheads.append(statement)
        if statement.nir:
            found.numbers.add(statement.nir)


def _read(data: bytes) -> tuple[Reader, Any] | None:
    reader = _reader_of(data)
    if reader is None:
        return None
    try:
        return reader, reader.read("session.pdf", data)
    except AmeliError:
        return None  # a certificate, a letter


def _reader_of(data: bytes) -> Reader | None:
    return statements.READER if statements.READER.recognises(data) else None
