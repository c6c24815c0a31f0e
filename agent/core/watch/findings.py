"""What an examination of the agent says of watching: whether it goes on by itself, and what is in the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.core.vault_findings import finding
from agent.core.watch.locked import WATCHABLE

if TYPE_CHECKING:
    from agent.core.agent import Agent
    from agent.protocol.process import Finding


def watch_findings(agent: Agent) -> list[Finding]:
    """Nothing before there is a vault."""
    if agent.state == "setup":
        return []
    if problems := agent.watch.problems:
        return [finding("watching", False, problem["message"]["fr"], problem["message"]["en"], problem["hint"]["fr"],
                        problem["hint"]["en"]) for problem in problems]
    return [_watching(agent)]


def _watching(agent: Agent) -> Finding:
    settings = agent.settings
    if settings.agent.watch != "always" or not settings.sync.automatic:
        return finding(
            "watching", True, "le compte n'est regardé que coffre ouvert ou sur demande, comme vous l'avez réglé",
            "the account is looked at only while the vault is open or when asked, as you set it")
    if settings.portal.transport not in WATCHABLE:
        return finding(
            "watching", True, "par cette voie le compte n'est regardé que coffre ouvert : la session est à la fenêtre",
            "this way the account is looked at only while the vault is open: the session is in the window")
    if agent.state == "unlocked":
        return finding("watching", True, "le compte reste surveillé quand le coffre est verrouillé",
                       "the account stays watched when the vault is locked")
    if agent.watch.watching:
        return finding("watching", True, "le compte est surveillé, coffre verrouillé",
                       "the account is watched while the vault is locked")
    return finding("watching", True, "rien n'est surveillé : verrouillé en oubliant tout, ou sans compte",
                   "nothing is watched: locked with everything forgotten, or without an account")
