"""From a file's bytes to what became of it."""

import asyncio
import logging
from dataclasses import replace

from agent import VERSION
from agent.account import clean_text
from agent.errors import AmeliError
from agent.files.imports import bank_file, insurer_file
from agent.files.imports.errors import EmptyFile, NoColumnsHere, NotTaken, UnknownFile
from agent.files.imports.model import ColumnAnswers, Desk, FileReader, Taken
from agent.files.imports.other_formats import other_format
from agent.files.imports.registry import READERS
from agent.files.imports.zip_archive import is_archive, take_archive
from agent.protocol.files import TakenEarlier
from agent.store.import_log import digest
from agent.vault.errors import VaultError

log = logging.getLogger(__name__)
_TABLES: tuple[FileReader, ...] = (bank_file.CSV, insurer_file.READER)
"""Readers of texts in columns."""
_UNFORESEEN = "a file (%s) met an error that its reader did not foresee"


class _GivenUp(Exception):
    """A trial ends: what it wrote is given up with its step."""


async def take_file(desk: Desk, name: str, data: bytes) -> Taken:
    """Recognise, read and keep one file. ``name`` is what the person calls it: shown and searched, never opened.

    What is wrong with the file is in the answer's ``problems``, a mistake of a reader of ours too; what is wrong here
    (a full disk) is raised. What is kept and the note that the file was taken in are one durable step. A file that
    was taken in before is not asked about again.
    """
    if not data:
        return Taken("unknown", problems=[EmptyFile()])
    answers = ColumnAnswers(desk.columns, desk.store.bank_forms.known())
    reader = reader_of(data)
    if desk.columns and reader not in (None, *_TABLES):
        return Taken("unknown", problems=[NoColumnsHere()])
    if reader in (None, *_TABLES) and (answers.columns or answers.forms) and await asyncio.to_thread(
            bank_file.has_known_form, data, answers):
        reader = bank_file.CSV
    if reader is None and (unread := other_format(data)) is not None:
        return Taken("unknown", problems=[unread])
    if reader is None and is_archive(data):
        key = await asyncio.to_thread(digest, data)
        taken = await take_archive(replace(desk, source=key), data, take_file, reader_of)
        if taken.new + taken.known and not desk.trial:
            taken.id = key
            with desk.store.step():
                _log(desk, key, name, taken)
        return taken
    if reader is None:
        return Taken("unknown", problems=[UnknownFile()])
    try:
        data = await asyncio.to_thread(reader.small, data)  # as it came by the other ways, so that it is known again
    except AmeliError as error:
        return Taken(reader.kind, problems=[error])
    key = await asyncio.to_thread(digest, data)
    before = desk.store.imports.find(key)
    if desk.mine is None and before is not None and before["problem"] is None and not before.get("undone"):
        desk = replace(desk, mine=True)
    try:
        keep = await asyncio.to_thread(reader.open, name, data, answers)
    except AmeliError as error:
        return _left(desk, key, name, reader, error)
    except Exception:  # a mistake of ours: told as this file's problem, so that others go on
        log.exception(_UNFORESEEN, reader.kind)
        return _left(desk, key, name, reader, NotTaken())
    try:
        with desk.store.step():
            taken = keep(replace(desk, source=key))
            taken.id = key
            _log(desk, key, name, taken)
            if desk.trial:
                raise _GivenUp
        return taken
    except _GivenUp:
        return taken
    except (VaultError, OSError):
        raise
    except AmeliError as error:  # the step was given up as a whole: nothing of the file is kept
        return _left(desk, key, name, reader, error)
    except Exception:  # a mistake of ours: told as this file's problem, so that others go on
        log.exception(_UNFORESEEN, reader.kind)
        return _left(desk, key, name, reader, NotTaken())


def _left(desk: Desk, key: str, name: str, reader: FileReader, error: AmeliError) -> Taken:
    """Note why a file is not taken in."""
    taken = Taken(reader.kind, problems=[error])
    if desk.trial:
        return taken
    _log(desk, key, name, taken)
    return taken


def reader_of(data: bytes) -> FileReader | None:
    """Who reads a file that begins like this."""
    return next((reader for reader in READERS if reader.recognises(data)), None)


def _log(desk: Desk, key: str, name: str, taken: Taken) -> None:
    before = desk.store.imports.find(key)
    inside = desk.source and (before is None or before.get("undone") or before.get("part_of"))
    shape = taken.shape()
    record: TakenEarlier = {
        "id": key, "kind": shape["kind"], "new": shape["new"], "known": shape["known"], "problem": shape["problem"],
        "problems": shape["problems"], "notes": shape["notes"], "unread_rows": shape["unread_rows"],
        "name": clean_text(name, 200), "at": desk.now().isoformat(timespec="seconds"), "version": VERSION}
    if inside:
        record["part_of"] = desk.source  # of an archive, and never brought by itself
    desk.store.imports.add(key, record)
