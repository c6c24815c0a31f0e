"""``ameli backup`` and ``ameli restore``: the whole vault in one encrypted file, and back."""

from __future__ import annotations

import os
from contextlib import suppress
from hashlib import sha256
from typing import TYPE_CHECKING

from agent.client import api
from agent.client.client import Problem
from ameli_tui.cli.errors import PersonNeeded, UnreadableFile, WrongUsage
from ameli_tui.cli.output import one_line
from ameli_tui.cli.parser import Parser, describe
from ameli_tui.cli.secret_input import ask_line, ask_secret, has_terminal, passphrase_from_file
from ameli_tui.files.collect import at_home
from ameli_tui.files.errors import CannotWrite
from ameli_tui.files.write import check_target, new_file
from ameli_tui.i18n import _, decimal, lang, moment, ngettext, number

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import Protocol

    from agent.protocol.backups import BackFromBackup, Backups, BackupToFetch, BackupToRestore
    from ameli_tui.cli.agent_access import Door
    from ameli_tui.cli.context import Context

    class BackupArgs(Protocol):
        """The arguments of ``ameli backup``."""

        out: str | None
        force: bool
        list: bool

    class RestoreArgs(Protocol):
        """The arguments of ``ameli restore``."""

        backup: str
        recovery_code: bool

_TRIES = 3
_MIB = 1 << 20


def configure_backup(parser: Parser) -> None:
    """Add ``ameli backup``."""
    describe(parser, _(
        "Write everything, documents and settings too, to one file, encrypted with the vault's own key: the same\n"
        "passphrase and recovery code open it. It is opened again and compared before it counts. Without FILE it\n"
        "goes where the agent puts one a day by itself: the folder of the setting backup.folder."),
        "ameli backup /media/stick/ameli.backup")
    parser.add_argument("out", metavar="FILE", nargs="?", help=_("file to write; - is standard output"))
    parser.add_argument("--force", action="store_true", help=_("replace the file if it exists"))
    parser.add_argument("--list", action="store_true", help=_("list those that are kept in the folder"))
    parser.set_defaults(run=run_backup)


def configure_restore(parser: Parser) -> None:
    """Add ``ameli restore``."""
    describe(parser, _(
        "Bring a backup back into a home that has no vault yet, on this machine or another one. Every byte is\n"
        "checked first; then the vault is there, and open. Nothing is sent from it before you say that it is the\n"
        "right one: `ameli unlock --accept-older`."),
        "ameli restore ameli.backup")
    parser.add_argument("backup", metavar="FILE", help=_("a file that `ameli backup` wrote"))
    parser.add_argument("--recovery-code", action="store_true",
                        help=_("use the recovery code instead of the passphrase"))
    parser.set_defaults(run=run_restore)


def run_backup(context: Context) -> None:
    """Make a backup, or list those that are kept."""
    args: BackupArgs = context.args
    if args.list and args.out is not None:
        raise WrongUsage(reason=_("--list goes without FILE."), prog="ameli backup")
    if args.list:
        kept = context.door.ask(api.backups())
        context.out.answer(kept, lambda: _listed(kept))
    elif args.out is None:
        made = context.door.ask(api.make_backup())
        said = _("Nothing has changed since this backup: {path}") if made["unchanged"] else _("Backup made: {path}")
        context.out.answer(made, lambda: said.format(path=one_line(made["path"])))
        _tell_missing(context, made["missing"])
    elif args.out == "-":
        _to_output(context)
    else:
        _to_file(context, at_home(args.out).absolute(), args.force)


def _to_output(context: Context) -> None:
    door = context.door
    made = door.ask(api.prepare_backup())
    try:
        for piece in _pieces(door, made["bytes"]):
            context.out.raw(piece)
    finally:
        with suppress(Problem):  # what went wrong before is told
            door.ask(api.backup_fetched(None))
    _tell_missing(context, made["missing"])


def _to_file(context: Context, path: Path, force: bool) -> None:
    """The agent proves the file it made; what lies in ``path`` has to be the same to its last byte."""
    check_target(path, force)
    door = context.door
    made, written = door.ask(api.prepare_backup()), False
    try:
        with new_file(path, force) as file:
            for piece in _pieces(door, made["bytes"]):
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
            file.seek(0)
            digest = sha256()
            while data := file.read(_MIB):
                digest.update(data)
            if digest.hexdigest() != made["sha256"]:
                raise CannotWrite(path=path, reason=_("the disk gave back something else than was written"))
        _keep_name(path)
        written = True
    finally:
        if not written:
            with suppress(Problem):
                door.ask(api.backup_fetched(None))
    door.ask(api.backup_fetched(os.fsencode(path).decode("utf-8", "replace")))
    answer = {"path": str(path), **made}
    context.out.answer(answer, lambda: _made(path, made))
    _tell_missing(context, made["missing"])


def _pieces(door: Door, size: int) -> Iterator[bytes]:
    at = 0
    while at < size and (piece := door.ask(api.backup_bytes(at))):
        yield piece
        at += len(piece)


def _keep_name(path: Path) -> None:
    """Bring the file's name to the disk; a file system that cannot do that has done what it can."""
    with suppress(OSError):
        fd = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)


def _made(path: Path, made: BackupToFetch) -> str:
    documents = ngettext("{n} document", "{n} documents", made["documents"]).format(n=number(made["documents"]))
    return _("Backup made, opened again and compared: {path} ({size} MiB, {documents})").format(
        path=one_line(path), size=decimal(made["bytes"] / _MIB), documents=documents)


def _tell_missing(context: Context, missing: int) -> None:
    if missing:
        context.out.say(ngettext(
            "{n} document was damaged in the vault already and is not in it.",
            "{n} documents were damaged in the vault already and are not in it.", missing).format(n=number(missing)))


def _listed(kept: Backups) -> str:
    lines = [_("Folder: {path}").format(path=one_line(kept["folder"]))]
    if not kept["automatic"]:
        lines.append(_("None is made by itself (setting backup.automatic)."))
    lines += [f"{moment(one['made'])}  {decimal(one['bytes'] / _MIB):>8} MiB  {one_line(one['path'])}"
              for one in kept["kept"]]
    if not kept["kept"]:
        lines.append(_("No backup is there yet."))
    lines += ["! " + one_line(problem["message"][lang()]) for problem in kept["problems"]]
    return "\n".join(lines)


def run_restore(context: Context) -> None:
    """Bring a backup back, and open it."""
    args: RestoreArgs = context.args
    path = at_home(args.backup).absolute()
    try:
        with path.open("rb"):
            pass
    except OSError as error:
        raise UnreadableFile(path=path, reason=error) from error
    door = context.door
    if door.knock(api.health())["state"] != "setup":
        door.knock(api.restore({"file": str(path), "passphrase": ""}))  # refused, with what to do
    answer = _restored(context, str(path), by_code=args.recovery_code)
    for notice in answer["notices"]:
        context.out.say(f"{one_line(notice['message'][lang()])}\n{one_line(notice['hint'][lang()])}")
    context.out.answer(answer, lambda: _back(answer))


def _restored(context: Context, file: str, *, by_code: bool) -> BackFromBackup:
    door = context.door
    if by_code:
        if not has_terminal():
            raise PersonNeeded(what=_("the recovery code"), option="--passphrase-file")
        return door.knock(api.restore({"file": file, "recovery_code": ask_line(_("Recovery code: "))}))
    given = passphrase_from_file(context.passphrase_file)
    if given is not None:
        return door.knock(api.restore({"file": file, "passphrase": given}))
    if not has_terminal():
        raise PersonNeeded(what=_("the passphrase of the vault that is in the backup"), option="--passphrase-file")
    for attempt in range(_TRIES):
        wanted: BackupToRestore = {"file": file, "passphrase": ask_secret(_("Passphrase of the backup: "))}
        try:
            return door.knock(api.restore(wanted))
        except Problem as problem:
            if problem.code != "wrong_passphrase" or attempt == _TRIES - 1:
                raise
            context.out.say(_("That is not the passphrase."))
    raise AssertionError("unreachable")


def _back(answer: BackFromBackup) -> str:
    documents = ngettext("{n} document", "{n} documents", answer["documents"]).format(n=number(answer["documents"]))
    settings = {"restored": _("The settings are back too."),
                "kept": _("The settings that were here stay."), "none": ""}[answer["settings"]]
    said = _("The vault is back as it was on {when}, with {documents}. It is open.").format(
        when=moment(answer["made"]), documents=documents)
    return f"{said}\n{settings}".rstrip()
