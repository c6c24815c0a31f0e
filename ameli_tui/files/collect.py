"""Files to take in: named one by one or as folders, read within bounds, and what became of them in words."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from ameli_tui.i18n import _, day, lang, money, ngettext

if TYPE_CHECKING:
    from agent.protocol.files import Taken, Undone
    from agent.protocol.problems import Bilingual, Problem

MANY = 5_000
"""Files of one folder."""
YES, NO = "yes", "no"
"""The person's answer to the question whose a file is, as it travels."""
_READ_HERE = (".pdf", ".har", ".har.gz", ".ofx", ".qfx", ".csv", ".tsv", ".xlsx", ".ods", ".qif", ".xml",
              ".sta", ".mt940", ".940", ".zip")
"""What is brought of a folder; a file that is named is brought whatever it is called."""


def expand(given: Iterable[Path]) -> list[Path]:
    """The files to bring: folders are walked, links in them not followed, each file once."""
    files: dict[Path, None] = {}
    for path in given:
        if os.path.isdir(path):  # noqa: PTH112 - a Path raises where the name is too long
            files |= dict.fromkeys(_walk(path))
        else:
            files[path] = None
    return list(files)


def as_text(path: Path | str) -> str:
    """A path or name as text: the system lets it be any bytes."""
    return os.fsencode(path).decode("utf-8", "replace")


def is_read_here(name: str) -> bool:
    """Whether a file may be of a kind that is taken in, by its name."""
    return name.lower().endswith(_READ_HERE) and not name.startswith(".")


def dropped(text: str) -> list[Path]:
    """The paths of a line: one as it was typed, or several as a terminal pastes files that are dropped on it.

    Terminals quote them, escape their spaces, or give ``file:`` addresses.
    """
    line = text.strip()
    if not line:
        return []
    whole = _path(line)
    if there(whole):
        return [whole]
    try:
        parts = [_path(part) for part in shlex.split(line)]
    except ValueError:  # a quote that is not closed
        return [whole]
    return parts if len(parts) == 1 or all(there(part) for part in parts) else [whole]


def _path(text: str) -> Path:
    if text.startswith("file://"):
        text = unquote(urlsplit(text).path)
    return at_home(text)


def at_home(text: str | Path) -> Path:
    """A path whose ``~`` is the person's folder; that of somebody unknown stays as it is."""
    return Path(os.path.expanduser(text))  # noqa: PTH111 - a Path raises for a name that nobody has


def there(path: Path) -> bool:
    """Whether something is at that path, however odd it is."""
    return os.path.exists(path)  # noqa: PTH110 - a Path raises where the name is too long


def _walk(folder: Path) -> list[Path]:
    files = []
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(parent, name)
            if is_read_here(name) and path.is_file() and not path.is_symlink():
                files.append(path)
        if len(files) >= MANY:
            break
    return files[:MANY]


def refused(problem: Problem) -> Taken:
    """What a file is told as that did not even reach the agent."""
    return {"id": "", "kind": "unknown", "new": 0, "known": 0, "problem": problem,
            "problems": [{**problem, "count": 1}],
            "notes": [], "unread_rows": []}


def whose_asked(taken: Taken) -> bool:
    """Whether the person must say whose a file is (of an archive: one of its files) before anything of it is taken."""
    return any(asks_whose(problem) for problem in taken["problems"])


def asks_whose(problem: Problem) -> bool:
    """Whether a problem is that question."""
    return problem["code"] == "whose_is_it"


def kind_name(kind: str) -> str:
    """What a file was, in the person's words."""
    return {
        "statement": _("statement"), "har": _("recorded session"), "ofx": _("bank (OFX)"), "csv": _("bank (CSV)"),
        "camt": _("bank (camt.053)"), "mt940": _("bank (MT940)"), "qif": _("bank (QIF)"),
        "workbook": _("bank (XLSX, ODS)"),
        "zip": _("archive (ZIP)"),
        "unknown": _("unknown"),
    }.get(kind, kind)


def told(text: Bilingual) -> str:
    """A text that the agent tells in both languages."""
    return text["en" if lang() == "en" else "fr"]


def complaints(taken: Taken) -> list[str]:
    """What is wrong with a file, a sentence each: how often, and what to do."""
    said = []
    for problem in taken["problems"]:
        count = problem.get("count", 1)
        often = f" (× {count})" if count > 1 else ""
        said.append(f"{told(problem['message'])}{often} {told(problem['hint'])}".strip())
    return said


def undone_text(undone: Undone) -> list[str]:
    """What was taken back with a file, what stays, and what hung on it, a sentence each."""
    counts = [
        (undone["payments"], ngettext("{n} payment", "{n} payments", undone["payments"])),
        (undone["documents"], ngettext("{n} document", "{n} documents", undone["documents"])),
        (undone["messages"], ngettext("{n} message", "{n} messages", undone["messages"])),
        (undone["credits"], ngettext("{n} bank credit", "{n} bank credits", undone["credits"])),
        (undone["shares"], ngettext("{n} received share", "{n} received shares", undone["shares"])),
    ]
    gone = [text.format(n=count) for count, text in counts if count]
    said = [_("{name}: taken back. Gone: {what}.").format(name=undone["name"], what=", ".join(gone)) if gone
            else _("{name}: taken back. Nothing here came from it alone.").format(name=undone["name"])]
    if undone["kept"]:
        said.append(ngettext("{n} payment stays: another source tells of it too.",
                             "{n} payments stay: another source tells of them too.", undone["kept"]).format(
                                 n=undone["kept"]))
    if undone["person"]:
        said.append(_("The person's details or the top-up cover read otherwise now."))
    for mark in undone["marks"]:
        said.append(_("The payment of {day} was marked as topped up ({amount}): that mark is gone with it.").format(
            day=day(mark["paid_on"]), amount=money(mark["amount"])))
    for match in undone["matches"]:
        said.append(_("The bank credit of {day} ({amount}) was matched by you: that match is gone.").format(
            day=day(match["on"]), amount=money(match["amount"])))
    return said


def notes(files: Sequence[tuple[str, Taken]]) -> list[str]:
    """What is told of files beside their problems, each under its file's name when there are several."""
    said = [(name, told(note)) for name, taken in files for note in taken["notes"]]
    return [text if len(files) == 1 else f"{name} – {text}" for name, text in dict.fromkeys(said)]
