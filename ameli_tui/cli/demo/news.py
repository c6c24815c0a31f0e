"""What happens in a demo's account while somebody looks on: a payment or a message now and then."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import closing
from http.client import HTTPConnection, HTTPException
from itertools import cycle, islice
from threading import Event, Thread
from types import TracebackType
from urllib.parse import urlsplit

_FIRST_S, _EVERY_S = 45.0, 90.0
_MOST = 100
"""Whoever leaves the demo open for days comes back to an account that can still be read."""
_SCRIPT = ((1, 0), (1, 1), (2, 0), (0, 1))
"""Payments and messages of each time, over and over."""
_PATIENCE_S = 10.0


class News:
    """Plays them for the length of a ``with`` block, in a thread that ends with it or with the portal."""

    def __init__(self, portal_url: str, wait: Callable[[float], bool] | None = None) -> None:
        """``wait``: for so many seconds, for tests; it says whether it is to end instead."""
        self._address = urlsplit(portal_url)
        self._over = Event()
        self._wait = wait or self._over.wait
        self._thread = Thread(target=self._play, daemon=True)

    def __enter__(self) -> News:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def _play(self) -> None:
        pause = _FIRST_S
        for payments, messages in islice(cycle(_SCRIPT), _MOST):
            if self._wait(pause):
                return
            try:
                self._bring(payments, messages)
            except (OSError, HTTPException):  # the portal is gone, and the demo with it
                return
            pause = _EVERY_S

    def _bring(self, payments: int, messages: int) -> None:
        body = json.dumps({"payments": payments, "messages": messages})
        connection = HTTPConnection(self._address.hostname or "127.0.0.1", self._address.port, timeout=_PATIENCE_S)
        with closing(connection):
            connection.request("POST", "/_sandbox/news", body, {"content-type": "application/json"})
            connection.getresponse().read()
