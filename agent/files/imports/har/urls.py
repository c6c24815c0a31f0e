"""Recorded addresses compared: whatever their host, their order of parameters and their tokens."""

from urllib.parse import parse_qs, parse_qsl, urljoin, urlsplit

from agent.portal.pages.selectors import ASSURE

Key = tuple[str, tuple[tuple[str, str], ...]]


def asked(url: str) -> tuple[str, dict[str, str]]:
    """Path and parameters of an address."""
    parts = urlsplit(url)
    return parts.path, {name: values[-1] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}


def key(url: str) -> Key:
    """What makes two addresses of the service the same: path and parameters, whatever their order."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return url, ()
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    return parts.path, tuple(sorted(pair for pair in pairs if pair[0] != "_ct"))


def leads_to(link: str, page: str = ASSURE) -> list[Key]:
    """The addresses a link may mean: as a browser resolves it on its page, and as the service's folder has it."""
    try:
        return [key(urljoin(base, link.strip())) for base in (page, "/PortailAS/")]
    except ValueError:
        return []
