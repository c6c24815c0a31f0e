"""What is watched while the vault is locked, in words: all of it is read from the agent's status."""

from typing import TYPE_CHECKING

from ameli_tui.i18n import _, lang, moment, ngettext, number
from ameli_tui.i18n.watch_words import NEED_NOBODY, looks_made, why_not, why_not_in_words
from ameli_tui.terminal.safe_text import Part, one_line

if TYPE_CHECKING:
    from agent.protocol.problems import Problem
    from agent.protocol.process import Status

def lock_sign(status: "Status") -> tuple[str, str]:
    """How a locked vault stands, for the top line: a sign, words, and their colour."""
    if status.get("watching"):
        return "◉ " + _("locked, watching"), "$success"
    return "# " + _("locked, not watching"), "$warning"


def locked_lines(status: "Status") -> list[Part]:
    """What a locked agent does and what waits, for the screen before the data; nothing while that is not known."""
    if not status.get("locked") or not status.get("watch"):
        return []
    parts: list[Part] = []
    if count := status["sealed"]:
        waits = ngettext("{n} new thing waits for you.", "{n} new things wait for you.", count)
        parts += [("+ ", "bold $accent"), (waits.format(n=number(count)), "bold $accent"), "\n"]
    if status["watching"]:
        parts += [("◉ ", "bold $success"), (_("The account is watched while the vault is locked."), "bold"), "\n"]
        parts += [(f"  {_rounds(status)}\n  {_access(status)}\n", "$text-muted")]
    else:
        parts += [("○ ", "bold $warning"), (_("Nothing is watched while the vault is locked."), "bold"), "\n"]
    problem = needed(status)
    if problem is not None:
        parts += [("! ", "bold $warning"), (one_line(problem["message"][lang()]), "bold"), "\n"]
        if hint := one_line(problem["hint"][lang()]):
            parts += [(f"  {hint}\n", "$text-muted")]
    elif not status["watching"]:
        parts += [(f"  {_why_not(status)}\n", "$text-muted")]
    return parts


def needed(status: "Status") -> "Problem | None":
    """What a person must do before there is another look."""
    code = status.get("needs")
    return next((problem for problem in status.get("problems") or () if code and problem["code"] == code), None)


def _rounds(status: "Status") -> str:
    looks = looks_made(status)
    since = _("since {when}").format(when=moment(status["watch"]["since"]))
    if status.get("syncing"):
        following = _("looking now")
    elif next_look := moment(status["next_sync"]):
        following = _("the next one on {when}").format(when=next_look)
    else:
        return f"{looks} {since}"
    return f"{looks} {since} · {following}"


def _access(status: "Status") -> str:
    access = status["watch"]["access"]
    if access == "sign_in":
        return _("The agent may sign in by itself.")
    if access == "session":
        return _("The agent has the open session only: when that ends, it waits for you.")
    return _("The agent has nothing that opens the account.")


def _why_not(status: "Status") -> str:
    return why_not_in_words(why_not(status) or "nothing_held")


# -- while the vault is open -------------------------------------------------------------------------------------------


def goes_on_when_locked(status: "Status") -> bool:
    """Whether locking now would leave the account watched, as far as the status of the open vault tells."""
    watch = status.get("watch")
    return bool(watch and watch["allowed"] == "always" and status.get("watching")
                and status.get("transport") in NEED_NOBODY)


def when_watched(status: "Status") -> str:
    """When the account is looked at by itself, in a few words."""
    if not status.get("account"):
        return _("nothing: no account is connected")
    if status["watch"]["allowed"] == "unlocked":
        return _("only while the vault is open")
    if status.get("transport") not in NEED_NOBODY:
        return why_not_in_words(status["transport"])
    if not status.get("watching"):
        return _("when you ask for it")
    return _("whether the vault is open or locked")


def may_sign_in(status: "Status") -> str:
    """Whether the locked agent may sign in, in a few words."""
    if not status["watch"]["asked"]:
        return _("not asked yet: it may not")
    if status["watch"]["sign_in"] == "locked":
        return _("it may: it then holds your password")
    return _("it may not: it has the open session only")
