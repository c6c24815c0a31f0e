"""The service manager's protocol: one datagram per fact, on the socket it names."""

import contextlib
import os
import socket
import time
from collections.abc import Mapping


class ServiceManager:
    """Tells systemd how the process is; silent when nobody asked."""

    def __init__(self, environ: Mapping[str, str] | None = None) -> None:
        env = os.environ if environ is None else environ
        address = env.get("NOTIFY_SOCKET", "")
        self._address = "\0" + address[1:] if address.startswith("@") else address
        mine = env.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
        self.watchdog_s = int(env.get("WATCHDOG_USEC", "0")) / 1e6 if mine else 0.0
        """Seconds within which it wants a sign of life; 0 when it does not watch."""

    def tell(self, *facts: str) -> None:
        """Send facts such as ``READY=1``. A manager that is gone is no reason to fail."""
        if self._address:
            with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as link:
                link.setblocking(False)
                link.sendto("\n".join(facts).encode(), self._address)

    def tell_reloading(self) -> None:
        """Say that the process is busy with itself until it is ready again; nothing is wrong meanwhile."""
        self.tell("RELOADING=1", f"MONOTONIC_USEC={time.monotonic_ns() // 1000}", "WATCHDOG=1")
