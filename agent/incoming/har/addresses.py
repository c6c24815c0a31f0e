"""Recorded addresses compared: whatever their host, their order of parameters and their tokens."""

from urllib.parse import parse_qs, parse_qsl, urlsplit

Key = tuple[str, tuple[tuple[str, str], ...]]


def asked(url: str) -> tuple[str, dict[str, str]]:
    """Path and parameters of an address."""
    parts = urlsplit(url)
    return parts.path, {name: values[-1] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}


def key(link: str) -> Key:
    """What makes two links of the service the same: the last part of the path, and the parameters.

    The folder is left aside, since a relative link does not say it.
    """
    try:
        parts = urlsplit(link.strip())
    except ValueError:
        return link, ()
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    return parts.path.rpartition("/")[2], tuple(sorted(pair for pair in pairs if pair[0] != "_ct"))
