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


def explain(recorded: Found) -> None:
    """Note whose the PDFs are; move those that can be read from ``found.papers`` to ``found.explained``."""
    for statement in recorded.statements:
        _note_letterhead(recorded, _read(statement.data))
    # Each takes a moment, and all of one account say the same: some of them tell.
    for data in [member.pdf for group in recorded.groups for member in group.members if member.pdf][:LOOKED_AT]:
        _note_letterhead(recorded, _read(data))
    left = []
    for data in recorded.papers:
        if (read := _read(data)) is not None:
            _note_letterhead(recorded, read)
            recorded.explained.append(partial(_keep, read))
        else:
            left.append(data)
    recorded.papers = left


def _keep(read: "ReadStatement", desk: Desk) -> Taken:
    return statements.READER.keep(desk, read)


def _note_letterhead(recorded: Found, read: "ReadStatement | None") -> None:
    if read is not None:
        recorded.letterheads.append(read.statement)
        if read.statement.nir:
            recorded.numbers.add(read.statement.nir)


def _read(data: bytes) -> "ReadStatement | None":
    if not statements.READER.recognises(data):
        return None
    try:
        return statements.READER.read("session.pdf", data)
    except AmeliError:
        return None  # a certificate, a letter
