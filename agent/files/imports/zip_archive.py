"""Several files in one: each member of a ZIP is taken in as if it had been brought by itself.

Nothing is unpacked to disk, and the names in it are shown, never opened. What it may hold is bounded by count and by
bytes counted while unpacking: the sizes it announces are not believed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from io import BytesIO

from agent.account import clean_text
from agent.files.formats.zip_directory import directory_is_small, has_directory
from agent.files.imports.errors import BadArchive, InArchive, UnknownFile
from agent.files.imports.model import Desk, Note, Taken, UnreadRow

MANY = 1_000
"""Members."""
MOST = 128 << 20
"""Bytes of all members together, unpacked."""
_ZIP = b"PK\x03\x04"
_Take = Callable[[Desk, str, bytes], Awaitable[Taken]]


def is_archive(data: bytes) -> bool:
    """Whether it begins as a ZIP does."""
    return data.startswith(_ZIP)


async def take_archive(desk: Desk, data: bytes, take: _Take, wanted: Callable[[bytes], object]) -> Taken:
    """Take in the members that ``wanted`` recognises, each in a step of its own; the others are left alone."""
    taken = Taken("zip")
    try:
        members = await asyncio.to_thread(lambda: list(_members(data, wanted)))
    except BadArchive as error:
        taken.problems.append(error)
        return taken
    if not members:
        taken.problems.append(UnknownFile())
    for name, content in members:
        part = await take(desk, name, content)
        taken.new += part.new
        taken.known += part.known
        taken.problems += [InArchive(name, problem) for problem in part.problems]
        taken.notes += [Note(f"{name} : {note.fr}", f"{name}: {note.en}") for note in part.notes]
        taken.unread_rows += [UnreadRow(row, Note(f"{name} : {why.fr}", f"{name}: {why.en}"))
                              for row, why in part.unread_rows]
    return taken


def _members(data: bytes, wanted: Callable[[bytes], object]) -> Iterator[tuple[str, bytes]]:
    """Names and bytes of the members that may be taken in. Raises BadArchive."""
    import lzma  # most agents never open an archive
    import zipfile
    import zlib

    left = MOST
    _check_directory(data)
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            listed = [one for one in archive.infolist() if not one.is_dir()]
            if len(listed) > MANY:
                raise _too_many()
            for member in listed:
                if member.flag_bits & 1:
                    raise BadArchive(why_fr="elle est protégée par mot de passe", why_en="it is locked by a password")
                with archive.open(member) as file:
                    content = file.read(left + 1)
                left -= len(content)
                if left < 0:
                    raise BadArchive(why_fr=f"elle contient plus de {MOST >> 20} Mo",
                                     why_en=f"it holds over {MOST >> 20} MB")
                if wanted(content):
                    yield clean_text(member.filename.replace("\n", " "), 200).rpartition("/")[2], content
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError, RuntimeError):
        raise BadArchive(why_fr="elle est coupée ou abîmée", why_en="it is cut short or damaged") from None


def _check_directory(data: bytes) -> None:
    """Refuse a table of contents that would fill the memory before anything is unpacked. Raises BadArchive."""
    if not has_directory(data):
        raise BadArchive(why_fr="elle est coupée ou abîmée", why_en="it is cut short or damaged")
    if not directory_is_small(data, MANY):
        raise _too_many()


def _too_many() -> BadArchive:
    return BadArchive(why_fr=f"elle contient plus de {MANY} fichiers", why_en=f"it holds over {MANY} files")
