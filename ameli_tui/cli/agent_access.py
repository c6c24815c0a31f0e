"""The way to the agent: started when none runs, unlocked when a command needs data."""

from __future__ import annotations

from functools import cached_property

from agent.client import api
from agent.client.client import AgentOutdated, Client, NotRunning, Problem
from ameli_tui.cli.errors import AgentSilent, Locked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeVar

    from agent.client.call import Call
    from agent.protocol.vault import Opened, OpeningKeys
    from ameli_tui.cli.output import Output
    from config.paths import Paths

    T = TypeVar("T")


_TRIES = 3
"""Times a person may type the passphrase before the command gives up."""


class Door:
    """One command's conversation with the agent."""

    def __init__(self, paths: Paths, out: Output, passphrase_file: str | None) -> None:
        self._paths = paths
        self._out = out
        self._passphrase_file = passphrase_file

    @cached_property
    def client(self) -> Client:
        """The bare client: no start, no unlocking."""
        return Client(self._paths, on_wait=self._still_working)

    def _still_working(self, seconds: float) -> None:
        from ameli_tui.i18n import _

        text = _("The agent is still working ({n} s)…").format(n=round(seconds))
        self._out.waiting(text, seconds)

    def ask(self, call: Call[T]) -> T:
        """Make a call that needs the data: the agent is started and the vault opened on the way."""
        try:
            return self.knock(call)
        except Problem as problem:
            if problem.code != "locked":
                raise
            self.unlock()
            return self.client.ask(call)

    def knock(self, call: Call[T]) -> T:
        """Make a call of a running agent, locked or not; starts one when none runs or an older one is idle, and says
        so."""
        try:
            return self.client.ask(call)
        except (NotRunning, AgentOutdated) as problem:
            self._start(older=isinstance(problem, AgentOutdated))
        return self.client.ask(call)

    def _start(self, *, older: bool) -> None:
        """Start the agent, in the place of an ``older`` one when there is one, and wait until it answers. Raises
        AgentSilent."""
        from agent.client.control import ready_agent
        from ameli_tui.cli.argument_types import check_today
        from ameli_tui.i18n import _

        check_today()
        self._out.say(_("The agent is of an older version: starting it again…") if older else _("Starting the agent…"))
        result = ready_agent(self._paths)
        if not result.ok:
            raise AgentSilent(fr=result.reason.get("fr", "?").rstrip("."), en=result.reason.get("en", "?").rstrip("."))

    def unlock(self, word: OpeningKeys | None = None) -> Opened:
        """Unlock the vault from a passphrase file or by asking; return the agent's answer. Raises Locked when there is
        neither.

        ``word``: what the person agreed to about an older or damaged vault.
        """
        from ameli_tui.cli.secret_input import ask_secret, has_terminal, passphrase_from_file
        from ameli_tui.i18n import _

        given = passphrase_from_file(self._passphrase_file)
        if given is not None:
            return self.open_with({**(word or {}), "passphrase": given})
        if not has_terminal():
            raise Locked()
        for attempt in range(_TRIES):
            try:
                return self.open_with({**(word or {}), "passphrase": ask_secret(_("Passphrase: "))})
            except Problem as problem:
                if problem.code != "wrong_passphrase" or attempt == _TRIES - 1:
                    raise
                self._out.say(_("That is not the passphrase."))
        raise Locked()

    def open_with(self, body: OpeningKeys) -> Opened:
        """Unlock with what ``body`` says, and tell what there is to tell of the vault; return the agent's answer."""
        from ameli_tui.cli.output import one_line
        from ameli_tui.i18n import lang

        answer = self.client.ask(api.unlock(body))
        for notice in answer.get("notices") or ():
            self._out.say(f"{one_line(notice['message'][lang()])}\n{one_line(notice['hint'][lang()])}")
        if note := answer.get("note"):
            self._out.say(note[lang()])
        return answer
