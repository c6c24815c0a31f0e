"""What is said alike on screens and by commands of an account that is watched: read from the agent's status."""

from __future__ import annotations

from ameli_tui.i18n import N_, _, ngettext, number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from agent.protocol.process import Status

NEED_NOBODY = ("direct", "sandbox")
"""Ways to the service that a locked agent can go."""
_WHY = {
    "all": N_("All that watching needs is forgotten."),
    "no_agent": N_("No agent is running."),
    "no_vault": N_("There is no vault yet: `ameli setup` makes it."),
    "setting": N_("The settings say so (agent.watch)."),
    "browser": N_("The session lies in your browser's window, which a locked agent does not use."),
    "recorded": N_("A recorded session brings nothing new."),
    "not_signed_in": N_("No account is connected: `ameli login` signs in."),
    "nothing_held": N_("The agent holds nothing of an account. Once the vault was unlocked, it can go on."),
    "not_automatic": N_("The agent looks only when it is asked to (sync.automatic)."),
    "no_access": N_("No session is open, and the locked agent may not sign in."),
    "not_kept": N_("What watching needs could not be kept: `ameli agent logs` says why."),
}


def why_not(status: Status) -> str | None:
    """Code of the reason why a locked agent does not watch, or would not if the vault were locked now; None where no
    reason is known. ``needs``: a person must do something, which stands among the status' problems."""
    watch = status["watch"]
    if status["state"] == "setup":
        return "no_vault"
    if watch["allowed"] == "unlocked":
        return "setting"
    if status["transport"] not in NEED_NOBODY:
        return status["transport"]
    if status["locked"] and not watch["since"]:
        return "nothing_held"
    if not status["account"]:
        return "not_signed_in"
    if status["watching"]:
        return None
    return "needs" if status["needs"] else "not_automatic"


def why_not_in_words(code: str) -> str:
    """A reason but ``needs``, in a sentence."""
    return _(_WHY.get(code, _WHY["not_kept"]))


def question() -> str:
    """What the person is asked, wherever it is asked."""
    return _("May the agent sign in while locked? It then holds your password in its memory, not your history.")


def asks_about_sign_in(status: Status) -> bool:
    """Whether the person is to be asked, once, when the password is kept."""
    watch = status.get("watch")
    return bool(watch and not watch["asked"] and watch["allowed"] == "always"
                and status.get("transport") in NEED_NOBODY)


def seen_while_locked(count: int) -> str:
    """What is told once, after unlocking."""
    said = ngettext("{n} new thing was seen while the vault was locked.",
                    "{n} new things were seen while the vault was locked.", count)
    return said.format(n=number(count))


def looks_made(status: Status) -> str:
    """How often the account was looked at since it was locked, or the last time that it was."""
    looks = status["polls_while_locked"]
    return ngettext("{n} look", "{n} looks", looks).format(n=number(looks))
