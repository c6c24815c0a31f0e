"""Where the answers of one form are kept: as a draft in the vault, written by one thread at a time."""

import threading
from copy import deepcopy
from typing import TYPE_CHECKING, NamedTuple, Protocol

from agent.client import api_requests
from agent.client.client import Client
from ameli_tui.forms.answers import Filling

if TYPE_CHECKING:
    from agent.protocol.procedures import KeptAnswers, StartBody


class Answers(NamedTuple):
    """What a form held at one moment: threads must not meet what is typed meanwhile."""

    answers: "KeptAnswers"
    papers: list[str]
    """Ids of the files attached since the draft was last kept with its files."""


class FormInHand(Protocol):
    """A form on the screen, as its last look before sending knows it."""

    filling: Filling
    draft: "Draft"
    sending: bool
    """It is being sent: there is no draft to keep any more."""


class Draft:
    """The draft of one form. ``key``: the request that holds it, None until it was first written."""

    def __init__(self, filling: Filling, key: str | None) -> None:
        """``key``: a request to go on with."""
        self.filling = filling
        self.key = key
        self._begun_here = key is None
        self._before = deepcopy(filling.answers)
        self._last: KeptAnswers | None = None
        """The answers written between two screens."""
        self._one_at_a_time = threading.Lock()

    def now(self, *, papers: bool = True) -> Answers:
        """What the form holds now. Without ``papers`` the files stay with the form, which can still give one back."""
        return Answers(deepcopy(self.filling.answers), [one["id"] for one in self.filling.fresh] if papers else [])

    def due(self) -> Answers | None:
        """What to write between two screens; None when nothing was answered since the last time."""
        if not self.filling.changed or self.filling.answers == self._last:
            return None
        held = self.now(papers=False)
        self._last = held.answers
        return held

    def all_of_it(self) -> Answers:
        """Everything, files as well, to write although the form stays open; ``undo`` takes it back."""
        held = self.now()
        self._last = held.answers
        return held

    def write(self, client: Client, held: Answers, deadline: float | None = None) -> None:
        """Keep what was held; for a thread. The first write begins the request, the others go on with it."""
        with self._one_at_a_time:
            body: StartBody = {"answers": held.answers, "papers": held.papers, "draft": True}
            if self.key is not None:
                body["request"] = self.key
            self._keep(client, body, deadline)

    def _keep(self, client: Client, body: "StartBody", deadline: float | None = None) -> None:
        kept = client.ask(api_requests.start_request(self.filling.declared["name"], body, deadline))
        if "request" in kept:  # a draft is never refused for what is still wrong with it
            self.key = kept["request"]

    def undo(self, client: Client) -> None:
        """As if the form had not been opened; for a thread."""
        with self._one_at_a_time:
            if self._last is None or self.key is None:
                return
            if self._begun_here:
                client.ask(api_requests.cancel_request(self.key))
                self.key = None  # should the form be opened once more, it begins another request
            else:
                self._keep(client, {"answers": self._before, "papers": [], "draft": True, "request": self.key})
            self._last = None
