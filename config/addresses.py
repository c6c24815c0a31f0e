"""What an address says of where it leads."""

import re
from ipaddress import IPv4Address, ip_address
from urllib.parse import urlsplit

_REAL = "ameli.fr"
PORTAL_HOSTS = ("assure.ameli.fr",)
"""Where the account is."""
IDENTITY_HOSTS = ("ameliconnect.ameli.fr", "login.ameli.fr", "fc.assure.ameli.fr")
"""Where people sign in to it."""
_PLAIN = re.compile(r"(https?)://(\[::1\]|[a-z0-9.-]+)(?::([1-9][0-9]{0,4}))?/?", re.ASCII | re.IGNORECASE)
"""A scheme, a host and perhaps a port, and nothing else: no name or password, no path, no sign a reader may skip."""


def is_real_service(url: str) -> bool:
    """Whether ``url`` is the health insurance's own service, and not a stand-in."""
    host = (urlsplit(url).hostname or "").rstrip(".")
    return host == _REAL or host.endswith("." + _REAL)


def on_this_machine(url: str) -> bool:
    """Whether the host of ``url`` is this machine: ``localhost`` or a loopback address, nothing that only begins so."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def is_allowed(url: str, hosts: tuple[str, ...]) -> bool:
    """Whether ``url`` may be set as an address of the service: https of one of ``hosts``, or http(s) of this machine.

    Strict, since a password goes there: only the plain form counts, and only loopback addresses written in full.
    """
    parts = _PLAIN.fullmatch(url)
    if parts is None:
        return False
    scheme, host, port = parts[1].lower(), parts[2].lower(), int(parts[3] or 0)
    if host in hosts:
        return scheme == "https" and port in (0, 443)
    return port < 1 << 16 and (host in ("localhost", "[::1]") or _is_loopback(host))


def _is_loopback(host: str) -> bool:
    try:
        return IPv4Address(host).is_loopback
    except ValueError:
        return False
