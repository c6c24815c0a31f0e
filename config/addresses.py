"""What an address says of where it leads."""

from ipaddress import ip_address
from urllib.parse import urlsplit

_REAL = "ameli.fr"


def is_real_service(url: str) -> bool:
    """Whether ``url`` is the health insurance's own service, and not a stand-in."""
    host = urlsplit(url).hostname or ""
    return host == _REAL or host.endswith("." + _REAL)


def on_this_machine(url: str) -> bool:
    """Whether the host of ``url`` is this machine: ``localhost`` or a loopback address, nothing that only begins so."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
