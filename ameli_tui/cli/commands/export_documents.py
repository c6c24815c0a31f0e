"""``ameli export --format documents``: every document into a folder or a zip file, under names the person chooses."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

from agent.client import api
from agent.client.client import Problem
from ameli_tui.cli.errors import WrongUsage
from ameli_tui.cli.out_option import check_out
from ameli_tui.cli.output import one_line
from ameli_tui.files.collect import at_home
from ameli_tui.files.document_archive import fill_zip, steps_of
from ameli_tui.files.errors import CannotWrite
from ameli_tui.files.write import check_target, new_file, write_file
from ameli_tui.i18n import _, ngettext

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Protocol

    from agent.protocol.documents import NamedDocument
    from ameli_tui.cli.context import Context

    class DocumentsArgs(Protocol):
        """The arguments of ``ameli export --format documents``."""

        out: str
        force: bool
        naming: str | None
        fetch: bool

_STOPS = (3, 4, 5)
"""Exit codes that would meet every other document too: locked, service unreachable, a person needed."""


def export_documents(context: Context, **filters: str | int | None) -> None:
    """Write the documents and say which are missing. Raises WrongUsage, FileExists, CannotWrite, Problem."""
    args: DocumentsArgs = context.args
    if args.out == "-":
        raise WrongUsage(reason=_("Documents go into a folder or a .zip file."), prog="ameli export")
    target = at_home(args.out)
    in_zip = target.suffix.lower() == ".zip"
    if in_zip:
        check_out(args.out, args.force)
    elif not os.path.isdir(target):  # noqa: PTH112 - False, not an error, where forbidden
        check_target(target, force=False)
    listed = context.door.ask(api.export_documents(args.naming, **filters))["documents"]
    fetching = _Fetching(context, listed, args.fetch)
    written, already_there = (_zip if in_zip else _folder)(target, listed, fetching.read, args.force)
    answer: Outcome = {"format": "documents", "path": str(target), "written": written, "known": already_there,
              "missing": [document["id"] for document in fetching.missing]}
    if fetching.problem is not None:
        context.out.say(_told(answer, args.fetch))
        raise fetching.problem
    context.out.answer(answer, lambda: _told(answer, args.fetch))


class Outcome(TypedDict):
    """What the command answers."""

    format: str
    path: str
    written: int
    known: int
    """How many were there already."""
    missing: list[str]
    """Ids of those that are not here."""


class _Fetching:
    """Reads documents from the agent; one that is not kept is fetched from the service only when asked for."""

    def __init__(self, context: Context, listed: list[NamedDocument], fetch: bool) -> None:
        """``fetch``: ask the service for those that are not kept."""
        self._context = context
        self._fetch = fetch
        self._count = len(listed)
        self._at = 0
        self.missing: list[NamedDocument] = []
        self.problem: Problem | None = None
        """Why the service gave no more."""

    def read(self, document: NamedDocument) -> bytes | None:
        """The bytes, or None when they are not here."""
        self._at += 1
        self._context.out.progress(_("{n} of {all}: {name}").format(n=self._at, all=self._count,
                                                                   name=one_line(document["name"])))
        if not document["fetched"] and (self.problem is not None or not self._fetch):
            self.missing.append(document)
            return None
        try:
            return self._context.door.ask(api.document_bytes(document["id"]))
        except Problem as problem:
            self.missing.append(document)
            if self.problem is None or problem.exit_code in _STOPS:
                self.problem = problem
            return None


def _folder(
    folder: Path, listed: list[NamedDocument], read: Callable[[NamedDocument], bytes | None], force: bool
) -> tuple[int, int]:
    """Write into a folder, made when it is not there. A file that exists is left alone unless ``force``.

    One that holds something else than the document keeps its name, and the document gets a number more.
    """
    written = already_there = 0
    _make(folder)
    inside = folder.resolve()
    for document in listed:
        data = read(document)
        if data is None:
            continue
        path = inside.joinpath(*steps_of(document["name"]))
        _make(path.parent)
        if not path.parent.resolve().is_relative_to(inside):  # a link that leads elsewhere
            raise CannotWrite(path=path, reason=_("its folder leads out of the one you named"))
        free = path if force else _free(path, data)
        if free is None:
            already_there += 1
        else:
            write_file(free, data, force)
            written += 1
    return written, already_there


def _free(path: Path, data: bytes) -> Path | None:
    """The first of ``name``, ``name-2``, … that does not exist; None when one of them holds ``data`` already."""
    number, free = 1, path
    while os.path.lexists(free):
        if free.is_file() and free.stat().st_size == len(data) and free.read_bytes() == data:
            return None
        number += 1
        free = path.with_name(f"{path.stem}-{number}{path.suffix}")
    return free


def _zip(
    path: Path, listed: list[NamedDocument], read: Callable[[NamedDocument], bytes | None], force: bool
) -> tuple[int, int]:
    """Write one zip file, a document at a time: never all of them in memory."""
    with new_file(path, force) as file:
        return fill_zip(file, listed, read), 0


def _make(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise CannotWrite(path=folder, reason=error) from error


def _told(answer: Outcome, fetch: bool) -> str:
    written, already_there, missing = answer["written"], answer["known"], len(answer["missing"])
    said = [ngettext("{n} document written to {path}.", "{n} documents written to {path}.", written).format(
        n=written, path=one_line(answer["path"]))]
    if already_there:
        said.append(ngettext("{n} was there already, and was left alone (--force replaces it).",
                             "{n} were there already, and were left alone (--force replaces them).",
                             already_there).format(n=already_there))
    if missing:
        said.append(ngettext("{n} is not fetched yet.", "{n} are not fetched yet.", missing).format(n=missing)
                    + ("" if fetch else " " + _("--fetch gets them from the service, one by one.")))
    return "\n".join(said)
