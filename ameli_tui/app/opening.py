"""The request for the first screen, sent before Textual is loaded, and its answer."""

import threading
from typing import TYPE_CHECKING

from agent.client import api
from agent.client.client import Client, Early, NotRunning, Problem

if TYPE_CHECKING:
    from agent.protocol.home import Home

_LONGEST_WAIT_S = 0.25
"""How long the first frame waits for the agent's data; later they are drawn when they come."""


class Opening:
    """The first answer, received while Textual is being loaded."""

    def __init__(self, early: "Early[Home] | Problem") -> None:
        self._data: Home | None = None
        self._problem: Problem | None = None
        self._done = threading.Event()
        if isinstance(early, Problem):
            self._problem = early
            self._done.set()
        else:
            threading.Thread(target=self._receive, args=(early,), name="opening", daemon=True).start()

    def _receive(self, early: "Early[Home]") -> None:
        try:
            self._data = early.finish()
        except Problem as problem:
            self._problem = problem
        finally:
            self._done.set()

    def result(self, wait: float = _LONGEST_WAIT_S) -> "tuple[Home | None, Problem | None]":
        """The home data and the refusal: one of them is None, both when the agent is slow."""
        self._done.wait(wait)
        return self._data, self._problem


def send_opening(client: Client) -> Opening:
    """Send the request for the first screen."""
    try:
        return Opening(client.send(api.home()))
    except NotRunning as problem:
        return Opening(problem)
    except Problem as problem:
        return Opening(problem)
