"""Before the machine sleeps: what is to be done then is done first (logind, org.freedesktop.login1).

logind says ``PrepareForSleep(true)`` and waits, for some seconds at most, until nobody holds a "delay" inhibitor any
more. One is held from the start, let go of when the work is done, and taken anew when the machine is awake again.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import TYPE_CHECKING

from agent.systemd.system_bus import BusEnded, BusRefused, SystemBus, close_all

if TYPE_CHECKING:
    from jeepney import Message

log = logging.getLogger(__name__)
RETRY_S = 180.0
"""Between two looks for a bus or a login manager that is not there."""
_DEADLINE_S = 5.0
_NAME, _PATH, _MANAGER = "org.freedesktop.login1", "/org/freedesktop/login1", "org.freedesktop.login1.Manager"
_BUS = "org.freedesktop.DBus"


class BeforeSleep:
    """Does something each time before the machine sleeps, where a login manager says so."""

    def __init__(
        self, work: Callable[[], Awaitable[object]], wanted: Callable[[], bool],
        environ: Mapping[str, str] = os.environ, retry_s: float = RETRY_S,
    ) -> None:
        """``wanted`` is asked each time, and before a bus is looked for. ``retry_s``: seconds, see RETRY_S."""
        self._work, self._wanted, self._environ, self._retry_s = work, wanted, environ, retry_s
        self._owner = ""
        self._delay: tuple[object, ...] = ()
        """Holds the descriptor of the inhibitor while there is one."""

    @property
    def delaying(self) -> bool:
        """Whether the machine would wait for the work now."""
        return bool(self._delay)

    async def run(self) -> None:
        """Listen until cancelled; the connection is closed then. That nobody is there to listen to is no error."""
        while True:
            if self._wanted():
                try:
                    await self._listen()
                except (BusEnded, BusRefused, TimeoutError) as error:
                    log.debug("nobody says when the machine sleeps: %s", error)
            await asyncio.sleep(self._retry_s)

    async def _listen(self) -> None:
        bus: SystemBus | None = None
        try:
            async with asyncio.timeout(_DEADLINE_S):
                bus = await SystemBus.open(self._environ)
                await self._subscribe(bus)
                await self._hold(bus)
            while True:
                await self._heard(bus, await bus.signal())
        finally:
            self._let_go()
            if bus is not None:
                bus.close()

    async def _subscribe(self, bus: SystemBus) -> None:
        """Ask for the two signals. Raises BusRefused where there is no login manager; none is started."""
        from jeepney import MatchRule
        from jeepney.bus_messages import message_bus

        sleeps = MatchRule(type="signal", sender=_NAME, interface=_MANAGER, member="PrepareForSleep", path=_PATH)
        owners = MatchRule(type="signal", sender=_BUS, interface=_BUS, member="NameOwnerChanged")
        owners.add_arg_condition(0, _NAME)
        for rule in (sleeps, owners):
            await bus.call(message_bus.AddMatch(rule))
        self._owner = _word(await bus.call(message_bus.GetNameOwner(_NAME)), 0)

    async def _hold(self, bus: SystemBus) -> None:
        """Take the inhibitor. Without one (it is refused, or the machine is about to sleep) the work may come late."""
        from jeepney import DBusAddress, new_method_call

        self._let_go()
        manager = DBusAddress(_PATH, bus_name=_NAME, interface=_MANAGER)
        try:
            self._delay = await bus.call(new_method_call(
                manager, "Inhibit", "ssss", ("sleep", "ameli", "ameli locks its vault", "delay")))
        except BusRefused as error:
            log.info("the machine will not wait for the vault to be locked before it sleeps: %s", error)

    async def _heard(self, bus: SystemBus, signal: Message) -> None:
        from jeepney import HeaderFields

        fields = signal.header.fields
        member, sender = fields.get(HeaderFields.member), fields.get(HeaderFields.sender)
        if member == "NameOwnerChanged" and sender == _BUS and _word(signal.body, 0) == _NAME:
            self._owner = _word(signal.body, 2)
            if self._owner:  # it was started again
                async with asyncio.timeout(_DEADLINE_S):
                    await self._hold(bus)
        elif member == "PrepareForSleep" and sender == self._owner and signal.body[:1] == (True,):
            try:
                if self._wanted():
                    await self._work()
            except Exception:  # the border: whatever the work meets, the machine sleeps, and the next time counts again
                log.exception("what is to be done before the machine sleeps failed")
            finally:
                self._let_go()
        elif member == "PrepareForSleep" and sender == self._owner:
            async with asyncio.timeout(_DEADLINE_S):
                await self._hold(bus)

    def _let_go(self) -> None:
        close_all(self._delay)
        self._delay = ()


def _word(body: tuple[object, ...], at: int) -> str:
    part = body[at] if at < len(body) else ""
    return part if isinstance(part, str) else ""


@contextlib.asynccontextmanager
async def before_sleep(work: Callable[[], Awaitable[object]], wanted: Callable[[], bool]) -> AsyncIterator[None]:
    """While the block lasts, do ``work`` each time before the machine sleeps; ``wanted`` says whether to."""
    listening = asyncio.create_task(BeforeSleep(work, wanted).run())
    try:
        yield
    finally:
        listening.cancel()
        await asyncio.wait([listening])
