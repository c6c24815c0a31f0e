"""Documents as one zip file, or as files of a folder, under the names that the agent gives them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import IO, TYPE_CHECKING

from ameli_tui.files.errors import CannotWrite
from ameli_tui.i18n import _
from ameli_tui.terminal.safe_text import one_line

if TYPE_CHECKING:
    from agent.protocol.documents import NamedDocument


def fill_zip(
    file: IO[bytes], listed: list[NamedDocument], read: Callable[[NamedDocument], bytes | None]
) -> int:
    """Write every document that ``read`` has into ``file``, under its ``name``; how many. Raises CannotWrite."""
    from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

    written = 0
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for document in listed:
            data = read(document)
            if data is None:
                continue
            year, month, day = (int(part) for part in document["date"].split("-"))
            day_of = (max(1980, year), month, day, 0, 0, 0)  # the first year of the format
            entry = ZipInfo("/".join(steps_of(document["name"])), day_of)
            entry.compress_type = ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            archive.writestr(entry, data)
            written += 1
    return written


def steps_of(name: str) -> Iterator[str]:
    """The parts of a name; those that would lead elsewhere are no names. The agent makes none, and is not asked."""
    for part in name.split("/"):
        if part in ("", ".", "..") or re.search(r"[\\:\x00]", part):
            raise CannotWrite(path=one_line(name), reason=_("that is not a name"))
        yield part
