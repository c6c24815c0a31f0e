"""Where a record came from, in words."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ameli_tui.i18n import _, local_day, ngettext, spoken

if TYPE_CHECKING:
    from agent.protocol.origins import RecordOrigin, Way

_SHORT = 8
"""Signs of an import's id that are shown: `ameli import --undo` takes them."""
_MOST = 4
"""Sources that are named."""


def came_from(origins: "Sequence[RecordOrigin]") -> str:
    """"the account service, 30 Nov 2026; statement (import 3fa2b1c0), 2 Dec 2026": the best first; empty for none."""
    said = [", ".join(part for part in (_named(one), _when(one)) if part) for one in origins[:_MOST]]
    if (more := len(origins) - _MOST) > 0:
        said.append(ngettext("{n} more", "{n} more", more).format(n=more))
    return spoken("\u00a0; ", "; ").join(said)


def origins_line(origins: "Sequence[RecordOrigin]") -> str:
    """The same as a line of its own; empty where nothing is known."""
    return _("From: {sources}").format(sources=came_from(origins)) if origins else ""


def says_otherwise(origin: "RecordOrigin") -> str:
    """That a source disagrees, as a sentence without its end."""
    said: dict[Way, str] = {
        "sync": _("The account service says otherwise"), "recording": _("A recorded session says otherwise"),
        "statement": _("A statement says otherwise"), "file": _("A file of yours says otherwise"),
        "hand": _("You said otherwise"),
    }
    return said[origin["way"]]


def which(origin: "RecordOrigin") -> str:
    """Which import a source was, and when: "import 3fa2b1c0, 30 Nov 2026"."""
    return ", ".join(part for part in (short_import(origin["import"]), _when(origin)) if part)


def short_import(key: str) -> str:
    """The id of an import as it is shown and as `ameli import --undo` takes it; empty for none."""
    return _("import {id}").format(id=key[:_SHORT]) if key else ""


def _named(origin: "RecordOrigin") -> str:
    names: dict[Way, str] = {
        "sync": _("the account service"), "recording": _("recorded session"), "statement": _("statement"),
        "file": _("file of a bank or an insurer"), "hand": _("said by you"),
    }
    name, imported = names[origin["way"]], short_import(origin["import"])
    return f"{name} ({imported})" if imported else name


def _when(origin: "RecordOrigin") -> str:
    return local_day(origin["at"]) if origin["at"] else _("before origins were kept")
