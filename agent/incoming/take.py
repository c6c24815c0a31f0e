"""From a file's bytes to what became of it."""

import asyncio

from agent import VERSION
from agent.account import clean_text
from agent.errors import AmeliError
from agent.incoming.archive import is_archive, take_archive
from agent.incoming.errors import EmptyFile, OtherFormat, UnknownFile
from agent.incoming.model import Desk, Reader, Taken
from agent.incoming.other_formats import other_format
from agent.incoming.readers import READERS
from agent.store.imports import digest


async def take_file(desk: Desk, name: str, data: bytes) -> Taken:
    """Recognise, read and keep one file. ``name`` is what the person calls it: shown and searched, never opened.

    What is wrong with the file is in the answer's ``problems``; what is wrong here (a full disk) is raised. What is
    kept and the note that the file was taken in are one durable step.
    """
    if not data:
        return Taken("unknown", problems=[EmptyFile()])
    reader = reader_of(data)
    if reader is None and (form := other_format(data)) is not None:
        return Taken("unknown", problems=[OtherFormat(form=form)])
    if is_archive(data):
        return await take_archive(desk, data, take_file, reader_of)
    if reader is None:
        return Taken("unknown", problems=[UnknownFile()])
    key = await asyncio.to_thread(digest, data)
    try:
        read = await asyncio.to_thread(reader.read, name, data)
    except AmeliError as error:
        taken = Taken(reader.kind, problems=[error])
        _log(desk, key, name, taken)
        return taken
    with desk.store.step():
        taken = reader.keep(desk, read)
        _log(desk, key, name, taken)
    return taken


def reader_of(data: bytes) -> Reader | None:
    """Who reads a file that begins like this."""
    return next((reader for reader in READERS if reader.recognises(data)), None)


def _log(desk: Desk, key: str, name: str, taken: Taken) -> None:
    desk.store.imports.add(key, {
        **taken.shape(), "name": clean_text(name, 200), "at": desk.now().isoformat(timespec="seconds"),
        "version": VERSION,
    })
