"""Addresses: hosts, paths and parameter names tell where a page is; parameter values tell of a person."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote, urlsplit

from agent.files.anonymise.pseudonyms import Disguise
from agent.files.anonymise.tokens import mask
from agent.files.anonymise.vocabulary import CAPITALS

_HOSTS = re.compile(r"(?:[a-z0-9-]+\.)*(?:ameli|gouv)\.fr|localhost|127\.0\.0\.1")
_OTHER_HOST = "hote.invalid"
_IDENTIFIER = re.compile(
    r"[a-z][a-z0-9]{0,2}(?:[-_.]?[a-z]{2,}\d?){0,8}|[a-z]+_\d_?[A-Za-z_]+"
    r"|[A-Za-z_]*[a-z][A-Z][A-Za-z_]*|[A-Z]{2,}[a-z]+[A-Za-z]*")
"""``releves-mensuels``, ``PortailAS``, ``JavaScriptServlet``; neither ``Durand`` nor ``DURAND``."""
_PROGRAM = re.compile(r"[\w-]{1,60}\.(?:do|dopdf|js|css|html|portal|json)")
_VALUE = re.compile(
    r"[a-z]+(?:_[a-z0-9]+)+|true|false|on|off|afficher[A-Za-z]*|charger[A-Za-z]*|tout_selectionner|Rechercher")
"""Parameters' values of the service's own: page labels and what to do."""


def mask_address(address: str, disguise: Disguise) -> str:
    """Keep scheme, known hosts, paths made of identifiers and the parameters' names."""
    address = address.strip()
    if address.startswith(("javascript:", "data:", "mailto:", "tel:")):
        scheme, _, rest = address.partition(":")
        return f"{scheme}:{mask(rest[:200], disguise, keep_numbers=True)}"
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return mask(address, disguise)
    start = ""
    if parts.netloc:
        kept = host if _HOSTS.fullmatch(host) else _OTHER_HOST
        start = f"{parts.scheme + ':' if parts.scheme else ''}//{kept}{f':{port}' if port else ''}"
    path = "/".join(_segment(piece, disguise) for piece in parts.path.split("/"))
    query = "&".join(_pair(pair, disguise) for pair in parts.query.split("&")) if parts.query else ""
    fragment = f"#{_segment(parts.fragment, disguise)}" if parts.fragment else ""
    return f"{start}{path}{'?' + query if query else ''}{fragment}"


def _segment(piece: str, disguise: Disguise) -> str:
    plain = unquote(piece).partition(";")[0]  # ";jsessionid=" is a credential
    if not plain or plain in CAPITALS or _PROGRAM.fullmatch(plain) or _IDENTIFIER.fullmatch(plain):
        return quote(plain, safe="-_.~$")
    return quote(mask(plain, disguise), safe="-_.~#$")


def _pair(pair: str, disguise: Disguise) -> str:
    name, equals, value = pair.partition("=")
    plain = unquote(value)
    if "_ct" in name.lower() or not _VALUE.fullmatch(plain):
        plain = mask(plain, disguise)
    return f"{_segment(name, disguise)}{equals}{quote(plain, safe='-_.~/')}"
