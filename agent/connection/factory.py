"""From the settings to the way in: which transport carries the connector's requests, and who signs in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from agent.connection.connection import Connection, OnRound, no_listener
from agent.connection.errors import NoRecording, OnlyRecorded

if TYPE_CHECKING:
    import httpx

    from agent.portal import Portal
    from agent.store import Store
    from config.settings import PortalSettings

T = TypeVar("T")


def connect(
    settings: PortalSettings, store: Store, browser_profile: Path | None, on_round: OnRound = no_listener
) -> Connection:
    """The connection that the settings ask for; ``on_round`` as of `Connection`.

    Raises NoRecording and what reading a recording raises.
    """
    match settings.transport:
        case "browser":
            from agent.connection.browser import BrowserConnection
            from agent.connection.transports.browser import Browser

            profile = browser_profile or Path("browser")
            return BrowserConnection(settings, store, Browser(
                settings.base_url, settings.identity_url, profile, program=settings.browser,
                port=settings.browser_port), on_round=on_round)
        case "recorded":
            return _RecordedConnection(settings, store, on_round)
        case _:
            return Connection(settings, store, transport=transport_of(settings), on_round=on_round)


def transport_of(settings: PortalSettings) -> httpx.AsyncBaseTransport | None:
    """What carries requests without a window and without a recording; None: the network, as the portal has it."""
    if settings.transport != "sandbox":
        return None
    from agent.connection.transports.sandbox import stand_in

    return stand_in(settings)


class _RecordedConnection(Connection):
    """A recorded session is open from its beginning, and nobody signs in."""

    def __init__(self, settings: PortalSettings, store: Store, on_round: OnRound) -> None:
        from agent.connection.transports.recorded import RecordedTransport
        from agent.files.formats.har import read_har

        try:
            data = Path(settings.recording).expanduser().read_bytes()
        except OSError as error:
            raise NoRecording(why=error.strerror or str(error)) from error
        super().__init__(settings, store, transport=RecordedTransport(read_har(data)), on_round=on_round)

    async def login(
        self, nir: str | None = None, password: str | None = None, otp: str | None = None, *,
        remember: bool = True, keep_password: bool = True,
    ) -> None:
        """Raises OnlyRecorded."""
        raise OnlyRecorded

    async def _with_portal(self, action: Callable[[Portal], Awaitable[T]], *, person: bool) -> T:
        async with self._busy:
            portal = self._open()
            try:
                return await action(portal)
            finally:
                await portal.close()
