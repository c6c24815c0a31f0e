"""Questions to the agent from a screen: asked in a thread, answered by a message, so that no screen ever waits.

Daemon threads of our own rather than Textual's thread workers: those are joined when the program ends, and a call that
the agent answers late (a sign-in, the stream of events) would keep a person who leaves waiting.
"""

import threading
import time
from collections.abc import Callable
from contextvars import copy_context
from typing import TypeVar

from textual.message import Message
from textual.message_pump import MessagePump

from agent.client.client import Problem

T = TypeVar("T")


class Answered(Message):
    """The agent answered."""

    def __init__(self, name: str, turn: int, hand_over: Callable[[], object]) -> None:
        super().__init__()
        self.name = name
        """What the screen called its question."""
        self.turn = turn
        """Which asking of it this is: an older answer than the last question is of no use."""
        self.hand_over = hand_over
        """Gives the answer to whom it is for."""


class Refused(Message):
    """The agent refused, or there is none."""

    def __init__(self, name: str, turn: int, problem: Problem) -> None:
        super().__init__()
        self.name = name
        self.turn = turn
        self.problem = problem


class Broke(Message):
    """Our own code failed in a thread: the program ends with a report, as it would on the main thread."""

    def __init__(self, error: BaseException) -> None:
        super().__init__()
        self.error = error


class Asker:
    """The open questions of one screen."""

    def __init__(self, owner: MessagePump) -> None:
        self._owner = owner
        self._turns: dict[str, int] = {}
        self.open: set[tuple[str, int]] = set()
        """Questions without an answer yet."""
        self._since: dict[tuple[str, int], float] = {}

    def ask(self, question: Callable[[], T], then: Callable[[T], object], *, latest: str) -> None:
        """Run ``question`` in a thread; ``Answered``, which knows of ``then``, or ``Refused`` follows.

        ``latest`` names the question: a newer one of that name outdates it.
        """
        turn = self._turns[latest] = self._turns.get(latest, 0) + 1
        self.open.add((latest, turn))
        self._since[latest, turn] = time.monotonic()

        def run() -> None:
            self._owner.post_message(_outcome(question, then, latest, turn))

        threading.Thread(target=copy_context().run, args=(run,), name=f"ask-{latest}", daemon=True).start()

    def close(self, message: Answered | Refused) -> bool:
        """Note that an answer came; False when a newer question was asked meanwhile."""
        self.open.discard((message.name, message.turn))
        self._since.pop((message.name, message.turn), None)
        return self._turns.get(message.name) == message.turn

    def busy_with(self, name: str) -> bool:
        """Whether an answer to this question is awaited."""
        return any(asked == name for asked, _turn in self.open)

    @property
    def waited_s(self) -> float:
        """For how many seconds the oldest answer that still matters has been awaited; 0 when none is."""
        since = [begun for (name, turn), begun in self._since.items() if self._turns.get(name) == turn]
        return time.monotonic() - min(since) if since else 0.0

    @property
    def busy(self) -> bool:
        """Whether an answer is awaited that still matters."""
        return any(self._turns.get(name) == turn for name, turn in self.open)


def no_more(_answer: object) -> None:
    """What follows a question whose answer says nothing but that it was done."""


def _outcome(question: Callable[[], T], then: Callable[[T], object], name: str, turn: int) -> Message:
    try:
        answer = question()
    except Problem as problem:
        return Refused(name, turn, problem)
    except Exception as error:  # noqa: BLE001 - handed to the main thread, which ends with a report
        return Broke(error)
    return Answered(name, turn, lambda: then(answer))
