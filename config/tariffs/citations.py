"""Where a value was read, as people are told it: a name, an address where there is one, and a day."""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from config.tariffs import Citable, sources

_ADDRESS = re.compile(r"https?://[^\s,\"]+")
_SITE = re.compile(r"https?://(?:www\.)?([^/\s,]+)")
_FIRST = re.compile(r".+?(?= of \d| and |[,:(]|$)")
_LAW = re.compile(r"[LRD]\.?\d")
_TEXTS = ("Code ", "Décret ", "Loi ", "Arrêté ")
"""How laws are named; any other source with an address is named by its site."""
_CODE = "Code de la sécurité sociale"


@dataclass(frozen=True, slots=True)
class Citation:
    """A source."""

    fr: str
    en: str
    """How it is called: a site, a decree, an article; else what it is, in the language."""
    url: str = ""
    since: date | None = None
    """The first day for which it gives the value."""


@lru_cache(maxsize=1024)
def cite(source: str, rule: str = "") -> Citation:
    """What the ``source`` of a step or an entry names: ``KEY`` or ``KEY, DAY``; a text that is no key of the tables'
    sources is its own name. ``rule`` is an article where the source is a law; another rule of a law has no name."""
    key, _, rest = source.partition(", ")
    citable = sources().get(key)
    if citable is None:
        return Citation(source, source)
    fr, en, url = _named(citable)
    if fr == _CODE and rule and not rest:
        if not _LAW.match(rule):
            return Citation("", "")  # a sum of what stands above: no text says it
        fr, en = f"{fr}, {rule}", f"{en}, {rule}"
    return Citation(fr, en, url, _day(rest))


def _named(citable: Citable) -> tuple[str, str, str]:
    address, first = _ADDRESS.search(citable.en), _FIRST.match(citable.en)
    url, name = address[0] if address else "", first[0].strip() if first else citable.en
    if citable.fr:
        return citable.fr, citable.en.partition(";")[0], url
    if url and not name.startswith(_TEXTS):
        site = _SITE.match(url)
        name = site[1] if site else name
    return name, name, url


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
