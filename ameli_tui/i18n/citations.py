"""Where the amounts of an explanation come from: a name, a day and a link."""

from __future__ import annotations

from ameli_tui.i18n import day, lang
from config.tariffs.citations import Citation, cite

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from agent.protocol.prices import PriceStep


def source_text(step: PriceStep) -> str:
    """``service-public.fr · 22/12/2024``: where a step's rule or value was read, and from which day it holds."""
    known = cite(step["source"], step["rule"])
    since = day(known.since.isoformat()) if known.since else ""
    return " · ".join(filter(None, [_name(known), since]))


def source_style(step: PriceStep) -> str:
    """The style of that text: muted, and a link where the source has an address."""
    url = cite(step["source"], step["rule"]).url
    return f'$text-muted link="{url}"' if url else "$text-muted"


def addresses(steps: Iterable[PriceStep]) -> list[str]:
    """``name: address`` of the sources that have one, each once."""
    known = [cite(step["source"], step["rule"]) for step in steps]
    named = {one.url: f"{_name(one)}{_COLON[lang()]} {one.url}" for one in known if one.url}
    return [*named.values()]


_COLON = {"fr": "\u202f:", "en": ":"}


def _name(known: Citation) -> str:
    return known.fr if lang() == "fr" else known.en
