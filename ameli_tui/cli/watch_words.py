"""What the agent watches by itself, in a command's words: all of it is read from its status."""

from __future__ import annotations

from ameli_tui.cli.output import problem_text
from ameli_tui.i18n import _, lang, moment, ngettext, number
from ameli_tui.i18n.watch_words import NEED_NOBODY, looks_made, why_not, why_not_in_words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from agent.protocol.process import Access, Status
    from agent.protocol.vault import AfterLock


def locked_text(answer: AfterLock, code: str | None, before: Status | None) -> str:
    """What was done by ``ameli lock``, and what goes on. ``code``: why nothing is watched."""
    if not answer["watching"]:
        why = _needed(before) if before is not None and code == "needs" else why_not_in_words(code or "not_kept")
        return "\n".join((_("The vault is closed."), _("Nothing is watched while the vault is locked."), why))
    return "\n".join((_("The vault is closed."), _still_watched(answer["next_sync"]), _with_what(answer["access"])))


def _needed(status: Status) -> str:
    """The problem that only a person can clear."""
    needed = (problem for problem in status["problems"] if problem["code"] == status["needs"])
    return " ".join(problem_text(problem, lang()) for problem in needed)


def _still_watched(following: str | None) -> str:
    if following is None or _is_over(following):
        return _("The account is watched all the same; the next look is soon.")
    return _("The account is watched all the same; the next look is on {when}.").format(when=moment(following))


def _is_over(iso: str) -> bool:
    from datetime import UTC, datetime

    return datetime.fromisoformat(iso) <= datetime.now(UTC)


def _with_what(access: Access) -> str:
    if access == "sign_in":
        return _("The agent may sign in by itself.")
    return _("The agent has the open session only: when that ends, it waits for you.")


def status_rows(status: Status) -> list[tuple[str, str | None]]:
    """What `ameli agent status` says of watching: what is watched, since when, what waits, by what right."""
    watch = status.get("watch")  # an agent of an earlier version says nothing of it
    if watch is None:
        return []
    rows: list[tuple[str, str | None]] = [(_("Watching"), _watching(status))]
    if status["locked"] and watch["since"]:
        sealed = status["sealed"]
        rows += [
            (_("While locked"), looks_made(status)),
            (_("Waits for unlocking"), ngettext("{n} new thing", "{n} new things", sealed).format(n=number(sealed))),
        ]
    if status["pending"]:
        rows.append((_("Waits to be sent"), str(status["pending"])))
    if watch["allowed"] == "always" and status["account"] and status["transport"] in NEED_NOBODY:
        rows.append((_("Sign-in while locked"), _sign_in(status)))
    return rows


def _watching(status: Status) -> str:
    watch, code = status["watch"], why_not(status)
    if status["watching"] and status["locked"]:
        return _("yes, while the vault is locked, since {when}").format(when=moment(watch["since"]))
    if status["watching"]:
        return _("yes, whether the vault is open or locked") if code is None else _(
            "yes, but only while the vault is open. {why}").format(why=why_not_in_words(code))
    if code == "needs":  # its sentence stands below, among the problems
        return _("no: it waits for you")
    return _("no. {why}").format(why=why_not_in_words(code or "not_automatic"))


def _sign_in(status: Status) -> str:
    watch = status["watch"]
    if not watch["asked"]:
        return _("not allowed: you were not asked yet, `ameli login` asks")
    if watch["sign_in"] == "locked":
        return _("allowed: the locked agent then holds your password")
    return _("not allowed: the locked agent has the open session only")
