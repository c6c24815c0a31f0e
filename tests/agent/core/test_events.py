"""Events: a ring, resuming, the gap, and listeners that lag."""

import asyncio

from agent.core.events import Event, Events
from agent.protocol.events import Kind, Nothing

N: Kind[dict[str, int]] = Kind("n", "something happened")
END: Kind[Nothing] = Kind("end", "it is over")


async def _drain(events: Events, after: int | None) -> list[Event]:
    subscription = events.subscribe(after)
    events.publish(END({}))
    found = []
    while (event := await subscription.next()) is not None and event.kind != "end":
        found.append(event)
    subscription.close()
    return found


async def test_a_listener_hears_what_happens_from_now_on() -> None:
    events = Events(first_id=1)
    events.publish(END({}))
    subscription = events.subscribe()
    events.publish(N({"number": 2}))
    assert await subscription.next() == Event(2, "n", {"number": 2})


async def test_resuming_gives_what_was_missed_once_and_in_order() -> None:
    events = Events(first_id=1)
    for number in range(5):
        events.publish(N({"number": number}))
    assert [event.id for event in await _drain(events, after=2)] == [3, 4, 5]
    events = Events(first_id=1)
    events.publish(N({}))
    assert await _drain(events, after=1) == []


async def test_a_gap_is_told_when_the_ring_overran() -> None:
    events = Events(keep=3, first_id=1)
    for _ in range(10):
        events.publish(N({}))
    found = await _drain(events, after=2)
    assert [event.kind for event in found] == ["gap", "n", "n", "n"]
    assert found[0].id < found[1].id


async def test_an_id_of_an_earlier_process_is_a_gap() -> None:
    assert [event.kind for event in await _drain(Events(first_id=1000), after=17)] == ["gap"]
    assert [event.kind for event in await _drain(Events(first_id=1000), after=99999)] == ["gap"]


async def test_ids_of_a_later_process_are_greater() -> None:
    assert Events().last_id > 1_600_000_000_000


async def test_a_listener_who_lags_is_dropped_and_the_others_are_not() -> None:
    events = Events(keep=10, room=4)
    slow, quick = events.subscribe(), events.subscribe()
    for number in range(50):
        events.publish(N({"number": number}))
        assert (await quick.next()) is not None
    assert slow.ended and await slow.next() is None
    assert events.listeners == 1


async def test_closing_wakes_those_who_wait() -> None:
    events = Events()
    waiting = asyncio.ensure_future(events.subscribe().next())
    await asyncio.sleep(0)
    events.close()
    assert await waiting is None
