"""Files named on the command line as ``FIELD=FILE``, brought to the agent one by one."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from agent.client import api_requests
from ameli_tui.cli.errors import FileTooLarge, UnreadableFile, WrongUsage
from ameli_tui.cli.output import one_line
from ameli_tui.files.collect import as_text, at_home
from ameli_tui.i18n import _, in_words, number

if TYPE_CHECKING:
    from agent.protocol.procedures import Mistake
    from ameli_tui.cli.context import Context

_MOST = 11 << 20
"""Bytes read of one file: the agent takes no more."""
_ABOUT_THE_FILE = ("bad_paper", "paper_refused", "no_such_paper")


def split(given: list[str], prog: str) -> list[tuple[str, Path]]:
    """``FIELD=FILE`` taken apart. Raises WrongUsage."""
    files = []
    for argument in given:
        name, sign, path = argument.partition("=")
        if not sign or not name or not path:
            raise WrongUsage(reason=f"--attach {argument}: FIELD=FILE.", prog=prog)
        files.append((name, at_home(path)))
    return files


def read(path: Path, most: int = _MOST) -> bytes:
    """A file's bytes. Raises UnreadableFile, FileTooLarge."""
    try:
        with path.open("rb") as file:
            # Pipes have no size: they are read as far as is allowed.
            data = file.read(most + 1) if os.fstat(file.fileno()).st_size <= most else None
    except OSError as error:
        raise UnreadableFile(path=path, reason=error) from error
    if data is None or len(data) > most:
        shown = _("{n} MB").format(n=most >> 20) if most >> 20 else _("{n} kB").format(n=number(most // 1000))
        raise FileTooLarge(path=path, most=shown, parts=most > _MOST)
    return data


def upload(
    context: Context, files: list[tuple[str, Path]], **about: str
) -> tuple[list[str], list[str], list[Mistake]]:
    """Bring the files; return their ids, the papers they are for, and what is wrong with those refused."""
    from agent.client.client import Problem

    loaded = [(name, path, read(path)) for name, path in files]
    ids: list[str] = []
    wrong: list[Mistake] = []
    for name, path, data in loaded:
        try:
            kept = context.door.ask(api_requests.take_paper(data, paper=name, filename=as_text(path.name), **about))
        except Problem as problem:
            if problem.code not in _ABOUT_THE_FILE:
                raise
            wrong.append({"field": name, "message_fr": f"{as_text(path.name)} : {problem.message('fr')}",
                          "message_en": f"{as_text(path.name)}: {problem.message('en')}"})
        else:
            ids.append(kept["id"])
            for note in kept["notes"]:
                context.out.say(one_line(f"{path.name}: {in_words(note, 'text')}"))
    return ids, [name for name, _path, _data in loaded], wrong
