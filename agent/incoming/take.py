"""From a file's bytes to what became of it."""

import asyncio

from agent.errors import AmeliError
from agent.incoming.errors import EmptyFile, UnknownFile
from agent.incoming.model import Desk, Taken
from agent.incoming.readers import READERS


async def take_file(desk: Desk, name: str, data: bytes) -> Taken:
    """Recognise, read and keep one file. ``name`` is what the person calls it: shown and searched, never opened.

    What is wrong with the file is in the answer's ``problem``; what is wrong here (a full disk) is raised.
    """
    if not data:
        return Taken("unknown", problems=[EmptyFile()])
    reader = next((reader for reader in READERS if reader.recognises(data)), None)
    if reader is None:
        return Taken("unknown", problems=[UnknownFile()])
    try:
        read = await asyncio.to_thread(reader.read, name, data)
    except AmeliError as error:
        return Taken(reader.kind, problems=[error])
    return reader.keep(desk, read)
