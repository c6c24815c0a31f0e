"""What happened lately, told to whoever listens. Events carry kinds, ids and counts, never content."""

import asyncio
import time
from collections import deque
from typing import NamedTuple

from agent.protocol.events import GAP, Announced, EventData


class Event(NamedTuple):
    """One thing that happened."""

    id: int
    kind: str
    data: EventData


class Subscription:
    """One listener's queue. Iterate it; it ends when the listener was too slow or the agent stops."""

    def __init__(self, events: "Events", room: int) -> None:
        self._events = events
        self._waiting: deque[Event] = deque()
        self._room = room
        self._wake = asyncio.Event()
        self.ended = False

    def offer(self, event: Event) -> None:
        """Queue one event, or end the subscription when its queue is full."""
        if len(self._waiting) >= self._room:
            self.close()  # the listener resumes with its last id and is told of the gap
            return
        self._waiting.append(event)
        self._wake.set()

    async def next(self) -> Event | None:
        """Return the next event, waiting for it; None once ended."""
        while not self._waiting:
            if self.ended:
                return None
            self._wake.clear()
            await self._wake.wait()
        return self._waiting.popleft()

    def close(self) -> None:
        """End the subscription; what is queued is forgotten."""
        self._waiting.clear()
        self.end()

    def end(self) -> None:
        """Take nothing more; what is queued is told yet."""
        self.ended = True
        self._wake.set()
        self._events.forget(self)


class Events:
    """A ring of the newest events and the subscriptions to it."""

    def __init__(self, keep: int = 1000, room: int = 256, first_id: int | None = None) -> None:
        """``keep``: events remembered for those who come back; ``room``: how many more a listener may lag behind.

        Ids begin at the clock's milliseconds, so that an id of an earlier process is known to be old.
        """
        self.last_id = int(time.time() * 1000) if first_id is None else first_id - 1
        self._ring: deque[Event] = deque(maxlen=keep)
        self._subscriptions: set[Subscription] = set()
        self._room = room

    def publish(self, announced: Announced) -> None:
        """Tell everyone that something happened."""
        self.last_id += 1
        event = Event(self.last_id, announced.name, announced.data)
        self._ring.append(event)
        for subscription in tuple(self._subscriptions):
            subscription.offer(event)

    def subscribe(self, after: int | None = None) -> Subscription:
        """Listen from now on, or from the event after ``after``; a ``gap`` comes first when some are lost."""
        subscription = Subscription(self, self._room + (self._ring.maxlen or 0))
        if after is not None:
            oldest = self._ring[0].id if self._ring else self.last_id + 1
            in_ring = oldest - 1 <= after <= self.last_id
            if not in_ring:
                subscription.offer(Event(oldest - 1, GAP.name, {}))
            for event in self._ring:
                if not in_ring or event.id > after:
                    subscription.offer(event)
        self._subscriptions.add(subscription)
        return subscription

    def forget(self, subscription: Subscription) -> None:
        """Tell a subscription nothing more."""
        self._subscriptions.discard(subscription)

    def close(self) -> None:
        """End every subscription."""
        for subscription in tuple(self._subscriptions):
            subscription.close()

    def end(self) -> None:
        """End every subscription once its listener has heard what is queued."""
        for subscription in tuple(self._subscriptions):
            subscription.end()

    @property
    def listeners(self) -> int:
        """How many are listening."""
        return len(self._subscriptions)
