"""PDFs of a recording: they tell whose account it is; those that no recorded page explains may explain themselves.

The payments inside monthly statements are not taken from here: a recording gives what a sync gives, and what a sync
keeps. ``agent.files.imports.kept_statements`` reads the statements that are kept, wherever they came from.
"""

from functools import partial
from typing import TYPE_CHECKING

from agent.errors import AmeliError
from agent.files.imports import statements
from agent.files.imports.har.model import Found
from agent.files.imports.model import Desk, Taken

if TYPE_CHECKING:
    from agent.files.imports.statements import ReadStatement

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
            found.explained.append(partial(_keep, read))
        else:
            left.append(data)
    found.papers = left


def _keep(read: "ReadStatement", desk: Desk) -> Taken:
    return statements.READER.keep(desk, read)


def _note_letterhead(found: Found, read: "ReadStatement | None") -> None:
    if read is not None:
        found.letterheads.append(read.statement)
        if read.statement.nir:
            found.numbers.add(read.statement.nir)


def _read(data: bytes) -> "ReadStatement | None":
    if not statements.READER.recognises(data):
        return None
    try:
        return statements.READER.read("session.pdf", data)
    except AmeliError:
        return None  # a certificate, a letter
