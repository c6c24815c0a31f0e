"""Which exchanges of a recording are the account's data, and what their addresses may keep."""

import re
from enum import Enum
from urllib.parse import parse_qsl, quote, unquote_plus, urlsplit, urlunsplit

from config.addresses import on_this_machine

DATA_HOST = "assure.ameli.fr"
_IDENTITY_HOSTS = ("ameliconnect.ameli.fr", "fc.assure.ameli.fr", "login.ameli.fr")
_IDENTITY_DOMAIN = ".franceconnect.gouv.fr"
_DATA_PATHS = ("/PortailAS/", "/compte/")
_SIGN_IN_PATHS = ("/compte/redirect_uri", "/oauth2/", "/PortailAS/FranceConnect")
_SIGN_IN_QUERY = {"state", "nonce", "id_token", "access_token", "session_state", "code_challenge"}
_SIGN_IN_LABEL = "as_login_page"
"""A code comes with its ``state``; alone it is an error's."""
_PORTS = {"http": 80, "https": 443}
_SESSION_IN_PATH = re.compile(r";jsessionid=[^/?#]*", re.IGNORECASE)
_TOKEN = "_ct"  # noqa: S105 - the name of a parameter
TOKEN_PATH = "/PortailAS/JavaScriptServlet"  # noqa: S105 - an address


class Place(Enum):
    """Where an exchange took place."""

    DATA = "data"
    LOCAL = "local"
    """A stand-in of the service on this machine: the sandbox, a demo."""
    SIGN_IN = "sign_in"
    TOKEN = "token"  # noqa: S105 - a kind of place
    ELSEWHERE = "elsewhere"


def place(url: str) -> Place:
    """Where ``url`` leads. Only https counts as the real service; never raises."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower().rstrip("."), parts.port
    except ValueError:
        return Place.ELSEWHERE
    if host in _IDENTITY_HOSTS or host.endswith(_IDENTITY_DOMAIN):
        return Place.SIGN_IN
    real = host == DATA_HOST and parts.scheme == "https" and port in (None, 443)
    local = parts.scheme in ("http", "https") and on_this_machine(url)
    if not real and not local:
        return Place.ELSEWHERE
    if _signs_in(parts.path, parts.query):
        return Place.SIGN_IN
    if not parts.path.startswith(_DATA_PATHS):
        return Place.ELSEWHERE
    if parts.path == TOKEN_PATH:
        return Place.TOKEN
    return Place.DATA if real else Place.LOCAL


def _signs_in(path: str, query: str) -> bool:
    if path.startswith(_SIGN_IN_PATHS):
        return True
    pairs = parse_qsl(query, keep_blank_values=True)
    return any(name in _SIGN_IN_QUERY or name.startswith("connexioncompte_2") or value == _SIGN_IN_LABEL
               for name, value in pairs)


def bare(url: str) -> tuple[str, bool]:
    """``url`` without token, session id, credentials, fragment and needless port; and whether a token was in it.

    The rest of the query stays as it is written: references in it are matched to the letter.
    """
    parts = urlsplit(url)
    host = (parts.hostname or "").lower().rstrip(".")
    host = f"[{host}]" if ":" in host else host
    port = "" if parts.port in (None, _PORTS.get(parts.scheme)) else f":{parts.port}"
    pairs = parts.query.split("&") if parts.query else []
    kept = [pair for pair in pairs if unquote_plus(pair.partition("=")[0]).lower() != _TOKEN]
    path = _SESSION_IN_PATH.sub("", parts.path)
    return urlunsplit((parts.scheme, host + port, path, "&".join(kept), "")), len(kept) != len(pairs)


def redirect(link: str) -> str:
    """Where a redirect leads, as far as it may be kept: outside the data, host and path alone."""
    try:
        parts = urlsplit(link)
        if not parts.netloc:
            return "" if _signs_in(parts.path, parts.query) else _SESSION_IN_PATH.sub("", link)
        if place(link) in (Place.DATA, Place.LOCAL):
            return bare(link)[0]
        host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname or ""
        port = "" if parts.port in (None, _PORTS.get(parts.scheme)) else f":{parts.port}"
        return urlunsplit((parts.scheme, host + port, quote(parts.path, safe="/%+"), "", ""))
    except ValueError:
        return ""
