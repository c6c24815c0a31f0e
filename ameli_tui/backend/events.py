"""The agent's events, heard in a thread for as long as the screens are open."""

import threading
from collections.abc import Callable
from contextvars import copy_context

from textual.message import Message
from textual.message_pump import MessagePump

from agent.client.client import Client, NotRunning, Problem
from agent.protocol.events import (
    GAP,
    IMPORTED,
    MESSAGE_NEW,
    PAYMENT_NEW,
    PERSON_NEEDED,
    PROBLEM,
    REQUESTS_CHANGED,
    SETTINGS_CHANGED,
    STATE,
    SYNC_DONE,
    D,
    EventData,
    Kind,
    Nothing,
)
from ameli_tui.backend.calls import Broke

NEWS = frozenset(kind.name for kind in (PAYMENT_NEW, MESSAGE_NEW, PERSON_NEEDED))
"""Kinds of events that ring."""
DATA_EVENTS = NEWS | {kind.name for kind in (SYNC_DONE, GAP, IMPORTED, REQUESTS_CHANGED)}
"""After which every screen reads its data again."""
STATUS_EVENTS = frozenset(kind.name for kind in (STATE, SETTINGS_CHANGED, PROBLEM))
"""What changes the agent's status alone."""
GONE: Kind[Nothing] = Kind("gone", "nobody answers")
"""Said by the listener itself."""
BACK: Kind[Nothing] = Kind("back", "the events are heard again after they had ended: some may have been missed")
"""Said by the listener itself."""
_RETRY_S = 2.0
"""Wait before listening again; the wait is silent, nothing is drawn."""


class AgentSaid(Message):
    """Something happened in the agent: ``kind`` is the name of a kind of event, of ``GONE`` when nobody answers."""

    def __init__(self, kind: str, data: EventData) -> None:
        super().__init__()
        self.kind = kind
        self._data = data

    def of(self, kind: Kind[D]) -> D | None:
        """What the event says, when it is of that kind."""
        return kind.heard(self.kind, self._data)


class Listener:
    """One thread that posts every event to the program, and listens again when the agent comes back."""

    def __init__(self, owner: MessagePump, client: Client, wait: Callable[[float], bool] | None = None) -> None:
        """``wait`` pauses for seconds and returns True when it is time to end."""
        self._owner = owner
        self._client = client
        self._end = threading.Event()
        self._wait = wait or self._end.wait
        self._last: int | None = None
        self._ended = False
        """The events were heard, and ended: the agent was replaced, or was too busy."""

    def start(self) -> None:
        """Begin to listen."""
        context = copy_context()
        threading.Thread(target=context.run, args=(self._run,), name="listener", daemon=True).start()

    def stop(self) -> None:
        """Listen no more."""
        self._end.set()

    def _run(self) -> None:
        try:
            while not self._end.is_set():
                self._listen()
                if self._wait(_RETRY_S):
                    return
        except Exception as error:  # noqa: BLE001 - handed to the main thread, which ends with a report
            self._tell(Broke(error))

    def _listen(self) -> None:
        try:
            for event in self._client.events(self._last, opened=self._opened):
                self._last = event["id"] or self._last
                self._tell(AgentSaid(event["event"], event["data"]))
                if self._end.is_set():
                    return
        except NotRunning:
            self._last = None
            self._ended = True
            self._tell(AgentSaid(GONE.name, {}))
        except (Problem, OSError):
            return  # too slow or cut off: listen again from the last event

    def _opened(self) -> None:
        if self._ended:
            self._tell(AgentSaid(BACK.name, {}))
        self._ended = True

    def _tell(self, message: Message) -> None:
        if not self._end.is_set():
            self._owner.post_message(message)
