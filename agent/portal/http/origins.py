"""The two addresses that may be talked to, whatever a page says."""

from enum import Enum
from urllib.parse import urljoin, urlsplit, urlunsplit

from agent.portal.errors import InsecureAddress, RedirectElsewhere
from config.addresses import on_this_machine

_PORTS = {"http": 80, "https": 443}


class Origin(Enum):
    """Which of the two hosts."""

    PORTAL = "portal"
    IDENTITY = "identity"


class Origins:
    """The configured portal and identity origins. Raises InsecureAddress unless encrypted or on this machine."""

    def __init__(self, base_url: str, identity_url: str) -> None:
        self.base = _root(base_url)
        self.identity = _root(identity_url)
        for root in (self.base, self.identity):
            if not root.startswith("https://") and not (root.startswith("http://") and on_this_machine(root)):
                raise InsecureAddress

    def portal(self, path: str) -> str:
        """The full address of a path of the portal."""
        return self.base + path

    def resolve(self, link: str, page_url: str, page: str) -> str:
        """The full address of a link found on ``page_url``, without a redundant port.

        Raises RedirectElsewhere naming ``page`` when it leads out of the two origins.
        """
        try:
            target = _plain(urljoin(page_url, link.strip()))
            self.of(target, page)
        except ValueError as error:
            raise RedirectElsewhere(page=page) from error
        return target

    def of(self, url: str, page: str = "") -> Origin:
        """Which origin an address belongs to. Raises RedirectElsewhere."""
        root = _root(url)
        if root == self.base:
            return Origin.PORTAL
        if root == self.identity:
            return Origin.IDENTITY
        raise RedirectElsewhere(page=page)


def _plain(url: str) -> str:
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, _root(url).partition("://")[2], parts.path or "/", parts.query, ""))


def _root(url: str) -> str:
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    if ":" in host:
        host = f"[{host}]"
    port = parts.port
    scheme = parts.scheme.lower()
    return f"{scheme}://{host}" + (f":{port}" if port and port != _PORTS.get(scheme) else "")
